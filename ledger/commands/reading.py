"""Commands for readers of figures: totals, views, growth. Each figure cites the position of the book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.commands.context import the_book
from ledger.commands.formats import Sheet
from ledger.commands.formatted import COLUMNS, LIMIT, SORT, Printer, in_formats, names
from ledger.commands.talk import talk

if TYPE_CHECKING:
    from ledger.queries.answer import Answer
    from ledger.queries.ask import Choice

INDUSTRY = Annotated[str | None, typer.Option(help="Industry code, such as AI; ALL for the whole.")]
YEAR = Annotated[int | None, typer.Option(min=1, max=9999, help="Year of the business date.")]
REGION = Annotated[str | None, typer.Option(help="ISO 3166 code, such as CN-SH.")]
RIGHT = Annotated[str | None, typer.Option(help="invention, utility_model, design, plant or mixed.")]
FILTERS = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILTER]...", help="NAME=V, !=, >=, <=, > or <; lists of values as NAME=A,B."),
]
AS_OF = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="On this day, written YYYY-MM-DD.")]
RECORDED = Annotated[bool, typer.Option("--recorded", help="As first recorded, without corrections and voids.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(totals)
    app.command()(view)


@in_formats(cites=True)
def totals(
    filters: FILTERS = None,
    kind: Annotated[str | None, typer.Option(help="grants, pledges, valuations, ...: see the glossary.")] = None,
    by: Annotated[str, typer.Option(metavar="NAMES", help="Any of industry, year, region, right, as A,B.")] = "",
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
    """Show totals by kind and currency. With `--by industry` each row has an industry's shares, else the whole amounts.

    Examples:
      ip-ledger totals --kind pledges --by industry,year
      ip-ledger totals 'year>=2022' industry=AI,SEMI --by industry,year --csv
    """
    from ledger.queries.totals import totals as ask_totals

    equal = {"industry": industry, "year": year, "region": region, "right": right}
    choice = choice_of(equal, [], filters, columns, sort, limit)
    with the_book() as book:
        answer = ask_totals(book, kind, names(by), basis=basis_of(recorded), **choice)
    print_answer(printer, answer, f"Totals, {answer.basis}", chosen_columns=bool(columns))


@in_formats(cites=True)
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
    as_of: AS_OF = None,
    recorded: RECORDED = False,
    columns: COLUMNS = "",
    sort: SORT = "",
    limit: LIMIT = None,
    *,
    printer: Printer,
) -> None:
    """Show a view, filtered by its columns. `ip-ledger views NAME` describes it.

    Examples:
      ip-ledger view pledge_stock --as-of 2023-12-31 --sort=-amount --limit 10
      ip-ledger view unmatched basis=corrected --columns subject,type,reason
    """
    from ledger.queries.view import view as ask_view

    equal = {"industry": industry, "year": year, "region": region, "right": right}
    choice = choice_of(equal, where or [], filters, columns, sort, limit)
    with the_book() as book:
        answer = ask_view(book, name, basis=basis_of(recorded), as_of=day_of(as_of), **choice)
    title = f"{name}, as of {answer.as_of}" if answer.as_of else name
    print_answer(printer, answer, title, chosen_columns=bool(columns))


def print_answer(printer: Printer, answer: Answer, title: str, *, chosen_columns: bool) -> None:
    """Print an answer, and cite its position."""
    whole = answer.as_json()
    units = {column.name: column.unit for column in answer.columns}
    printer.write(Sheet(whole["rows"], whole, title, answer.names, units, all_columns=chosen_columns))
    if not whole["rows"] and not printer.is_json:
        talk("no rows")
    printer.cite(answer.position, answer.age_seconds)


def choice_of(
    equal: Mapping[str, object], where: list[str], filters: list[str] | None, columns: str, sort: str, limit: int | None
) -> Choice:
    """Return what a question takes: filters, columns, order, limit."""
    from ledger.queries.ask import Choice
    from ledger.queries.filters import Filter

    exact = [Filter.exactly(column, value) for column, value in equal.items() if value is not None]
    for given in where:
        column, equals, value = given.partition("=")
        if not equals:
            raise typer.BadParameter(f"{given!r} is not COLUMN=VALUE")
        exact.append(Filter.exactly(column, value))
    return Choice(filters=[*exact, *(filters or [])], columns=names(columns), sort=names(sort), limit=limit)


def basis_of(recorded: bool) -> str:
    """Return the basis that `--recorded` asks for."""
    return "recorded" if recorded else "corrected"


def day_of(text: str | None) -> date | None:
    """Return a day. Raises BadParameter."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date: write YYYY-MM-DD") from error
