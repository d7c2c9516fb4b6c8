"""Alerts about pledges, and their acknowledgement by a desk."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from schemas.data.common import EventData, Prose
from schemas.events import ACKNOWLEDGED, ALERTED
from schemas.values import Day, EventId, LogPlace, ShortText

AlertReason = Literal[
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


class CollateralAlert(EventData):
    """A pledge needs attention: a reason of the watch list holds from a day on."""

    occurred_on: Day = Field(description="day for which the watch list was made")
    reason: AlertReason
    holds_from: Day = Field(description="the first day on which the reason holds")
    asset: ShortText | None = Field(None, description="left out if the reason is about the whole pledge")
    cause: LogPlace | None = Field(None, description="the place of the event behind it")


class CollateralAcknowledgement(EventData):
    """Somebody has seen an alert."""

    occurred_on: Day = Field(description="day on which it was seen")
    alert: EventId = Field(description="id of the alert, of the same pledge")
    acknowledged_by: ShortText
    note: Prose | None = None


MODELS: Final[dict[int, type[EventData]]] = {ALERTED: CollateralAlert, ACKNOWLEDGED: CollateralAcknowledgement}
"""Number of an original type -> the model of its data."""
