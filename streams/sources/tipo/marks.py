"""TmarkAppl, TIPO's responses on trademark applications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import AliasChoices, BaseModel, Field, StringConstraints

from streams.sources.formats import Format, JsonItems, json_with
from streams.sources.omissions import Omissions
from streams.sources.results import Imported, Skip, SkipReason, validated
from streams.sources.tipo.office import (
    NullableList,
    Present,
    TextOrNumber,
    TipoParties,
    filing_day,
    office_event,
    tipo_parties,
)

_NICE_FROM = date(1994, 7, 15)
"""On this day the amended Enforcement Rules of the Trademark Law introduced the Nice Classification; older applications
use Taiwan's own classifications."""
_NICE = re.compile(r"0*([1-9]|[1-3][0-9]|4[0-5])").fullmatch


class _Goods(BaseModel):
    number: TextOrNumber = Field(None, alias="goodsclass-code")


class _Parties(BaseModel):
    applicants: TipoParties = []


class _Row(BaseModel):
    number: Annotated[str, StringConstraints(pattern="^[0-9]{6,12}$", strip_whitespace=True)] = Field(alias="appl-no")
    filed_on: TextOrNumber = Field(None, alias="appl-date")
    goods: Annotated[list[_Goods], NullableList] = Field(
        [], validation_alias=AliasChoices("goodsclasses", "goodsclass")
    )
    parties: Annotated[_Parties, Present] = _Parties()


def read(content: bytes) -> Iterator[Imported]:
    """Yield the application in one item: `ip.trademark.filed.v1`."""
    row = validated(_Row, content, "a trademark application of TIPO")
    day = filing_day(row.number, row.filed_on)
    applicants = tipo_parties(row.parties.applicants)
    if not applicants:
        raise Skip(SkipReason.NO_OWNER, f"application {row.number}: no applicant is named")
    omissions = Omissions()
    numbers = omissions.all("Nice class", (goods.number for goods in row.goods), _nice) if day >= _NICE_FROM else {}
    data = {
        "region": row.parties.applicants[0].country,
        "office": "TW",
        "application_number": row.number,
        "classes": sorted(numbers) or None,
        "applicants": applicants,
    }
    identity = f"trademark application {row.number}"
    yield office_event("ip.trademark.filed.v1", f"TW-A-{row.number}", day, identity, data, omissions.named)


def _nice(number: str) -> int | None:
    match = _NICE(number)
    return int(match[1]) if match else None


FORMAT = Format("tmarkappl", json_with(b"tmarkappl"), JsonItems("tmarkcontent"), read)
