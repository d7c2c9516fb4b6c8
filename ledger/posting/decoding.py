"""Decoding of one record: everything that the ledger writes of it, except whether its id is a duplicate."""

from __future__ import annotations

from typing import NamedTuple

from ledger.posting.facts import Facts, IndustryOf, stored_part
from ledger.posting.packed import LONG, pack_if_long
from schemas.codec import Judged, Refusal, judge
from schemas.id_keys import IdKey, id_key
from schemas.industry import industry_of
from schemas.modes import Headers, record_hash
from schemas.rules import Rule
from schemas.topics import partition_of
from schemas.wording import Arguments, Reason, short


class DecodedRecord(NamedTuple):
    """A decoded record. Without a refusal all later fields are set, except the `occurred_on` of a void."""

    hash: bytes
    refusal: Refusal | None
    type: int | None = None
    source: str | None = None
    id: IdKey | None = None
    subject: str | None = None
    occurred_on: int | None = None
    facts: Facts = None


class RecordSource(NamedTuple):
    """The source of a record: topic without prefix, partition, the topic's fixed number of partitions; and the
    industry map of the book that the record goes to."""

    topic: str
    partition: int
    partitions: int
    industry_of: IndustryOf = industry_of


def decode_record(source: RecordSource, key: bytes | None, value: bytes | None, headers: Headers = ()) -> DecodedRecord:
    """Check a record's event, then that the record is in the topic and partition of its subject."""
    hashed = record_hash(value, headers)
    judged = judge(value, headers)
    if isinstance(judged, Refusal):
        envelope = judged.envelope
        if envelope is None:
            return DecodedRecord(hashed, judged)
        return DecodedRecord(hashed, judged, None, envelope.source, id_key(envelope.id), envelope.subject)
    event, event_type = judged
    named = (event_type.number, event.source, id_key(event.id), event.subject)
    misrouted = _misrouted(source, key, judged)
    if misrouted is not None:
        return DecodedRecord(hashed, misrouted, *named)
    day, facts = stored_part(judged, source.industry_of)
    if value is not None and len(value) > LONG:
        facts = pack_if_long(facts)
    return DecodedRecord(hashed, None, *named, day, facts)


def unreadable(covered: bytes, fault: Reason) -> DecodedRecord:
    """Return the refusal of an unreadable record batch; `covered` is the bytes that its checksum covers."""
    return DecodedRecord(record_hash(covered), Refusal(Rule.UNREADABLE, "", *fault))


def _misrouted(source: RecordSource, key: bytes | None, judged: Judged) -> Refusal | None:
    event, event_type = judged
    topic, partition, partitions, _ = source
    if event_type.topic != topic:
        found: Arguments = {"type": event_type.name, "topic": event_type.topic, "found": topic}
        return Refusal(Rule.MISROUTED, "type", "topic", found)
    subject = event.subject.encode()
    if key is None:
        return Refusal(Rule.MISROUTED, "subject", "no_key", {"subject": event.subject})
    if key != subject:
        found = {"subject": event.subject, **short({"given": key[:100].decode("utf-8", "backslashreplace")})}
        return Refusal(Rule.MISROUTED, "subject", "key", found)
    right = partition_of(subject, partitions)
    if right != partition:
        found = {"subject": event.subject, "right": right, "found": partition}
        return Refusal(Rule.MISROUTED, "subject", "partition", found)
    return None
