"""The life of a patent: of its grants the first in the log counts."""

from __future__ import annotations

from typing import Any

from ledger.posting.cells import RIGHTS, Kind
from ledger.posting.life import Step
from ledger.posting.patent import fold_patent
from schemas.events import GRANTED

AI, SEMI, ALL = 3, 5, 0
DESIGN = RIGHTS["design"]


def grant(offset: int, date: int = 20230502, industry: int = AI) -> Step:
    facts: tuple[Any, ...] = (date, "CN-SH", DESIGN, industry)
    return Step(offset, GRANTED, facts)


def test_a_grant_counts_once_in_all_and_once_in_its_industry() -> None:
    contribution = fold_patent([grant(0)])
    assert contribution.lines == {
        (Kind.GRANTS, 20230502, "CN-SH", DESIGN, ALL, 0): (1, 0, 0),
        (Kind.GRANTS, 20230502, "CN-SH", DESIGN, AI, 0): (1, 0, 0),
    }
    assert contribution.stock == {}
    assert contribution.unmatched == {}


def test_the_first_in_the_log_counts_even_if_it_is_dated_later() -> None:
    contribution = fold_patent([grant(3, 20240101), grant(7, 20200101, SEMI), grant(9)])
    assert contribution.lines == fold_patent([grant(3, 20240101)]).lines
    assert contribution.unmatched == {7: "second_grant", 9: "second_grant"}


def test_no_grant_contributes_nothing() -> None:
    assert fold_patent([]) == ({}, {}, {})
