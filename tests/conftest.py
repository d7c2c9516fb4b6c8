"""What the whole suite shares: a real Apache Kafka, topics of one's own, the real office data."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from ledger.audit.replay import replay
from streams import broker, topics
from streams.cluster import Cluster
from tests.acceptance.load import Load
from tests.processes import Installation

_ROOT = Path(__file__).parents[1]
_KAFKA = pytest.StashKey[str]()

settings.register_profile("ip-ledger", deadline=None, print_blob=True, derandomize=os.environ.get("CI") is not None)
settings.load_profile("ip-ledger")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--kills N`: how often the crash test kills the worker."""
    parser.addoption("--kills", type=int, default=5, help="how often the crash test kills the worker (default 5)")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses a fixture can be chosen or left out by the marker of the same meaning."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "brokers" in fixtures:
            item.add_marker(pytest.mark.broker)
        if "office_data" in fixtures:
            item.add_marker(pytest.mark.office_data)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which Apache Kafka the tests ran on."""
    terminalreporter.write_line(f"ran on: {config.stash.get(_KAFKA, 'no Apache Kafka (no test asked for one)')}")


@pytest.fixture(scope="session")
def brokers(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Addresses of a real Apache Kafka: those in LEDGER_BROKERS, else of one embedded for this session."""
    if named := os.environ.get("LEDGER_BROKERS"):
        pytestconfig.stash[_KAFKA] = f"the Apache Kafka that LEDGER_BROKERS names, {named}"
        yield named
        return
    directory = tmp_path_factory.mktemp("kafka")
    try:
        status = broker.start(directory)
        assert status.address is not None
        pytestconfig.stash[_KAFKA] = f"Apache Kafka {status.version} (embedded, {status.address})"
        yield status.address
    finally:
        broker.stop(directory)


@pytest.fixture
def prefix() -> str:
    """A prefix for topics that no other test uses, such as `t3f9a1c-`."""
    return f"t{secrets.token_hex(3)}-"


@pytest.fixture
def cluster(brokers: str, prefix: str) -> Cluster:
    """The cluster, with topics that no other test uses."""
    cluster = Cluster(brokers, prefix)
    topics.create(cluster)
    return cluster


@pytest.fixture
def installation(cluster: Cluster, tmp_path: Path) -> Iterator[Installation]:
    """That cluster and the path of a book to be made; workers that a test leaves behind are killed."""
    installation = Installation(cluster, tmp_path / "book.db")
    yield installation
    installation.close()


@pytest.fixture(scope="session")
def told(brokers: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A log that holds everything that befalls logs, and a book of it, for tests that only ask: nobody changes them."""
    cluster = Cluster(brokers, f"t{secrets.token_hex(3)}-")
    topics.create(cluster)
    Load(cluster, seed=7).say(600)
    installation = Installation(cluster, tmp_path_factory.mktemp("told") / "book.db")
    replay(cluster, installation.book)
    return installation


@pytest.fixture(scope="session")
def office_data() -> Path:
    """Directory of the real office data: LEDGER_OFFICE_DATA, else `shared/data` beside the repository."""
    directory = Path(os.environ.get("LEDGER_OFFICE_DATA") or _ROOT.parent / "shared" / "data")
    if not directory.is_dir():
        pytest.skip(f"no office data: {directory} is not there; set LEDGER_OFFICE_DATA to its directory")
    return directory
