"""The command `views`: the views that exist, and what each means."""

from __future__ import annotations

import sys
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import settings
from ledger.commands.formats import Sheet
from ledger.commands.formats.table import print_table
from ledger.commands.formatted import Printer, in_formats
from ledger.commands.messages import echo_err
from ledger.commands.output import print_heading

if TYPE_CHECKING:
    from ledger.views.view import View


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("views")(views_command)


@in_formats()
def views_command(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Describe this view.")] = None,
    install: Annotated[bool, typer.Option("--install", help="Put this program's SQL views into the book.")] = False,
    *,
    printer: Printer,
) -> None:
    """List the views, or describe one: its formula, its columns with their units, and an example.

    Examples:
      ip-ledger views
      ip-ledger views pledge_flow
    """
    if install:
        _install_views()
    elif name is None:
        _list(printer)
    else:
        _describe(_view(name), printer)


def _list(printer: Printer) -> None:
    from ledger.views import VIEWS
    from ledger.views.guide import grouped

    whole = {"views": [_described(view) for view in VIEWS.values()]}
    if printer.is_table:
        longest = max(map(len, VIEWS))
        for heading, members in grouped().items():
            print_heading(heading)
            for view, summary in members:
                sys.stdout.write(f"  {view.name:<{longest}}  {summary}\n")
        sys.stdout.flush()
        echo_err("`ip-ledger views NAME` describes one, `ip-ledger view NAME` shows its rows")
        return
    rows = [
        {"group": heading, "view": view.name, "shows": summary}
        for heading, members in grouped().items()
        for view, summary in members
    ]
    printer.write(Sheet(rows, whole, columns=("group", "view", "shows"), key="views"))


def _describe(view: View, printer: Printer) -> None:
    from ledger.views.guide import summary_of

    whole = _described(view)
    if printer.is_table:
        print_heading(f"{view.name}: {summary_of(view)}")
        width = min(_width(), 100)
        sys.stdout.write(fill(f"Formula: {view.formula}", width, break_long_words=False) + "\n\n")
        for rule in view.details:
            sys.stdout.write(fill(f"* {rule}", width, subsequent_indent="  ", break_long_words=False) + "\n")
        sys.stdout.write("\n" if view.details else "")
        rows: list[dict[str, Any]] = whole["columns"]
        print_table(rows, "", ("name", "unit", "meaning"), all_columns=True)
        sys.stdout.write(f"\nExample: {_example_of(view)}\n")
        return
    printer.write(Sheet(whole["columns"], whole, columns=("name", "unit", "meaning"), key="columns"))


def _example_of(view: View) -> str:
    """Return a command that shows the view."""
    columns = [column.name for column in view.columns if not column.name.endswith("_minor")]
    day = " --as-of 2023-12-31" if view.takes_a_day else ""
    return f"ip-ledger view {view.name}{day} --columns {','.join(columns[:4])} --limit 10"


def _width() -> int:
    import shutil

    return shutil.get_terminal_size().columns


def _view(name: str) -> View:
    from ledger.nearest import UnknownName
    from ledger.queries.view import LISTED
    from ledger.views import VIEWS

    if name not in VIEWS:
        raise UnknownName(what="the view", given=name, known=VIEWS, otherwise=LISTED)
    return VIEWS[name]


def _described(view: View) -> dict[str, Any]:
    columns = [{"name": column.name, "unit": column.unit, "meaning": column.meaning} for column in view.columns]
    return {"name": view.name, "formula": view.formula, "details": view.details, "columns": columns}


def _install_views() -> None:
    from ledger.book.book import Book
    from ledger.book.connection import translated_errors
    from ledger.book.installed_views import bring_views_up_to_date, views_version

    path = settings().book
    with Book(path, writable=True) as book, translated_errors(path):
        changed = bring_views_up_to_date(book.connection)
    echo_err(f"{path}: SQL views of version {views_version()} {'installed' if changed else 'were there already'}.")
