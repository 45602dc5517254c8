"""The marketer's side of the server."""
