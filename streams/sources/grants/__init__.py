"""Grants of the US office, in all formats that it has published them in."""
