"""Errors: the docstring of a class is its message."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Iterator

import pytest

import ledger
import schemas
import streams
from schemas.errors import InputUnusable, LedgerError, PromiseBroken, Unavailable, UsageError


class PagesMissing(LedgerError):
    """The book {path} lacks {count:,} pages,
    {first!r} first. Restore it from a backup.

    This second paragraph is part of it."""


CODES = {UsageError: 2, InputUnusable: 65, Unavailable: 69, PromiseBroken: 70}


def all_errors(root: type[LedgerError] = LedgerError) -> Iterator[type[LedgerError]]:
    yield root
    for error in root.__subclasses__():
        yield from all_errors(error)


def modules() -> Iterator[str]:
    for package in (schemas, streams, ledger):
        yield from (module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))


def test_the_message_is_the_docstring_with_the_facts_on_one_line() -> None:
    error = PagesMissing(path="book.db", count=1234, first="a")
    assert str(error) == (
        "The book book.db lacks 1,234 pages, 'a' first. Restore it from a backup. This second paragraph is part of it."
    )
    assert error.facts == {"path": "book.db", "count": 1234, "first": "a"}


def test_facts_that_look_like_placeholders_are_left_alone() -> None:
    assert "book {path}.db lacks" in str(PagesMissing(path="book {path}.db", count=1, first=""))


def test_an_error_can_be_caught_by_its_root() -> None:
    with pytest.raises(LedgerError, match="Run `ip-ledger status`"):
        raise LedgerError


def ours() -> list[type[LedgerError]]:
    for name in modules():
        importlib.import_module(name)
    return [error for error in all_errors() if error.__module__.split(".")[0] in ("schemas", "streams", "ledger")]


def test_every_error_is_of_one_of_four_kinds_and_has_its_exit_code() -> None:
    for error in set(ours()) - {LedgerError}:
        (kind,) = (kind for kind in CODES if issubclass(error, kind))
        assert error.exit_code == CODES[kind], error.__name__


def test_every_error_says_what_happened() -> None:
    assert len(ours()) > 10
    for error in ours():
        assert error.__doc__, f"{error.__name__} says nothing"
        fields = [field for _, field, _, _ in string.Formatter().parse(error.__doc__) if field is not None]
        assert all(field.isidentifier() for field in fields), f"{error.__name__} has a placeholder without a name"
        instance = error.__new__(error)
        LedgerError.__init__(instance, **dict.fromkeys(fields, 7))
        message = str(instance)
        assert "{" not in message
        assert "  " not in message
        assert len(message.split()) > 5, f"{error.__name__}: {message}"
