"""Data of the events `ip.need.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Party


class Need(Model):
    """Somebody looks for rights: the counterpart of an open licence."""

    TYPE: ClassVar[str] = "ip.need.published.v1"

    occurred_on: date
    """date of the publication"""
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    """what is sought, in words"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """where the right is to be used"""
    codes: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-HY][0-9]{2}[A-Z]([0-9]{4}([0-9]{6})?)?$")]] | None, Field(max_length=50)
    ] = None
    """IPC or CPC: subclasses `H01M`, main groups `H01M0010`, symbols of 14 characters"""
    seeker: Party | None = None
    """left out where the publisher does not name it"""
    valid_to: date | None = None
    """its last day"""
