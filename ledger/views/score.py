"""The deterministic evaluator of patents: intervals, and the points that they are made of."""

from __future__ import annotations

from ledger.views.columns import PLACE, amount_columns
from ledger.views.view import Column, View
from schemas.score import SCORE_TERMS

_OF_PATENTS = {name: f"{name}_of_patents" for name in ("dealt", "family_size", "forward_citation")}
_NARROWED = {
    "patent": {
        "patent_on_day": "patent_on_day_in_cohort",
        "scored_input": "scored_input_asked",
        **_OF_PATENTS,
        "dealt": "dealt_asked",
    },
    "industry": {"patent_on_day": "patent_on_day_of_industry", **_OF_PATENTS},
    "region": {"scored_input": "scored_input_in_area"},
}
_SUMS = (
    *("patent_on_day", "dealt", "priced_deal", "family_size", "forward_citation", "score_input", "score_rank"),
    *("scored_input", "scored", "score_term", "weight_in_force", "score_sum"),
)
_PATENT = Column("patent", "text", "canonical patent id")
_WEIGHTS = Column("weights", "text", "set of weights (see `weight_sets`)")

PATENT_SCORE = View(
    "patent_score",
    "Each row scores a patent in force on the day by one set of weights, as an interval in millionths: the "
    "weighted mean of its terms, each from 0 to 1. An unknown term is the whole interval, so hiding a fact never "
    "raises `low`. A score orders patents; it is not a price (Bessen 2008, Research Policy 37).",
    (
        _PATENT,
        _WEIGHTS,
        Column("office", "ST.3 code", "granting office"),
        Column("right", "text", "kind of right", "right"),
        Column("industry", "code", "industry of the first IPC symbol", "industry"),
        Column("region", "ISO 3166", "region of the first applicant"),
        Column("filing_year", "year", "year of filing; null if unknown"),
        Column("cohort", "count", "patents of the same industry and filing year; null without one"),
        Column("legal_low", "millionths", "lower end of remaining term, claims, challenges survived"),
        Column("legal_high", "millionths", "upper end"),
        Column("technical_low", "millionths", "lower end of scope, citations, family, grant lag, generality"),
        Column("technical_high", "millionths", "upper end"),
        Column("economic_low", "millionths", "lower end of renewals, priced deals, award"),
        Column("economic_high", "millionths", "upper end"),
        Column("low", "millionths", "lower end of the score: the sum of its `points_low`"),
        Column("high", "millionths", "upper end of the score: the sum of its `points_high`"),
    ),
    details=(
        "A patent that is not in force has no score. Pledges, loans and court orders do not enter it.",
        (
            "Ranked terms: `claims`, `scope` (IPC subclasses), `backward_cites` (patents cited), `forward_cites` "
            "(grants that cite it within 5 years), `family_offices` (offices with documents of the family), "
            "`grant_lag` (short is good). low = share of the cohort that is worse, high = share that is not better; "
            "the middle is the mid-rank. One patent more in the cohort moves each end by at most 1 / (n + 1)."
        ),
        (
            "A cohort is industry x filing year (OECD STI Working Paper 2013/03), of patents with a known value. A "
            "patent without IPC or filing date has none. In a cohort of one, a ranked term is unknown."
        ),
        "`forward_cites` is unknown until the 5 years are over. Citations between patents of one cohort do not count.",
        (
            "`remaining_term`: days left / days of the term, from filing (US designs: from grant), by months of 30 "
            "days; low is 0 if a terminal disclaimer may end it earlier."
        ),
        (
            "What events add up to is a lower end, the upper is 1: `survived` n / (n + 1) for n challenges upheld or "
            "invalidated in part; `renewals` years with a paid fee / 20, at most 1; `priced_deals` n / (n + 1) for n "
            "priced licences, accepted open licences and assignments; `award` 1 with an award."
        ),
        "`generality` is always unknown: a citation more may lower it, and good evidence must not lower a score.",
        "A sub-index without weights is null. Low ends are rounded down, high ends up.",
        (
            "The ledger's own weights are `ipl-equal-2`: a third each for legal, technical and economic, divided "
            "equally. Other sets are events (`reference.weight_set`); `examples/score-weights.ndjson` has those of "
            "the OECD. This is not the method of GB/T 42748-2023, whose reference weights are not in it."
        ),
        "Citations explain little of the variance in value (Bessen).",
    ),
    uses=_SUMS,
    narrowed=_NARROWED,
    main=("patent", "weights", "low", "high", "industry", "legal_low", "technical_low", "economic_low"),
)

SCORE_POINTS = View(
    "score_points",
    "Each row shows the points of one term of a patent's score by one set of weights: value, rank in the cohort, "
    "interval, weight, and the events that show it. The points of a patent add up exactly to `low` and `high` of "
    "`patent_score`.",
    (
        _PATENT,
        _WEIGHTS,
        Column("term", "text", "`claims`, `forward_cites`, ... (see `patent_score`)"),
        Column("sub_index", "text", "`legal`, `technical` or `economic`"),
        Column("value", "number", "what is counted or measured; days left for the term; null if unknown"),
        Column("cohort", "count", "patents of the cohort with a known value; null if not ranked"),
        Column("worse", "count", "those that are worse"),
        Column("equal", "count", "those that are equal, itself included: the mid-rank is worse + equal / 2"),
        Column("low", "millionths", "lower end of the term"),
        Column("high", "millionths", "upper end of the term"),
        Column("weight", "number", "weight of the term in the set"),
        Column("weight_total", "number", "sum of the weights of the set"),
        Column("points_low", "millionths", "what the term adds to `low` of the score"),
        Column("points_high", "millionths", "what the term adds to `high` of the score"),
        Column("events", "JSON", "ids of the events behind the term; null without one"),
    ),
    details=(
        (
            "points = low * weight / weight_total, rounded so that they add up: the running total in the order of the "
            "rows is."
        ),
        "`score_evidence` has type, subject and offset of the events.",
    ),
    uses=(*_SUMS, "score_point", "scored_patent", "score_source", "score_event", "score_events"),
    narrowed={"patent": {**_NARROWED["patent"], "scored_patent": "scored_patent_asked"}},
    main=("patent", "weights", "term", "value", "low", "high", "points_low", "points_high"),
)

SCORE_EVIDENCE = View(
    "score_evidence",
    "Each row is an event up to the day behind a term of a patent in `patent_score`: documents of the patent and "
    "its family, citing grants, fees, challenges survived, awards, priced deals.",
    (
        _PATENT,
        Column("term", "text", "`claims`, `forward_cites`, ... (see `patent_score`)"),
        Column("type", "text", "event type", "type"),
        Column("subject", "text", "entity of the event"),
        *PLACE,
        Column("id", "text", "event id", "id"),
    ),
    details=("A corrected event is listed as the original.",),
    uses=("patent_on_day", "dealt", "priced_deal", "scored_patent", "score_source", "score_event"),
    narrowed={
        "patent": {"scored_patent": "scored_patent_asked", "dealt": "dealt_asked"},
    },
    main=("patent", "term", "type", "place", "subject"),
)

WEIGHT_SETS = View(
    "weight_sets",
    "Each row is a set of weights in force on the day, from `reference.weight_set` or the ledger's own. Of "
    "several of one name the latest first day counts, then the last in the log.",
    (
        Column("weights", "text", "name of the set"),
        Column("purpose", "text", "use that the publisher made it for"),
        Column("publisher", "text", "publisher; `ip-ledger` for the ledger's own"),
        Column("document", "text", "document that has the weights"),
        Column("valid_from", "date", "the first day; null for the ledger's own", "day"),
        Column("valid_to", "date", "the last day; null if open-ended", "day"),
        *(Column(term, "number", f"weight of: {meaning}; 0: does not count") for term, meaning in SCORE_TERMS.items()),
        Column("id", "text", "event id; null for the ledger's own", "id"),
    ),
    uses=("weight_in_force",),
    main=("weights", "publisher", "purpose", "valid_from"),
)

RENEWALS = View(
    "renewals",
    "Each row sums the annual fees paid for a patent up to the day. Their sum, undiscounted, is a lower bound of "
    "the value to the owner (Pakes 1986; Schankerman and Pakes 1986).",
    (
        _PATENT,
        Column("years", "years", "years of life with a paid fee"),
        Column("with_amount", "years", "years of paid fees with an amount"),
        Column("currency", "ISO 4217 code", "currency of the fees; null if several", "currency"),
        *amount_columns("floor", "sum of the fees; null in several currencies"),
    ),
    main=("patent", "years", "currency", "floor"),
)

VIEWS = (PATENT_SCORE, SCORE_POINTS, SCORE_EVIDENCE, WEIGHT_SETS, RENEWALS)
