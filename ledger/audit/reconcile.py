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

from ledger.audit.asked import Asked, Measured, NoData, Nothing
from ledger.audit.metrics import SUMS_OF_RECORDS, Measures
from ledger.audit.rates import Rates
from ledger.audit.registers import REGISTER_OF
from ledger.book.book import Book, Position
from ledger.book.connection import snapshot
from ledger.book.draft import faults_of_making
from ledger.book.position import as_of_offsets, position_text
from ledger.views.query import age_seconds
from ledger.views.reference import PUBLISHED_FIGURES

MORE_DECIMALS = 6
"""A value that no decimal ends is shown with so many decimals more than were printed."""
COVERAGE_DECIMALS = 4
"""Of a percentage: one patent of a million is seen."""
COLUMNS = ("figure", "source", "published", "exact", "rounded", "difference", "coverage", "verdict")
"""What stands in CSV of a row."""
AT_A_GLANCE = ("figure", "published", "exact", "difference", "coverage", "verdict")
"""What people are shown of it, in a line of 100 characters."""
EQUAL, EQUAL_AFTER_ROUNDING, PARTIAL, DIFFERS = "equal", "equal_after_rounding", "partial", "differs"
NO_DATA, NOT_COMPARABLE = "no_data", "not_comparable"


class Reconciliation(NamedTuple):
    """A row for each published figure, and what they stand on."""

    positions: list[Position]
    age_seconds: float | None
    industry_map: str
    basis: str
    rows: list[dict[str, Any]]

    @property
    def agrees(self) -> bool:
        """No figure differs: who has a part of a register, or nothing, denies nothing."""
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


def unlike(figure: Mapping[str, Any], exact: Fraction) -> str:
    """The verdict where the ledger has another value. Of an office's register it may hold a part: then it denies the
    office nothing, unless it has more records than the office counted."""
    more = figure["metric"] in REGISTER_OF and exact > Fraction(figure["value"])
    return DIFFERS if figure["office"] is None or more else PARTIAL


def judge(exact: Fraction, published: str, precision: str, rounding: str, unlike: str = DIFFERS) -> dict[str, Any]:
    """The verdict on a published figure, with the exact value as a decimal text, rounded, and its difference."""
    value, unit = Fraction(published), Fraction(precision)
    rounded = _rounded(exact / unit, rounding) * unit
    verdict = EQUAL if exact == value else EQUAL_AFTER_ROUNDING if rounded == value else unlike
    decimals = len(precision.partition(".")[2])
    return {
        "exact": shown(exact, decimals + MORE_DECIMALS),
        "rounded": _written(rounded, decimals),
        "difference": shown(exact - value, decimals + MORE_DECIMALS),
        "verdict": verdict,
    }


def coverage(exact: Fraction, published: Fraction) -> str | None:
    """How many percent of the published value the ledger has, `0.1398 %`; None of a value that is not above 0."""
    return f"{shown(exact * 100 / published, COVERAGE_DECIMALS)} %" if published > 0 else None


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
