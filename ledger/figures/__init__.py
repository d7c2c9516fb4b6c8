"""Published figures of others, measured from the book and compared."""
