"""Reconcile: figures that others published, held against the ledger.

All arithmetic is exact. The ledger's value is rounded once, from its exact value and at the precision that was
printed; never is a figure made from rounded ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from ledger.audit.metrics import Asked, Measured, Measures, NoData
from ledger.audit.rates import Rates
from ledger.book.book import Book, Position
from ledger.book.connection import snapshot
from ledger.book.draft import faults_of_making
from ledger.book.position import as_of_offsets, position_text
from ledger.views.query import age_seconds
from ledger.views.reference import PUBLISHED_FIGURES

MORE_DECIMALS = 6
"""A value that no decimal ends is shown with so many decimals more than were printed."""
COLUMNS = ("figure", "source", "published", "exact", "rounded", "difference", "verdict")
"""What people are shown of a row."""
EQUAL, EQUAL_AFTER_ROUNDING, DIFFERS, NO_DATA = "equal", "equal_after_rounding", "differs", "no_data"


class Reconciliation(NamedTuple):
    """A row for each published figure, and what they stand on."""

    positions: list[Position]
    age_seconds: float | None
    industry_map: str
    basis: str
    rows: list[dict[str, Any]]

    @property
    def agrees(self) -> bool:
        """No figure differs."""
        return all(row["verdict"] != DIFFERS for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """As `ip-ledger reconcile --json` prints it."""
        return {
            "position": position_text(self.positions),
            "as_of_offsets": as_of_offsets(self.positions),
            "age_seconds": self.age_seconds,
            "industry_map": self.industry_map,
            "basis": self.basis,
            "rows": self.rows,
        }


def reconcile(path: Path, basis: str = "corrected", about: str = "") -> Reconciliation:
    """Hold the published figures whose text or subject has `about` in it against the book, in the order of the log.

    The worker may go on meanwhile: a snapshot is asked. Raises BookUnavailable, OtherVersion, BookDamaged, NotMade.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ip-ledger-reconcile-") as directory,
        faults_of_making(Path(directory)),
    ):
        taken = Path(directory, "book.db")
        snapshot(path, taken)
        with Book(taken) as book:
            book.require_own_version()
            names = [column.name for column in PUBLISHED_FIGURES.columns]
            said = [dict(zip(names, row, strict=True)) for row in book.connection.execute(PUBLISHED_FIGURES.on(basis))]
            judge = _Judge(book.connection, basis)
            rows = [judge.row(figure) for figure in said if _is_about(figure, about)]
            return Reconciliation(book.positions(), age_seconds(book), book.meta["industry_map"], basis, rows)


def _is_about(figure: Mapping[str, Any], about: str) -> bool:
    return any(about.casefold() in figure[name].casefold() for name in ("figure", "subject"))


class _Judge:
    """Measures and judges the figures of one state of a book."""

    def __init__(self, connection: Any, basis: str) -> None:
        self.measures = Measures(connection, basis)
        self.rates = Rates(connection, basis)

    def row(self, figure: Mapping[str, Any]) -> dict[str, Any]:
        try:
            measured = self._measured(figure)
            judged = judge(measured.value, figure["value"], figure["precision"], figure["rounding"])
            found = {**judged, "inputs": measured.inputs, "reason": None}
        except NoData as missing:
            nothing = dict.fromkeys(("exact", "rounded", "difference"))
            found = {**nothing, "verdict": NO_DATA, "inputs": {}, "reason": str(missing)}
        return {
            "figure": figure["figure"],
            "source": figure["publisher"],
            "published": figure["value"],
            **found,
            **{name: value for name, value in figure.items() if name not in ("figure", "publisher", "value")},
        }

    def _measured(self, figure: Mapping[str, Any]) -> Measured:
        first, last = figure["period_from"], figure["period_to"]
        same = ("metric", "region", "industry", "purpose", "currency")
        measured = self.measures.measure(
            Asked(
                **{name: figure[name] for name in same},
                rights=tuple(figure["rights"].split(",")) if figure["rights"] else (),
                first=first and date.fromisoformat(first),
                last=date.fromisoformat(last),
            )
        )
        if figure["converted_to"] is None:
            return measured
        currency = measured.inputs.get("currency")
        if currency is None:
            raise NoData(f"{figure['metric']} is no amount that could be converted")
        rate = self.rates.rate(currency, figure["converted_to"], figure["fx_source"], figure["fx_on"])
        used = {"fx_source": rate.source, "fx_day": rate.day, "fx_rate": shown(rate.factor, 2 * MORE_DECIMALS)}
        return Measured(measured.value * rate.factor, {**measured.inputs, **used})


def judge(exact: Fraction, published: str, precision: str, rounding: str) -> dict[str, Any]:
    """The verdict on a published figure, with the exact value as a decimal text, rounded, and its difference."""
    value, unit = Fraction(published), Fraction(precision)
    rounded = _rounded(exact / unit, rounding) * unit
    verdict = EQUAL if exact == value else EQUAL_AFTER_ROUNDING if rounded == value else DIFFERS
    decimals = len(precision.partition(".")[2])
    return {
        "exact": shown(exact, decimals + MORE_DECIMALS),
        "rounded": _written(rounded, decimals),
        "difference": shown(exact - value, decimals + MORE_DECIMALS),
        "verdict": verdict,
    }


def shown(value: Fraction, decimals: int) -> str:
    """A value as a decimal text, without zeros at its end; one that does not end within so many decimals is rounded
    half up to them."""
    text = _written(value, decimals)
    return text.rstrip("0").rstrip(".") if decimals else text


def _written(value: Fraction, decimals: int) -> str:
    digits = _rounded(abs(value) * 10**decimals, "half_up")
    text = f"{digits:0{decimals + 1}}"
    sign = "-" if value < 0 and digits else ""
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}" if decimals else f"{sign}{text}"


def _rounded(value: Fraction, rounding: str) -> int:
    """Half up, that is away from zero where it is in the middle (17.5 -> 18, -17.5 -> -18); or down, towards zero."""
    size = abs(value) + Fraction(1, 2) if rounding == "half_up" else abs(value)
    return (size.numerator // size.denominator) * (-1 if value < 0 else 1)
