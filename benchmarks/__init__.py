"""What the product measures side by side in one run; nothing here is a test."""
