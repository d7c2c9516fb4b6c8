"""Lines and steps of charts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.web.pages.drawing import CHART_HEIGHT, CHART_WIDTH, change, sparkline, step
from ledger.web.pages.translator import Translator
from tests.each_case import each_case


def test_a_sparkline_stays_in_its_box_and_ends_at_its_last_value() -> None:
    line = sparkline([1, 5, None, Decimal(9)], "words")
    assert line is not None
    points = [tuple(map(float, point.split(","))) for point in line.points.split()]
    assert len(points) == 4
    assert points[-1] == line.last
    assert all(0 <= x <= CHART_WIDTH and 0 <= y <= CHART_HEIGHT for x, y in points)
    assert points[3][1] < points[1][1] < points[0][1] < points[2][1]  # larger is higher


def test_one_value_is_no_line() -> None:
    assert sparkline([3], "") is None
    assert sparkline([], "") is None


@each_case(("value", "expected"), [(None, 0), (0, 0), (1, 1), (25, 4), (100, 9)])
def test_steps_keep_small_values_visible(value: int | None, expected: int) -> None:
    assert step(value, 100) == expected


@pytest.mark.parametrize(("ratio", "way"), [(0.1, "up"), (-0.1, "down"), (0.0, "flat")])
def test_a_change_has_a_way(ratio: float, way: str) -> None:
    found = change(ratio, Translator("en"))
    assert found is not None
    assert found.way == way


def test_an_unknown_change_is_none() -> None:
    assert change(None, Translator("en")) is None
