"""The mode of a record, events in binary mode, and the hash that identifies a duplicate."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from schemas.codec import Judged, Refusal, judge
from schemas.modes import MOST_BYTES, STRUCTURED, BadAttribute, Headers, attributes_of, record_hash, structured
from schemas.rules import Rule
from tests.each_case import each_case
from tests.events import corrected, granted, registered, value_of, voided

Header = tuple[bytes | str, bytes | None]
GRANT = granted()
DATA = value_of(GRANT["data"])


def binary(event: dict[str, Any] = GRANT, *more: Header) -> list[Header]:
    """Return the headers of an event in binary mode, followed by `more`."""
    return [*((f"ce_{name}".encode(), value.encode()) for name, value in event.items() if name != "data"), *more]


def judged(value: bytes | None, headers: Headers) -> Judged:
    found = judge(value, headers)
    assert isinstance(found, Judged), found
    return found


def refused(value: bytes | None, headers: Headers) -> Refusal:
    found = judge(value, headers)
    assert isinstance(found, Refusal), found
    return found


# ---- which mode


@each_case(
    "headers",
    [
        (),
        (STRUCTURED,),
        [STRUCTURED],
        [("content-type", b"application/cloudevents+json")],
        [(b"content-type", b"application/cloudevents+json; charset=UTF-8"), *binary()],
        [*binary(), (b"content-type", b" APPLICATION/CloudEvents")],
        [(b"content-type", b"application/json"), (b"content-type", b"application/cloudevents-batch+json"), *binary()],
        [(b"content-type", b"application/json")],
        [(b"content-type", None)],
        [(b"ce_id", b"other"), (b"ce_type", None)],
        [(b"CE_SPECVERSION", b"1.0"), (b"ce-specversion", b"1.0"), (b"ce_specversion ", b"1.0"), (b"", None)],
        [(b"\xff", b"\xff"), ("\ud800", b""), (b"\xffce_specversion", b"1.0")],
    ],
)
def test_the_value_is_the_whole_event(headers: Headers) -> None:
    value = value_of(GRANT)
    assert attributes_of(headers) is None
    assert judged(value, headers) == judge(value)
    assert record_hash(value, headers) == sha256(value).digest()


@each_case(
    "headers",
    [
        binary(),
        binary(GRANT, (b"content-type", b"application/json")),
        binary(GRANT, (b"content-type", b"Application/Vnd.Grant+JSON; charset=utf-8"), (b"traceparent", b"\xff")),
        binary(GRANT, (b"content-type", b"application/json"), (b"ce_datacontenttype", b"application/json")),
        binary(GRANT, (b"content-type", None), (b"ce_datacontenttype", None), (b"ce_dataschema", None)),
        binary(GRANT, (b"ce_sequence", "质".encode()), (b"Content-Type", b"application/cloudevents+json")),
        [(name.decode() if isinstance(name, bytes) else name, value) for name, value in reversed(binary())],
    ],
)
def test_the_value_is_the_data_and_its_attributes_are_headers(headers: Headers) -> None:
    found = judged(DATA, headers)
    structured = judge(value_of(GRANT))
    assert isinstance(structured, Judged)
    assert (found.type, found.event.data) == (structured.type, structured.event.data)
    for name in ("specversion", "id", "source", "type", "subject", "time"):
        assert getattr(found.event, name) == getattr(structured.event, name)


@pytest.mark.parametrize("event", [registered(), corrected(GRANT), voided(GRANT)])
def test_every_event_can_be_written_in_either_mode(event: dict[str, Any]) -> None:
    structured = judge(value_of(event))
    assert isinstance(structured, Judged)
    assert judged(value_of(event["data"]), binary(event)).event.data == structured.event.data


# ---- what is wrong


@each_case(
    ("headers", "path", "reason"),
    [
        ([(b"ce_specversion", b"1.0")], "id", "is missing"),
        ([(b"ce_specversion", None)], "specversion", "null must be '1.0'"),
        (binary(GRANT, (b"content-type", b"text/xml")), "datacontenttype", '"text/xml" must be'),
        (binary(GRANT, (b"content-type", b"\xff")), "datacontenttype", "the header content-type is not UTF-8"),
        (binary(GRANT, ("ce_type", b"x")), "type", "the header ce_type appears twice"),
        (binary(GRANT, (b"ce_\xff", b"\xff")), "\\xff", "the header ce_\\xff is not UTF-8"),
        (binary(GRANT, (b"ce_\xff", b"x")), "\\xff", "1 to 64 lower-case letters and digits"),
        (binary(GRANT, ("ce_\ud800", b"x")), "\\xed\\xa0\\x80", "1 to 64 lower-case letters and digits"),
        (binary(GRANT, (b"ce_data", b"{}")), "data", "the value is the data"),
        (binary(GRANT, (b"ce_data_base64", b"e30=")), "data_base64", "1 to 64 lower-case letters and digits"),
        (binary(GRANT, (b"ce_x", b"x" * MOST_BYTES)), "", f"at most {MOST_BYTES} are allowed"),
        (binary(GRANT, *((f"ce_{i}", b"") for i in range(20_000))), "", f"at most {MOST_BYTES} are allowed"),
    ],
)
def test_attributes_are_refused_by_name(headers: Headers, path: str, reason: str) -> None:
    found = refused(DATA, headers)
    assert (found.rule, found.path) == (Rule.BAD_ENVELOPE, path)
    assert reason in found.message


@each_case(
    ("rule", "value"),
    [
        (Rule.TOO_LARGE, b" " * 1_000_001),
        (Rule.EMPTY, None),
        (Rule.EMPTY, b""),
        (Rule.NOT_UTF8, b"\xff"),
        (Rule.NOT_JSON, b"{"),
        (Rule.NOT_JSON, b"[" * 33 + b"]" * 33),
        (Rule.NOT_JSON, b'{"a": 1, "a": 2}'),
        (Rule.BAD_DATA, b"[" * 32 + b"]" * 32),
        (Rule.BAD_DATA, b"null"),
        (Rule.BAD_DATA, b"{}"),
        (Rule.BAD_DATA, value_of(GRANT)),
    ],
)
def test_the_rules_and_their_order_are_the_same(rule: Rule, value: bytes | None) -> None:
    assert refused(value, binary()).rule is rule
    no_id = [header for header in binary() if header[0] != b"ce_id"]
    assert refused(value, no_id).rule is min(rule, Rule.BAD_ENVELOPE)


def test_many_extensions_are_accepted() -> None:
    assert judged(DATA, binary(GRANT, *((f"ce_x{i}", b"y") for i in range(5_000)))).event.id == GRANT["id"]


# ---- the hash


def test_the_hash_covers_the_attributes_as_they_came_by_name() -> None:
    headers: list[Header] = [
        (b"ce_specversion", b"1.0"),
        ("x", b"y"),
        (b"content-type", b"text/json"),
        ("ce_id", b"E1"),
        (b"ce_x", None),
    ]
    hashed = b"".join(
        (
            b"\0\0\0\x04",
            b"\0\0\0\x05ce_id\0\0\0\x02E1",
            b"\0\0\0\x0ece_specversion\0\0\0\x031.0",
            b"\0\0\0\x04ce_x\xff\xff\xff\xff",
            b"\0\0\0\x0ccontent-type\0\0\0\x09text/json",
            DATA,
        )
    )
    assert record_hash(DATA, headers) == sha256(hashed).digest()
    assert record_hash(DATA, headers[::-1]) == sha256(hashed).digest()


def test_different_records_have_different_hashes() -> None:
    alike: list[tuple[bytes | None, Headers]] = [
        (value_of(GRANT), ()),
        (DATA, ()),
        (DATA, binary()),
        (DATA + b" ", binary()),
        (DATA, binary(GRANT, (b"ce_x", b""))),
        (DATA, binary(GRANT, (b"ce_x", None))),
        (DATA, binary(GRANT, (b"ce_x", b"1"), (b"ce_y", b"2"))),
        (DATA, binary(GRANT, (b"ce_x", b"2"), (b"ce_y", b"1"))),
        (DATA, binary(GRANT, (b"ce_x", b"1"), (b"ce_x", b"2"))),
        (DATA, binary(GRANT, (b"ce_x", b"2"), (b"ce_x", b"1"))),
        (DATA, binary(GRANT, (b"content-type", b"application/json"))),
        (DATA, binary(GRANT, (b"ce_datacontenttype", b"application/json"))),
    ]
    assert len({record_hash(value, headers) for value, headers in alike}) == len(alike)
    assert record_hash(None) == record_hash(b"") == sha256(b"").digest()


# ---- written in structured mode


@pytest.mark.parametrize(
    "more",
    [
        (),
        [(b"content-type", b"application/json; charset=UTF-8"), (b"ce_datacontenttype", b"text/plain")],
        [(b"ce_x", b'"\\\x1b'), (b"ce_y", None), (b"other", b"\xff"), ("ce_z", "质".encode())],
    ],
)
def test_the_same_event_in_structured_mode(more: list[Header]) -> None:
    headers = binary(GRANT, *more)
    written = structured(attributes_of(headers) or [], DATA)
    assert DATA in written
    assert judged(written, ()) == judged(DATA, headers)


def test_data_is_written_as_it_came() -> None:
    attributes = attributes_of(binary()) or []
    assert structured(attributes, b"{'\xff").endswith(b',"data":{\'\xff}')
    assert structured(attributes, None).endswith(b',"data":null}')
    with pytest.raises(BadAttribute):
        structured([attributes[0], *attributes], DATA)
