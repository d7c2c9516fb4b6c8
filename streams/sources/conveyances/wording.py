"""Classify the text of a conveyance by the rules of `rules`; a text that none matches is `other`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from streams.sources.conveyances.citations import ReelFrame, cited_recordings, without_citations
from streams.sources.conveyances.rules import RULES, SECURITY, ConveyanceClass, has
from streams.sources.conveyances.spelling import words


class Wording(NamedTuple):
    """The class of a text, the name of the rule, and the cited recordings on which the text acts.

    `corrects` are those that were recorded as another kind of conveyance: `was`, which is None if the text does not
    give it.
    """

    what: ConveyanceClass
    rule: str
    cited: list[ReelFrame]
    corrects: Sequence[ReelFrame] = ()
    was: ConveyanceClass | None = None


_QUALIFIER = re.compile(
    r"\b(?:(?:NOT )?SUBJECT TO|FREE (?:AND CLEAR )?(?:OF|FROM)|(?:AND|&) CLEAR (?:OF|FROM)|CLEAR OF|"
    r"SUBORDINATED? TO|JUNIOR TO|UNENCUMBERED BY)\b[^.;)]*"
).sub
_CORRECTS = re.compile(
    r"^(?:CORRECTIVE\b|NUNC PRO TUNC CORRECTIVE\b)|\b(?:TO|IN ORDER TO) CORRECTIVE\b|^CORRECTIVE ERROR"
).search
_NATURE = re.compile(
    r"\b(?:NATURE OF (?:THE )?CONVEYANCE|CONVEYANCE (?:TYPE|TEXT|NATURE)|TYPE OF CONVEYANCE)\b"
    r"(?:.*?\bFROM\b(?P<was>.+?)\bTO\b|\s+(?:TO(?: READ)?|AS|IS|SHOULD BE|SHOULD READ)\b)?(?P<to>.*)"
).search
_CONFIRMS = re.compile(r"\bCONFIRMS? (?:THE )*(?P<of>.+)").search
_BEHIND = re.compile(r"\b(?:PREVIOUSLY|RECORDED|ASSIGNORS? S? ?HEREBY|ASSIGNOR HEREBY|REEL)\b.*").sub


@lru_cache(65536)
def read_wording(text: str | None) -> Wording:
    """Return the class of a text, and the recordings on which it acts."""
    whole = " ".join((text or "").upper().split())
    acts = _QUALIFIER(" ", whole)
    line = " ".join(words(without_citations(acts)))
    if not any(map(str.isalnum, whole)):
        return Wording(ConveyanceClass.BLANK, "blank", [])
    what, rule = _corrected(line) if _CORRECTS(line) else _decided(line)
    ends = what in (ConveyanceClass.RELEASE, ConveyanceClass.PARTIAL_RELEASE, ConveyanceClass.LICENCE_END)
    at = cited_recordings(whole if ends else acts)
    if rule == "corrected-nature":  # it acts only on what it cites in what it confirms
        corrects, _, confirms = acts.partition("CONFIRM")
        return Wording(what, rule, cited_recordings(confirms) if ends else [], cited_recordings(corrects), _was(line))
    if what is ConveyanceClass.SECURITY and at:
        # A text with a citation refers to an existing pledge, unless it grants one.
        if not (has(rf"GRANT .*\b(?:{SECURITY})", line) and not has("RECORDED", line)):
            return Wording(ConveyanceClass.OTHER, "cites-no-grant", at)
        at = []
    return Wording(what, rule, at)


def _decided(line: str) -> tuple[ConveyanceClass, str]:
    """Return the class and the name of the first rule that matches."""
    return next(((rule.what, rule.name) for rule in RULES if rule.fits(line.strip())), (ConveyanceClass.OTHER, "none"))


def _corrected(line: str) -> tuple[ConveyanceClass, str]:
    """Return the class of a text that corrects a recording, and the rule. A correction repeats what is recorded: of a
    security it is an amendment, of a release or a transfer it is `other`, unless it corrects the nature of the
    conveyance."""
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


def _was(line: str) -> ConveyanceClass | None:
    """Return the kind of conveyance that a text says was recorded by mistake; None if it does not say that."""
    nature = _NATURE(line)
    what, _ = _decided(nature["was"] or "") if nature else (ConveyanceClass.OTHER, "")
    return None if what is ConveyanceClass.OTHER else what


def _of_nature(of: str) -> str:
    return re.sub(r"^NATURE OF (?:THE )?CONVEYANCE (?:IS|AS|SHOULD BE)\b", "", of)
