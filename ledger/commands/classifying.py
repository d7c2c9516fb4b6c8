"""Commands for classifications of patents: counts by field, the content of a map, what differs between two maps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.commands.context import LARGEST_MAP, BadMap, open_book
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import COLUMNS_OPTION, LIMIT_OPTION, SORT, Printer, in_formats, listed_names
from ledger.commands.messages import echo_err
from ledger.commands.reading import FILTERS, RECORDED, basis_of, choice_of, print_answer
from ledger.files import limited_text

if TYPE_CHECKING:
    from ledger.book.book import Book
    from schemas.classification import Classification

MAP_HELP = "`wipo35`, `book` (the book's industry map), or a FILE."
_KIND = Annotated[str, typer.Option(help="grants, publications or filings.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("fields")(fields_command)
    app.command("pledge-amounts")(pledge_amounts_command)
    app.command("map")(show_map)
    app.command("compare-maps")(compare_maps_command)


@in_formats(cites=True, asks=True, watches=True)
def fields_command(
    filters: FILTERS = None,
    kind: _KIND = "grants",
    by: Annotated[
        str, typer.Option(metavar="NAMES", help="Any of field, group, year, office, right, region, country, as A,B.")
    ] = "field,year",
    map_: Annotated[str, typer.Option("--map", metavar="MAP", help=MAP_HELP)] = "wipo35",
    symbols: Annotated[
        str, typer.Option(help="first: the first symbol counts; each: once per class; parts: 1/n for each of n.")
    ] = "first",
    applicants: Annotated[
        str, typer.Option(help="each: once in each country; parts: 1/n for each of n applicants.")
    ] = "each",
    recorded: RECORDED = False,
    columns: COLUMNS_OPTION = "",
    sort: SORT = "",
    limit: LIMIT_OPTION = None,
    *,
    printer: Printer,
) -> None:
    """Count patents by WIPO's 35 fields of technology, or the classes of another map, and by year.

    Counts are whole, by the first symbol of each patent; `--symbols parts` and `--applicants parts` make them
    fractional. The answer says which.

    Examples:
      ip-ledger fields year=2023
      ip-ledger fields --by country,field --symbols parts --applicants parts --map gbt4754.csv
    """
    from ledger.queries.fields import fields

    choice = choice_of({}, [], filters, columns, sort, limit)
    with open_book() as book:
        by_map = the_classification(map_, book)
        answer = fields(
            book,
            kind,
            listed_names(by),
            classification=by_map,
            symbols=symbols,
            applicants=applicants,
            basis=basis_of(recorded),
            **choice,
        )
    title = f"{kind} by {answer.terms['classification']}, {answer.terms['count']}"
    shown = [name for name in answer.names if name not in ("exact", "name_zh")] if printer.is_table else None
    print_answer(printer, answer, title, [], chosen_columns=bool(columns), shown=None if columns else shown)
    without = answer.terms["symbols_without_class"]
    if without and not printer.is_json:
        echo_err(f"symbols without a class: {without}")


@in_formats(cites=True, asks=True, watches=True)
def pledge_amounts_command(
    filters: FILTERS = None,
    by: Annotated[str, typer.Option(metavar="NAMES", help="Any of field, year, region, right, as A,B.")] = "field,year",
    map_: Annotated[str, typer.Option("--map", metavar="MAP", help=MAP_HELP)] = "wipo35",
    recorded: RECORDED = False,
    columns: COLUMNS_OPTION = "",
    sort: SORT = "",
    limit: LIMIT_OPTION = None,
    *,
    printer: Printer,
) -> None:
    """Sum secured amounts of registered pledges by WIPO's 35 fields, or the classes of another map, and by year.

    Each amount is allocated to the first symbols of its patents, which their documents in the book give. Needs no
    replay; with `--map book` the amounts are those of `totals --kind pledges`.

    Examples:
      ip-ledger pledge-amounts year=2023 currency=CNY
      ip-ledger pledge-amounts --map strategic-industries.csv --by field
    """
    from ledger.queries.pledge_amounts import pledge_amounts

    choice = choice_of({}, [], filters, columns, sort, limit)
    with open_book() as book:
        by_map = the_classification(map_, book)
        answer = pledge_amounts(book, listed_names(by), classification=by_map, basis=basis_of(recorded), **choice)
    title = f"pledges registered by {answer.terms['classification']}"
    shown = [name for name in answer.names if name not in ("amount_minor", "name_zh")] if printer.is_table else None
    print_answer(printer, answer, title, [], chosen_columns=bool(columns), shown=None if columns else shown)


@in_formats()
def show_map(
    map_: Annotated[str, typer.Argument(metavar="MAP", help=MAP_HELP)],
    *,
    printer: Printer,
) -> None:
    """Check a map from IPC symbols to classes, and list its classes. Exit code 65 if the file has an error.

    Examples:
      ip-ledger map wipo35
      ip-ledger map examples/classifications/gbt4754.csv
    """
    if map_ == "book":
        with open_book() as book:
            found = the_classification(map_, book)
    else:
        found = the_classification(map_)
    rows = [
        {
            "field": one.code,
            "group": one.group or None,
            "name_en": one.name_en or None,
            "name_zh": one.name_zh or None,
            "prefixes": found.prefixes.get(one.code, 0),
        }
        for one in found.classes.values()
    ]
    whole = {"classification": found.cited, "title": found.title, "source": found.source, "rows": rows}
    printer.write(Sheet(rows, whole, found.cited, tuple(rows[0]), {}))
    if not printer.is_json:
        echo_err(*(line for line in (found.title, f"Source: {found.source}" if found.source else "") if line))


@in_formats(cites=True, asks=True, watches=True)
def compare_maps_command(
    first: Annotated[str, typer.Argument(metavar="MAP", help=MAP_HELP)],
    second: Annotated[str, typer.Argument(metavar="MAP", help="The map to compare it with.")],
    filters: FILTERS = None,
    kind: _KIND = "grants",
    moves: Annotated[bool, typer.Option("--moves", help="Show from which class to which patents move.")] = False,
    recorded: RECORDED = False,
    columns: COLUMNS_OPTION = "",
    sort: SORT = "",
    limit: LIMIT_OPTION = None,
    *,
    printer: Printer,
) -> None:
    """Show which counts of patents by class and year would differ under another map: whole counts by the first symbol.
    Exit code 1 if one differs. The book stays as it is; `replay --industry-map` builds one with another map.

    Examples:
      ip-ledger compare-maps book new-map.csv
      ip-ledger compare-maps wipo35 strategic-industries.csv year=2023 --moves
    """
    from ledger.queries.maps import compare_maps

    choice = choice_of({}, [], filters, columns, sort, limit)
    with open_book() as book:
        maps = the_classification(first, book), the_classification(second, book)
        answer = compare_maps(book, *maps, kind, moves=moves, basis=basis_of(recorded), **choice)
    rows = answer.shown_as_dicts()
    units = {column.name: column.unit for column in answer.columns}
    printer.write(Sheet(rows, answer.as_json(), f"{kind}, whole counts by the first symbol", answer.names, units))
    if not printer.is_json:
        echo_err(*(f"{letter}: {one.cited}" for letter, one in zip("ab", maps, strict=True)))
        echo_err(f"{len(rows):,} rows differ" if rows else "nothing differs")
    printer.cite(answer.position, answer.age_seconds)
    raise typer.Exit(Exit.DIFFERENT if rows else Exit.FINE)


def the_classification(name: str, book: Book | None = None) -> Classification:
    """Return the classification that an argument names: `wipo35`, `book`, or a file of a classification or of an
    industry map. Raise BadMap, UnusableFile."""
    from schemas.classification import WIPO35, classification_of, of_industries

    if name == "wipo35":
        return WIPO35
    if name == "book" and book is not None:
        return of_industries(book.industry_map)
    try:
        return classification_of(limited_text(Path(name), LARGEST_MAP))
    except ValueError as error:
        raise BadMap(path=name, reason=error) from error
