"""The socket of the server."""

from __future__ import annotations

import asyncio
import socket

import pytest

from ledger.web.server import STUCK_SECONDS, AddressUnavailable, listen

pytestmark = pytest.mark.anyio


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="an option of Linux")
async def test_answers_wait_neither_for_a_confirmation_nor_for_ever() -> None:
    options = (socket.TCP_NODELAY, socket.TCP_USER_TIMEOUT)
    seen: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()

    def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        seen.set_result([accepted.getsockopt(socket.IPPROTO_TCP, option) for option in options])
        writer.close()

    with listen("127.0.0.1", 0) as sock:
        async with await asyncio.start_server(answer, sock=sock):
            _, writer = await asyncio.open_connection(*sock.getsockname())
            assert await seen == [1, 1000 * STUCK_SECONDS]
            writer.close()


def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(AddressUnavailable, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)
