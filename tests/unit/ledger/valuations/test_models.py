"""Answers by models: only registered ones are asked, what they may say, and that they are never asked again."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
from hatchling.build import build_wheel
from typer.testing import CliRunner

from ledger.book.book import Book
from ledger.commands import app
from ledger.commands.context import settings
from ledger.evaluate.model_answer import AskModel, ModelFailed, ModelQuestion, read_answer
from ledger.evaluate.value import NoValue
from ledger.valuations.answer import answer, evidence_before, requests
from ledger.valuations.evidence import VALUATIONS, EvidenceReader
from ledger.valuations.http_model import post_json
from ledger.valuations.model_limits import ANSWER_BYTES, ModelLimits
from ledger.valuations.models import asker
from ledger.valuations.proof import proven
from schemas.codec import Judged, judge
from tests.books import new_book, opened
from tests.deals import patent, request, sale
from tests.each_case import each_case
from tests.events import Event, money, partition
from tests.posting import event_on, post
from tests.unit.ledger.valuations.test_answer import publish

PROJECT = Path(__file__).parents[4]
MODEL = {"id": "example-bank/discount", "version": "1.0"}
HASH = "ab" * 32


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        post(book, patent(99), *(sale(number, f"{number}00.00") for number in range(1, 10)))
        yield book


def registered(day: str = "2024-01-01", **data: Any) -> Event:
    usual = {"model_id": MODEL["id"], "model_version": MODEL["version"], "owner": "Bank", "purpose": "pledges"}
    return event_on("reference.model", "models", day, **usual | data)


def answered(book: Book, event: Event, ask: AskModel) -> tuple[bytes, dict[str, Any]]:
    """Publish a request; return the answer's value, and its data from an event that the ledger accepts."""
    before, number = book.next_offsets(), partition(event["subject"])
    post(book, event)
    (found,) = requests(book, number, before[VALUATIONS, number], before[VALUATIONS, number] + 1)
    value = answer(EvidenceReader(book), found, evidence_before(book, found, before), ask)
    judged = judge(value)
    assert isinstance(judged, Judged), judged
    return value, json.loads(value)["data"]


class Recording:
    """A model that answers what it is given, and keeps the questions."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, list[ModelQuestion]()

    def __call__(self, question: ModelQuestion) -> Any:
        self.asked.append(question)
        return self.answer


def first_deal(question: ModelQuestion) -> dict[str, Any]:
    """Answer the price of the dearest deal."""
    deal = max(question.document["assets"][0]["comparables"], key=lambda deal: deal["minor"])
    return {"low": deal["minor"], "mid": deal["minor"], "high": 10**9, "coverage": "0.50", "evidence": [deal["at"]]}


def test_a_registered_model_answers_with_its_evidence(book: Book) -> None:
    post(book, registered(model_hash=HASH))
    _, found = answered(book, request("CN99", model=MODEL), first_deal)
    assert (found["made_by"], found["model_id"], found["model_hash"]) == ("model", MODEL["id"], HASH)
    assert (found["low"], found["mid"], found["coverage"]) == (money("900.00"), money("900.00"), "0.5")
    assert [item["value"] for item in found["evidence"]] == [money("900.00")]
    assert "ip.reference.v1" in found["positions"]


def test_a_model_gets_what_the_log_knows_in_minor_units(book: Book) -> None:
    post(book, registered())
    model = Recording({"refused": "other"})
    answered(book, request("CN99", model=MODEL), model)
    ((name, version, _, document),) = model.asked
    (asset,) = document["assets"]
    assert (name, version, document["request"]["as_of"]) == (MODEL["id"], MODEL["version"], "2024-06-30")
    assert (asset["asset"], asset["office"], asset["right"], asset["in_force"]) == ("CN99", "CN", "invention", True)
    assert sorted(deal["minor"] for deal in asset["comparables"]) == [number * 100_00 for number in range(1, 10)]


def test_only_a_registered_model_is_asked(book: Book) -> None:
    model = Recording({"low": 1, "mid": 2, "high": 3})
    refusals = []
    steps = [[], [registered(valid_to="2024-06-30")], [registered("2024-07-02")], [registered(model_version="2")]]
    for number, events in enumerate(steps):
        post(book, *events)
        refusals.append(answered(book, request(f"CN{200 + number}", model=MODEL), model)[1]["reason"])
    assert (refusals, model.asked) == (["model_unregistered", *["model_expired"] * 3], [])


def test_an_answer_of_a_model_is_proven_without_asking_and_a_tampered_one_is_found(book: Book) -> None:
    post(book, registered())
    failed = ModelFailed("no answer in 10 seconds")
    models: dict[str, AskModel] = {
        "CN300": first_deal,
        "CN301": first_deal,
        "CN302": Recording(failed),
        "CN303": Recording({"refused": "too_few", "had": 1, "needed": 2, "detail": "thin"}),
    }
    values = {subject: answered(book, request(subject, model=MODEL), ask)[0] for subject, ask in models.items()}
    values["CN301"] = values["CN301"].replace(b'"10000000.00"', b'"10000001.00"')
    for subject, value in values.items():
        publish(book, subject, value)
    verdicts = {one.subject: one.verdict for one in proven(book)}
    assert verdicts == {"CN300": "equal", "CN301": "differs", "CN302": "equal", "CN303": "equal"}


@each_case(
    ("answer", "detail"),
    [
        ([], "the answer is no JSON object"),
        ({"low": 1, "mid": 2.0, "high": 3}, "low, mid and high must be integers in minor units, and not negative"),
        ({"low": True, "mid": 2, "high": 3}, "low, mid and high must be integers in minor units, and not negative"),
        ({"low": -1, "mid": 2, "high": 3}, "low, mid and high must be integers in minor units, and not negative"),
        ({"low": 1, "mid": 2, "high": 10**30}, "low, mid and high must be integers in minor units, and not negative"),
        ({"low": 3, "mid": 2, "high": 3}, "low, mid and high are not in order"),
        ({"low": 1, "mid": 2, "high": 3, "coverage": 0.8}, "coverage must be a text such as 0.8, or null"),
        ({"low": 1, "mid": 2, "high": 3, "price": 3}, "the answer has an unknown field: price"),
        (
            {"low": 1, "mid": 2, "high": 3, "evidence": ["ip.deal.v1:0=1"]},
            "evidence must be a list of places that were in the input",
        ),
        ({"refused": "tired"}, "refused must be one of too_few, not_in_force, asset_unknown, inputs_missing, other"),
        ({"refused": "other", "had": 1.0}, "had and needed must be counts"),
        (ModelFailed("bad\nbytes \u00e9"), "bad?bytes ?"),
    ],
)
def test_an_invalid_answer_is_a_refusal_with_its_reason(answer: Any, detail: str) -> None:
    assert read_answer(answer, {}) == NoValue("model_failed", 0, 1, detail=detail)


def test_the_example_package_is_found_by_its_entry_point(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT / "examples" / "model-plugin")
    wheel = build_wheel(str(tmp_path))
    with ZipFile(tmp_path / wheel) as packed:
        packed.extractall(tmp_path / "installed")
    monkeypatch.syspath_prepend(tmp_path / "installed")
    post(book, registered())
    _, found = answered(book, request("CN99", model=MODEL), asker({}, ModelLimits(seconds=20.0)))
    assert [found[end]["amount"] for end in ("low", "mid", "high")] == ["70.00", "350.00", "900.00"]
    assert len(found["evidence"]) == 9


# ---- over HTTP


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = {
            "/fine": json.dumps({"refused": "other", "detail": given["model"].get("id")}).encode(),
            "/long": b" " * (ANSWER_BYTES + 1),
            "/text": b"no JSON",
        }.get(self.path, b"")
        self.send_response(200 if body else 302)
        self.send_header("content-length", str(len(body)))
        self.send_header("location", "/fine")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_model_over_http_answers_or_fails_with_a_reason(url: str) -> None:
    ask = asker({"bank": f"{url}/fine"}, ModelLimits(seconds=20.0))
    assert ask(ModelQuestion("bank", "1", None, {})) == {"refused": "other", "detail": "bank"}
    found = {path: post_json(url + path, {"model": {}}, ModelLimits(20.0)) for path in ("/long", "/text", "/moved")}
    assert found == {
        "/long": ModelFailed(f"more than {ANSWER_BYTES} bytes of answer"),
        "/text": ModelFailed("the answer is no JSON document"),
        "/moved": ModelFailed("HTTP status 302"),
    }
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert post_json(nobody, {}, ModelLimits(20.0)) == ModelFailed("the address cannot be used: ConnectError")


def test_a_preview_asks_the_model_that_the_option_names(
    book: Book, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(book, registered())
    monkeypatch.setenv("LEDGER_BOOK", str(tmp_path / "book.db"))
    monkeypatch.setenv("LEDGER_MODEL_URLS", f"another=http://127.0.0.1:1 {MODEL['id']}={url}/fine")
    settings.cache_clear()
    try:
        words = ["evaluate", "CN99", "--as-of", "2024-06-30", "--json", "--model", "example-bank/discount@1.0"]
        found = CliRunner().invoke(app, words)
    finally:
        settings.cache_clear()
    data = json.loads(found.stdout)["data"]
    assert (data["reason"], data["detail"], data["model_version"]) == ("other", MODEL["id"], "1.0")


def test_a_model_over_http_that_sends_byte_by_byte_is_given_up() -> None:
    ended = Signal()

    class Dripping(_Handler):
        def do_POST(self) -> None:
            while not ended.wait(0.02):
                self.wfile.write(b"H")

    with ThreadingHTTPServer(("127.0.0.1", 0), Dripping) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        assert post_json(url, {}, ModelLimits(seconds=0.5)) == ModelFailed("no answer in 0.5 seconds")
        ended.set()
        server.shutdown()
