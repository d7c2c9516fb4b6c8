"""The OpenAPI document is valid, complete, and typed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from ledger.views import VIEWS
from tests.unit.schemas.test_errors import all_errors

pytestmark = pytest.mark.anyio


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
