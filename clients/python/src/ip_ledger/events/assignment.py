"""Data of the events `ip.assignment.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Asset, Money, Party


class AssignmentRecord(Model):
    """Rights were transferred, or their owner changed its name (gazette codes TR01, TA01, CP01)."""

    TYPE: ClassVar[str] = "ip.assignment.recorded.v1"

    occurred_on: date
    """date of the record, when a transfer takes effect (Patent Law Art. 10)"""
    contract_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    conveyance: Literal["assignment", "merger", "change_of_name", "government_interest", "other"]
    assignors: list[Party]
    """empty where the register does not name them"""
    assignees: list[Party]
    """empty where the register does not name them"""
    assets: Annotated[list[Asset], Field(min_length=1, max_length=5000)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first assignor"""
    price: Money | None = None
    executed_on: date | None = None
    """date of the contract"""
