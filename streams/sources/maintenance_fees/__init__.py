"""Maintenance fees of US patents, from the office's file of events."""
