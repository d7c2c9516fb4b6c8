"""Documents over HTTP: entities, records, searches, reconciled figures, status."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def a_record(client: httpx.AsyncClient) -> dict[str, object]:
    answer = await client.get("/api/v1/views/journal?outcome=accepted&limit=1")
    row: dict[str, object] = answer.json()["rows"][0]
    return row


async def test_a_record_by_its_place(client: httpx.AsyncClient) -> None:
    row = await a_record(client)
    answer = await client.get(f"/api/v1/records/{row['topic']}/{row['partition']}/{row['offset']}")
    record = answer.json()["record"]
    assert (record["id"], record["subject"], record["outcome"]) == (row["id"], row["subject"], "accepted")
    assert answer.headers["etag"]
    again = await client.get(answer.url.path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("place", "title"),
    [
        ("ip.pledge.v1/0/999999", "Not posted"),
        ("ip.pledge.v1/99/0", "Not posted"),
        ("nothing/0/0", "Nothing found"),
    ],
)
async def test_a_place_without_a_record(client: httpx.AsyncClient, place: str, title: str) -> None:
    answer = await client.get(f"/api/v1/records/{place}")
    assert (answer.status_code, answer.json()["title"]) == (404, title)


async def test_an_entity_by_its_subject(client: httpx.AsyncClient) -> None:
    row = await a_record(client)
    found = (await client.get(f"/api/v1/entities/{row['subject']}")).json()
    assert found["subject"] == row["subject"]
    assert row["id"] in {event["id"] for event in found["events"]}
    by_search = (await client.get("/api/v1/search", params={"q": str(row["subject"])})).json()
    assert by_search["entity"]["events"] == found["events"]


async def test_a_subject_that_nobody_knows(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/entities/some/thing")
    assert (answer.status_code, answer.json()["title"]) == (404, "No such entity")


async def test_reconciled_figures(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/v1/reconcile")).json()
    assert isinstance(found["agrees"], bool)
    assert {"figure", "verdict", "published", "exact"} <= set(found["rows"][0])


async def test_positions_balance(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/v1/positions")).json()
    assert found["balanced"] is True
    assert sum(row["accepted"] for row in found["rows"]) > 0


async def test_the_status_without_brokers_names_no_path(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/status")
    assert {row["lag"] for row in answer.json()["partitions"]} == {None}
    assert ".db" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_the_list_of_views(client: httpx.AsyncClient) -> None:
    found = {view["name"]: view for view in (await client.get("/api/v1/views")).json()["views"]}
    assert found["pledge_stock"]["takes_a_day"] is True
    assert {"name": "industry", "unit": "code"}.items() <= found["pledge_stock"]["columns"][0].items()


async def test_a_position_is_waited_for(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.web.watch._WAIT_SECONDS", 0.2)
    position = (await client.get("/api/v1/positions")).json()["position"]
    assert (await client.get("/api/v1/totals", params={"min_position": position})).status_code == 200
    beyond = await client.get("/api/v1/totals", params={"min_position": "ip.pledge.v1:0=99999999"})
    assert (beyond.status_code, beyond.json()["title"]) == (409, "Not reached")
    assert position in beyond.json()["detail"]


async def test_a_record_and_a_figure_are_traced(client: httpx.AsyncClient) -> None:
    row = await a_record(client)
    answer = await client.get(f"/api/v1/trace/{row['topic']}/{row['partition']}/{row['offset']}")
    found = answer.json()
    assert found["records"][0]["id"] == row["id"]
    assert (found["records"][0]["bytes"], found["not_known"]) == (None, ["no broker is named"])
    assert answer.headers["cache-control"] == "no-store"
    figure = (await client.get("/api/v1/trace?kind=pledges&industry=AI&limit=3")).json()
    assert len(figure["records"]) == 3
    assert figure["more"]
    assert {line["industry"] for line in figure["records"]} == {"AI"}
    nothing = await client.get("/api/v1/trace?kind=pledges&year=1901")
    assert (nothing.status_code, nothing.json()["title"]) == (404, "Nothing to trace")
    assert (await client.get("/api/v1/trace/nothing/0/0")).status_code == 404
