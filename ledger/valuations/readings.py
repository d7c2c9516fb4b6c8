"""Answers of models that read texts of patents, before a position of the log."""

from __future__ import annotations

from typing import NamedTuple

from ledger.evaluate.value import RecordPlace
from ledger.valuations.documents import PATENT_TOPIC
from ledger.valuations.journal import Journal
from schemas.events import READ


class ModelReading(NamedTuple):
    """An answer that a model, named by id and version, read in a text on a day (YYYYMMDD)."""

    place: RecordPlace
    day: int
    question: str
    model: tuple[str, str]
    answer: str


class Readings:
    """The readings of a journal, at its position."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[str, list[ModelReading]] = {}

    def forget(self, patents: set[str]) -> None:
        """Read these patents again, after the journal has moved."""
        for patent in patents & self._known.keys():
            del self._known[patent]

    def of(self, asset: str, day: int) -> list[ModelReading]:
        """Return the readings of an asset up to a day, the last in the log for each question and model."""
        if asset not in self._known:
            self._known[asset] = self._read(asset)
        last = {(reading.question, reading.model): reading for reading in self._known[asset] if reading.day <= day}
        return sorted(last.values(), key=lambda reading: reading.place)

    def _read(self, asset: str) -> list[ModelReading]:
        found = []
        for step in self._journal.entity(PATENT_TOPIC, asset).remaining():
            if step.family == READ:
                place = RecordPlace(*self._journal.place(PATENT_TOPIC, asset, step.offset))
                model = (step.facts["model_id"], step.facts["model_version"])
                found.append(
                    ModelReading(place, step.facts["occurred_on"], step.facts["question"], model, step.facts["answer"])
                )
        return found
