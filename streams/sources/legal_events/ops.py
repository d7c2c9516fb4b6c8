"""Legal responses of the EPO's Open Patent Services (OPS): patent families with the legal events of each member.

An event is in `ops:legal`: the office, its code, and the announced values in the fields L501EP to L527EP.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from streams.sources.formats import PROLOG, Format, xml_with
from streams.sources.results import Skip, SkipReason
from streams.sources.xml import Element, parse_root, text_at

_ANNOUNCED = re.compile(r"L5[0-9]{2}EP").fullmatch
_PLAIN = {ord("\uff1a"): ":", ord("\uff1b"): ";"}
"""The colon and the semicolon of Chinese keyboards."""
_NAME = r"([A-Za-z][A-Za-z. ]{2,50}?)\s*:"
_LABEL = re.compile(rf"(?:^|;)\s*{_NAME}")
_LABEL_ON_A_LINE = re.compile(rf"\s*;?\s*\n\s*(?={_NAME})").sub


class DocdbPublication(NamedTuple):
    """A publication of a family's member, in the DOCDB format."""

    country: str
    number: str
    kind: str
    day: str


class LegalEvent(NamedTuple):
    """One event as announced. `fields` are the announced values by their names in OPS (`L525EP`)."""

    office: str
    code: str
    application: str
    gazetted_on: str
    meaning: str
    fields: dict[str, str]
    publications: list[DocdbPublication]

    @property
    def labels(self) -> dict[str, str]:
        """The labelled values of the free text, as in Chinese events: `PLEDGEE: A BANK; PLEDGOR: B LTD.`."""
        _, *parts = _LABEL.split(self.fields.get("L510EP", ""))
        return {name.upper(): value.strip(" ;") for name, value in zip(parts[::2], parts[1::2], strict=True)}


def read(content: bytes) -> Iterator[LegalEvent]:
    """Yield the events of one response, each once, with the publications of all members of its application: offices
    announce an event under the member published first, often before the grant."""
    root = parse_root(content)
    if root.find(".//legal") is None:
        raise Skip(SkipReason.ANOTHER_DOCUMENT, "a response of OPS without legal events")
    members = [(member, _applications(member)) for member in root.iter("family-member")]
    published: dict[str, dict[DocdbPublication, None]] = defaultdict(dict)
    for member, applications in members:
        for document in member.iterfind("publication-reference/document-id"):
            if document.get("document-id-type") == "docdb":
                for application in applications:
                    published[application][_publication(document)] = None
    seen: set[bytes] = set()
    for member, applications in members:
        for legal in member.iterfind("legal"):
            known = [*applications, _application(text_at(legal, "L001EP"), text_at(legal, "L003EP"))]
            publications = dict.fromkeys(each for application in known for each in published.get(application, ()))
            event = _event(legal, [*publications])
            digest = blake2b(repr(event).encode(), digest_size=16).digest()
            if digest not in seen:
                seen.add(digest)
                yield event


def _applications(member: Element) -> list[str]:
    """Return the names of a member's application; a member without one gets a unique name."""
    references = member.findall("application-reference")
    numbers = [
        _application(text_at(document, "country"), text_at(document, "doc-number"))
        for reference in references
        for document in reference.iterfind("document-id")
        if document.get("document-id-type") == "docdb"
    ]
    ids = [f"id {name}" for reference in references if (name := reference.get("doc-id"))]
    return [*filter(None, numbers), *ids] or [f"member {id(member)}"]


def _application(country: str, number: str) -> str:
    return f"{country} {number}" if country and number else ""


def _publication(document: Element) -> DocdbPublication:
    return DocdbPublication(*(text_at(document, part) for part in ("country", "doc-number", "kind", "date")))


def _event(legal: Element, publications: list[DocdbPublication]) -> LegalEvent:
    announced: dict[str, str] = {}
    for each in legal.iter():
        if _ANNOUNCED(each.tag) and (text := _line(each.text or "")):
            announced[each.tag] = f"{announced[each.tag]}; {text}" if each.tag in announced else text
    return LegalEvent(
        office=text_at(legal, "L001EP"),
        code=text_at(legal, "L008EP") or (legal.get("code") or "").strip(),
        application=text_at(legal, "L003EP") + text_at(legal, "L004EP"),
        gazetted_on=text_at(legal, "L007EP"),
        meaning=legal.get("desc") or "",
        fields=announced,
        publications=publications,
    )


def _line(text: str) -> str:
    """Return a text on one line; labels on lines of their own are then behind semicolons, as the others."""
    return " ".join(_LABEL_ON_A_LINE("; ", text.translate(_PLAIN)).split())


FORMAT = Format("ops-legal", xml_with(b"world-patent-data"), PROLOG, read)
