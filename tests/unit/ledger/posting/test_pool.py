"""A pool: its industries and rights, and how it shares an amount."""

from __future__ import annotations

from typing import Any

from ledger.posting.pool import Amount, AssetPool, single, weights
from tests.each_case import each_case

ALL, AI, SEMI, UNK = 0, 3, 5, 99
INVENTION, DESIGN, TRADEMARK, MIXED = 1, 3, 5, 9
CNY, USD = 156, 840


def asset(name: str, right: int, industry: int, appraised: tuple[int, int] | None = None) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": name, "right": right, "industry": industry}
    return facts | ({"appraised": appraised} if appraised else {})


@each_case(
    ("appraised", "expected"),
    [
        ([(CNY, 150), (CNY, 300)], [150, 300]),
        ([(CNY, 0), (CNY, 300)], [0, 300]),
        ([(CNY, 0), (CNY, 0)], [1, 1]),
        ([(CNY, 100), (USD, 300)], [1, 1]),
        ([(CNY, 100), None], [1, 1]),
        ([None, None, None], [1, 1, 1]),
        ([(CNY, 10**15)] * 2, [10**15, 10**15]),
    ],
)
def test_assets_weigh_their_values_if_all_are_known_in_one_currency(appraised: Any, expected: list[int]) -> None:
    assert weights([asset("A", INVENTION, AI, value) for value in appraised]) == expected


def test_a_pool_of_patents_marks_and_copyright_is_mixed() -> None:
    pool = AssetPool("CN-SH", [asset("A", INVENTION, AI), asset("B", DESIGN, AI), asset("C", TRADEMARK, UNK)])
    assert pool.rights == {ALL: MIXED, AI: MIXED, UNK: TRADEMARK}
    assert pool.shares(100) == {ALL: 100, AI: 67, UNK: 33}
    assert pool.lines(2, 20230301, Amount(0, 0)) == {
        (2, 20230301, "CN-SH", MIXED, ALL, 0): (1, 0, 0),
        (2, 20230301, "CN-SH", MIXED, AI, 0): (1, 0, 0),
        (2, 20230301, "CN-SH", TRADEMARK, UNK, 0): (1, 0, 0),
    }


def test_an_amount_is_shared_again_over_the_remaining_assets_under_the_same_rights() -> None:
    pool = AssetPool(
        "", [asset("A", INVENTION, AI, (CNY, 1)), asset("B", DESIGN, AI), asset("C", DESIGN, SEMI, (CNY, 3))]
    )
    left = pool.changed({"B"}, [])
    assert left.rights == pool.rights == {ALL: MIXED, AI: MIXED, SEMI: DESIGN}
    assert (pool.shares(100), left.shares(100)) == ({ALL: 100, AI: 67, SEMI: 33}, {ALL: 100, AI: 25, SEMI: 75})
    assert left.changed({"A"}, []).rights == {ALL: MIXED, SEMI: DESIGN}


def test_assets_of_one_name_leave_together() -> None:
    pool = AssetPool("", [asset("A", INVENTION, AI), asset("A", DESIGN, SEMI), asset("B", DESIGN, SEMI)])
    assert [each["industry"] for each in pool.changed({"A"}, []).assets] == [SEMI]


def test_one_right_counts_in_the_whole_and_in_its_industry() -> None:
    facts = {"occurred_on": 20230301, "region": "US", "industry": SEMI}
    assert single(8, facts, DESIGN) == {
        (8, 20230301, "US", DESIGN, ALL, 0): (1, 0, 0),
        (8, 20230301, "US", DESIGN, SEMI, 0): (1, 0, 0),
    }
    assert single(8, {"occurred_on": 20230301}, 0, Amount(CNY, 0)) == {
        (8, 20230301, "", 0, ALL, CNY): (1, 1, 0),
        (8, 20230301, "", 0, UNK, CNY): (1, 1, 0),
    }
