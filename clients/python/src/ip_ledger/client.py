"""The client that waits for its answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Self

import httpx

from ip_ledger import calls
from ip_ledger.answers import Answer, Change, Published, Row, require_success
from ip_ledger.calls import Value
from ip_ledger.envelope import Event


class Ledger:
    """Publishes events and asks questions. Methods raise Problem, or httpx.TransportError if there is no answer."""

    def __init__(
        self,
        address: str = calls.ADDRESS,
        token: str | None = None,
        *,
        seconds: float = calls.SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = calls.headers_of(token)
        self._http = httpx.Client(base_url=address, headers=headers, timeout=seconds, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def publish(self, *events: Event[Any] | bytes, min_position: str | None = None) -> Published:
        """Publish up to 500 events, all or none; return once the log has them. Raise Refused."""
        asked = calls.parameters((), {"min_position": min_position})
        path = calls.path_of("events")
        response = self._http.post(path, content=calls.batch_of(events), headers=calls.BATCH, params=asked)
        return Published.model_validate_json(require_success(response).content)

    def ask(self, question: str, *filters: str, **options: Value | None) -> Answer:
        """Return the first page of a question. `filters` are such as `"year>=2020"`; `options` are its parameters."""
        return self._page(calls.path_of(question), calls.parameters(filters, options))

    def rows(self, question: str, *filters: str, **options: Value | None) -> Iterator[Row]:
        """Yield the rows of all pages."""
        page = self.ask(question, *filters, **options)
        yield from page.rows
        while page.next is not None:
            page = self._page(calls.path_of(page.next))
            yield from page.rows

    def get(self, path: str) -> dict[str, Any]:
        """Return an answer without rows, such as `get("positions")`."""
        found: dict[str, Any] = require_success(self._http.get(calls.path_of(path))).json()
        return found

    def entity(self, subject: str) -> dict[str, Any]:
        """Return an entity: its rows and its events."""
        return self.get(calls.entity_path(subject))

    def follow(self, since: str | None = None, *, pause: float = 1.0) -> Iterator[Change]:
        """Yield the changes of the book without end; after a lost connection, connect again and continue."""
        stream = calls.Stream(since)
        while True:
            with suppress(httpx.TransportError):
                yield from self._changes(stream)
            time.sleep(pause)

    def _changes(self, stream: calls.Stream) -> Iterator[Change]:
        path = calls.path_of("live")
        with self._http.stream("GET", path, headers=stream.headers, timeout=calls.LIVE_SECONDS) as response:
            if not response.is_success:
                response.read()
                require_success(response)
            for line in response.iter_lines():
                yield from stream.read(line)

    def _page(self, path: str, asked: httpx.QueryParams | None = None) -> Answer:
        response = self._http.get(path, params=asked)
        return Answer.model_validate_json(require_success(response).content)
