"""Ports of loopback, each claimed by one start until its broker listens there.

A port that is free is free for everybody: two brokers that start at once could find the same one, and one of them would
die. So whoever chooses a TCP port first binds the UDP port of its number, which no two can do; the system lets go of it
when a process ends, however it does.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from random import SystemRandom

from streams.broker.errors import PortTaken

HOST = "127.0.0.1"
# Below the ports that systems give to outgoing connections: while the broker is down, a client that tries to
# reconnect on loopback could otherwise be given the broker's own port, and keep it.
_PORTS = range(20000, 32768)
_random = SystemRandom()  # nobody can seed it: processes that were seeded alike would choose alike


class Claims(ExitStack):
    """The ports that a start has chosen; others choose others until it exits."""

    def named(self, port: int) -> int:
        """Claim this port and no other. Raises PortTaken."""
        self._claim(port)  # somebody's UDP port of that number does no harm
        if not _free(port):
            raise PortTaken(port=port)
        return port

    def any(self, preferred: int | None = None) -> int:
        """Claim a free port: the preferred one if it is free."""
        candidates = [preferred] if preferred else []
        candidates += _random.sample(_PORTS, len(_PORTS))
        return next(port for port in candidates if self._claim(port) and _free(port))

    def _claim(self, port: int) -> bool:
        """Whether the port is ours from now on, and was not before."""
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
