"""Lines, bars and steps of charts, from numbers. They draw marks; the words stay exact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledger.web.pages.parts import Change, Sparkline
from ledger.web.pages.translator import Translator

CHART_WIDTH, CHART_HEIGHT = 120.0, 32.0
STEPS = 9


def sparkline(values: Sequence[Decimal | int | None], label: str) -> Sparkline | None:
    """Return a line through the values, first to last; None for fewer than two."""
    known = [float(value or 0) for value in values]
    if len(known) < 2:
        return None
    top, bottom = max(known), min(0.0, *known)
    height = (top - bottom) or 1.0
    points = [
        (
            round(2 + index * (CHART_WIDTH - 6) / (len(known) - 1), 1),
            round(CHART_HEIGHT - 3 - (value - bottom) / height * 26, 1),
        )
        for index, value in enumerate(known)
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    area = f"{points[0][0]},{CHART_HEIGHT} {line} {points[-1][0]},{CHART_HEIGHT}"
    return Sparkline(line, area, points[-1], label)


def change(ratio: float | None, t: Translator) -> Change | None:
    """Return a growth in words; None if it is not known."""
    if ratio is None:
        return None
    return Change(t.percent(ratio, signed=True), "up" if ratio > 0 else "down" if ratio < 0 else "flat")


def step(value: Decimal | int | None, largest: Decimal | int) -> int:
    """Return the step of a value in a matrix: 0 for nothing, 1 to STEPS by the square root of its part of the largest,
    so that small values remain visible."""
    if not value or not largest or value < 0:
        return 0
    return max(1, min(STEPS, round(math.sqrt(float(value) / float(largest)) * STEPS)))


def series(name: str, values: Sequence[Any], texts: Sequence[str], **more: object) -> dict[str, Any]:
    """Return one series of a chart, with the words of each of its values."""
    numbers = [None if value is None else float(value) for value in values]
    return {"name": name, "values": numbers, "texts": list(texts), **more}
