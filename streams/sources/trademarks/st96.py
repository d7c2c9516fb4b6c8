"""ST.96, WIPO's later XML standard for trademarks: responses of TSDR in version 1_D3 (2012) and from 2.2.1 (2016) on.

Versions differ in namespaces, in the name of the root, and in wrappers around some elements.
"""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.formats import PROLOG, Format, xml_with
from streams.sources.results import Unreadable
from streams.sources.trademarks.mark import HistoryEntry, Mark, Owner, role
from streams.sources.trademarks.tsdr import mark_of
from streams.sources.xml import Element, parse_root, text_at, texts_at

_NAMESPACE = rb"http://www\.wipo\.int/standards/XMLSchema/(?:ST96/)?Trademark[/\"']"
_NAMES = ("EntityName", "OrganizationName/OrganizationStandardName", "PersonName/PersonFullName")


def read(content: bytes) -> Iterator[Mark | Unreadable]:
    """Yield the marks in one document."""
    for mark in parse_root(content).iter("Trademark"):
        yield mark_of(
            mark,
            serial=text_at(mark, "ApplicationNumber/ApplicationNumberText"),
            classes=[
                number
                for bag in mark.iterfind("GoodsServicesBag/GoodsServices/GoodsServicesClassificationBag")
                for number in _classes(bag)
            ],
            owners=[_owner(applicant) for applicant in mark.iterfind("ApplicantBag/Applicant")],
            history=[
                HistoryEntry(text_at(entry, "NationalMarkEvent/MarkEventCode")[:4], text_at(entry, "MarkEventDate"))
                for entry in mark.iterfind("MarkEventBag/MarkEvent")
            ],
        )


def _classes(bag: Element) -> list[str]:
    """Return the Nice classes. A primary class is a US class if the mark was registered under that classification."""
    kinds = [(text_at(each, "ClassificationKindCode"), text_at(each, "ClassNumber")) for each in bag]
    national = texts_at(bag, "GoodsServicesClassification/NationalClassNumber")
    nice = [number for kind, number in kinds if kind == "Nice" and number]
    return nice or [number for kind, number in kinds if kind == "Primary" and number and number not in national]


def _owner(applicant: Element) -> Owner:
    address = "Contact/PostalAddressBag/PostalAddress/PostalStructuredAddress"
    names = (text_at(applicant, f"Contact/Name/{name}") for name in _NAMES)
    described = text_at(applicant, "Version/CommentText") or text_at(applicant, "CommentText")
    return Owner(
        role=role(applicant.get("sequenceNumber") or "", described),
        name=" ".join(next(filter(None, names), "").split()),
        country=text_at(applicant, f"{address}/CountryCode"),
        state=text_at(applicant, f"{address}/GeographicRegionName"),
    )


_recognises = xml_with(b"Transaction", b"TrademarkTransaction", having=_NAMESPACE)
FORMAT = Format("st96", _recognises, PROLOG, read)
