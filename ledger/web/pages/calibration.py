"""Requests for valuations with their answers, and valuations with the prices that came after them."""

from __future__ import annotations

from ledger import queries
from ledger.queries import Answer, Book
from ledger.web.pages.address import Address
from ledger.web.pages.parts import Block
from ledger.web.pages.tables import first_rows, saves, table
from ledger.web.pages.translator import Translator


def requests_table(book: Book, at: Address, t: Translator) -> Block:
    """Return the newest requests, each with its interval or the reason why it was refused."""
    names = [
        "requested_on",
        "subject",
        "approach",
        "state",
        "reason",
        "had",
        "needed",
        "low",
        "mid",
        "high",
        "currency",
    ]
    return first_rows(
        book,
        "valuation_requests",
        names,
        at,
        t,
        id="requests",
        title=t("Requests and answers"),
        basis=at.basis,
        filters=at.filters(purpose="purpose", currency="currency"),
        sort=["-requested_on"],
        note=t("A rule's answer says what such prices have been. It is not an appraisal report."),
        saves=saves(at, "views/valuation_requests", purpose=at["purpose"], currency=at["currency"], as_of=at["day"]),
    )


def kept_promises(book: Book, at: Address, t: Translator) -> Block:
    """Return how many of the prices that came later each model's ranges cover, and whether its values are too high."""
    found = queries.calibration(book, basis=at.basis, as_of=at.day)
    columns = tuple(column._replace(name="model_id") if column.name == "model" else column for column in found.columns)
    return table(
        Answer(found.state, columns, found.shown, found.terms),
        ["model_id", "model_version", "approach", "promised", "prices", "covered", "promise", "bias", "verdict"],
        at,
        t,
        id="calibration",
        title=t("Valuations and realised prices"),
        note=t("Only valuations that stood in the log before the price count. Below 30 prices there is no verdict."),
        empty=t("No price has been realised after a valuation yet."),
        saves=saves(at, "calibration", as_of=at["day"]),
    )
