"""The revisions, oldest first. Write one by `make revision WHAT="orders have a colour"`."""
