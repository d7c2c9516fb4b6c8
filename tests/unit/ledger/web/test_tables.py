"""Questions over HTTP: the answers of the queries, with filters as on the command line."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import httpx
import pytest
from pyarrow import parquet

from ledger import queries
from ledger.book.past import NotKnownThen
from ledger.queries.maps import named_map
from ledger.valuations.matching import matches
from ledger.views import VIEWS
from ledger.web.api.models import rows_model
from ledger.web.api.questions import KNOWN_THEN, questions
from ledger.web.api.tables import options_of
from schemas.classification import classification_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
STRATEGIC = (Path(__file__).parents[4] / "examples" / "classifications" / "strategic-industries.csv").read_bytes()
QUESTIONS = {question.path: question for question in questions()}


@pytest.mark.parametrize("path", QUESTIONS)
async def test_an_answer_has_the_declared_types(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    rows_model(QUESTIONS[path]).model_validate_json(answer.content, strict=True)
    assert answer.headers["ledger-position"] == answer.json()["position"]


async def test_a_column_of_two_kinds_is_declared_as_both(client: httpx.AsyncClient) -> None:
    for query in ("/growth?counts=true", "/fields?symbols=parts"):
        answer = await client.get(f"/api/v1{query}")
        rows_model(QUESTIONS[query.partition("?")[0]]).model_validate_json(answer.content, strict=True)


async def test_totals_are_those_of_the_query(client: httpx.AsyncClient, market: Path) -> None:
    path = "/api/v1/totals?kind=pledges&by=industry,year&year>=2020&industry=AI,SEMI&currency!=USD&limit=5000"
    found = (await client.get(path)).json()
    filters = ["year>=2020", "industry=AI,SEMI", "currency!=USD"]
    with queries.open(market) as book:
        wanted = queries.totals(book, "pledges", ["industry", "year"], filters=filters)
    assert found["rows"] == wanted.shown_as_dicts() != []
    assert (found["basis"], found["next"]) == ("corrected", None)
    assert found["as_of_offsets"] == wanted.as_of_offsets


async def test_calibration_is_that_of_the_query(client: httpx.AsyncClient, market: Path) -> None:
    found = (await client.get("/api/v1/calibration?by=model,industry&made_by=person&sort=-prices&limit=2")).json()
    with queries.open(market) as book:
        wanted = queries.calibration(book, ["model", "industry"], filters=["made_by=person"])
    assert found["rows"] == wanted.shown_as_dicts() != []
    refused = await client.get("/api/v1/calibration?by=modell")
    assert (refused.status_code, refused.json()["title"]) == (422, "Unknown name")


async def test_fields_are_those_of_the_query(client: httpx.AsyncClient, market: Path) -> None:
    path = "/api/v1/fields?by=field,country&symbols=parts&applicants=parts&year>=2020&limit=5000"
    found = (await client.get(path)).json()
    with queries.open(market) as book:
        wanted = queries.fields(
            book,
            by=["field", "country"],
            symbols="parts",
            applicants="parts",
            filters=["year>=2020"],
        )
    assert sorted(found["rows"], key=str) == sorted(wanted.shown_as_dicts(), key=str) != []
    assert found["count"] == wanted.terms["count"]
    refused = await client.get("/api/v1/fields?symbols=some")
    assert (refused.status_code, refused.json()["title"]) == (422, "Unknown name")


async def test_maps_are_compared_as_by_the_query(client: httpx.AsyncClient, market: Path) -> None:
    found = (await client.get("/api/v1/compare-maps?a=book&b=wipo35&moves=true&year>=2020&limit=5")).json()
    sent = await client.post("/api/v1/compare-maps?sort=-patents&moves=true", content=STRATEGIC)
    with queries.open(market) as book:
        own, other = named_map(book, "book"), classification_of(STRATEGIC.decode())
        wanted = queries.compare_maps(book, own, named_map(book, "wipo35"), moves=True, filters=["year>=2020"])
        largest = queries.compare_maps(book, own, other, moves=True, sort=["-patents"], limit=1)
    named = sorted(wanted.shown_as_dicts(), key=str)
    assert [row for row in found["rows"] if row in named] == found["rows"] != []
    assert sent.json()["rows"][0]["patents"] == largest.shown_as_dicts()[0]["patents"]
    assert (sent.status_code, sent.json()["b"]) == (200, other.cited)
    rows_model(QUESTIONS["/compare-maps"]).model_validate_json(sent.content, strict=True)
    refused = await client.post("/api/v1/compare-maps", content=STRATEGIC + STRATEGIC.splitlines()[-1])
    assert (refused.status_code, refused.json()["title"]) == (422, "Bad map sent")


async def test_amounts_of_pledges_by_the_map_of_the_book_are_those_of_totals(client: httpx.AsyncClient) -> None:
    by = "by=year&year=2021&currency=CNY&columns=year,currency,amount"
    (by_map,) = (await client.get(f"/api/v1/pledge-amounts?map=book&{by}")).json()["rows"]
    (total,) = (await client.get(f"/api/v1/totals?kind=pledges&{by}")).json()["rows"]
    assert by_map == total


async def test_months_end_with_that_of_the_day(client: httpx.AsyncClient) -> None:
    path = "/api/v1/months?kind=grants&as_of=2021-06-15&months=2&sort=year,month"
    months = [(row["year"], row["month"]) for row in (await client.get(path)).json()["rows"]]
    assert months[-1] == (2021, 6)
    assert set(months) <= {(2021, 4), (2021, 5), (2021, 6)}
    refused = await client.get("/api/v1/months?months=-1")
    assert (refused.status_code, refused.json()["title"]) == (422, "Bad parameter")


async def test_matches_are_those_of_the_query(client: httpx.AsyncClient, market: Path) -> None:
    with queries.open(market) as book:
        patent = queries.view(book, "offers").shown_as_dicts()[0]["patent"]
        wanted = matches(book, patent)
    found = (await client.get(f"/api/v1/matches?id={patent}")).json()
    assert sorted(found["rows"], key=str) == sorted(wanted.shown_as_dicts(), key=str) != []
    assert (await client.get("/api/v1/matches?id=nobody")).status_code == 422


async def test_ranges_columns_order_and_limit(client: httpx.AsyncClient) -> None:
    path = "/api/v1/views/grants?year>2015&year<=2020&filter=grants>=1&columns=year,grants&sort=-year,grants&limit=3"
    rows = (await client.get(path)).json()["rows"]
    assert len(rows) == 3
    assert all(list(row) == ["year", "grants"] for row in rows)
    assert rows == sorted(rows, key=lambda row: (-row["year"], row["grants"]))
    assert {row["year"] for row in rows} <= set(range(2016, 2021))


async def test_no_amount_is_as_large_as_the_largest_filter(client: httpx.AsyncClient) -> None:
    for sign, some in (("", False), ("-", True)):
        answer = await client.get(f"/api/v1/totals?amount>={sign}{'9' * 30}")
        assert (answer.status_code, bool(answer.json()["rows"])) == (200, some)


async def test_a_day_and_a_basis(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/v1/views/pledge_stock?as_of=2021-06-30&basis=recorded")).json()
    assert (found["as_of"], found["basis"], found["view"]) == ("2021-06-30", "recorded", "pledge_stock")


async def test_a_past_position_is_cited_with_its_figures(client: httpx.AsyncClient, market: Path) -> None:
    now = (await client.get("/api/v1/totals?kind=pledges&by=year")).json()
    halves = [f"{topic}:{n}={end // 2}" for topic, ends in now["as_of_offsets"].items() for n, end in enumerate(ends)]
    path = f"/api/v1/totals?kind=pledges&by=year&at={','.join(halves)}"
    answer = await client.get(path)
    found = answer.json()
    with queries.open(market) as book:
        wanted = queries.totals(queries.as_known(book, ",".join(halves)), "pledges", ["year"])
    assert found["rows"] == wanted.shown_as_dicts() not in ([], now["rows"])
    assert found["position"] == answer.headers["ledger-position"] == wanted.position != now["position"]
    assert answer.headers["etag"] != (await client.get("/api/v1/totals?kind=pledges&by=year")).headers["etag"]
    lines = (await client.get(f"/api/v1/totals/events?at={','.join(halves)}&limit=5000")).json()["rows"]
    assert all(line["offset"] < found["as_of_offsets"][line["topic"]][line["partition"]] for line in lines)
    assert lines


async def test_what_moved_is_the_sum_of_the_events_in_between(client: httpx.AsyncClient) -> None:
    now = (await client.get("/api/v1/positions")).json()["as_of_offsets"]
    thirds = [f"{topic}:{n}={end // 3}" for topic, ends in now.items() for n, end in enumerate(ends)]
    halves = [f"{topic}:{n}={end // 2}" for topic, ends in now.items() for n, end in enumerate(ends)]
    span = f"since={','.join(thirds)}&at={','.join(halves)}&kind=pledges&industry=ALL&year=2023&limit=5000"
    moved = (await client.get(f"/api/v1/diff?{span}")).json()
    events = (await client.get(f"/api/v1/diff/events?{span}")).json()
    assert moved["since"] == events["since"]
    assert moved["position"] == events["position"]
    assert sum(row["events_moved"] for row in moved["rows"]) == sum(row["events"] for row in events["rows"]) != 0


async def test_only_the_present_is_known_of_what_stands(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/views/pledge_stock?at=2023-01-01&as_of=2020-01-01")
    assert (answer.status_code, answer.json()["title"]) == (422, "Not known then")
    assert "ip-ledger replay --book NEW --to" in answer.json()["detail"]
    refused = await client.get("/api/v1/stock?at=2023-01-01")
    assert "has no column 'at'" in refused.json()["detail"]


async def test_a_past_position_is_documented_where_it_can_be_asked(client: httpx.AsyncClient, market: Path) -> None:
    known = set()
    with queries.open(market) as book:
        then = queries.as_known(book, ",".join(f"{one.topic}:{one.partition}={one.next}" for one in book.reached()))
        for name, one in VIEWS.items():
            with suppress(NotKnownThen):
                queries.view(then, name, as_of=date(2021, 1, 1) if one.takes_a_day else None, limit=0)
                known.add(name)
    assert known == KNOWN_THEN
    documented = [
        {option.name for option in options_of(QUESTIONS[f"/views/{name}"])} for name in ("journal", "patents")
    ]
    assert ["at" in names for names in documented] == [True, False]


async def test_a_column_called_basis_is_a_filter_of_a_view_without_a_basis(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/api/v1/views/unmatched?basis=recorded")).json()["rows"]
    assert {row["basis"] for row in rows} == {"recorded"}


async def test_pages_are_linked(client: httpx.AsyncClient) -> None:
    whole = (await client.get("/api/v1/views/pledge_stock?limit=5000")).json()["rows"]
    path, rows = "/api/v1/views/pledge_stock?limit=7", []
    while path:
        answer = await client.get(path)
        rows += answer.json()["rows"]
        path = answer.json()["next"]
        assert answer.headers.get("link") == (f'<{path}>; rel="next"' if path else None)
    assert rows == whole


async def test_a_page_stays_on_the_day_of_the_first(client: httpx.AsyncClient) -> None:
    first = (await client.get("/api/v1/views/maturity?limit=1")).json()
    assert f"as_of={first['as_of']}" in first["next"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("nothing=1", "NoSuchColumn"),
        ("columns=nothing", "NoSuchColumn"),
        ("year=abc", "BadValue"),
        ("industry>=AI", "NotOrdered"),
        ("limit=-1", "BadLimit"),
        ("limit=10001", "BadParameter"),
        ("limit=2&limit=3", "BadParameter"),
        ("basis=x", "UnknownName"),
        ("after=x", "BadCursor"),
        ("filter=x", "BadFilter"),
        ("year=%FF", "BadParameter"),
        ("min_position=x", "BadPosition"),
    ],
)
async def test_a_question_that_cannot_be_answered(client: httpx.AsyncClient, query: str, name: str) -> None:
    answer = await client.get(f"/api/v1/views/grants?{query}")
    assert answer.status_code == 422
    assert answer.json()["type"] == f"/api/v1/errors/{name}"
    explained = (await client.get(answer.json()["type"])).json()
    assert (explained["name"], explained["status"]) == (name, 422)


@pytest.mark.parametrize("day", ["2023-02-30", "20230228", "yesterday"])
async def test_a_day_that_is_none(client: httpx.AsyncClient, day: str) -> None:
    answer = await client.get(f"/api/v1/views/pledge_stock?as_of={day}")
    assert answer.json()["title"] == "Bad day"


async def test_a_known_answer_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/api/v1/totals?by=year")
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = await client.get("/api/v1/totals?by=year", headers={"if-none-match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for path in ("/api/v1/totals?by=region", "/api/v1/totals.csv?by=year"):
        assert (await client.get(path, headers={"if-none-match": tag})).status_code == 200
    assert (await client.get("/api/v1/totals?by=year")).content == first.content


async def test_a_suffix_or_accept_chooses_the_format(client: httpx.AsyncClient) -> None:
    path = "/api/v1/views/pledge_stock"
    rows = (await client.get(path)).json()["rows"]
    by_suffix = await client.get(f"{path}.csv")
    by_accept = await client.get(path, headers={"accept": "application/json;q=0.5, text/csv"})
    assert by_suffix.content == by_accept.content
    assert by_suffix.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["amount"] or None for row in csv.DictReader(io.StringIO(by_suffix.text))] == [r["amount"] for r in rows]
    lines = await client.get(f"{path}.ndjson")
    assert [json.loads(line) for line in lines.text.splitlines()] == rows
    for accept, form in (
        ("*/*, application/json;q=0", "application/x-ndjson"),
        ("text/csv;q=nan, */*", "application/json"),
    ):
        answer = await client.get(path, headers={"accept": accept})
        assert answer.headers["content-type"] == form
    unknown = await client.get(path, headers={"accept": "image/png"})
    assert (unknown.status_code, unknown.json()["title"]) == (406, "Not acceptable")


async def test_parquet_is_exact_and_cites_the_position(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/views/pledge_stock.parquet")
    table = parquet.read_table(io.BytesIO(answer.content))
    rows = (await client.get("/api/v1/views/pledge_stock")).json()["rows"]
    assert [str(row["amount_minor"]) for row in table.to_pylist()] == [str(row["amount_minor"]) for row in rows]
    assert table.schema.metadata[b"position"].decode() == answer.headers["ledger-position"]
    assert str(table.schema.field("amount").type).startswith("decimal128")


async def test_a_spreadsheet_is_the_same_each_time(client: httpx.AsyncClient) -> None:
    first, second = [await client.get("/api/v1/views/pledge_stock.xlsx") for _ in range(2)]
    assert first.content == second.content
    with zipfile.ZipFile(io.BytesIO(first.content)) as packed:
        assert b"amount_minor" in packed.read("xl/sharedStrings.xml")
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


async def test_events_behind_a_figure_add_up_to_it(client: httpx.AsyncClient) -> None:
    chosen = "kind=grants&industry=AI"
    figure = (await client.get(f"/api/v1/totals?{chosen}&by=industry")).json()["rows"][0]
    behind = (await client.get(f"/api/v1/totals/events?{chosen}&limit=10000")).json()
    assert behind["next"] is None
    assert sum(row["events"] for row in behind["rows"]) == figure["events"] > 1
