"""The deterministic evaluator of patents, and the dispersion of models' valuations."""

from __future__ import annotations

from ledger.views.columns import PLACE, amount_columns
from ledger.views.view import Column, View

_OF_PATENTS = {name: f"{name}_of_patents" for name in ("fee", "note", "dealt")}
PATENT_SCORE = View(
    "patent_score",
    "Sub-indices 0 to 100 of each patent granted up to the day: the mean of their known terms (0 to 1) x 100. "
    "composite = mean of legal, technical and economic; null if one is null. All terms weigh the same (weights "
    "`ipl-equal-1`). A score orders patents; it is not a price (Bessen 2008, Research Policy 37).",
    (
        Column("patent", "text", "canonical patent id"),
        Column("office", "ST.3 code", "granting office"),
        Column("right", "text", "kind of right", "right"),
        Column("industry", "code", "industry of the first IPC symbol", "industry"),
        Column("region", "ISO 3166", "region of the first applicant"),
        Column("granted_on", "date", "grant date", "day"),
        Column("filed_on", "date", "filing date", "day"),
        Column("in_force", "0 or 1", "1 if in force on the day"),
        Column("remaining_term", "ratio", "remaining days / days of the term"),
        Column("claims", "count", "claims as granted"),
        Column("survived", "count", "challenges survived (upheld, or invalidated in part)"),
        Column("encumbered", "0 or 1", "1 if pledged, or preserved by a court"),
        Column("cohort", "count", "patents of the same industry and filing year"),
        Column("scope", "count", "different IPC subclasses; null without IPC"),
        Column("backward_cites", "count", "patents cited"),
        Column("forward_cites", "count", "citing patents of the 5 years from grant"),
        Column("family_offices", "count", "offices with documents of the family"),
        Column("grant_lag_days", "days", "days from filing to grant"),
        Column("renewals_paid", "years", "years of life with a paid fee"),
        Column("renewals_with_amount", "years", "years of paid fees with an amount"),
        Column("renewal_currency", "ISO 4217 code", "currency of the fees; null if several", "currency"),
        *amount_columns("renewal_floor", "sum of fees paid, undiscounted"),
        Column("priced_deals", "count", "priced licences, accepted open licences and assignments"),
        Column("pledges_released", "count", "pledges released without default"),
        Column("award", "0 or 1", "1 if it won an award"),
        Column("ltv_cap", "decimal", "highest loan to value by policy; null without one"),
        Column("legal", "0 to 100", "sub-index"),
        Column("technical", "0 to 100", "sub-index; null in a small cohort"),
        Column("economic", "0 to 100", "sub-index"),
        Column("composite", "0 to 100", "mean of the three; null if one is null"),
        Column("weights", "text", "set of weights: the version of the formula"),
        Column("missing", "text", "unknown inputs, separated by spaces; null if none"),
    ),
    details=(
        (
            "legal (0 if not in force): remaining term / term; claims / (claims + 10) (10 claims are covered by the "
            "fee of a Chinese application); n / (n + 1) for n challenges survived (upheld, or invalidated in part); 1 "
            "- encumbered."
        ),
        (
            "technical: IPC subclasses, backward citations, forward citations of the first 5 years and offices of the "
            "family, each / its maximum in the cohort; 1 - grant lag / maximum."
        ),
        (
            "A cohort is industry x filing year (OECD STI Working Paper 2013/03, whose generality index needs classes "
            "that the ledger does not keep); null if it has fewer than 5 patents."
        ),
        (
            "Forward citations are by patents of the book granted within 5 years of the grant; a younger patent has "
            "had less time."
        ),
        (
            "economic: years of fees paid / years of the term; n / (n + 1) for n priced licences, accepted open "
            "licences and assignments; n / (n + 1) for n pledges released without default; 1 with an award."
        ),
        "Unknown inputs are listed in missing and do not count as 0.",
        "The weights are the ledger's own: another formula gets another name.",
        "This is not the method of GB/T 42748-2023, which leaves weights to the purpose.",
        "Citations explain little of the variance in value (Bessen).",
        (
            "renewal_floor: sum of annual fees paid, undiscounted, a lower bound of the value to the owner (Pakes "
            "1986; Schankerman and Pakes 1986); null for fees in several currencies."
        ),
        "ltv_cap: the most specific policy (see the glossary) for right and region.",
    ),
    uses=(
        *("patent_on_day", "fee", "renewal", "note", "dealt", "priced_deal", "citation", "forward_citation"),
        *("patent_evidence", "patent_cohort", "patent_term", "patent_index"),
        *("policy_level", "policy_in_force", "patent_ltv_cap"),
    ),
    narrowed={
        "patent": {"patent_on_day": "patent_on_day_in_cohort", **_OF_PATENTS},
        "industry": {"patent_on_day": "patent_on_day_of_industry", **_OF_PATENTS},
    },
    main=("patent", "industry", "composite", "legal", "technical", "economic", "missing", "region", "granted_on"),
)

SCORE_EVIDENCE = View(
    "score_evidence",
    "Events behind the inputs of `patent_score`, up to the day: of the patent, of other documents of its family, "
    "of pledges that name it, of its priced deals, and grants that cite it within 5 years of its own grant.",
    (
        Column("patent", "text", "canonical patent id"),
        Column("relation", "text", "`patent`, `family`, `pledge`, `deal` or `citation`"),
        Column("type", "text", "event type", "type"),
        Column("subject", "text", "entity of the event"),
        Column("occurred_on", "date", "business date", "day"),
        *PLACE,
        Column("id", "text", "event id", "id"),
    ),
    details=(
        "The maxima of the cohort and the policy of the cap are not listed.",
        "A corrected event is listed as the original, with its corrected date.",
    ),
    uses=("statement", "granted", "dealt", "priced_deal", "citation", "score_event"),
    main=("patent", "relation", "type", "place", "occurred_on", "subject"),
)

# ---- models beside other methods

VALUATION_DISPERSION = View(
    "valuation_dispersion",
    "One row per model, subject and purpose: the model's latest valuation (as_of, then the log) beside the latest "
    "by another method in the same currency. deviation = (mid - other_mid) / other_mid. spread = (high - low) / "
    "mid. models_spread = (largest - smallest) / smallest mid of the models that valued the same.",
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
        ("A model's value is what an event gives, with model, version and hash of the inputs; it is never recomputed."),
    ),
    uses=("model_valuation",),
    main=("subject", "model_id", "currency", "mid", "other_mid", "deviation", "inside", "as_of"),
)

VIEWS = (PATENT_SCORE, SCORE_EVIDENCE, VALUATION_DISPERSION)
