"""Cases of one test: each is run, and each that fails is reported with its values."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.each_case import each_case


class Failures:
    """Keeps what `pytest.Subtests` reports as failed: the values of each case."""

    def __init__(self) -> None:
        self.cases: list[dict[str, Any]] = []

    @contextmanager
    def test(self, **case: Any) -> Iterator[None]:
        try:
            yield
        except AssertionError:
            self.cases.append(case)


def test_every_failing_case_is_reported_with_its_values() -> None:
    @each_case("number", iter(range(4)))
    def one_name(number: int, limit: int) -> None:
        assert number < limit

    @each_case(("one", "other"), [(1, 1), (1, 2), (2, 2), (2, 1)])
    def two_names(one: int, other: int) -> None:
        assert one == other

    assert [*inspect.signature(one_name).parameters] == ["limit", "subtests"], "what pytest gives the test"
    failures = Failures()
    one_name(subtests=failures, limit=2)
    two_names(subtests=failures)
    assert failures.cases == [{"number": 2}, {"number": 3}, {"one": 1, "other": 2}, {"one": 2, "other": 1}]


def test_a_test_without_a_case_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="without a case"):
        each_case("number", [])
