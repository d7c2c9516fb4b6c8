"""SQL for several amounts in one row: each is two columns, `<name>_high` and `<name>_low`, so that no sum overflows."""

from __future__ import annotations

import re

from ledger.posting.cells import LOW
from ledger.views.view import AMOUNT, AMOUNT_MINOR, Column


def money(name: str, decimals: str = "decimals") -> str:
    """SQL: an amount in halves as a decimal text and as minor units; null where it is."""
    columns = {"high": f"{name}_high", "low": f"{name}_low", "decimals": f"iif({name}_high IS NULL, NULL, {decimals})"}
    text, minor = (
        re.sub(r"\b(high|low|decimals)\b", lambda word: columns[word[0]], sql) for sql in (AMOUNT, AMOUNT_MINOR)
    )
    return f"{text} AS {name}, {minor} AS {name}_minor"


def money_columns(name: str, meaning: str) -> tuple[Column, Column]:
    """The columns that `money` shows."""
    return (
        Column(name, "decimal text", meaning),
        Column(f"{name}_minor", "minor units", "the same as an integer (a text of digits beyond 64 bits)"),
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
