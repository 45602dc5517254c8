"""Words for states, deeds and promises, a file a language."""
