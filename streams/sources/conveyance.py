"""Conveyances as the US office records them: filed under reel and frame, their kind decided by free text."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class ReelFrame(NamedTuple):
    """Where a conveyance is recorded; as integers, since sources pad them differently."""

    reel: int
    frame: int

    def __str__(self) -> str:
        return f"{self.reel}/{self.frame}"

    @property
    def subject(self) -> str:
        """The pledge id of a security interest that is recorded here: `US-RF-43842-823`."""
        return f"US-RF-{self.reel}-{self.frame}"


class Kind(Enum):
    """The kind of a conveyance, and how it is called."""

    BLANK = "a conveyance without text"
    PARTIAL_RELEASE = "a partial release"
    RELEASE = "a release"
    AMENDMENT = "an amendment of a security interest"
    SECURITY = "a security interest"
    OTHER = "neither a security interest nor a release"


_RELEASE = re.compile(r"\b(?:RELEASE|TERMINATION)\b").search
_PARTIAL = re.compile(r"\bPARTIAL(?:LY)?\b").search
_SECURITY = re.compile(r"\b(?:SECURITY (?:INTEREST|AGREEMENT)|LIEN|MORTGAGE|PLEDGE|COLLATERAL)S?\b").search

_NO = r"(?:\s*(?:NO|NOS|NUMBER)\b\.?)?[\s:#(]*"
_CITATION = re.compile(
    # REEL 027668 FRAME 0710 · REEL: 036431 FRAME: 0094 · REEL 053666, FRAME 0767 · REEL 048041/FRAME 0605
    rf"\bREEL\b{_NO}([0-9]{{1,6}})[\s,;/)-]*(?:AND\s+)?FRAMES?\b{_NO}([0-9]{{1,4}})(?![0-9])"
    # REEL/FRAME (045455/0001) · REEL/FRAME NO. 47247/0934 · R/F 015699/0355 · REEL/FRAME 43433-231
    rf"|\b(?:REELS?/FRAMES?|R/F)\b{_NO}([0-9]{{1,6}})\s*[/-]\s*([0-9]{{1,4}})(?![0-9])"
    # 045455/0001 alone; five digits at least, or years and the days of contracts (08/31/2011) would be reels
    r"|(?<![\w/])([0-9]{5,6})/([0-9]{1,4})(?![\w/])"
).finditer


def kind_of(text: str | None) -> Kind:
    """The kind of a conveyance by its text; the first rule that fits decides."""
    words = _words(text)
    corrects = words.startswith("CORRECTIVE")
    if not words:
        return Kind.BLANK
    if _RELEASE(words) and not corrects:
        return Kind.PARTIAL_RELEASE if _PARTIAL(words) else Kind.RELEASE
    if _SECURITY(words):
        amends = corrects or words.startswith("ASSIGNMENT OF") or "SUPPLEMENT" in words
        return Kind.AMENDMENT if amends else Kind.SECURITY
    return Kind.OTHER


def cited(text: str | None) -> list[ReelFrame]:
    """The conveyances that a text names by reel and frame, each once, in the order of the text."""
    found = (list(filter(None, match.groups())) for match in _CITATION(_words(text)))
    return list(dict.fromkeys(ReelFrame(int(reel), int(frame)) for reel, frame in found))


def _words(text: str | None) -> str:
    return " ".join((text or "").upper().split())
