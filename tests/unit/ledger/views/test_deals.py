"""Transactions, conversion and comparable prices, on histories whose figures are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, asset, corrected, money, voided
from tests.posting import event_on, post, shown

DAY = 20241231
AI, SEMI = "G06N0003047500", "H01L0021020000"


def licence(subject: str, day: str, fee: str = "fixed", amount: str | None = None, **data: Any) -> Event:
    price = money(amount) if amount else ...
    defaults = {"contract_no": subject, "licence": "ordinary", "fee": fee, "amount": price, "assets": [asset()]}
    return event_on("licence.recorded", subject, day, **{"region": "CN-SH", **defaults, **data})


def assignment(subject: str, day: str, price: str | None = None, **data: Any) -> Event:
    defaults = {"contract_no": subject, "conveyance": "assignment", "price": money(price) if price else ...}
    return event_on("assignment.recorded", subject, day, **{"region": "CN-SH", "assets": [asset()], **defaults, **data})


def offer(subject: str, day: str, fee: str = "free", **data: Any) -> Event:
    return event_on(
        "open_licence.declared", subject, day, **{"fee": fee, "region": "CN-SH", "assets": [asset()], **data}
    )


def valued(subject: str, day: str, purpose: str = "licence", **data: Any) -> Event:
    defaults = {"purpose": purpose, "method": "cost", "as_of": day, "mid": money("1.00"), "right": "invention"}
    return event_on("valuation.completed", subject, day, **defaults | data)


# ---- transactions


def transactions(book: Book, *columns: str, industry: str = "ALL", **asked: Any) -> Any:
    return shown(book, "transactions", *columns, industry=industry, **asked)


def test_licences_are_counted_by_how_they_are_paid(book: Book) -> None:
    wrong = licence("L1", "2022-12-31", amount="1.00")
    post(
        book,
        wrong,
        corrected(wrong, amount=money("100.00"), occurred_on="2023-01-01"),
        licence("L2", "2023-05-01", amount="50.50"),
        licence("L3", "2023-05-01", "royalty", royalty_bp=350),
        licence("L4", "2023-12-31", "mixed", amount="10.00", royalty_bp=350),
        licence("L5", "2023-12-31", "free"),
        licence("L6", "2023-12-31"),  # for an undisclosed fixed fee
        licence("L7", "2024-01-01", "free", region=...),
        event_on("licence.modified", "L2", "2023-06-01", contract_no="L2", amount=money("9.00")),
        event_on("licence.cancelled", "L2", "2023-07-01", contract_no="L2"),
    )
    columns = ("kind", "year", "region", "currency", "contracts", "with_amount", "amount", "amount_minor")
    fees = ("fixed", "royalty", "free", "mixed")
    assert transactions(book, *columns) == [
        ("licences", 2023, "CN-SH", None, 3, 0, None, None),
        ("licences", 2023, "CN-SH", "CNY", 3, 3, "160.50", 16050),
        ("licences", 2024, None, None, 1, 0, None, None),
    ]
    assert transactions(book, *fees) == [(1, 1, 1, 0), (2, 0, 0, 1), (0, 0, 1, 0)]
    assert transactions(book, "year", "amount", recorded=True, currency="CNY") == [(2022, "1.00"), (2023, "60.50")]


def test_mergers_are_separate_and_changes_of_name_are_not_transactions(book: Book) -> None:
    wrong = assignment("A6", "2023-01-01", conveyance="merger")
    void = assignment("A7", "2023-01-01", "1000.00")
    post(
        book,
        assignment("A1", "2023-01-01", "100.00"),
        assignment("A2", "2023-01-01", "20.00", conveyance="merger"),
        assignment("A3", "2023-01-01", conveyance="change_of_name"),
        assignment("A4", "2023-01-01", conveyance="government_interest"),
        assignment("A5", "2023-01-01"),
        wrong,
        corrected(wrong, conveyance="change_of_name"),
        void,
        voided(void),
    )
    columns = ("kind", "currency", "contracts", "amount", "fixed", "free")
    assert transactions(book, *columns) == [
        ("assignments", None, 1, None, None, None),
        ("assignments", "CNY", 1, "100.00", None, None),
        ("mergers", "CNY", 1, "20.00", None, None),
    ]
    assert transactions(book, "kind", "contracts", "amount", recorded=True) == [
        ("assignments", 1, None),
        ("assignments", 2, "1100.00"),
        ("mergers", 1, None),
        ("mergers", 1, "20.00"),
    ]


def test_open_licences_and_their_acceptances(book: Book) -> None:
    def accepted(subject: str, day: str, amount: Any = ...) -> Event:
        return event_on("open_licence.accepted", subject, day, amount=amount)

    post(
        book,
        offer("O1", "2023-01-01", "fixed", amount=money("50.00")),
        accepted("O1", "2023-05-01", money("50.00")),
        accepted("O1", "2023-06-01", money("50.00")),
        event_on("open_licence.withdrawn", "O1", "2023-07-01"),
        accepted("O1", "2023-08-01", money("50.00")),  # too late
        offer("O2", "2023-01-01"),
        accepted("O2", "2023-05-01"),
    )
    columns = ("kind", "currency", "contracts", "amount", "fixed", "royalty", "free", "mixed")
    assert transactions(book, *columns) == [
        ("open_licences", None, 1, None, 0, 0, 1, 0),
        ("open_licences", "CNY", 1, "50.00", 1, 0, 0, 0),
        ("open_licence_acceptances", None, 1, None, 0, 0, 1, 0),
        ("open_licence_acceptances", "CNY", 2, "100.00", 2, 0, 0, 0),
    ]


def test_industries_have_their_shares_and_a_contract_counts_in_each(book: Book) -> None:
    two = [asset(AI, appraised=money("1")), asset(SEMI, id="CN2", appraised=money("2"))]
    post(book, licence("L1", "2023-01-01", amount="100.00", assets=two), licence("L2", "2023-01-01", amount="1.00"))
    columns = ("contracts", "amount", "fixed")
    assert transactions(book, *columns) == [(2, "101.00", 2)]
    assert transactions(book, *columns, industry="AI") == [(2, "34.33", 2)]
    assert transactions(book, *columns, industry="SEMI") == [(1, "66.67", 1)]


def test_a_subject_can_be_a_licence_and_an_assignment(book: Book) -> None:
    post(book, licence("X", "2023-01-01", "free"), assignment("X", "2023-01-01", conveyance="merger"))
    assert transactions(book, "kind", "contracts", "free") == [("licences", 1, 1), ("mergers", 1, None)]


# ---- conversion


def test_a_valued_asset_is_converted_if_it_is_used_afterwards(book: Book) -> None:
    def of(*ids: str) -> list[dict[str, Any]]:
        return [asset(id=id_) for id_ in ids]

    post(
        book,
        *(valued(f"CN{n}B", "2023-05-01") for n in range(1, 8)),
        valued("CN1B", "2024-05-01"),  # its first valuation is the one of 2023
        valued("CN1B", "2022-05-01", "insurance"),
        valued("CN8B", "2024-05-01"),
        licence("L1", "2023-05-01", "free", assets=of("CN1B", "CN2B")),  # on the day itself
        licence("L2", "2023-04-30", "free", assets=of("CN2B", "CN3B", "CN8B")),  # before
        assignment("A1", "2024-01-01", assets=of("CN2B")),
        assignment("A2", "2024-01-01", assets=of("CN4B"), conveyance="merger"),
        event_on("pledge.registered", "P1", "2024-02-01", assets=of("CN5B")),
        offer("O1", "2020-01-01", assets=of("CN6B", "CN1B")),
        event_on("open_licence.accepted", "O1", "2024-02-02"),
        offer("O2", "2024-01-01", assets=of("CN7B")),  # taken by nobody
    )
    columns = ("purpose", "year", "patents", "licensed", "assigned", "pledged", "converted", "rate")
    assert shown(book, "conversion", *columns, as_of=DAY) == [
        ("insurance", 2022, 1, 1, 0, 0, 1, 1.0),
        ("licence", 2023, 7, 3, 1, 1, 4, pytest.approx(4 / 7)),
        ("licence", 2024, 1, 0, 0, 0, 0, 0.0),
    ]
    assert shown(book, "conversion", *columns, as_of=20230630) == [
        ("insurance", 2022, 1, 1, 0, 0, 1, 1.0),
        ("licence", 2023, 7, 2, 0, 0, 2, pytest.approx(2 / 7)),
    ]


def test_only_patents_are_converted_on_the_corrected_basis(book: Book) -> None:
    omitted: dict[str, Any] = {"right": ...}
    wrong = licence("L1", "2023-06-01", "free", assets=[asset(id="CN109000001B")])
    post(
        book,
        event_on("patent.filed", "CN109000001B", "2020-01-01"),
        valued("CN109000001B", "2023-05-01", **omitted),
        valued("portfolio", "2023-05-01", **omitted),
        valued("mark", "2023-05-01", right="trademark"),
        valued("CN9B", "2023-05-01", right="design"),
        wrong,
        corrected(wrong, assets=[asset(id="CN9B")], occurred_on="2023-04-01"),
    )
    columns = ("patents", "licensed")
    assert shown(book, "conversion", *columns, as_of=DAY) == [(2, 0)]
    assert shown(book, "conversion", *columns, as_of=DAY, recorded=True) == [(2, 1)]


# ---- comparable prices


def comparable(book: Book, as_of: int = DAY, **asked: Any) -> Any:
    return shown(book, "comparables", "contracts", "lower_quartile", "median", "upper_quartile", as_of=as_of, **asked)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (["7"], (1, "7.00", "7.00", "7.00")),
        (["1", "2.01"], (2, "1.00", "1.50", "2.01")),
        (["30", "10", "20"], (3, "10.00", "20.00", "30.00")),
        (["4", "2", "1", "3"], (4, "1.00", "2.50", "3.00")),
        (["5", "4", "1", "2", "3"], (5, "2.00", "3.00", "4.00")),
        ([*map(str, range(8, 0, -1))], (8, "2.00", "4.50", "6.00")),
    ],
    ids=lambda given: len(given) if isinstance(given, list) else "",
)
def test_median_and_quartiles(book: Book, prices: list[str], expected: Any) -> None:
    post(book, *(licence(f"L{n}", "2024-01-01", amount=price) for n, price in enumerate(prices)))
    assert comparable(book) == [expected]


def test_prices_of_three_years_by_kind_industry_and_currency(book: Book) -> None:
    two = [asset(AI, appraised=money("1")), asset(SEMI, id="CN2", appraised=money("3"))]
    wrong = licence("L9", "2024-02-01", amount="999.00")
    post(
        book,
        licence("L1", "2021-02-28", amount="1.00"),
        licence("L2", "2021-03-01", amount="2.00"),
        licence("L3", "2024-02-29", amount="4.00", assets=two),
        licence("L4", "2024-03-01", amount="5.00"),
        licence("L5", "2024-02-01", "free"),
        licence("L6", "2024-02-01", amount=None, assets=two),
        assignment("A1", "2024-02-01", "100.00"),
        assignment("A2", "2024-02-01", "100.00", conveyance="merger"),
        assignment("A3", "2024-02-01", price=None),
        offer("O1", "2024-02-01", "fixed", amount=money("77.00")),
        wrong,
        voided(wrong),
    )
    columns = ("kind", "industry", "currency", "contracts", "median", "median_minor")
    assert shown(book, "comparables", *columns, as_of=20240229) == [
        ("licences", "AI", "CNY", 2, "1.50", 150),
        ("licences", "SEMI", "CNY", 1, "3.00", 300),
        ("assignments", "AI", "CNY", 1, "100.00", 10000),
    ]
    assert comparable(book, as_of=20240301, kind="licences", industry="AI") == [(2, "1.00", "3.00", "5.00")]
    assert comparable(book, as_of=20240229, recorded=True, kind="licences", industry="AI")[0][0] == 3


def test_royalties_are_compared_by_industry_and_base(book: Book) -> None:
    two = [asset(AI), asset(AI, id="CN2"), asset(SEMI, id="CN3")]

    def running(
        subject: str, royalty_bp: int, base: str | None = "net_sales", day: str = "2024-01-01", **data: Any
    ) -> Event:
        return licence(subject, day, "royalty", royalty_bp=royalty_bp, royalty_base=base or ..., **data)

    post(
        book,
        running("L1", 500),
        running("L2", 300, assets=two),
        running("L3", 801),
        running("L4", 100, "profit"),
        running("L5", 900, None),
        running("L6", 700, day="2021-02-28"),
        licence("L7", "2024-01-01", amount="9.00"),
        event_on("licence.modified", "L1", "2024-02-01", royalty_bp=600, amount=..., royalty_base=...),
        offer("O1", "2024-01-01", "royalty", royalty_bp=50, royalty_base="units"),
    )
    columns = ("kind", "industry", "base", "contracts", "lower_quartile_bp", "median_bp", "upper_quartile_bp")
    assert shown(book, "royalties", *columns, as_of=20240229) == [
        ("licences", "AI", None, 1, 900, 900, 900),
        ("licences", "AI", "net_sales", 3, 300, 600, 801),
        ("licences", "AI", "profit", 1, 100, 100, 100),
        ("licences", "SEMI", "net_sales", 1, 300, 300, 300),
        ("open_licences", "AI", "units", 1, 50, 50, 50),
    ]
    before = shown(book, "royalties", *columns[3:], as_of=20240131, industry="AI", base="net_sales")
    assert before == [(4, 300, 600, 700)]  # 300, 500, 700, 801: L6 is of the three years
