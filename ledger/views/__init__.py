"""The views: SQL views for readers, one module per family. Their formulas are their documentation."""

from __future__ import annotations

from ledger.views import (
    calibration,
    commercial,
    deals,
    debtors,
    dispersion,
    evidence,
    figures,
    finance,
    flows,
    genai,
    high_value,
    log,
    parties,
    patents,
    plausibility,
    pledges,
    reference,
    releases,
    rules,
    score,
    stock,
    watch,
)
from ledger.views.view import View

_FAMILIES = (
    figures,
    flows,
    stock,
    pledges,
    releases,
    finance,
    debtors,
    watch,
    deals,
    commercial,
    patents,
    high_value,
    genai,
    score,
    dispersion,
    calibration,
    rules,
    plausibility,
    parties,
    reference,
    evidence,
    log,
)
VIEWS: dict[str, View] = {view.name: view for family in _FAMILIES for view in family.VIEWS}
"""All views by name, in display order."""
