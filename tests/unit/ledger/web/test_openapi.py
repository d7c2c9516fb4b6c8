"""The OpenAPI document is valid, complete, and typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from openapi_spec_validator import validate

from ledger.views import VIEWS
from ledger.web.app import create_app
from ledger.web.cloudevents import BATCH, ONE
from schemas.codec import Refusal, judge
from streams.synthetic.showcase import generate_showcase
from tests.browser.scene import EXAMPLES, build
from tests.unit.ledger.web.conftest import client_of, settings_of
from tests.unit.schemas.test_errors import all_errors

pytestmark = pytest.mark.anyio
SAMPLES = sorted(EXAMPLES.glob("*.ndjson"))
OTHERWISE = {"proof", "proof_page", "publish"}
"""Operations that need a log."""
MOMENTS = "at", "since"


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Any:
    """Return the document as a client gets it."""
    return (await client.get("/api/v1/openapi.json")).json()


@pytest.mark.slow
async def test_it_is_valid(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


async def test_every_view_is_typed(document: Any) -> None:
    for name in VIEWS:
        operation = document["paths"][f"/api/v1/views/{name}"]["get"]
        reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        assert reference.rpartition("/")[2] in document["components"]["schemas"]
    row = document["components"]["schemas"]["ViewPledgeStockRow"]["properties"]
    assert row["amount"]["anyOf"][0]["pattern"]
    assert row["amount_minor"]["anyOf"][0]["type"] == "integer"
    assert row["currency"]["examples"] == ["CNY"]


async def test_every_problem_has_its_media_type(document: Any) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"], path


async def test_operations_have_names_of_their_own(document: Any) -> None:
    names = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))


@pytest.mark.slow
async def test_every_request_made_of_the_examples_is_answered_on_the_book_of_a_demo(
    document: Any, tmp_path: Path
) -> None:
    """Days of the log (`at`, `since`) are left out: nothing is known before a log began."""
    samples = [line for file in SAMPLES for line in file.read_bytes().splitlines()]
    build(tmp_path / "book.db", [*samples, *generate_showcase(800, 1)], broken=False)
    app = create_app(settings_of(tmp_path / "book.db", rate=100_000))
    failed = {}
    async with client_of(app) as client:
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if operation["operationId"] in OTHERWISE or "/live" in path:
                    continue
                given = {one["name"]: _example(one) for one in operation.get("parameters", ())}
                query = {name: value for name, value in given.items() if value and name not in (*MOMENTS, "filter")}
                body = operation.get("requestBody", {}).get("content", {}).get("text/csv", {}).get("schema", {})
                url = f"{path.format(**given)}?{urlencode({**query, 'filter': given.get('filter') or []}, doseq=True)}"
                answer = await client.request(method, url, content=next(iter(body.get("examples", ())), None))
                if answer.status_code != 200:
                    failed[f"{method} {url}"] = answer.text
    assert failed == {}


def _example(parameter: Any) -> Any:
    schema = parameter["schema"]
    first = next(iter(schema.get("examples") or parameter.get("examples") or ()), None)
    return parameter.get("example") or schema.get("example") or first


async def test_the_examples_of_events_are_events(document: Any) -> None:
    body = document["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]
    one, many = body[ONE]["example"], body[BATCH]["example"]
    assert not isinstance(judge(json.dumps(one).encode()), Refusal)
    assert (many, body["application/json"]["example"]) == ([one], one["data"])


BODIES = {413, 415}
"""Statuses about the body of a request, which questions do not have."""


async def test_every_status_of_an_error_is_documented(document: Any) -> None:
    statuses = {str(error.http_status) for error in all_errors() if error.__module__.startswith("ledger.")}
    silent = {
        f"{method} {path}": sorted(statuses - operation["responses"].keys())
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if not statuses - {str(status) for status in BODIES} <= operation["responses"].keys()
    }
    assert silent == {}
