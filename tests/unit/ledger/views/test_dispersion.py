"""Models' valuations compared with others, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, corrected, money
from tests.posting import event_on, post, shown

DAY = 20240101
ONE, TWO = "CN109000001B", "CN109000002B"


def valued(name: str, as_of: str, mid: str, currency: str = "CNY", **data: Any) -> Event:
    defaults = {"valuation_id": name, "purpose": "licence", "as_of": as_of, "mid": money(mid, currency)}
    return event_on("valuation.completed", data.pop("subject", ONE), "2023-01-01", **defaults | data)


def by_model(name: str, as_of: str, mid: str, model: str = "m", version: str = "1", **data: Any) -> Event:
    return valued(name, as_of, mid, method="ai_model", model_id=model, model_version=version, **data)


def test_models_are_shown_with_the_latest_other_valuation(book: Book) -> None:
    wrong = by_model("V6", "2022-02-01", "999.00", version="2")
    post(
        book,
        valued("V1", "2022-01-01", "100.00", method="income"),
        valued("V2", "2021-01-01", "1.00", method="cost"),
        valued("V3", "2022-06-01", "5.00", "USD", method="market"),
        by_model("V4", "2022-02-01", "95.00", low=money("90.00"), high=money("100.00")),
        by_model("V5", "2022-01-01", "7.00"),
        wrong,
        corrected(wrong, mid=money("80.00"), low=money("80.00"), high=money("99.99")),
        by_model("V7", "2022-02-01", "0", subject=TWO),
        valued("V8", "2022-02-01", "0", subject=TWO, method="other"),
        by_model("V9", "2022-02-01", "1.00", purpose="insurance"),
    )
    columns = ("model_version", "mid", "spread", "models", "models_spread", "other_method", "other_mid", "deviation")
    asked: dict[str, Any] = {"as_of": DAY, "subject": ONE, "purpose": "licence"}
    assert shown(book, "valuation_dispersion", *columns, "inside", **asked) == [
        ("1", "95.00", pytest.approx(10 / 95), 2, 0.1875, "income", "100.00", pytest.approx(-0.05), 1),
        ("2", "80.00", pytest.approx(0.249875), 2, 0.1875, "income", "100.00", pytest.approx(-0.2), 0),
    ]
    assert shown(book, "valuation_dispersion", "mid", recorded=True, **asked) == ["95.00", "999.00"]
    rest = ("spread", "models", "models_spread", "other_mid", "deviation", "inside")
    assert shown(book, "valuation_dispersion", *rest, as_of=DAY, subject=TWO) == [(None, 1, None, "0.00", None, None)]
    assert shown(book, "valuation_dispersion", *rest, as_of=DAY, purpose="insurance") == [
        (None, 1, None, None, None, None)
    ]
