"""Sums of many postings equal a naive sum, by month and year, on each basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.posting.cells import BASES, LOW, Basis, Kind, Stock
from ledger.posting.sums import BOTH_ALIKE, EACH, EVENTS_ALONE, Addition, Posting, Sums

measures = st.one_of(
    st.tuples(st.integers(-2, 2), st.just(0), st.just(0)),
    st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.integers(-3 * LOW, 3 * LOW)),
)


def postings_of(*kinds: int) -> st.SearchStrategy[list[Posting]]:
    cells = st.tuples(
        st.sampled_from(kinds),
        st.sampled_from([20230504, 20230505, 20230601, 20240504]),
        st.sampled_from(["", "CN-SH"]),
        st.sampled_from([1, 9]),
        st.sampled_from([0, 3]),
        st.sampled_from([0, 156]),
    )
    return st.lists(st.tuples(st.sampled_from([1, 2, 3]), cells, measures), max_size=12)


def naive(postings: Iterable[Posting], basis: int, *keys_of: Callable[..., tuple[Any, ...]]) -> dict[Any, Any]:
    """Return key -> (events, with_amount, amount) on a basis, without zero rows."""
    sums: Counter[tuple[Any, int]] = Counter()
    for on, cell, measure in postings:
        if on & basis:
            for key_of in keys_of:
                sums.update({(key_of(*cell), index): value for index, value in enumerate(measure)})
    keys = {key for key, _ in sums}
    return {key: tuple(sums[key, index] for index in range(3)) for key in keys if any(sums[key, p] for p in range(3))}


def gathered(sums: Sums, table: str, basis: int) -> dict[Any, Any]:
    """Return the same of the rows to add to a table."""
    found: dict[Any, Any] = {}
    for (name, count), rows in sums.rows().items():
        if name != table:
            continue
        for row in rows:
            key, measures = row[:-count], row[-count:]
            assert any(measures), "nothing is added for nothing"
            assert key not in found, "each key once"
            of_basis = measures[4:] if count == EACH and basis == Basis.CORRECTED else measures[:4]
            events, known, high, low = of_basis if count != EVENTS_ALONE else (*measures, 0, 0, 0)
            assert 0 <= low < LOW
            found[key] = (events, known, high * LOW + low)
    return {key: measures for key, measures in found.items() if any(measures)}


def by_year(kind: int, date: int, *cell: Any) -> tuple[Any, ...]:
    return (kind, date // 10000, *cell)


def in_stock(kind: int, date: int, region: str, right: int, industry: int, currency: int) -> tuple[Any, ...]:
    return (kind, region, date, industry, right, currency)


def _by(digits: int) -> Callable[..., tuple[Any, ...]]:
    def key(kind: int, date: int, region: str, right: int, industry: int, currency: int) -> tuple[Any, ...]:
        return (kind, date // digits, industry, currency)

    return key


PERIODS = (_by(100), _by(10_000))


@pytest.mark.slow
@given(
    posted=st.lists(postings_of(Kind.PLEDGES, Kind.GRANTS), max_size=3),
    before=postings_of(Stock.PLEDGES, Stock.PATENTS),
    after=postings_of(Stock.PLEDGES, Stock.PATENTS),
)
def test_sums_equal_the_naive_sum(posted: list[list[Posting]], before: list[Posting], after: list[Posting]) -> None:
    sums, *others = (Sums() for _ in range(len(posted) + 1))
    for one, postings in zip(others, posted, strict=True):
        one.add(postings)
    sums.change_stock(before, [])
    others.append(Sums())
    others[-1].change_stock([], after)
    sums.include(others)
    added = [posting for postings in posted for posting in postings]
    changed = [*after, *((basis, cell, (-a, -b, -c)) for basis, cell, (a, b, c) in before)]
    for basis in BASES.values():
        assert gathered(sums, "total", basis) == naive(added, basis, by_year)
        assert gathered(sums, "stock", basis) == naive(changed, basis, in_stock)
        assert gathered(sums, "summary", basis) == naive([*added, *changed], basis, *PERIODS)


def test_a_negative_amount_borrows_from_the_high_half() -> None:
    sums = Sums()
    sums.add([(Basis.BOTH, (Kind.PLEDGES, 20230504, "", 1, 0, 156), (-1, -1, -1))])
    rows = sums.rows()
    assert rows[Addition("total", BOTH_ALIKE)] == [(Kind.PLEDGES, 2023, "", 1, 0, 156, -1, -1, -1, LOW - 1)]
    assert rows[Addition("total", EVENTS_ALONE)] == []


def test_postings_of_both_bases_and_of_one_are_added_together() -> None:
    cell = (Kind.PLEDGES, 20230504, "", 1, 0, 0)
    sums = Sums()
    sums.add([(Basis.BOTH, cell, (1, 0, 0)), (Basis.CORRECTED, cell, (-1, 0, 0))])
    rows = sums.rows()
    assert rows[Addition("total", EACH)] == [(Kind.PLEDGES, 2023, "", 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)]
    assert rows[Addition("total", EVENTS_ALONE)] == []


def test_a_stock_that_does_not_change_adds_nothing() -> None:
    same: list[Posting] = [(Basis.BOTH, (Stock.PATENTS, 20230504, "", 1, 0, 0), (1, 0, 0))]
    sums = Sums()
    sums.change_stock(same, list(same))
    assert [row for rows in sums.rows().values() for row in rows] == []
