"""Posting: from an entity's events to its contribution to totals. Pure: no I/O, no clock, no randomness."""
