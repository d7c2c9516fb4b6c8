"""Conveyances recorded at the US office: pledges, releases and assignments, in all its formats."""
