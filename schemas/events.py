"""The catalogue: every type of event, its number and its topic.

An event is a CloudEvents 1.0 event (CNCF; JSON format 1.0.2, or `schemas.modes`) whose `data` is one of the models of
`schemas.data`. Each original type has two revisions, `.corrected` and `.voided`. Numbers never change: the book stores
them instead of names.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Role(IntEnum):
    """The effect of an event on its entity's history: the last digit of its type's number."""

    ORIGINAL = 0
    CORRECTED = 1
    VOIDED = 2


class EventType(NamedTuple):
    """One row of the catalogue. `family` is the number of the original type; its revisions share it."""

    name: str
    number: int
    topic: str
    family: int
    role: Role


def _family(number: int, stem: str, topic: str) -> list[EventType]:
    names = {
        Role.ORIGINAL: f"{stem}.v1",
        Role.CORRECTED: f"{stem}.corrected.v1",
        Role.VOIDED: f"{stem}.voided.v1",
    }
    return [EventType(name, number + role, topic, number, role) for role, name in names.items()]


GRANTED, REGISTERED, MODIFIED, CANCELLED = 10, 20, 30, 40
EXTENDED, DEFAULTED, REALISED = 50, 60, 70
FILED, PUBLISHED, CEASED, INVALIDATED, RESTORED, CHALLENGED, UPHELD = 80, 90, 100, 110, 120, 130, 140
PRESERVED, DISCHARGED, TERM_ADJUSTED, FEE_PAID, AWARDED, TAGGED = 150, 160, 170, 180, 190, 200
VALUED = 210
LICENSED, LICENCE_MODIFIED, LICENCE_CANCELLED, ASSIGNED = 220, 230, 240, 250
OFFERED, OFFER_WITHDRAWN, OFFER_ACCEPTED = 260, 270, 280
DISBURSED, REPAID, COMPENSATED = 290, 300, 310
MARK_REGISTERED, MARK_RENEWED, MARK_CEASED = 320, 330, 340
PCT_FILED = 350
FX_RATE, POPULATION, POLICY, PUBLISHED_FIGURE = 360, 370, 380, 390
MARK_FILED = 400
WEIGHT_SET = 410
VALUATION_REQUESTED, VALUATION_REFUSED, VALUATION_INPUT = 420, 430, 440
ALERTED, ACKNOWLEDGED = 450, 460
MODEL_REGISTERED = 470
SUBSIDISED = 480
PARTY_CONTROL = 490
ERASED = 500
READ = 510
NEED_PUBLISHED = 520
"""Numbers of the original types."""

_TOPICS: dict[str, list[tuple[int, str]]] = {
    "ip.pledge.v1": [
        (REGISTERED, "ip.pledge.registered"),
        (MODIFIED, "ip.pledge.modified"),
        (EXTENDED, "ip.pledge.extended"),
        (CANCELLED, "ip.pledge.cancelled"),
        (DEFAULTED, "ip.pledge.defaulted"),
        (REALISED, "ip.pledge.realised"),
        (ALERTED, "ip.collateral.alerted"),
        (ACKNOWLEDGED, "ip.collateral.acknowledged"),
    ],
    "ip.patent.v1": [
        (FILED, "ip.patent.filed"),
        (PUBLISHED, "ip.patent.published"),
        (GRANTED, "ip.patent.granted"),
        (CEASED, "ip.patent.ceased"),
        (INVALIDATED, "ip.patent.invalidated"),
        (RESTORED, "ip.patent.restored"),
        (CHALLENGED, "ip.patent.challenged"),
        (UPHELD, "ip.patent.upheld"),
        (PRESERVED, "ip.patent.preserved"),
        (DISCHARGED, "ip.patent.discharged"),
        (TERM_ADJUSTED, "ip.patent.term_adjusted"),
        (FEE_PAID, "ip.patent.fee_paid"),
        (AWARDED, "ip.patent.awarded"),
        (TAGGED, "ip.patent.tagged"),
        (READ, "ip.patent.read"),
    ],
    "ip.valuation.v1": [
        (VALUED, "ip.valuation.completed"),
        (VALUATION_REQUESTED, "ip.valuation.requested"),
        (VALUATION_REFUSED, "ip.valuation.refused"),
        (VALUATION_INPUT, "ip.valuation.input"),
    ],
    "ip.deal.v1": [
        (LICENSED, "ip.licence.recorded"),
        (LICENCE_MODIFIED, "ip.licence.modified"),
        (LICENCE_CANCELLED, "ip.licence.cancelled"),
        (ASSIGNED, "ip.assignment.recorded"),
        (OFFERED, "ip.open_licence.declared"),
        (OFFER_WITHDRAWN, "ip.open_licence.withdrawn"),
        (OFFER_ACCEPTED, "ip.open_licence.accepted"),
        (NEED_PUBLISHED, "ip.need.published"),
    ],
    "ip.loan.v1": [
        (DISBURSED, "ip.loan.disbursed"),
        (REPAID, "ip.loan.repaid"),
        (COMPENSATED, "ip.loan.compensated"),
        (SUBSIDISED, "ip.loan.subsidised"),
    ],
    "ip.trademark.v1": [
        (MARK_FILED, "ip.trademark.filed"),
        (MARK_REGISTERED, "ip.trademark.registered"),
        (MARK_RENEWED, "ip.trademark.renewed"),
        (MARK_CEASED, "ip.trademark.ceased"),
    ],
    "ip.pct.v1": [(PCT_FILED, "ip.pct.filed")],
    "ip.reference.v1": [
        (FX_RATE, "ip.reference.fx_rate"),
        (POPULATION, "ip.reference.population"),
        (POLICY, "ip.reference.policy"),
        (PUBLISHED_FIGURE, "ip.reference.published_figure"),
        (WEIGHT_SET, "ip.reference.weight_set"),
        (MODEL_REGISTERED, "ip.reference.model"),
        (PARTY_CONTROL, "ip.reference.control"),
        (ERASED, "ip.reference.erased"),
    ],
}
"""The original types of each topic."""

EVENT_TYPES: dict[str, EventType] = {
    event_type.name: event_type
    for topic, families in _TOPICS.items()
    for family in families
    for event_type in _family(*family, topic)
}
