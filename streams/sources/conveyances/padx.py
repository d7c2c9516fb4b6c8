"""PADX, the US office's Patent Assignment XML (daily `ad*.xml`, and the yearly backfile): one element per conveyance.

It also reads bare elements without the envelope. The office repeats a withdrawn recording with the purge indicator Y.
"""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources import texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, assets_of, unread_days
from streams.sources.conveyances.fields import last_day
from streams.sources.conveyances.markup import text_or_none
from streams.sources.formats import Format, XmlElements, xml_with
from streams.sources.results import Unreadable
from streams.sources.uspto import ConveyedAsset
from streams.sources.xml import Element, element


def read(content: bytes) -> Iterator[Conveyance | Unreadable]:
    """Yield the conveyance in one element. Raise Unreadable if it is invalid."""
    whole = element(content, "a patent-assignment of PADX")
    record = whole.find("assignment-record")
    if record is None:
        raise Unreadable("not a patent-assignment of PADX: it has no assignment-record")
    at = ReelFrame.of(text_or_none(record, "reel-no"), text_or_none(record, "frame-no"))
    assignors = whole.findall("patent-assignors/patent-assignor")
    named = ((text_or_none(each, "name"), each) for each in whole.iterfind("patent-assignees/patent-assignee"))
    assets, bad = assets_of(at, whole.iterfind("patent-properties/patent-property"), _asset)
    yield from bad
    recorded, executed = (
        text_or_none(record, "recorded-date/date"),
        [text_or_none(assignor, "execution-date/date") for assignor in assignors],
    )
    yield from unread_days(at, recorded, executed)
    yield Conveyance(
        reel=at.reel,
        frame=at.frame,
        text=text_or_none(record, "conveyance-text"),
        recorded=texts.iso_day(recorded),
        executed=last_day(executed),
        assignors=[{"name": name} for assignor in assignors if (name := text_or_none(assignor, "name"))],
        assignees=[
            uspto.party(name, text_or_none(of, "country-name") or text_or_none(of, "state"))
            for name, of in named
            if name
        ],
        assets=assets,
        updated=texts.iso_day(text_or_none(record, "last-update-date/date")) or "",
        withdrawn=text_or_none(record, "purge-indicator") == "Y",
    )


def _asset(of: Element) -> ConveyedAsset | None:
    numbers: dict[str, str] = {}
    for document in of.iterfind("document-id"):
        number = (document.findtext("doc-number") or "").strip()
        if number:
            numbers[_type_of(number, (document.findtext("kind") or "").strip())] = number
    given = numbers.get
    others = uspto.international(given("international")), uspto.publication(given("publication"))
    return uspto.asset(given("application"), given("patent"), *others)


def _type_of(number: str, kind: str) -> str:
    """Return the type of the number in a document id. Applications have the kind X0; international numbers begin with
    an office, those of some patents with `D`, `RE`, `PP`."""
    if not number[0].isdigit() and uspto.international(number):
        return "international"
    if kind == "X0":
        return "application"
    return "publication" if uspto.publication(number) else "patent"


FORMAT = Format(
    "padx-xml",
    xml_with(b"us-patent-assignments", b"patent-assignments", b"patent-assignment"),
    XmlElements(b"patent-assignment"),
    read,
)
