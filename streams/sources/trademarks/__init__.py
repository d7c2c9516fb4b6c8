"""Trademarks, as offices publish them."""
