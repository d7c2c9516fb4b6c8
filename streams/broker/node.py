"""The single node of a directory: its files, its ports, its process."""

from __future__ import annotations

import base64
import secrets
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from streams.broker import process, properties
from streams.broker.errors import BrokerDied, BrokerTimeout
from streams.broker.ports import HOST, Claims
from streams.broker.runtime import Runtime, keep_startup_cache

_BROKER = "kafka.Kafka"  # the main classes of Apache Kafka
_FORMAT = "kafka.tools.StorageTool"


@dataclass(frozen=True, slots=True)
class Node:
    """An absolute directory and its files: `server.properties`, `data`, `kafka.log`, `kafka.pid`."""

    directory: Path

    @property
    def settings(self) -> properties.NodeSettings | None:
        """The settings of the last start; None before the first one."""
        file = self._properties
        return properties.parse(file.read_text()) if file.exists() else None

    @property
    def pid(self) -> int | None:
        """The pid of this node's process while it runs."""
        return process.running_pid(self._pid_file, self._ending)

    def launch(self, runtime: Runtime, port: int, claims: Claims) -> None:
        """Start the process without waiting for it. Port 0 means that of the last start if free, else any free one.

        The caller holds the claims until the process listens. Raise PortTaken.
        """
        last = self.settings
        port = claims.named(port) if port else claims.any(last.port if last else None)
        controller_port = claims.any(last.controller_port if last else None)
        settings = properties.NodeSettings(runtime.version, port, controller_port)
        draft = self.directory / "server.properties.new"
        draft.write_text(properties.render(settings))
        draft.replace(self._properties)
        self._format(runtime)
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.1"))
        command = runtime.command(_BROKER, str(self._properties), record_in=self.directory)
        process.launch(command, self.directory, self._log, self._pid_file)

    def wait_until_ready(self, seconds: float) -> None:
        """Return when the broker responds. Raise BrokerDied, or BrokerTimeout (after stopping it)."""
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self.pid is None:
                lines = _tail(self._log.read_text(errors="replace"))
                raise BrokerDied(directory=self.directory, log=self._log, lines=lines)
            if time.monotonic() > deadline:
                self.end(timeout=5)
                raise BrokerTimeout(directory=self.directory, log=self._log, seconds=seconds)
            time.sleep(0.02)

    def end(self, timeout: float) -> bool:
        """End the process: gently, after `timeout` seconds by force. Return False if there was none."""
        ended = process.end(self._pid_file, self._ending, timeout)
        keep_startup_cache(self.directory)
        return ended

    @property
    def _properties(self) -> Path:
        return self.directory / "server.properties"

    @property
    def _log(self) -> Path:
        return self.directory / "kafka.log"

    @property
    def _pid_file(self) -> Path:
        return self.directory / "kafka.pid"

    @property
    def _ending(self) -> str:
        """Return the end of this node's command line, which no other process has."""
        return f"{_BROKER} {self._properties}"

    def _cluster_id(self) -> str | None:
        """Return the cluster id that `_format` gave to the data; None before."""
        file = self.directory / "data" / "meta.properties"
        lines = file.read_text().splitlines() if file.exists() else []
        return next((line.partition("=")[2] for line in lines if line.startswith("cluster.id=")), None)

    def _format(self, runtime: Runtime) -> None:
        """Give empty data a cluster id, once."""
        if self._cluster_id() is not None:
            return
        # 16 bytes; the first two are fixed because Kafka's tool takes an id that begins with "-" for an option.
        cluster_id = base64.urlsafe_b64encode(b"ip" + secrets.token_bytes(14)).decode().rstrip("=")
        command = runtime.command(_FORMAT, "format", "-t", cluster_id, "-c", str(self._properties))
        tool = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)  # noqa: S603 - our own
        if tool.returncode != 0:
            lines = _tail(tool.stdout + tool.stderr)
            raise BrokerDied(directory=self.directory, log=self._log, lines=lines)

    def _answers(self) -> bool:
        """Return whether this node, not another process on its port, accepts clients."""
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient

        settings = self.settings
        assert settings is not None
        try:
            socket.create_connection((HOST, settings.port), timeout=1).close()
            admin = AdminClient({"bootstrap.servers": settings.address, "log_level": 0})
            cluster = admin.list_topics(timeout=2)
        except (OSError, KafkaException):
            return False
        return bool(cluster.brokers) and cluster.cluster_id == self._cluster_id()


def _tail(log: str) -> str:
    """Return the last meaningful lines, without the frames of Java stack traces."""
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith(("\t", "WARNING:"))]
    return " | ".join(lines[-5:])
