"""`dragoman listing export|audit|accept`: files for channels, live listings checked again, and who signed what off."""
