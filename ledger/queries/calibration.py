"""The calibration of valuations, by model, approach, industry, ...: what a bank asks of a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import log
from typing import Any, Unpack

from ledger.book.book import Book
from ledger.evaluate.calibration import TOO_FEW, bias, bounds, median, promise, size
from ledger.nearest import UnknownName
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice
from ledger.queries.view import view
from ledger.views.view import Column

_KEYS = (
    *("model", "model_version", "made_by", "approach", "purpose", "basis_of_value"),
    *("industry", "region", "right", "year"),
)
"""What a calibration may be divided by."""
_COLUMNS = (
    Column("promised", "decimal", "promised coverage; null: the valuations promise none"),
    Column("prices", "count", "realised prices"),
    Column("covered", "count", "prices within the range, ends included"),
    Column("coverage", "ratio", "covered / prices"),
    Column("least", "count", "the fewest covered that the promise allows (binomial, 2.5 % below)"),
    Column("most", "count", "the most covered that the promise allows (2.5 % above)"),
    Column("promise", "text", "`kept`, `too narrow`, `too wide`; below 30 prices `too few`"),
    Column("bias", "ratio", "median of mid / price, less 1: 0.3 is 30 % too high"),
    Column("log_error", "ratio", "median of the absolute logarithm of mid / price"),
    Column("verdict", "text", "`not biased`, `too high`, `too low` (signed ranks, 5 %); below 30 prices `too few`"),
)
_DEFAULT = ("model", "model_version", "approach")


def calibration(
    book: Book,
    by: Sequence[str] = _DEFAULT,
    *,
    basis: str = "corrected",
    as_of: date | None = None,
    **choice: Unpack[Choice],
) -> Answer:
    """Return a row for each value of `by` and promise, from the rows of the view `realised_values` that the filters
    choose. Raise UnknownName and the errors of `view`."""
    for name in by:
        if name not in _KEYS:
            raise UnknownName(what="the column", given=name, known=_KEYS)
    pairs = view(book, "realised_values", basis=basis, as_of=as_of, filters=choice.get("filters", ()))
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in pairs.rows_as_dicts():
        groups[*(row[name] for name in by), row["coverage"]].append(row)
    ordered = sorted(groups.items(), key=lambda each: [(value is not None, str(value)) for value in each[0]])
    columns = {column.name: column for column in pairs.columns}
    rows = [(*key[:-1], *_measured(None if key[-1] is None else str(key[-1]), group)) for key, group in ordered]
    return Answer(pairs.state, (*(columns[name] for name in by), *_COLUMNS), rows, pairs.terms)


def _measured(promised: str | None, rows: Sequence[dict[str, Any]]) -> tuple[Any, ...]:
    within = [row["inside"] for row in rows if row["inside"] is not None]
    count, covered = len(within), sum(within)
    allowed: tuple[int | None, int | None] = (None, None)
    kept = None
    if promised is not None and count:
        share = Fraction(promised)
        allowed, kept = bounds(count, share), promise(count, covered, share)
    pairs = [(row["mid_minor"], row["price_minor"]) for row in rows if row["mid_minor"] and row["price_minor"]]
    ratios = [Fraction(mid, price) for mid, price in pairs]
    middle, off = median(ratios), median([size(ratio) for ratio in ratios])
    return (
        promised,
        len(rows),
        covered if count else None,
        round(covered / count, 4) if count else None,
        *allowed,
        kept,
        None if middle is None else round(float(middle - 1), 4),
        None if off is None else round(log(off), 4),
        bias(pairs) if pairs else TOO_FEW,
    )
