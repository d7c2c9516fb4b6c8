"""Assignment Search: responses of the US office's search for conveyances (Solr), one element `doc` per conveyance.

Properties and parties are parallel arrays; a missing value is NULL or a day of the year 1. Days are midnights in the
office's time, converted to UTC; the date part is the calendar day.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from streams.sources import texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, assets_of, unread_days
from streams.sources.conveyances.fields import last_day
from streams.sources.conveyances.markup import markup_text
from streams.sources.formats import Format, XmlElements, xml_with
from streams.sources.results import Unreadable
from streams.sources.uspto import ConveyedAsset
from streams.sources.xml import element

_Column = list[str | None]

_REELS = rb"""\bname\s*=\s*["']reelNo["']|<result\b[^>]*\bnumFound\s*=\s*["']0["']"""
_PROPERTY = ("applNum", "patNum", "pctNum", "intlRegNum", "publNum")
_ASSIGNEE = ("patAssigneeName", "patAssigneeCountryName", "patAssigneeState")


def read(content: bytes) -> Iterator[Conveyance | Unreadable]:
    """Yield the conveyance in one `doc`. Raise Unreadable if it is invalid."""
    fields = {str(field.get("name")): field for field in element(content, "a doc of the assignment search")}

    def column(name: str) -> _Column:
        return [markup_text(value) for value in fields[name]] if name in fields else []

    def one(name: str) -> str | None:
        return markup_text(fields[name]) if name in fields else None

    at = ReelFrame.of(one("reelNo"), one("frameNo"))
    numbers = zip_longest(*map(column, _PROPERTY))
    assignees = zip_longest(*map(column, _ASSIGNEE))
    assets, bad = assets_of(at, numbers, lambda each: _asset(*each))
    yield from bad
    yield from unread_days(at, one("recordedDate"), column("patAssignorExDate"))
    yield Conveyance(
        reel=at.reel,
        frame=at.frame,
        text=one("conveyanceText"),
        recorded=texts.iso_day(one("recordedDate")),
        executed=last_day(column("patAssignorExDate")),
        assignors=[{"name": name} for name in column("patAssignorName") if name],
        assignees=[uspto.party(name, country or state) for name, country, state in assignees if name],
        assets=assets,
        updated=one("lastUpdateDate") or "",
        withdrawn=one("purgeIndicator") == "Y",
    )


def _asset(
    application: str | None, patent: str | None, pct: str | None, hague: str | None, publication: str | None
) -> ConveyedAsset | None:
    others = uspto.international(pct), uspto.international(hague), uspto.publication(publication)
    return uspto.asset(application, patent, *others)


_recognises = xml_with(b"response", b"result", b"doc", having=_REELS)
FORMAT = Format("assignment-search-xml", _recognises, XmlElements(b"doc"), read)
