"""Each role can do its work with the rights that ops/acls.sh grants, and each missing right is named."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.audit.replay import replay
from schemas.topics import LOG_TOPIC, REJECTION_TOPIC, TOPICS
from streams import topics
from streams.cluster import Cluster
from tests.acceptance.load import Load
from tests.deals import request
from tests.events import granted, registered, value_of
from tests.processes import Finished, wait_until
from tests.security.secured import ACLS, Secured, SecuredInstallation

EVENT = value_of(granted("g1", "US1B2"))
PATENTS = "ip.patent.v1"
GROUP = "ip-ledger."


@dataclass
class Site:
    """A log on the secured broker, and installations of its roles."""

    secured: Secured
    prefix: str
    directory: Path

    def as_role(self, role: str, *named: str, user: str = "") -> SecuredInstallation:
        """Return an installation of a new user with this role."""
        cluster = self.secured.cluster(user or self.secured.user(), self.prefix)
        self.secured.grant_role(role, cluster, *named)
        return SecuredInstallation(cluster, self.directory / f"{secrets.token_hex(3)}.db")

    def lack(self, installation: SecuredInstallation, operation: str, kind: str, name: str, but: str = "") -> None:
        """Revoke a right, but keep the right to the operation `but`."""
        principal = installation.cluster.principal
        full = name if kind == "group" else self.prefix + name
        if but:
            self.secured.grant(principal, [(but, kind, full)])
        self.secured.revoke(principal, [(operation, kind, full)])


@pytest.fixture(scope="module")
def site(secured: Secured, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a log with events, and its book, `book.db`."""
    prefix, directory = f"t{secrets.token_hex(3)}.", tmp_path_factory.mktemp("site")
    root = Cluster(secured.open, prefix)
    topics.create(root)
    Load(root, seed=3).produce(100)
    replay(root, directory / "book.db")
    return Site(secured, prefix, directory)


@pytest.fixture
def empty(secured: Secured, tmp_path: Path) -> Site:
    """Return a prefix without topics."""
    return Site(secured, f"t{secrets.token_hex(3)}.", tmp_path)


def names_the_right(output: str, cluster: Cluster, operation: str, kind: str, name: str) -> None:
    """Assert the one sentence: principal, operation, resource, and the command that grants it."""
    assert "Traceback" not in output
    sentence = f"deny {cluster.principal} the operation {operation} on the {kind} {name}. "
    assert sentence in output, output
    command = shlex.split(output.partition("grants it with `")[2].partition("`")[0])
    assert command[1:] == [
        *("--bootstrap-server", cluster.brokers, "--add", "--allow-principal", cluster.principal),
        *("--operation", operation, f"--{kind}", name),
    ]


def run(site: Site, installation: SecuredInstallation, command: str) -> Finished:
    """Run a command of the table on the site's book, which none of them changes."""
    installation.book = site.directory / "book.db"
    arguments = command.split()
    if arguments[0] == "replay":
        arguments.append(str(site.directory / f"{secrets.token_hex(3)}.db"))
    return installation.run(*arguments, given=EVENT)


# ---- the rights that the script grants are enough for each role


def test_the_script_grants_on_all_topics() -> None:
    script = ACLS.read_text()
    assert f"topics='{' '.join(TOPICS)}'" in script
    assert f"log='{LOG_TOPIC}'" in script
    assert f"rejections='{REJECTION_TOPIC}'" in script


def test_each_role_can_do_its_work(empty: Site) -> None:
    creator, producer, auditor = (empty.as_role(role) for role in ("creator", "producer", "auditor"))
    worker, evaluator = empty.as_role("worker"), empty.as_role("evaluator")
    try:
        for arguments in (["topics", "create"], ["topics", "check"]):
            done = creator.run(*arguments)
            assert done.code == 0, done.err
        assert producer.run("publish", "-", given=EVENT).code == 0
        process = worker.worker()
        wait_until(lambda: worker.posted() == 1, lambda: process.output)
        auditor.book = worker.book
        for arguments in (["status"], ["verify"], ["topics", "check"], ["replay", "--book", f"{worker.book}.new"]):
            done = auditor.run(*arguments)
            assert done.code == 0, (arguments, done.err)
            assert "not known" not in done.err
        evaluator.book = worker.book
        answering = evaluator.service("evaluator")
        assert producer.run("publish", "-", given=value_of(request("US1B2"))).code == 0
        wait_until(lambda: worker.posted() >= 3, lambda: f"{answering.output} {process.output}")
        assert answering.stop() == 0
        assert auditor.run("evaluate", "--verify").json["requests"] == 1
        for role in (auditor, worker):
            assert "do this" not in role.run("doctor").out
        assert process.stop() == 0
    finally:
        worker.close()
        evaluator.close()


def test_a_worker_logs_in_with_its_certificate(site: Site) -> None:
    client = site.secured.authority.issue("worker", "/O=Example, Inc./CN=worker")
    cluster = site.secured.certified(client, site.prefix)
    assert cluster.principal == r"User:CN=worker,O=Example\, Inc."
    site.secured.grant_role("worker", cluster, LEDGER_GROUP="posting")
    installation = SecuredInstallation(cluster, site.directory / "certified.db", more={"LEDGER_GROUP": "posting"})
    try:
        process = installation.worker()
        wait_until(lambda: installation.posted() >= 100, lambda: process.output)
        assert process.stop() == 0
    finally:
        installation.close()


def test_a_producer_of_one_topic_writes_to_no_other(site: Site) -> None:
    producer = site.as_role("producer", PATENTS)
    assert producer.run("publish", "-", given=EVENT).code == 0
    done = producer.run("publish", "-", given=value_of(registered("p1")))
    assert done.code == 69
    names_the_right(done.err, producer.cluster, "Write", "topic", f"{site.prefix}ip.pledge.v1")


# ---- each missing right


@pytest.mark.parametrize(
    ("role", "command", "operation", "name", "but"),
    [
        ("creator", "topics check", "Describe", PATENTS, ""),
        ("creator", "topics check", "DescribeConfigs", PATENTS, ""),
        ("creator", "topics check", "Read", LOG_TOPIC, ""),
        ("producer", "publish -", "Write", PATENTS, ""),
        ("producer", "publish -", "Write", PATENTS, "Describe"),
        ("producer", "publish -", "Read", LOG_TOPIC, ""),
        ("auditor", "replay --book", "Read", PATENTS, ""),
        ("auditor", "replay --book", "Read", PATENTS, "Describe"),
        ("auditor", "replay --book", "Read", LOG_TOPIC, "Describe"),
        ("auditor", "verify", "Read", PATENTS, ""),
        ("auditor", "verify", "Read", PATENTS, "Describe"),
        ("auditor", "verify", "Read", LOG_TOPIC, ""),
        ("auditor", "verify --independent", "Read", PATENTS, "Describe"),
        ("worker", "worker", "Read", PATENTS, ""),
        ("worker", "worker", "Read", PATENTS, "Describe"),
        ("worker", "worker", "Read", LOG_TOPIC, ""),
        ("worker", "rejections publish", "Write", REJECTION_TOPIC, ""),
    ],
)
def test_a_missing_right_is_one_sentence_and_exit_code_69(
    site: Site, role: str, command: str, operation: str, name: str, but: str
) -> None:
    somebody = site.as_role(role)
    site.lack(somebody, operation, "topic", name, but)
    done = run(site, somebody, command)
    assert done.code == 69, done.err
    names_the_right(done.err.splitlines()[0], somebody.cluster, operation, "topic", site.prefix + name)
    assert "Traceback" not in done.err


@pytest.mark.parametrize("kind", ["topic", "transactional-id"])
def test_an_evaluator_that_may_not_write_answers_ends_before_the_first_request(site: Site, kind: str) -> None:
    evaluator = site.as_role("evaluator")
    name = f"{site.prefix}ip.valuation.v1" if kind == "topic" else f"{GROUP}{site.prefix}evaluator"
    site.secured.revoke(evaluator.cluster.principal, [("Write", kind, name)])
    done = run(site, evaluator, "evaluator")
    assert done.code == 69, done.err
    if kind == "topic":
        names_the_right(done.err, evaluator.cluster, "Write", kind, name)
    else:
        assert "the operation Write on the transactional-id " in done.err
        assert f"--transactional-id {name}.answered. --resource-pattern-type prefixed" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("but", ["", "Describe"])
def test_a_worker_that_may_not_read_its_group_ends_at_once(site: Site, but: str) -> None:
    worker = site.as_role("worker")
    site.lack(worker, "Read", "group", GROUP, but)
    done = run(site, worker, "worker")
    assert done.code == 69, done.err


@pytest.mark.parametrize("but", ["", "Describe"])
def test_the_missing_right_to_commit_sent_rejections_is_named(site: Site, but: str) -> None:
    worker = site.as_role("worker")
    site.lack(worker, "Read", "group", GROUP, but)
    done = run(site, worker, "rejections publish")
    assert done.code == 69, done.err
    names_the_right(done.err.splitlines()[0], worker.cluster, "Read", "group", f"{worker.group}.rejections")


@pytest.mark.parametrize(("operation", "but"), [("Create", ""), ("Describe", ""), ("Write", ""), ("Read", "Describe")])
def test_creating_topics_needs_the_right(empty: Site, operation: str, but: str) -> None:
    creator = empty.as_role("creator")
    name = LOG_TOPIC if operation in ("Read", "Write") else PATENTS
    empty.lack(creator, operation, "topic", name, but)
    done = creator.run("topics", "create")
    assert done.code == 69, done.err
    names_the_right(done.err, creator.cluster, operation, "topic", empty.prefix + name)


def test_status_continues_and_names_what_it_cannot_know(site: Site) -> None:
    auditor = site.as_role("auditor")
    site.lack(auditor, "Read", "topic", PATENTS)
    done = run(site, auditor, "status --json")
    assert done.code == 0
    assert {row["end"] for row in done.json["partitions"]} == {None}
    assert "The end of the log is not known: The brokers" in done.err
    assert f"on the topic {site.prefix}{PATENTS}. " in done.err


@pytest.mark.parametrize(
    ("check", "operation", "kind", "name"),
    [
        ("broker", "DescribeConfigs", "topic", PATENTS),
        ("log", "Read", "topic", PATENTS),
        ("worker", "Describe", "group", GROUP),
    ],
)
def test_doctor_names_a_missing_right_in_its_check(
    site: Site, check: str, operation: str, kind: str, name: str
) -> None:
    auditor = site.as_role("auditor")
    site.lack(auditor, operation, kind, name, "Describe" if operation == "Read" else "")
    done = run(site, auditor, "doctor --json")
    assert done.code == 1
    found = {finding["check"]: finding for finding in done.json["findings"]}
    assert not found[check]["well"]
    assert f"the operation {operation} on the {kind} " in found[check]["found"]
    assert found[check]["next_step"] == "see the message"


# ---- a right that a running worker loses


@pytest.fixture
def at_work(site: Site) -> Iterator[SecuredInstallation]:
    """Yield a worker that has posted everything."""
    installation = site.as_role("worker")
    installation.worker()
    installation.cluster, own = Cluster(site.secured.open, site.prefix), installation.cluster
    installation.wait_until_posted()
    installation.cluster = own
    yield installation
    installation.close()


def test_a_worker_that_loses_a_topic_names_the_right(site: Site, at_work: SecuredInstallation) -> None:
    (process,) = at_work.workers
    site.lack(at_work, "Read", "topic", PATENTS, "Describe")
    Load(Cluster(site.secured.open, site.prefix), seed=4).produce(50)
    assert process.wait() == 69
    names_the_right(process.output, at_work.cluster, "Read", "topic", site.prefix + PATENTS)


def test_a_worker_that_loses_its_group_names_the_right(site: Site, at_work: SecuredInstallation) -> None:
    (process,) = at_work.workers
    site.lack(at_work, "Read", "group", GROUP)
    assert process.wait() == 69
    assert "the operation Read on the group ip-ledger." in process.output
    assert "Traceback" not in process.output
