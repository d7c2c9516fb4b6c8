"""Patent Public Search: documents as returned by the US office's search, JSON objects.

One per line, or as downloaded: a response with a page of documents in `patents` or `docs`, a single document, or an
array.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from itertools import chain, repeat
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from streams.sources.formats import LINE, WHOLE_FILE, Format, JsonItems, json_without
from streams.sources.grants.grant import Grant, GrantParty, Term, parties
from streams.sources.results import Skip, SkipReason, Unreadable, validated
from streams.sources.texts import day_of, person, tidy

_GRANTS = ("USPAT", "USOCR")  # the latter are scanned
_NO_TITLE = "TEXT NOT AVAILABLE"

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CITED = re.compile(r"US ([A-Z]{0,2}[0-9]+) ([A-Z][0-9]?) ").match  # `US 6249393 B1 Roe 20010600 cited by examiner`
_GUID = re.compile(r"(?:US-?)?([A-Z]{0,2}[0-9]{1,8})(?:-?([A-Z][0-9]?))?").fullmatch
_PROVISIONAL = re.compile(r"6[0-4]/?[0-9]").match
"""Series of provisional applications (MPEP 503)."""
_PROVISIONAL_LASTS = timedelta(427)


def _listed(given: Any) -> Any:
    if isinstance(given, list):
        return [None if text == "N/A" else text for text in given]
    return [] if given is None else given


_Texts = Annotated[list[str | None], BeforeValidator(_listed)]


class _Document(BaseModel):
    """A document of a page has the main data; a single document also has the parties' regions, and citations."""

    type: str
    guid: str | None = None
    number: str | None = Field(None, alias="publicationReferenceDocumentNumber")
    kinds: _Texts = Field([], alias="kindCode")
    published: str = Field(alias="datePublished")
    us_class: str | None = Field(None, alias="mainClassificationCode")
    title: str | None = Field(None, alias="inventionTitle")
    application: str | None = Field(None, alias="applicationNumber")
    filed: _Texts = Field([], alias="applicationFilingDate")
    priorities: _Texts = Field([], alias="priorityClaimsDate")
    ipc: str | None = Field(None, alias="ipcCodeFlattened")
    cpc: str | None = Field(None, alias="cpcInventiveFlattened")
    applicants: _Texts = Field([], alias="applicantName")
    applicant_countries: _Texts = Field([], alias="applicantCountry")
    applicant_states: _Texts = Field([], alias="applicantState")
    assignees: _Texts = Field([], alias="assigneeName")
    assignee_countries: _Texts = Field([], alias="assigneeCountry")
    assignee_states: _Texts = Field([], alias="assigneeState")
    inventors: _Texts = Field([], alias="inventorsName")
    inventor_countries: _Texts = Field([], alias="inventorCountry")
    inventor_states: _Texts = Field([], alias="inventorState")
    claims: str | int | None = Field(None, alias="numberOfClaims")
    related: _Texts = Field([], alias="relatedApplNumber")
    related_filed: _Texts = Field([], alias="relatedApplFilingDate")
    cited: _Texts = Field([], alias="urpn")
    cited_issued: _Texts = Field([], alias="usRefIssueDate")
    cited_as: _Texts = Field([], alias="usRefGroup")


def read(content: bytes) -> Iterator[Grant]:
    """Yield the grant in one object. Raise Skip for an application, Unreadable for a bad one."""
    document = validated(_Document, content, "a document of the search")
    number, kind = _identity(document)
    if document.type == "US-PGPUB":
        raise Skip(SkipReason.NOT_GRANTED, f"{number} is a published application, not a grant")
    if document.type not in _GRANTS:
        raise Unreadable(
            f"a document of type {document.type[:32]!r} is not a grant; grants are {' and '.join(_GRANTS)}"
        )
    inventors = _parties(document.inventors, document.inventor_countries, document.inventor_states)
    applicants = _parties(document.applicants, document.applicant_countries, document.applicant_states)
    yield Grant(
        number=number,
        kind=kind,
        granted_on=document.published,
        us_class=document.us_class,
        title=None if document.title == _NO_TITLE else _text(document.title),
        application=document.application,
        filed_on=next(iter(document.filed), None),
        priorities=filter(None, document.priorities),
        ipc=_symbols(document.ipc),
        cpc=_symbols(document.cpc),
        applicants=applicants or inventors,  # they apply if nobody else does (37 CFR 1.42, before 2012 1.41)
        inventors=inventors,
        assignees=_parties(document.assignees, document.assignee_countries, document.assignee_states),
        claims=document.claims,
        citations=_citations(document),
        term=Term(benefits=_benefits(document)),
    )


def _identity(document: _Document) -> tuple[str, str]:
    """Return number and kind, `11803561` and `B1`: given separately, or together in `US-11803561-B1`."""
    forms = [form for text in (document.number, document.guid) if (form := _GUID(text or ""))]
    kind = next(filter(None, [*document.kinds, *(form[2] for form in forms)]), "")
    return forms[0][1] if forms else document.number or document.guid or "", kind


def _parties(names: list[str | None], countries: list[str | None], states: list[str | None]) -> list[GrantParty]:
    addresses = zip(chain(countries, repeat(None)), chain(states, repeat(None)), strict=False)
    return parties((person(_text(name) or ""), *address) for name, address in zip(names, addresses, strict=False))


def _benefits(document: _Document) -> Iterator[str]:
    """Yield the filing dates of earlier applications that are not provisional ones, which do not count for a term.

    A document alone gives their numbers, and provisional ones have series of their own. A page gives dates only: an
    application is certainly no provisional one if no other follows it within the time for claiming its benefit (37 CFR
    1.78(b): 14 months).
    """
    dated = [day for text in document.related_filed if (day := day_of(text))]
    if len(document.related) == len(dated):
        yield from (
            day.isoformat()
            for number, day in zip(document.related, dated, strict=True)
            if not _PROVISIONAL(number or "")
        )
        return
    later = day_of(next(iter(document.filed), None))
    for day in sorted(dated, reverse=True):
        if later and later > day + _PROVISIONAL_LASTS:
            yield day.isoformat()
        later = min(later, day) if later else None


def _citations(document: _Document) -> Iterator[tuple[str, str, str]]:
    # A page of documents has only the numbers; a single document also has months, and groups that may give the kind.
    months: list[str | None] = document.cited_issued if len(document.cited) == len(document.cited_issued) else []
    details = zip(chain(months, repeat(None)), chain(document.cited_as, repeat(None)), strict=False)
    for number, (month, text) in zip(document.cited, details, strict=False):
        form = _CITED(text or "") if months else None
        yield number or "", form[2] if form and form[1] == number else "", month or ""


def _text(marked: Any) -> str | None:
    """Return a text without markup, such as the search's highlighting: `<span term=""x"" class="…">x</span>`."""
    return tidy(unescape(_TAG.sub("", marked or "")))


def _symbols(flattened: str | None) -> list[str]:
    return [symbol for symbol in (flattened or "").split(";") if symbol.strip()]


_DOCUMENT = re.compile(rb'"publicationReferenceDocumentNumber"\s*:|"guid"\s*:\s*"US-').search


def _search(envelope: bytes) -> Callable[[bytes], bool]:
    """Return a test that recognises a file of the search's documents by its beginning and this pattern."""
    match = re.compile(envelope, re.DOTALL).match
    return lambda head: match(head) is not None and _DOCUMENT(head) is not None


_EMPTY = json_without(b"patents", b"numFound")
FORMATS = (
    Format("search-json", _EMPTY, JsonItems("patents"), read),
    Format("search-json", _search(rb'\{.*"patents"\s*:\s*\['), JsonItems("patents"), read),
    Format("search-json", _search(rb'\{.*"docs"\s*:\s*\['), JsonItems("docs"), read),
    Format("search-json", _search(rb"\["), JsonItems(""), read),
    Format("search-json", _search(rb"\{[ \t\r]*\n"), WHOLE_FILE, read),
    Format("search-json", _search(rb"\{"), LINE, read),
)
