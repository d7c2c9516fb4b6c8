"""Queries: the questions that a book answers. They know no terminal and start no broker."""
