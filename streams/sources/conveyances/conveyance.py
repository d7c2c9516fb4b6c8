"""Conveyances as the US office records them, filed under reel and frame."""

from __future__ import annotations

from dataclasses import dataclass

from streams.sources.uspto import ConveyedAsset


@dataclass(frozen=True)
class Conveyance:
    """A conveyance as given by one document. Days are ISO texts; `executed` is the last of the assignors' days.

    `updated`, in formats that have it, grows with each version of the office; `withdrawn` means that the office took
    the recording back; `properties` is the stated number of properties, of which the document may name fewer.
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

    @property
    def day(self) -> str | None:
        """The recorded date if the format has it; else the execution date."""
        return self.recorded or self.executed

    @property
    def incomplete(self) -> bool:
        """Whether the document names fewer properties than it states."""
        return self.properties > len(self.assets)

    @property
    def fullness(self) -> tuple[bool, bool, bool, int, int, str]:
        """A sort key: the more complete of two versions is greater; equally complete ones differ by their text."""
        parties = len(self.assignors) + len(self.assignees)
        known = (self.text is not None, self.recorded is not None, self.executed is not None)
        return *known, parties, len(self.assets), self.text or ""
