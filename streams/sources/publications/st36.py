"""ST.36, WIPO's XML standard for patent documents: publications with `bibliographic-data`.

Offices put their code before names (`cn-patent-document`, `us-bibliographic-data-application`), and give references in
several formats side by side (`docdb`, `epodoc`, `original`). Only the bibliographic data of a document are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from streams.sources.formats import Format, TaggedDocuments, xml_with
from streams.sources.grants.grant import GrantParty, parties
from streams.sources.grants.markup import front_of, plain_text_at, texts_by_name
from streams.sources.publications import sdobi
from streams.sources.publications.publication import Citation, Publication, ipc_spelled
from streams.sources.results import Skip, SkipReason, Unreadable
from streams.sources.xml import Element, without_prefixes

ROOTS = rb"(?:[a-z]{2}-)?patent-document", rb"exchange-document", rb"us-patent-application"
_BEGIN = re.compile(rb"<(?:[\w.-]+:)?(?P<root>" + b"|".join(ROOTS) + rb")[\s/>]")
_ATTRIBUTE = re.compile(r"\s([\w.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')").findall
_ABSENT = {"D": "its office deleted it", "not found": "it was asked for and not found"}
"""The status of a document in DOCDB (D: delete), and of one in an answer of the EPO's Open Patent Services."""
_COUNTRY = re.compile(r"\[([A-Z]{2})\]$").search
_BIBLIOGRAPHY = re.compile(rb"<((?:[a-z]{2}-)?bibliographic-data(?:-[a-z]+)?|SDOBI)[\s>]")
_FORMATS = ("docdb", "", "original", "epodoc", "docdba", "intermediate")
"""Formats of references and names in order of preference; a document with a single format may not name it."""
_NATIONAL_NAME = re.compile(r"^(?!us-)[a-z]{2}-")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMED = ("country", "doc-number", "kind", "date")
_FAMILY = re.compile("[0-9]{1,20}").fullmatch
_PARTS = ("section", "class", "subclass", "main-group")


def read(content: bytes) -> Iterator[Publication]:
    """Yield the publication in one document. Raise Unreadable if it is invalid, Skip if there is none any more."""
    document = without_prefixes(content)
    begin = _BEGIN.match(document)
    root = begin["root"].decode() if begin else ""
    named = _attributes(document)
    if absent := _ABSENT.get(named.get("status", "")):
        number = "".join(named.get(part, "") for part in _NAMED)[:64]
        raise Skip(SkipReason.ANOTHER_DOCUMENT, f"{number}: {absent}")
    end = document.rfind(f"</{root}>".encode())
    name = _BIBLIOGRAPHY.search(document)
    if end < 0 or name is None:
        raise Unreadable(f"a {root} that {'does not end' if end < 0 else 'has no bibliographic data'}")
    front = front_of(document[: end + len(root) + 3], root, name[1].decode())
    if name[1] == sdobi.NAME.encode():
        yield sdobi.publication_of(front)
        return
    for found in front.iter():
        if isinstance(found.tag, str):
            found.tag = _NATIONAL_NAME.sub("", found.tag, count=1)
    yield _publication(front, named)


def _attributes(document: bytes) -> dict[str, str]:
    """Return the attributes of a document's first tag, without references to characters: numbers, codes and days."""
    tag = document.partition(b">")[0].decode("utf-8", "replace")
    return {name: double or single for name, double, single in _ATTRIBUTE(tag)}


def _publication(front: Element, named: Mapping[str, str]) -> Publication:
    """Return the publication with these bibliographic data; `named` are the attributes of its document."""
    given = {part: named.get(name, "") for part, name in zip(_NAMED, (*_NAMED[:3], "date-publ"), strict=True)}
    published = given | _document(front.iterfind("publication-reference"))
    family = named.get("family-id", "")
    filed = _document(front.iterfind("application-reference"))
    claims = front.iterfind("priority-claims/priority-claim")
    people = "parties" if front.find("parties") is not None else "us-parties"
    return Publication(
        office=published.get("country", ""),
        number=published.get("doc-number", ""),
        kind=published.get("kind", ""),
        published_on=published.get("date", ""),
        title=_title(front),
        application=filed.get("doc-number"),
        filed_on=filed.get("date"),
        priorities=[plain_text_at(claim, "date") or _document([claim]).get("date", "") for claim in claims],
        ipc=_ipc(front),
        cpc=[_parted(symbol) for symbol in _cpc(front)],
        applicants=_parties(front, f"{people}/applicants/applicant", "applicant-name")
        or _parties(front, f"{people}/us-applicants/us-applicant", ""),
        inventors=_parties(front, f"{people}/inventors/inventor", "inventor-name"),
        assignees=_parties(front, "assignees/assignee", "") or _parties(front, f"{people}/assignees/assignee", ""),
        claims=plain_text_at(front, "number-of-claims"),
        citations=[_citation(cited) for cited in front.iterfind("references-cited/citation/patcit")],
        family=family if _FAMILY(family) else None,
    )


def _document(references: Iterable[Element]) -> dict[str, str]:
    """Return the fields of the document id in the preferred format; some formats lack the date that another has."""
    formats: dict[str, dict[str, str]] = {}
    for reference in references:
        for document in reference.iterfind("document-id"):
            name = reference.get("data-format") or document.get("document-id-type") or ""
            formats.setdefault(name, texts_by_name(document))
    fields = next((formats[name] for name in _FORMATS if name in formats), {})
    dates = [other["date"] for name in _FORMATS if (other := formats.get(name, {})).get("date")]
    return {"date": dates[0], **fields} if dates else fields


def _title(front: Element) -> str | None:
    titles = front.findall("invention-title")
    english = [title for title in titles if (title.get("lang") or title.get(_XML_LANG) or "").lower() == "en"]
    chosen = (english or titles)[:1]
    return " ".join("".join(str(part) for part in title.itertext()) for title in chosen) or None


def _ipc(front: Element) -> Iterator[str]:
    for symbol in front.iterfind("classifications-ipcr/classification-ipcr"):
        text = plain_text_at(symbol, "text")
        yield ipc_spelled(text) if text else _parted(symbol)
    for older in front.iterfind("classification-ipc"):
        for name in ("main-classification", "further-classification"):
            yield from (plain_text_at(each, ".") for each in older.iterfind(name))


def _cpc(front: Element) -> Iterator[Element]:
    for symbol in front.iterfind("patent-classifications/patent-classification"):
        scheme = symbol.find("classification-scheme")
        if scheme is not None and (scheme.get("scheme") or "").startswith("CPC"):
            yield symbol
    for symbol in front.iterfind("classifications-cpc/*/classification-cpc"):
        if plain_text_at(symbol, "classification-value") in ("I", ""):
            yield symbol


def _parted(symbol: Element) -> str:
    return "".join(plain_text_at(symbol, part) for part in _PARTS) + "/" + plain_text_at(symbol, "subgroup")


def _parties(front: Element, path: str, wrapped: str) -> list[GrantParty]:
    formats: dict[str, list[Element]] = {}
    countries: dict[str | None, str] = {}
    for party in front.iterfind(path):
        formats.setdefault(party.get("data-format") or "", []).append(party)
        if country := _country_and_state(party)[0] or _country_behind(_name(party, wrapped)):
            countries.setdefault(party.get("sequence"), country)
    chosen = next((formats[name] for name in ("original", "", "docdba", "docdb", "epodoc") if name in formats), [])
    return parties(
        (
            _name(party, wrapped),
            _country_and_state(party)[0] or countries.get(party.get("sequence")),
            _country_and_state(party)[1],
        )
        for party in chosen
    )


def _country_behind(name: str) -> str | None:
    """Return the country behind a name of the format `epodoc`: `KITE AG [DE]`."""
    match = _COUNTRY(name)
    return match[1] if match else None


def _name(party: Element, wrapped: str) -> str:
    book = party.find("addressbook")
    within = next((found for found in (book, party.find(wrapped) if wrapped else None) if found is not None), party)
    firm = plain_text_at(within, "orgname") or plain_text_at(within, "name")
    return firm or f"{plain_text_at(within, 'first-name')} {plain_text_at(within, 'last-name')}"


def _country_and_state(party: Element) -> tuple[str | None, str | None]:
    countries = ("addressbook/address/country", "address/country", "residence/country", "nationality/country")
    country = next(filter(None, (plain_text_at(party, path) for path in countries)), None)
    return country, plain_text_at(party, "addressbook/address/state") or None


def _citation(cited: Element) -> Citation:
    document = _document([cited])
    return tuple(document.get(name, "") for name in ("country", "doc-number", "kind", "date"))  # type: ignore[return-value]


_DOCUMENTS = rb"(?:[a-z]{2}-)?patent-documents", rb"exchange-documents"
_ANSWER = rb"world-patent-data"  # of Open Patent Services; others have no documents
FORMATS = (
    Format("st36", xml_with(*ROOTS, *_DOCUMENTS, _ANSWER, having=_BEGIN.pattern), TaggedDocuments(_BEGIN), read),
    Format("st36", xml_with(*_DOCUMENTS), TaggedDocuments(_BEGIN), read),
)
"""The second is that of an envelope without a document."""
