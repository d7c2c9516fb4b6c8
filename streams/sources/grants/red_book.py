"""Red Book: the US office's Patent Grant Full Text and Bibliographic XML, v4.0 (2005) to v4.7.

A weekly file is a sequence of documents, each with its own XML declaration and a DOCTYPE that names a missing DTD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from streams.sources.formats import PROLOG, Format, xml_with
from streams.sources.grants.grant import Grant, GrantParty, Term, parties
from streams.sources.grants.markup import front_of, plain, plain_text_at, texts_by_name
from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.xml import Element

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*)").search
_NOT_GRANTS = {
    "sequence-cwu": (SkipReason.ANOTHER_DOCUMENT, "a sequence listing, not a grant"),
    "us-patent-application": (SkipReason.NOT_GRANTED, "a published application, not a grant"),
    "patent-application-publication": (SkipReason.NOT_GRANTED, "a published application, not a grant"),  # up to 2004
}
_IPC = ("section", "class", "subclass", "main-group")
_APPLICANTS = ("us-parties/us-applicants/us-applicant", "parties/applicants/applicant")
_INVENTORS = ("us-parties/inventors/*", "parties/inventors/*", "parties/applicants/applicant")
_FILED, _GRANTED = "document-id/date", "parent-grant-document/document-id/date"
_CITED = (
    "us-references-cited/us-citation/patcit/document-id",
    "references-cited/us-citation/patcit/document-id",
    "references-cited/citation/patcit/document-id",
)
_OWNERS = {
    "2": "organisation",
    "3": "organisation",
    "4": "person",
    "5": "person",
    **dict.fromkeys("6789", "government"),
}
"""The last digit of an assignee's role (1 before it: of a part): US and foreign companies, persons, governments."""
_BENEFITS = ("continuation", "division", "continuation-in-part", "continuing-reissue")


def read(content: bytes) -> Iterator[Grant]:
    """Yield the grant in one document. Raise Skip for another document, Unreadable for a bad one."""
    found = _ROOT(content)
    root = found[1].decode() if found else "nothing"
    if root in _NOT_GRANTS:
        raise Skip(*_NOT_GRANTS[root])
    if root != "us-patent-grant":
        raise Unreadable(f"a document <{root[:64]}> is not a grant in Red Book XML v4.x")
    yield _grant(front_of(content, root, "us-bibliographic-data-grant"))


def _grant(front: Element) -> Grant:
    if (office := plain_text_at(front, "publication-reference/document-id/country")) != "US":
        raise Unreadable(f"the publication's country is {office[:8]!r}, not US")
    return Grant(
        number=plain_text_at(front, "publication-reference/document-id/doc-number"),
        kind=plain_text_at(front, "publication-reference/document-id/kind"),
        granted_on=plain_text_at(front, "publication-reference/document-id/date"),
        us_class=plain_text_at(front, "classification-national/main-classification"),
        title=plain_text_at(front, "invention-title"),
        application=plain_text_at(front, "application-reference/document-id/doc-number"),
        filed_on=plain_text_at(front, "application-reference/document-id/date"),
        priorities=[plain(date) for date in front.iterfind("priority-claims/priority-claim/date")],
        ipc=[
            *(plain(symbol) for symbol in front.iterfind("classification-ipc/main-classification")),
            *(plain(symbol) for symbol in front.iterfind("classification-ipc/further-classification")),
            *map(_symbol, front.iterfind("classifications-ipcr/classification-ipcr")),
        ],
        cpc=[
            _symbol(symbol)
            for symbol in front.iterfind("classifications-cpc/*/classification-cpc")
            if plain_text_at(symbol, "classification-value") == "I"
        ],
        applicants=_parties(_first(front, _APPLICANTS)),
        inventors=_parties(
            [*filter(_invents, _first(front, _INVENTORS)), *front.iterfind("us-deceased-inventor")],
        ),
        assignees=_parties(front.iterfind("assignees/assignee")),
        owner_type=_OWNERS.get(plain_text_at(front, "assignees/assignee/addressbook/role")[-1:]),
        claims=plain_text_at(front, "number-of-claims"),
        citations=[
            (document.get("doc-number", ""), document.get("kind", ""), document.get("date", ""))
            for document in map(texts_by_name, _first(front, _CITED))
            if document.get("country") == "US"
        ],
        term=_term(front),
    )


def _term(front: Element) -> Term:
    related = front.find("us-related-documents")
    parents = [] if related is None else [parent for name in _BENEFITS for parent in _parents(related, name)]
    reissued = [] if related is None else _parents(related, "reissue")
    international = plain_text_at(front, "pct-or-regional-filing-data/document-id/date")
    term = front.find("us-term-of-grant")
    of = partial(plain_text_at, front if term is None else term)
    return Term(
        benefits=[international, *(plain_text_at(parent, _FILED) for parent in (*parents, *reissued))],
        originals=[(plain_text_at(parent, _FILED), plain_text_at(parent, _GRANTED)) for parent in reissued],
        days=of("us-term-extension"),
        years=of("length-of-grant"),
        disclaimed=term is not None and term.find("disclaimer") is not None,
        last_day=of("disclaimer/date"),
    )


def _parents(related: Element, relation: str) -> list[Element]:
    # A merged reissue and reexamination encloses its parts.
    return [*related.iterfind(f".//{relation}/relation/parent-doc")]


def _first(front: Element, paths: Iterable[str]) -> list[Element]:
    return next(filter(None, map(front.findall, paths)), [])


def _invents(party: Element) -> bool:
    # Up to v4.2 the inventors are the applicants (37 CFR 1.41 before 2012). An applicant who does not invent, such as
    # the legal representative of a deceased one, is only an `applicant`; the deceased is a `us-deceased-inventor`.
    return party.tag != "applicant" or "inventor" in party.get("app-type", "")


def _symbol(classification: Element) -> str:
    return (
        "".join(plain_text_at(classification, part) for part in _IPC) + "/" + plain_text_at(classification, "subgroup")
    )


def _parties(elements: Iterable[Element]) -> list[GrantParty]:
    return parties((_name(party), _address_text(party, "country"), _address_text(party, "state")) for party in elements)


def _name(party: Element) -> str:
    book = party.find("addressbook")
    element = party if book is None else book
    first, last, firm = (plain_text_at(element, part) for part in ("first-name", "last-name", "orgname"))
    return f"{first} {last}" if last or not firm else firm  # a firm next to a person is where the person works


def _address_text(party: Element, part: str) -> str:
    return plain_text_at(party, f"addressbook/address/{part}") or plain_text_at(party, f"address/{part}")


FORMAT = Format("red-book-xml", xml_with(b"us-patent-grant", *map(str.encode, _NOT_GRANTS)), PROLOG, read)
