"""What the text of a conveyance does, by the rules of `rules`; what none fits is `other`, and not guessed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from streams.sources.conveyances.citations import ReelFrame, cited, without_citations
from streams.sources.conveyances.rules import RULES, SECURITY, ConveyanceClass, has
from streams.sources.conveyances.spelling import words


class Wording(NamedTuple):
    """What a text does, by which rule, and the recordings that it cites: those that it acts upon."""

    what: ConveyanceClass
    rule: str
    cited: list[ReelFrame]


_QUALIFIER = re.compile(
    r"\b(?:(?:NOT )?SUBJECT TO|FREE (?:AND CLEAR )?(?:OF|FROM)|(?:AND|&) CLEAR (?:OF|FROM)|CLEAR OF|"
    r"SUBORDINATED? TO|JUNIOR TO|UNENCUMBERED BY)\b[^.;)]*"
).sub
_CORRECTS = re.compile(
    r"^(?:CORRECTIVE\b|NUNC PRO TUNC CORRECTIVE\b)|\b(?:TO|IN ORDER TO) CORRECTIVE\b|^CORRECTIVE ERROR"
).search
_NATURE = re.compile(
    r"\b(?:NATURE OF (?:THE )?CONVEYANCE|CONVEYANCE (?:TYPE|TEXT|NATURE)|TYPE OF CONVEYANCE)\b"
    r"(?:.*?\bFROM\b.+?\bTO\b|\s+(?:TO(?: READ)?|AS|IS|SHOULD BE|SHOULD READ)\b)?(?P<to>.*)"
).search
_CONFIRMS = re.compile(r"\bCONFIRMS? (?:THE )*(?P<of>.+)").search
_BEHIND = re.compile(r"\b(?:PREVIOUSLY|RECORDED|ASSIGNORS? S? ?HEREBY|ASSIGNOR HEREBY|REEL)\b.*").sub


@lru_cache(65536)
def read(text: str | None) -> Wording:
    """Return what a text does."""
    whole = " ".join((text or "").upper().split())
    acts = _QUALIFIER(" ", whole)
    line = " ".join(words(without_citations(acts)))
    if not words(whole):
        return Wording(ConveyanceClass.BLANK, "blank", [])
    what, rule = _corrected(line) if _CORRECTS(line) else _decided(line)
    ends = what in (ConveyanceClass.RELEASE, ConveyanceClass.PARTIAL_RELEASE, ConveyanceClass.LICENCE_END)
    at = cited(whole if ends else acts)
    if what is ConveyanceClass.SECURITY and at:
        # What cites a recording speaks of a pledge that exists, unless it grants one, or corrects what was no pledge.
        if rule != "corrected-nature" and not (has(rf"GRANT .*\b(?:{SECURITY})", line) and not has("RECORDED", line)):
            return Wording(ConveyanceClass.OTHER, "cites-no-grant", at)
        at = []
    return Wording(what, rule, at)


def _decided(line: str) -> tuple[ConveyanceClass, str]:
    """The first rule that fits."""
    return next(((rule.what, rule.name) for rule in RULES if rule.fits(line.strip())), (ConveyanceClass.OTHER, "none"))


def _corrected(line: str) -> tuple[ConveyanceClass, str]:
    """What a recording that corrects another one does: it says again what is recorded. So a security is changed, and
    a release or a transfer is neither made nor ended again, unless the nature of the conveyance was wrong."""
    confirms = _CONFIRMS(line)
    of = confirms["of"] if confirms else ""
    if nature := _NATURE(line):
        for meant in (_BEHIND("", nature["to"]), _of_nature(of), of):
            what, _ = _decided(meant)
            if what is not ConveyanceClass.OTHER:
                return what, "corrected-nature"
    what, _ = _decided(of or re.sub(r"^CORRECTIVE (?:ASSIGNMENT )?|\b(?:TO )?CORRECTIVE\b", "", line))
    if what in (ConveyanceClass.SECURITY, ConveyanceClass.AMENDMENT):
        return ConveyanceClass.AMENDMENT, "corrected-security"
    if what is ConveyanceClass.LENDER:
        return what, "corrected-security"
    return ConveyanceClass.OTHER, "corrected-release" if what in (
        ConveyanceClass.RELEASE,
        ConveyanceClass.PARTIAL_RELEASE,
    ) else "corrected"


def _of_nature(of: str) -> str:
    return re.sub(r"^NATURE OF (?:THE )?CONVEYANCE (?:IS|AS|SHOULD BE)\b", "", of)
