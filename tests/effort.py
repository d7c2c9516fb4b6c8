"""The effort of properties: a third of the examples in `make test`, a tenth in `make quick`, all with EFFORT=1."""

from __future__ import annotations

import os

EFFORT = float(os.environ.get("EFFORT") or 1)


def examples(usual: int) -> int:
    """Return how many examples a test tries that usually tries this many."""
    return max(1, round(usual * EFFORT))
