"""The pydantic model of each type of event: the envelope around its data.

Building all models takes a third of a second. So each model is built for the first event of its type, and commands that
judge no event never import this module.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Literal

from schemas.data import collateral, market, patent, pledge, reference, valuation
from schemas.data.common import Correction, EventData, Voiding
from schemas.envelope import Event
from schemas.events import EventType, Role

DATA: Final[dict[int, type[EventData]]] = (
    pledge.MODELS | collateral.MODELS | patent.MODELS | market.MODELS | valuation.MODELS | reference.MODELS
)
"""Number of an original type -> the model of its data."""


@cache
def model_of(event_type: EventType) -> type[Event[Any, Any]]:
    """Return the model of an event of this type."""
    original = DATA[event_type.family]
    data: Any = original
    if event_type.role is Role.CORRECTED:
        data = Correction[original]  # type: ignore[valid-type]
    elif event_type.role is Role.VOIDED:
        data = Voiding
    return Event[Literal[event_type.name], data]  # type: ignore[name-defined]
