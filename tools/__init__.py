"""What the assistant can do: one capability a file; capabilities do not know each other."""
