"""Published figures, the events behind them, and the verdicts of a book."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ledger.book.book import Book
from ledger.figures.metrics import Metrics
from ledger.figures.question import FigureQuery
from ledger.figures.reconcile import compared
from tests.events import Event, asset, money
from tests.posting import event_on

BILLION = 10**9


def figure(text: str, metric: str, value: str, precision: Any, to: str = "2023-12-31", **data: Any) -> Event:
    """Return a published figure of Shanghai, by default of the year 2023."""
    fields = {"figure": text, "metric": metric, "value": value, "precision": precision, "period_to": to}
    flow = {"region": "CN-SH", "period_from": f"{to[:4]}-01-01", "currency": "CNY"}
    return event_on("reference.published_figure", text, data.pop("on", "2024-12-05"), **flow | fields | data)


def pledge(subject: str, day: str, yuan: int | None, **data: Any) -> Event:
    secured = ... if yuan is None else money(str(yuan))
    return event_on(
        "pledge.registered", subject, day, **{"region": "CN-SH", "secured": secured, "assets": [asset()]} | data
    )


def granted(number: int, day: str, **data: Any) -> Event:
    fields = {"office": "CN", "number": str(number), "kind": "B", "ipc": ["G06N0020000000"], "region": "CN-SH"}
    return event_on("patent.granted", f"CN{number}B", day, **fields | {"filed_on": ...} | data)


def population(persons: int, as_of: str, on: str, region: str = "CN-SH") -> Event:
    return event_on("reference.population", f"{region}/{as_of}/{on}", on, region=region, as_of=as_of, persons=persons)


def rate(base: str, quote: str, day: str, by: str, source: str = "ECB") -> Event:
    subject = f"{source}/{base}-{quote}/{day}"
    return event_on("reference.fx_rate", subject, day, base=base, quote=quote, rate=by, rate_source=source)


def rows(book: Book, basis: str = "corrected", about: str = "") -> dict[str, dict[str, Any]]:
    return {row["figure"]: row for row in compared(book, basis, about).rows}


def verdicts(book: Book, basis: str = "corrected") -> dict[str, tuple[str | None, str]]:
    return {text: (row["exact"], row["verdict"]) for text, row in rows(book, basis).items()}


def value(
    book: Book, metric: str, last: str, first: str | None = None, basis: str = "corrected", **asked: Any
) -> Fraction:
    begins = date.fromisoformat(first) if first else None
    whole = {"region": "CN-SH", "currency": "CNY"} | asked
    return Metrics(book.connection, basis).measure(FigureQuery(metric, date.fromisoformat(last), begins, **whole)).value
