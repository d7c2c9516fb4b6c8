"""Data of the events `ip.collateral.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model


class CollateralAcknowledgement(Model):
    """Somebody has seen an alert."""

    TYPE: ClassVar[str] = "ip.collateral.acknowledged.v1"

    occurred_on: date
    """day on which it was seen"""
    alert: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """id of the alert, of the same pledge"""
    acknowledged_by: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    note: Annotated[str | None, Field(min_length=1, max_length=2000)] = None


class CollateralAlert(Model):
    """A pledge needs attention: a reason of the watch list holds from a day on."""

    TYPE: ClassVar[str] = "ip.collateral.alerted.v1"

    occurred_on: date
    """day for which the watch list was made"""
    reason: Literal[
        "lapsed",
        "challenged",
        "preserved",
        "transferred",
        "due",
        "overdue",
        "defaulted",
        "ltv",
        "aged",
        "fell",
        "other",
    ]
    holds_from: date
    """the first day on which the reason holds"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    asset: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """left out if the reason is about the whole pledge"""
    cause: Annotated[str | None, Field(pattern=r"^[a-z0-9.]{1,40}:[0-9]{1,4}=[0-9]{1,18}$")] = None
    """the place of the event behind it"""
