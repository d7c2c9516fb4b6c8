"""The rows that a command prints: options for their format, columns, order and number."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from importlib import import_module
from inspect import Parameter, signature
from itertools import islice
from pkgutil import iter_modules
from typing import Annotated, Any

import typer

from ledger.commands import formats
from ledger.commands.context import choose_books
from ledger.commands.formats import OutputFormat, Sheet, json, table
from ledger.commands.messages import echo_err
from ledger.commands.watching import print_on_change
from ledger.place import spell_out
from schemas.errors import UsageError


def _row_count(number: int | None) -> int | None:
    """Return the number, at most what SQLite takes. A range of the option itself would be printed in each help."""
    if number is not None and number < 0:
        raise typer.BadParameter(f"{number} is less than 0")
    return None if number is None else min(number, 2**63 - 1)


class SeveralFormats(UsageError):
    """A command prints one format. Choose one of {choices}."""


COLUMNS_OPTION = Annotated[
    str, typer.Option("--columns", metavar="NAMES", help="Only these columns, as A,B, in this order.")
]
SORT = Annotated[str, typer.Option("--sort", metavar="NAMES", help="Order by these columns, as A,-B; - is descending.")]
LIMIT_OPTION = Annotated[
    int | None, typer.Option("--limit", callback=_row_count, metavar="N", help="At most this many rows.")
]
BOOKS = Annotated[
    str, typer.Option("--books", metavar="BOOKS", help="Ask several books of shares at once: A,B,C or @FILE.")
]
POSITION = Annotated[bool, typer.Option("--position", help="Print the whole position on stderr.")]
WATCH = Annotated[bool, typer.Option("--watch", help="Print it again with each change of the book, until Ctrl-C.")]


def _found() -> list[OutputFormat]:
    modules = (import_module(f"{formats.__name__}.{module.name}") for module in iter_modules(formats.__path__))
    return sorted((module.FORMAT for module in modules), key=lambda form: (form.rank, form.name))


OUTPUT_FORMATS = _found()
"""All formats, in the order of their options."""


@dataclass(frozen=True)
class Printer:
    """The way in which one command prints its rows: the chosen format, a table on a terminal and JSON elsewhere.

    `columns`, `sort` and `limit` arrange rows that the command does not arrange itself.
    """

    form: OutputFormat
    columns: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    limit: int | None = None
    whole_position: bool = False

    @property
    def is_table(self) -> bool:
        """True if rows are printed as a table."""
        return self.form is table.FORMAT

    @property
    def is_json(self) -> bool:
        """True if rows are printed as part of a JSON document."""
        return self.form is json.FORMAT

    @property
    def arranges(self) -> bool:
        """True if columns, order or limit were asked for."""
        return bool(self.columns or self.sort or self.limit is not None)

    def write(self, sheet: Sheet) -> None:
        """Print a sheet on stdout, and flush it. Raise UnknownName."""
        self.form.write(self._arranged(sheet))
        sys.stdout.flush()

    def cite(self, position: str, age_seconds: float | None = None) -> None:
        """Print the position of the book on stderr: in one short line, or whole with `--position`. JSON contains it."""
        from ledger.book.position import brief_position

        if self.whole_position:
            echo_err(f"position {brief_position(position)}")
        elif not self.form.cites:
            echo_err(short_position(position, age_seconds))

    def _arranged(self, sheet: Sheet) -> Sheet:
        if not self.arranges:
            return sheet
        if self.form.cites:
            given = list(sheet.whole.get(sheet.key, ()))
            arranged = list(self._rows(given, list(given[0]) if given else []))
            return sheet._replace(whole={**sheet.whole, sheet.key: arranged} if sheet.key else sheet.whole)
        sheet = sheet if sheet.columns else sheet._replace(rows=list(sheet.rows))
        rows = self._rows(sheet.rows, list(sheet.names))
        columns = spell_out(self.columns, sheet.names) or sheet.names
        return sheet._replace(rows=rows, columns=columns, all_columns=bool(self.columns))

    def _rows(self, rows: Iterable[Mapping[str, Any]], known: list[str]) -> Iterable[Mapping[str, Any]]:
        columns, sort = spell_out(self.columns, known), spell_out(self.sort, known)
        if known:
            for name in (*columns, *(name.removeprefix("-") for name in sort)):
                _require_column(name, known)
        for name in reversed(sort):
            column = name.removeprefix("-")
            rows = sorted(rows, key=lambda row: _order(row[column]), reverse=name.startswith("-"))
        rows = islice(rows, self.limit)
        return ({name: row[name] for name in columns} for row in rows) if columns else rows


def chosen(asked: OutputFormat | None) -> OutputFormat:
    """Return the requested format, by default a table on a terminal and JSON elsewhere."""
    return asked or (table.FORMAT if sys.stdout.isatty() else json.FORMAT)


def json_or_table(as_json: bool) -> OutputFormat:
    """Return the format of a command that prints one document."""
    return chosen(json.FORMAT if as_json else None)


def short_position(position: str, age_seconds: float | None) -> str:
    """Return a position in one short line."""
    offsets = sum(int(part.rpartition("=")[2]) for part in position.split(",") if part)
    age = f"; newest record {age_text(age_seconds)} old" if age_seconds is not None else ""
    return f"position: {offsets:,} offsets{age}; --position prints all"


def age_text(seconds: float) -> str:
    """Return an age in the unit that fits it."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.1f} s"


def listed_names(listed: str) -> tuple[str, ...]:
    """Return the names of a list such as `A,B`."""
    return tuple(name for part in listed.split(",") if (name := part.strip()))


def in_formats(
    *, cites: bool = False, asks: bool = False, watches: bool = False, **helps: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator for a command that takes a `printer`.

    It adds an option for each format, `--columns`, `--sort` and `--limit` unless the command has them, `--position` if
    it `cites` one, `--books` if it `asks` a book, and `--watch` if it `watches` one. `helps` replaces the help of a
    format, by its name.
    """

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        taken = signature(command, eval_str=True)
        own = [given for given in taken.parameters.values() if given.name != "printer"]
        arranges = "columns" not in taken.parameters
        asked_for = {"columns": arranges, "sort": arranges, "limit": arranges}
        asked_for |= {"position": cites, "books": asks, "watch": watches}
        added = [option for option in _SHARED if asked_for[option.name]]
        formats_ = [_format_option(form, helps.get(form.name, form.help)) for form in OUTPUT_FORMATS]

        @wraps(command)
        def run(*arguments: Any, **options: Any) -> None:
            form = _chosen_format(options)
            given = {option.name: options.pop(option.name, option.default) for option in added}
            if given.get("books"):
                choose_books(given["books"])
            columns, sort = (listed_names(given.get(name, "")) for name in ("columns", "sort"))
            printer = Printer(form, columns, sort, given.get("limit"), given.get("position", False))
            answer = partial(command, *arguments, printer=printer, **options)
            if given.get("watch"):
                if options.get("at"):
                    raise typer.BadParameter("--watch shows the present: leave out --at")
                print_on_change(answer)
            answer()

        run.__annotations__ = {given.name: given.annotation for given in (*own, *added, *formats_)}
        vars(run)["__signature__"] = taken.replace(parameters=[*own, *added, *formats_])
        return run

    return with_options


def _chosen_format(options: dict[str, Any]) -> OutputFormat:
    """Take the options of formats away, and return the format. Raise SeveralFormats."""
    asked = [form for form in OUTPUT_FORMATS if options.pop(f"as_{form.name}", False)]
    if len(asked) > 1:
        raise SeveralFormats(choices=", ".join(f"--{form.name}" for form in OUTPUT_FORMATS))
    return chosen(asked[0] if asked else None)


def _format_option(form: OutputFormat, words: str) -> Parameter:
    return _option(f"as_{form.name}", False, Annotated[bool, typer.Option(f"--{form.name}", help=words)])


def _option(name: str, default: object, annotation: object) -> Parameter:
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)


_SHARED = (
    _option("columns", "", COLUMNS_OPTION),
    _option("sort", "", SORT),
    _option("limit", None, LIMIT_OPTION),
    _option("position", False, POSITION),
    _option("books", "", BOOKS),
    _option("watch", False, WATCH),
)
"""The options that commands share, in the order of their help."""


def _require_column(name: str, known: list[str]) -> None:
    from ledger.nearest import UnknownName

    if name not in known:
        raise UnknownName(what="the column", given=name, known=known)


def _order(value: Any) -> tuple[int, Any, str]:
    """Return a key that orders values of one column: no value first, then numbers, then texts."""
    if value is None:
        return (0, 0, "")
    from decimal import Decimal, InvalidOperation

    try:
        return (1, Decimal(str(value)), "")
    except InvalidOperation:
        return (2, 0, str(value))
