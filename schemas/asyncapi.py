"""The topics as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0).

It describes the ledger: what it receives, and what it sends.
"""

from __future__ import annotations

from typing import Any

from schemas.events import EVENT_TYPES
from schemas.topics import REJECTION_TOPIC, TOPICS

_STRUCTURED = "application/cloudevents+json"
_BINDINGS = "0.5.0"
_JSON_SCHEMA = "application/schema+json;version=draft-2020-12"


def asyncapi_document() -> dict[str, Any]:
    """Return the document. It refers to the published schemas by their paths from `schemas/`."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "ip-ledger",
            "version": "1",
            "description": "Transactions of intellectual property as CloudEvents on Apache Kafka.",
        },
        "defaultContentType": _STRUCTURED,
        "channels": {
            **{topic.name: _channel(topic.name, f"key = subject: {topic.subject}") for topic in TOPICS.values()},
            REJECTION_TOPIC: _channel(REJECTION_TOPIC, "key = source of the rejected event, derived from the log"),
        },
        "operations": {
            **{f"receive.{name}": {"action": "receive", "channel": _ref("channels", name)} for name in TOPICS},
            f"send.{REJECTION_TOPIC}": {"action": "send", "channel": _ref("channels", REJECTION_TOPIC)},
        },
        "components": {
            "messages": {
                **{name: _message(f"published/{name}.json", _STRUCTURED) for name in EVENT_TYPES},
                REJECTION_TOPIC: _message(f"published/derived/{REJECTION_TOPIC}.json", "application/json"),
            }
        },
    }


def _channel(topic: str, key: str) -> dict[str, Any]:
    names = [name for name, event_type in EVENT_TYPES.items() if event_type.topic == topic] or [topic]
    kafka: dict[str, Any] = {"topic": topic, "bindingVersion": _BINDINGS}
    if topic in TOPICS:
        kafka["partitions"] = TOPICS[topic].partitions
    return {
        "address": topic,
        "description": f"The topic's name follows the installation's prefix, if it has one; {key}.",
        "messages": {name: _ref("components", "messages", name) for name in names},
        "bindings": {"kafka": kafka},
    }


def _message(schema: str, content_type: str) -> dict[str, Any]:
    return {
        "contentType": content_type,
        "payload": {"schemaFormat": _JSON_SCHEMA, "schema": {"$ref": schema}},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": _BINDINGS}},
    }


def _ref(*steps: str) -> dict[str, str]:
    return {"$ref": f"#/{'/'.join(steps)}"}
