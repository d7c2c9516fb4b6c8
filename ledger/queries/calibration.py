"""The calibration of valuations, by model, approach, industry, ...: what a bank asks of a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import log
from operator import itemgetter
from typing import Any, Unpack

import orjson

from ledger.book.book import Book
from ledger.evaluate.calibration import TOO_FEW, bias, bounds, median, promise, size
from ledger.nearest import UnknownName
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, ask, chosen_columns, relation_of_rows
from ledger.queries.snapshot import read_snapshot
from ledger.queries.view import view
from ledger.views import VIEWS
from ledger.views.view import Column

CALIBRATION_KEYS = (
    *("model", "model_version", "made_by", "approach", "purpose", "basis_of_value"),
    *("industry", "region", "right", "year"),
    *("owner_type", "owner_size"),
)
"""Columns that may divide a calibration."""
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
_ONE_SAMPLE = ("topic", "partition", "offset", "model", "model_version", "approach")
_PLAIN = {"party": "text"}
PAIRS = VIEWS["realised_values"].columns
"""The columns that filters may use."""
_OF_PAIRS = {column.name: Column(column.name, _PLAIN.get(column.unit, column.unit), column.meaning) for column in PAIRS}
"""Their values are rendered, and names of parties hidden, before they are summed up."""
CALIBRATION_COLUMNS = (*(_OF_PAIRS[name] for name in CALIBRATION_KEYS), *_COLUMNS)


def calibration(
    book: Book,
    by: Sequence[str] = _DEFAULT,
    *,
    basis: str = "corrected",
    as_of: date | None = None,
    **choice: Unpack[Choice],
) -> Answer:
    """Return a row for each value of `by` and promise, from the rows of the view `realised_values` that the filters
    choose. Raise UnknownName and the errors of `view` and `ask`."""
    for name in by:
        if name not in CALIBRATION_KEYS:
            raise UnknownName(what="the column", given=name, known=CALIBRATION_KEYS)
    relation = relation_of_rows("The answer of calibration", (*(_OF_PAIRS[name] for name in by), *_COLUMNS))
    filters = choice.pop("filters", ())
    with read_snapshot(book):
        pairs = view(book, "realised_values", basis=basis, as_of=as_of, filters=filters)
        given = orjson.dumps(list(_rows(pairs, by))).decode()
        rows = ask(book, relation, {"rows": given}, choice)
    return Answer(pairs.state, chosen_columns(relation, choice), rows, pairs.terms)


def _rows(pairs: Answer, by: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    # a price counts once for a model and approach, so that one value for many purposes is not a larger sample
    groups: dict[tuple[Any, ...], dict[tuple[Any, ...], dict[str, Any]]] = defaultdict(dict)
    for row in sorted(pairs.rows_as_dicts(), key=itemgetter("as_of")):
        groups[*(row[name] for name in by), row["coverage"]][*(row[name] for name in _ONE_SAMPLE)] = row
    ordered = sorted(groups.items(), key=lambda each: [(value is not None, str(value)) for value in each[0]])
    for key, group in ordered:
        yield *key[:-1], *_measured(None if key[-1] is None else str(key[-1]), [*group.values()])


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
