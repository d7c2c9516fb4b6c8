"""The evidence of a book before a position, and what the rules say about an asset by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.book.book import Book
from ledger.evaluate.comparable import PricedDeal, ValuationSubject
from ledger.evaluate.cost import cost_value
from ledger.evaluate.income import IncomeScenario, income_value
from ledger.evaluate.market import market_value
from ledger.evaluate.value import Item, NoValue, RecordPlace, Value
from ledger.posting import rows
from ledger.posting.cells import NO_RIGHT, Basis
from ledger.posting.life import Step
from ledger.valuations.documents import PATENT_TOPIC, Documents
from ledger.valuations.journal import Journal
from ledger.valuations.market import DEALS, Market
from ledger.valuations.readings import ModelReading, Readings
from ledger.valuations.register import ModelRegister, ModelState
from schemas.data.patent import UNKNOWN_ANSWER
from schemas.events import VALUATION_INPUT
from schemas.topics import Offsets

VALUATIONS = "ip.valuation.v1"
TOPICS_READ = (DEALS, PATENT_TOPIC, VALUATIONS)
"""The topics that have evidence."""


class ValuationQuestion(NamedTuple):
    """A question to a rule: the facts of a request that the rule needs. `as_of` is YYYYMMDD, `currency` an ISO 4217
    number, `right` that of assets that the log does not know. `same_answer` names a question and the model that read
    the texts: only assets with the same answer are compared."""

    approach: str
    purpose: str
    currency: int
    as_of: int
    comparables: int = 0
    right: int = NO_RIGHT
    same_answer: ReadingName | None = None


class ReadingName(NamedTuple):
    """The name of a reading: a question, and id and version of the model that read."""

    question: str
    model: tuple[str, str]


class EvidenceReader:
    """The evidence of a book at a position; nothing that was published later is seen. It is moved from one request to
    the next, and reads only what changed between them."""

    def __init__(self, book: Book) -> None:
        self._journal = Journal(book)
        self._documents = Documents(self._journal)
        self._market = Market(self._journal, self._documents)
        self._register = ModelRegister(self._journal)
        self._readings = Readings(self._journal)

    def move(self, offsets: Offsets) -> None:
        """Move to another position, later or earlier."""
        changed = self._journal.move(offsets, (DEALS, PATENT_TOPIC))
        self._documents.forget(changed[PATENT_TOPIC])
        self._readings.forget(changed[PATENT_TOPIC])
        self._market.renew(changed[DEALS], changed[PATENT_TOPIC])

    def subject(self, asset: str, question: ValuationQuestion) -> ValuationSubject:
        """Return the asset to value. Its owners are all that the log knows, as the latest may be the buyer."""
        document = self._documents.of(asset, question.right)
        owners = document.owners | self._market.owners(asset)
        about = (document.office, document.right, question.currency, question.as_of)
        return ValuationSubject(asset, *about, owners, document.family)

    def ipc(self, asset: str) -> tuple[str, ...]:
        """Return the symbols of an asset, the primary one first."""
        return self._documents.of(asset, NO_RIGHT).ipc

    def value(self, asset: str, question: ValuationQuestion) -> Value | NoValue:
        """Return the answer of the approach's rule about an asset."""
        if question.approach == "cost":
            return cost_value(self.costs(asset, question))
        if not self.in_force(asset, question):
            return NoValue("not_in_force", 0, 1)
        if question.approach == "income":
            return income_value(self.scenarios(asset, question))
        if self._documents.of(asset, question.right).right == NO_RIGHT:
            return NoValue("asset_unknown", 0, 1)
        read = self._same_answer(asset, question)
        if question.same_answer and read is None:
            return NoValue("inputs_missing", 0, 1)
        value = market_value(self.subject(asset, question), self.nearest(asset, question), question.comparables)
        return value._replace(evidence=(*value.evidence, *self._read_for(asset, value, question)))

    def in_force(self, asset: str, question: ValuationQuestion) -> bool:
        """Return False if the log says that an asset is no longer in force on the day."""
        return self._documents.in_force(asset, question.as_of)

    def words(self, asset: str) -> tuple[str, ...]:
        """Return the words of an asset's title, and its symbols."""
        return self._documents.of(asset, NO_RIGHT).words

    def nearest(self, asset: str, question: ValuationQuestion) -> Iterator[PricedDeal]:
        """Yield the deals of the question's kind, the nearest first; also those that may not be compared."""
        kind = "licence" if question.purpose == "licence" else "transfer"
        found = self._market.nearest(self.subject(asset, question), kind, self.words(asset))
        if question.same_answer is None:
            return found
        wanted = self._same_answer(asset, question)
        return (deal for deal in found if wanted and self._gives(deal, wanted.answer, question))

    def costs(self, asset: str, question: ValuationQuestion) -> list[Item]:
        """Return the fees paid for an asset and the costs stated."""
        return [*self._fees(asset, question), *self._costs(asset, question)]

    def scenarios(self, asset: str, question: ValuationQuestion) -> list[IncomeScenario]:
        """Return the scenarios of income stated for an asset."""
        return [*self._scenarios(asset, question)]

    def readings(self, asset: str, question: ValuationQuestion) -> list[ModelReading]:
        """Return the answers that models read in an asset's texts up to the day."""
        return self._readings.of(asset, question.as_of)

    def registered(self, model_id: str, version: str, day: int) -> ModelState:
        """Return whether a model may be used on a day."""
        return self._register.state(model_id, version, day)

    def _same_answer(self, asset: str, question: ValuationQuestion) -> ModelReading | None:
        """Return the reading of an asset that the question names; None without an answer."""
        for reading in self.readings(asset, question) if question.same_answer else ():
            if (reading.question, reading.model) == question.same_answer and reading.answer != UNKNOWN_ANSWER:
                return reading
        return None

    def _gives(self, deal: PricedDeal, answer: str, question: ValuationQuestion) -> bool:
        read = self._same_answer(deal.assets[0], question)
        return read is not None and read.answer == answer

    def _read_for(self, asset: str, value: Value | NoValue, question: ValuationQuestion) -> Iterator[Item]:
        for each in (asset, *(item.asset for item in value.evidence)):
            if read := self._same_answer(each, question):
                yield Item(read.place, each)

    def _fees(self, asset: str, question: ValuationQuestion) -> Iterator[Item]:
        for _, basis, row in self._documents.entity(asset).state().rows:
            if not isinstance(row, rows.PatentFeeRow) or not basis & Basis.CORRECTED:
                continue
            if row.since <= question.as_of < row.until and row.currency == question.currency:
                yield Item(RecordPlace(*self._journal.place(PATENT_TOPIC, asset, row.offset)), asset, row.minor)

    def _costs(self, asset: str, question: ValuationQuestion) -> Iterator[Item]:
        for step in self._inputs(asset, question):
            currency, minor = step.facts.get("cost") or (0, None)
            if currency == question.currency:
                yield self._item(asset, step)._replace(minor=minor)

    def _scenarios(self, asset: str, question: ValuationQuestion) -> Iterator[IncomeScenario]:
        for step in self._inputs(asset, question):
            stated = step.facts.get("scenario")
            if stated is not None and stated["revenues"][0][0] == question.currency:
                revenues = tuple(minor for _, minor in stated["revenues"])
                rates = (stated[name] for name in ("royalty_bp", "tax_bp", "discount_bp"))
                yield IncomeScenario(self._item(asset, step), revenues, *rates)

    def _inputs(self, asset: str, question: ValuationQuestion) -> Iterator[Step]:
        """Yield the inputs stated up to the day, the last one of each name, in log order."""
        steps = [
            step
            for step in self._journal.entity(VALUATIONS, asset).remaining()
            if step.family == VALUATION_INPUT and step.facts["occurred_on"] <= question.as_of
        ]
        last = {step.facts["name"]: step.offset for step in steps}
        return (step for step in steps if last[step.facts["name"]] == step.offset)

    def _item(self, asset: str, step: Step) -> Item:
        return Item(RecordPlace(*self._journal.place(VALUATIONS, asset, step.offset)), asset)
