"""Tokens of an OpenID provider that runs next to the test."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import OpenerDirector

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from ledger.settings import BadSetting
from ledger.web.app import create_app
from ledger.web.oidc import OpenIdProvider, ProviderUnavailable
from tests.unit.ledger.web.conftest import running, settings_of

pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # of the provider


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Yield the address of a provider."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import run_server_in_thread
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def id_token(issuer: str) -> str:
    """Sign in at the provider by its authorization code flow, and return the token."""
    with httpx.Client(base_url=issuer) as client:
        asked = {
            "client_id": "ledger",
            "redirect_uri": "https://ledger.example/",
            "response_type": "code",
            "scope": "openid",
        }
        client.put("/users/operator", json={"permissions": ["totals:read", "other"]}).raise_for_status()
        answer = client.post("/oauth2/authorize", params=asked, data={"sub": "operator"})
        code = httpx.URL(answer.headers["location"]).params["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": asked["redirect_uri"]}
        token = client.post("/oauth2/token", data=form, auth=("ledger", "secret"))
        return str(token.raise_for_status().json()["id_token"])


async def test_a_token_of_the_provider_opens_what_it_names(market: Path, issuer: str) -> None:
    token = id_token(issuer)
    settings = settings_of(market, oidc_issuer=issuer, oidc_audience="ledger")
    async with running(create_app(settings)) as client:
        headers = {"authorization": f"Bearer {token}"}
        assert (await client.get("/api/v1/totals", headers=headers)).status_code == 200
        assert (await client.get("/api/v1/views/journal", headers=headers)).status_code == 403
        cut = {"authorization": f"Bearer {token[:-8]}AAAAAAAA"}
        assert (await client.get("/api/v1/totals", headers=cut)).status_code == 401


def test_a_token_for_another_audience_is_refused(issuer: str) -> None:
    claims, reason = OpenIdProvider(issuer, "another").claims(id_token(issuer))
    assert claims is None
    assert "audience" in reason.lower()


@pytest.mark.parametrize("algorithm", ["RS256", "HS256", "none"])
def test_a_token_that_somebody_else_signed_is_refused(issuer: str, algorithm: str) -> None:
    now = int(time.time())
    claims = {"iss": issuer, "aud": "ledger", "sub": "x", "iat": now, "exp": now + 60, "scope": "totals:read"}
    key: Any = rsa.generate_private_key(65537, 2048) if algorithm == "RS256" else "k" * 32
    forged = jwt.encode(claims, "" if algorithm == "none" else key, algorithm)
    assert OpenIdProvider(issuer, "ledger").claims(forged)[0] is None


def test_unknown_keys_do_not_flood_the_provider(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token, provider, asked = id_token(issuer), OpenIdProvider(issuer, "ledger"), []
    ask = OpenerDirector.open

    def counted(opener: OpenerDirector, request: Any, *given: Any, **named: Any) -> Any:
        asked.append(request)
        return ask(opener, request, *given, **named)

    monkeypatch.setattr(OpenerDirector, "open", counted)
    for number in range(9):
        forged = jwt.encode({"aud": "ledger"}, "k" * 32, headers={"kid": str(number)})
        claims, reason = provider.claims(forged)
        assert (claims, "no such key" in reason) == (None, True)
    assert provider.claims(token)[0] is not None
    assert len(asked) == 3, "its configuration, its keys, and once more its keys"


def test_a_provider_that_is_away_or_another(issuer: str) -> None:
    token = id_token(issuer)
    with pytest.raises(ProviderUnavailable, match="calls itself"):
        OpenIdProvider(f"{issuer}/", "ledger").claims(token)
    with pytest.raises(ProviderUnavailable):
        OpenIdProvider("http://localhost:9", "ledger").claims(token)
    with pytest.raises(ProviderUnavailable, match="not https"):
        OpenIdProvider("http://provider.example", "ledger")


def test_a_provider_needs_an_audience(market: Path) -> None:
    with pytest.raises(BadSetting, match="LEDGER_OIDC_AUDIENCE"):
        settings_of(market, oidc_issuer="https://provider.example")
