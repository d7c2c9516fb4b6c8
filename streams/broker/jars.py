"""The jars of Apache Kafka: listed in a lock file, downloaded once into a cache, checked at every start."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from streams.broker.errors import ExtraMissing, JarChanged, JarUnavailable

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


Fetch = Callable[[Jar, Path], Path]
"""Returns the file of a jar; the directory is for its downloads."""


def parse_lock(text: str) -> tuple[Jar, ...]:
    """Return the jars of a lock file: lines `group:artifact:version sha256`; lines that start with # are comments."""
    jars = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            coordinates, sha256 = line.split()
            group, artifact, version = coordinates.split(":")
            jars.append(Jar(group, artifact, version, sha256))
    return tuple(jars)


def install(lock: Sequence[Jar], directory: Path, fetch: Fetch, progress: Callable[[str], None]) -> list[Path]:
    """Return the jars of the lock in `directory`, each checked against its hash; download only missing ones.

    Concurrent installations do not disturb each other: a jar is moved into place complete and checked. Raise
    JarChanged, and what `fetch` raises.
    """
    missing = [jar for jar in lock if not (directory / jar.filename).exists()]
    if missing:
        progress(f"Fetching {len(missing)} jars of Apache Kafka into {directory} (once) ...")
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix="fetch-") as staging:

            def bring(jar: Jar) -> None:
                copy = Path(staging, jar.filename)
                copy.write_bytes(_checked(jar, fetch(jar, Path(staging))))
                copy.replace(directory / jar.filename)

            with ThreadPoolExecutor(8) as pool:
                list(pool.map(bring, missing))
    paths = [directory / jar.filename for jar in lock]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_checked, lock, paths))
    return paths


def fetch_with_jgo(jar: Jar, directory: Path) -> Path:
    """Download a jar with jgo as configured on this machine; jars in Maven's local repository are taken from there.

    Raise ExtraMissing if jgo is not installed, JarUnavailable if the jar cannot be downloaded.
    """
    try:
        from jgo.config import GlobalSettings
        from jgo.constants import MAVEN_CENTRAL_URL
        from jgo.maven import MavenContext
    except ImportError as error:
        raise ExtraMissing(package="jgo") from error
    settings = GlobalSettings.load()
    context = MavenContext(
        repo_cache=directory,
        local_repos=[settings.repo_cache],
        remote_repos={"central": MAVEN_CENTRAL_URL} | settings.repositories,
        timeout=60,
    )
    try:
        return Path(context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve())
    except (OSError, RuntimeError) as error:  # errors of requests and jgo
        raise JarUnavailable(jar=jar.filename, reason=error) from error


def _checked(jar: Jar, path: Path) -> bytes:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != jar.sha256:
        raise JarChanged(path=path, found=found, expected=jar.sha256)
    return content
