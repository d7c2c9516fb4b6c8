"""Write out the abbreviations of clerks: `TERM. OF SEC. INT.` is TERMINATION OF SECURITY INTEREST.

Three kinds are known: those of a list, some only next to the words that make their meaning certain; a known word cut
off by a point after four letters or more (`RELINQ.`), if one known word alone begins so; and a known word with an
apostrophe instead of letters (`ASSIGNM'T`). Any other stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_AGREED = r"(?=\.? (?:AGREEMENT|AGR?MT|AGREEM|AGMNT|AGT))"
_SECURITY = r"(?: (?:THE|A|ALL|PATENT|PAT|IP|FIRST|SECOND|1ST|2ND)\b\.?){0,3} (?:SEC|LIEN|MORTG|PLEDGE|COLL)"
_LISTED = rf"""
    SECURITY: SEC(?=\.? (?:INT|AG|AS|DEED|TRANS|DOC|INSTR|GRANT|LIEN|CHARGE|RIGHT|PURP|PLEDGE))
    UCC: U\. ?C\. ?C\.
    TERMINATION: TERM\.(?= ?(?:OF|AND|&))|^TERM(?= OF{_SECURITY})|(?<=^UCC.[0-9] )TERM|TERMN|TERMIN|TRMN
    RELEASE: REL\.|REL(?= OF\b)|RLSE?|RLSD|RELSE
    DISCHARGE: DISCHG?
    SATISFACTION: SAT(?=\.? OF\b)|SATISF?
    CANCELLATION: CANCL?|CXL
    PARTIAL: PTL|PART(?=\.? (?:REL|TERM|DISCH))
    MORTGAGE: MTGE?S?|MORTG
    COLLATERAL: COLL(?=\.? (?:ASS|AGENT|AGREE|AGMT|SEC))
    ASSIGNMENT: (?<!NATIONAL )ASS[NT](?=\.? OF\b)|ASSIG|ASS?GNMT|ASGN|ASGT|ASMT|ASSMT
    AMENDMENT: AMN?DT|AMENDT|AMDMT
    AMENDMENT AND RESTATEMENT: AM\.? ?(?:&|AND) ?REST
    SUPPLEMENT: SUPPL?
    MODIFICATION: MOD(?=\.? (?:OF|TO)\b)|MODIF
    EXTENSION: EXT(?=\.? OF{_SECURITY})
    TRANSFER: XFER|TRANS(?=\.? OF\b)|TRANSF
    SUCCESSION: SUCC(?=\.? OF\b)
    CHANGE: CHNGE?|CH(?=\.? OF NAME)
    MERGER: MERGR|MRGR?
    EXCLUSIVE: (?<=\bNON.)EXCL(?=\.? LIC)|EXCL(?=\.? LIC)
    CONFIRMATORY: CONF(?:IRM)?(?=\.? (?:LIC|ASS))
    LICENSE: (?<=\bEXCLUSIVE )LIC|(?<=\bCONFIRMATORY )LIC|(?<=\bOF )LIC|^LIC$|LIC{_AGREED}
    SUBORDINATION: SUBORD{_AGREED}
    AFFIDAVIT: AFF(?=\.? OF\b)
    REQUEST: REQ(?=\.? (?:FOR|TO)\b)
"""
_AMBIGUOUS = frozenset(["CONF", "CONFIRM", "PART", "TERM"])
"""Clear only next to the words of the list."""

_LINES = (line.strip().split(": ", 1) for line in _LISTED.strip().splitlines())
_WRITTEN_OUT = [(re.compile(rf"(?<![A-Z0-9])(?:{pattern})(?![A-Z0-9])\.?"), word) for word, pattern in _LINES]
_JOINED = re.compile(r"(?<=[A-Z]{2}\.)(?=[A-Z]{2})").sub
_CLIPPED = re.compile(r"\b(?P<begin>[A-Z]{4,})\.(?![A-Z])").sub
_CONTRACTED = re.compile(r"\b(?P<begin>[A-Z]{4,})'(?P<end>[A-RT-Z][A-Z]?)\b").sub


def written_out(text: str, known: Mapping[str, str]) -> str:
    """Return a text in capitals with its abbreviations as words; `known` gives each form of a known word its first."""

    def whole(match: re.Match[str]) -> str:
        given = match.groupdict()
        begin, end = given["begin"], given.get("end", "")
        if begin in known or (begin in _AMBIGUOUS and not end):
            return match[0]
        meant = {first for form, first in known.items() if form.startswith(begin) and form.endswith(end)}
        return meant.pop() if len(meant) == 1 else match[0]

    line = _JOINED(" ", " ".join(text.split()))
    for pattern, word in _WRITTEN_OUT:
        line = pattern.sub(word, line)
    return _CLIPPED(whole, _CONTRACTED(whole, line))
