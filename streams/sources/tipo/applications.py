"""PatentAppl, TIPO's responses on patent applications: only number, filing date, classification, nationality."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from streams.sources import regions
from streams.sources.formats import Format, JsonItems, json_with
from streams.sources.omissions import Omissions
from streams.sources.results import Imported, validated
from streams.sources.tipo.office import RIGHT_OF_LETTER, IpcList, TextOrNumber, filing_day, office_event, symbols

_BY_DIGIT = {"1": "invention", "2": "utility_model", "3": "design"}
"""The fourth of a number's nine digits: three for the year of the Republic (1911 is its year 0), one for the right."""


class _Row(BaseModel):
    number: Annotated[str, StringConstraints(pattern="^[0-9]{8,9}$", strip_whitespace=True)] = Field(alias="appl-no")
    filed_on: TextOrNumber = Field(None, alias="appl-date")
    country: TextOrNumber = Field(None, alias="appl-countrycode")
    ipc: IpcList = Field([], alias="classification-ipc")


def read(right: str, content: bytes) -> Iterator[Imported]:
    """Yield the application in one item: `ip.patent.filed.v1`, without applicants, whom TIPO does not publish here.

    Numbers of eight digits, of the 1970s, do not show the right: the name of the response does.
    """
    row = validated(_Row, content, "a patent application of TIPO")
    day = filing_day(row.number, row.filed_on)
    omissions = Omissions()
    data = {
        "region": regions.country(row.country),
        "office": "TW",
        "application_number": row.number,
        "right": _BY_DIGIT.get(row.number[3:4], right) if len(row.number) == 9 else right,
        "ipc": symbols(row.ipc, omissions) or None,
        "applicants": [],
    }
    identity = f"patent application {row.number}"
    yield office_event("ip.patent.filed.v1", f"TW-A-{row.number}", day, identity, data, omissions.named)


FORMATS = [
    Format(f"tw-patent-appl{letter}", json_with(b"tw-patent-appl" + letter.encode()), JsonItems("patentcontent"), each)
    for letter, each in ((letter, partial(read, right)) for letter, right in RIGHT_OF_LETTER.items())
]
