"""Long work at catalogue size: many items, each done and paid for once, whatever happens in between."""
