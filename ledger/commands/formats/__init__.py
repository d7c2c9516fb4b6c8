"""The formats in which commands print rows. Each module here is one: it has a `FORMAT`, and the
commands have an option for it (`ledger.commands.formatted`).

Text from others neither controls the terminal nor runs in a spreadsheet: invisible characters are written out
(`schemas.escapes`), and nothing is taken for markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Sheet(NamedTuple):
    """Rows to print, each with a value for each of `columns`; the `whole` JSON document that holds them; a title.

    Where the columns are named, the rows may come one by one: they may be more than memory holds. So may those that
    stand in `whole` under `key`. `units` are those of the columns, where a reader needs them. A table
    has `all_columns` however wide it is, or those that fit, of which the `main` ones come first.
    """

    rows: Iterable[Mapping[str, Any]]
    whole: Mapping[str, Any]
    title: str = ""
    columns: Sequence[str] = ()
    units: Mapping[str, str] = {}
    key: str = "rows"
    all_columns: bool = False
    main: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """The columns, by default those of the first row."""
        return self.columns or list(next(iter(self.rows), ()))


@dataclass(frozen=True)
class OutputFormat:
    """A format: its option is `--<name>`, with this help, and `write` prints a sheet on stdout.

    `cites` is True where the position of the book is part of what is printed; else it goes to stderr. Options stand
    in the order of `rank`; of several that are given, the first counts.
    """

    name: str
    help: str
    write: Callable[[Sheet], None]
    cites: bool = False
    rank: int = 9


def shortened(text: str, most: int, whole: str) -> str:
    """Return a text, or its beginning and which option has all of it."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters; {whole} has all)"
