"""Several amounts in one row: each is two columns, `<name>_high` and `<name>_low`, so that no sum overflows."""

from __future__ import annotations

from ledger.views.view import Column


def amount_columns(name: str, meaning: str, decimals: str = "decimals", raw: str = "") -> tuple[Column, Column]:
    """Return the two columns of an amount: as a decimal text, and in minor units."""
    small = "the same as an integer (a text of digits beyond 64 bits)"
    return (
        Column(name, "decimal text", meaning, "money", raw or name, decimals),
        Column(f"{name}_minor", "minor units", small, "minor", raw or name, decimals),
    )
