"""Requests for valuations and their answers: events that depend only on the request and on the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.position import offsets_text, parse_position
from ledger.evaluate.comparable import ValuationSubject
from ledger.evaluate.model_answer import AskModel, ModelFailed, ModelQuestion, answer_hash, read_answer
from ledger.evaluate.rules import VALUATION_RULES, json_digest
from ledger.evaluate.value import Item, NoValue, Value, total
from ledger.posting.cells import NO_RIGHT, RIGHTS
from ledger.posting.facts import Facts
from ledger.valuations.evidence import TOPICS_READ, VALUATIONS, EvidenceReader, ReadingName, ValuationQuestion
from ledger.valuations.journal import after_last_record
from ledger.valuations.model_input import model_input, place_text, written_day
from ledger.valuations.register import REFERENCE
from schemas.codec import LARGEST_VALUE
from schemas.currencies import CURRENCIES, decimal_text
from schemas.events import VALUATION_REQUESTED
from schemas.id_keys import IdKey, id_key
from schemas.topics import TOPICS, Offsets, TopicPartition
from streams.sources.envelopes import import_id

EVALUATOR_SOURCE = "urn:ip-ledger:evaluator"
"""The source of all answers by rules."""
_REQUESTS = """SELECT partition, "offset", timestamp, source, id, subject, facts FROM record
  WHERE topic = ? AND partition = ? AND "offset" >= ? AND "offset" < ? AND outcome = 1 AND type = ?
  ORDER BY "offset" """
_ANSWERED = """SELECT 1 FROM record INDEXED BY record_by_subject
  WHERE outcome = 1 AND subject = ? AND topic = ? AND partition = ? AND source = ? AND id = ?"""
_RIGHT_NAMES = {number: name for name, number in RIGHTS.items()}


class Request(NamedTuple):
    """An accepted request. timestamp: milliseconds since 1970 UTC."""

    partition: int
    offset: int
    timestamp: int
    source: str
    id: str
    subject: str
    facts: Facts


def requests(book: Book, partition: int, start: int, end: int) -> list[Request]:
    """Return the accepted requests in [start, end) of a partition."""
    where = (TOPICS[VALUATIONS].number, partition, start, end, VALUATION_REQUESTED)
    with translated_errors(book.path):
        return [request_of(row) for row in book.connection.execute(_REQUESTS, where)]


def request_of(row: tuple[Any, ...]) -> Request:
    """Return a request from its columns, in the order of `Request`."""
    partition, offset, timestamp, source, key, subject, facts = row
    return Request(partition, offset, timestamp, source, _id_text(key), subject, orjson.loads(facts))


def is_answered(book: Book, request: Request) -> bool:
    """Return whether the book has the answer to a request by the rule of today, or by its model."""
    event_id = id_key(answer_id(request))
    where = (request.subject, TOPICS[VALUATIONS].number, request.partition, EVALUATOR_SOURCE, event_id)
    with translated_errors(book.path):
        return book.connection.execute(_ANSWERED, where).fetchone() is not None


def evidence_before(book: Book, request: Request, published_before: Offsets) -> dict[TopicPartition, int]:
    """Return the position of the evidence for a request: what was published before it, or the part that it names. In
    its own partition it ends before the request."""
    topics = topics_of(request.facts)
    read = {
        topic_partition: offset for topic_partition, offset in published_before.items() if topic_partition[0] in topics
    }
    offsets = read | {(VALUATIONS, request.partition): request.offset}
    if "positions" in request.facts:
        named = parse_position(request.facts["positions"])
        offsets = {
            topic_partition: min(offset, named.get(topic_partition, 0)) for topic_partition, offset in offsets.items()
        }
    return after_last_record(book, offsets)


def no_model(question: ModelQuestion) -> ModelFailed:
    """Answer for no model: `ask` where none can be asked."""
    return ModelFailed(f"no model {question.id} here")


def answer(evidence: EvidenceReader, request: Request, offsets: Offsets, ask: AskModel = no_model) -> bytes:
    """Return the answer to a request from the evidence at a position: the value of an event, byte for byte the same
    whenever it is asked, if `ask` asks no model."""
    evidence.move(offsets)
    facts = request.facts
    question = _question(facts)
    assets = facts.get("assets") or [request.subject]
    subjects = [evidence.subject(asset, question) for asset in assets]
    if "model" in facts:
        value, by = _of_model(evidence, facts, assets, question, ask)
    else:
        value, by = _of_rule(evidence, facts, subjects, question)
    made = _answer_event(evidence, request, offsets, subjects, value, by)
    if len(made) <= LARGEST_VALUE:
        return made
    value = NoValue("other", 0, 0, detail="the evidence does not fit into an event")
    by |= {"answer_hash": answer_hash(value)} if "answer_hash" in by else {}
    return _answer_event(evidence, request, offsets, subjects, value, by)


def _answer_event(
    evidence: EvidenceReader,
    request: Request,
    offsets: Offsets,
    subjects: Sequence[ValuationSubject],
    value: Value | NoValue,
    by: dict[str, Any],
) -> bytes:
    facts, event_id = request.facts, answer_id(request)
    positions = {"positions": offsets_text(offsets)} if offsets else {}
    made = {
        **by,
        "request_id": request.id,
        "request_source": request.source,
        **positions,
        "evidence": [_evidence(item, facts["currency"]) for item in value.evidence],
    }
    if isinstance(value, NoValue):
        type_, data = "ip.valuation.refused.v1", _refused(facts, value) | made
    else:
        type_, data = "ip.valuation.completed.v1", _completed(facts, value, event_id) | made
        if len({one.right for one in subjects} - {NO_RIGHT}) == 1:
            data["right"] = _RIGHT_NAMES[subjects[0].right]
        if len(subjects) == 1 and (ipc := evidence.ipc(subjects[0].asset)):
            data["ipc"] = ipc
    return orjson.dumps(_event(event_id, type_, request.subject, data))


def answer_id(request: Request) -> str:
    """Return the id of an answer, by its request and rule or model: a second answer is a duplicate."""
    identity = " ".join((request.subject, request.source, request.id, *answered_by(request)))
    return import_id(EVALUATOR_SOURCE, identity, str(request.facts["occurred_on"]))


def answered_by(request: Request) -> tuple[str, str]:
    """Return id and version of the model that a request names, or else of today's rule."""
    if "model" in request.facts:
        return request.facts["model"]["id"], request.facts["model"]["version"]
    rule = VALUATION_RULES[request.facts["approach"]]
    return rule.id, rule.version


def topics_of(facts: Facts) -> tuple[str, ...]:
    """Return the topics that are read for a request: a model needs the register, too."""
    return (*TOPICS_READ, REFERENCE) if "model" in facts or "same_answer" in facts else TOPICS_READ


def _of_rule(
    evidence: EvidenceReader, facts: Facts, subjects: Sequence[ValuationSubject], question: ValuationQuestion
) -> tuple[Value | NoValue, dict[str, Any]]:
    reader = question.same_answer
    refusal = evidence.registered(*reader.model, facts["occurred_on"]).refusal if reader else ""
    if refusal:
        value: Value | NoValue = NoValue(refusal, 0, 1)
    else:
        values = [(subject.asset, evidence.value(subject.asset, question)) for subject in subjects]
        value = total(values) if "assets" in facts else values[0][1]
    rule = VALUATION_RULES[question.approach]
    inputs = {
        "request": facts,
        "subjects": [[one.asset, one.office, one.right, one.family, sorted(one.owners)] for one in subjects],
        "evidence": [[place_text(item.place), item.asset, item.minor] for item in value.evidence],
    }
    named = {"model_id": rule.id, "model_version": rule.version, "model_hash": rule.hash}
    return value, {**named, "input_hash": json_digest(inputs)}


def _of_model(
    evidence: EvidenceReader, facts: Facts, assets: Sequence[str], question: ValuationQuestion, ask: AskModel
) -> tuple[Value | NoValue, dict[str, Any]]:
    name, version = facts["model"]["id"], facts["model"]["version"]
    document, given = model_input(evidence, facts, assets, question)
    refusal, registered_hash = evidence.registered(name, version, facts["occurred_on"])
    if refusal:
        value: Value | NoValue = NoValue(refusal, 0, 1)
    else:
        value = read_answer(ask(ModelQuestion(name, version, registered_hash, document)), given)
    by = {
        "model_id": name,
        "model_version": version,
        **({"model_hash": registered_hash} if registered_hash else {}),
        "input_hash": json_digest(document),
        "answer_hash": answer_hash(value),
    }
    return value, by


def _question(facts: Facts) -> ValuationQuestion:
    same = facts.get("same_answer")
    return ValuationQuestion(
        facts["approach"],
        facts["purpose"],
        CURRENCIES[facts["currency"]].number,
        facts["as_of"],
        facts.get("comparables", 0),
        facts.get("right", NO_RIGHT),
        ReadingName(same["question"], (same["model"]["id"], same["model"]["version"])) if same else None,
    )


def _event(event_id: str, type_: str, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": EVALUATOR_SOURCE,
        "type": type_,
        "subject": subject,
        "datacontenttype": "application/json",
        "data": data,
    }


def _completed(facts: Facts, value: Value, event_id: str) -> dict[str, Any]:
    ends = {name: minor for name, minor in value._asdict().items() if name in ("low", "mid", "high")}
    return {
        "occurred_on": written_day(facts["occurred_on"]),
        "valuation_id": event_id,
        "purpose": facts["purpose"],
        "method": facts["approach"],
        "approach": facts["approach"],
        "basis_of_value": facts["basis_of_value"],
        "as_of": written_day(facts["as_of"]),
        "made_by": "model" if "model" in facts else "rule",
        **{name: _money(minor, facts["currency"]) for name, minor in ends.items() if minor is not None},
        **({"coverage": _share(*value.coverage)} if value.coverage else {}),
        **({"bound": "floor"} if value.floor else {}),
    }


def _refused(facts: Facts, refusal: NoValue) -> dict[str, Any]:
    return {
        "occurred_on": written_day(facts["occurred_on"]),
        **{name: facts[name] for name in ("purpose", "approach", "basis_of_value", "currency")},
        "as_of": written_day(facts["as_of"]),
        "reason": refusal.reason,
        "had": refusal.had,
        "needed": refusal.needed,
        **({"asset": refusal.asset} if refusal.asset else {}),
        **({"detail": refusal.detail} if refusal.detail else {}),
    }


def _evidence(item: Item, currency: str) -> dict[str, Any]:
    value = {} if item.minor is None else {"value": _money(item.minor, currency)}
    return {"at": place_text(item.place), "asset": item.asset, **value}


def _money(minor: int, currency: str) -> dict[str, str]:
    return {"amount": decimal_text(minor, currency), "currency": currency}


def _share(numerator: int, denominator: int) -> str:
    """Return a fraction of millionths, below 1, as a decimal text."""
    millionths, rest = divmod(1_000_000 * numerator, denominator)
    assert rest == 0, "rules cover four fifths, and models give six digits"
    return f"0.{millionths:06}".rstrip("0").ljust(3, "0")


def _id_text(key: IdKey) -> str:
    return str(UUID(bytes=key)) if isinstance(key, bytes) else key
