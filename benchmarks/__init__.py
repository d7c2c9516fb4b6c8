"""How fast the worker is, against its peers in the same run: `make bench`. What is measured and how: docs/speed.md."""
