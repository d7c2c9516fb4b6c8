"""Audit: replay, verify, compare; proof that a book follows from the log."""
