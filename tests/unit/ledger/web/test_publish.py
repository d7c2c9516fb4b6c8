"""Events over HTTP: the three modes, and what is refused before anything is published."""

from __future__ import annotations

import gzip
import json
from typing import Any

import httpx
import pytest

from ledger.web.cloudevents import BATCH, ONE, BadBatch, BadHeader, EncodedBody, UnsupportedEvents, events_of
from schemas.codec import Judged, Refusal, judge
from schemas.rules import Rule
from tests.each_case import each_case
from tests.events import granted, registered, value_of

pytestmark = pytest.mark.anyio
EVENT = value_of(granted())
Headers = list[tuple[bytes, bytes]]


def typed(content_type: str) -> Headers:
    return [(b"content-type", content_type.encode())]


def binary(**attributes: str) -> Headers:
    event = granted()
    given = {name: str(event[name]) for name in ("specversion", "id", "source", "type", "subject", "time")} | attributes
    return [*typed("application/json"), *((f"ce-{name}".encode(), value.encode()) for name, value in given.items())]


def test_a_structured_event_stays_byte_for_byte() -> None:
    odd = EVENT.replace(b'{"specversion"', b'{ "specversion"')
    assert events_of(typed(f"{ONE}; charset=UTF-8"), odd) == ([odd], False)


def test_the_elements_of_a_batch_stay_byte_for_byte() -> None:
    elements = [EVENT, b'{ "amount":1.10, "a":"\\u4e0a,]" }', b"[1, 2]", b"3"]
    body = b" [ " + b" , ".join(elements) + b"\n]\n"
    assert events_of(typed(BATCH), body) == (elements, True)


@each_case(
    "body", [b"", b"{}", b"[]", b"[1,]", b"[1] 2", b"[1", b"[1 2]", b"\xff", b"[" * 100_000, b"[" + b"1," * 500 + b"1]"]
)
def test_a_batch_that_is_none(body: bytes) -> None:
    with pytest.raises(BadBatch):
        events_of(typed(BATCH), body)


def test_a_binary_event_becomes_a_structured_one_with_the_same_data() -> None:
    data = json.dumps(granted()["data"], indent=1).encode()
    ((value,), _) = events_of(binary(note="%E4%B8%8A%20sh"), data)
    assert data in value
    judged = judge(value)
    assert isinstance(judged, Judged)
    assert '"note":"上 sh"'.encode() in value


@each_case("content_type", ["", "text/plain", "application/cloudevents+xml", "application/json"])
def test_a_content_type_that_is_not_one_of_events(content_type: str) -> None:
    with pytest.raises(UnsupportedEvents):
        events_of(typed(content_type), EVENT)
    if "json" not in content_type:
        with pytest.raises(UnsupportedEvents):
            events_of([*binary()[1:], *typed(content_type)], b"{}")


def test_a_body_that_is_packed() -> None:
    with pytest.raises(EncodedBody):
        events_of([*typed(ONE), (b"content-encoding", b"gzip")], gzip.compress(EVENT))
    assert events_of([*typed(ONE), (b"content-encoding", b"identity")], EVENT).values == [EVENT]


def test_text_behind_the_data_is_no_attribute() -> None:
    ((value,), _) = events_of(binary(), json.dumps(granted()["data"]).encode() + b',"note":"x"')
    judged = judge(value)
    assert isinstance(judged, Refusal)
    assert judged.rule is Rule.NOT_JSON


def test_an_attribute_that_is_not_utf8() -> None:
    with pytest.raises(BadHeader):
        events_of(binary(source="%FF"), b"{}")


async def post(client: httpx.AsyncClient, body: bytes, content_type: str = ONE, **query: str) -> httpx.Response:
    return await client.post("/api/v1/events", content=body, headers={"content-type": content_type}, params=query)


async def test_a_refused_event_is_explained(client: httpx.AsyncClient) -> None:
    wrong = granted(occurred_on="2023-02-30")
    answer = await post(client, json.dumps([granted(), wrong]).encode(), BATCH)
    assert answer.status_code == 422
    found: Any = answer.json()
    assert (found["rule"], found["path"]) == ("bad_data", "data.occurred_on")
    assert [error["index"] for error in found["errors"]] == [1]
    assert "Nothing was published" in found["detail"]


async def test_a_mistyped_type_is_corrected(client: httpx.AsyncClient) -> None:
    answer = await post(client, value_of(granted() | {"type": "ip.patent.grantd.v1"}))
    assert "did you mean ip.patent.granted.v1?" in answer.json()["message"]


async def test_without_brokers_nothing_is_published(client: httpx.AsyncClient) -> None:
    answer = await post(client, EVENT)
    assert (answer.status_code, answer.json()["title"]) == (503, "No brokers")


async def test_an_event_that_conflicts_at_the_position(client: httpx.AsyncClient) -> None:
    row = (await client.get("/api/v1/views/journal?type=ip.pledge.registered.v1&outcome=accepted&limit=1")).json()
    known = row["rows"][0]
    other = registered(known["id"], subject=known["subject"]) | {"source": known["source"]}
    answer = await post(client, value_of(other), min_position=row["position"])
    assert (answer.status_code, answer.json()["title"]) == (409, "Conflicting")
    assert f"{known['topic']}:{known['partition']}={known['offset']}" in answer.json()["detail"]
