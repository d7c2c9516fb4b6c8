"""Server-sent events: the response, and how many clients have one.

A client that does not read gets nothing new into memory: the next event is made when the one before has been sent, and
a client that takes nothing for a while is dropped; it continues later from its `Last-Event-ID`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import structlog
from fastapi import Response
from starlette.types import Receive, Scope, Send

from schemas.errors import LedgerError, Unavailable

SLOW_SECONDS = 30.0
"""A client that takes no event for this long is dropped."""
HEARTBEAT = b": \n\n"
log = structlog.get_logger()
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class TooManyClients(Unavailable):
    """{most} clients are connected to live streams, the most that LEDGER_LIVE_CLIENTS allows. Try again later, or ask
    for the position with `min_position`."""


class Clients:
    """The number of connected clients."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.connected = self.dropped = 0

    def require_room(self) -> None:
        """Raise TooManyClients."""
        if self.connected >= self.most:
            raise TooManyClients(most=self.most)


def server_sent_event(name: str, position: str, data: bytes) -> bytes:
    """Return one event."""
    return b"event: %s\nid: %s\ndata: %s\n\n" % (name.encode(), position.encode(), data)


class EventStream(Response):
    """Sends events until they end, or until the client goes or is too slow."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], clients: Clients) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._events, self._clients = events, clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""
        self._clients.connected += 1
        sending = asyncio.ensure_future(self._send(send))
        going = asyncio.ensure_future(_disconnect(receive))
        try:
            await asyncio.wait((sending, going), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._clients.connected -= 1
            for task in (sending, going):
                task.cancel()
            await asyncio.gather(sending, going, return_exceptions=True)
        if not sending.cancelled() and (error := sending.exception()):
            raise error

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async for chunk in self._events:
                async with asyncio.timeout(SLOW_SECONDS):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError:
            self._clients.dropped += 1
        except LedgerError as error:  # the book is away: the client comes back with its last id
            log.warning("live stream ended", error=type(error).__name__, message=str(error))
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnect(receive: Receive) -> None:
    message: Any = {}
    while message.get("type") != "http.disconnect":
        message = await receive()
