"""JSON responses of TSDR: the status of one mark (`info.json`), or of several (`caseMultiStatus`).

Their only documentation is the responses of the TSDR Data API (`tsdrapi.uspto.gov`): there is no WIPO standard.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from streams.sources.conveyances.fields import listed
from streams.sources.formats import Format, JsonItems, json_with
from streams.sources.results import validated
from streams.sources.trademarks.mark import HistoryEntry, Mark, Owner, role


def _text(given: Any) -> Any:
    """Return a text: a number may be with or without quotes, and null becomes an empty text."""
    return "" if given is None else str(given).strip() if isinstance(given, int | str) else given


def _coded(given: Any) -> Any:
    return given.get("code") if isinstance(given, dict) else given


_Text = Annotated[str, BeforeValidator(_text)]
_Code = Annotated[str, BeforeValidator(_text), BeforeValidator(_coded)]


class _Status(BaseModel):
    serial: _Text = Field(alias="serialNumber")
    filed: _Text = Field("", alias="filingDate")
    number: _Text = Field("", alias="usRegistrationNumber")
    registered: _Text = Field("", validation_alias=AliasChoices("usRegistrationDate", "registrationDate"))
    code: _Text = Field("", alias="status")
    since: _Text = Field("", alias="statusDate")


class _StateCountry(BaseModel):
    state: _Code = Field("", alias="stateCountry")
    country: _Code = Field("", alias="iso")


class _Owner(BaseModel):
    name: _Text = ""
    party: _Text = Field("", alias="partyType")
    description: _Text = Field("", alias="partyTypeDescription")
    state_country: _StateCountry | None = Field(None, alias="addressStateCountry")


def _grouped(given: Any) -> Any:
    """Return owners by group: a list of owners, each with its own type, is a group without a name."""
    return {"": given} if isinstance(given, list) else given


class _Parties(BaseModel):
    groups: Annotated[dict[str, Annotated[list[_Owner], BeforeValidator(listed)]] | None, BeforeValidator(_grouped)] = (
        Field(None, alias="ownerGroups")
    )


class _Goods(BaseModel):
    nice: Annotated[list[_Code], BeforeValidator(listed)] = Field([], alias="internationalClasses")


class _Entry(BaseModel):
    code: _Text = Field("", alias="entryCode")
    day: _Text = Field("", alias="entryDate")


class _Trademark(BaseModel):
    status: _Status
    parties: _Parties | None = None
    goods: Annotated[list[_Goods], BeforeValidator(listed)] = Field([], alias="gsList")
    history: Annotated[list[_Entry], BeforeValidator(listed)] = Field([], alias="prosecutionHistory")


def read(content: bytes) -> Iterator[Mark]:
    """Yield the mark in one object. Raise Unreadable if it is invalid."""
    mark = validated(_Trademark, content, "a mark of TSDR")
    groups = (mark.parties and mark.parties.groups) or {}
    yield Mark(
        serial=mark.status.serial,
        filed_on=mark.status.filed,
        number=mark.status.number,
        registered_on=mark.status.registered,
        status=mark.status.code,
        status_on=mark.status.since,
        classes=list(dict.fromkeys(number for goods in mark.goods for number in goods.nice)),
        owners=[_owner(group, each) for group, owners in groups.items() for each in owners],
        history=[HistoryEntry(entry.code, entry.day) for entry in mark.history],
    )


def _owner(group: str, owner: _Owner) -> Owner:
    state_country = owner.state_country or _StateCountry()
    name = " ".join(owner.name.split())
    return Owner(role(owner.party or group, owner.description), name, state_country.country, state_country.state)


FORMAT = Format("tsdr-json", json_with(b"trademarks"), JsonItems("trademarks"), read)
