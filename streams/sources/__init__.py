"""Office files to events."""
