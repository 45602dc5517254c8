"""What stands between shoppers, tools, models and what is shown: one guard a file, named for what it does."""
