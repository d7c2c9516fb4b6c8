"""Data of the events `ip.trademark.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Party


class TrademarkCessation(Model):
    """A trademark ceased to be registered."""

    TYPE: ClassVar[str] = "ip.trademark.ceased.v1"

    occurred_on: date
    """the first day on which it is not registered"""
    reason: Literal["expired", "cancelled", "surrendered", "invalidated", "other"]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class TrademarkFiling(Model):
    """An application for a trademark was filed (Trademark Law Art. 22). It counts once, whatever its classes."""

    TYPE: ClassVar[str] = "ip.trademark.filed.v1"

    occurred_on: date
    """filing date"""
    office: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    application_number: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    applicants: Annotated[list[Party], Field(min_length=1)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first applicant"""
    classes: Annotated[list[Annotated[int, Field(ge=1, le=45)]] | None, Field(min_length=1)] = None
    """of the Nice Classification; omitted if the office used another classification"""


class TrademarkRegistration(Model):
    """A trademark was registered for ten years (Trademark Law Art. 39)."""

    TYPE: ClassVar[str] = "ip.trademark.registered.v1"

    occurred_on: date
    """registration date"""
    classes: Annotated[list[Annotated[int, Field(ge=1, le=45)]], Field(min_length=1)]
    """of the Nice Classification"""
    owners: Annotated[list[Party], Field(min_length=1)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first owner"""
    office: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$")] = None
    """office of the register (WIPO ST.3)"""
    valid_to: date | None = None
    """the last day of its term"""


class TrademarkRenewal(Model):
    """A trademark's term was renewed for ten more years (Trademark Law Art. 40)."""

    TYPE: ClassVar[str] = "ip.trademark.renewed.v1"

    occurred_on: date
    """date of the renewal"""
    valid_to: date
    """the last day of the new term"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
