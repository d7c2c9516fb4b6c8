"""The life of a patent: of its grants that remain in the basis, the first in the log counts."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.posting.cells import ALL, NO_CURRENCY, Kind, Lines
from ledger.posting.life import Contribution, Step

ONE_EVENT = (1, 0, 0)


def fold_patent(steps: Sequence[Step]) -> Contribution:
    """One line with industry ALL and one with the patent's industry, at the grant date; later grants wait."""
    if not steps:
        return Contribution()
    date, region, right, industry = steps[0].facts
    lines: Lines = {(Kind.GRANTS, date, region, right, line, NO_CURRENCY): ONE_EVENT for line in (ALL, industry)}
    return Contribution(lines, {}, {step.offset: "second_grant" for step in steps[1:]})
