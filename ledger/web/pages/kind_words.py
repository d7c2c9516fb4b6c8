"""Words for kinds of totals that no page has for a subject, to be translated where they are shown."""

from __future__ import annotations

from typing import Final

from ledger.web.pages.translator import N

RARE_KINDS: Final = {
    "pledge_changes": N("Pledges changed"),
    "pledge_cancellations": N("Pledges cancelled"),
    "pledge_extensions": N("Pledges extended"),
    "pledge_defaults": N("Pledges in default"),
    "pledge_realisations": N("Pledges realised"),
    "filings": N("Filings"),
    "publications": N("Publications"),
    "cessations": N("Cessations"),
    "loan_repayments": N("Loans repaid"),
    "loan_compensations": N("Loans compensated"),
    "loan_subsidies": N("Interest subsidies"),
    "trademarks": N("Trademarks"),
    "trademark_filings": N("Trademark filings"),
    "trademark_cessations": N("Trademark cessations"),
    "pct_filings": N("PCT filings"),
}
