"""The funnel and the prospects, on histories whose rows are worked out by hand."""

from __future__ import annotations

from typing import Any

from ledger.book.book import Book
from tests.deals import patent, request, sale
from tests.events import Event, asset, money, voided
from tests.posting import event_on, post, shown


def reached(book: Book, as_of: int, **where: Any) -> dict[str, tuple[int, float | None]]:
    """Return stage -> assets that reached it, and the mean days to it."""
    rows = shown(book, "funnel", "stage", "reached", "days", as_of=as_of, **where)
    return {stage: (count, days) for stage, count, days in rows if count}


def offer(subject: str, *patents: str, day: str = "2024-01-10") -> Event:
    usual = {"fee": "free", "patentees": [{"name": "Owner"}], "assets": [asset(id=one) for one in patents]}
    return event_on("open_licence.declared", subject, day, **usual)


def test_each_stage_counts_from_the_first_request_or_valuation(book: Book) -> None:
    loan = event_on("loan.disbursed", "D1", "2024-09-29", amount=money("5.00"))
    pledge = event_on("pledge.registered", "P1", "2024-09-09", assets=[asset(id="CN1")], deal_id="D1")
    done = event_on("pledge.cancelled", "P1", "2024-12-01")
    post(book, patent(1, region="CN-SH"), sale(1, day="2024-06-30"), request("CN1"), pledge, loan, done)
    post(book, event_on("valuation.completed", "CN1", "2024-07-05", method="market", as_of="2024-07-01"))
    assert reached(book, 20240630) == {}
    assert reached(book, 20240704) == {"requested": (1, 0)}
    assert reached(book, 20241231, region="CN-SH", industry="AI") == {
        "requested": (1, 0), "valued": (1, 4), "pledged": (1, 70), "paid": (1, 90), "released": (1, 153)
    }  # fmt: skip
    post(book, request("CN2"), sale(2, day="2024-07-11"), offer("O1", "CN2", day="2024-07-02"))
    post(book, event_on("open_licence.accepted", "O1", "2024-07-03"))
    assert reached(book, 20241231, industry="UNK") == {
        "requested": (1, 0), "offered": (1, 1), "licensed": (1, 2), "assigned": (1, 10)
    }  # fmt: skip


def test_the_funnel_has_the_owner_that_the_patent_states(book: Book) -> None:
    stated = [patent(1, owner_type="university"), event_on("patent.filed", "CN2", "2020-01-02", owner_type="person")]
    post(book, *stated, patent(2), patent(3), *(request(f"CN{number}") for number in (1, 2, 3)))
    rows = shown(book, "funnel", "owner_type", "reached", stage="requested", as_of=20241231)
    assert rows == [("person", 1), ("university", 1), ("unknown", 1)]


def test_prospects_own_grants_that_cite_what_is_on_offer(book: Book) -> None:
    citing = patent(5, backward_cites=["CN1", "CN2B"], assignees=[{"name": "Citing Ltd"}], occurred_on="2024-03-03")
    own = patent(6, backward_cites=["CN1"], assignees=[{"name": "OWNER"}])
    later = patent(7, backward_cites=["CN1B"], occurred_on="2024-05-05")
    open_licence = offer("O1", "CN1B", "CN2", "CN3")
    post(book, citing, own, later, patent(8, backward_cites=["CN12"]), open_licence)
    columns = ("offer", "patent", "prospect", "grant_id")
    first = [("O1", "CN1B", "Citing Ltd", "CN5"), ("O1", "CN2", "Citing Ltd", "CN5")]
    assert shown(book, "prospects", *columns, as_of=20240109) == []
    assert shown(book, "prospects", *columns, as_of=20240401) == first
    assert shown(book, "prospects", *columns, as_of=20240601) == [*first[:1], ("O1", "CN1B", "O7", "CN7"), *first[1:]]
    post(book, event_on("open_licence.withdrawn", "O1", "2024-06-01"))
    assert shown(book, "prospects", *columns, as_of=20240601) == []
    post(book, voided(open_licence))
    assert shown(book, "prospects", *columns, as_of=20240401) == []
