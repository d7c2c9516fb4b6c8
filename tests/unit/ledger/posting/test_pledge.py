"""The life of a pledge: its contribution to totals, its stock by day, and steps without effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ledger.posting.cells import RIGHTS, Kind, Lines, Stock
from ledger.posting.life import Moves, Step, take_all
from ledger.posting.pledge import PledgeLife
from schemas.events import CANCELLED, DEFAULTED, EXTENDED, MODIFIED, REALISED, REGISTERED

ALL, AI, SEMI = 0, 3, 5
INVENTION, DESIGN, MIXED = RIGHTS["invention"], RIGHTS["design"], RIGHTS["mixed"]
CNY, USD, NONE = 156, 840, 0

Asset = dict[str, Any]


def asset(right: int, industry: int, worth: int = 1, name: str = "CN1") -> Asset:
    """Return an asset as in facts, appraised at `worth` fen."""
    return {"id": name, "right": right, "industry": industry, "appraised": (CNY, worth)}


ONE = [asset(INVENTION, AI)]
TWO = [asset(INVENTION, AI), asset(DESIGN, SEMI, 2, "CN2")]
REGISTRATION, CHANGE, CANCELLATION = 20230301, 20230601, 20240229


def registration(
    offset: int = 0,
    amount: int = 1000,
    currency: int = CNY,
    assets: Sequence[Asset] = ONE,
    date: int = REGISTRATION,
) -> Step:
    facts = {"occurred_on": date, "region": "CN-SH", "assets": assets, "amount_status": "registered"}
    facts["registration_no"] = "Y1"
    return Step(offset, REGISTERED, facts | _secured(amount, currency))


def _secured(amount: int, currency: int) -> dict[str, Any]:
    return {} if currency == NONE else {"secured": (currency, amount)}


def change(offset: int, amount: int = 1500, currency: int = CNY, date: int = CHANGE) -> Step:
    return Step(offset, MODIFIED, {"occurred_on": date} | _secured(amount, currency))


def no_amount(offset: int, date: int = CHANGE) -> Step:
    return change(offset, 0, NONE, date)


def release(offset: int, *assets: str, date: int = CHANGE, **more: Any) -> Step:
    return Step(offset, MODIFIED, {"occurred_on": date, "released": [*assets], **more})


def cancellation(offset: int, date: int = CANCELLATION) -> Step:
    return Step(offset, CANCELLED, {"occurred_on": date})


def pledge_of(steps: Sequence[Step]) -> Moves:
    """Return the contribution of a pledge with these steps."""
    return take_all(PledgeLife(), steps)


def stock_of(steps: Sequence[Step]) -> Lines:
    """Return the stock of a pledge with these steps, as differences by day."""
    life = PledgeLife()
    take_all(life, steps)
    return life.stock([*life.state_rows()])


class Line(NamedTuple):
    """A cell and its measure, by name."""

    kind: int
    date: int
    region: str
    right: int
    industry: int
    currency: int
    events: int
    with_amount: int
    amount: int

    @property
    def measure(self) -> tuple[int, int, int]:
        return self.events, self.with_amount, self.amount


def named(lines: Lines, kind: int = Kind.PLEDGES) -> Iterator[Line]:
    """Yield the lines of a kind."""
    return (Line(*cell, *measure) for cell, measure in lines.items() if cell[0] == kind)


def whole(contribution: Moves, kind: int) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return (date, currency) -> measure of the ALL lines of a kind."""
    return {(x.date, x.currency): x.measure for x in named(contribution.lines, kind) if x.industry == ALL}


def shares(contribution: Moves, kind: int) -> dict[tuple[int, int], int]:
    """Return (industry, currency) -> amount of the lines of a kind."""
    return {(x.industry, x.currency): x.amount for x in named(contribution.lines, kind)}


def in_force(steps: Sequence[Step], day: int, industry: int = ALL) -> dict[int, tuple[int, ...]]:
    """Return currency -> stock on a day: the sum of the differences up to it."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in named(stock_of(steps), Stock.PLEDGES):
        if line.date <= day and line.industry == industry:
            sums[line.currency] = [a + b for a, b in zip(sums[line.currency], line.measure, strict=True)]
    return {currency: tuple(sum_) for currency, sum_ in sums.items() if any(sum_)}


# ---- registrations


def test_a_registration_gives_the_whole_and_a_share_to_each_industry() -> None:
    assert pledge_of([registration(assets=TWO)]).lines == {
        (Kind.PLEDGES, REGISTRATION, "CN-SH", MIXED, ALL, CNY): (1, 1, 1000),
        (Kind.PLEDGES, REGISTRATION, "CN-SH", INVENTION, AI, CNY): (1, 1, 333),
        (Kind.PLEDGES, REGISTRATION, "CN-SH", DESIGN, SEMI, CNY): (1, 1, 667),
    }


def test_two_assets_of_one_industry_are_one_event_there() -> None:
    assets = [asset(INVENTION, AI), asset(DESIGN, AI), asset(INVENTION, SEMI)]
    lines = pledge_of([registration(amount=100, assets=assets)]).lines
    assert {(line.industry, line.right): line.measure for line in named(lines)} == {
        (ALL, MIXED): (1, 1, 100),
        (AI, MIXED): (1, 1, 67),
        (SEMI, INVENTION): (1, 1, 33),
    }


def test_units_left_over_go_to_assets_not_to_industries() -> None:
    """Three assets of 1/3 each; the extra unit goes to the first asset, whose industry has two of them."""
    assets = [asset(INVENTION, AI), asset(INVENTION, SEMI), asset(INVENTION, AI)]
    lines = pledge_of([registration(amount=1, assets=assets)]).lines
    assert {line.industry: line.measure for line in named(lines)} == {
        ALL: (1, 1, 1),
        AI: (1, 1, 1),
        SEMI: (1, 1, 0),
    }


def test_an_undisclosed_amount_is_missing_not_0() -> None:
    lines = pledge_of([registration(amount=0, currency=NONE, assets=TWO)]).lines
    assert {(line.industry, line.currency): line.measure for line in named(lines)} == {
        (ALL, NONE): (1, 0, 0),
        (AI, NONE): (1, 0, 0),
        (SEMI, NONE): (1, 0, 0),
    }


def test_the_first_registration_in_the_log_is_the_only_one() -> None:
    contribution = pledge_of([registration(1), registration(2, 9, date=20200101), registration(3)])
    assert stock_of([registration(1), registration(2, 9, date=20200101)]) == stock_of([registration(1)])
    assert contribution == pledge_of([registration(1)])._replace(
        no_effect={2: "second_registration", 3: "second_registration"}
    )


def test_without_a_registration_nothing_has_an_effect() -> None:
    assert pledge_of([change(1), cancellation(2)]) == (
        {},
        {1: "registration_missing", 2: "registration_missing"},
    )
    assert stock_of([change(1), cancellation(2)]) == {}


# ---- changes


def test_a_change_is_the_difference_at_its_own_date() -> None:
    contribution = pledge_of([registration(), change(1, 1500), change(2, 1200, date=20230701)])
    assert whole(contribution, Kind.PLEDGE_CHANGES) == {(CHANGE, CNY): (1, 1, 500), (20230701, CNY): (1, 1, -300)}
    assert whole(contribution, Kind.PLEDGES) == {(REGISTRATION, CNY): (1, 1, 1000)}


def test_an_industrys_share_of_a_change_is_its_new_share_minus_its_old_one() -> None:
    """Shares of 1000 are 333 and 667, of 1001 they are 334 and 667: the difference of 1 is not shared by itself."""
    lines = pledge_of([registration(assets=TWO), change(1, 1001)]).lines
    changes = {line.industry: line.measure for line in named(lines, Kind.PLEDGE_CHANGES)}
    assert changes == {ALL: (1, 1, 1), AI: (1, 1, 1), SEMI: (1, 1, 0)}


def test_a_change_of_currency_removes_the_old_amount_and_adds_the_new_one() -> None:
    contribution = pledge_of([registration(assets=TWO), change(1, 300, USD)])
    assert whole(contribution, Kind.PLEDGE_CHANGES) == {(CHANGE, CNY): (1, 1, -1000), (CHANGE, USD): (1, 1, 300)}
    assert shares(contribution, Kind.PLEDGE_CHANGES) == {
        (ALL, CNY): -1000,
        (AI, CNY): -333,
        (SEMI, CNY): -667,
        (ALL, USD): 300,
        (AI, USD): 100,
        (SEMI, USD): 200,
    }


def test_a_change_of_an_undisclosed_pledge_adds_the_new_amount() -> None:
    contribution = pledge_of([registration(amount=0, currency=NONE), change(1, 1500)])
    assert whole(contribution, Kind.PLEDGE_CHANGES) == {(CHANGE, CNY): (1, 1, 1500)}


def test_a_change_without_amount_is_a_change_of_0() -> None:
    assert whole(pledge_of([registration(), no_amount(1)]), Kind.PLEDGE_CHANGES) == {(CHANGE, CNY): (1, 1, 0)}
    undisclosed = registration(amount=0, currency=NONE)
    assert whole(pledge_of([undisclosed, no_amount(1)]), Kind.PLEDGE_CHANGES) == {(CHANGE, NONE): (1, 0, 0)}


def test_changes_of_one_day_are_summed_in_their_cell() -> None:
    contribution = pledge_of([registration(), change(1, 1500), change(2, 1200)])
    assert whole(contribution, Kind.PLEDGE_CHANGES) == {(CHANGE, CNY): (2, 2, 200)}


def test_changes_count_in_log_order_despite_dates_and_regions() -> None:
    steps = [change(1, 1500, date=20250101), registration(2), change(3, 1200, date=20220101)]
    contribution = pledge_of(steps)
    assert whole(contribution, Kind.PLEDGE_CHANGES) == {(20250101, CNY): (1, 1, 500), (20220101, CNY): (1, 1, -300)}
    assert contribution.no_effect == {}


# ---- cancellations


def test_a_cancellation_counts_the_secured_amount_of_its_time() -> None:
    contribution = pledge_of([registration(assets=TWO), change(1, 1500), cancellation(2)])
    assert whole(contribution, Kind.PLEDGE_CANCELLATIONS) == {(CANCELLATION, CNY): (1, 1, 1500)}
    assert shares(contribution, Kind.PLEDGE_CANCELLATIONS) == {(ALL, CNY): 1500, (AI, CNY): 500, (SEMI, CNY): 1000}


def test_an_undisclosed_pledge_is_cancelled_without_an_amount() -> None:
    contribution = pledge_of([registration(amount=0, currency=NONE), cancellation(1)])
    assert whole(contribution, Kind.PLEDGE_CANCELLATIONS) == {(CANCELLATION, NONE): (1, 0, 0)}


def test_after_a_cancellation_nothing_has_an_effect() -> None:
    contribution = pledge_of([registration(), cancellation(1), change(2), cancellation(3), registration(4)])
    assert contribution.lines == pledge_of([registration(), cancellation(1)]).lines
    assert contribution.no_effect == {
        2: "after_cancellation",
        3: "after_cancellation",
        4: "second_registration",
    }


def test_a_cancellation_before_the_registration_in_the_log_ends_it_too() -> None:
    contribution = pledge_of([change(1, 1500), cancellation(2), change(3, 1700), registration(4)])
    assert whole(contribution, Kind.PLEDGE_CANCELLATIONS) == {(CANCELLATION, CNY): (1, 1, 1500)}
    assert contribution.no_effect == {3: "after_cancellation"}


# ---- the stock


def test_a_pledge_is_in_force_from_its_registration_until_the_day_before_its_cancellation() -> None:
    steps = [registration(), cancellation(1)]
    assert in_force(steps, REGISTRATION - 1) == {}
    assert in_force(steps, REGISTRATION) == {CNY: (1, 1, 1000)}
    assert in_force(steps, CANCELLATION - 1) == {CNY: (1, 1, 1000)}
    assert in_force(steps, CANCELLATION) == {}


def test_an_amount_is_in_force_from_the_date_of_its_change_on() -> None:
    steps = [registration(assets=TWO), change(1, 300, USD)]
    assert in_force(steps, CHANGE - 1) == {CNY: (1, 1, 1000)}
    assert in_force(steps, CHANGE) == {USD: (1, 1, 300)}
    assert in_force(steps, CHANGE, SEMI) == {USD: (1, 1, 200)}


def test_a_change_on_the_next_day_is_in_force_on_the_next_day() -> None:
    steps = [registration(), change(1, 1500, date=REGISTRATION + 1)]
    assert in_force(steps, REGISTRATION) == {CNY: (1, 1, 1000)}
    assert in_force(steps, REGISTRATION + 1) == {CNY: (1, 1, 1500)}


def test_a_change_dated_before_the_registration_is_in_force_from_the_start() -> None:
    assert in_force([registration(), change(1, 1500, date=20220101)], REGISTRATION) == {CNY: (1, 1, 1500)}


def test_the_last_change_in_the_log_up_to_a_day_counts() -> None:
    steps = [registration(), change(1, 1500, date=20230901), change(2, 1200, date=20230601)]
    assert in_force(steps, 20230601) == {CNY: (1, 1, 1200)}
    assert in_force(steps, 20230901) == {CNY: (1, 1, 1200)}


def test_a_change_without_amount_does_not_move_an_amount_to_its_date() -> None:
    """The amount of September is logged first; a change of debt_to in June does not make it June's."""
    steps = [registration(), change(1, 1500, date=20230901), no_amount(2, date=20230601)]
    assert in_force(steps, 20230601) == {CNY: (1, 1, 1000)}
    assert in_force(steps, 20230901) == {CNY: (1, 1, 1500)}


def test_a_pledge_cancelled_on_its_first_day_was_never_in_force() -> None:
    for date in (REGISTRATION, REGISTRATION - 1):
        assert stock_of([registration(), change(1), cancellation(2, date)]) == {}


def test_changes_dated_after_the_cancellation_do_not_bring_it_back() -> None:
    steps = [registration(), change(1, 1500, date=CANCELLATION + 1), cancellation(2)]
    assert in_force(steps, CANCELLATION - 1) == {CNY: (1, 1, 1000)}
    assert in_force(steps, CANCELLATION + 1) == {}


def test_a_change_keeps_fields_that_it_does_not_mention() -> None:
    """A release from June on is logged after the amount of September: it does not make that June's."""
    steps = [registration(assets=TWO), change(1, 1500, date=20230901), release(2, "CN2", date=20230601)]
    assert in_force(steps, 20230531, SEMI) == {CNY: (1, 1, 667)}
    assert in_force(steps, 20230601) == in_force(steps, 20230601, AI) == {CNY: (1, 1, 1000)}
    assert in_force(steps, 20230601, SEMI) == in_force(steps, 20230901, SEMI) == {}
    assert in_force(steps, 20230901, AI) == {CNY: (1, 1, 1500)}


def test_the_last_amount_is_shared_over_the_assets_of_each_day() -> None:
    steps = [registration(assets=TWO), release(1, "CN1", date=20230901), change(2, 300, date=20230601)]
    assert in_force(steps, 20230831, AI) == {CNY: (1, 1, 100)}
    assert in_force(steps, 20230831, SEMI) == {CNY: (1, 1, 200)}
    assert in_force(steps, 20230901, AI) == {}
    assert in_force(steps, 20230901, SEMI) == {CNY: (1, 1, 300)}


# ---- extensions, defaults, realisations


def test_extensions_defaults_and_realisations_have_their_own_lines() -> None:
    steps = [
        registration(assets=TWO),
        Step(1, EXTENDED, {"occurred_on": 20240101, "debt_to": 20270101}),
        Step(2, DEFAULTED, {"occurred_on": 20240201, "overdue": (CNY, 400)}),
        Step(3, REALISED, {"occurred_on": 20240301, "proceeds": (USD, 90)}),
        Step(4, REALISED, {"occurred_on": 20240302}),
    ]
    contribution = pledge_of(steps)
    assert whole(contribution, Kind.PLEDGE_EXTENSIONS) == {(20240101, NONE): (1, 0, 0)}
    assert shares(contribution, Kind.PLEDGE_DEFAULTS) == {(ALL, CNY): 400, (AI, CNY): 133, (SEMI, CNY): 267}
    assert whole(contribution, Kind.PLEDGE_REALISATIONS) == {(20240301, USD): (1, 1, 90), (20240302, NONE): (1, 0, 0)}
    assert in_force(steps, 20991231) == in_force(steps[:1], 20991231)
    assert contribution.no_effect == {}


def test_a_default_counts_once_and_can_be_logged_after_the_realisation() -> None:
    realised, first, second = (
        Step(n, family, {"occurred_on": 20240201}) for n, family in enumerate((REALISED, DEFAULTED, DEFAULTED), start=1)
    )
    contribution = pledge_of([registration(), realised, first, second])
    assert whole(contribution, Kind.PLEDGE_DEFAULTS) == {(20240201, NONE): (1, 0, 0)}
    assert contribution.no_effect == {3: "already_defaulted"}
