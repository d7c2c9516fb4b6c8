"""Valuations of a book: evidence before a position, answers to requests, and their proof. Reads the book only."""
