"""Conveyances as the US office records them, filed under reel and frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from streams.sources import texts
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.results import SkipReason, Unreadable
from streams.sources.uspto import ConveyedAsset

Property = TypeVar("Property")
LONGEST_ID = 64
"""The maximum number of characters in the id of an asset."""


def assets_of(
    at: ReelFrame, properties: Iterable[Property], asset_of: Callable[[Property], ConveyedAsset | None]
) -> tuple[list[ConveyedAsset], list[Unreadable]]:
    """Return the assets of a conveyance, and an error for each invalid property, with its number; one error for all
    properties that have no number."""
    assets: list[ConveyedAsset] = []
    bad: list[Unreadable] = []
    without = 0
    for number, each in enumerate(properties, start=1):
        try:
            asset = asset_of(each)
            if asset and len(asset.id) > LONGEST_ID:
                raise Unreadable(f"number {asset.id!r}: it has more than {LONGEST_ID} characters")
            assets += [asset] if asset else []
            without += asset is None
        except ValueError as error:
            bad.append(Unreadable(f"reel/frame {at}, property {number}: {error}", SkipReason.BAD_PROPERTY))
    if without:
        reason = f"reel/frame {at}: properties without a number: {without}; they are left out"
        bad.append(Unreadable(reason, SkipReason.NO_NUMBER))
    return assets, bad


def unread_days(at: ReelFrame, recorded: str | None, executed: Iterable[str | None]) -> Iterator[Unreadable]:
    """Yield an error for each day of a conveyance that is printed and cannot be read, with what counts instead."""
    for what, instead, days in (
        ("recorded", ", and the execution date counts", [recorded]),
        ("execution", "", executed),
    ):
        for day in dict.fromkeys(filter(_is_unread, days)):
            reason = f"reel/frame {at}: {what} date {(day or '')[:32]!r} cannot be read: it is left out{instead}"
            yield Unreadable(reason, SkipReason.BAD_DATE)


def _is_unread(day: str | None) -> bool:
    return texts.is_a_day_given(day) and texts.day_of(day) is None


@dataclass(frozen=True)
class Conveyance:
    """A conveyance as given by one document. Days are ISO texts; `executed` is the last of the assignors' days.

    `updated`, in formats that have it, grows with each update by the office; `withdrawn` means that the office took
    the recording back; `properties` is the stated number of properties: the document may list fewer. `by_file` means
    that the document is about one application, and lists no other property.
    """

    reel: int
    frame: int
    text: str | None
    recorded: str | None
    executed: str | None
    assignors: list[dict[str, str]]
    assignees: list[dict[str, str]]
    assets: list[ConveyedAsset]
    updated: str = ""
    withdrawn: bool = False
    properties: int = 0
    by_file: bool = False

    @property
    def day(self) -> str | None:
        """The recorded date if the format has it; else the execution date."""
        return self.recorded or self.executed

    @property
    def dated_by_execution(self) -> bool:
        """True if the document has no recorded date, so that the execution date counts."""
        return self.recorded is None and self.executed is not None

    @property
    def incomplete(self) -> bool:
        """True if the document lists fewer properties than it states."""
        return self.properties > len(self.assets)

    @property
    def completeness(self) -> tuple[bool, bool, bool, int, int, str]:
        """A sort key: the more complete of two versions is greater; equally complete ones differ by their text."""
        parties = len(self.assignors) + len(self.assignees)
        known = (self.text is not None, self.recorded is not None, self.executed is not None)
        return *known, parties, len(self.assets), self.text or ""
