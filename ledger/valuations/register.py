"""The register of models at a position of the log: which model may be used on a day."""

from __future__ import annotations

from typing import NamedTuple

from ledger.posting.facts import Facts
from ledger.valuations.journal import Journal
from schemas.events import MODEL_REGISTERED

REFERENCE = "ip.reference.v1"


class ModelState(NamedTuple):
    """The state of a model: `refusal` is empty, or the reason why nobody may use it. `hash` is the registered one."""

    refusal: str
    hash: str | None = None


class ModelRegister:
    """The models that a journal's events register, at its position."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._read_at: dict[int, int] | None = None
        self._models: list[tuple[tuple[int, int, int, int], Facts]] = []

    def state(self, model_id: str, version: str, day: int) -> ModelState:
        """Return whether a model may be used on a day (YYYYMMDD). Of several registrations the latest one counts, then
        the last in the log."""
        named = [
            (order, facts)
            for order, facts in self._registrations()
            if (facts["model_id"], facts["model_version"]) == (model_id, version) and facts["occurred_on"] <= day
        ]
        if not named:
            return ModelState("model_unregistered")
        valid = [(order, facts) for order, facts in named if day <= facts.get("valid_to", day)]
        if not valid:
            return ModelState("model_expired")
        _, last = max(valid, key=lambda each: each[0])
        return ModelState("", last.get("model_hash"))

    def _registrations(self) -> list[tuple[tuple[int, int, int, int], Facts]]:
        position = {partition: end for (topic, partition), end in self._journal.offsets.items() if topic == REFERENCE}
        if position != self._read_at:
            self._read_at = position
            self._models = [
                ((step.facts["occurred_on"], *self._journal.place(REFERENCE, subject, step.offset)), step.facts)
                for subject in self._journal.subjects(REFERENCE, MODEL_REGISTERED)
                for step in self._journal.entity(REFERENCE, subject).remaining()
                if step.family == MODEL_REGISTERED
            ]
        return self._models
