"""Data of the events `ip.licence.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Asset, Money, Party


class LicenceCancellation(Model):
    """A recorded licence was cancelled (gazette code EC01)."""

    TYPE: ClassVar[str] = "ip.licence.cancelled.v1"

    occurred_on: date
    """date of the cancellation"""
    contract_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    reason: Annotated[str | None, Field(min_length=1, max_length=2000)] = None


class LicenceModification(Model):
    """A recorded licence was changed, from the date of the change on (gazette code EM01)."""

    TYPE: ClassVar[str] = "ip.licence.modified.v1"

    occurred_on: date
    """date of the change"""
    contract_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    amount: Money | None = None
    """the fixed fee from now on"""
    royalty_bp: Annotated[int | None, Field(ge=0, le=100000)] = None
    royalty_base: Literal["net_sales", "gross_sales", "units", "profit", "other"] | None = None
    term_to: date | None = None


class LicenceRecord(Model):
    """A licence contract was recorded (SIPO Order 62 of 2011; gazette code EE01)."""

    TYPE: ClassVar[str] = "ip.licence.recorded.v1"

    occurred_on: date
    """date of the record"""
    contract_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    licensors: list[Party]
    """empty where the register does not name them"""
    licensees: list[Party]
    """empty where the register does not name them"""
    assets: Annotated[list[Asset], Field(min_length=1, max_length=5000)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first licensor"""
    licence: Literal["exclusive", "sole", "ordinary", "open"] | None = None
    """exclusive: not even the licensor may use the right; sole: the licensor may"""
    fee: Literal["fixed", "royalty", "free", "mixed"] | None = None
    """left out where the register does not have it"""
    amount: Money | None = None
    """the fixed fee"""
    royalty_bp: Annotated[int | None, Field(ge=0, le=100000)] = None
    """the running royalty in hundredths of a percent of its base"""
    royalty_base: Literal["net_sales", "gross_sales", "units", "profit", "other"] | None = None
    """what the running royalty is a percentage of"""
    term_from: date | None = None
    term_to: date | None = None
    """its last day"""
