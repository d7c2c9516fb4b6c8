"""Tokens of an OpenID provider: signed JWTs, checked for issuer, audience, time and signature."""

from __future__ import annotations

import json
from functools import cached_property
from ipaddress import ip_address
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import jwt

from ledger.web.scopes import SCOPES
from schemas.errors import Unavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric ones only: with a shared secret, whoever checks tokens could also make them."""
TIMEOUT_SECONDS = 5.0
LEEWAY_SECONDS = 30.0
REFRESH_SECONDS = 10.0
"""The least time between two looks for a key that is not known: anybody can name one."""
_LARGEST = 2**20


class ProviderUnavailable(Unavailable):
    """The OpenID provider {issuer} cannot be used: {reason}. Check LEDGER_OIDC_ISSUER, and that the server reaches
    it."""


class OpenIdProvider:
    """Checks tokens against the keys of a provider, which are fetched when they are first needed."""

    def __init__(self, issuer: str, audience: str) -> None:
        """Raise ProviderUnavailable for an issuer without https, unless it is on loopback."""
        self.issuer, self._audience = issuer, audience
        self._lock, self._refreshed = Lock(), -REFRESH_SECONDS
        _require_private(issuer, issuer)

    def claims(self, token: str) -> tuple[dict[str, Any] | None, str]:
        """Return the claims of a valid token, else None and the reason. Raise ProviderUnavailable."""
        try:
            key = self._key(token)
            found: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise ProviderUnavailable(issuer=self.issuer, reason=error) from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            return None, f"the provider's token is not valid ({error})"[:200]
        return found, ""

    def scopes(self, claims: dict[str, Any]) -> frozenset[str]:
        """Return the ledger's scopes in a token: of `scope`, `scp` or `permissions`."""
        found: set[str] = set()
        for name in ("scope", "scp", "permissions"):
            value = claims.get(name) or ()
            found |= set(value.split() if isinstance(value, str) else map(str, value))
        return frozenset(found & SCOPES.keys())

    def _key(self, token: str) -> jwt.PyJWK:
        """Return the key that a token names; one without a name is that of a provider with a single key."""
        name = jwt.get_unverified_header(token).get("kid")
        keys = self._keys.get_signing_keys()
        if name is None:
            if len(keys) != 1:
                raise jwt.InvalidTokenError("it names no key, and the provider has several")
            return keys[0]
        found = self._keys.match_kid(keys, name)
        if found is None and self._may_refresh():  # the provider has changed its keys
            found = self._keys.match_kid(self._keys.get_signing_keys(refresh=True), name)
        if found is None:
            raise jwt.InvalidTokenError("the provider has no such key")
        return found

    def _may_refresh(self) -> bool:
        with self._lock:
            due = monotonic() - self._refreshed >= REFRESH_SECONDS
            if due:
                self._refreshed = monotonic()
        return due

    @cached_property
    def _keys(self) -> jwt.PyJWKClient:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            with urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 # the scheme is checked
                found = json.loads(answer.read(_LARGEST))
            keys, issuer = str(found["jwks_uri"]), str(found["issuer"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ProviderUnavailable(issuer=self.issuer, reason=repr(error)) from error
        if issuer != self.issuer:
            raise ProviderUnavailable(issuer=self.issuer, reason=f"it calls itself {issuer}")
        _require_private(keys, self.issuer)
        return jwt.PyJWKClient(keys, timeout=TIMEOUT_SECONDS)


def _require_private(address: str, issuer: str) -> None:
    """Raise ProviderUnavailable if others on the way could change what this address answers."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return
    raise ProviderUnavailable(issuer=issuer, reason=f"{address} is not https")


def is_loopback(host: str) -> bool:
    """Return True for an address of this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
