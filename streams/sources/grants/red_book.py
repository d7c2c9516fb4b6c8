"""Red Book: the US office's Patent Grant Full Text and Bibliographic XML, v4.0 (2005) to v4.7.

A weekly file is one document after another, each with its own XML declaration and a DOCTYPE that names a DTD
which is not there. Files come from outside: nothing that they name is fetched, no entity is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

from streams.sources import places
from streams.sources.formats import PROLOG, Format, xml_with
from streams.sources.grants.grant import Grant
from streams.sources.results import LeftOut, Rule, Unreadable
from streams.sources.texts import tidy

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*)").search
_NOT_GRANTS = {
    "sequence-cwu": (Rule.ANOTHER_DOCUMENT, "a sequence listing, not a grant"),
    "us-patent-application": (Rule.NOT_GRANTED, "a published application, not a grant"),
}
_IPC = ("section", "class", "subclass", "main-group")
_APPLICANTS = ("us-parties/us-applicants/us-applicant", "parties/applicants/applicant", "assignees/assignee")

_Element = etree._Element


def read(content: bytes) -> Iterator[Grant]:
    """The grant in one document. Raises LeftOut for what is no grant, Unreadable for a bad one."""
    found = _ROOT(content)
    root = found[1].decode() if found else "nothing"
    if root in _NOT_GRANTS:
        raise LeftOut(*_NOT_GRANTS[root])
    if root != "us-patent-grant":
        raise Unreadable(f"a document <{root[:64]}> is not a grant in Red Book XML v4.x")
    front = _parsed(content).find("us-bibliographic-data-grant")
    if front is None:
        raise Unreadable("the grant has no us-bibliographic-data-grant")
    yield _grant(front)


def _parsed(content: bytes) -> _Element:
    if b"<!ENTITY" in content:
        raise Unreadable("the document declares entities of its own, which no grant of this format does")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"the document is not well-formed XML: {error.msg} of the document") from error


def _grant(front: _Element) -> Grant:
    if (office := _said(front, "publication-reference/document-id/country")) != "US":
        raise Unreadable(f"the publication's country is {office[:8]!r}, not US")
    parties = next(filter(None, (front.findall(path) for path in _APPLICANTS)), [])
    return Grant(
        number=_said(front, "publication-reference/document-id/doc-number"),
        kind=_said(front, "publication-reference/document-id/kind"),
        granted_on=_said(front, "publication-reference/document-id/date"),
        us_class=_said(front, "classification-national/main-classification"),
        title=_said(front, "invention-title"),
        application=_said(front, "application-reference/document-id/doc-number"),
        filed_on=_said(front, "application-reference/document-id/date"),
        priorities=[_plain(date) for date in front.iterfind("priority-claims/priority-claim/date")],
        ipc=[
            *(_plain(symbol) for symbol in front.iterfind("classification-ipc/main-classification")),
            *(_plain(symbol) for symbol in front.iterfind("classification-ipc/further-classification")),
            *map(_symbol, front.iterfind("classifications-ipcr/classification-ipcr")),
        ],
        cpc=[
            _symbol(symbol)
            for symbol in front.iterfind("classifications-cpc/*/classification-cpc")
            if _said(symbol, "classification-value") == "I"
        ],
        region=places.region(_place(parties[0], "country"), _place(parties[0], "state")) if parties else None,
        applicants=[party for party in map(_party, parties) if party],
    )


def _symbol(classification: _Element) -> str:
    return "".join(_said(classification, part) for part in _IPC) + "/" + _said(classification, "subgroup")


def _party(party: _Element) -> dict[str, str]:
    """An applicant, or where none is named an assignee: `{name, country?}`; empty without a name."""
    book = party.find("addressbook")
    said = party if book is None else book
    person = f"{_said(said, 'first-name')} {_said(said, 'last-name')}"
    known = {
        "name": tidy(_said(said, "orgname") or person),
        "country": places.country(_place(party, "country")),
    }
    return {key: value for key, value in known.items() if value} if known["name"] else {}


def _place(party: _Element, part: str) -> str:
    return _said(party, f"addressbook/address/{part}") or _said(party, f"address/{part}")


def _said(element: _Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else _plain(found).strip()


def _plain(element: _Element) -> str:
    """The text inside an element, without its markup. A named character, declared in the absent DTD, is looked
    up in HTML's table (it has the ISO sets). Raises Unreadable for one that is not there."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child, etree._Entity):
            parts.append(_character(str(child.name)))
        elif isinstance(child.tag, str):
            parts.append(_plain(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _character(name: str) -> str:
    if f"{name};" not in html5:
        raise Unreadable(f"the character &{name[:64]}; is not known")
    return html5[f"{name};"]


FORMAT = Format("red-book-xml", xml_with(b"us-patent-grant", b"sequence-cwu", b"us-patent-application"), PROLOG, read)
