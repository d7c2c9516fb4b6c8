"""The deletion policies of topics, as long as no broker answers."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import pytest

from streams.cluster import BrokerUnavailable, Cluster
from streams.retention import policies
from tests.processes import PATIENCE_SECONDS


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc")
def test_unreachable_brokers_leave_no_client_behind() -> None:
    cluster = Cluster("127.0.0.1:1", timeout=0.2)
    before = _descriptors()
    gc.disable()  # a worker runs it rarely
    try:
        for _ in range(3):
            with pytest.raises(BrokerUnavailable):
                policies(cluster)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _descriptors() > before and time.monotonic() < deadline:
            time.sleep(0.01)
        assert _descriptors() <= before
    finally:
        gc.enable()
