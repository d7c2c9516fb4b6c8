"""Data of the events `ip.valuation.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Money, Party


class Valuation(Model):
    """A right or a portfolio was valued (GB/T 42748-2023; IVS 210). An appraised value is neither a debt nor a loan."""

    TYPE: ClassVar[str] = "ip.valuation.completed.v1"

    occurred_on: date
    """date on which the valuation was completed"""
    valuation_id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    purpose: Literal[
        "pledge_financing", "licence", "transfer", "reporting", "litigation", "insurance", "management", "other"
    ]
    method: Literal["cost", "market", "income", "ai_model", "mixed", "other"]
    """the valuation approach (IVS 103: cost, market, income), mixed if several; or a model"""
    as_of: date
    """the day to which the value applies"""
    mid: Money
    """the value, or the middle of its range; figures count this one"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    approach: Literal["cost", "market", "income", "mixed"] | None = None
    """the approach of a model, or of another method"""
    basis_of_value: (
        Literal[
            "market_value",
            "equitable_value",
            "investment_value",
            "synergistic_value",
            "liquidation_value",
            "fair_value",
            "value_in_use",
            "other",
        ]
        | None
    ) = None
    """the premise of the value (IVS 102)"""
    right: Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"] | None = None
    ipc: list[Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    """the first symbol is the primary one"""
    low: Money | None = None
    high: Money | None = None
    platform: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the platform of the valuation, such as an exchange"""
    appraiser: Party | None = None
    model_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    model_version: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    input_hash: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    """SHA-256 of the model's inputs"""
