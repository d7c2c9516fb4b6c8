"""The server as a process, with a real broker and a worker: publish, read your own write, follow live."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from streams.synthetic.pledges import generate_pledges
from tests.events import granted, registered, value_of
from tests.processes import PATIENCE_SECONDS, Installation, wait_until
from tests.servers import Server, serving

ONE = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}


@pytest.fixture
def server(installation: Installation) -> Iterator[Server]:
    """Yield a server of a book to which a worker posts the log."""
    installation.worker().wait_until_started()
    with serving(installation.environment, installation.book.parent) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Yield a client of the server."""
    with httpx.Client(base_url=server.address, timeout=PATIENCE_SECONDS) as client:
        yield client


def test_what_is_published_can_be_read(client: httpx.Client, server: Server) -> None:
    published = client.post("/api/v1/events", content=value_of(granted()), headers=ONE)
    assert published.status_code == 201, published.text
    receipt = published.json()
    assert (receipt["topic"], receipt["offset"], receipt["subject"]) == ("ip.patent.v1", 0, "US10000000B2")

    figure = client.get("/api/v1/totals", params={"kind": "grants", "min_position": receipt["position"]})
    assert figure.status_code == 200, figure.text
    assert [row["events"] for row in figure.json()["rows"]] == [1]
    record = client.get(published.headers["location"]).json()["record"]
    assert (record["id"], record["outcome"]) == (receipt["id"], "accepted")

    other = client.post(
        "/api/v1/events",
        content=value_of(granted(title="Another")),
        headers=ONE,
        params={"min_position": receipt["position"]},
    )
    assert other.status_code == 409

    binary = {f"ce-{name}": str(value) for name, value in granted("g2").items() if name != "data"}
    binary["content-type"] = "application/json"
    in_binary = client.post("/api/v1/events", content=json.dumps(granted()["data"]), headers=binary)
    assert in_binary.status_code == 201, in_binary.text
    assert server.stop() == 0


def test_batches_of_many_clients_are_all_published_once(client: httpx.Client, installation: Installation) -> None:
    events = list(generate_pledges(600, 5))
    batches = [b"[" + b",".join(events[start : start + 50]) + b"]" for start in range(0, 600, 50)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda body: client.post("/api/v1/events", content=body, headers=BATCH), batches))
    assert {answer.status_code for answer in answers} == {201}
    places = [(one["topic"], one["partition"], one["offset"]) for a in answers for one in a.json()["receipts"]]
    assert len(set(places)) == len(events)
    installation.wait_until_posted()
    rows = client.get("/api/v1/positions").json()["rows"]
    assert sum(row["accepted"] for row in rows) == len(events)
    metrics = client.get("/metrics").text
    assert "ip_ledger_http_events_published_total 600.0" in metrics
    wait_until(lambda: _lags(client) == {0.0}, lambda: client.get("/metrics").text)  # or the next scrape


def test_a_live_client_gets_each_record_once_across_connections(client: httpx.Client, server: Server) -> None:
    def publish(number: int) -> None:
        event = registered(f"r{number}", subject=f"P{number}")
        assert client.post("/api/v1/events", content=value_of(event), headers=ONE).status_code == 201

    def publish_all(numbers: range) -> None:
        for number in numbers:
            publish(number)

    wanted = [f"P{number}" for number in range(9)]
    found: list[str] = []
    last = ""
    for part in range(3):  # three connections, with events before, during and between them
        numbers = range(3 * part, 3 * part + 3)
        publish(numbers[0])
        sender = threading.Thread(target=publish_all, args=(numbers[1:],))
        headers = {"Last-Event-ID": last} if last else {}
        address = "/api/v1/live/records" + ("" if last else "?since=ip.pledge.v1:0=0")
        with client.stream("GET", address, headers=headers) as stream:
            sender.start()
            for line in stream.iter_lines():
                if line.startswith("id: "):
                    last = line.removeprefix("id: ")
                elif line.startswith("data: "):
                    found.append(json.loads(line.removeprefix("data: "))["subject"])
                    if len(found) == numbers.stop:
                        break
        sender.join()
    assert sorted(found) == wanted


def test_a_server_with_live_clients_ends_at_sigterm(client: httpx.Client, server: Server) -> None:
    with client.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line) == ": "
        assert server.stop() == 0


def _lags(client: httpx.Client) -> set[float]:
    text = client.get("/metrics").text
    return {float(lag) for lag in re.findall(r"^ip_ledger_lag_records\{.*\} (\S+)$", text, re.MULTILINE)}
