"""The API as others see it: schemathesis asks what the OpenAPI document allows, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.posting import new_market
from tests.processes import PATIENCE_SECONDS, without_settings
from tests.servers import Server, serving

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield a server on a small market."""
    directory = tmp_path_factory.mktemp("api")
    new_market(directory / "book.db", 400, 7)
    environment = without_settings() | {"LEDGER_BOOK": "book.db", "LEDGER_RATE": "1000000", "LEDGER_BROKER_DIR": "none"}
    with serving(environment, directory) as server:
        yield server


@pytest.fixture(scope="module")
def api(server: Server) -> Any:
    """Return the schema of the server, without streams, which do not end, and proofs and publishing, which need a
    log."""
    found: Any = schemathesis.openapi.from_url(f"{server.address}/api/v1/openapi.json", timeout=PATIENCE_SECONDS)
    return found.exclude(path_regex="/live|/proof").exclude(path_regex="/events$", method="POST")


def test_answers_are_as_declared(api: Any) -> None:
    operations = [result.ok() for result in api.get_all_operations()]
    assert len(operations) > 60
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
        def ask(case: Any) -> None:
            case.query.pop("min_position", None)  # a position that the book never reaches is waited for
            case.call_and_validate(checks=CHECKS, timeout=60)

        ask()


def test_the_server_has_no_fault_in_its_log(server: Server) -> None:
    assert "fault of the server" not in Path(server.log).read_text()
