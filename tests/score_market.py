"""Random small markets of patents, as events in a book."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ledger.book.book import Book
from tests.books import new_book, opened
from tests.events import Event, asset, money
from tests.posting import event_on, post
from tests.score_model import OURS, Known

TODAY = "2024-01-01"
OFFICES = ("US", "EP", "JP")
NAMES = [f"CN10900000{number}B" for number in range(8)]
SYMBOLS = (("G06N0003047500",), ("G06N0003047500", "H04L0009000000"), ("A61K0039395000",))

_days = st.sampled_from(["2013-02-28", "2013-07-31", "2014-03-01"])
_known = st.builds(
    Known,
    st.just(""),
    st.sampled_from(["2016-01-01", "2016-01-31", "2018-12-31", "2018-12-30", "2020-05-05"]),
    st.one_of(_days, _days, st.none()),
    st.sampled_from([*SYMBOLS, SYMBOLS[0], ()]),
    st.one_of(st.integers(1, 4), st.none()),
    st.one_of(st.lists(st.sampled_from([*NAMES, "US1"]), max_size=4, unique=True).map(tuple), st.none()),
    st.sampled_from(["F1", "F2", None]),
    st.integers(0, 3),
    st.just(None),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from([False, False, False, True]),
    st.integers(0, 1),
)


@st.composite
def markets(draw: st.DrawFn, least: int = 2) -> list[Known]:
    """Draw 2 to 7 patents of few cohorts and families."""
    drawn = draw(st.lists(_known, min_size=least, max_size=7))
    return [one._replace(name=name) for one, name in zip(drawn, NAMES, strict=False)]


def weight_set(name: str, **weights: int) -> Event:
    """Return a set of weights that holds from 2000 on."""
    more: dict[str, Any] = {"name": name, "weights": weights}
    return event_on("reference.weight_set", f"weights/{name}", "2000-01-01", **more)


OECD_4 = dict.fromkeys(("claims", "forward_cites", "family_offices", "generality"), 1)
SETS = {"ipl-equal-2": OURS, "oecd-composite-4": OECD_4, "seven": {"award": 7, "claims": 3, "grant_lag": 1}}
SET_EVENTS = [weight_set(name, **weights) for name, weights in SETS.items() if weights is not OURS]


@contextmanager
def book_of(market: Sequence[Known]) -> Iterator[Book]:
    """Yield a book of a market and the sets of weights."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "book.db"
        new_book(path)
        with opened(path) as book:
            post(book, *SET_EVENTS, *(event for one in market for event in events_of(one)))
            yield book


def events_of(one: Known) -> Iterator[Event]:
    """Yield everything that is known of a patent."""
    yield event_on(
        "patent.granted",
        one.name,
        one.granted_on,
        office="CN",
        number=one.name[2:-1],
        kind="B",
        right="invention",
        applicants=[],
        ipc=list(one.ipc),
        region="CN-SH",
        filed_on=one.filed_on or ...,
        claims=one.claims or ...,
        family_id=one.family or ...,
        backward_cites=... if one.cites is None else list(one.cites),
    )
    for office in OFFICES[: one.abroad] if one.family else ():
        yield _published_abroad(one, office)
    if one.expires_on:
        last = date.fromisoformat(one.expires_on) - timedelta(1)
        yield event_on("patent.term_adjusted", one.name, "2021-01-01", expires_on=last.isoformat())
    for number in range(one.fees):
        yield event_on("patent.fee_paid", one.name, "2021-01-01", fee_year=3 + number)
    for number in range(one.survived):
        yield event_on("patent.challenged", one.name, f"2021-02-0{number + 1}")
        yield event_on("patent.upheld", one.name, f"2021-03-0{number + 1}")
    if one.award:
        yield event_on("patent.awarded", one.name, "2021-01-01", award="china_patent")
    if one.ceased:
        yield event_on("patent.ceased", one.name, "2022-01-01")
    for number in range(one.deals):
        priced = {"fee": "fixed", "amount": money("1.00"), "assets": [asset(id=one.name)]}
        yield event_on("licence.recorded", f"L{number} {one.name}", "2021-01-01", **priced)
    for number in range(one.pledges):
        yield from pledge_of(f"P{number} {one.name}", one.name)


def pledge_of(pledge: str, name: str, *ends: str) -> Iterator[Event]:
    """Yield a pledge of a patent, and what becomes of it."""
    yield event_on("pledge.registered", pledge, "2021-01-01", assets=[asset(id=name)], registration_no="Y1")
    for end in ends:
        yield event_on(f"pledge.{end}", pledge, "2022-01-01", registration_no="Y1")


def _published_abroad(one: Known, office: str) -> Event:
    number = f"{1_000_000 + NAMES.index(one.name)}"
    data = {"office": office, "number": number, "kind": "A1", "ipc": [], "applicants": [], "right": "invention"}
    omitted: dict[str, Any] = {"application_number": ...}
    subject = f"{office}{number}A1"
    return event_on("patent.published", subject, "2015-06-01", family_id=one.family, **data, **omitted)
