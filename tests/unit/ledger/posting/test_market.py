"""Valuations, deals, loans, marks, international applications: the cells in which each counts."""

from __future__ import annotations

from typing import Any

from ledger.posting.cells import MERGERS, Amounts, Kind, Stock
from ledger.posting.entity import LIVES
from ledger.posting.life import Step, take_all
from ledger.posting.rows import TrademarkRow
from schemas import events
from tests.each_case import each_case

ALL, AI, SEMI, UNK = 0, 3, 5, 99
INVENTION, DESIGN, TRADEMARK, MIXED = 1, 3, 5, 9
CNY, USD, NONE = 156, 840, 0
POOL = [{"id": "A", "right": INVENTION, "industry": AI}, {"id": "B", "right": DESIGN, "industry": SEMI}]
Content = tuple[int, dict[str, Any]]


def contributed(topic: str, *contents: Content) -> tuple[dict[tuple[int, ...], tuple[int, ...]], dict[int, str | None]]:
    """Return ((kind, right, industry, currency) -> measure, offset -> reason without effect).

    All lines are of the region CN-SH and of each step's own date.
    """
    steps = [Step(n, family, {"occurred_on": 20230101 + n, **facts}) for n, (family, facts) in enumerate(contents)]
    life = LIVES[topic]()
    lines, no_effect = take_all(life, steps)
    assert topic in ("ip.deal.v1", "ip.trademark.v1") or life.stock([]) == {}
    assert {region for _, _, region, *_ in lines} <= {"CN-SH"}
    assert {date for _, date, *_ in lines} <= {step.facts["occurred_on"] for step in steps}
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for (kind, _, _, right, industry, currency), measure in lines.items():
        key = (kind, right, industry, currency)
        found[key] = tuple(map(sum, zip(found.get(key, (0, 0, 0)), measure, strict=True)))
    return found, no_effect


def test_a_valuation_counts_with_its_middle_value() -> None:
    facts = {"region": "CN-SH", "right": INVENTION, "industry": AI, "mid": (CNY, 40), "low": (CNY, 1)}
    value = (events.VALUED, {"purpose": "pledge_financing", **facts})
    lines, no_effect = contributed("ip.valuation.v1", value, value)
    assert lines == {
        (Kind.VALUATIONS, INVENTION, ALL, CNY): (2, 2, 80),
        (Kind.VALUATIONS, INVENTION, AI, CNY): (2, 2, 80),
    }
    assert no_effect == {}


def test_reference_data_contribute_nothing() -> None:
    assert contributed("ip.reference.v1", (events.FX_RATE, {}), (events.POPULATION, {})) == ({}, {})


def test_an_application_is_filed_once() -> None:
    filed = (events.PCT_FILED, {"region": "CN-SH", "industry": AI})
    lines, no_effect = contributed("ip.pct.v1", filed, filed)
    assert lines == {(Kind.PCT_FILINGS, 0, ALL, NONE): (1, 0, 0), (Kind.PCT_FILINGS, 0, AI, NONE): (1, 0, 0)}
    assert no_effect == {1: "second_filing"}


def deal(family: int, **more: Any) -> Content:
    return family, {"region": "CN-SH", "assets": POOL, **more}


def test_a_licence_is_shared_over_its_pool_and_its_changes_move_nothing() -> None:
    lines, no_effect = contributed(
        "ip.deal.v1",
        (events.LICENCE_CANCELLED, {}),
        deal(events.LICENSED, amount=(CNY, 101)),
        (events.LICENCE_MODIFIED, {"amount": (CNY, 7)}),
        deal(events.LICENSED),
    )
    assert lines == {
        (Kind.LICENCES, MIXED, ALL, CNY): (1, 1, 101),
        (Kind.LICENCES, INVENTION, AI, CNY): (1, 1, 51),
        (Kind.LICENCES, DESIGN, SEMI, CNY): (1, 1, 50),
    }
    assert no_effect == {2: "after_cancellation", 3: "second_recording"}


@each_case(
    ("conveyance", "counts"),
    [
        ("assignment", True),
        ("merger", True),
        ("change_of_name", False),
        ("government_interest", False),
        ("other", False),
    ],
)
def test_a_change_of_name_is_not_a_transaction(conveyance: str, counts: bool) -> None:
    content = deal(events.ASSIGNED, conveyance=conveyance, price=(USD, 9))
    lines, no_effect = contributed("ip.deal.v1", content, content)
    assert lines.get((Kind.ASSIGNMENTS, MIXED, ALL, USD)) == ((1, 1, 9) if counts else None)
    assert bool(lines) == counts
    assert no_effect == {1: "second_recording"}


def test_an_open_licence_can_be_accepted_until_it_is_withdrawn() -> None:
    lines, no_effect = contributed(
        "ip.deal.v1",
        (events.OFFER_ACCEPTED, {"amount": (CNY, 50)}),
        deal(events.OFFERED, amount=(CNY, 50)),
        (events.OFFER_ACCEPTED, {}),
        (events.OFFER_WITHDRAWN, {}),
        (events.OFFER_ACCEPTED, {"amount": (CNY, 50)}),
    )
    whole = {key: measure for key, measure in lines.items() if key[2] == ALL}
    assert whole == {
        (Kind.OPEN_LICENCES, MIXED, ALL, CNY): (1, 1, 50),
        (Kind.OPEN_LICENCE_ACCEPTANCES, MIXED, ALL, CNY): (1, 1, 50),
        (Kind.OPEN_LICENCE_ACCEPTANCES, MIXED, ALL, NONE): (1, 0, 0),
    }
    assert lines[Kind.OPEN_LICENCE_ACCEPTANCES, DESIGN, SEMI, CNY] == (1, 1, 25)
    assert no_effect == {4: "after_withdrawal"}


def test_contracts_are_a_stock_by_payment_from_their_record_on_and_mergers_too() -> None:
    offer = deal(events.OFFERED, fee="mixed", amount=(CNY, 50))
    accepted: Content = (events.OFFER_ACCEPTED, {})
    assert whole_stock(offer, accepted, (events.OFFER_WITHDRAWN, {}), accepted) == {
        (10 * Kind.OPEN_LICENCES + 4, 20230101, "CN-SH", MIXED, CNY): (1, 1, 50),
        (10 * Kind.OPEN_LICENCE_ACCEPTANCES + 4, 20230102, "CN-SH", MIXED, NONE): (1, 0, 0),
    }
    changed = (events.LICENCE_MODIFIED, {"amount": (CNY, 7)})
    assert whole_stock(changed, deal(events.LICENSED, fee="free"), changed) == {
        (10 * Kind.LICENCES + 3, 20230102, "CN-SH", MIXED, NONE): (1, 0, 0)
    }
    assert whole_stock(deal(events.LICENSED), deal(events.ASSIGNED, conveyance="assignment", price=(USD, 9))) == {}
    assert whole_stock(deal(events.ASSIGNED, conveyance="merger", price=(USD, 9))) == {
        (MERGERS, 20230101, "CN-SH", MIXED, USD): (1, 1, 9)
    }


def whole_stock(*contents: Content) -> dict[tuple[int, int, str, int, int], Amounts]:
    """Return the stock of a deal over all industries: (kind, date, region, right, currency) -> measure."""
    life = LIVES["ip.deal.v1"]()
    for offset, (family, facts) in enumerate(contents):
        life.take(Step(offset, family, {"occurred_on": 20230101 + offset, **facts}))
    lines = life.stock([])
    assert all(lines[*cell[:3], INVENTION, AI, cell[5]][0] == lines[cell][0] for cell in lines)
    return {(*cell[:4], cell[5]): measure for cell, measure in lines.items() if cell[4] == ALL}


def test_loans_and_repayments_count_separately_in_the_region_of_the_first_disbursement() -> None:
    lines, no_effect = contributed(
        "ip.loan.v1",
        (events.REPAID, {"amount": (CNY, 3)}),
        (events.DISBURSED, {"region": "CN-SH", "amount": (CNY, 10)}),
        (events.DISBURSED, {"region": "US", "amount": (CNY, 5)}),
        (events.COMPENSATED, {"amount": (USD, 1)}),
    )
    assert {key: measure for key, measure in lines.items() if key[2] == ALL} == {
        (Kind.LOAN_DISBURSEMENTS, 0, ALL, CNY): (2, 2, 15),
        (Kind.LOAN_REPAYMENTS, 0, ALL, CNY): (1, 1, 3),
        (Kind.LOAN_COMPENSATIONS, 0, ALL, USD): (1, 1, 1),
    }
    assert no_effect == {}


def test_repayments_need_a_disbursement() -> None:
    contents = [(events.REPAID, {"amount": (CNY, 3)}), (events.COMPENSATED, {"amount": (CNY, 3)})]
    assert contributed("ip.loan.v1", *contents) == ({}, {0: "disbursement_missing", 1: "disbursement_missing"})


def test_a_mark_is_registered_and_ceases_in_its_own_region() -> None:
    lines, no_effect = contributed(
        "ip.trademark.v1",
        (events.MARK_RENEWED, {"valid_to": 20430101}),
        (events.MARK_REGISTERED, {"region": "CN-SH"}),
        (events.MARK_CEASED, {}),
        (events.MARK_RENEWED, {"valid_to": 20430101}),
        (events.MARK_REGISTERED, {}),
    )
    assert {key: measure for key, measure in lines.items() if key[2] == ALL} == {
        (Kind.TRADEMARKS, TRADEMARK, ALL, NONE): (1, 0, 0),
        (Kind.TRADEMARK_CESSATIONS, TRADEMARK, ALL, NONE): (1, 0, 0),
    }
    assert (Kind.TRADEMARKS, TRADEMARK, UNK, NONE) in lines
    assert no_effect == {3: "after_cessation", 4: "second_registration"}


def test_an_application_for_a_mark_is_counted_once() -> None:
    lines, no_effect = contributed(
        "ip.trademark.v1",
        (events.MARK_CEASED, {}),
        (events.MARK_FILED, {"region": "CN-SH", "classes": [9, 42]}),
        (events.MARK_FILED, {"region": "US"}),
    )
    assert lines == {
        (Kind.TRADEMARK_FILINGS, TRADEMARK, ALL, NONE): (1, 0, 0),
        (Kind.TRADEMARK_FILINGS, TRADEMARK, UNK, NONE): (1, 0, 0),
    }
    assert no_effect == {0: "registration_missing", 2: "second_filing"}


# ---- marks in force: differences by day over the whole life


def mark(family: int, day: int, **more: Any) -> Content:
    return family, {"occurred_on": day, **more}


@each_case(
    ("contents", "differences"),
    [
        ([mark(events.MARK_FILED, 20220101, region="CN-SH")], {}),
        ([mark(events.MARK_RENEWED, 20220101, valid_to=20340101)], {}),
        ([mark(events.MARK_REGISTERED, 20230101, region="CN-SH")], {20230101: 1}),
        (
            [mark(events.MARK_REGISTERED, 20230101, region="CN-SH", valid_to=20321231)],
            {20230101: 1, 20330101: -1},
        ),
        (
            [
                mark(events.MARK_REGISTERED, 20230101, region="CN-SH", valid_to=20321231),
                mark(events.MARK_RENEWED, 20320601, valid_to=20421231),
            ],
            {20230101: 1, 20430101: -1},
        ),
        (
            [
                mark(events.MARK_REGISTERED, 20230101, region="CN-SH", valid_to=20321231),
                mark(events.MARK_CEASED, 20250505),
            ],
            {20230101: 1, 20250505: -1},
        ),
        (  # renewed in its grace period: no gap (a case of the field)
            [
                mark(events.MARK_REGISTERED, 20120630, region="CN-SH", valid_to=20220629),
                mark(events.MARK_RENEWED, 20221101, valid_to=20320629),
            ],
            {20120630: 1, 20320630: -1},
        ),
        (  # the renewals come in another order
            [
                mark(events.MARK_REGISTERED, 20020630, region="CN-SH", valid_to=20120629),
                mark(events.MARK_RENEWED, 20220501, valid_to=20320629),
                mark(events.MARK_RENEWED, 20120501, valid_to=20220629),
            ],
            {20020630: 1, 20320630: -1},
        ),
        (  # it ceased in the grace period
            [
                mark(events.MARK_REGISTERED, 20120630, region="CN-SH", valid_to=20220629),
                mark(events.MARK_CEASED, 20220630),
                mark(events.MARK_RENEWED, 20221101, valid_to=20320629),
            ],
            {20120630: 1, 20220630: -1},
        ),
        (  # it ceases on its first day: never in force
            [mark(events.MARK_REGISTERED, 20230101, region="CN-SH"), mark(events.MARK_CEASED, 20230101)],
            {},
        ),
    ],
)
def test_a_mark_is_in_force_while_it_is_valid(contents: list[Content], differences: dict[int, int]) -> None:
    life = LIVES["ip.trademark.v1"]()
    take_all(life, [Step(n, family, facts) for n, (family, facts) in enumerate(contents)])
    assert life.stock([*life.state_rows()]) == {
        (Stock.TRADEMARKS, day, "CN-SH", TRADEMARK, industry, NONE): (sign, 0, 0)
        for day, sign in differences.items()
        for industry in (ALL, UNK)
    }


def test_events_dated_before_the_registration_of_a_mark_hold_from_their_own_day_on() -> None:
    contents = [
        mark(events.MARK_FILED, 20230101, office="TW"),
        mark(events.MARK_RENEWED, 20230102, valid_to=20340101),
        mark(events.MARK_REGISTERED, 20230103, valid_to=20240101),
        mark(events.MARK_CEASED, 20230102),
    ]
    life = LIVES["ip.trademark.v1"]()
    take_all(life, [Step(n, family, facts) for n, (family, facts) in enumerate(contents)])
    found = [row for row in life.state_rows() if isinstance(row, TrademarkRow)]
    assert [(row.since, row.registered_on, row.valid_to, row.ceased_on) for row in found] == [
        (20230101, None, None, None),
        (20230102, None, 20340101, 20230102),
        (20230103, 20230103, 20340101, 20230102),
    ]
