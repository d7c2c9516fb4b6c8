"""The limits of models that are not ours."""

from __future__ import annotations

from typing import NamedTuple

ANSWER_BYTES = 1_000_000
"""The largest answer of a model."""


class ModelLimits(NamedTuple):
    """The longest time of an answer, and the memory of a plug-in's process."""

    seconds: float = 10.0
    memory_bytes: int = 2**30
