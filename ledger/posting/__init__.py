"""Posting: an entity's events -> what it contributes to totals. Pure: no I/O, no clock, no randomness."""
