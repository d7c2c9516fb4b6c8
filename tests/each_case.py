"""Many cases in one test: as `pytest.mark.parametrize`, without the cost of a test for each case."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest

Test = Callable[..., None]


def each_case(names: str | tuple[str, ...], values: Iterable[Any]) -> Callable[[Test], Test]:
    """Run a test with each of these values of its arguments, and report all that fail, each with its values.

    The cases share the fixtures of the test: parametrize a test that writes to one of its own.
    """
    given = [{names: value} if isinstance(names, str) else dict(zip(names, value, strict=True)) for value in values]
    assert given, "a test without a case"

    def decorate(test: Test) -> Test:
        @wraps(test)
        def run(subtests: pytest.Subtests, **fixtures: Any) -> None:
            for case in given:
                with subtests.test(**case):
                    test(**case, **fixtures)

        signature = inspect.signature(test)
        fixtures = [parameter for name, parameter in signature.parameters.items() if name not in given[0]]
        own = inspect.Parameter("subtests", inspect.Parameter.KEYWORD_ONLY)
        run.__signature__ = signature.replace(parameters=[*fixtures, own])  # type: ignore[attr-defined]
        return run

    return decorate
