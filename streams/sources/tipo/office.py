"""Common parts of all responses of the open-data service of the Taiwan Intellectual Property Office (TIPO)."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from schemas.ipc import ipc_symbol
from streams.sources import envelopes, regions, texts
from streams.sources.omissions import Omissions
from streams.sources.results import Imported, Skip, SkipReason, event

_SOURCE = "urn:office:tw:tipo"
RIGHT_OF_LETTER = {"I": "invention", "M": "utility_model", "D": "design"}
"""Right by the letter at the end of a response's name, which is also the first of a patent's number."""


def _optional_text(given: Any) -> Any:
    # Chinese text is only normalised to Unicode's form C: no other characters, no transliteration, wide spaces kept.
    if isinstance(given, str):
        return unicodedata.normalize("NFC", given.strip())[: texts.LONGEST_TEXT] or None
    return str(given) if isinstance(given, int) else given


TextOrNumber = Annotated[str | None, BeforeValidator(_optional_text)]
"""A text or a number as a text, or None."""


def _listed(given: Any) -> Any:
    return given or []


NullableList = BeforeValidator(_listed)
"""A list; empty if null."""


def _present(given: Any) -> Any:
    return given or {}


Present = BeforeValidator(_present)
"""An object; empty if null."""


class _Party(BaseModel):
    """An applicant or inventor. Patents and marks have different names for the country code."""

    chinese: TextOrNumber = Field(None, alias="chinese-name")
    english: TextOrNumber = Field(None, alias="english-name")
    japanese: TextOrNumber = Field(None, alias="japanese-name")
    of_patent: TextOrNumber = Field(None, alias="english-country")
    of_mark: TextOrNumber = Field(None, alias="country-code")

    @property
    def country(self) -> str | None:
        """The country of nationality."""
        return regions.country(self.of_patent or self.of_mark)

    def as_data(self) -> dict[str, str]:
        """Return the party as in events; empty without a name."""
        name = self.chinese or self.english or self.japanese
        country = {"country": self.country} if self.country else {}
        return {"name": name} | country if name else {}


TipoParties = Annotated[list[_Party], NullableList]


class _Ipc(BaseModel):
    section: TextOrNumber = Field(None, alias="ipc-section")
    number: TextOrNumber = Field(None, alias="ipc-class")
    subclass: TextOrNumber = Field(None, alias="ipc-subclass")
    main_group: TextOrNumber = Field(None, alias="ipc-main-group")
    group: TextOrNumber = Field(None, alias="ipc-group")


IpcList = Annotated[list[_Ipc], NullableList]


def symbols(classified: list[_Ipc], omissions: Omissions) -> list[str]:
    """Return the symbols with a group; applications of the 1970s have only a subclass, which is not a symbol."""
    printed = (
        f"{each.section}{each.number}{each.subclass} {each.main_group}/{each.group}"
        for each in classified
        if each.main_group
    )
    return list(omissions.all("IPC symbol", printed, ipc_symbol))


def tipo_parties(given: list[_Party]) -> list[dict[str, str]]:
    """Return the parties with a name."""
    return [data for party in given if (data := party.as_data())]


def filing_day(number: str, text: str | None) -> date:
    """Return the filing date of an application. Raise Skip if it has none."""
    day = texts.day_of(text)
    if day is None:
        raise Skip(SkipReason.NO_FILING_DATE, f"application {number}: {text!r} is not a day from 1900 on")
    return day


def office_event(
    type_name: str, subject: str, day: date, identity: str, data: dict[str, Any], unread: tuple[str, ...] = ()
) -> Imported:
    """Return an event of this office."""
    envelope = envelopes.envelope(_SOURCE, type_name, subject, day, identity)
    return event(envelope, {"occurred_on": day.isoformat()} | data, unread)
