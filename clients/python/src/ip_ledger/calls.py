"""The requests, without sending them: what the two clients have in common."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx

from ip_ledger.answers import Change
from ip_ledger.envelope import Event

API = "/api/v1"
ADDRESS = "http://127.0.0.1:8000"
SECONDS = 60.0
"""The longest wait for an answer, by default: the server itself waits 30 seconds for the log."""
LIVE_SECONDS = 45.0
"""A live stream without any byte for this time is lost: a comment comes every 15 seconds."""
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
Value = str | int | date | Sequence[str]


def headers_of(token: str | None) -> dict[str, str]:
    """Return the headers of every request."""
    accept = {"Accept": "application/json"}
    return accept if token is None else accept | {"Authorization": f"Bearer {token}"}


def batch_of(events: Sequence[Event[Any] | bytes]) -> bytes:
    """Return the body that publishes events; those that are bytes stay as they are."""
    return b"[%s]" % b",".join(event if isinstance(event, bytes) else event.to_bytes() for event in events)


def parameters(filters: Sequence[str], options: dict[str, Value | None]) -> httpx.QueryParams:
    """Return the parameters of a question."""
    given = [(name, _text(value)) for name, value in options.items() if value is not None]
    return httpx.QueryParams([*(("filter", one) for one in filters), *given])


def path_of(question: str) -> str:
    """Return the path of a question such as `totals` or `views/pledge_stock`, or of the server's own `next`."""
    return question if question.startswith(f"{API}/") else f"{API}/{question.strip('/')}"


def entity_path(subject: str) -> str:
    """Return the path of an entity."""
    return f"{API}/entities/{quote(subject, safe='')}"


class Stream:
    """The lines of a live stream, read one by one. `since` is the position to continue from."""

    def __init__(self, since: str | None) -> None:
        self.since = since
        self._name = self._id = self._data = ""

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that continue the stream."""
        return {"Accept": "text/event-stream"} | ({"Last-Event-ID": self.since} if self.since else {})

    def read(self, line: str) -> Iterator[Change]:
        """Yield the change that a line ends, if it ends one."""
        field, _, value = line.partition(": ")
        if field == "event":
            self._name = value
        elif field == "id":
            self._id = value
        elif field == "data":
            self._data = value
        elif not line and self._name:
            name, self._name, self.since = self._name, "", self._id
            if name == "position":
                yield Change(position=self._id, records=json.loads(self._data)["records"])


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else ",".join(value)
