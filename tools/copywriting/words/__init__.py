"""The words of campaigns, a file a language."""
