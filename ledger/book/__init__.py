"""The book: one SQLite file, written by one sink, read by anybody."""
