"""The values of a document that cannot be read: its event goes without them, and the report names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from streams.sources import texts

_Value = TypeVar("_Value")


class Omissions:
    """Collects the unreadable values of one document."""

    def __init__(self) -> None:
        self._named: dict[str, None] = {}

    @property
    def named(self) -> tuple[str, ...]:
        """The unreadable values, each once."""
        return tuple(self._named)

    def read(self, what: str, printed: str | int | None, reader: Callable[[str], _Value | None]) -> _Value | None:
        """Return a value in its form, None without a text; `what` it is, is for people. An unreadable one is None too,
        and named."""
        text = str(printed or "").strip()
        if not text:
            return None
        try:
            value = reader(text)
        except ValueError:
            value = None
        if value is None:
            self.name(what, text)
        return value

    def name(self, what: str, printed: str) -> None:
        """Name an unreadable value."""
        self._named[f"{what} {printed[:32]!r}"] = None

    def day(self, what: str, printed: str | None) -> date | None:
        """Return a day; None too for an office's word for none, such as zeros."""
        return self.read(what, printed if texts.is_a_day_given(printed) else None, texts.day_of)

    def iso_day(self, what: str, printed: str | None) -> str | None:
        """Return a day as `2018-06-19`."""
        day = self.day(what, printed)
        return day.isoformat() if day else None

    def all(
        self, what: str, printed: Iterable[str | None], reader: Callable[[str], _Value | None]
    ) -> dict[_Value, None]:
        """Return the readable ones of several values, each once, in their order."""
        read = (self.read(what, each, reader) for each in printed)
        return dict.fromkeys(value for value in read if value is not None)
