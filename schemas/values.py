r"""The scalar values of events: days, texts, codes, identifiers.

Patterns are ASCII and simple (no lookaround, no `\p`), so that the same text works in pydantic's Rust engine, in
ECMA-262 as JSON Schema requires, and in Python's `re`. Printable characters are listed here: the Unicode version of a
library must not affect the book.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

from schemas.industry import INDUSTRIES
from schemas.ipc import check_cpc_symbol, check_ipc_symbol
from schemas.regions import check_known, check_region
from schemas.topics import TOPICS
from schemas.wording import InvalidValue, given

PRINTABLE = (
    "[^\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\ufeff\\ufff0-\\uffff]"
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class _ChainedText:
    """A text that must match a pattern and then parse as `target`, both in pydantic's compiled core."""

    def __init__(self, pattern: str, target: CoreSchema, json_format: str) -> None:
        self.pattern, self.target, self.json_format = pattern, target, json_format

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(pattern=self.pattern, strict=True)
        return core_schema.chain_schema(
            [text, self.target], serialization=core_schema.to_string_ser_schema(when_used="json")
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": self.json_format, "pattern": self.pattern}


Day = Annotated[
    date,
    _ChainedText(
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        core_schema.date_schema(strict=False, ge=FIRST_DAY, le=LAST_DAY),
        "date",
    ),
]
"""A business date, exactly `YYYY-MM-DD` (ISO 8601 calendar date), 1900-01-01 to 2199-12-31."""


def _check_moment(text: str) -> str:
    """Return the moment if its day exists, and its second 60 is the last second of a UTC day: leap seconds occur
    nowhere else (RFC 3339 section 5.7). Which days had one is not checked. Raise InvalidValue otherwise."""
    if text[8:10] > "28" or text[17] == "6":
        year, month, day, hour, minute = (int(text[start : start + 2]) for start in (2, 5, 8, 11, 14))
        century = int(text[:2]) % 4 * 100 + 2000  # the calendar repeats every 400 years, and Python has no year 0
        days = monthrange(century + year, month)[1]
        if text[17] == "6" and text[-1] not in "Zz":
            minute -= int(text[-6] + "1") * (int(text[-5:-3]) * 60 + int(text[-2:]))
        if day > days or (text[17] == "6" and (hour * 60 + minute) % 1440 != 1439):
            raise InvalidValue("no_such_time", **given(text[:40]))
    return text


MOMENT = (
    "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)"
    "(?:\\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""The form of a moment with all parts in range, except the days of a month."""

Timestamp = Annotated[
    str,
    _ChainedText(
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
        core_schema.no_info_after_validator_function(_check_moment, core_schema.str_schema(pattern=MOMENT)),
        "date-time",
    ),
]
"""A moment as in RFC 3339 section 5.6, with its zone and any precision. It is stored as received."""

EventId = Annotated[str, StringConstraints(pattern=f"^{PRINTABLE}{{1,64}}$")]
Subject = Annotated[str, StringConstraints(pattern=f"^{PRINTABLE}{{1,128}}$")]
Source = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9._~:/?#@!$&'()*+,;=%\\[\\]-]{1,256}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
ShortText = Annotated[str, StringConstraints(pattern=f"^{PRINTABLE}{{1,64}}$")]
RegistrationNo = Annotated[str, StringConstraints(pattern=f"^{PRINTABLE}{{1,40}}$")]

Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
"""The form of a country (ISO 3166-1 alpha-2). Whether it exists, the event checks, which has the day."""
_Region = Annotated[str, StringConstraints(pattern="^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
Region = Annotated[_Region, AfterValidator(check_region)]
"""A country (ISO 3166-1 alpha-2, `CN`) or subdivision (ISO 3166-2, `CN-SH`) on the day of the event."""
KnownRegion = Annotated[_Region, AfterValidator(check_known)]
"""A region of today or of any day before, in an event that is about another day than its own."""
Office = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
"""The two-letter code of an office (WIPO ST.3)."""
IpcSymbol = Annotated[
    str,
    AfterValidator(check_ipc_symbol),
    Field(json_schema_extra={"pattern": "^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$"}),
]
"""A symbol of the International Patent Classification in its 14-character form, `G06N0003047500` (WIPO ST.8)."""

CpcSymbol = Annotated[
    str,
    AfterValidator(check_cpc_symbol),
    Field(json_schema_extra={"pattern": "^[A-HY][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$"}),
]
"""A symbol of the Cooperative Patent Classification in the same form, which adds a section Y."""


SubjectCode = Annotated[str, StringConstraints(pattern="^[A-HY][0-9]{2}[A-Z]([0-9]{4}([0-9]{6})?)?$")]
"""A subclass, main group or symbol of the IPC or CPC, from the left of the 14-character form."""


def _check_positive(number: str) -> str:
    if not number.strip("0."):
        raise InvalidValue("not_positive", number=number)
    return number


Decimal = Annotated[str, StringConstraints(pattern="^[0-9]{1,18}(\\.[0-9]{1,12})?$")]
"""A number other than money: ASCII digits with at most one point."""
PositiveDecimal = Annotated[
    Decimal, AfterValidator(_check_positive), Field(json_schema_extra={"not": {"pattern": "^[0.]+$"}})
]
"""A Decimal greater than 0."""
SignedDecimal = Annotated[str, StringConstraints(pattern="^-?[0-9]{1,18}(\\.[0-9]{1,12})?$")]
"""A Decimal with an optional minus sign."""
Proportion = Annotated[str, StringConstraints(pattern="^(0(\\.[0-9]{1,12})?|1(\\.0{1,12})?)$")]
"""A number from 0 to 1."""
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
_PLACE = "[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}"
LogPlace = Annotated[str, StringConstraints(pattern=f"^{_PLACE}$")]
"""The place of a record: `topic:partition=offset`, with the topic's name without prefix."""


def _check_topics(position: str) -> str:
    for part in position.split(","):
        if part.partition(":")[0] not in TOPICS:
            raise InvalidValue("position_topic", text=part)
    return position


Position = Annotated[
    str, StringConstraints(pattern=f"^{_PLACE}(,{_PLACE})*$", max_length=100_000), AfterValidator(_check_topics)
]
"""The next offset of partitions: `topic:partition=offset,...`; nothing is read of partitions that it omits."""


def _check_industry(code: str) -> str:
    if code not in INDUSTRIES:
        raise InvalidValue("industry", text=code[:16])
    return code


IndustryCode = Annotated[str, AfterValidator(_check_industry), Field(json_schema_extra={"enum": list(INDUSTRIES)})]
"""The code of an industry, or ALL."""

Right = Literal["invention", "utility_model", "design", "plant"]
AssetRight = Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"]
AmountStatus = Literal["registered", "reported", "undisclosed"]
