"""Maintenance fees of US patents, as the office publishes what happened to them."""
