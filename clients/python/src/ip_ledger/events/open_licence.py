"""Data of the events `ip.open_licence.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Asset, Money, Party


class OpenLicenceAcceptance(Model):
    """A licensee accepted an open licence by written notice and payment (Patent Law Art. 51)."""

    TYPE: ClassVar[str] = "ip.open_licence.accepted.v1"

    occurred_on: date
    """date of the notice"""
    licensee: Party
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    amount: Money | None = None
    """the fixed fee paid"""


class OpenLicenceDeclaration(Model):
    """A patentee offered a licence to everyone (Patent Law Art. 50; gazette code OL01)."""

    TYPE: ClassVar[str] = "ip.open_licence.declared.v1"

    occurred_on: date
    """date of the announcement"""
    patentees: Annotated[list[Party], Field(min_length=1)]
    assets: Annotated[list[Asset], Field(min_length=1, max_length=5000)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first patentee"""
    fee: Literal["fixed", "royalty", "free", "mixed"] | None = None
    """left out where the announcement does not have it"""
    amount: Money | None = None
    """the fixed fee that each licensee pays"""
    royalty_bp: Annotated[int | None, Field(ge=0, le=100000)] = None
    royalty_base: Literal["net_sales", "gross_sales", "units", "profit", "other"] | None = None
    term_from: date | None = None
    term_to: date | None = None


class OpenLicenceWithdrawal(Model):
    """An open licence offer was withdrawn; licences granted before continue (Patent Law Art. 50; gazette code OL02)."""

    TYPE: ClassVar[str] = "ip.open_licence.withdrawn.v1"

    occurred_on: date
    """date of the announcement"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
