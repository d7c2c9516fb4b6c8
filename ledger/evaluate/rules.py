"""The rules that an evaluator answers by: name, version, and a hash of the parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any

from ledger.evaluate.comparable import EPC, YEARS
from ledger.evaluate.market import CUT


class ValuationRule:
    """A rule of one approach. Other parameters are another version: answers are recomputed by their own version."""

    def __init__(self, approach: str, version: str, parameters: Mapping[str, Any]) -> None:
        self.id, self.version, self.parameters = f"ip-ledger/{approach}", version, parameters

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of the rule's name, version and parameters, in hexadecimal."""
        return json_digest({"id": self.id, "version": self.version, "parameters": self.parameters})


def json_digest(content: Any) -> str:
    """Return the SHA-256 of content as JSON in ASCII, with sorted keys and without spaces, in hexadecimal."""
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


VALUATION_RULES: dict[str, ValuationRule] = {
    "market": ValuationRule(
        "market",
        "2",
        {
            "comparables": {str(number): cut for number, cut in CUT.items()},
            "years": YEARS,
            "owners": "one deal each, by names without punctuation; not the subject's",
            "families": "not the subject's",
            "offices": {"EP": sorted(EPC)},
            "nearness": "bm25 of the words of the title and of the symbols; then the latest",
        },
    ),
    "cost": ValuationRule("cost", "1", {"costs": ["fees", "stated"], "bound": "floor"}),
    "income": ValuationRule(
        "income", "1", {"method": "relief from royalty", "due": "end of year", "rounding": "half even"}
    ),
}
"""Approach -> its rule."""
