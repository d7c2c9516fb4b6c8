"""Trademarks from offices' files."""
