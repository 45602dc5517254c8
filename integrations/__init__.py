"""The outside world: entry points, settings, storage, shops, models and channels."""
