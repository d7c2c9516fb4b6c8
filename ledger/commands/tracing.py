"""Commands that lead from figures to events and back: diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import the_book, the_running_cluster
from ledger.commands.formats import Sheet
from ledger.commands.formatted import COLUMNS, LIMIT, SORT, Printer, in_formats
from ledger.commands.reading import FILTERS, INDUSTRY, RECORDED, REGION, RIGHT, YEAR, basis_of, choice_of
from ledger.commands.talk import counted, talk

if TYPE_CHECKING:
    from ledger.book.book import Book

_UNITS = {"year": "year"} | dict.fromkeys(("amount_before", "amount_after", "amount_moved", "amount"), "decimal text")
_AT_A_GLANCE = ("kind", "industry", "year", "currency", "events_moved", "amount_before", "amount_after", "amount_moved")
_OF_EVENTS = (
    *("topic", "partition", "offset", "broker_timestamp", "source", "type", "target", "reason"),
    *("kind", "industry", "year", "events", "amount", "currency"),
)
"""Columns that a table has, of totals and of events."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("diff")(diff_command)


@in_formats(cites=True, asks=True)
def diff_command(
    since: Annotated[str, typer.Argument(metavar="SINCE", help="A position, a day, a time in UTC, or `start`.")],
    until: Annotated[str, typer.Argument(metavar="UNTIL", help="A later one, or `now`.")],
    filters: FILTERS = None,
    events: Annotated[bool, typer.Option("--events", help="Show the events that moved the totals.")] = False,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="With --events: read the reasons of revisions from the log.")
    ] = False,
    kind: Annotated[str | None, typer.Option(help="grants, pledges, valuations, ...: see the glossary.")] = None,
    industry: INDUSTRY = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    recorded: RECORDED = False,
    columns: COLUMNS = "",
    sort: SORT = "",
    limit: LIMIT = None,
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
    choice = choice_of(equal, [], filters, columns, sort, limit)
    with the_book() as opened:
        book, ask = as_known(opened, until), moved_by if events else moved
        answer = ask(book, since, basis=basis_of(recorded), **choice)
        rows = answer.shown_as_dicts()
        if events and reasons:
            _add_reasons(opened, rows)
    shown = [*answer.names, *(["reason"] if events and reasons else [])]
    if printer.is_table and not columns:
        at_a_glance = _OF_EVENTS if events else _AT_A_GLANCE
        shown = [name for name in at_a_glance if name in shown]
    whole = {**answer.as_json(), "rows": rows}
    title = f"{'Moved by' if events else 'Moved'}, {answer.basis}: {since} to {until}"
    printer.write(Sheet(rows, whole, title, shown, _UNITS, all_columns=bool(columns)))
    if not printer.is_json:
        talk(f"{counted(len(rows), 'line', 'lines')} moved them" if events else _summary(rows))
    printer.cite(answer.position, answer.age_seconds)


def _summary(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "nothing moved"
    return f"{counted(len(rows), 'total', 'totals')} moved; --events shows by which events"


def _add_reasons(book: Book, rows: list[dict[str, Any]]) -> None:
    """Add the reason of each correction and void, from the log. Raise NoBroker, ValueGone, OtherLog."""
    from ledger.audit.reread import reasons_at
    from ledger.queries.show import Place

    places = [Place(row["topic"], row["partition"], row["offset"]) for row in rows if row["restated"]]
    found = reasons_at(book, the_running_cluster(), places)
    for row in rows:
        row["reason"] = found.get(Place(row["topic"], row["partition"], row["offset"]))
