"""Reference data and offices' own counts: rates, populations, statistical tables."""
