"""Models in events of several types."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ip_ledger.base import Model


class Money(Model):
    """Money as an event has it: `{"amount": "1234567.80", "currency": "CNY"}`."""

    amount: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$", max_length=64)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Asset(Model):
    """One right in a pool."""

    id: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]
    """canonical patent id, or the registration no. of a mark or a copyright"""
    right: Literal["invention", "utility_model", "design", "plant", "trademark", "copyright"]
    ipc: list[Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z][0-9]{4}[0-9]{6}$")]] | None = None
    """the first symbol is the primary one"""
    appraised: Money | None = None
    """its appraised value, which is neither a debt nor a loan"""


class Party(Model):
    """A person or firm: applicant, pledgor, pledgee, debtor."""

    name: Annotated[str, Field(min_length=1, max_length=2000)]
    country: Annotated[str | None, Field(pattern=r"^[A-Z]{2}$")] = None
    id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """USCC (GB 32100), LEI (ISO 17442) or the producer's own id"""
