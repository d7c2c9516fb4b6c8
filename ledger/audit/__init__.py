"""Audit: the log read again, a second book made from it, and the two held against each other."""
