"""Audit: proof that a book is what the log says: replay, verify, compare."""
