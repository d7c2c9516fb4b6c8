"""The life of a patent: events that count, wait and are undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.posting.cells import RIGHTS, Kind, Lines, Stock
from ledger.posting.life import Moves, Step, take_all
from ledger.posting.patent import PatentLife
from schemas.events import (
    AWARDED,
    CEASED,
    CHALLENGED,
    DISCHARGED,
    FEE_PAID,
    FILED,
    GRANTED,
    INVALIDATED,
    PRESERVED,
    PUBLISHED,
    RESTORED,
    TAGGED,
    TERM_ADJUSTED,
    UPHELD,
)
from tests.each_case import each_case

AI, SEMI, ALL = 3, 5, 0
DESIGN = RIGHTS["design"]


def document(offset: int, family: int = GRANTED, date: int = 20230502, industry: int = AI) -> Step:
    facts: dict[str, Any] = {"occurred_on": date, "region": "CN-SH", "office": "EP", "right": DESIGN}
    facts["industry"] = industry
    return Step(offset, family, facts)


def step(offset: int, family: int, date: int = 20240101, **more: Any) -> Step:
    return Step(offset, family, {"occurred_on": date, **more})


REQUIRED: dict[int | str, dict[str, Any]] = {
    TERM_ADJUSTED: {"expires_on": 20430501},
    FEE_PAID: {"fee_year": 3},
    AWARDED: {"award": "gold"},
    TAGGED: {"tag": "core", "tag_source": "declared"},
}
"""The required fields of an event besides its day."""


def patent_of(steps: Sequence[Step]) -> Moves:
    """Return the contribution of a patent with these steps."""
    return take_all(PatentLife(), steps)


def counts_of(*families: int | str) -> tuple[dict[int, int], dict[int, str | None]]:
    """Return (kind -> events, offset -> reason without effect) of a life by types; `full` and `partial` invalidate."""
    steps = [
        step(n, INVALIDATED, extent=family)
        if isinstance(family, str)
        else document(n, family)
        if family in (GRANTED, FILED, PUBLISHED)
        else step(n, family, **REQUIRED.get(family, {}))
        for n, family in enumerate(families)
    ]
    lines, no_effect = patent_of(steps)
    return {cell[0]: events for cell, (events, _, _) in lines.items() if cell[4] == ALL and events}, no_effect


def test_a_grant_counts_once_in_total_and_once_in_its_industry() -> None:
    contribution = patent_of([document(0)])
    assert contribution.lines == {
        (Kind.GRANTS, 20230502, "CN-SH", DESIGN, ALL, 0): (1, 0, 0),
        (Kind.GRANTS, 20230502, "CN-SH", DESIGN, AI, 0): (1, 0, 0),
    }
    assert contribution.no_effect == {}


def test_the_first_grant_in_the_log_counts_even_if_it_is_dated_later() -> None:
    contribution = patent_of([document(3, date=20240101), document(7, date=20200101, industry=SEMI), document(9)])
    assert contribution.lines == patent_of([document(3, date=20240101)]).lines
    assert contribution.no_effect == {7: "second_grant", 9: "second_grant"}


def test_no_events_contribute_nothing() -> None:
    assert patent_of([]) == ({}, {})
    assert PatentLife().stock([]) == {}
    assert [*PatentLife().state_rows()] == []


def test_filing_publication_and_grant_are_counted_separately_in_any_order() -> None:
    kinds, no_effect = counts_of(GRANTED, FILED, PUBLISHED, FILED, PUBLISHED)
    assert kinds == {Kind.GRANTS: 1, Kind.FILINGS: 1, Kind.PUBLICATIONS: 1}
    assert no_effect == {3: "second_filing", 4: "second_publication"}


def test_a_cessation_has_the_grants_region_right_and_industry_and_its_own_date() -> None:
    expected: Lines = {
        (Kind.CESSATIONS, 20240101, "CN-SH", DESIGN, ALL, 0): (1, 0, 0),
        (Kind.CESSATIONS, 20240101, "CN-SH", DESIGN, AI, 0): (1, 0, 0),
    }
    for end in (step(1, CEASED), step(1, INVALIDATED, extent="full")):
        lines = patent_of([document(0), end]).lines
        assert {cell: measure for cell, measure in lines.items() if cell[0] == Kind.CESSATIONS} == expected


@each_case(
    ("life", "cessations", "no_effect"),
    [
        ((GRANTED, CEASED, CEASED), 1, {2: "already_ceased"}),
        ((GRANTED, CEASED, RESTORED), 0, {1: "restored"}),
        ((GRANTED, CEASED, RESTORED, CEASED), 1, {1: "restored"}),
        ((GRANTED, CEASED, RESTORED, CEASED, RESTORED), 0, {1: "restored", 3: "restored"}),
        ((GRANTED, RESTORED), 0, {1: "cessation_missing"}),
        ((GRANTED, RESTORED, CEASED), 0, {2: "restored"}),
        ((CEASED, GRANTED), 1, {}),
        ((CEASED, RESTORED), 0, {0: "grant_missing", 1: "grant_missing"}),
        ((RESTORED, CEASED, GRANTED), 0, {1: "restored"}),
        ((RESTORED, GRANTED), 0, {0: "cessation_missing"}),
        ((GRANTED, CEASED, "full"), 1, {}),
        ((GRANTED, "full", CEASED, RESTORED), 1, {2: "after_invalidation", 3: "after_invalidation"}),
        ((GRANTED, CEASED, RESTORED, "full"), 1, {1: "restored"}),
        ((GRANTED, "partial", "partial", CEASED), 1, {}),
        ((GRANTED, CEASED, "partial", RESTORED), 0, {1: "restored"}),
        (("full", GRANTED, "partial"), 1, {2: "after_invalidation"}),
    ],
)
def test_a_right_ends_and_is_restored(life: Sequence[Any], cessations: int, no_effect: dict[int, str]) -> None:
    kinds, reasons = counts_of(*life)
    assert (kinds.get(Kind.CESSATIONS, 0), reasons) == (cessations, no_effect)


def test_a_repeated_restoration_does_not_undo_the_next_cessation() -> None:
    kinds, no_effect = counts_of(GRANTED, CEASED, RESTORED, RESTORED, CEASED)
    assert kinds[Kind.CESSATIONS] == 1
    assert no_effect == {1: "restored", 3: "already_restored"}


def test_a_repeated_discharge_does_not_end_the_next_preservation() -> None:
    life = PatentLife()
    families = (PRESERVED, DISCHARGED, DISCHARGED, PRESERVED)
    assert take_all(life, [step(n, family) for n, family in enumerate(families)]) == ({}, {2: "already_discharged"})
    assert life.states["preservation"] == "preserved"


def test_a_discharge_waits_for_its_preservation_and_an_upholding_for_its_challenge() -> None:
    assert counts_of(DISCHARGED, PRESERVED, PRESERVED)[1] == {}
    assert counts_of(DISCHARGED)[1] == {0: "preservation_missing"}
    assert counts_of(UPHELD, CHALLENGED, CHALLENGED)[1] == {}
    assert counts_of(UPHELD)[1] == {0: "challenge_missing"}
    assert counts_of(CHALLENGED, UPHELD, UPHELD)[1] == {2: "already_upheld"}


def test_a_second_preservation_takes_effect_when_the_first_is_discharged() -> None:
    assert counts_of(PRESERVED, PRESERVED, PRESERVED)[1] == {1: "already_preserved", 2: "already_preserved"}
    assert counts_of(PRESERVED, PRESERVED, PRESERVED, DISCHARGED)[1] == {2: "already_preserved"}
    assert counts_of(PRESERVED, PRESERVED, DISCHARGED, DISCHARGED, DISCHARGED)[1] == {4: "already_discharged"}


def test_a_term_adjustment_needs_a_grant_and_other_records_do_not() -> None:
    assert counts_of(TERM_ADJUSTED)[1] == {0: "grant_missing"}
    assert counts_of(TERM_ADJUSTED, GRANTED, TERM_ADJUSTED)[1] == {}
    assert counts_of(FEE_PAID, AWARDED, TAGGED, TAGGED) == ({}, {})


def test_a_cessation_that_comes_and_goes_in_one_step_leaves_no_line() -> None:
    """A grant that is logged last brings a cessation that is already restored."""
    life = PatentLife()
    for early in (step(0, CEASED), step(1, RESTORED)):
        life.take(early)
    moves = life.take(document(2))
    assert {cell[0] for cell in moves.lines} == {Kind.GRANTS}
    assert moves.no_effect == {0: "restored", 1: None}


# ---- the stock: differences by day over the whole life


def stock_of(*steps: Step) -> dict[int, int]:
    """Return day -> difference; the lines of ALL and of the industry are the same."""
    life = PatentLife()
    take_all(life, steps)
    on_each: dict[int, dict[int, int]] = {ALL: {}, AI: {}}
    stock = life.stock([*life.state_rows()])
    for (kind, day, region, right, industry, currency), (events, known, amount) in stock.items():
        assert (kind, region, right, currency, known, amount) == (Stock.PATENTS, "CN-SH", DESIGN, 0, 0, 0)
        on_each[industry][day] = events
    assert on_each[ALL] == on_each[AI]
    return on_each[ALL]


TERM = step(1, TERM_ADJUSTED, 20230601, expires_on=20321231)


@each_case(
    ("life", "differences"),
    [
        ((), {20230502: 1}),
        ((step(1, CEASED),), {20230502: 1, 20240101: -1}),
        ((step(1, CEASED), step(2, RESTORED, 20240301)), {20230502: 1}),
        (
            (step(1, CEASED), step(2, RESTORED, 20240301), step(3, CEASED, 20250101)),
            {20230502: 1, 20250101: -1},
        ),
        ((step(1, INVALIDATED, extent="partial"),), {20230502: 1}),
        ((step(1, INVALIDATED, extent="full"),), {20230502: 1, 20240101: -1}),
        # The earlier of the two ends it; a cessation before the invalidation was restored ends nothing.
        ((step(1, CEASED), step(2, INVALIDATED, 20230901, extent="full")), {20230502: 1, 20230901: -1}),
        ((step(1, CEASED), step(2, INVALIDATED, 20250901, extent="full")), {20230502: 1, 20240101: -1}),
        ((TERM,), {20230502: 1, 20330101: -1}),
        ((TERM, step(2, CEASED)), {20230502: 1, 20240101: -1}),
        ((TERM, step(2, CEASED, 20350101)), {20230502: 1, 20330101: -1}),
        ((step(1, CEASED, 20230502),), {}),
        ((step(1, CEASED, 20200101),), {}),
        ((step(1, PRESERVED), step(2, CHALLENGED), document(3, FILED, 20200101)), {20230502: 1}),
    ],
)
def test_a_patent_is_in_force_from_its_grant_until_its_end_or_term(
    life: Sequence[Step], differences: dict[int, int]
) -> None:
    assert stock_of(document(0), *life) == differences


def test_nothing_is_in_force_before_a_grant() -> None:
    assert stock_of(document(0, FILED), document(1, PUBLISHED), step(2, CEASED)) == {}
