"""Commands for readers of figures: totals, views, growth. Each figure cites the position of the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.commands.context import open_book
from ledger.commands.formats import Sheet
from ledger.commands.formats.table import DECIMAL, MILLIONS
from ledger.commands.formatted import COLUMNS_OPTION, LIMIT_OPTION, SORT, Printer, in_formats, listed_names
from ledger.commands.messages import echo_err
from ledger.commands.moments import moment_option

if TYPE_CHECKING:
    from ledger.book.book import Book
    from ledger.queries.answer import Answer
    from ledger.queries.ask import Choice

LONG_AMOUNT = 9
"""Digits of an amount that a table prints in millions."""
KIND_OPTION = Annotated[str | None, typer.Option(help="grants, pledges, valuations, ...: see the glossary.")]
INDUSTRY_OPTION = Annotated[str | None, typer.Option(help="Industry code, such as AI; ALL for the whole.")]
YEAR = Annotated[int | None, typer.Option(metavar="YEAR", min=1, max=9999, help="Year of the business date.")]
REGION = Annotated[str | None, typer.Option(help="ISO 3166 code, such as CN-SH.")]
RIGHT = Annotated[
    str | None, typer.Option(help="invention, utility_model, design, plant, trademark, copyright or mixed.")
]
FILTERS = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILTER", help="NAME=V, !=, >=, <=, > or <; lists of values as NAME=A,B."),
]
AS_OF = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="On this day, written YYYY-MM-DD.")]
AT_OPTION = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="POSITION|TIME|CHECKPOINT",
        callback=moment_option,
        help="As known then: at a position, on a day, at a time in UTC, or at `checkpoint` or `checkpoint:N`.",
    ),
]
RECORDED = Annotated[bool, typer.Option("--recorded", help="As first recorded, without corrections and voids.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("growth")(growth_command)
    app.command("totals")(totals_command)
    app.command("view")(view_command)


@in_formats(cites=True, asks=True, watches=True)
def totals_command(
    filters: FILTERS = None,
    kind: KIND_OPTION = None,
    by: Annotated[str, typer.Option(metavar="NAMES", help="Any of industry, year, region, right, as A,B.")] = "",
    industry: INDUSTRY_OPTION = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    recorded: RECORDED = False,
    at: AT_OPTION = None,
    columns: COLUMNS_OPTION = "",
    sort: SORT = "",
    limit: LIMIT_OPTION = None,
    *,
    printer: Printer,
) -> None:
    """Show totals by kind and currency. With `--by industry` each row has an industry's shares, else the whole amounts.

    Examples:
      ip-ledger totals --kind pledges --by industry,year --watch
      ip-ledger totals 'year>=2022' industry=AI,SEMI --by industry,year --at 2024-06-30
    """
    from ledger.book.known import as_known
    from ledger.queries.totals import totals

    equal = {"industry": industry, "year": year, "region": region, "right": right}
    choice = choice_of(equal, [], filters, columns, sort, limit)

    with open_book() as opened:
        book = as_known(opened, at)
        answer = totals(book, kind, listed_names(by), basis=basis_of(recorded), **choice)
        absent = absent_in(opened, answer, choice, lambda column: _values(totals(book, None, [column])))
    title = f"Totals, {answer.basis}{known_at(at)}"
    print_answer(printer, answer, title, absent, chosen_columns=bool(columns))


@in_formats(cites=True, asks=True, watches=True)
def growth_command(
    filters: FILTERS = None,
    kind: Annotated[str, typer.Option(help="pledges, grants, valuations, ...: see the glossary.")] = "pledges",
    until: Annotated[
        str | None,
        typer.Option("--until", "--as-of", metavar="DATE", help="The last day, by default the newest of the book."),
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="ISO 3166 code; a country takes in its parts, CN not HK, MO, TW.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code; by default that of the most events.")] = None,
    counts: Annotated[bool, typer.Option("--counts", help="Compare numbers of events, not amounts.")] = False,
    recorded: RECORDED = False,
    columns: COLUMNS_OPTION = "",
    sort: SORT = "",
    limit: LIMIT_OPTION = None,
    *,
    printer: Printer,
) -> None:
    """Compare a period with the same period of last year, by industry: 1 January to a day, amounts or counts.

    `coverage` is the part of the events that has an amount in the currency. `record_high`: no earlier year has more.

    Examples:
      ip-ledger growth --kind pledges --until 2023-12-31
      ip-ledger growth --kind grants --region CN-SH --counts
    """
    from ledger.queries.ask import Choice
    from ledger.queries.filters import Filter
    from ledger.queries.period import growth_to_date
    from ledger.queries.totals import totals

    choice = choice_of({}, [], filters, columns, sort, limit)
    last_day, basis = day_option(until), basis_of(recorded)
    with open_book() as book:
        answer = growth_to_date(
            book, kind, last_day, region=region, currency=currency, counts=counts, basis=basis, **choice
        )
        known = Choice(filters=[Filter.exactly("region", region)] if region else [], limit=limit)
        absent = absent_in(book, answer, known, lambda column: _values(totals(book, kind, [column])))
    units = {"change": "growth", "coverage": "share", **dict.fromkeys(AMOUNTS, _unit(answer))}
    shown = [name for name in answer.names if name in AT_A_GLANCE] if printer.is_table and not columns else None
    title = _growth_title(answer, units["this_period"])
    print_answer(printer, answer, title, absent, chosen_columns=bool(columns), units=units, shown=shown)
    others = answer.terms["other_currencies"]
    if others and not printer.is_json:
        echo_err(f"other currencies: {others}; --currency chooses one")


AT_A_GLANCE = ("industry", "this_period", "same_period", "change", "events", "coverage", "record_high")
"""The columns of growth that a table has."""
AMOUNTS = ("this_period", "same_period")


def _unit(answer: Answer) -> str:
    """Return the unit of amounts in a table: millions where one is long, so that seven columns fit 80 characters."""
    if answer.terms["currency"] is None:
        return "count"
    amounts = [row[name] for row in answer.shown_as_dicts() for name in AMOUNTS if row.get(name)]
    return MILLIONS if any(len(amount.partition(".")[0].lstrip("-")) >= LONG_AMOUNT for amount in amounts) else DECIMAL


def _growth_title(answer: Answer, unit: str) -> str:
    terms, day = answer.terms, answer.as_of
    if day is None:
        return f"{terms['kind']}, no events"
    before = f"{day.year - 1}-{'02-28' if (day.month, day.day) == (2, 29) else f'{day:%m-%d}'}"
    where = f", {terms['region']}" if terms["region"] else ""
    money = f", {'million ' if unit == MILLIONS else ''}{terms['currency']}" if terms["currency"] else ""
    return f"{terms['kind']}{where}{money}: {day.year}-01-01 to {day}, compared with {day.year - 1}-01-01 to {before}"


@in_formats(cites=True, asks=True, watches=True)
def view_command(
    name: Annotated[str, typer.Argument(help="A name that `ip-ledger views` lists.")],
    filters: FILTERS = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Rows with this one value, commas and all. Repeatable."),
    ] = None,
    industry: INDUSTRY_OPTION = None,
    year: YEAR = None,
    region: REGION = None,
    right: RIGHT = None,
    as_of: AS_OF = None,
    recorded: RECORDED = False,
    at: AT_OPTION = None,
    columns: COLUMNS_OPTION = "",
    sort: SORT = "",
    limit: LIMIT_OPTION = None,
    *,
    printer: Printer,
) -> None:
    """Show a view, filtered by its columns. `ip-ledger views NAME` describes it.

    Examples:
      ip-ledger view pledge_stock --as-of 2023-12-31 --sort=-amount --limit 10
      ip-ledger view unmatched basis=corrected --columns subject,type,reason
    """
    from ledger.book.known import as_known
    from ledger.queries.view import view

    equal = {"industry": industry, "year": year, "region": region, "right": right}
    choice = choice_of(equal, where or [], filters, columns, sort, limit)
    day = day_option(as_of)
    with open_book() as opened:
        book = as_known(opened, at)
        answer = view(book, name, basis=basis_of(recorded), as_of=day, **choice)
        absent = absent_in(opened, answer, choice, lambda column: _values(view(book, name, columns=[column])))
    title = (f"{name}, as of {answer.as_of}" if answer.as_of else name) + known_at(at)
    print_answer(printer, answer, title, absent, chosen_columns=bool(columns))


def print_answer(
    printer: Printer,
    answer: Answer,
    title: str,
    absent: list[str],
    *,
    chosen_columns: bool,
    units: Mapping[str, str] | None = None,
    shown: list[str] | None = None,
) -> None:
    """Print an answer, sentences about `absent` values of filters, and the position. `units` replace those of its
    columns; `shown` are the columns to print, if not all."""
    from ledger.views import VIEWS

    whole = answer.as_json()
    by_name = {column.name: column.unit for column in answer.columns} | dict(units or {})
    main = VIEWS[answer.view].main if answer.view and printer.is_table else ()
    sheet = Sheet(whole["rows"], whole, title, shown or answer.names, by_name, all_columns=chosen_columns, main=main)
    printer.write(sheet)
    if not whole["rows"]:
        echo_err("no rows")
    echo_err(*absent)
    printer.cite(answer.position, answer.age_seconds)


def choice_of(
    equal: Mapping[str, object], where: list[str], filters: list[str] | None, columns: str, sort: str, limit: int | None
) -> Choice:
    """Return the arguments of a question: filters, columns, order, limit."""
    from ledger.queries.ask import Choice
    from ledger.queries.filters import BadFilter, Filter

    exact = [Filter.exactly(column, value) for column, value in equal.items() if value is not None]
    for given in where:
        column, equals, value = given.partition("=")
        if not equals:
            raise BadFilter(text=given)
        exact.append(Filter.exactly(column, value))
    return Choice(
        filters=[*exact, *(filters or [])], columns=listed_names(columns), sort=listed_names(sort), limit=limit
    )


def absent_in(book: Book, answer: Answer, choice: Choice, values_of: Callable[[str], Iterable[object]]) -> list[str]:
    """Return sentences about values of filters that no row has, or else on why there is no row; none where a limit may
    have cut them off."""
    from ledger.queries.absent import absent_values, why_empty

    if len(answer.shown) == choice.get("limit"):
        return []
    filters = list(choice.get("filters", ()))
    absent = list(absent_values(answer, filters, values_of))
    return absent if absent or answer.shown else [why_empty(book, answer, filters)]


def _values(answer: Answer) -> Iterable[object]:
    return (row[0] for row in answer.shown)


def known_at(at: str | None) -> str:
    """Return the part of a title that says when an answer was known."""
    return "" if at is None else f", as known at {'a past position' if '=' in at else at}"


def basis_of(recorded: bool) -> str:
    """Return the basis that `--recorded` asks for."""
    return "recorded" if recorded else "corrected"


def day_option(text: str | None) -> date | None:
    """Return the day of an option, if it is given. Raise BadDay."""
    from ledger.queries.filters import parse_day

    return None if text is None else parse_day(text)
