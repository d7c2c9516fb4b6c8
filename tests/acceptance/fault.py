"""One row of the fault matrix: a fault, how often it was tried, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass
class Fault:
    """A fault that a test injects. The first line of the test's docstring names it; `ended` sets the result."""

    name: str
    rounds: int
    chance: Random
    times: int = 0
    afterwards: str = ""

    def ended(self, afterwards: str, times: int) -> None:
        """Set the result of every try (`right and balanced`, `stopped: BookFault, ...`), and the number of tries."""
        self.afterwards, self.times = afterwards, times
