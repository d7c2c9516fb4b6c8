"""The process: a socket, and uvicorn until a signal."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

import uvicorn
from fastapi import FastAPI

from schemas.errors import Unavailable

GRACE_SECONDS = 5
"""Requests that run at SIGTERM have this long to end."""
BACKLOG = 2048
"""Connections that wait to be accepted."""
STUCK_SECONDS = 60
"""A connection whose client takes nothing for this long is dropped, with the answer that waits for it in memory."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class AddressUnavailable(Unavailable):
    """Cannot listen on {host}:{port}: {reason}. Choose another --port (0: any free one) or --host."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raise AddressUnavailable."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        # asyncio sets TCP_NODELAY only if the protocol is named; without it each answer waits 40 ms
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit it
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_SECONDS * 1000)
            sock.bind((host, port))
            sock.listen(BACKLOG)
        except OSError:
            sock.close()
            raise
        return sock
    except OSError as error:
        raise AddressUnavailable(host=host, port=port, reason=error.strerror or error) from error


class Tls(NamedTuple):
    """The PEM files of certificate and key; without them the server speaks plain HTTP."""

    certfile: str | None = None
    keyfile: str | None = None


def run_server(
    app: FastAPI,
    sock: socket.socket,
    on_start: Callable[[], object],
    *,
    tls: Tls = Tls(),  # noqa: B008
    proxies: str = "127.0.0.1",
) -> bool:
    """Serve until SIGTERM or Ctrl-C; return True after Ctrl-C. `on_start` is called once requests are answered."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        forwarded_allow_ips=proxies,
        ssl_certfile=tls.certfile,
        ssl_keyfile=tls.keyfile,
    )
    server = _Server(config, on_start, app.state.watch.end_waits)
    server.run(sockets=[sock])
    return server.interrupted


class _Server(uvicorn.Server):
    """uvicorn's server, which ends with exit code 0 at SIGTERM instead of raising the signal again."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], object], end_waits: Callable[[], object]) -> None:
        super().__init__(config)
        self.interrupted = False
        self._on_start, self._end_waits = on_start, end_waits

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_waits()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_start()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before: dict[int, Any] = {number: signal.signal(number, self._end) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = self.interrupted or number == signal.SIGINT
        self.handle_exit(number, frame)
