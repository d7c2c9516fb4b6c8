"""A guide to the views: a one-line summary of each, by subject."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.views import VIEWS
from ledger.views.view import View

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Figures by period": {
        "industry_year": "events and amounts by industry, year and kind",
        "totals": "the same by region, right and currency too",
        "pledge_flow": "secured amounts by year and month, coverage, records",
        "pledge_yoy": "secured amounts of each year and the year before",
        "ytd_vs_same_period": "the year up to a day and the same period before",
    },
    "Pledges": {
        "pledge_stock": "pledges in force on a day, by industry",
        "maturity": "pledges in force by due date of the debt",
        "encumbered": "pledged assets on a day, with their number of pledges",
        "cohort_risk": "outcomes of the pledges registered in each year",
        "concentration": "Herfindahl index among pledgees and industries",
        "pledge_flags": "grounds to refuse a registration",
        "release_candidates": "pledges that an unmatched release may be about",
        "inferred_endings": "pledges in force with and without inferred endings",
    },
    "Loans and valuations": {
        "loans": "disbursed, repaid, compensated and outstanding by deal",
        "loan_support": "guarantees, compensation and interest subsidies by deal",
        "watch_list": "pledges to watch on a day: lapsed, challenged, due, ...",
        "alerts": "alerts about pledges, open or acknowledged",
        "exposure": "secured and outstanding amounts of each debtor",
        "group_exposure": "secured and outstanding amounts of each group of debtors",
        "debtor_concentration": "Herfindahl index among debtors, share of small ones",
        "ltv": "loan to value of each pledge in force",
        "collateral": "debts and the latest valuations, also under stress",
        "valuations": "completed valuations, with the latest marked",
        "valuation_converted": "valuations by year, also in yuan and dollars",
        "valuation_dispersion": "valuations by models compared with other methods",
        "valuation_requests": "requests for valuations: completed, refused or waiting",
        "models": "models of valuations: registered, and used",
        "readings": "answers that models read in texts of patents",
        "realised_values": "valuations and the prices realised after them",
    },
    "Licences and sales": {
        "transactions": "licences, assignments and open licences by year",
        "conversion": "valued patents that were licensed, sold or pledged",
        "funnel": "valued assets by the stages that they reached",
        "offers": "assets that are open for a licence",
        "needs": "what somebody looks for",
        "prospects": "owners of grants that cite patents on offer",
        "comparables": "prices of comparable rights in the last three years",
        "royalties": "running royalties in the last three years, by base",
    },
    "Patents and trademarks": {
        "patents": "each patent, its term and state on a day",
        "grants": "patents granted by year and region, whole counts",
        "grants_fractional": "patents granted by country, fractional counts",
        "trademarks": "trademarks in force, by region",
        "pct": "international applications by origin and office",
        "decade_ratio": "stocks and filings against ten years before",
        "genai": "patent families about generative AI by year",
        "tags": "patents by tag and source",
        "high_value": "high-value inventions, by criterion",
        "high_value_patents": "each high-value invention and its criteria",
        "per_10k": "inventions per 10,000 residents",
        "patent_score": "score of each patent in force, as an interval",
        "score_points": "the points of each score, with rank, weight and events",
        "score_evidence": "the events behind each score",
        "weight_sets": "weights of scores, with publisher and purpose",
        "renewals": "annual fees paid for each patent, and their sum",
    },
    "Reference data": {
        "fx_rates": "exchange rates",
        "populations": "residents of regions",
        "policies": "parameters in force on a day",
        "published_figures": "figures published by others",
    },
    "The log and its records": {
        "journal": "each record and its outcome",
        "lineage": "postings behind the totals, each with its event",
        "statements": "original events with effect, as corrected",
        "unmatched": "accepted events without effect yet, with the reason",
        "conflicts": "fields in which a repeated event differs from the first",
        "rejections": "rejected records, with rule and bytes",
        "plausibility": "events that may be slips: units, days, assets",
        "known_parties": "how many events name their parties, by role and year",
        "integrity": "records in no figure, or restated, by topic",
        "positions": "offsets and outcomes of each partition",
    },
}
OTHERS = "Others"
LONGEST_SUMMARY = 70


def grouped() -> dict[str, list[tuple[View, str]]]:
    """Return heading -> its views, each with its summary. A view that is not listed is in `Others`."""
    groups = {heading: [(VIEWS[name], summary) for name, summary in names.items()] for heading, names in GROUPS.items()}
    listed = {name for names in GROUPS.values() for name in names}
    others = [(view, summary_of(view)) for name, view in VIEWS.items() if name not in listed]
    return groups | ({OTHERS: others} if others else {})


def summary_of(view: View) -> str:
    """Return a one-line summary of a view."""
    for names in GROUPS.values():
        if view.name in names:
            return names[view.name]
    return view.formula if len(view.formula) <= LONGEST_SUMMARY else f"{view.formula[:LONGEST_SUMMARY]}..."
