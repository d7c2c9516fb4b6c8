"""Several amounts in one row: exact whatever their size, null where they are not known."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.views.money import added, added_up, halves, money, real
from schemas.money import decimal_text

LARGEST = 10**15
several = st.lists(st.integers(-LARGEST, LARGEST), min_size=1, max_size=20)


def shown(select: str, amounts: list[int | None], times: int = 1) -> tuple[str | None, str | int | None, float | None]:
    """What `money` and `real` make of an amount `x` out of `one (minor)`; each amount is in it so often."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE one (minor INTEGER)")
    connection.executemany("INSERT INTO one VALUES (?)", [(amount,) for amount in amounts for _ in range(times)])
    found: tuple[str | None, str | int | None, float | None] = connection.execute(
        f"SELECT {money('x')}, {real('x')} FROM (SELECT 2 AS decimals, {select})"
    ).fetchone()
    connection.close()
    return found


@given(several)
def test_a_sum_is_exact_in_whatever_order_and_of_whatever_sign(amounts: list[int]) -> None:
    text, minor, approximately = shown(f"{added('x', 'minor')} FROM one", [*amounts])
    assert (text, minor) == (decimal_text(sum(amounts), "CNY"), sum(amounts))
    assert approximately == pytest.approx(sum(amounts))


def test_a_sum_beyond_64_bits_is_shown_digit_by_digit() -> None:
    whole = 9300 * LARGEST
    text, minor, approximately = shown(f"{added('x', 'minor')} FROM one", [LARGEST], 9300)
    assert (text, minor) == (decimal_text(whole, "CNY"), str(whole))
    assert approximately == pytest.approx(whole)
    debts = shown(f"{added('x', '-minor')} FROM one", [LARGEST], 9300)
    assert debts[:2] == (decimal_text(-whole, "CNY"), str(-whole))


@given(several, several)
def test_sums_of_sums_are_exact(some: list[int], others: list[int]) -> None:
    sums = f"SELECT {added('x', 'minor')} FROM one GROUP BY minor % 3"
    assert shown(f"{added_up('x')} FROM ({sums})", [*some, *others])[1] == sum(some) + sum(others)


def test_what_is_not_known_is_null_and_no_part_of_a_sum() -> None:
    nothing = (None, None, None)
    assert shown(f"{added('x', 'minor')} FROM one", []) == nothing
    assert shown(f"{added('x', 'minor')} FROM one", [None]) == nothing
    assert shown(f"{halves('x', 'minor')} FROM one", [None]) == nothing
    assert shown(f"{added('x', 'minor')} FROM one", [None, 5]) == ("0.05", 5, 5.0)
    assert shown(f"{halves('x', 'minor')} FROM one", [LARGEST]) == (
        decimal_text(LARGEST, "CNY"),
        LARGEST,
        float(LARGEST),
    )
