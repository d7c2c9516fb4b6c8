"""The parts of a page, as data. Templates render them; tests read them without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple


class Link(NamedTuple):
    """A link with its text."""

    text: str
    href: str


class TableCell(NamedTuple):
    """One cell of a table. `note` is a second, quiet line; `tone` is a meaning: good, warn, bad, quiet, up, down."""

    text: str
    href: str = ""
    note: str = ""
    tone: str = ""
    code: bool = False
    share: float | None = None
    """Length of a bar behind the number, 0 to 1."""


class HeaderCell(NamedTuple):
    """The head of a column."""

    text: str
    numeric: bool = False
    href: str = ""
    sorted: str = ""
    """`ascending` or `descending`, if the rows are in its order."""


class SelectOption(NamedTuple):
    """One option of a filter."""

    value: str
    text: str


@dataclass(frozen=True)
class FilterField:
    """One field of the form of filters: a list of choices, or a text or day without any."""

    name: str
    label: str
    value: str
    choices: Sequence[SelectOption] = ()
    type: str = "text"


@dataclass(frozen=True)
class Change:
    """A change from an earlier period: its text, and `up`, `down` or `flat`."""

    text: str
    way: str


@dataclass(frozen=True)
class Sparkline:
    """A small line: points in a box of 120 x 32, and what it shows in words."""

    points: str
    area: str
    last: tuple[float, float]
    label: str


@dataclass(frozen=True)
class FigureCard:
    """One large figure: its digits, unit, exact value, change, history, and where it leads."""

    label: str
    value: str
    unit: str = ""
    exact: str = ""
    change: Change | None = None
    detail: str = ""
    spark: Sparkline | None = None
    badge: str = ""
    note: str = ""
    href: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Chart:
    """Data of a chart. Its numbers only draw the marks; `texts` are the words of the table next to it."""

    id: str
    type: str
    label: str
    x: Sequence[str]
    series: Sequence[dict[str, Any]]
    unit: str = ""
    stacked: bool = False
    tall: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """The data for the script of the page."""
        return {
            "type": self.type,
            "x": list(self.x),
            "series": list(self.series),
            "unit": self.unit,
            "stacked": self.stacked,
        }


@dataclass(frozen=True, kw_only=True)
class Block:
    """A section of a page. `span` is its width in twelfths of a wide page."""

    kind: ClassVar[str]
    id: str
    title: str
    note: str = ""
    span: int = 12
    link: Link | None = None
    aged: str = ""
    """The age of the block, if it is older than the page."""


@dataclass(frozen=True, kw_only=True)
class KeyFigures(Block):
    """A row of large figures."""

    kind: ClassVar[str] = "figures"
    figures: Sequence[FigureCard]


@dataclass(frozen=True, kw_only=True)
class Table(Block):
    """A table, with a chart of the same numbers, the formula, and downloads."""

    kind: ClassVar[str] = "table"
    heads: Sequence[HeaderCell]
    rows: Sequence[Sequence[TableCell]]
    empty: str = ""
    chart: Chart | None = None
    formula: str = ""
    more: Link | None = None
    saves: Sequence[Link] = ()
    folded: bool = False
    """True if the chart replaces the table until the reader opens it."""


@dataclass(frozen=True, kw_only=True)
class Heat(Block):
    """A matrix of rows by columns; each cell has a step from 0 (nothing) to 9 (most)."""

    kind: ClassVar[str] = "heat"
    corner: str
    columns: Sequence[str]
    rows: Sequence[tuple[TableCell, Sequence[tuple[TableCell, int]]]]
    legend: Sequence[str] = ()
    formula: str = ""
    more: Link | None = None
    saves: Sequence[Link] = ()


class Moment(NamedTuple):
    """One point of a time line."""

    day: str
    title: str
    note: str = ""
    href: str = ""
    tone: str = ""
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class TimelineBlock(Block):
    """Events in order of their days."""

    kind: ClassVar[str] = "timeline"
    moments: Sequence[Moment]
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class FactList(Block):
    """Names with their values."""

    kind: ClassVar[str] = "facts"
    facts: Sequence[tuple[str, TableCell]]


@dataclass(frozen=True, kw_only=True)
class TextBlock(Block):
    """Bytes or JSON, as they are."""

    kind: ClassVar[str] = "text"
    text: str
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice(Block):
    """One sentence with a tone, and a next step."""

    kind: ClassVar[str] = "notice"
    tone: str = "quiet"
    text: str = ""
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class Field(Block):
    """A form with one text field."""

    kind: ClassVar[str] = "field"
    name: str
    value: str
    hint: str
    button: str
    tall: bool = False


@dataclass(frozen=True, kw_only=True)
class Loading(Block):
    """A section that the page fetches when it is ready, and a link for browsers without scripts."""

    kind: ClassVar[str] = "loading"
    href: str
    text: str


@dataclass(frozen=True)
class WebPage:
    """A page: its heading, the sentence below it, its filters and blocks."""

    name: str
    title: str
    lede: str
    blocks: Sequence[Block]
    filters: Sequence[FilterField] = ()
    trail: Sequence[Link] = ()
    live: bool = False
    status: int = 200
    badge: str = ""
    saves: Sequence[Link] = field(default_factory=tuple)
