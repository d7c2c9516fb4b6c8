"""A valuation that nobody publishes: what the evaluator would answer now, by the book as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from ledger.book.book import Book
from ledger.evaluate.model_answer import AskModel
from ledger.posting.facts import stored_part
from ledger.queries.snapshot import read_snapshot
from ledger.valuations.answer import Request, answer, no_model, topics_of
from ledger.valuations.evidence import VALUATIONS, EvidenceReader
from ledger.valuations.journal import after_last_record
from schemas.codec import Refusal, judge
from schemas.errors import UsageError
from schemas.topics import partition_of


class BadRequest(UsageError):
    """No valuation can be requested like this: {message}. `ip-ledger schema ip.valuation.requested.v1` describes the
    fields of a request."""


def preview(book: Book, subject: str, data: Mapping[str, Any], ask: AskModel = no_model) -> dict[str, Any]:
    """Return the answer (an event) to a request with this data. Raise BadRequest."""
    event = {
        "specversion": "1.0",
        "id": "preview",
        "source": "urn:ip-ledger:preview",
        "type": "ip.valuation.requested.v1",
        "subject": subject,
        "data": {name: value for name, value in data.items() if value is not None},
    }
    judged = judge(orjson.dumps(event))
    if isinstance(judged, Refusal):
        raise BadRequest(message=f"{judged.path.removeprefix('data.')}: {judged.message}")
    facts = orjson.loads(orjson.dumps(stored_part(judged, book.industry_map.industry_of).facts))
    partition = partition_of(subject.encode(), book.log.partitions[VALUATIONS])
    request = Request(partition, -1, 0, judged.event.source, judged.event.id, subject, facts)
    with read_snapshot(book) as (positions, _):
        offsets = {(one.topic, one.partition): one.next for one in positions if one.topic in topics_of(facts)}
        answered: dict[str, Any] = orjson.loads(
            answer(EvidenceReader(book), request, after_last_record(book, offsets), ask)
        )
    return answered
