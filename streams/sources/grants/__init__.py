"""Grants of the US office, in all formats of their publication."""
