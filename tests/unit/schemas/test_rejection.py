"""The content of a record of `ip.rejection.v1`."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from schemas.rejection import EXAMPLE, rejection
from schemas.wording import arguments_text, message_of

CONTENT = EXAMPLE.model_dump(exclude={"key_base64"})
ROW = {**CONTENT, "key": b"US10000000B2", "arguments": arguments_text(CONTENT["arguments"])}
del ROW["message"]


def content(**other: Any) -> Any:
    return json.loads(rejection(ROW | other).value())


def test_a_rejection_names_the_refused_record_and_the_reason() -> None:
    assert rejection(ROW) == EXAMPLE
    assert content() == CONTENT


def test_the_kafka_key_is_the_source_and_a_header_has_the_place() -> None:
    key, value, headers = rejection(ROW | {"source": "urn:质押:登记"}).record()
    assert key == "urn:质押:登记".encode()
    assert json.loads(value)["source"] == "urn:质押:登记"
    assert headers == [("content-type", b"application/json"), ("place", b"ip.patent.v1:2=17")]


def test_a_rejection_without_source_has_no_key() -> None:
    unread = dict.fromkeys(("id", "source", "subject", "key"))
    assert rejection(ROW | unread).record()[0] is None
    assert content(**unread) == CONTENT | unread


def test_an_unreadable_batch_is_one_rejection_with_its_number_of_offsets() -> None:
    row = ROW | {"rule": "unreadable", "offsets": 40, "path": ""} | dict.fromkeys(("id", "source", "subject", "key"))
    assert (content(**row)["offset"], content(**row)["offsets"]) == (17, 40)
    assert rejection(row).place == "ip.patent.v1:2=17"


@pytest.mark.parametrize("key", [b"\xff\xfe", b"\xed\xa0\x80", b"P\x80" * 1000])
def test_a_key_that_is_not_utf8_is_base64(key: bytes) -> None:
    found = content(key=key)
    assert found["key"] is None
    assert base64.b64decode(found["key_base64"]) == key


def test_an_empty_key_is_not_a_missing_key() -> None:
    assert content(key=b"")["key"] == ""


@pytest.mark.parametrize("text", ["\x1b[2J \x9b \u202e \u2066 \x00", '<script>"\\', "质押 😀"])
def test_hostile_text_is_escaped_json(text: str) -> None:
    arguments = {"given": text}
    value = rejection(ROW | {"arguments": arguments_text(arguments), "id": text, "key": text.encode()}).value()
    assert [json.loads(value)[name] for name in ("arguments", "id", "key")] == [arguments, text, text]
    assert json.loads(value)["message"] == message_of("form_date", arguments)
    assert json.dumps(text, ensure_ascii=False)[1:-1].encode() in value


def test_the_same_refused_record_gives_the_same_bytes() -> None:
    assert rejection(dict(reversed(ROW.items()))).record() == rejection(ROW).record()
