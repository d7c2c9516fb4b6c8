"""Figures: what others published, measured again from the book and compared with it."""
