"""One row of the fault matrix: a fault, how often it was tried, and what was found afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass
class Fault:
    """What a test does to a ledger. The first line of the test's docstring names it; `ended` says how it went."""

    name: str
    rounds: int
    chance: Random
    times: int = 0
    afterwards: str = ""

    def ended(self, afterwards: str, times: int) -> None:
        """Say what was found each time (`right and balanced`, `stopped: BookFault, ...`), and how many times."""
        self.afterwards, self.times = afterwards, times
