"""Fixtures of the whole suite: a real Apache Kafka, topics for one test, the real office data."""

from __future__ import annotations

import fcntl
import gc
import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from ledger.audit.replay import replay
from streams import broker, topics
from streams.cluster import Cluster
from tests.acceptance.fault import Fault
from tests.acceptance.load import Load
from tests.processes import Installation

_ROOT = Path(__file__).parents[1]
_KAFKA = pytest.StashKey[str]()
_FAULTS = pytest.StashKey[list[Fault]]()
_SUMMARY = pytest.StashKey[tuple[list[str], list[str]]]()

gc.disable()  # until all tests are collected: it takes a quarter of the time, and finds nothing
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as of a shell's background job; processes of tests inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("ip-ledger", deadline=None, print_blob=True, derandomize=os.environ.get("CI") is not None)
settings.load_profile("ip-ledger")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--rounds N` and `--seed S`: the length of the fault matrix, and what it is drawn from."""
    parser.addoption("--rounds", type=int, default=1, help="rounds of each fault (default 1)")
    parser.addoption("--seed", type=int, default=secrets.randbits(32), help="seed of the faults (default: random)")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: compressed or signed bytes may differ in each process of a run."""
    return argname if isinstance(val, bytes) and not val.isascii() else None


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by the fixtures that it uses, so that `-m` can select it; skip long tests but in `make faults`."""
    for item in items:
        if item.get_closest_marker("long") and config.getoption("--rounds") == 1:
            item.add_marker(pytest.mark.skip(reason="takes long: make faults"))
        fixtures = getattr(item, "fixturenames", ())
        if "brokers" in fixtures or "secured" in fixtures:
            item.add_marker(pytest.mark.broker)
        if "office_data" in fixtures:
            item.add_marker(pytest.mark.office_data)
        if "fault" in fixtures:
            item.add_marker(pytest.mark.fault)


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of later garbage collections: they traverse what lives, and all of it stays."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the Kafka and the faults of a worker process to the process that prints the summary."""
    if output := getattr(session.config, "workeroutput", None):
        output["summary"] = _summary(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the summary of a worker process that has ended."""
    kafka, rows = getattr(node, "workeroutput", {}).get("summary", ([], []))
    for known, more in zip(node.config.stash.setdefault(_SUMMARY, ([], [])), (kafka, rows), strict=True):
        known.extend(more)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the fault matrix, and which Apache Kafka the tests ran on."""
    kafka, rows = config.stash.get(_SUMMARY, _summary(config))
    if rows:
        terminalreporter.section(f"fault matrix, seed {config.getoption('--seed')}")
    for row in sorted(rows):
        terminalreporter.write_line(row)
    clusters = " and ".join(dict.fromkeys(kafka))
    terminalreporter.write_line(f"ran on: {clusters or 'no Apache Kafka (no test asked for one)'}")


def _summary(config: pytest.Config) -> tuple[list[str], list[str]]:
    """Return the Apache Kafka that this process ran on, and a line for each fault."""
    faults = config.stash.get(_FAULTS, [])
    rows = [f"{fault.times:>6} x {fault.name} -> {fault.afterwards or 'FAILED'}" for fault in faults]
    return [kafka] if (kafka := config.stash.get(_KAFKA, "")) else [], rows


@pytest.fixture(scope="session")
def brokers(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield addresses of a real Apache Kafka: those in LEDGER_BROKERS, or of one that all processes of a run share."""
    if named := os.environ.get("LEDGER_BROKERS"):
        pytestconfig.stash[_KAFKA] = f"the Apache Kafka that LEDGER_BROKERS names, {named}"
        yield named
        return
    own = tmp_path_factory.getbasetemp()
    directory = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "kafka"
    directory.mkdir(exist_ok=True)
    with (directory / "users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            status = broker.start(directory)
            assert status.address is not None
            pytestconfig.stash[_KAFKA] = f"Apache Kafka {status.version} (embedded, {status.address})"
            yield status.address
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            with suppress(BlockingIOError):  # others use it
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                broker.stop(directory)


@pytest.fixture
def prefix() -> str:
    """Return a prefix for topics that no other test uses, such as `t3f9a1c-`."""
    return f"t{secrets.token_hex(3)}-"


@pytest.fixture
def cluster(brokers: str, prefix: str) -> Cluster:
    """Return the cluster, with topics that no other test uses."""
    cluster = Cluster(brokers, prefix)
    topics.create(cluster)
    return cluster


@pytest.fixture
def installation(cluster: Cluster, tmp_path: Path) -> Iterator[Installation]:
    """Yield that cluster with the path of a new book; kill the workers that a test leaves behind."""
    installation = Installation(cluster, tmp_path / "book.db")
    yield installation
    installation.close()


@pytest.fixture(scope="session")
def loaded(brokers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Return a log with all kinds of good and bad records and its book, shared by tests that only read them."""
    cluster = Cluster(brokers, f"t{secrets.token_hex(3)}-")
    topics.create(cluster)
    Load(cluster, seed=7).produce(600)
    installation = Installation(cluster, tmp_path_factory.mktemp("loaded") / "book.db")
    replay(cluster, installation.book)
    ends = installation.ends()
    yield installation
    assert installation.ends() == ends, "a test wrote to the log that all share"


@pytest.fixture
def fault(request: pytest.FixtureRequest) -> Fault:
    """Return a row of the fault matrix for this test; the same seed draws the same faults."""
    config = request.config
    seed = f"{config.getoption('--seed')} {request.node.name}"
    name = (request.function.__doc__ or "").strip().splitlines()[0]
    fault = Fault(name, config.getoption("--rounds"), Random(seed))
    config.stash.setdefault(_FAULTS, []).append(fault)
    return fault


@pytest.fixture(scope="session")
def office_data() -> Path:
    """Return the directory of the real office data: LEDGER_OFFICE_DATA, or `shared/data` next to the repository."""
    directory = Path(os.environ.get("LEDGER_OFFICE_DATA") or _ROOT.parent / "shared" / "data")
    if not directory.is_dir():
        pytest.skip(f"no office data: {directory} does not exist; set LEDGER_OFFICE_DATA to its directory")
    return directory
