"""Authentication and rights of callers: bearer tokens from a file, or of an OpenID provider."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from ledger.settings import Settings
from ledger.web.oidc import OpenIdProvider
from ledger.web.scopes import AUDIT_EXPORT, EVENTS_READ, PARTIES_READ, SCOPES, TOTALS_READ
from ledger.web.tokens import TokenFile
from schemas.errors import UsageError

COOKIE = "ledger_token"
"""A browser's token, for pages and other GET requests."""
_AT_ONCE = 8
"""Tokens that are checked at once. A provider that hangs holds these threads, and no others."""


class NotAuthenticated(UsageError):
    """This needs a token: {reason}. Send the header `Authorization: Bearer TOKEN`, or sign in at /sign-in. Operators
    make tokens with `ip-ledger token`."""

    http_status = 401


class ScopeMissing(UsageError):
    """The token of {caller} lacks the scope {scope}: {meaning}. Ask the operator for a token that has it."""

    http_status = 403


class Caller(NamedTuple):
    """A caller: the name of the token, and its scopes."""

    name: str
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        """Raise ScopeMissing."""
        if scope not in self.scopes:
            raise ScopeMissing(caller=self.name, scope=scope, meaning=SCOPES[scope])


ANYBODY = Caller("anybody", frozenset(SCOPES))
"""Every caller of a server without authentication, which only listens on loopback."""


class Access:
    """Finds the caller of a request."""

    def __init__(self, settings: Settings) -> None:
        """Raise BadTokens, if the file of tokens cannot be used."""
        self._tokens = TokenFile(settings.tokens) if settings.tokens else None
        self._checks = CapacityLimiter(_AT_ONCE)
        issuer, audience = settings.oidc_issuer, settings.oidc_audience
        self._provider = OpenIdProvider(issuer, audience) if issuer and audience else None

    @property
    def is_open(self) -> bool:
        """True if nobody needs a token."""
        return self._tokens is None and self._provider is None

    async def caller(self, request: Request) -> Caller:
        """Return the caller. Raise NotAuthenticated, ProviderUnavailable, BadTokens."""
        if self.is_open:
            return ANYBODY
        known: Caller | None = getattr(request.state, "caller", None)
        if known is None:
            token = self._token(request)
            known = request.state.caller = await to_thread.run_sync(self.caller_of, token, limiter=self._checks)
        return known

    def _token(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return token.strip()
        if not scheme and request.method == "GET" and (cookie := request.cookies.get(COOKIE)):
            return cookie
        raise NotAuthenticated(reason="none was sent" if not scheme else f"the scheme {scheme[:20]!r} is not Bearer")

    def caller_of(self, token: str) -> Caller:
        """Return whose token it is. Raise NotAuthenticated, ProviderUnavailable, BadTokens."""
        reason = "it is not known"
        if self._tokens is not None:
            found = self._tokens.holder(hashlib.sha256(token.encode()).hexdigest())
            if found is not None:
                return Caller(*found)
        if self._provider is not None and token.count(".") == 2:
            claims, reason = self._provider.claims(token)
            if claims is not None:
                return Caller(f"subject of {self._provider.issuer}", self._provider.scopes(claims))
        raise NotAuthenticated(reason=reason)


_OF_PAGES = {"/rejections": (EVENTS_READ, AUDIT_EXPORT), "/ask": (EVENTS_READ, AUDIT_EXPORT, PARTIES_READ)}
"""Pages that need more than others: they show bytes of rejected records, or anything."""


def require(*scopes: str) -> Any:
    """Return the dependency that lets only callers with these scopes pass."""

    async def check(request: Request) -> None:
        caller = await request.app.state.access.caller(request)
        for scope in scopes:
            caller.require(scope)

    return Depends(check)


async def _check_page(request: Request) -> None:
    caller = await request.app.state.access.caller(request)
    for scope in (TOTALS_READ, *_OF_PAGES.get(request.scope["path"], (EVENTS_READ,))):
        caller.require(scope)


PAGES = Depends(_check_page)
"""The dependency of all pages."""
