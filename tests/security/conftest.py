"""An Apache Kafka with all security features on, for the tests of this directory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.secured import Secured, started


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """Yield a broker with TLS, mutual TLS, passwords and rights, embedded for this session."""
    with started(tmp_path_factory.mktemp("secured")) as broker:
        yield broker
