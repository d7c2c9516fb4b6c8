"""Proof: what the ledger signs about a book, and what shows that a figure, a record or a head belongs to it."""
