"""Grants of the US office from 2001 to 2004, in the markup of WIPO's Standard ST.32: `PATDOC`.

Weekly files are SGML in 2001 (DTD v2.4) and XML since (v2.5): a sequence of documents, each with its own prolog, which
names a missing DTD and declares the document's images. None of it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from streams.sources.formats import Format, XmlElements
from streams.sources.grants.grant import Grant, GrantParty, Term, parties
from streams.sources.grants.markup import front_of, plain, plain_text_at, texts_by_name
from streams.sources.results import Unreadable
from streams.sources.xml import Element

_BEGINNING = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<(?:!DOCTYPE\s+)?PATDOC[\s>\[]", re.DOTALL).match
_XML = re.compile(rb"<PATDOC\s[^>]*\bDTD\s*=\s*[\"']?2\.5").match

_PARENTS = ("B620", "B630/B631", "B630/B632", "B630/B633")
"""Divisions, continuations, continuations in part, and those of international applications."""
_TAG = re.compile(rb"<(/?)([A-Za-z][\w.-]*)[^>]*?(/?)>")
_END = re.compile(rb"</([A-Za-z][\w.-]*)")
_LONE_AMPERSAND = re.compile(rb"&(?!#?\w[\w.-]*;)")


def read(content: bytes) -> Iterator[Grant]:
    """Yield the grant in one document. Raise Unreadable for a bad one."""
    yield _grant(front_of(content, "PATDOC", "SDOBI", _in_utf8 if _XML(content) else _as_xml))


def _in_utf8(front: bytes) -> bytes:
    # Documents are in ASCII, with names for all other characters; processing may have replaced these by Latin-1.
    try:
        front.decode()
    except UnicodeDecodeError:
        return front.decode("latin-1").encode()
    return front


def _as_xml(front: bytes) -> bytes:
    """Return SGML as XML: an element that is never closed is empty (`<CITED-BY-EXAMINER>`), attributes, perhaps
    unquoted, are removed, and a bare ampersand is a character."""
    closed = frozenset(_END.findall(front))

    def tag(found: re.Match[bytes]) -> bytes:
        end, name, empty = found.groups()
        return b"<%b%b%b>" % (end, name, empty if name in closed else b"/")

    return _LONE_AMPERSAND.sub(b"&amp;", _TAG.sub(tag, _in_utf8(front)))


def _grant(front: Element) -> Grant:
    if (office := plain_text_at(front, "B100/B190")) not in ("US", ""):
        raise Unreadable(f"the publication's country is {office[:8]!r}, not US")
    inventors = _parties(front.iterfind("B700/B720/B721/PARTY-US"))
    symbols = [*front.iterfind("B500/B510/B511"), *front.iterfind("B500/B510/B512")]
    return Grant(
        number=plain_text_at(front, "B100/B110"),
        kind=plain_text_at(front, "B100/B130"),
        granted_on=plain_text_at(front, "B100/B140"),
        us_class=plain_text_at(front, "B500/B520/B521"),
        title=plain_text_at(front, "B500/B540"),
        application=plain_text_at(front, "B200/B210"),
        # The international application is the filing in the US (35 U.S.C. 363), as later formats print it.
        filed_on=plain_text_at(front, "B800/B860/B861/DOC/DATE") or plain_text_at(front, "B200/B220"),
        priorities=[plain(date).strip() for date in front.iterfind("B300/B320")],
        ipc=[plain(symbol).strip() for symbol in symbols],
        applicants=inventors,  # only inventors could apply for a patent then (37 CFR 1.41)
        inventors=inventors,
        assignees=_parties(front.iterfind("B700/B730/B731/PARTY-US")),
        claims=plain_text_at(front, "B500/B570/B577"),
        citations=[
            (document.get("DNUM", ""), document.get("KIND", ""), document.get("DATE", ""))
            for document in map(texts_by_name, front.iterfind("B500/B560/B561/PCIT/DOC"))
            if document.get("CTRY", "US") == "US"
        ],
        term=_term(front),
    )


def _term(front: Element) -> Term:
    parents = [parent for path in _PARENTS for parent in front.iterfind(f"B600/{path}/PARENT-US/PDOC/DOC")]
    originals = [*front.iterfind("B600/B640/PARENT-US")]
    return Term(
        benefits=[
            plain_text_at(parent, "DATE")
            for parent in (*parents, *(each.find("PDOC/DOC") for each in originals))
            if parent is not None
        ],
        originals=[(plain_text_at(each, "PDOC/DOC/DATE"), plain_text_at(each, "PPUB/DOC/DATE")) for each in originals],
        days=plain_text_at(front, "B400/B472/B474US"),
        years=plain_text_at(front, "B400/B472/B474"),
        disclaimed=front.find("B400/B472/B473US") is not None,
        last_day=plain_text_at(front, "B400/B472/B473"),
    )


def _parties(elements: Iterable[Element]) -> list[GrantParty]:
    return parties(
        (_name(party), plain_text_at(party, "ADR/CTRY"), plain_text_at(party, "ADR/STATE")) for party in elements
    )


def _name(party: Element) -> str:
    return plain_text_at(party, "NAM/ONM") or f"{plain_text_at(party, 'NAM/FNM')} {plain_text_at(party, 'NAM/SNM')}"


FORMAT = Format("patdoc", lambda head: _BEGINNING(head) is not None, XmlElements(b"PATDOC"), read)
