"""The recordings that a text cites by reel and frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from streams.sources.results import Unreadable

_REEL, _FRAME = re.compile("[0-9]{1,6}").fullmatch, re.compile("[0-9]{1,4}").fullmatch

LONGEST_RANGE = 500
"""A longer range of frames is the pages of one recording, which the first frame identifies."""


class ReelFrame(NamedTuple):
    """Reel and frame of a recording, as integers, since sources pad them differently."""

    reel: int
    frame: int

    @classmethod
    def of(cls, reel: str | None, frame: str | None) -> ReelFrame:
        """Parse two texts. Raise Unreadable unless the reel has at most six digits and the frame at most four."""
        if _REEL(reel or "") and _FRAME(frame or ""):
            return cls(int(reel or ""), int(frame or ""))
        given = f"{reel}/{frame}"
        raise Unreadable(f"not a conveyance: reel/frame {given[:64]!r}: a reel has up to 6 digits, a frame up to 4")

    def __str__(self) -> str:
        return f"{self.reel}/{self.frame}"


_NO = r"(?:\s*(?:NO|NOS|NUM|NUMBERS?)\b\.?)?[\s:#(-]*"
_REELS = r"\bREE?LL?S?(?![A-RT-Z])"
_FRAMES = r"F(?:RAME|RAM|AME|RMAE|ARME)S?(?![A-Z])"
_UPTO = r"\s*(?:-|\bTO\b|\bTHROUGH\b|\bTHRU\b)\s*"
_ONE = rf"[0-9]{{1,4}}(?![0-9/])(?:{_UPTO}[0-9]{{1,4}}(?![0-9/-]))?"
_MORE = r"\s*(?:[,;&]|\bAND\b)+\s*(?:AND\s+)?"
_NEXT = (
    rf"(?=[0-9]{{4}}(?![0-9/])|[0-9]{{1,3}}\s*(?:[,;&.)]|\bAND\b|{_UPTO}|$))"  # not a count: FRAME 0710 AND 2 OTHERS
)
_SEVERAL = rf"{_ONE}(?:{_MORE}{_NEXT}{_ONE})*"
_PAIR = rf"[0-9]{{1,6}}\s*[/:-]\s*[0-9]{{1,4}}(?![0-9/])(?:{_UPTO}[0-9]{{1,4}}(?![0-9/-]))?"
_CITATION = re.compile(
    # REEL 027668 FRAME 0710 · REEL: 036431 FRAME: 0094 · REEL 053666, FRAMES 0767 AND 0801-0803
    rf"{_REELS}{_NO}(?P<reel>[0-9]{{1,6}})[\s,;:/)-]*(?:(?:AND|AT)\s+)?{_FRAMES}{_NO}(?P<frames>{_SEVERAL})"
    # FRAME 0678 OF REEL 012345
    rf"|\b{_FRAMES}{_NO}(?P<before>{_SEVERAL})[\s,;/)-]*(?:(?:OF|AT|ON)\s+)?{_REELS}{_NO}(?P<behind>[0-9]{{1,6}})"
    # REEL/FRAME (045455/0001) · REEL 9876-0001 · REEL AND FRAME NO. 47247/0934 · R/F 015699/0355, 9876/0001
    rf"|(?:{_REELS}(?:\s*(?:[/&:-]|\bAND\b)?\s*{_FRAMES})?|\bR/?F(?![A-Z])){_NO}(?P<pairs>{_PAIR}(?:{_MORE}{_PAIR})*)"
    # 045455/0001 alone; at least five digits, so that years and dates (08/31/2011) are not read as reels; 045455-0001
    rf"|(?<![\w/])(?P<pair>[0-9]{{5,6}}/[0-9]{{1,4}}(?![\w/])(?:{_UPTO}[0-9]{{1,4}}(?![\w/-]))?"
    r"|0[0-9]{5}-[0-9]{4}(?![\w/-]))"
)
_RANGE = re.compile(rf"([0-9]{{1,4}})(?:{_UPTO}([0-9]{{1,4}}))?").finditer
_OF_PAIR = re.compile(rf"([0-9]{{1,6}})\s*[/:-]\s*([0-9]{{1,4}})(?:{_UPTO}([0-9]{{1,4}}))?").finditer


def cited_recordings(text: str | None) -> list[ReelFrame]:
    """Return the recordings that a text cites by reel and frame, each once, in the order of the text. A range cites
    each of its frames, since a recording may begin at any of them."""
    return list(dict.fromkeys(at for match in _CITATION.finditer(_line(text)) for at in _named(**match.groupdict())))


def without_citations(text: str) -> str:
    """Return the text without its citations."""
    return _CITATION.sub(" ", _line(text))


def _named(
    reel: str | None, frames: str | None, behind: str | None, before: str | None, pairs: str | None, pair: str | None
) -> Iterator[ReelFrame]:
    """Yield the recordings of one citation: frames of a reel, or pairs of both."""
    for match in _RANGE(frames or before or ""):
        yield from _frames(reel or behind or "", *match.groups())
    for match in _OF_PAIR(pairs or pair or ""):
        yield from _frames(*match.groups())


def _frames(reel: str, first: str, last: str | None) -> Iterator[ReelFrame]:
    begin, end = int(first), int(last or first)
    if not begin < end < begin + LONGEST_RANGE:
        end = begin
    yield from (ReelFrame(int(reel), frame) for frame in range(begin, end + 1))


def _line(text: str | None) -> str:
    return " ".join((text or "").upper().split())
