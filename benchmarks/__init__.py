"""Benchmarks of the worker and its peers in the same run: `make bench`. docs/speed.md explains what is measured."""
