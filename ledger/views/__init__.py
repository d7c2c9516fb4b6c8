"""The views: what readers see. One module a family; each view's formula feeds its documentation, `ip-ledger views`
and the docs."""

from __future__ import annotations

from ledger.views.figures import COVERAGE, INDUSTRY_YEAR
from ledger.views.log import JOURNAL, POSITIONS, POSTINGS, REJECTIONS, TOTALS, UNMATCHED
from ledger.views.stock import PLEDGE_STOCK
from ledger.views.view import View

VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        INDUSTRY_YEAR,
        PLEDGE_STOCK,
        COVERAGE,
        UNMATCHED,
        REJECTIONS,
        TOTALS,
        POSTINGS,
        JOURNAL,
        POSITIONS,
    )
}
