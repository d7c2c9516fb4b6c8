"""Models' valuations compared with those by other methods."""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

VALUATION_DISPERSION = View(
    "valuation_dispersion",
    "Each row compares a model's latest valuation of a subject for a purpose (as_of, then the log) with the "
    "latest by another method in the same currency. deviation = (mid - other_mid) / other_mid. spread = (high - "
    "low) / mid. models_spread = (largest - smallest) / smallest mid of the models that valued the same.",
    (
        Column("subject", "text", "valued subject"),
        Column("purpose", "text", "purpose of the valuation"),
        Column("model_id", "text", "model id"),
        Column("model_version", "text", "version of the model"),
        Column("as_of", "date", "valuation date of the model", "day"),
        Column("currency", "ISO 4217 code", "currency of the amounts", "currency"),
        *amount_columns("mid", "value of the model"),
        Column("spread", "ratio", "(high - low) / mid"),
        Column("models", "count", "models that valued the same"),
        Column("models_spread", "ratio", "(largest - smallest) / smallest mid of these models"),
        Column("other_method", "text", "`cost`, `market`, `income`, `mixed` or `other`"),
        Column("other_as_of", "date", "valuation date of the other method", "day"),
        *amount_columns("other_mid", "latest value by another method"),
        Column("deviation", "ratio", "(mid - other_mid) / other_mid"),
        Column("inside", "0 or 1", "1 if other_mid is within the model's range, ends included"),
    ),
    details=(
        "Null without another valuation, without a range, with a single model, or for a base of 0.",
        "Two versions of a model are two models.",
        ("A model's value is that of its event, with model, version and hash of the inputs; it is never recomputed."),
    ),
    uses=("model_valuation",),
    main=("subject", "model_id", "currency", "mid", "other_mid", "deviation", "inside", "as_of"),
)

VIEWS = (VALUATION_DISPERSION,)
