"""Names of parties are hidden wherever they may stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.queries.filters import raw_of
from ledger.queries.masking import hides
from ledger.queries.paging import total_order
from ledger.web.api.questions import questions
from ledger.web.app import create_app
from ledger.web.scopes import SCOPES, TOTALS_READ
from streams.synthetic.market import generate_all
from tests.unit.ledger.web.conftest import running, settings_of
from tests.unit.ledger.web.test_access import bearer, file_of

pytestmark = pytest.mark.anyio
_SHORTEST = 4


def names_in(value: Any) -> Iterator[str]:
    """Yield the names and ids of all parties in an event."""
    if isinstance(value, dict):
        if "name" in value:
            yield from (str(value[key]) for key in ("name", "id") if key in value)
        for inner in value.values():
            yield from names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_in(inner)


NAMES = {
    name
    for event in map(json.loads, generate_all(1_000, 7))
    for name in names_in(event["data"])
    if len(name) >= _SHORTEST and not any(word in event["type"] for word in ("tag", "weight_set"))
}


@pytest.mark.slow
async def test_no_name_is_shown_without_the_scope(market: Path, tmp_path: Path) -> None:
    without = ",".join(scope for scope in SCOPES if scope != "parties:read")
    path, tokens = file_of(tmp_path, without, ",".join(SCOPES))
    assert len(NAMES) > 20
    shown = 0
    async with running(create_app(settings_of(market, tokens=path, mask_parties=True))) as client:
        paths = [f"/api/v1{question.path}?limit=3000" for question in questions()]
        journal = await client.get("/api/v1/views/journal?limit=3000", headers=bearer(tokens[without]))
        subjects = sorted({row["subject"] for row in journal.json()["rows"]})
        paths += [f"/api/v1/entities/{subject}" for subject in subjects[::20]]
        paths += ["/events", "/valuations", "/pledges", "/patents"]
        for path_ in paths:
            answer = await client.get(path_, headers=bearer(tokens[without]))
            assert answer.status_code == 200, (path_, answer.text)
            assert found_in(answer) == set(), path_
            shown += len(found_in(await client.get(path_, headers=bearer(tokens[",".join(SCOPES)]))))
    assert shown > 20, "with the scope, the same addresses show names"


def found_in(answer: httpx.Response) -> set[str]:
    text = answer.text
    return {name for name in NAMES if name in text}


async def test_a_cursor_has_no_hidden_values_and_names_are_no_totals() -> None:
    for question in questions():
        hidden = [column for column in question.columns if hides(column)]
        keys = {key.sql for key in total_order(question.columns, ())}
        assert not keys & {sql for column in hidden for sql in raw_of(column)}, question.path
        assert not hidden or question.scope != TOTALS_READ, question.path


async def test_hidden_columns_are_no_filters(market: Path, tmp_path: Path) -> None:
    path, tokens = file_of(tmp_path, "events:read")
    async with running(create_app(settings_of(market, tokens=path, mask_parties=True))) as client:
        for query in ("debtor=x", "sort=name"):
            answer = await client.get(f"/api/v1/views/exposure?{query}", headers=bearer(tokens["events:read"]))
            assert (answer.status_code, answer.json()["title"]) == (403, "Parties hidden")
        rows = (await client.get("/api/v1/views/exposure", headers=bearer(tokens["events:read"]))).json()["rows"]
    assert len({row["debtor"] for row in rows}) > 2, "pseudonyms tell parties apart"
