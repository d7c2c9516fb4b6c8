"""A proxy between a worker and its broker that breaks connections as networks do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import suppress

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of a socket that ends with RST instead of FIN."""


class Line:
    """Listens on its own port and carries bytes to the broker and back."""

    def __init__(self, there: tuple[str, int]) -> None:
        self._there = there
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: set[_Connection] = set()
        self._refusing = False
        self.asks, self.answers = threading.Event(), threading.Event()
        self.piece, self.pause = 1 << 16, 0.0
        self.answers_left: int | None = None
        self.heal()
        threading.Thread(target=self._accept, daemon=True).start()

    def heal(self) -> None:
        """Work again, and deliver held bytes, as TCP retransmission does."""
        self._refusing = False
        self.piece, self.pause = 1 << 16, 0.0
        self.answers_left = None
        self.asks.set()
        self.answers.set()

    def cut(self) -> None:
        """Reset all connections; accept new ones."""
        for connection in list(self._open):
            connection.reset()

    def refuse(self) -> None:
        """Reset all connections, and new ones too."""
        self._refusing = True
        self.cut()

    def hold(self) -> None:
        """Hold all bytes silently; accept new connections."""
        self.asks.clear()
        self.answers.clear()

    def hold_answers(self) -> None:
        """Hold the answers of the broker, which still hears the worker."""
        self.answers.clear()

    def drop_silently(self) -> None:
        """Drop the bytes of current connections silently and forever; new connections work."""
        for connection in list(self._open):
            connection.dead = True

    def trickle(self) -> None:
        """Slow down to about 400 KB/s, in small pieces."""
        self.piece, self.pause = 2048, 0.005

    def cut_in_an_answer(self, after: int) -> None:
        """Reset all connections once, in the middle of an answer, after this number of bytes."""
        self.answers_left = after

    def close(self) -> None:
        """Stop listening and reset all connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.heal()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            if self._refusing:
                _reset(here)
                continue
            try:
                there = socket.create_connection(self._there)
            except OSError:  # the broker is away
                _reset(here)
                continue
            self._open.add(_Connection(self, here, there))

    def ended(self, connection: _Connection) -> None:
        """Remove a connection that has ended."""
        self._open.discard(connection)


class _Connection:
    def __init__(self, line: Line, here: socket.socket, there: socket.socket) -> None:
        self.line, self.here, self.there = line, here, there
        self.dead = False
        threading.Thread(target=self._carry, args=(here, there, line.asks), daemon=True).start()
        threading.Thread(target=self._carry, args=(there, here, line.answers), daemon=True).start()

    def reset(self) -> None:
        _reset(self.here)
        _reset(self.there)
        self.line.ended(self)

    def _carry(self, source: socket.socket, target: socket.socket, flows: threading.Event) -> None:
        with suppress(OSError):
            while data := source.recv(self.line.piece):
                flows.wait()
                if self.dead:
                    continue
                if source is self.there and self._cut_here(len(data)):
                    target.sendall(data[: len(data) // 2])
                    self.line.cut()
                target.sendall(data)
                if self.line.pause:
                    time.sleep(self.line.pause)
        self.reset()

    def _cut_here(self, size: int) -> bool:
        line = self.line
        if line.answers_left is None:
            return False
        line.answers_left -= size
        if line.answers_left > 0:
            return False
        line.answers_left = None
        return True


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.shutdown(socket.SHUT_RD)  # wakes a thread in recv without sending anything to the peer
    end.close()
