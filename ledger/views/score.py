"""The deterministic evaluator: what the ledger's own events say for a patent, and how far models' valuations stray."""

from __future__ import annotations

from ledger.views.columns import PLACE, amount_columns
from ledger.views.finance import MOST_SPECIFIC
from ledger.views.view import Column, View

WEIGHTS = "ipl-equal-1"
"""The set of weights, and with it the version of the formula: all terms of a sub-index weigh the same."""
SMALL = 5
"""A cohort of fewer patents is too small to be held against."""

_OF_PATENTS = {name: f"{name}_of_patents" for name in ("fee", "note", "dealt")}
PATENT_SCORE = View(
    "patent_score",
    "one row a patent granted up to the day: what the events say, and three sub-indices 0 to 100, each the mean of "
    "those of its terms (0 to 1) that are known, times 100; what is not known is named in missing and does not count "
    "as 0. legal (0 where the patent is not in force): remaining term / term; claims / (claims + 10) (the fee of a "
    "Chinese application covers 10); n / (n + 1) for n challenges survived (upheld, or invalidated in part only); 1 - "
    "encumbered. technical: IPC subclasses, backward citations, forward citations of the first 5 years, offices of "
    "the family, each / its maximum in the cohort, and 1 - grant lag / maximum; a cohort is industry x filing year, "
    f"as in OECD STI Working Paper 2013/03 (whose generality index needs classes that the ledger does not keep); null "
    f"where the cohort has fewer than {SMALL} patents. Forward citations are those of patents in the book, granted "
    "within 5 years of this one's grant; a younger patent has had less time. economic: years of fees paid / years of "
    "the term; n / (n + 1) for n priced licences, open licences taken and assignments; n / (n + 1) for n pledges "
    "released without default; 1 with an award. composite: the mean of the three, null where one is. All terms "
    f"weigh the same: that is the set of weights `{WEIGHTS}`, ours; another formula will have another name. It does "
    "not claim to be the method of GB/T 42748-2023, which leaves weights to the purpose. A score orders patents and "
    "is not a price: citations explain little of the variance in value (Bessen 2008, Research Policy 37). "
    "renewal_floor: the sum of the annual fees paid, a lower bound of what the patent was worth to its owner (Pakes "
    "1986; Schankerman and Pakes 1986), undiscounted (rate 0); null where fees were paid in several currencies. "
    f"ltv_cap: the policy for the right and region; {MOST_SPECIFIC}",
    (
        Column("patent", "text", "canonical patent id"),
        Column("office", "ST.3 code", "that granted it"),
        Column("right", "text", "kind of right", "right"),
        Column("industry", "code", "industry of its first IPC symbol", "industry"),
        Column("region", "ISO 3166", "of the first applicant; null where not said"),
        Column("granted_on", "date", "grant date", "day"),
        Column("filed_on", "date", "filing date; null where not said", "day"),
        Column("in_force", "0 or 1", "whether it is in force on the day"),
        Column("remaining_term", "ratio", "remaining days / days of the term; null where the term is not known"),
        Column("claims", "count", "claims as granted; null where not said"),
        Column("survived", "count", "challenges survived: upheld, or invalidated in part only"),
        Column("encumbered", "0 or 1", "whether it is pledged, or preserved by a court"),
        Column("cohort", "count", "patents of its industry and filing year"),
        Column("scope", "count", "different IPC subclasses; null without IPC"),
        Column("backward_cites", "count", "patents that it cites; null where not said"),
        Column("forward_cites", "count", "patents that cite it, of the 5 years from its grant"),
        Column("family_offices", "count", "offices with documents of its family; null without a family"),
        Column("grant_lag_days", "days", "from filing to grant; null where the filing date was not said"),
        Column("renewals_paid", "years", "years of its life for which a fee was paid; null where none was said"),
        Column("renewals_with_amount", "years", "how many of them had an amount"),
        Column("renewal_currency", "ISO 4217 code", "of the fees; null where there are several", "currency"),
        *amount_columns("renewal_floor", "sum of the fees paid, undiscounted"),
        Column("priced_deals", "count", "licences, open licences taken and assignments with a price"),
        Column("pledges_released", "count", "pledges that ended for it without default"),
        Column("award", "0 or 1", "whether it won an award"),
        Column("ltv_cap", "decimal", "highest loan-to-value by policy; null where no policy is in force"),
        Column("legal", "0 to 100", "sub-index"),
        Column("technical", "0 to 100", "sub-index; null in a small cohort"),
        Column("economic", "0 to 100", "sub-index"),
        Column("composite", "0 to 100", "mean of the three; null where one is null"),
        Column("weights", "text", "the set of weights, with it the version of the formula"),
        Column("missing", "text", "inputs that are not known, apart by spaces; null where all are"),
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
)

SCORE_EVIDENCE = View(
    "score_evidence",
    "the events that the inputs of `patent_score` come from, up to the day: what was said of the patent itself, of "
    "other documents of its family, of the pledges that name it, of its priced deals, and the grants that cite it "
    "within 5 years of its own. The maxima of the cohort and the policy of the cap are not listed. Of an event that "
    "was corrected the original is shown, with its date as corrected",
    (
        Column("patent", "text", "canonical patent id"),
        Column("relation", "text", "`patent`, `family`, `pledge`, `deal` or `citation`"),
        Column("type", "text", "type of the event", "type"),
        Column("subject", "text", "the entity that it is about"),
        Column("occurred_on", "date", "business date", "day"),
        *PLACE,
        Column("id", "text", "event id", "id"),
    ),
    uses=("statement", "granted", "dealt", "priced_deal", "citation", "score_event"),
)

# ---- models against others

VALUATION_DISPERSION = View(
    "valuation_dispersion",
    "one row for each model that valued a subject for a purpose, by its latest valuation (as_of, then the log), beside "
    "the latest one by any other method in the same currency: deviation = (mid - other_mid) / other_mid; spread = "
    "(high - low) / mid, the model's own range; models_spread = (largest - smallest) / smallest mid over the models "
    "that valued the same. Null where there is no other valuation, no range, one model only, or a base of 0. Two "
    "versions of a model are two models. A model's answer is what an event said, with model, version and hash of the "
    "inputs, and is never computed anew",
    (
        Column("subject", "text", "what was valued"),
        Column("purpose", "text", "what it was valued for"),
        Column("model_id", "text", "the model"),
        Column("model_version", "text", "its version"),
        Column("as_of", "date", "the day for which the model's value holds", "day"),
        Column("currency", "ISO 4217 code", "of the amounts", "currency"),
        *amount_columns("mid", "the model's value"),
        Column("spread", "ratio", "(high - low) / mid"),
        Column("models", "count", "models that valued the same"),
        Column("models_spread", "ratio", "(largest - smallest) / smallest mid of these models"),
        Column("other_method", "text", "`cost`, `market`, `income`, `mixed` or `other`"),
        Column("other_as_of", "date", "the day for which that value holds", "day"),
        *amount_columns("other_mid", "the latest value by another method"),
        Column("deviation", "ratio", "(mid - other_mid) / other_mid"),
        Column("inside", "0 or 1", "whether other_mid lies within the model's range, ends included"),
    ),
    uses=("model_valuation",),
)

VIEWS = (PATENT_SCORE, SCORE_EVIDENCE, VALUATION_DISPERSION)
