"""A second, slow ledger that shares no code with the first: what a book must hold, computed from the whole log."""
