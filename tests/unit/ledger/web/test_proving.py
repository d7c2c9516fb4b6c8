"""Proofs over HTTP: the pack that the command makes, for whoever may read events and export for audits."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.book.book import Book
from ledger.book.position import position_text
from ledger.proof import check_proof
from ledger.web.app import create_app
from ledger.web.scopes import SCOPES
from tests.unit.ledger.proof.conftest import Ledger, signed
from tests.unit.ledger.web.conftest import running, settings_of
from tests.unit.ledger.web.test_access import bearer, file_of

__all__ = ["signed"]
pytestmark = [pytest.mark.anyio, pytest.mark.slow]
ASKED = {"kind": "pledges", "year": "2023"}


@pytest.fixture
def log(signed: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return a ledger whose log the server reads in memory."""
    monkeypatch.setattr("ledger.web.api.proving.Reader", lambda cluster, unpacked_bytes: nullcontext())
    monkeypatch.setattr("ledger.web.api.proving.records_at", lambda reader, *asked: signed.records(*asked))
    return signed


async def asked(book: Path, path: str, cluster: object = "a cluster", **given: Any) -> httpx.Response:
    """Ask a server on this book."""
    app = create_app(settings_of(book))
    async with running(app) as client:
        app.state.cluster = cluster
        return await client.get(path, params=ASKED | given)


async def test_a_pack_and_its_page_are_saved(log: Ledger) -> None:
    answer = await asked(log.path, "/api/v1/proof")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="pledges-2023-ALL.json"'
    assert check_proof.check_pack(answer.json(), log.public.text, None, "pledges 2023 ALL")[-1]
    page = await asked(log.path, "/api/v1/proof.html", industry="AI")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-disposition"] == 'attachment; filename="pledges-2023-AI.html"'
    assert "pledges 2023 AI" in page.text


async def test_a_checkpoint_is_a_moment_of_questions(signed: Ledger) -> None:
    with Book(signed.path) as book:
        stated = position_text(book.positions())
    signed.grow(600, 700)
    async with running(create_app(settings_of(signed.path))) as client:
        now = (await client.get("/api/v1/totals?by=year")).json()
        then = (await client.get("/api/v1/totals?by=year&at=checkpoint:1")).json()
        assert then["position"] == stated
        assert then["rows"] != now["rows"]
        moved = (await client.get("/api/v1/diff?since=checkpoint:1")).json()
        assert (moved["since"], moved["position"]) == (stated, now["position"])
        beyond = await client.get("/api/v1/totals?at=checkpoint:2")
        assert (beyond.status_code, beyond.json()["title"]) == (422, "No such checkpoint")


async def test_what_cannot_be_proven_is_a_problem(log: Ledger, market: Path) -> None:
    for path, given, status, title in (
        (log.path, {"kind": "plegdes"}, 422, "Unknown name"),
        (log.path, {"year": "1901"}, 422, "Nothing to prove"),
        (log.path, {"cluster": None}, 503, "No log"),
        (market, {}, 422, "No checkpoint"),
    ):
        answer = await asked(path, "/api/v1/proof", **given)
        assert (answer.status_code, answer.json()["title"]) == (status, title)
        assert str(path.parent) not in answer.text


async def test_a_proof_names_parties(log: Ledger, tmp_path: Path) -> None:
    without = ",".join(scope for scope in SCOPES if scope != "parties:read")
    path, tokens = file_of(tmp_path, without, ",".join(SCOPES))
    app = create_app(settings_of(log.path, tokens=path, mask_parties=True))
    async with running(app) as client:
        app.state.cluster = "a cluster"
        answers = [await client.get("/api/v1/proof", params=ASKED, headers=bearer(token)) for token in tokens.values()]
    assert [answer.status_code for answer in answers] == [403, 200]


async def test_the_page_of_a_figures_events_has_its_proof(log: Ledger) -> None:
    page = await asked(log.path, "/events")
    assert "/api/v1/proof.html?kind=pledges&amp;year=2023&amp;industry=ALL" in page.text
    assert "/api/v1/proof?" not in (await asked(log.path, "/events", region="CN")).text
    assert "/api/v1/proof?" not in (await asked(log.path, "/events", year="")).text
    shutil.move(log.audit, log.audit.with_name("elsewhere"))
    assert "/api/v1/proof?" not in (await asked(log.path, "/events")).text
