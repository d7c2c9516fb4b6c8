"""Conveyances as the US office records them: identified by reel and frame, classified by free text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from streams.sources.results import Unreadable
from streams.sources.uspto import ConveyedAsset

_REEL, _FRAME = re.compile("[0-9]{1,6}").fullmatch, re.compile("[0-9]{1,4}").fullmatch


class ReelFrame(NamedTuple):
    """The place of a recorded conveyance; as integers, since sources pad the numbers differently."""

    reel: int
    frame: int

    @classmethod
    def of(cls, reel: str | None, frame: str | None) -> ReelFrame:
        """Return the reel and frame of two texts. Raise Unreadable unless reels have at most six digits, frames
        four."""
        if _REEL(reel or "") and _FRAME(frame or ""):
            return cls(int(reel or ""), int(frame or ""))
        given = f"{reel}/{frame}"
        raise Unreadable(f"not a conveyance: reel/frame {given[:64]!r}: a reel has up to 6 digits, a frame up to 4")

    def __str__(self) -> str:
        return f"{self.reel}/{self.frame}"


class ConveyanceClass(Enum):
    """The class of a conveyance by its text; the part before the comma is the category in reports."""

    BLANK = "blank"
    PARTIAL_RELEASE = "release, of a part"
    RELEASE = "release"
    AMENDMENT = "amendment"
    SUCCESSION = "security, of another lender"
    DISCHARGE = "security, released"
    SECURITY = "security"
    OTHER = "other"

    @property
    def counted_as(self) -> str:
        """The category by the words RELEASE, TERMINATION, SECURITY INTEREST and so on alone: `release` also for a
        partial one, `security` for an order that releases liens."""
        return self.value.partition(",")[0]


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


_RELEASE = re.compile(r"\b(?:RELEASE|TERMINATION)\b").search
_PARTIAL = re.compile(r"\b(?:PARTIAL(?:LY)?|IN PART)\b").search
_SECURITY = re.compile(r"\b(?:SECURITY (?:INTEREST|AGREEMENT)|LIEN|MORTGAGE|PLEDGE|COLLATERAL)S?\b").search
_RELEASED = re.compile(r"\b(?:RELEAS(?:ED|ES|ING)|TERMINAT(?:ED|ES|ING)|DISCHARGED?|SATISFACTION)\b").search
# NOTICE OF ASSIGNMENT OF PATENT SECURITY AGREEMENT · ASSIGNMENT AND ASSUMPTION OF SECURITY INTEREST IN PATENTS
_SUCCEEDED = re.compile(
    r"(?<!COLLATERAL )\bASSIGNMENT (?:AND ASSUMPTION )?OF (?:(?!AND )\w+ ){0,5}SECURITY (?:INTEREST|AGREEMENT)S?\b"
).search

_TRANSFERS = (
    ("merger", re.compile(r"\bMERGERS?\b").search),
    ("change_of_name", re.compile(r"\b(?:CHANGE (?:OF|IN) (?:[\w'’]+ ){0,3}NAME|NAME CHANGE)\b").search),
    ("government_interest", re.compile(r"\b(?:GOVERNMENT INTEREST|EXECUTIVE ORDER|CONFIRMATORY LICENSE)\b").search),
    ("assignment", re.compile(r"\bASSIGN(?:MENTS?|S|ED)?\b").search),
)
_CORRECTS = re.compile(r"^CORRECTIVE\b|\bTO CORRECT\b").search

_NO = r"(?:\s*(?:NO|NOS|NUMBERS?)\b\.?)?[\s:#(-]*"
_PAIR = r"[0-9]{1,6}\s*[/-]\s*[0-9]{1,4}(?![0-9/])"
_MORE = r"\s*(?:[,;&]|\bAND\b)+\s*(?:AND\s+)?"
_CITATION = re.compile(
    # REEL 027668 FRAME 0710 · REEL: 036431 FRAME: 0094 · REEL 053666, FRAMES 0767 AND 0801 · REEL 048041/FRAME 0605
    rf"\bREEL(?![A-Z]){_NO}(?P<reel>[0-9]{{1,6}})[\s,;/)-]*(?:AND\s+)?(?:"
    rf"FRAME{_NO}(?P<frame>[0-9]{{1,4}})(?![0-9])|"
    rf"FRAMES{_NO}(?P<frames>[0-9]{{1,4}}(?![0-9])(?:{_MORE}[0-9]{{4}}(?![0-9/-]))*))"
    # REEL/FRAME (045455/0001) · REEL 9876-0001 · REEL AND FRAME NO. 47247/0934 · R/F 015699/0355, 9876/0001
    rf"|\b(?:REELS?(?:\s*(?:[/&-]|\bAND\b)\s*FRAMES?)?|R/F)(?![A-Z]){_NO}(?P<pairs>{_PAIR}(?:{_MORE}{_PAIR})*)"
    # 045455/0001 alone; at least five digits, or years and the days of contracts (08/31/2011) would be reels
    r"|(?<![\w/])(?P<pair>[0-9]{5,6}/[0-9]{1,4})(?![\w/])"
).finditer
_NUMBERS = re.compile("[0-9]+").findall


def class_of(text: str | None) -> ConveyanceClass:
    """Return the class of a conveyance by its text; the first matching rule decides."""
    words = _words(text)
    corrects = words.startswith("CORRECTIVE")
    if not words:
        return ConveyanceClass.BLANK
    if _RELEASE(words) and not corrects:
        return ConveyanceClass.PARTIAL_RELEASE if _PARTIAL(words) else ConveyanceClass.RELEASE
    if not _SECURITY(words):
        return ConveyanceClass.OTHER
    if corrects or words.startswith("ASSIGNMENT OF") or "SUPPLEMENT" in words:
        return ConveyanceClass.AMENDMENT
    if _RELEASED(words):
        return ConveyanceClass.DISCHARGE
    return ConveyanceClass.SUCCESSION if _SUCCEEDED(words) else ConveyanceClass.SECURITY


def transfer_of(text: str | None) -> str:
    """Return `ip.assignment.recorded`'s word for a conveyance that is neither security nor release.

    The classes are those of the office's Patent Assignment Dataset (Marco, Myers, Graham, D'Agostino, Apple 2015,
    section 3.3). A corrective assignment repeats a recorded one and is not a further assignment.
    """
    words = _words(text)
    if _CORRECTS(words):
        return "other"
    return next((name for name, matches in _TRANSFERS if matches(words)), "other")


def cited(text: str | None) -> list[ReelFrame]:
    """Return the conveyances that a text cites by reel and frame, each once, in the order of the text."""
    return list(dict.fromkeys(at for match in _CITATION(_words(text)) for at in _named(**match.groupdict())))


def _named(
    reel: str | None, frame: str | None, frames: str | None, pairs: str | None, pair: str | None
) -> Iterator[ReelFrame]:
    """Yield the conveyances of one citation: frames of a reel, or pairs of both."""
    if reel:
        yield from (ReelFrame(int(reel), int(each)) for each in _NUMBERS(frame or frames or ""))
    numbers = map(int, _NUMBERS(pairs or pair or ""))
    yield from (ReelFrame(*each) for each in zip(numbers, numbers, strict=True))


def _words(text: str | None) -> str:
    return " ".join((text or "").upper().split())
