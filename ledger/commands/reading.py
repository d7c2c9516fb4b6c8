"""For whoever reads figures: totals, views, status. Each figure cites its position."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import running_cluster, settings, the_book
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Format, Sheet
from ledger.commands.formats.json import print_json
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import AS_JSON, AS_TABLE, in_formats, json_or_table
from ledger.commands.talk import talk

if TYPE_CHECKING:
    from ledger.queries.answer import Answer
    from ledger.queries.ask import Choice
    from ledger.views.view import Column

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
INDUSTRY = Annotated[str | None, typer.Option(help="Industry code, such as AI; ALL for the whole.")]
YEAR = Annotated[int | None, typer.Option(min=1, max=9999, help="Year of the business date.")]
REGION = Annotated[str | None, typer.Option(help="ISO 3166 code, such as CN-SH.")]
RIGHT = Annotated[str | None, typer.Option(help="invention, utility_model, design, plant or mixed.")]
FILTERS = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILTER]...", help="NAME=V, NAME!=V, NAME>=V, NAME<=V; lists of values as A,B."),
]
COLUMNS = Annotated[str, typer.Option(metavar="NAMES", help="Only these columns, with commas, in this order.")]
SORT = Annotated[str, typer.Option(metavar="NAMES", help="Ordered by these columns, with commas; -NAME downwards.")]
LIMIT = Annotated[int | None, typer.Option(min=0, max=2**63 - 1, metavar="N", help="At most so many rows.")]
RECORDED = Annotated[bool, typer.Option("--recorded", help="As if nothing had been corrected or voided.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(totals)
    app.command()(views)
    app.command()(view)
    app.command()(status)


@in_formats()
def totals(
    filters: FILTERS = None,
    kind: Annotated[str | None, typer.Option(help="grants, pledges, valuations, ...: see the glossary.")] = None,
    by: Annotated[str, typer.Option(help="Any of industry, year, region, right, with commas.")] = "",
    industry: INDUSTRY = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    recorded: RECORDED = False,
    columns: COLUMNS = "",
    sort: SORT = "",
    limit: LIMIT = None,
    *,
    form: Format,
) -> None:
    """Totals by kind and currency: with --by industry the shares, without it the whole amounts."""
    from ledger.queries.totals import totals as ask_totals

    equal = {"industry": industry, "year": year, "region": region, "right": right}
    with the_book() as book:
        answer = ask_totals(
            book, kind, _names(by), basis=_basis(recorded), **_choice(equal, [], filters, columns, sort, limit)
        )
    _show(form, answer, f"Totals, {answer.basis}")


def views(
    as_json: JSON = False,
    install: Annotated[bool, typer.Option("--install", help="Put this program's SQL views into the book.")] = False,
) -> None:
    """The views that exist, each with its formula."""
    from ledger.views import VIEWS

    if install:
        _install_views()
        return
    if json_or_table(as_json) is AS_JSON:
        print_json(
            {
                "views": [
                    {"name": v.name, "formula": v.formula, "columns": [_described(column) for column in v.columns]}
                    for v in VIEWS.values()
                ]
            }
        )
    else:
        print_table([{"view": v.name, "formula": v.formula} for v in VIEWS.values()], "Views")


def _install_views() -> None:
    from ledger.book.book import Book
    from ledger.book.connection import faults_named
    from ledger.book.installed_views import bring_views_up_to_date, views_version

    path = settings().book
    with Book(path, writable=True) as book, faults_named(path):
        changed = bring_views_up_to_date(book.connection)
    talk(f"{path}: SQL views of version {views_version()} {'installed' if changed else 'were there already'}.")


@in_formats()
def view(
    name: Annotated[str, typer.Argument(help="A name that `ip-ledger views` lists.")],
    filters: FILTERS = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Rows with this one value, commas and all. Repeatable."),
    ] = None,
    industry: INDUSTRY = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="For stocks: on this day.")] = None,
    recorded: RECORDED = False,
    columns: COLUMNS = "",
    sort: SORT = "",
    limit: LIMIT = None,
    *,
    form: Format,
) -> None:
    """Any view, filtered by its columns."""
    from ledger.queries.view import view as ask_view

    equal = {"industry": industry, "year": year, "region": region, "right": right}
    choice = _choice(equal, where or [], filters, columns, sort, limit)
    with the_book() as book:
        answer = ask_view(book, name, basis=_basis(recorded), as_of=_day(as_of), **choice)
    title = f"{name}, as of {answer.as_of}" if answer.as_of else name
    _show(form, answer, title)


def status(
    as_json: JSON = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 if records have waited for 5 s behind an open transaction.")
    ] = False,
) -> None:
    """Where every partition stands. Works without a broker: the lag is then not known."""
    from ledger.queries.status import status as status_of

    with the_book(of_any_version=True) as book:
        found = status_of(book, running_cluster(), on_unknown=talk)
    whole = found.as_json()
    if json_or_table(as_json) is AS_JSON:
        print_json(whole)
    else:
        rows = _narrow(whole["partitions"])
        used = [row for row, part in zip(rows, whole["partitions"], strict=True) if part["next"] or part["lag"]]
        print_table(used, f"{whole['book']}, fold version {whole['fold_version']}", list(rows[0]))
        sys.stdout.flush()
        empty = len(whole["partitions"]) - len(used)
        if empty:
            talk(f"{empty} of {len(whole['partitions'])} partitions hold nothing, and are not shown")
        balanced = "every offset is accounted for" if whole["balanced"] else "OFFSETS ARE NOT ACCOUNTED FOR"
        talk(f"{balanced}; newest record {_age(whole['age_seconds'])}; WAL {whole['wal_bytes'] >> 20:,} MiB")
        for transaction in whole["transactions"]:
            talk(f"{transaction['message']}; {transaction['next_step']}")
        for loss in whole["retention"]:
            talk(f"{loss['message']}; `ip-ledger topics check` names the step")
    if not whole["balanced"]:
        raise typer.Exit(Exit.BROKEN)
    raise typer.Exit(Exit.DIFFERENT if check and found.held_up else Exit.FINE)


def _show(form: Format, answer: Answer, title: str) -> None:
    from ledger.book.position import spoken_position

    whole = answer.as_json()
    form.write(Sheet(whole["rows"], whole, title, answer.names))
    sys.stdout.flush()
    if not form.cites:
        talk(f"position {spoken_position(answer.position)}")
    if form is AS_TABLE:
        talk(f"newest record {_age(answer.age_seconds)}")


def _narrow(partitions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What fits on a narrow terminal: no ends, which follow from next, lag and waiting; no first and no waiting where
    every one is 0."""
    zeros = {name for name in ("first", "waiting") if not any(part[name] for part in partitions)}
    left_out = {"topic", "partition", "end", "high"} | zeros
    return [
        {"partition": f"{part['topic']}:{part['partition']}"}
        | {name: value for name, value in part.items() if name not in left_out}
        for part in partitions
    ]


def _age(seconds: float | None) -> str:
    return "none yet" if seconds is None else f"{seconds:.1f} s old"


def _choice(
    equal: Mapping[str, object], where: list[str], filters: list[str] | None, columns: str, sort: str, limit: int | None
) -> Choice:
    from ledger.queries.ask import Choice
    from ledger.queries.filters import Filter

    exact = [Filter.exactly(column, value) for column, value in equal.items() if value is not None]
    for said in where:
        column, equals, value = said.partition("=")
        if not equals:
            raise typer.BadParameter(f"{said!r} is not COLUMN=VALUE")
        exact.append(Filter.exactly(column, value))
    return Choice(filters=[*exact, *(filters or [])], columns=_names(columns), sort=_names(sort), limit=limit)


def _names(listed: str) -> list[str]:
    return [name for part in listed.split(",") if (name := part.strip())]


def _basis(recorded: bool) -> str:
    return "recorded" if recorded else "corrected"


def _described(column: Column) -> dict[str, str]:
    return {"name": column.name, "unit": column.unit, "meaning": column.meaning}


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date: write YYYY-MM-DD") from error
