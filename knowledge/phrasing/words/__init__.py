"""How listings are worded, a file a language."""
