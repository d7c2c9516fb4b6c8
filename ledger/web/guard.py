"""The outermost layer of the server: known hosts, limits of rate and body, security headers, and the access log.

The log has the route, not the path or the query, which may hold names; no address and no token.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.web.problems import fault, problem_of
from schemas.errors import InputUnusable, LedgerError, UsageError

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000; includeSubDomains"
MOST_CLIENTS = 10_000
"""Addresses whose rate is remembered."""
BURST_SECONDS = 6.0
"""A client may send the requests of this time at once."""

_NONE = type("NoRoute", (), {})()
log = structlog.get_logger()


class UnknownHost(UsageError):
    """This server is not called {host!r}. It answers only to the names in LEDGER_ALLOWED_HOSTS, by default those of
    loopback, so that no other site's page can reach it. Use one of these names, or add this one."""

    http_status = 421


class TooManyRequests(UsageError):
    """This address sends more than {rate} requests a minute, the most that LEDGER_RATE allows. Wait a little, use
    `limit` and formats for many rows, and the live stream instead of polling."""

    http_status = 429


class BodyTooLarge(InputUnusable):
    """The body has more than {most:,} bytes, the most that LEDGER_BODY_BYTES allows. Nothing was published. Send fewer
    events at once."""

    http_status = 413


class Limits(NamedTuple):
    """Requests a minute from one address, the largest body, and the names of the server (empty: any)."""

    rate: int
    body_bytes: int
    hosts: frozenset[str]


@dataclass
class Rates:
    """A token bucket for each address."""

    per_minute: int
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def require(self, client: str) -> None:
        """Take one request. Raise TooManyRequests."""
        now, most = monotonic(), max(1.0, self.per_minute * BURST_SECONDS / 60)
        left, then = self._left.pop(client, (most, now))
        left = min(most, left + (now - then) * self.per_minute / 60)
        self._left[client] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        if left < 1:
            raise TooManyRequests(rate=self.per_minute)


class Guard:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, limits: Limits, observe: Callable[[str, int, float], None]) -> None:
        self._app, self._limits, self._observe = app, limits, observe
        self._rates = Rates(limits.rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, seconds = monotonic(), 0, 0.0
        asked, scope = scope, _answered_as_get(scope)

        async def guarded(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                seconds = monotonic() - began
                status = int(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = HSTS
            elif asked is not scope:
                return  # an answer to HEAD has ended with its headers
            await send(message)
            if asked is not scope:
                await send({"type": "http.response.body"})

        body = _Body(receive, self._limits.body_bytes)
        try:
            self._require_usual(scope)
            body.require(int(Headers(scope=scope).get("content-length") or 0))
            await self._app(scope, body.receive, guarded)
        except Exception as error:
            if status:
                raise
            response = problem_of(error) if isinstance(error, LedgerError) else fault(error)
            await response(scope, receive, guarded)
        finally:
            route = _route(scope)
            self._observe(route, status, seconds)
            _log(scope, route, asked["method"], status, seconds)

    def _require_usual(self, scope: Scope) -> None:
        host = Headers(scope=scope).get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if self._limits.hosts and name.strip("[]").lower() not in self._limits.hosts:
            raise UnknownHost(host=host[:100])
        self._rates.require((scope.get("client") or ("",))[0])


class _Body:
    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._read = receive, most, 0

    def require(self, size: int) -> None:
        if size > self._most:
            raise BodyTooLarge(most=self._most)

    async def receive(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self.require(self._read)
        return message


def _route(scope: Scope) -> str:
    """Return the path of the route, with names instead of values; "none" without one."""
    return str(vars(scope.get("route") or _NONE).get("path") or "none")


def _answered_as_get(scope: Scope) -> Scope:
    """Return the scope; for HEAD, that of the same GET."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _log(scope: Scope, route: str, method: str, status: int, seconds: float) -> None:
    caller = getattr(Request(scope).state, "caller", None)
    facts = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    log.info("request", **facts, **({"caller": caller.name} if caller else {}))
