"""The client for programs with an event loop: `Ledger`, with `await`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Self

import httpx

from ip_ledger import calls
from ip_ledger.answers import Answer, Change, Published, Row, require_success
from ip_ledger.calls import Value
from ip_ledger.envelope import Event


class AsyncLedger:
    """Publishes events and asks questions. Methods raise Problem, or httpx.TransportError if there is no answer."""

    def __init__(
        self,
        address: str = calls.ADDRESS,
        token: str | None = None,
        *,
        seconds: float = calls.SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = calls.headers_of(token)
        self._http = httpx.AsyncClient(base_url=address, headers=headers, timeout=seconds, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def publish(self, *events: Event[Any] | bytes, min_position: str | None = None) -> Published:
        """Publish up to 500 events, all or none; return once the log has them. Raise Refused."""
        asked = calls.parameters((), {"min_position": min_position})
        path = calls.path_of("events")
        response = await self._http.post(path, content=calls.batch_of(events), headers=calls.BATCH, params=asked)
        return Published.model_validate_json(require_success(response).content)

    async def ask(self, question: str, *filters: str, **options: Value | None) -> Answer:
        """Return the first page of a question. `filters` are such as `"year>=2020"`; `options` are its parameters."""
        return await self._page(calls.path_of(question), calls.parameters(filters, options))

    async def rows(self, question: str, *filters: str, **options: Value | None) -> AsyncIterator[Row]:
        """Yield the rows of all pages."""
        page = await self.ask(question, *filters, **options)
        for row in page.rows:
            yield row
        while page.next is not None:
            page = await self._page(calls.path_of(page.next))
            for row in page.rows:
                yield row

    async def get(self, path: str) -> dict[str, Any]:
        """Return an answer without rows, such as `get("positions")`."""
        found: dict[str, Any] = require_success(await self._http.get(calls.path_of(path))).json()
        return found

    async def entity(self, subject: str) -> dict[str, Any]:
        """Return an entity: its rows and its events."""
        return await self.get(calls.entity_path(subject))

    async def follow(self, since: str | None = None, *, pause: float = 1.0) -> AsyncIterator[Change]:
        """Yield the changes of the book without end; after a lost connection, connect again and continue."""
        stream = calls.Stream(since)
        while True:
            with suppress(httpx.TransportError):
                async for change in self._changes(stream):
                    yield change
            await asyncio.sleep(pause)

    async def _changes(self, stream: calls.Stream) -> AsyncIterator[Change]:
        path = calls.path_of("live")
        async with self._http.stream("GET", path, headers=stream.headers, timeout=calls.LIVE_SECONDS) as response:
            if not response.is_success:
                await response.aread()
                require_success(response)
            async for line in response.aiter_lines():
                for change in stream.read(line):
                    yield change

    async def _page(self, path: str, asked: httpx.QueryParams | None = None) -> Answer:
        response = await self._http.get(path, params=asked)
        return Answer.model_validate_json(require_success(response).content)
