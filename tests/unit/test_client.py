"""The Python client, against the server's application on a book."""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

import ip_ledger
from ip_ledger import AsyncLedger, Ledger, Problem, Refused, UnknownType, correction_of, event_of, parse, void_of
from ip_ledger.calls import Stream
from ip_ledger.events import MODELS, LoanRepayment, Money, Party
from ledger.settings import Settings
from ledger.web.app import create_app
from schemas.catalogue import example_of
from schemas.codec import Judged, judge
from schemas.events import EVENT_TYPES, Role
from tests.books import new_book
from tests.each_case import each_case
from tests.log_of_book import LogOfBook
from tests.processes import without_settings
from tests.servers import listening

pytestmark = pytest.mark.slow

CLIENT = Path(__file__).parents[2] / "clients" / "python"
LINES = [
    line
    for file in sorted((Path(__file__).parents[1] / "fixtures" / "published").glob("*.ndjson"))
    for line in file.read_bytes().splitlines()
]


def repaid(number: int = 1, amount: str = "450000.00") -> ip_ledger.Event[LoanRepayment]:
    data = LoanRepayment(occurred_on=date(2024, 5, 10), amount=Money(amount=amount, currency="CNY"))
    return event_of(data, id=f"r{number}", source="urn:example:bank", subject="deal/1?a#b%")


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """Return the application on a new book, which has what is published at once."""
    new_book(tmp_path / "book.db")
    app = create_app(Settings.model_validate({"book": tmp_path / "book.db"}))
    app.state.publisher = LogOfBook(tmp_path / "book.db")
    return app


@pytest.fixture
def server(app: FastAPI) -> Iterator[str]:
    with listening(app) as address:
        yield address


@pytest.fixture
def ledger(server: str) -> Iterator[Ledger]:
    with Ledger(server) as ledger:
        yield ledger


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def asynchronous(app: FastAPI) -> AsyncIterator[AsyncLedger]:
    async with app.router.lifespan_context(app), AsyncLedger(transport=httpx.ASGITransport(app)) as ledger:
        yield ledger


# ---- events


def test_the_models_agree_with_the_published_schemas() -> None:
    spec = importlib.util.spec_from_file_location("generate_client", CLIENT / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert list(generate.changed()) == [], "run `make generate`"


def test_every_original_type_has_a_model() -> None:
    assert MODELS.keys() == {name for name, type_ in EVENT_TYPES.items() if type_.role is Role.ORIGINAL}


@each_case("name", EVENT_TYPES)
def test_the_example_of_every_type_is_read_and_written(name: str) -> None:
    example = json.dumps(example_of(name))
    assert same(parse(example).to_bytes(), example.encode())


def test_all_published_events_are_read_and_written() -> None:
    assert len(LINES) > 200
    assert [line for line in LINES if not same(parse(line).to_bytes(), line)] == []


def same(one: bytes, other: bytes) -> bool:
    """Return True if the ledger reads both as the same event."""
    first, second = judge(one), judge(other)
    assert isinstance(first, Judged), first
    assert isinstance(second, Judged), second
    return first.event == second.event


def test_an_event_is_corrected_and_voided_with_its_own_types() -> None:
    event = repaid()
    corrected = correction_of(event, repaid(amount="1").data, id="c1", reason="mistyped")
    assert (corrected.type, corrected.data.target) == ("ip.loan.repaid.corrected.v1", "r1")
    voided = void_of(event, id="v1", reason="never paid")
    assert (voided.type, voided.subject) == ("ip.loan.repaid.voided.v1", "deal/1?a#b%")
    for revision in (corrected, voided):
        assert parse(revision.to_bytes()) == revision
        assert isinstance(judge(revision.to_bytes()), Judged)
        with pytest.raises(UnknownType, match="original"):
            void_of(revision, id="v2", reason="twice")


def test_what_is_no_event_is_refused_before_it_is_sent() -> None:
    with pytest.raises(UnknownType, match="Party"):
        event_of(Party(name="A bank"), id="e1", source="urn:example", subject="s")
    with pytest.raises(ValidationError, match="amount"):
        Money(amount="1,000", currency="CNY")
    for name in ("ip.loan.lost.v1", "ip.loan.repaid.lost.v1"):
        with pytest.raises(UnknownType, match=name):
            parse(repaid().to_bytes().replace(b"ip.loan.repaid.v1", name.encode()))


def test_extension_attributes_are_kept() -> None:
    given = {**example_of("ip.loan.repaid.v1"), "traceparent": "00-1"}
    assert json.loads(parse(json.dumps(given)).to_bytes()) == given


# ---- over HTTP


def test_events_are_published_and_read_back(ledger: Ledger) -> None:
    published = ledger.publish(*map(repaid, (1, 2)))
    assert [receipt.id for receipt in published.receipts] == ["r1", "r2"]
    answer = ledger.ask("views/journal", "outcome=accepted", columns=["id"], min_position=published.position)
    assert [row["id"] for row in answer.rows] == ["r1", "r2"]
    assert answer.next is None
    assert [row["id"] for row in ledger.entity("deal/1?a#b%")["events"]] == ["r1", "r2"]
    again = ledger.publish(repaid(1).to_bytes())
    outcomes = ledger.ask("views/journal", columns=["id", "outcome"], min_position=again.position)
    assert [row["outcome"] for row in outcomes.rows] == ["accepted", "accepted", "duplicate"]


def test_rows_of_all_pages_come_in_order(ledger: Ledger) -> None:
    position = ledger.publish(*map(repaid, range(5))).position
    rows = ledger.rows("views/journal", columns=["id"], limit=2, min_position=position)
    assert [row["id"] for row in rows] == [f"r{number}" for number in range(5)]


def test_refusals_and_problems_are_raised(ledger: Ledger) -> None:
    wrong = repaid(2).to_bytes().replace(b"2024-05-10", b"2024-02-30")
    with pytest.raises(Refused, match="Nothing was published") as refused:
        ledger.publish(repaid(1), wrong)
    assert [(error["index"], error["path"]) for error in refused.value.errors] == [(1, "data.occurred_on")]
    with pytest.raises(Problem, match="no column") as problem:
        ledger.ask("views/journal", "outcom=accepted")
    assert (problem.value.status, problem.value.name) == (422, "NoSuchColumn")
    assert not isinstance(problem.value, Refused)


def test_an_error_of_a_proxy_is_a_problem() -> None:
    bad_gateway = httpx.MockTransport(lambda _: httpx.Response(502, text="<h1>Bad gateway</h1>"))
    with Ledger(transport=bad_gateway) as ledger, pytest.raises(Problem, match="502 Bad Gateway: <h1>"):
        ledger.get("positions")


def test_a_token_is_sent() -> None:
    echo = httpx.MockTransport(lambda request: httpx.Response(200, json={"sent": request.headers["authorization"]}))
    with Ledger(token="a", transport=echo) as ledger:
        assert ledger.get("status") == {"sent": "Bearer a"}


def test_changes_are_followed_from_a_position(ledger: Ledger) -> None:
    start = ledger.get("positions")["position"]
    ledger.publish(*map(repaid, range(3)))
    changes = ledger.follow(start)
    first = next(changes)
    assert first.records == 3
    ledger.publish(repaid(4))
    assert next(changes).records == 1
    changes.close()  # type: ignore[attr-defined]


def test_a_stream_continues_after_its_last_whole_event() -> None:
    stream = Stream(None)
    lines = ["event: position", "id: a", 'data: {"records": 2}', "", ": ", "", "event: position", "id: b"]
    assert [change.records for line in lines for change in stream.read(line)] == [2]
    assert stream.headers["Last-Event-ID"] == "a"


def losing_connections() -> httpx.MockTransport:
    """Return a server whose streams end after each change, and that is away at every second request."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        since = request.headers.get("last-event-id", "0")
        asked.append(since)
        if len(asked) % 2 == 0:
            raise httpx.ConnectError("away", request=request)
        return httpx.Response(200, text=f'event: position\nid: {int(since) + 1}\ndata: {{"records": 1}}\n\n')

    return httpx.MockTransport(answer)


def test_a_lost_connection_is_made_again_without_gap_or_repeat() -> None:
    with Ledger(transport=losing_connections()) as ledger:
        changes = ledger.follow(pause=0)
        assert [next(changes).position for _ in range(3)] == ["1", "2", "3"]


@pytest.mark.anyio
async def test_a_lost_connection_is_made_again_without_blocking() -> None:
    async with AsyncLedger(transport=losing_connections()) as ledger:
        changes = ledger.follow(pause=0)
        assert [(await anext(changes)).position for _ in range(3)] == ["1", "2", "3"]


def test_a_next_page_on_another_host_is_not_followed() -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        following = "https://example.org/" if len(hosts) == 1 else None
        return httpx.Response(200, json={"rows": [], "position": "", "next": following})

    with Ledger(token="secret", transport=httpx.MockTransport(answer)) as ledger:
        assert list(ledger.rows("totals")) == []
    assert hosts == ["127.0.0.1"] * 2


@pytest.mark.anyio
async def test_the_same_without_blocking(asynchronous: AsyncLedger) -> None:
    published = await asynchronous.publish(*map(repaid, range(3)))
    asked: dict[str, Any] = {"columns": ["id"], "limit": 2, "min_position": published.position}
    assert [row["id"] async for row in asynchronous.rows("views/journal", **asked)] == ["r0", "r1", "r2"]
    assert len((await asynchronous.entity("deal/1?a#b%"))["events"]) == 3
    with pytest.raises(Refused):
        await asynchronous.publish(b"{}")


@pytest.mark.anyio
async def test_changes_are_followed_without_blocking(server: str) -> None:
    async with AsyncLedger(server) as ledger:
        start = (await ledger.get("positions"))["position"]
        await ledger.publish(repaid())
        changes = ledger.follow(start)
        assert (await anext(changes)).records == 1
        await changes.aclose()  # type: ignore[attr-defined]


def test_both_clients_have_the_same_methods() -> None:
    def methods(client: type) -> dict[str, list[str]]:
        found = {name: value for name, value in vars(client).items() if inspect.isfunction(value)}
        return {name: list(inspect.signature(value).parameters) for name, value in found.items() if name[0] != "_"}

    assert methods(Ledger) == methods(AsyncLedger)


# ---- the package


def test_the_programs_of_the_readme_run(server: str, tmp_path: Path) -> None:
    text = (CLIENT / "README.md").read_text("utf-8").replace("http://127.0.0.1:8000", server)
    programs = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    printed = [ran(program, tmp_path, CLIENT / "src").splitlines() for program in programs]
    assert printed[0] == [
        "ip.loan.v1 0",
        "repayment-1 ip.loan.repaid.v1",
        "repayment-1-corrected ip.loan.repaid.corrected.v1",
    ]
    assert [line.split()[-1] for line in printed[1]] == ["0"]


def test_it_works_next_to_other_modules_of_our_names(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=CLIENT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("ip_ledger_client-*.whl")
    with ZipFile(wheel) as packed:
        assert "ip_ledger/py.typed" in packed.namelist()
        packed.extractall(tmp_path)
    for name in ("schemas", "streams", "ledger"):
        (tmp_path / f"{name}.py").write_text("mine = True\n")
    script = "import schemas, streams, ledger, ip_ledger; print(ip_ledger.__file__, schemas.mine)"
    assert ran(script, tmp_path, tmp_path).split() == [str(tmp_path / "ip_ledger" / "__init__.py"), "True"]


def ran(program: str, directory: Path, packages: Path) -> str:
    """Return the output of a program."""
    environment = without_settings() | {"PYTHONPATH": os.fspath(packages), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
