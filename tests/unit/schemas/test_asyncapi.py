"""The AsyncAPI document names every topic and every type once, and published schemas."""

from __future__ import annotations

import json
from pathlib import Path

from docs.generate import ROOT
from schemas.asyncapi import asyncapi_document
from schemas.events import EVENT_TYPES
from schemas.topics import REJECTION_TOPIC, TOPICS

DOCUMENT = asyncapi_document()
TYPES = {*EVENT_TYPES, REJECTION_TOPIC}


def test_every_topic_is_a_channel_with_an_operation() -> None:
    assert set(DOCUMENT["channels"]) == {*TOPICS, REJECTION_TOPIC}
    described = {operation["channel"]["$ref"] for operation in DOCUMENT["operations"].values()}
    assert described == {f"#/channels/{name}" for name in DOCUMENT["channels"]}


def test_every_type_is_a_message_of_one_channel() -> None:
    sent = [name for channel in DOCUMENT["channels"].values() for name in channel["messages"]]
    assert len(sent) == len(set(sent))
    assert set(sent) == set(DOCUMENT["components"]["messages"]) == TYPES
    assert set(DOCUMENT["channels"]["ip.pledge.v1"]["messages"]) > {"ip.pledge.registered.v1"}


def test_every_payload_is_a_published_schema() -> None:
    for name, message in DOCUMENT["components"]["messages"].items():
        schema = json.loads(Path(ROOT, "schemas", message["payload"]["schema"]["$ref"]).read_text("utf-8"))
        assert schema["title"] == name
