"""The socket of the server."""

from __future__ import annotations

import asyncio
import socket

import pytest

from ledger.web.server import AddressUnavailable, listen

pytestmark = pytest.mark.anyio


async def test_answers_do_not_wait_for_the_client_to_confirm_their_beginning() -> None:
    seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        seen.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with listen("127.0.0.1", 0) as sock:
        async with await asyncio.start_server(answer, sock=sock):
            _, writer = await asyncio.open_connection(*sock.getsockname())
            assert await seen == 1
            writer.close()


def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(AddressUnavailable, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)
