"""Reconcile: figures that others published, held against the ledger.

What is measured comes from `metrics`, what is said of it from `verdict`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.book.connection import snapshot
from ledger.book.draft import faults_of_making
from ledger.figures.exchange_rates import Rates
from ledger.figures.metrics import SUMS_OF_RECORDS, Measures
from ledger.figures.question import Asked, Measured, NoData, Nothing
from ledger.figures.verdict import DIFFERS, MORE_DECIMALS, NO_DATA, NOT_COMPARABLE, coverage, judge, shown, unlike
from ledger.queries.answer import Standing
from ledger.queries.snapshot import age_seconds
from ledger.views.reference import PUBLISHED_FIGURES

COLUMNS = ("figure", "source", "published", "exact", "rounded", "difference", "coverage", "verdict")
"""What stands in CSV of a row."""
AT_A_GLANCE = ("figure", "verdict", "published", "exact", "difference", "coverage")
"""What people are shown of it, in a line of 100 characters."""


class Reconciliation(NamedTuple):
    """A row for each published figure, and what they stand on."""

    standing: Standing
    industry_map: str
    basis: str
    rows: list[dict[str, Any]]

    @property
    def agrees(self) -> bool:
        """No figure differs: who has a part of a register, or nothing, denies nothing."""
        return all(row["verdict"] != DIFFERS for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """As `ip-ledger reconcile --json` prints it."""
        return self.standing.envelope(self.rows, industry_map=self.industry_map, basis=self.basis)


def reconcile(path: Path, basis: str = "corrected", about: str = "") -> Reconciliation:
    """Hold the published figures whose text or subject has `about` in it against the book, in the order of the log.

    The worker may go on meanwhile: a snapshot is asked. Raises BookUnavailable, OtherVersion, BookDamaged, NotMade.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ip-ledger-reconcile-") as directory,
        faults_of_making(Path(directory), Path(directory)),
    ):
        taken = Path(directory, "book.db")
        snapshot(path, taken)
        with Book(taken) as book:
            book.require_own_version()
            names = [column.name for column in PUBLISHED_FIGURES.columns]
            said = [dict(zip(names, row, strict=True)) for row in book.connection.execute(PUBLISHED_FIGURES.on(basis))]
            judge = _Judge(book.connection, basis)
            rows = [judge.row(figure) for figure in said if _is_about(figure, about)]
            standing = Standing(book.positions(), age_seconds(book))
            return Reconciliation(standing, book.meta["industry_map"], basis, rows)


def at_a_glance(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for people: of decimals as many as were printed and two more, then `…` where it goes on."""
    decimals = len(row["precision"].partition(".")[2]) + 2
    return {name: _cut(row[name], decimals) if name in ("exact", "difference") else row[name] for name in AT_A_GLANCE}


def _cut(text: str | None, decimals: int) -> str | None:
    whole, point, more = (text or "").partition(".")
    return f"{whole}{point}{more[:decimals]}…" if len(more) > decimals else text


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(names.split(",")) if names else ()


def _is_about(figure: Mapping[str, Any], about: str) -> bool:
    return any(about.casefold() in figure[name].casefold() for name in ("figure", "subject"))


class _Judge:
    """Measures and judges the figures of one state of a book."""

    def __init__(self, connection: Any, basis: str) -> None:
        self.measures = Measures(connection, basis)
        self.rates = Rates(connection, basis)

    def row(self, figure: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "figure": figure["figure"],
            "source": figure["publisher"],
            "published": figure["value"],
            **self._found(figure),
            **{name: value for name, value in figure.items() if name not in ("figure", "publisher", "value")},
        }

    def _found(self, figure: Mapping[str, Any]) -> dict[str, Any]:
        nothing: dict[str, Any] = {**dict.fromkeys(("exact", "rounded", "difference", "coverage")), "inputs": {}}
        if figure["scope"]:
            return {**nothing, "verdict": NOT_COMPARABLE, "reason": f"the ledger cannot cut out: {figure['scope']}"}
        try:
            measured = self._measured(figure)
        except NoData as missing:
            return {**nothing, "verdict": NO_DATA, "reason": str(missing)}
        printed = (figure["value"], figure["precision"], figure["rounding"])
        covers = figure["metric"] in SUMS_OF_RECORDS
        return {
            **judge(measured.value, *printed, unlike=unlike(figure, measured.value)),
            "coverage": coverage(measured.value, Fraction(figure["value"])) if covers else None,
            "inputs": measured.inputs,
            "reason": None,
        }

    def _measured(self, figure: Mapping[str, Any]) -> Measured:
        first, last = figure["period_from"], figure["period_to"]
        same = ("metric", "region", "industry", "office", "purpose", "currency")
        asked = Asked(
            **{name: figure[name] for name in same},
            rights=_listed(figure["rights"]),
            kinds=_listed(figure["kinds"]),
            first=first and date.fromisoformat(first),
            last=date.fromisoformat(last),
        )
        try:
            measured = self.measures.measure(asked)
        except Nothing:
            if not Fraction(figure["value"]) or not self.measures.registers.hold(asked):
                raise
            measured = Measured(Fraction(0), {"events": 0})
        if figure["converted_to"] is None:
            return measured
        currency = measured.inputs.get("currency")
        if currency is None:
            raise NoData(f"{figure['metric']} is no amount that could be converted")
        rate = self.rates.rate(currency, figure["converted_to"], figure["fx_source"], figure["fx_on"])
        used = {"fx_source": rate.source, "fx_day": rate.day, "fx_rate": shown(rate.factor, 2 * MORE_DECIMALS)}
        return Measured(measured.value * rate.factor, {**measured.inputs, **used})
