"""The jars of Apache Kafka: named by a lock file, fetched once into a cache, checked at every start."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from streams.broker.errors import ExtraMissingError, JarChangedError, JarsUnavailableError

LOCK = Path(__file__).with_name("kafka.lock")


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock: Maven coordinates and the SHA-256 of the file, in hexadecimal."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


Fetch = Callable[[Sequence[Jar], Path], Iterable[Path]]
"""Brings jars, in order, and may use the directory for what it downloads."""


def parse_lock(text: str) -> tuple[Jar, ...]:
    """Jars of a lock file: lines `group:artifact:version sha256`; lines that start with # are comments."""
    jars = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            coordinates, sha256 = line.split()
            group, artifact, version = coordinates.split(":")
            jars.append(Jar(group, artifact, version, sha256))
    return tuple(jars)


def install(lock: Sequence[Jar], directory: Path, fetch: Fetch) -> list[Path]:
    """The jars of the lock in `directory`, each checked against its hash; only what is missing is fetched.

    Processes that install at once do not disturb each other: every jar is moved into place whole and checked.
    """
    missing = [jar for jar in lock if not (directory / jar.filename).exists()]
    if missing:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix="fetch-") as staging:
            for jar, path in zip(missing, fetch(missing, Path(staging)), strict=True):
                copy = Path(staging, jar.filename)
                copy.write_bytes(_checked(jar, path))
                copy.replace(directory / jar.filename)
    paths = [directory / jar.filename for jar in lock]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_checked, lock, paths))
    return paths


def fetch_with_jgo(jars: Sequence[Jar], staging: Path) -> Iterable[Path]:
    """Fetch jars as jgo is set up on this machine; what Maven's local repository has is taken from there.

    Raises ExtraMissingError where jgo is not installed, JarsUnavailableError where a jar cannot be had.
    """
    try:
        from jgo.config import GlobalSettings
        from jgo.constants import MAVEN_CENTRAL_URL
        from jgo.maven import MavenContext
    except ImportError as error:
        raise ExtraMissingError(package="jgo") from error
    settings = GlobalSettings.load()
    context = MavenContext(
        repo_cache=staging,
        local_repos=[settings.repo_cache],
        remote_repos={"central": MAVEN_CENTRAL_URL} | settings.repositories,
        timeout=60,
    )

    def path_of(jar: Jar) -> Path:
        path: Path = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
        return path

    try:
        with ThreadPoolExecutor(8) as pool:
            yield from pool.map(path_of, jars)
    except (OSError, RuntimeError) as error:  # what requests and jgo raise
        raise JarsUnavailableError(count=len(jars), reason=error) from error


def _checked(jar: Jar, path: Path) -> bytes:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != jar.sha256:
        raise JarChangedError(path=path, found=found, expected=jar.sha256)
    return content
