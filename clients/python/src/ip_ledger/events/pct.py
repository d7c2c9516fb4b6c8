"""Data of the events `ip.pct.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Party


class PctFiling(Model):
    """An international application was filed (Patent Cooperation Treaty, Arts. 3 and 11)."""

    TYPE: ClassVar[str] = "ip.pct.filed.v1"

    occurred_on: date
    """international filing date"""
    number: str
    receiving_office: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """WIPO ST.3; IB is the International Bureau"""
    applicants: Annotated[list[Party], Field(min_length=1)]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """origin: of the first applicant"""
    priority_on: date | None = None
    ipc: list[Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    """the first symbol is the primary one"""
    inventors: list[Party] | None = None
