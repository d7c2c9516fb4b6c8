"""Decoding one record."""

from __future__ import annotations

from hashlib import sha256

from ledger.posting.decoding import DecodedRecord, RecordSource, decode_record
from schemas.rules import Rule
from tests.each_case import each_case
from tests.events import PATENT, PLEDGE, SOURCE, Event, granted, partition, registered, value_of, voided

PLEDGE_1 = registered(subject="P1")
HOME = RecordSource(PLEDGE, partition("P1"), 4)


def read_at_home(event: Event) -> DecodedRecord:
    return decode_record(HOME, b"P1", value_of(event))


def test_a_good_record_is_ready_to_be_posted() -> None:
    entry = read_at_home(PLEDGE_1)
    assert entry.refusal is None
    assert (entry.type, entry.source, entry.id, entry.subject, entry.occurred_on) == (20, SOURCE, "r1", "P1", 20230301)
    assert entry.facts["occurred_on"] == 20230301


def test_the_hash_is_of_the_bytes_as_they_came() -> None:
    spaced = value_of(PLEDGE_1) + b" "
    assert decode_record(HOME, b"P1", spaced).hash == sha256(spaced).digest()
    assert decode_record(HOME, b"P1", spaced).hash != read_at_home(PLEDGE_1).hash
    assert decode_record(HOME, b"P1", None).hash == sha256(b"").digest()


def test_a_uuid_is_kept_as_its_16_bytes() -> None:
    event_id = "0190C6F0-ABCD-7000-8000-000000000001"
    assert read_at_home(registered(event_id)).id == bytes.fromhex(event_id.replace("-", ""))
    assert read_at_home(registered("E1")).id == "E1"


def test_a_void_has_no_business_date() -> None:
    entry = read_at_home(voided(PLEDGE_1))
    assert (entry.type, entry.occurred_on, entry.facts) == (22, None, ("r1",))


def test_a_refused_record_keeps_what_could_be_read() -> None:
    entry = read_at_home(registered(secured="x"))
    assert entry.refusal is not None
    assert entry.refusal.rule is Rule.BAD_DATA
    assert (entry.type, entry.source, entry.id, entry.subject) == (None, SOURCE, "r1", "P1")
    nothing = decode_record(HOME, b"P1", b"{")
    assert (nothing.type, nothing.source, nothing.id, nothing.subject) == (None, None, None, None)


@each_case(
    ("origin", "key", "event", "path", "message"),
    [
        (HOME._replace(topic=PATENT), b"P1", PLEDGE_1, "type", "belongs on ip.pledge.v1, not on ip.patent.v1"),
        (
            HOME,
            b"P1",
            granted(subject="P1"),
            "type",
            "ip.patent.granted.v1 belongs on ip.patent.v1, not on ip.pledge.v1",
        ),
        (HOME, None, PLEDGE_1, "subject", "the key must be the subject P1, but it is missing"),
        (HOME, b"", PLEDGE_1, "subject", "the key must be the subject P1, but it is ''"),
        (HOME, b"P1 ", PLEDGE_1, "subject", "the key must be the subject P1, but it is 'P1 '"),
        (HOME, b"\xff\x00", PLEDGE_1, "subject", r"it is '\xff\u0000'"),
        (
            HOME._replace(partition=(HOME.partition + 1) % 4),
            b"P1",
            PLEDGE_1,
            "subject",
            f"the subject P1 belongs on partition {HOME.partition}, not on {(HOME.partition + 1) % 4}",
        ),
    ],
)
def test_a_record_elsewhere_is_misrouted(
    origin: RecordSource, key: bytes | None, event: Event, path: str, message: str
) -> None:
    entry = decode_record(origin, key, value_of(event))
    assert entry.refusal is not None
    assert entry.refusal[:2] == (Rule.MISROUTED, path)
    assert message in entry.refusal.message
    assert (entry.type, entry.id) != (None, None)


def test_what_is_wrong_inside_is_named_before_the_place() -> None:
    entry = decode_record(HOME._replace(topic=PATENT), None, value_of(registered(secured="x")))
    assert entry.refusal is not None
    assert entry.refusal.rule is Rule.BAD_DATA


def test_the_partition_is_of_as_many_as_the_topic_has() -> None:
    taken = [
        p for p in range(7) if decode_record(RecordSource(PLEDGE, p, 7), b"P1", value_of(PLEDGE_1)).refusal is None
    ]
    assert len(taken) == 1


def test_the_key_of_a_chinese_subject_is_its_utf_8() -> None:
    subject = "质押-2"
    origin = RecordSource(PLEDGE, partition(subject), 4)
    assert decode_record(origin, subject.encode(), value_of(registered(subject=subject))).refusal is None
    entry = decode_record(origin, subject.encode("gb18030"), value_of(registered(subject=subject)))
    assert entry.refusal is not None
    assert "the key must be the subject 质押-2, but it is '\\xd6" in entry.refusal.message
