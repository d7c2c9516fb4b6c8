"""Compare published figures with the ledger: `metrics` measures, `verdict` compares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.figures.exchange_rates import ExchangeRates
from ledger.figures.metrics import SUMS_OF_RECORDS, Metrics
from ledger.figures.question import FigureQuery, Measured, NoRecords, NotAvailable
from ledger.figures.verdict import (
    DIFFERS,
    MORE_DECIMALS,
    NO_DATA,
    NOT_COMPARABLE,
    PRECISION_UNKNOWN,
    compare_with_published,
    completeness,
    fraction_text,
    printed_number,
    unlike,
)
from ledger.queries.answer import BookState
from ledger.queries.ask import basis_number
from ledger.queries.snapshot import read_snapshot
from ledger.views.reference import PUBLISHED_FIGURES

CSV_COLUMNS = ("figure", "publisher", "published", "exact", "rounded", "difference", "completeness", "verdict")
"""The columns in CSV."""
TABLE_COLUMNS = ("figure", "verdict", "published", "exact", "difference", "completeness")
"""The columns in a terminal: they fit into 100 characters."""


class Reconciliation(NamedTuple):
    """One row per published figure, and the state of the book behind them."""

    state: BookState
    industry_map: str
    basis: str
    rows: list[dict[str, Any]]
    known: list[str]
    """The texts of all figures in the book."""

    @property
    def agrees(self) -> bool:
        """True if no figure differs. A partial register, or no data, is not a difference."""
        return all(row["verdict"] != DIFFERS for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """Return the output of `ip-ledger reconcile --json`."""
        return self.state.envelope(self.rows, industry_map=self.industry_map, basis=self.basis)


def compared(book: Book, basis: str = "corrected", about: str = "") -> Reconciliation:
    """Compare the published figures whose text or subject contains `about` with the book, in log order.

    Raise UnknownName, AnswerTooLong.
    """
    basis_number(basis)
    names = [column.name for column in PUBLISHED_FIGURES.columns]
    with read_snapshot(book) as state:
        stored = book.connection.execute(PUBLISHED_FIGURES.on(basis)).fetchall()
        figures = [dict(zip(names, row, strict=True)) for row in stored]
        reconciler = _Reconciler(book.connection, basis)
        rows = [reconciler.row(figure) for figure in figures if _is_about(figure, about)]
    return Reconciliation(state, book.meta["industry_map"], basis, rows, [figure["figure"] for figure in figures])


def table_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row for the terminal: two decimals more than published, then `…` if more follow."""
    decimals = len((row["precision"] or row["published"]).partition(".")[2]) + 2
    return {name: _cut(row[name], decimals) if name in ("exact", "difference") else row[name] for name in TABLE_COLUMNS}


def _cut(text: str | None, decimals: int) -> str | None:
    whole, point, more = (text or "").partition(".")
    return f"{whole}{point}{more[:decimals]}…" if len(more) > decimals else text


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(names.split(",")) if names else ()


def _is_about(figure: Mapping[str, Any], about: str) -> bool:
    return any(about.casefold() in figure[name].casefold() for name in ("figure", "subject"))


class _Reconciler:
    """Measures and compares the figures of one state of a book."""

    def __init__(self, connection: Any, basis: str) -> None:
        self.metrics = Metrics(connection, basis)
        self.rates = ExchangeRates(connection, basis)

    def row(self, figure: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "figure": figure["figure"],
            "publisher": figure["publisher"],
            "published": figure["value"],
            **self._found(figure),
            **{name: value for name, value in figure.items() if name not in ("figure", "publisher", "value")},
        }

    def _found(self, figure: Mapping[str, Any]) -> dict[str, Any]:
        nothing: dict[str, Any] = {**dict.fromkeys(("exact", "rounded", "difference", "completeness")), "inputs": {}}
        if figure["scope"]:
            return {
                **nothing,
                "verdict": NOT_COMPARABLE,
                "reason": f"the ledger cannot apply the scope: {figure['scope']}",
            }
        try:
            measured = self._measured(figure)
        except NotAvailable as missing:
            return {**nothing, "verdict": NO_DATA, "reason": str(missing)}
        printed = (figure["value"], figure["precision"], figure["rounding"], unlike(figure, measured.value))
        covers = figure["metric"] in SUMS_OF_RECORDS
        compared = compare_with_published(measured.value, *printed, bound=figure["bound"])
        return {
            **compared,
            "completeness": completeness(measured.value, printed_number(figure["value"])) if covers else None,
            "inputs": measured.inputs,
            "reason": "the figure does not give its precision" if compared["verdict"] == PRECISION_UNKNOWN else None,
        }

    def _measured(self, figure: Mapping[str, Any]) -> Measured:
        first, last = figure["period_from"], figure["period_to"]
        same = ("metric", "region", "industry", "office", "purpose", "currency")
        query = FigureQuery(
            **{name: figure[name] for name in same},
            rights=_listed(figure["rights"]),
            kinds=_listed(figure["kinds"]),
            first=first and date.fromisoformat(first),
            last=date.fromisoformat(last),
        )
        try:
            measured = self.metrics.measure(query)
        except NoRecords:
            if not printed_number(figure["value"]) or not self.metrics.registers.hold(query):
                raise
            measured = Measured(Fraction(0), {"events": 0})
        if figure["converted_to"] is None:
            return measured
        currency = measured.inputs.get("currency")
        if currency is None:
            raise NotAvailable(f"{figure['metric']} is not an amount and cannot be converted")
        rate = self.rates.rate(currency, figure["converted_to"], figure["fx_source"], figure["fx_on"])
        used = {"fx_source": rate.source, "fx_day": rate.day, "fx_rate": fraction_text(rate.factor, 2 * MORE_DECIMALS)}
        return Measured(measured.value * rate.factor, {**measured.inputs, **used})
