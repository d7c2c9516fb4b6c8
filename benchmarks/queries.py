"""Queries of totals, and books with as many totals as ten million events would give."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.book.connection import open_for_writing, transaction
from ledger.queries.totals import totals


class TotalsQuestion(NamedTuple):
    """Arguments of `totals`."""

    kind: str | None = None
    by: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    basis: str = "corrected"


QUESTIONS = (
    TotalsQuestion(),
    TotalsQuestion(by=("year",)),
    TotalsQuestion(by=("industry",)),
    TotalsQuestion(by=("region",)),
    TotalsQuestion(by=("right",)),
    TotalsQuestion("grants", by=("industry", "year")),
    TotalsQuestion("pledges", by=("industry", "year")),
    TotalsQuestion("pledges", by=("industry", "year"), filters=("region=CN-SH",)),
    TotalsQuestion("pledges", by=("region",), filters=("year=2023",)),
    TotalsQuestion("pledges", by=("year",), filters=("industry=AI",)),
    TotalsQuestion(
        "grants",
        by=("year",),
        filters=(
            "industry=AI",
            "region=CN-SH",
        ),
    ),
    TotalsQuestion(by=("industry",), filters=("year=2024",)),
    TotalsQuestion(
        by=("year",),
        filters=(
            "region=CN-SH",
            "right=invention",
        ),
    ),
    TotalsQuestion("pledge_changes", by=("industry",), basis="recorded", filters=("year=2022",)),
    TotalsQuestion("pledge_cancellations", by=("year", "right"), filters=("region=US-CA",)),
    TotalsQuestion(
        filters=(
            "year=2024",
            "region=CN-BJ",
        )
    ),
)
"""The measured queries of `ip-ledger totals`: by industry and year, one industry, one region, one year."""


def times(path: Path, rounds: int) -> dict[TotalsQuestion, list[float]]:
    """Return the seconds of each answer, asked in turn over one open book, as a server does."""
    seconds: dict[TotalsQuestion, list[float]] = {question: [] for question in QUESTIONS}
    with Book(path) as book:
        for _ in range(rounds):
            for question in QUESTIONS:
                began = perf_counter()
                totals(book, question.kind, question.by, basis=question.basis, filters=question.filters)
                seconds[question].append(perf_counter() - began)
    return seconds


def fill(source: Path, target: Path) -> int:
    """Copy a book and add every total that more events of its kind could give; return the number of totals.

    A total is a cell of kind, year, region, right, industry and currency. Ten million events reach no more cells than
    the combinations found in one million: kinds with years with regions, and the triples of right, industry and
    currency of a kind.
    """
    shutil.copyfile(source, target)
    connection: Any = open_for_writing(target).conn
    try:
        return _fill(connection)
    finally:
        connection.close()


def _fill(connection: Any) -> int:
    def distinct(columns: str, kind: int) -> list[tuple[Any, ...]]:
        rows = connection.execute(f"SELECT DISTINCT {columns} FROM total WHERE kind = ?", (kind,))
        return list(rows)

    columns = len(connection.execute("SELECT * FROM total LIMIT 1").description)
    insert = f"INSERT OR IGNORE INTO total VALUES ({', '.join('?' * columns)})"
    with transaction(connection):
        for (kind,) in connection.execute("SELECT DISTINCT kind FROM total").fetchall():
            years, regions = distinct("year", kind), distinct("region", kind)
            rests = distinct('"right", industry, currency', kind)
            side = (1, 1, 0, 100)
            connection.executemany(
                insert,
                [(kind, *year, *region, *rest, *side, *side) for year, region, rest in product(years, regions, rests)],
            )
    ((count,),) = connection.execute("SELECT count(*) FROM total")
    return int(count)


def options(question: TotalsQuestion) -> str:
    """Return the question as options of `ip-ledger totals`."""
    given = {name: value for name, value in question._asdict().items() if value and name in ("kind", "by")}
    filters = " ".join([*question.filters, *["--recorded"] * (question.basis == "recorded")])
    grouped = " ".join(f"--{name} {','.join(value) if name == 'by' else value}" for name, value in given.items())
    return f"{grouped} {filters}".strip() or "all"
