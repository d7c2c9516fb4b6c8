"""SQL for several amounts in one row: each is two columns, `<name>_high` and `<name>_low`, so that no sum overflows."""

from __future__ import annotations

from ledger.posting.cells import LOW
from ledger.views.view import Column, decimal_amount, minor_amount


def money(name: str, decimals: str = "decimals") -> str:
    """SQL: an amount in halves as a decimal text and as minor units; null where it is."""
    columns = (f"{name}_high", f"{name}_low", f"iif({name}_high IS NULL, NULL, {decimals})")
    return f"{decimal_amount(*columns)} AS {name}, {minor_amount(*columns)} AS {name}_minor"


def money_columns(name: str, meaning: str) -> tuple[Column, Column]:
    """The columns that `money` shows."""
    return amount_columns(name, meaning, form=False)


def amount_columns(
    name: str, meaning: str, decimals: str = "decimals", raw: str = "", *, form: bool = True
) -> tuple[Column, Column]:
    """Return the two columns of an amount: as a decimal text, and in minor units."""
    forms = ("money", "minor") if form else ("", "")
    small = "the same as an integer (a text of digits beyond 64 bits)"
    return (
        Column(name, "decimal text", meaning, forms[0], raw or name, decimals),
        Column(f"{name}_minor", "minor units", small, forms[1], raw or name, decimals),
    )


def halves(name: str, minor: str) -> str:
    """SQL: one amount, not negative, in halves."""
    return f"{minor} / {LOW} AS {name}_high, {minor} % {LOW} AS {name}_low"


def added(name: str, minor: str) -> str:
    """SQL: the sum of amounts in minor units, in halves; null where there is none."""
    low = f"((({minor}) % {LOW} + {LOW}) % {LOW})"  # not negative, also of a negative amount
    return f"""sum((({minor}) - {low}) / {LOW}) + sum({low}) / {LOW} AS {name}_high,
    sum({low}) % {LOW} AS {name}_low"""


def added_up(name: str) -> str:
    """SQL: the sum of amounts in halves, in halves under the same name; null where there is none."""
    return f"""sum({name}_high) + sum({name}_low) / {LOW} AS {name}_high, sum({name}_low) % {LOW} AS {name}_low"""


def real(name: str) -> str:
    """SQL: an amount in halves as a REAL, for ratios."""
    return f"({name}_high * {LOW}.0 + {name}_low)"
