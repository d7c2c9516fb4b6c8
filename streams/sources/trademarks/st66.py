"""ST.66, WIPO's first XML standard for trademarks: responses of TSDR, with additional elements of the US office."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.sources.formats import PROLOG, Format, xml_with
from streams.sources.results import Unreadable
from streams.sources.trademarks.mark import HistoryEntry, Mark, Owner, role
from streams.sources.trademarks.tsdr import mark_of
from streams.sources.xml import Element, parse_root, text_at, texts_at

_NAMESPACE = rb"http://www\.wipo\.int/standards/XMLSchema/trademarks[/\"']"
_NUMBER = re.compile(r"([0-9A-Z]+)\s*:").match


def read(content: bytes) -> Iterator[Mark | Unreadable]:
    """Yield the marks in one document. Owners are inside a mark, as in the standard, or next to it, as in TSDR."""
    for transaction in parse_root(content).iter("TransactionData"):
        for mark in transaction.iterfind("TradeMarkDetails/TradeMark"):
            parties = mark if mark.find("ApplicantDetails") is not None else transaction
            yield mark_of(
                mark,
                serial=text_at(mark, "ApplicationNumber"),
                classes=[
                    number
                    for described in mark.iterfind("GoodsServicesDetails/GoodsServices/ClassDescriptionDetails/*")
                    for number in _classes(described)
                ],
                owners=[_owner(applicant) for applicant in parties.iterfind("ApplicantDetails/Applicant")],
                history=[
                    HistoryEntry(text_at(entry, "MarkEventCode")[:4], text_at(entry, "MarkEventDate"))
                    for entry in mark.iterfind("MarkEventDetails/MarkEvent")
                ],
            )


def _classes(described: Element) -> list[str]:
    """Return the Nice class numbers from the titles; without titles, ClassNumber unless it is listed as a US class."""
    titles = texts_at(described, "ClassDescriptionExt/NiceClassTitleText")
    number, national = (
        text_at(described, "ClassNumber"),
        texts_at(described, "ClassDescriptionExt/DomesticClassNumbers"),
    )
    return [match[1] for match in map(_NUMBER, titles) if match] or [number] * (number not in national)


def _owner(applicant: Element) -> Owner:
    book = "ApplicantAddressBook/FormattedNameAddress"
    lines = texts_at(applicant, f"{book}/Name/FreeFormatName/FreeFormatNameDetails/FreeFormatNameLine")
    return Owner(
        role=role(
            text_at(applicant, "ApplicantExt/PartyTypeCode"),
            text_at(applicant, "ApplicantExt/PartyTypeDescriptionText"),
        ),
        name=" ".join(" ".join(lines).split()),
        country=text_at(applicant, f"{book}/Address/FormattedAddress/FormattedAddressCountryCode"),
        state=text_at(applicant, f"{book}/Address/FormattedAddress/AddressState"),
    )


FORMAT = Format("st66", xml_with(b"Transaction", having=_NAMESPACE), PROLOG, read)
