"""The publisher survives brokers that are away."""

from __future__ import annotations

import socket

import pytest

from ledger.web.publisher import Publisher
from schemas.errors import Unavailable
from streams.cluster import Cluster
from tests.events import granted, value_of

pytestmark = pytest.mark.anyio


@pytest.mark.slow
async def test_brokers_that_are_away_fail_each_request_and_no_later_one() -> None:
    with socket.socket() as closed:  # bound, but nobody listens
        closed.bind(("127.0.0.1", 0))
        publisher = Publisher(Cluster(f"127.0.0.1:{closed.getsockname()[1]}", timeout=1.0))
        for _ in range(2):
            with pytest.raises(Unavailable):
                await publisher.publish([value_of(granted())])
    publisher.close()
