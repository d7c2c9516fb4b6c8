"""A rule's hash stands for its parameters: whoever changes them raises its version."""

from __future__ import annotations

from ledger.evaluate.rules import VALUATION_RULES

HASHES = {
    ("ip-ledger/market", "2"): "07b6d3806509048c846fab9ab1927f39d7e5d9e2ab64c750681c3b8a29b74489",
    ("ip-ledger/cost", "1"): "efdc11789edad8bf37b2d54e4937ef36d817156241f53b2519f9951a9b3e5293",
    ("ip-ledger/income", "1"): "6aa2ebd44dbeddba6d50ac14b1aca5ab15f1832e98b0d150300cb798283f6b94",
}


def test_parameters_change_with_the_version_alone() -> None:
    assert {(rule.id, rule.version): rule.hash for rule in VALUATION_RULES.values()} == HASHES
