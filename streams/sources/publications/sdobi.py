"""Bibliographic data of the EPO's own publications: elements of ST.32 (`B110`), within a document of ST.36."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from streams.sources.grants.grant import GrantParty, parties
from streams.sources.grants.markup import plain_text_at
from streams.sources.publications.publication import Citation, Publication, ipc_spelled
from streams.sources.xml import Element

NAME = "SDOBI"

_CITED = re.compile(r"([A-Z]{2})\s*-\s*([A-Z][0-9]?)\s*-\s*([0-9A-Z][0-9A-Z /]*)").fullmatch


def publication_of(front: Element) -> Publication:
    """Return the publication with these bibliographic data."""
    applicants = _parties(front.iterfind("B700/B710/B711"))
    return Publication(
        office=plain_text_at(front, "B100/B190"),
        number=plain_text_at(front, "B100/B110"),
        kind=plain_text_at(front, "B100/B130"),
        published_on=plain_text_at(front, "B100/B140/date"),
        title=_title(front),
        application=plain_text_at(front, "B200/B210"),
        filed_on=plain_text_at(front, "B200/B220/date"),
        priorities=[plain_text_at(day, ".") for day in front.iterfind("B300/B320/date")],
        ipc=_symbols(front.iterfind("B500/B510EP/classification-ipcr")),
        cpc=_symbols(front.iterfind("B500/B520EP/classifications-cpc/classification-cpc")),
        applicants=applicants,
        inventors=_parties(front.iterfind("B700/B720/B721")),
        assignees=_parties(front.iterfind("B700/B730/B731")),
        citations=list(_citations(front)),
    )


def _title(front: Element) -> str | None:
    """Return the English title, else the first; a language element precedes each title."""
    languages = [plain_text_at(each, ".") for each in front.iterfind("B500/B540/B541")]
    titles = [plain_text_at(each, ".") for each in front.iterfind("B500/B540/B542")]
    by_language = dict(zip(languages, titles, strict=False))
    return by_language.get("en") or next(iter(titles), None)


def _symbols(symbols: Iterable[Element]) -> list[str]:
    return [ipc_spelled(plain_text_at(symbol, "text")) for symbol in symbols]


def _parties(elements: Iterable[Element]) -> list[GrantParty]:
    return parties((plain_text_at(party, "snm"), plain_text_at(party, "adr/ctry") or None, None) for party in elements)


def _citations(front: Element) -> Iterator[Citation]:
    for cited in front.iterfind("B500/B560/B561/text"):
        if match := _CITED(plain_text_at(cited, ".")):
            yield match[1], match[3].replace(" ", ""), match[2], ""
