"""Synthetic events: deterministic in seed and count, in every situation of a life. Nothing here is real."""
