"""Commands that lead from figures to events and back: diff, trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import open_book, require_running_cluster
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import COLUMNS_OPTION, LIMIT_OPTION, SORT, Printer, in_formats, listed_names
from ledger.commands.messages import counted, echo_err
from ledger.commands.moments import moment_option
from ledger.commands.reading import (
    AT_OPTION,
    FILTERS,
    INDUSTRY_OPTION,
    KIND_OPTION,
    RECORDED,
    REGION,
    RIGHT,
    YEAR,
    basis_of,
    choice_of,
)
from ledger.place import spell_out

if TYPE_CHECKING:
    from ledger.book.book import Book
    from ledger.queries.answer import Answer
    from ledger.queries.trace import Trace

_PUBLISHED = ("ip.reference.published_figure.v1", "ip.reference.published_figure.corrected.v1")
"""Types of events whose figure is compared."""

_UNITS = {"year": "year"} | dict.fromkeys(
    ("amount_before", "amount_after", "amount_moved", "added_amount", "amount"), "decimal text"
)
_AT_A_GLANCE = ("kind", "industry", "year", "currency", "events_moved", "amount_before", "amount_after", "amount_moved")
_OF_EVENTS = (
    *("topic", "partition", "offset", "when", "source", "type", "target", "reason"),
    *("kind", "industry", "year", "events", "amount", "currency"),
)
"""Columns that a table has, of totals and of events."""
_MAIN = (
    "place",
    "bytes",
    "amount",
    "currency",
    "source",
    "reason",
    "type",
    "target",
    "map",
    "revisions",
    "date",
    "events",
)
"""Columns of records and events that stay where a table is narrow, in this order."""


_SINCE = Annotated[
    str,
    typer.Argument(
        metavar="SINCE", callback=moment_option, help="A position, a day, a time in UTC, `checkpoint:N`, or `start`."
    ),
]
_UNTIL = Annotated[str, typer.Argument(metavar="UNTIL", callback=moment_option, help="A later one, or `now`.")]

_LONGEST = 60
"""Characters of a position in a title: that of many partitions is longer."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("diff")(diff_command)
    app.command("trace")(trace_command)


@in_formats(cites=True, asks=True)
def diff_command(
    since: _SINCE,
    until: _UNTIL,
    filters: FILTERS = None,
    events: Annotated[bool, typer.Option("--events", help="Show the events that moved the totals.")] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="With --events: read the reasons of revisions from the log.")
    ] = False,
    kind: KIND_OPTION = None,
    industry: INDUSTRY_OPTION = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    recorded: RECORDED = False,
    columns: COLUMNS_OPTION = "",
    sort: SORT = "",
    limit: LIMIT_OPTION = None,
    *,
    printer: Printer,
) -> None:
    """Show which totals moved between two positions or times. With `--events`: the events that moved them, by whom,
    when, and for which reason.

    Examples:
      ip-ledger diff 2024-06-30 2024-12-31 --kind pledges
      ip-ledger diff 2024-06-30 now industry=AI year=2023 --events --reasons
    """
    from ledger.book.known import as_known
    from ledger.queries.moved import moved, moved_by

    equal = {"kind": kind, "industry": industry, "year": year, "region": region, "right": right}
    choice = choice_of(equal, [], filters, "" if reasons else columns, sort, limit)
    with open_book() as opened:
        book, ask = as_known(opened, until), moved_by if events else moved
        answer = ask(book, since, basis=basis_of(recorded), **choice)
        rows = answer.shown_as_dicts()
        if reasons and events:
            _add_reasons(opened, rows)
    title = f"{'Moved by' if events else 'Moved'}, {answer.basis}: {_brief(since)} to {_brief(until)}"
    shown = [*spell_out(listed_names(columns), answer.names)] or answer.names
    if reasons and events and "reason" not in shown:
        shown = [*shown, "reason"]
    _print_moved(printer, answer, rows, title, shown, events=events, chosen_columns=bool(columns))


def _print_moved(
    printer: Printer,
    answer: Answer,
    rows: list[dict[str, Any]],
    title: str,
    shown: list[str],
    *,
    events: bool,
    chosen_columns: bool,
) -> None:
    from ledger.commands.showing import time_text

    whole = {**answer.as_json(), "rows": rows}
    if printer.is_table and not chosen_columns:
        shown = [name for name in (_OF_EVENTS if events else _AT_A_GLANCE) if name in (*shown, "when")]
        if events:
            rows = [{**row, "when": time_text(row["broker_timestamp"])} for row in rows]
    main = ("industry", *_MAIN) if events else ()
    printer.write(Sheet(rows, whole, title, shown, _UNITS, all_columns=chosen_columns, main=main))
    if not printer.is_json:
        echo_err(f"{counted(len(rows), 'line', 'lines')} moved them" if events else _summary(rows))
    printer.cite(answer.position, answer.age_seconds)


def _brief(moment_asked: str) -> str:
    return moment_asked if len(moment_asked) <= _LONGEST else "a position"


def _summary(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "nothing moved"
    return f"{counted(len(rows), 'total', 'totals')} moved; --events shows by which events"


def _add_reasons(book: Book, rows: list[dict[str, Any]]) -> None:
    """Add the reason of each correction and void, from the log. Raise NoBroker, ValueGone, OtherLog."""
    from ledger.audit.reread import reasons_at
    from ledger.queries.show import Place

    places = [Place(row["topic"], row["partition"], row["offset"]) for row in rows if row["restated"]]
    found = reasons_at(book, require_running_cluster(), places)
    for row in rows:
        row["reason"] = found.get(Place(row["topic"], row["partition"], row["offset"]))


@in_formats(cites=True, asks=True, json="Print JSON, with everything that was found.")
def trace_command(
    asked: Annotated[
        str | None, typer.Argument(metavar="ID|TOPIC:PARTITION=OFFSET", help="A record; without it a figure.")
    ] = None,
    kind: KIND_OPTION = None,
    industry: INDUSTRY_OPTION = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    currency: Annotated[str | None, typer.Option(help="A currency of ISO 4217.")] = None,
    at: AT_OPTION = None,
    recorded: RECORDED = False,
    offline: Annotated[bool, typer.Option("--offline", help="Only what the book has; needs no broker.")] = False,
    *,
    printer: Printer,
) -> None:
    """Trace a figure to its records, or a record to the figures that it moved. The bytes of each record are read from
    the log again and compared with the hash in the book. Exit code 1 if they differ or are gone.

    Examples:
      ip-ledger trace --kind pledges --industry AI --year 2023
      ip-ledger trace ip.pledge.v1:0=17 --json
    """
    from ledger.audit.reread import ERASED, SAME, with_bytes
    from ledger.book.known import as_known
    from ledger.queries.trace import trace_figure, trace_record

    equal = {"kind": kind, "industry": industry, "year": year, "region": region, "right": right, "currency": currency}
    choice = choice_of(equal, [], None, "", "", printer.limit)
    basis = basis_of(recorded)
    with open_book() as opened:
        book = as_known(opened, at)
        found = trace_record(book, asked, basis=basis) if asked else trace_figure(book, basis=basis, **choice)
        if not offline:
            cluster = require_running_cluster()
            found = replace(found, records=with_bytes(opened, cluster, found.records))
        published = [*_published(opened, found.records, basis)]
    if printer.is_table:
        _print_figures(found, published)
    whole = {**found.as_json(), "published": published}
    rows = [_in_cells(record) for record in found.records]
    shown = [name for name in _OF_RECORDS if rows and name in rows[0]] if printer.is_table else ()
    printer.write(Sheet(rows, whole, f"Records, {basis}", shown, _UNITS, key="records", main=_MAIN))
    if not printer.is_json and found.more:
        echo_err(f"the first {len(rows):,} lines; --limit shows more")
    printer.cite(found.state.position, found.state.age_seconds)
    verdicts = {record["bytes"]["verdict"] for record in found.records if "bytes" in record}
    raise typer.Exit(Exit.FINE if verdicts <= {SAME, ERASED} else Exit.DIFFERENT)


_OF_RECORDS = (
    *("place", "date", "source", "type", "subject", "outcome", "events", "amount", "currency"),
    *("bytes", "map", "revisions", "reason"),
)
_OF_FIGURES = (
    *("kind", "industry", "year", "currency", "added_events", "added_amount", "events", "with_amount", "amount"),
)


def _print_figures(found: Trace, published: list[dict[str, Any]]) -> None:
    title = f"Figure: {found.asked}" if found.figures and "place" not in found.figures[0] else "Figures that it moved"
    print_table(
        found.figures, title, [name for name in _OF_FIGURES if any(name in row for row in found.figures)], _UNITS
    )
    if published:
        print_table(published, "Published figure", ("figure", "verdict", "published", "exact", "difference"), _UNITS)


def _in_cells(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as a row: lists and objects as short texts."""
    cells = {name: value for name, value in record.items() if not isinstance(value, list | dict)}
    cells["revisions"] = " ".join(one["place"] for one in record["revisions"]) or None
    if "bytes" in record:
        cells["bytes"] = record["bytes"]["verdict"]
        rules = dict.fromkeys(f"{one['symbol']}->{one['industry']}" for one in record["map"])
        cells["map"] = " ".join(rules) or None
    return cells


def _published(book: Book, records: list[dict[str, Any]], basis: str) -> Iterator[dict[str, Any]]:
    """Yield the comparison of each record that is a published figure, with its inputs: rates, populations, sums."""
    from ledger.figures.reconcile import compared

    for subject in dict.fromkeys(record["subject"] for record in records if record["type"] in _PUBLISHED):
        yield from (row for row in compared(book, basis, subject).rows if row["subject"] == subject)
