"""Ports of loopback, each claimed by one start until its broker listens there.

A free port is free for everyone: two brokers that start at once could find the same one, and one of them would die. So
a start first binds the UDP port of the same number, which only one process can; the system releases it when the process
ends, however it ends.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from random import SystemRandom

from streams.broker.errors import PortTaken

HOST = "127.0.0.1"
# Below the ports that systems assign to outgoing connections: while the broker is down, a client that reconnects on
# loopback could otherwise be assigned the broker's own port, and keep it.
_PORTS = range(20000, 32768)
_random = SystemRandom()  # cannot be seeded: processes with equal seeds would choose the same ports


class Claims(ExitStack):
    """The ports of one start; other starts choose others until it exits."""

    def named(self, port: int) -> int:
        """Claim this port and no other. Raise PortTaken."""
        self._claim(port)  # another process's UDP port of that number does no harm
        if not _free(port):
            raise PortTaken(port=port)
        return port

    def any(self, preferred: int | None = None) -> int:
        """Claim a free port: the preferred one if it is free."""
        candidates = [preferred] if preferred else []
        candidates += _random.sample(_PORTS, len(_PORTS))
        return next(port for port in candidates if self._claim(port) and _free(port))

    def _claim(self, port: int) -> bool:
        """Claim the port; return whether that succeeded."""
        claim = self.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        try:
            claim.bind((HOST, port))
        except OSError:
            return False
        return True


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: lingering ports are free
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
