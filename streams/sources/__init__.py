"""Import office files as events."""
