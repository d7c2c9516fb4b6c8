"""The ledger: posting, the book, views, queries, figures, audit, commands."""
