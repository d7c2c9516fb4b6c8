"""The SQL that views share: amounts of any size, days."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from ledger.place import PLACE_COLUMNS
from ledger.posting.cells import LOW
from ledger.views import VIEWS
from ledger.views.view import View, day, decimal_amount, minor_amount
from schemas.currencies import CURRENCIES, decimal_text
from tests.each_case import each_case

amounts = st.integers(-(10**30), 10**30) | st.sampled_from(
    [0, 1, -1, LOW, -LOW, LOW - 1, 1 - LOW, 9 * 10**18, 2**63 - 1, -(2**63), 2**63, -(10**12) - 1]
)


@given(amounts, st.sampled_from(["CNY", "JPY", "KWD", "CLF"]))
def test_an_amount_is_shown_exactly_whatever_its_size(minor: int, currency: str) -> None:
    high, low = divmod(minor, LOW)
    connection = sqlite3.connect(":memory:")
    halves = ("high", "low", "decimals")
    sql = f"SELECT {decimal_amount(*halves)}, {minor_amount(*halves)} FROM (SELECT ? AS high, ? AS low, ? AS decimals)"
    text, shown = connection.execute(sql, (high, low, CURRENCIES[currency].decimals)).fetchone()
    without = connection.execute(sql, (high, low, None)).fetchone()
    connection.close()
    assert text == decimal_text(minor, currency)
    assert int(shown) == minor
    assert isinstance(shown, int) or abs(minor) > 8 * 10**18
    assert without == (None, None)


def test_a_day_is_shown_as_iso_8601_has_it() -> None:
    connection = sqlite3.connect(":memory:")
    sql = f"SELECT {day('d')} FROM (SELECT ? AS d)"
    assert connection.execute(sql, (20240229,)).fetchone() == ("2024-02-29",)
    assert connection.execute(sql, (None,)).fetchone() == (None,)
    connection.close()


@each_case("view", VIEWS.values())
def test_the_main_columns_of_a_view_are_its_own(view: View) -> None:
    names = {column.name for column in view.columns}
    if names.issuperset(PLACE_COLUMNS):
        names = (names - set(PLACE_COLUMNS)) | {"place"}
    assert set(view.main) <= names
    assert len(set(view.main)) == len(view.main)
