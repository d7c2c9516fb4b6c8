"""The formats in which commands print rows. Each module here is one: it has a `FORMAT`, and the
commands have an option for it (`ledger.commands.formatted`).

What others have said never speaks to the terminal, nor to a spreadsheet: what cannot be seen is written out
(`schemas.escapes`), and nothing of it is taken for markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Sheet(NamedTuple):
    """What is printed: rows, each with a value for each of `columns`; the `whole` document that holds them; a title.

    Where the columns are named, the rows may come one by one: they may be more than memory holds. So may those that
    stand in `whole` under `rows`, its last name.
    """

    rows: Iterable[Mapping[str, Any]]
    whole: Mapping[str, Any]
    title: str = ""
    columns: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """The columns; where they are not named, those of the first row."""
        return self.columns or list(next(iter(self.rows)))


@dataclass(frozen=True)
class Format:
    """A format: its option is `--<name>`, with this help (none without help), and `write` prints a sheet on stdout.

    `cites` is True where what is printed has the position of the book in it; else the command says it on stderr.
    Options stand in the order of `rank`; of several that are asked for, the first counts.
    """

    name: str
    help: str
    write: Callable[[Sheet], None]
    cites: bool = False
    rank: int = 9


def shortened(text: str, most: int, whole: str) -> str:
    """Return a text, or the beginning of it and which option has all of it."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters; {whole} has all)"
