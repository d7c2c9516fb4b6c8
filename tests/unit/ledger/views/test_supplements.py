"""Assets that join a pool later, in every view of pools."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, asset, corrected, granted, money, voided
from tests.posting import event_on, post, shown

ONE, TWO, THREE = "CN1B", "CN2B", "CN3B"


def worth(name: str, amount: str, right: str = "invention") -> dict[str, Any]:
    return asset(id=name, right=right, appraised=money(amount))


def pledge(subject: str = "P1", day: str = "2023-01-01", *assets: dict[str, Any]) -> Event:
    pool = [*assets] or [worth(ONE, "300.00")]
    return event_on("pledge.registered", subject, day, assets=pool, secured=money("100.00"), registration_no="Y1")


def change(day: str, **data: Any) -> Event:
    return event_on("pledge.modified", "P1", day, registration_no="Y1", **data)


def pool(book: Book, as_of: int, **more: Any) -> Any:
    """Return the ids of the assets in P1, with their number of pledges."""
    rows = shown(book, "encumbered", "id", "pledge", "pledges", as_of=as_of, **more)
    return [(name, pledges) for name, subject, pledges in rows if subject == "P1"]


def test_an_asset_is_encumbered_from_the_day_on_which_it_joins(book: Book) -> None:
    post(book, pledge(), pledge("P2", "2023-01-01", worth(TWO, "1.00")))
    post(book, change("2023-03-01", added=[worth(TWO, "100.00"), worth(THREE, "1.00", "design")]))
    assert pool(book, 20230228) == [(ONE, 1)]
    assert pool(book, 20230301) == [(ONE, 1), (TWO, 2), (THREE, 1)]
    assert shown(book, "encumbered", "right", as_of=20230301, id=THREE) == ["design"]


def added(month: int, name: str) -> tuple[int, dict[str, Any]]:
    return month, {"added": [worth(name, "1.00")]}


def released(month: int, name: str) -> tuple[int, dict[str, Any]]:
    return month, {"released": [name]}


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ([added(5, TWO), released(9, TWO)], {4: [], 5: [TWO], 8: [TWO], 9: []}),
        ([added(5, TWO), released(3, TWO)], {4: [], 5: [], 9: []}),
        ([added(5, TWO), released(6, TWO), added(8, TWO)], {5: [TWO], 6: [], 8: [TWO]}),
        ([added(5, TWO), released(6, TWO), added(4, TWO)], {3: [], 4: [TWO], 6: [TWO]}),
        ([added(5, TWO), released(4, TWO), added(6, TWO)], {5: [], 6: [TWO]}),
        ([released(5, ONE), added(3, ONE)], {2: [ONE], 4: [ONE], 5: [ONE]}),
        ([released(5, ONE), added(9, ONE)], {4: [ONE], 5: [], 8: [], 9: [ONE]}),
        ([added(3, ONE), released(5, ONE)], {2: [ONE], 4: [ONE], 5: []}),
    ],
)
def test_log_order_counts_and_a_day_shows_events_dated_up_to_it(
    book: Book, changes: list[tuple[int, dict[str, Any]]], held: dict[int, list[str]]
) -> None:
    """Each of them changes another field too, so that each has an effect."""
    others = [worth(ONE, "1.00")] if any(ONE in names for names in held.values()) else []
    post(book, pledge("P1", "2023-01-01", worth(THREE, "1.00"), *others))
    for at, (month, data) in enumerate(changes):
        post(book, change(f"2023-0{month}-01", **data, debt_to="2030-01-01") | {"id": f"e{at}"})
    for month, names in held.items():
        day = 20230001 + month * 100
        assert pool(book, day) == [(name, 1) for name in (*names, THREE)], month
        assert shown(book, "ltv", "assets", as_of=day) == [1 + len(names)]


def test_an_asset_that_is_replaced_by_itself_has_its_new_value(book: Book) -> None:
    post(book, pledge(), change("2023-03-01", released=[ONE], added=[worth(ONE, "50.00")]))
    columns = ("assets", "appraised", "ltv")
    assert shown(book, "ltv", *columns, as_of=20230228) == [(1, "300.00", pytest.approx(1 / 3))]
    assert shown(book, "ltv", *columns, as_of=20230301) == [(1, "50.00", 2.0)]


def test_an_asset_that_is_added_twice_counts_once_as_added_first(book: Book) -> None:
    post(book, pledge(), change("2023-03-01", added=[worth(TWO, "100.00"), worth(TWO, "7.00")]))
    post(book, change("2023-04-01", added=[worth(TWO, "9.00"), worth(ONE, "9.00"), worth(THREE, "100.00")]))
    assert shown(book, "ltv", "assets", "appraised", "ltv") == [(3, "500.00", 0.2)]


def test_a_supplement_is_corrected_and_voided_only_on_the_corrected_basis(book: Book) -> None:
    joined = change("2023-03-01", added=[worth(TWO, "100.00")])
    post(book, pledge(), joined, corrected(joined, added=[worth(THREE, "1.00")]))
    assert pool(book, 20230301) == [(ONE, 1), (THREE, 1)]
    assert pool(book, 20230301, recorded=True) == [(ONE, 1), (TWO, 1)]
    post(book, voided(joined))
    assert pool(book, 20230301) == [(ONE, 1)]


def test_stock_and_flow_of_a_new_industry(book: Book) -> None:
    chips = asset("H01L0021020000", id=TWO, appraised=money("100.00"))
    post(book, pledge(), change("2023-03-01", added=[chips]))
    for as_of, shares in ((20230228, [("AI", "100.00")]), (20230301, [("AI", "75.00"), ("SEMI", "25.00")])):
        rows = shown(book, "pledge_stock", "industry", "amount", as_of=as_of)
        assert sorted(row for row in rows if row[0] != "ALL") == shares
    columns = ("industry", "events", "amount")
    assert sorted(shown(book, "totals", *columns, kind="pledge_changes", basis="corrected")) == [
        ("AI", 1, "-25.00"),
        ("ALL", 1, "0.00"),
        ("SEMI", 1, "25.00"),
    ]


def test_a_later_pledge_of_a_joined_asset_is_flagged(book: Book) -> None:
    post(book, pledge(), change("2023-03-01", added=[worth(TWO, "1.00")]), change("2023-06-01", released=[TWO]))
    post(book, *(pledge(f"P{number}", f"2023-0{number}-01", worth(TWO, "1.00")) for number in (2, 3, 5, 6)))
    post(book, event_on("pledge.cancelled", "P3", "2023-04-01", registration_no="Y1"))
    flagged = shown(book, "pledge_flags", "pledge", "explanation", rule="R9")
    assert flagged == [
        ("P1", "pledged already: P2, registered on 2023-02-01"),
        ("P3", "pledged already: P1, registered on 2023-01-01"),
        ("P5", "pledged already: P1, registered on 2023-01-01"),
        ("P6", "pledged already: P2, registered on 2023-02-01"),
    ]


def test_a_release_affects_only_assets_already_in_the_pool(book: Book) -> None:
    """Released and added again; and added by a change that is dated before its pledge was registered."""
    post(
        book,
        pledge(),
        pledge("P2", "2022-12-15", worth(THREE, "1.00")),
        change("2022-12-01", added=[worth(THREE, "1.00")]),
    )
    post(book, change("2023-06-01", released=[ONE]), change("2023-08-01", added=[worth(ONE, "1.00")]))
    post(book, *(pledge(f"P{month}", f"2023-0{month}-01", worth(ONE, "1.00")) for month in (5, 7, 9)))
    post(
        book,
        *(event_on("pledge.cancelled", f"P{month}", f"2023-0{month}-02", registration_no="Y1") for month in (5, 7)),
    )
    in_pool_from_the_first_day = ("P1", THREE)
    found = shown(book, "pledge_flags", "pledge", "asset", rule="R9")
    assert found == [in_pool_from_the_first_day, ("P5", ONE), ("P9", ONE)]


def test_an_asset_that_rejoined_is_not_freed_by_its_release(book: Book) -> None:
    post(
        book,
        *(granted(name, name, occurred_on="2020-01-01") for name in (ONE, TWO)),
        pledge("P1", "2023-01-01", worth(ONE, "1.00"), worth(TWO, "1.00")),
    )
    post(book, change("2023-03-01", added=[worth(ONE, "1.00")], debt_to="2030-01-01"))
    post(book, change("2023-04-01", released=[ONE]))
    assert shown(book, "patents", "encumbered", as_of=20230401) == [0, 1]
    post(book, change("2023-05-01", added=[worth(ONE, "1.00")]))
    assert shown(book, "patents", "encumbered", as_of=20230501) == [1, 1]


def test_a_release_of_a_joined_asset_is_no_slip(book: Book) -> None:
    post(book, pledge(), change("2023-03-01", added=[worth(TWO, "1.00")]))
    post(book, change("2023-06-01", released=[TWO, THREE]))
    assert shown(book, "plausibility", "flag", "value") == [("released_unknown", THREE)]


def test_a_joined_asset_is_converted_and_freed_by_the_end(book: Book) -> None:
    post(book, granted("g1", TWO, occurred_on="2020-01-01"))
    post(book, pledge(), change("2023-03-01", added=[worth(TWO, "1.00")]))
    post(
        book,
        event_on(
            "valuation.completed", TWO, "2022-06-01", purpose="pledge_financing", right="invention", method="market"
        ),
    )
    assert shown(book, "conversion", "pledged", as_of=20230228) == [0]
    assert shown(book, "conversion", "pledged", as_of=20230301) == [1]
    days = (20230228, 20230301, 20231231)
    post(book, event_on("pledge.cancelled", "P1", "2023-12-31", registration_no="Y1"))
    assert [shown(book, "patents", "encumbered", as_of=day) for day in days] == [[0], [1], [0]]
