"""Totals carried forward: what the postings of a partition add up to at every CARRY offsets.

A total at a past position is the last one carried forward plus the postings since, so it costs the same in a book of
any age. See docs/decisions/0022-as-known-then.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.posting.cells import BLOCK, LOW, Basis

CARRY = 8 * BLOCK
"""Offsets of a partition between two sums: whole blocks of postings."""
CELL = ("kind", "industry", "region", '"right"', "currency", "year")
"""The key of a total."""
SIDES = {"recorded": Basis.RECORDED, "corrected": Basis.CORRECTED}
_MEASURES = ("events", "with_amount", "high", "low")
_NAMED = tuple(f"{side}_{measure}" for side in SIDES for measure in _MEASURES)
"""The measures of a total, in their order in its table."""


def sums_of(measures: Sequence[str]) -> list[str]:
    """Return the sums of these measures. Of an amount, high * 10^12 + low, the lows are carried over."""
    sums = []
    for name in measures:
        if name.endswith("_high"):
            low = name.removesuffix("_high") + "_low"
            sums.append(f"sum({name}) + sum({low}) / {LOW} AS {name}")
        elif name.endswith("_low"):
            sums.append(f"sum({name}) % {LOW} AS {name}")
        else:
            sums.append(f"sum({name}) AS {name}")
    return sums


def carried_lines(carried: str, posted: str) -> str:
    """Return the SQL of rows that add up to totals: `c` of `carried` and `p` of `posting`, two FROM clauses."""
    of_carried = ", ".join(f"c.{name}" for name in (*CELL, *_NAMED))
    cell = ("p.date / 10000 AS year" if name == "year" else f"p.{name}" for name in CELL)
    measures = (
        f"iif(p.basis & {bit}, p.{measure}, 0) AS {side}_{measure}"
        for side, bit in SIDES.items()
        for measure in _MEASURES
    )
    return f"SELECT {of_carried} FROM {carried}\nUNION ALL\nSELECT {', '.join((*cell, *measures))} FROM {posted}"


def added_up(rows: str) -> str:
    """Return the SQL of the totals that such rows add up to."""
    keys = ", ".join(CELL)
    return f"""SELECT {keys}, {", ".join(_NAMED)} FROM (
  SELECT {keys}, {", ".join(sums_of(_NAMED))} FROM {rows} GROUP BY {keys}
) WHERE {" OR ".join(_NAMED)}"""


_LINES = carried_lines(
    'carried AS c WHERE c.topic = :topic AND c.partition = :partition AND c."offset" = :last',
    "posting AS p WHERE p.topic = :topic AND p.partition = :partition"
    f" AND p.block >= :last / {BLOCK} AND p.block < :next / {BLOCK}",
)
_CARRY_FORWARD = f"INSERT INTO carried SELECT :topic, :partition, :next, * FROM ({added_up(f'({_LINES})')})"


def carry_forward(connection: Any, topic: int, partition: int, start: int, end: int) -> None:
    """Write the sums at each multiple of CARRY in (start, end], after the postings of [start, end)."""
    for following in range(start // CARRY * CARRY + CARRY, end + 1, CARRY):
        values = {"topic": topic, "partition": partition, "last": following - CARRY, "next": following}
        connection.execute(_CARRY_FORWARD, values)
