"""What a record of `ip.rejection.v1` holds."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from schemas.rejection import EXAMPLE, rejection
from schemas.wording import arguments_text, message_of

SAID = EXAMPLE.model_dump(exclude={"key_base64"})
ROW = {**SAID, "key": b"US10000000B2", "arguments": arguments_text(SAID["arguments"])}
del ROW["message"]


def said(**other: Any) -> Any:
    return json.loads(rejection(ROW | other).value())


def test_it_says_where_the_record_lies_and_why_it_was_refused() -> None:
    assert rejection(ROW) == EXAMPLE
    assert said() == SAID


def test_its_kafka_key_is_the_source_and_its_header_the_place() -> None:
    key, value, headers = rejection(ROW | {"source": "urn:质押:登记"}).record()
    assert key == "urn:质押:登记".encode()
    assert json.loads(value)["source"] == "urn:质押:登记"
    assert headers == [("content-type", b"application/json"), ("place", b"ip.patent.v1:2=17")]


def test_where_no_source_could_be_read_there_is_no_key() -> None:
    nothing = dict.fromkeys(("id", "source", "subject", "key"))
    assert rejection(ROW | nothing).record()[0] is None
    assert said(**nothing) == SAID | nothing


def test_a_batch_that_cannot_be_read_is_one_record_of_its_offsets() -> None:
    row = ROW | {"rule": "unreadable", "offsets": 40, "path": ""} | dict.fromkeys(("id", "source", "subject", "key"))
    assert (said(**row)["offset"], said(**row)["offsets"]) == (17, 40)
    assert rejection(row).place == "ip.patent.v1:2=17"


@pytest.mark.parametrize("key", [b"\xff\xfe", b"\xed\xa0\x80", b"P\x80" * 1000])
def test_a_key_that_is_not_utf8_is_base64(key: bytes) -> None:
    found = said(key=key)
    assert found["key"] is None
    assert base64.b64decode(found["key_base64"]) == key


def test_a_key_without_bytes_is_no_missing_key() -> None:
    assert said(key=b"")["key"] == ""


@pytest.mark.parametrize("text", ["\x1b[2J \x9b \u202e \u2066 \x00", '<script>"\\', "质押 😀"])
def test_the_words_of_others_are_json_and_nothing_else(text: str) -> None:
    arguments = {"given": text}
    value = rejection(ROW | {"arguments": arguments_text(arguments), "id": text, "key": text.encode()}).value()
    assert [json.loads(value)[name] for name in ("arguments", "id", "key")] == [arguments, text, text]
    assert json.loads(value)["message"] == message_of("form_date", arguments)
    assert json.dumps(text, ensure_ascii=False)[1:-1].encode() in value


def test_the_same_refused_record_is_the_same_bytes() -> None:
    assert rejection(dict(reversed(ROW.items()))).record() == rejection(ROW).record()
