"""Conveyances recorded at the US office: pledges, their releases, and assignments, from all its formats."""
