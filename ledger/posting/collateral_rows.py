"""Rows of payments and alerts of pledges, in the form of `rows`."""

from __future__ import annotations

from typing import NamedTuple


class PledgePaymentRow(NamedTuple):
    """A default or a realisation, with the amount overdue or realised."""

    offset: int
    type: int
    day: int
    currency: int | None
    minor: int | None


class AlertRow(NamedTuple):
    """An alert about a pledge: a reason that holds from a day on, and the place of the event behind it."""

    offset: int
    alerted_on: int
    reason: str
    holds_from: int
    asset: str | None
    cause: str | None


class AcknowledgementRow(NamedTuple):
    """An acknowledgement of an alert, by its id."""

    offset: int
    day: int
    alert: str
    acknowledged_by: str
