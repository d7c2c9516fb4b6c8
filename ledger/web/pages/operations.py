"""Operations: position, lag, freshness, and the outcome of every offset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledger import queries
from ledger.queries import Book
from ledger.queries.status import Status, status
from ledger.web.metrics import BROKER_SECONDS, OUTCOME_NAMES
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.overview import newest_table
from ledger.web.pages.parts import (
    Block,
    FactList,
    FigureCard,
    HeaderCell,
    KeyFigures,
    Link,
    Notice,
    Table,
    TableCell,
    WebPage,
)
from ledger.web.pages.tables import saves, table
from ledger.web.pages.translator import Translator

FRESH_SECONDS = 60.0


def operations(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the state of the book; `ip-ledger status` adds the end of the log."""
    found = status(book)
    sums: dict[str, int] = defaultdict(int)
    for row in found.partitions:
        sums["offsets"] += row["next"] - row["first"]
        for name in OUTCOME_NAMES:
            sums[name] += row[name]
    return WebPage(
        name="operations",
        title=t("Operations"),
        lede=t(
            "Every offset of the log has exactly one outcome, and every figure cites the position that it stands on."
        ),
        blocks=[
            KeyFigures(id="figures", title=t("Now"), figures=_now(at, t, found.age_seconds, sums)),
            *_lag(t, slow),
            _equation(t, sums, found.balanced),
            _facts(book, t, found),
            _partitions(at, t, found.partitions),
            slow.block("integrity", t("What is in no figure"), lambda book: _integrity(book, at, t), span=7),
            newest_table(book, at, t, span=5, most=20),
        ],
        live=True,
    )


def _now(at: Address, t: Translator, age: float | None, sums: dict[str, int]) -> list[FigureCard]:
    fresh = "–" if age is None else t.span(age)
    refused = sums["rejected"] + sums["conflict"]
    return [
        FigureCard(
            t("Offsets in the book"),
            t.number(sums["offsets"]),
            detail=t("{count} accepted", count=t.number(sums["accepted"])),
        ),
        FigureCard(
            t("Newest record"),
            fresh,
            detail=t("since the broker took it") if age is not None else t("the book is empty"),
            tone="good" if age is not None and age <= FRESH_SECONDS else "",
        ),
        FigureCard(
            t("Refused"),
            t.number(refused),
            detail=t("conflicts: {count}", count=t.number(sums["conflict"])),
            href=at.link("/rejections"),
            tone="bad" if refused else "good",
        ),
        FigureCard(
            t("Duplicates ignored"), t.number(sums["duplicate"]), detail=t("gaps: {count}", count=t.number(sums["gap"]))
        ),
    ]


def _lag(t: Translator, slow: Slow) -> list[Block]:
    """Return how far the book is behind the log, seen in the background; nothing without a cluster."""
    if slow.cluster is None:
        return []
    cluster = replace(slow.cluster, timeout=BROKER_SECONDS)

    def look(book: Book) -> Block:
        return lag_notice(status(book, cluster, lambda reason: None).partitions, t)

    return [slow.block("lag", t("Lag"), look)]


def lag_notice(partitions: Sequence[Mapping[str, Any]], t: Translator) -> Notice:
    """Return how many records of the log the book does not have."""
    known = [row for row in partitions if row["lag"] is not None]
    if len(known) < len(partitions):
        step = t("The brokers do not answer: `ip-ledger doctor` finds the reason.")
        return Notice(id="lag", title=t("Lag"), tone="warn", text=t("The end of the log is not known."), step=step)
    lag, waiting = sum(row["lag"] for row in known), sum(row["waiting"] for row in known)
    if not lag:
        return Notice(id="lag", title=t("Lag"), tone="good", text=t("The book has every record of the log."))
    return Notice(
        id="lag",
        title=t("Lag"),
        tone="warn",
        text=t("{count} records of the log are not in the book yet.", count=t.number(lag)),
        step=t("{count} of them wait behind an open transaction.", count=t.number(waiting))
        if waiting
        else t("If this lasts, the worker has stopped: `ip-ledger status` and its log say why."),
    )


def _equation(t: Translator, sums: dict[str, int], balanced: bool) -> Block:
    left = t.number(sums["offsets"])
    right = " + ".join(f"{t.number(sums[name])} {labels.value(name, t)}" for name in OUTCOME_NAMES)
    return Notice(
        id="equation",
        title=t("The equation of outcomes"),
        note=t("next − first = accepted + duplicate + conflict + rejected + gap, in every partition."),
        tone="good" if balanced else "bad",
        text=f"{left} = {right}" if balanced else t("It does not hold. Run `ip-ledger doctor`."),
        span=7,
    )


def _facts(book: Book, t: Translator, found: Status) -> Block:
    return FactList(
        id="book",
        title=t("Book"),
        span=5,
        facts=[
            (t("Fold version"), TableCell(str(book.fold_version))),
            (t("Industry map"), TableCell(book.meta["industry_map"])),
            (t("Book id"), TableCell(book.id, code=True)),
            (t("Write-ahead log"), TableCell(t("{count} bytes", count=t.number(found.wal_bytes)))),
            (t("Verified"), _verified(t, found)),
        ],
    )


def _verified(t: Translator, found: Status) -> TableCell:
    """Return how long ago the book was compared with the log, and what came since."""
    verified = found.verified
    if verified is None:
        return TableCell(t("not yet: `ip-ledger verify`"), tone="bad")
    span, since = t.span(verified["age_seconds"]), t.number(verified["offsets_since"])
    if verified["checkpoint"] is None:
        return TableCell(t("{span} ago; {count} offsets since", span=span, count=since))
    statement = str(verified["checkpoint"])
    return TableCell(
        t("{span} ago, with statement {number}; {count} offsets since", span=span, number=statement, count=since)
    )


def _partitions(at: Address, t: Translator, partitions: list[dict[str, int]]) -> Table:
    heads = [
        HeaderCell(t("Topic")),
        HeaderCell(t("Partition"), True),
        HeaderCell(t("First"), True),
        HeaderCell(t("Next"), True),
    ]
    heads += [HeaderCell(labels.value(name, t), True) for name in OUTCOME_NAMES]
    return Table(
        id="partitions",
        title=t("Partitions"),
        heads=heads,
        rows=[
            [
                TableCell(str(row["topic"]), code=True),
                TableCell(str(row["partition"])),
                *(
                    TableCell(t.number(row[name]), tone="" if row[name] else "quiet")
                    for name in ("first", "next", *OUTCOME_NAMES)
                ),
            ]
            for row in partitions
        ],
        link=Link("ip-ledger status", "/api/v1/status"),
        saves=saves(at, "views/positions"),
    )


def _integrity(book: Book, at: Address, t: Translator) -> Block:
    answer = queries.view(book, "integrity", limit=60)
    return table(
        answer,
        ["topic", "finding", "basis", "detail", "count"],
        at,
        t,
        id="integrity",
        title=t("What is in no figure"),
        note=t("Or in another figure than at first, by topic. What does not occur has no row."),
        span=7,
        empty=t("Every record is in the figures."),
        saves=saves(at, "views/integrity"),
    )
