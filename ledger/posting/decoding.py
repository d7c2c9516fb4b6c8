"""Reading one record: what the ledger will write of it, before it is known whether its id was said before."""

from __future__ import annotations

from typing import NamedTuple

from ledger.posting.facts import Facts, IndustryOf, digest
from schemas.codec import Judged, Refusal, judge
from schemas.id_keys import IdKey, id_key
from schemas.industry import industry_of
from schemas.modes import Headers, record_hash
from schemas.rules import Rule
from schemas.topics import partition_of
from schemas.wording import Arguments, Reason, short


class DecodedRecord(NamedTuple):
    """A record read. Without a refusal the fields after it are all set, but for a voiding's `occurred_on`."""

    hash: bytes
    refusal: Refusal | None
    type: int | None = None
    source: str | None = None
    id: IdKey | None = None
    subject: str | None = None
    occurred_on: int | None = None
    facts: Facts = None


class RecordSource(NamedTuple):
    """Where a record comes from: plain topic and partition, how many partitions the topic has for life; and the map
    from IPC symbols to industries of the book that it goes to."""

    topic: str
    partition: int
    partitions: int
    industry_of: IndustryOf = industry_of


def decode_record(source: RecordSource, key: bytes | None, value: bytes | None, headers: Headers = ()) -> DecodedRecord:
    """Judge a record at its place: its event, then that it came on the topic and partition of its subject."""
    hashed = record_hash(value, headers)
    judged = judge(value, headers)
    if isinstance(judged, Refusal):
        envelope = judged.envelope
        if envelope is None:
            return DecodedRecord(hashed, judged)
        return DecodedRecord(hashed, judged, None, envelope.source, id_key(envelope.id), envelope.subject)
    event, event_type = judged
    said = (event_type.number, event.source, id_key(event.id), event.subject)
    misrouted = _misrouted(source, key, judged)
    if misrouted is not None:
        return DecodedRecord(hashed, misrouted, *said)
    return DecodedRecord(hashed, None, *said, *digest(judged, source.industry_of))


def unreadable(covered: bytes, fault: Reason) -> DecodedRecord:
    """Refuse a record batch that cannot be read; `covered` is what its checksum covers."""
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
