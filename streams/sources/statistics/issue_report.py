"""The count report of a weekly issue of US patents (`ipgYYYYMMDDrpt.html`), and its list of numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from typing import Any

from streams.sources import uspto
from streams.sources.formats import WHOLE_FILE, Format, begins
from streams.sources.reading import Reading, each
from streams.sources.results import Imported, Skip, SkipReason, Unreadable
from streams.sources.statistics.figure import Figure, number, published
from streams.sources.texts import day_of

_ISSUE_DATE = re.compile(r"Issue Date:?\s*([0-9]{8})").search
_SORTS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "Design": ("design", {"right": "design", "kinds": ["S1"]}),
    "Plant": ("plant", {"right": "plant", "kinds": ["P2", "P3"]}),
    "Reissue": ("reissue", {"kinds": ["E1"]}),
    "Utility": ("utility", {"right": "invention", "kinds": ["B1", "B2"]}),
}
_OTHERS = {
    "Reexam": (SkipReason.NO_METRIC, "reexamination certificates are not grants"),
    "Stat": (SkipReason.STATUTORY_REGISTRATION, "statutory invention registrations are not patents"),
}
_TOTAL = "Total"


class _Page(HTMLParser):
    """The headings of a page, and the rows of its tables as texts."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.rows: list[list[str]] = []
        self._into: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "h3"):
            self._into = self.headings if tag == "h3" or not self.rows else self.rows[-1]
            self._into.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "h3"):
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] = " ".join(f"{self._into[-1]} {data}".split())


def read(content: bytes) -> Iterator[Figure | Skip]:
    """Yield the figures of one report. Raise Unreadable if it is invalid or does not add up."""
    page = _Page()
    try:
        page.feed(content.decode("utf-8", "replace"))
    except AssertionError as error:  # the parser's answer to an unknown marked section
        raise Unreadable(f"the report is not HTML: {error}") from error
    match = _ISSUE_DATE(" ".join(page.headings))
    issued_on = day_of(match[1]) if match else None
    if issued_on is None:
        raise Unreadable("the report has no line `Issue Date: YYYYMMDD`")
    counts = _counts(page.rows)
    if counts.total() != 2 * counts[_TOTAL]:
        raise Unreadable(f"the total is {counts[_TOTAL]}, but its rows add up to {counts.total() - counts[_TOTAL]}")
    for sort, (name, data) in _SORTS.items():
        if sort in counts:
            yield _figure(issued_on, name, counts[sort], data)
    for sort, (rule, reason) in _OTHERS.items():
        if sort in counts:
            yield Skip(rule, f"{counts[sort]} in the issue of {issued_on}: {reason}")
    others = sum(counts[sort] for sort in _OTHERS)
    scope = f"with {others} reexamination certificates and statutory invention registrations" if others else None
    yield _figure(issued_on, "total", counts[_TOTAL], {"scope": scope})


def _counts(rows: list[list[str]]) -> Counter[str]:
    """Return the number of documents of each kind, without withdrawn ones, and their total. Raise Unreadable."""
    counts: Counter[str] = Counter()
    column = None
    for label, *cells in filter(None, rows):
        if column is None:
            column = cells.index("Count") if "Count" in cells else None
        elif label:
            sort = next((sort for sort in (*_SORTS, *_OTHERS, _TOTAL) if label.startswith(sort)), None)
            if sort is None or len(cells) <= column:
                raise Unreadable(
                    f"row {label[:64]!r} of the counts is not one of {', '.join([*_SORTS, *_OTHERS, _TOTAL])}"
                )
            counts[sort] += int(number(cells[column] or "0", label))
            if sort == _TOTAL:
                return counts
    raise Unreadable("the report has no table of counts that ends with a total")


def _figure(issued_on: date, name: str, count: int, data: Mapping[str, Any]) -> Figure:
    return Figure(
        source=uspto.SOURCE,
        subject=f"figure/uspto/issue/{issued_on}/{name}",
        figure=f"US patents issued {issued_on}: {name}",
        metric="grants",
        period=(issued_on, issued_on),
        value=str(count),
        publisher="USPTO",
        document=f"count report of the weekly issue, Grant Red Book Issue {issued_on:%Y%m%d}",
        published_on=issued_on,
        more={"office": "US", **data},
    )


def read_list(content: bytes) -> Iterator[Skip]:
    """Skip the list: it also contains withdrawn numbers."""
    numbers = content.split()
    if day_of(numbers[-1].decode("ascii", "replace")):  # its last line is the date of the issue
        numbers.pop()
    reason = (
        f"a list of {len(numbers)} document numbers, including withdrawn ones; the count report has the issued ones"
    )
    yield Skip(SkipReason.ANOTHER_DOCUMENT, reason)


def _events(figure: Figure, reading: Reading) -> Iterator[Imported]:
    yield published(figure)
    reading.counts["count of a weekly issue"] += 1


_REPORT = rb"(?is)(?:<!DOCTYPE[^>]*>\s*)?<html.*?<h3>[^<]*\bGrant\b[^<]*</h3>.*?Issue Date"
FORMATS = (
    Format("uspto-issue-report", begins(_REPORT), WHOLE_FILE, read),
    Format("uspto-issue-list", begins(rb"(?:[A-Z]{0,2}[0-9]{6,8}\s+){2}"), WHOLE_FILE, read_list),
)
uspto_issue_reports = each(FORMATS, _events)
