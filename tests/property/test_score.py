"""Scores of random markets: equal to a model in exact fractions, monotone, blind to pledges, stable in a cohort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger.book.book import Book
from ledger.queries.view import view
from tests.effort import examples
from tests.posting import event_on, post
from tests.score_market import NAMES, SETS, SYMBOLS, TODAY, book_of, markets, pledge_of
from tests.score_model import RANKED, Known, score_of, terms_of

_settings = settings(max_examples=examples(13), deadline=None, suppress_health_check=[HealthCheck.too_slow])
Ends = dict[tuple[str, str], tuple[int, int]]
"""(patent, set of weights or term) -> both ends."""


class Scores(NamedTuple):
    """Both ends of the scores of a book, and its points."""

    ends: Ends
    points: list[dict[str, Any]]

    def terms(self, weights: str = "ipl-equal-2") -> Ends:
        """Return both ends of each term."""
        of_set = (row for row in self.points if row["weights"] == weights)
        return {(row["patent"], row["term"]): (row["low"], row["high"]) for row in of_set}


def scores(book: Book) -> Scores:
    day = date.fromisoformat(TODAY)
    rows = view(book, "patent_score", as_of=day).shown_as_dicts()
    points = view(book, "score_points", as_of=day).shown_as_dicts()
    return Scores({(row["patent"], row["weights"]): (row["low"], row["high"]) for row in rows}, points)


def scores_of(market: Sequence[Known]) -> Scores:
    with book_of(market) as book:
        return scores(book)


@_settings
@given(market=markets())
def test_scores_are_those_of_the_model(market: list[Known]) -> None:
    found = scores_of(market)
    in_force = [one for one in market if not one.ceased]
    assert found.ends == {
        (one.name, name): score_of(one, market, TODAY, weights) for one in in_force for name, weights in SETS.items()
    }
    terms = {one.name: terms_of(one, market, TODAY) for one in in_force}
    for row in found.points:
        low, high = terms[row["patent"]][row["term"]]
        assert (row["low"], row["high"]) == (low * 10**6 // 1, -(-high * 10**6 // 1)), row
        if row["term"] in RANKED and row["equal"] is not None:
            assert 0 <= row["worse"] < row["worse"] + row["equal"] <= row["cohort"]


@_settings
@given(market=markets())
def test_points_add_up_to_the_score(market: list[Known]) -> None:
    found = scores_of(market)
    sums = dict.fromkeys(found.ends, (0, 0))
    for row in found.points:
        assert row["points_low"] >= 0
        assert row["weight"] == SETS[row["weights"]][row["term"]]
        low, high = sums[row["patent"], row["weights"]]
        sums[row["patent"], row["weights"]] = (low + row["points_low"], high + row["points_high"])
    assert sums == found.ends


HIDDEN: list[dict[str, Any]] = [
    {"claims": None}, {"cites": None}, {"family": None}, {"ipc": ()}, {"filed_on": None},
    {"fees": 0}, {"survived": 0}, {"deals": 0}, {"award": False}, {"abroad": 0},
]  # fmt: skip


@_settings
@given(market=markets(), number=st.integers(0, 6), hidden=st.sampled_from(HIDDEN))
def test_hiding_a_fact_never_raises_the_lower_end(market: list[Known], number: int, hidden: dict[str, Any]) -> None:
    one = market[number % len(market)]
    concealed = one._replace(**hidden)
    assume(concealed != one and not one.ceased)
    before, after = (scores_of([known if other is one else other for other in market]) for known in (one, concealed))
    for name in SETS:
        assert after.ends[one.name, name][0] <= before.ends[one.name, name][0]
        if hidden != {"abroad": 0}:
            assert after.ends[one.name, name][1] >= before.ends[one.name, name][1]


@_settings
@given(market=markets(), number=st.integers(0, 6))
def test_good_evidence_never_lowers_the_lower_end(market: list[Known], number: int) -> None:
    one = market[number % len(market)]
    assume(not one.ceased)
    with book_of(market) as book:
        before = scores(book)
        for more in (
            event_on("patent.fee_paid", one.name, "2022-05-01", fee_year=9),
            event_on("patent.term_adjusted", one.name, "2022-05-01", expires_on="2039-12-31"),
            event_on("patent.awarded", one.name, "2022-05-01", award="other"),
            event_on("patent.challenged", one.name, "2022-05-01"),
            event_on("patent.upheld", one.name, "2022-06-01"),
            citing(one.name),
        ):
            post(book, more)
            after = scores(book)
            for name in SETS:
                assert after.ends[one.name, name][0] >= before.ends[one.name, name][0], (more["type"], name)
            before = after


def citing(name: str) -> dict[str, Any]:
    """Return the grant of a patent of another cohort that cites a patent."""
    data = {"office": "US", "number": "9000000", "kind": "B2", "right": "invention", "ipc": [], "applicants": []}
    return event_on("patent.granted", "US9000000B2", "2017-01-01", backward_cites=[name], **data)


ENDS: list[tuple[str, ...]] = [(), ("cancelled",), ("defaulted", "realised")]


@_settings
@given(market=markets(), number=st.integers(0, 6), ends=st.sampled_from(ENDS))
def test_a_pledge_changes_no_score(market: list[Known], number: int, ends: tuple[str, ...]) -> None:
    name = market[number % len(market)].name
    with book_of(market) as book:
        before = scores(book)
        post(book, *pledge_of("P9", name, *ends), event_on("patent.preserved", name, "2022-01-01"))
        assert scores(book) == before


@_settings
@given(
    market=markets(),
    claims=st.sampled_from([1, 2, 400]),
    cites=st.integers(0, 7),
    day=st.sampled_from(["2016-01-01", "2023-01-01"]),
)
def test_one_patent_more_moves_a_term_by_at_most_one_rank(
    market: list[Known], claims: int, cites: int, day: str
) -> None:
    cohort = ("G", "2013")
    cited = tuple(one.name for one in market if one.cohort == cohort)[:cites]
    outlier = Known(NAMES[7], day, "2013-02-28", SYMBOLS[1], claims, (*cited, "US1", "US2", "US3"), "F9", 3)
    before, after = scores_of(market).terms(), scores_of([*market, outlier]).terms()
    sizes = {(row["patent"], row["term"]): row["cohort"] for row in scores_of(market).points}
    for key, ends in before.items():
        most = 10**6 / ((sizes[key] or 0) + 1) + 1  # ends are rounded to millionths
        moved = max(abs(now - then) for now, then in zip(after[key], ends, strict=True))
        assert moved <= most, (key, ends, after[key])
