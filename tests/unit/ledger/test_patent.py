"""The life of a patent: of its grants the first in the log counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.posting.cells import RIGHTS, Kind
from ledger.posting.life import Moves, Step, lived
from ledger.posting.patent import PatentLife
from schemas.events import GRANTED

AI, SEMI, ALL = 3, 5, 0
DESIGN = RIGHTS["design"]


def grant(offset: int, date: int = 20230502, industry: int = AI) -> Step:
    facts: dict[str, Any] = {"occurred_on": date, "region": "CN-SH", "right": DESIGN, "industry": industry}
    return Step(offset, GRANTED, facts)


def patent_of(steps: Sequence[Step]) -> Moves:
    """What a patent with these steps contributes."""
    return lived(PatentLife(), steps)


def test_a_grant_counts_once_in_all_and_once_in_its_industry() -> None:
    contribution = patent_of([grant(0)])
    assert contribution.lines == {
        (Kind.GRANTS, 20230502, "CN-SH", DESIGN, ALL, 0): (1, 0, 0),
        (Kind.GRANTS, 20230502, "CN-SH", DESIGN, AI, 0): (1, 0, 0),
    }
    assert contribution.stock == {}
    assert contribution.waiting == {}


def test_the_first_in_the_log_counts_even_if_it_is_dated_later() -> None:
    contribution = patent_of([grant(3, 20240101), grant(7, 20200101, SEMI), grant(9)])
    assert contribution.lines == patent_of([grant(3, 20240101)]).lines
    assert contribution.waiting == {7: "second_grant", 9: "second_grant"}


def test_no_grant_contributes_nothing() -> None:
    assert patent_of([]) == ({}, {}, {})
