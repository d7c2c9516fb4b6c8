"""The terms of a patent's score."""

from __future__ import annotations

SCORE_TERMS = {
    "remaining_term": "days left of the term / days of the term",
    "claims": "claims as granted, in the cohort",
    "survived": "challenges survived",
    "scope": "different IPC subclasses, in the cohort",
    "backward_cites": "patents cited, in the cohort",
    "forward_cites": "grants of the five years from the grant that cite it, in the cohort",
    "family_offices": "offices with documents of the family, in the cohort",
    "grant_lag": "days from filing to grant, in the cohort; short is good",
    "generality": "spread of the citing grants over classes; this ledger takes it as unknown",
    "renewals": "annual fees paid",
    "priced_deals": "licences, assignments and accepted open licences with a price",
    "award": "an award",
}
"""Term of a patent's score -> what it measures."""
