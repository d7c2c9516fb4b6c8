"""The proof of answers: each is computed again from the book, by its own position, and compared byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.position import parse_position
from ledger.evaluate.model_answer import ModelFailed
from ledger.valuations.answer import EVALUATOR_SOURCE, Request, answer, answered_by, request_of
from ledger.valuations.evidence import VALUATIONS, EvidenceReader
from schemas.events import EVENT_TYPES, VALUATION_REFUSED, VALUATION_REQUESTED, VALUED
from schemas.id_keys import id_key
from schemas.modes import record_hash
from schemas.topics import TOPICS

_ANSWERS = f"""SELECT partition, "offset", type, subject, hash, facts FROM record
  WHERE topic = ? AND outcome = 1 AND type IN ({VALUED}, {VALUATION_REFUSED}) AND source = ?
  ORDER BY partition, "offset" """  # noqa: S608
_REQUEST = """SELECT partition, "offset", timestamp, source, id, subject, facts FROM record INDEXED BY record_by_subject
  WHERE outcome = 1 AND subject = ? AND topic = ? AND partition = ? AND type = ? AND source = ? AND id = ?"""
_REQUESTED = "SELECT count(*) FROM record WHERE topic = ? AND outcome = 1 AND type = ?"
_NAMES = {event_type.number: event_type.name.removesuffix(".v1") for event_type in EVENT_TYPES.values()}
_EQUAL, DIFFERS, REQUEST_MISSING, OTHER_RULE = "equal", "differs", "request_missing", "other_rule"


class Proven(NamedTuple):
    """An answer and its verdict: `equal`, `differs`, `request_missing`, or `other_rule`, by a rule or version that this
    program does not have."""

    topic: str
    partition: int
    offset: int
    answer: str
    subject: str
    request_id: str | None
    model_id: str | None
    model_version: str | None
    verdict: str


def proven(book: Book) -> Iterator[Proven]:
    """Yield each answer, computed again; those of models from what they answered. Raise BookFault, BookDamaged."""
    evidence = EvidenceReader(book)
    number = TOPICS[VALUATIONS].number
    with translated_errors(book.path):
        answers = book.connection.execute(_ANSWERS, (number, EVALUATOR_SOURCE)).fetchall()
    for partition, offset, type_, subject, hashed, text in answers:
        facts = orjson.loads(text)
        verdict = _verdict(book, evidence, (partition, subject, hashed), facts)
        request_id, model_id, version = (facts.get(name) for name in ("request_id", "model_id", "model_version"))
        yield Proven(VALUATIONS, partition, offset, _NAMES[type_], subject, request_id, model_id, version, verdict)


def requested(book: Book) -> int:
    """Return the number of accepted requests."""
    with translated_errors(book.path):
        where = (TOPICS[VALUATIONS].number, VALUATION_REQUESTED)
        return int(book.connection.execute(_REQUESTED, where).fetchone()[0])


def _verdict(book: Book, evidence: EvidenceReader, of: tuple[int, str, bytes], facts: dict[str, Any]) -> str:
    partition, subject, hashed = of
    request = _request(book, partition, subject, facts)
    if request is None:
        return REQUEST_MISSING
    if (facts.get("model_id"), facts.get("model_version")) != answered_by(request):
        return OTHER_RULE
    again = answer(evidence, request, parse_position(facts.get("positions", "")), lambda _: recorded_answer(facts))
    return _EQUAL if record_hash(again, ()) == hashed else DIFFERS


def recorded_answer(facts: dict[str, Any]) -> Any:
    """Return the answer of a model from the facts of its answer: it is never asked again."""
    if facts.get("reason") == "model_failed":
        return ModelFailed(facts.get("detail", ""))
    if "reason" in facts:
        detail = {"detail": facts["detail"]} if "detail" in facts else {}
        return {"refused": facts["reason"], "had": facts["had"], "needed": facts["needed"], **detail}
    ends = {name: facts[name][1] for name in ("low", "mid", "high") if name in facts}
    places = [item["at"] for item in facts.get("evidence", ())]
    return {**ends, "coverage": facts.get("coverage"), "evidence": places}


def _request(book: Book, partition: int, subject: str, facts: dict[str, Any]) -> Request | None:
    if "request_id" not in facts or "request_source" not in facts:
        return None
    which = (VALUATION_REQUESTED, facts["request_source"], id_key(facts["request_id"]))
    where = (subject, TOPICS[VALUATIONS].number, partition, *which)
    with translated_errors(book.path):
        row = book.connection.execute(_REQUEST, where).fetchone()
    return None if row is None else request_of(row)
