"""Tokens and scopes: nothing is reachable without them, except what is listed here."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from ledger.web.app import create_app
from ledger.web.scopes import AUDIT_EXPORT, EVENTS_PUBLISH, EVENTS_READ, SCOPES, TOTALS_READ
from ledger.web.tokens import BadTokens, TokenFile, new_token
from tests.events import granted, value_of
from tests.unit.ledger.web.conftest import running, settings_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
PUBLIC = {"/api/v1/errors/{name}", "/api/v1/openapi.json", "/sign-in", "/sign-out", "/livez", "/readyz"}
ONE = {"content-type": "application/cloudevents+json"}


def file_of(directory: Path, *scopes: str) -> tuple[Path, dict[str, str]]:
    """Return a file with a token for each list of scopes, and the tokens."""
    made = {given: new_token(f"t{number}", given) for number, given in enumerate(scopes)}
    path = directory / "tokens.txt"
    path.write_text("# tokens\n\n" + "".join(f"{line}\n" for _, line in made.values()))
    return path, {given: token for given, (token, _) in made.items()}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a file of tokens, one for each scope and one for all."""
    return file_of(tmp_path_factory.mktemp("tokens"), *SCOPES, ",".join(SCOPES))


@pytest.fixture(scope="module")
async def guarded(market: Path, tokens: tuple[Path, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a server that asks for tokens."""
    async with running(create_app(settings_of(market, tokens=tokens[0]))) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_nothing_else_is_reachable_without_a_token(market: Path, tokens: tuple[Path, Any]) -> None:
    app = create_app(settings_of(market, tokens=tokens[0]))
    paths = {(path, method) for path, method in _routes(app.routes) if path not in PUBLIC}
    assert len(paths) > 70
    async with running(app) as client:
        for path, method in sorted(paths):
            answer = await client.request(method, path.replace("{", "").replace("}", "").replace(":path", ""))
            expected = 401 if path.startswith(("/api", "/metrics")) else 303
            assert answer.status_code == expected, (path, method, answer.status_code)


def _routes(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and method of all routes, also of included routers; static files are for everybody."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield from ((prefix + route.path, method) for method in route.methods or ())
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes, prefix + route.include_context.prefix)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/api/v1/totals", TOTALS_READ),
        ("/api/v1/views/pledge_stock", TOTALS_READ),
        ("/api/v1/views/journal", EVENTS_READ),
        ("/api/v1/views/exposure", EVENTS_READ),
        ("/api/v1/totals/events", EVENTS_READ),
        ("/api/v1/views/rejections", AUDIT_EXPORT),
        ("/api/v1/search?q=x", EVENTS_READ),
    ],
)
async def test_a_scope_opens_its_own_paths_only(
    guarded: httpx.AsyncClient, tokens: tuple[Path, dict[str, str]], path: str, scope: str
) -> None:
    for given in SCOPES:
        answer = await guarded.get(path, headers=bearer(tokens[1][given]))
        assert (answer.status_code != 403) == (given == scope), given
        assert given == scope or answer.json()["title"] == "Scope missing"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp4", "Bearer a.b.c"])
async def test_what_is_no_token(guarded: httpx.AsyncClient, header: str) -> None:
    answer = await guarded.get("/api/v1/totals", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_publishing_needs_its_scope_and_no_cookie(
    guarded: httpx.AsyncClient, tokens: tuple[Path, dict[str, str]]
) -> None:
    body = value_of(granted())
    for scope, status in ((TOTALS_READ, 403), (EVENTS_PUBLISH, 503)):  # 503: the server has no brokers
        answer = await guarded.post("/api/v1/events", content=body, headers=ONE | bearer(tokens[1][scope]))
        assert answer.status_code == status
    cookie = {"cookie": f"ledger_token={tokens[1][EVENTS_PUBLISH]}"}
    assert (await guarded.post("/api/v1/events", content=body, headers=ONE | cookie)).status_code == 401


async def test_a_browser_signs_in(market: Path, tokens: tuple[Path, dict[str, str]]) -> None:
    whole = ",".join(SCOPES)
    async with running(create_app(settings_of(market, tokens=tokens[0]))) as client:
        assert (await client.get("/")).headers["location"] == "/sign-in"
        assert (await client.get("/?lang=zh&day=2024-01-01")).headers["location"] == "/sign-in?lang=zh"
        assert (await client.post("/sign-in", data={"token": "x"})).status_code == 401
        answer = await client.post("/sign-in", data={"token": tokens[1][whole]})
        assert answer.status_code == 303
        assert {"HttpOnly", "SameSite=lax"} <= set(answer.headers["set-cookie"].split("; "))
        assert (await client.get("/api/v1/totals")).status_code == 200
        await client.post("/sign-out")
        assert (await client.get("/api/v1/totals")).status_code == 401


def test_a_withdrawn_token_is_refused_at_once(tmp_path: Path) -> None:
    path, _ = file_of(tmp_path, TOTALS_READ)
    digest = path.read_text().split()[-1]
    file = TokenFile(path)
    assert file.holder(digest) == ("t0", frozenset({TOTALS_READ}))
    path.write_text("")
    assert file.holder(digest) is None


@pytest.mark.parametrize("line", ["x", f"a totals:read {'0' * 63}", f"a totals:write {'0' * 64}", f"a {'0' * 64}"])
def test_a_line_that_is_no_token(tmp_path: Path, line: str) -> None:
    path = tmp_path / "tokens.txt"
    path.write_text(f"# one\n{line}\n")
    with pytest.raises(BadTokens, match="line 2"):
        TokenFile(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadTokens, match=os.strerror(2)):
        TokenFile(tmp_path / "none")


@pytest.mark.parametrize(("name", "scopes"), [("a b", TOTALS_READ), ("a", "x"), ("a", "")])
def test_a_token_that_cannot_be_made(name: str, scopes: str) -> None:
    with pytest.raises(BadTokens):
        new_token(name, scopes)
