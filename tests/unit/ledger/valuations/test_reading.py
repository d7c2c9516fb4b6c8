"""Texts read by a model behind `/v1/chat/completions`: only answers with a quote from the text become events, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from ledger.book.book import Book
from ledger.commands import app
from ledger.commands.context import settings
from ledger.evaluate.model_answer import ModelFailed
from ledger.valuations.model_limits import ModelLimits
from ledger.valuations.models import text_asker
from ledger.valuations.text_model import TextAnswer, TextQuestion, text_answer_of
from tests.books import new_book, opened
from tests.deals import patent, request, sale
from tests.each_case import each_case
from tests.events import Event, money
from tests.posting import event_on, post, shown
from tests.unit.ledger.valuations.test_answer import answered
from tests.unit.ledger.valuations.test_models import MODEL, Recording, registered
from tests.unit.ledger.valuations.test_models import answered as model_answered

READER = {"id": "example-reader", "version": "2026-01"}
CLAIM = "1. A battery with a solid electrolyte."
QUESTION = TextQuestion("solid", "Does a claim require a solid electrolyte?", ("yes", "no"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        yield book


def reader(**data: Any) -> Event:
    usual = {"model_id": READER["id"], "model_version": READER["version"], "owner": "Bank", "purpose": "reading"}
    return event_on("reference.model", "models", "2024-01-01", **usual | data)


# ---- what a model may answer


@each_case(
    ("written", "found"),
    [
        ('{"answer": "yes", "quote": "solid electrolyte"}', TextAnswer("yes", "solid electrolyte", 20)),
        ('<think>{x}</think>```json\n{"answer": "no", "quote": "A battery"}\n```', TextAnswer("no", "A battery", 3)),
        ('{"answer": "unknown", "quote": null}', TextAnswer("unknown")),
        ('{"answer": "yes", "quote": "a sulphide"}', ModelFailed("the quote is not in the text")),
        ('{"answer": "yes", "quote": "Solid electrolyte"}', ModelFailed("the quote is not in the text")),
        ('{"answer": "yes"}', ModelFailed("the answer has no quote of 1 to 2000 characters")),
        ('{"answer": "yes", "quote": ""}', ModelFailed("the answer has no quote of 1 to 2000 characters")),
        ('{"answer": "perhaps", "quote": "battery"}', ModelFailed("the answer is not one of those given")),
        ('{"answer": ["yes"], "quote": "battery"}', ModelFailed("the answer is not one of those given")),
        ("Yes, it does.", ModelFailed("the answer is no JSON object")),
        ('{"answer": "yes", "quote": "batt', ModelFailed("the answer is no JSON object")),
    ],
)
def test_an_answer_counts_only_with_words_of_the_text(written: str, found: TextAnswer | ModelFailed) -> None:
    assert text_answer_of(written, QUESTION, CLAIM) == found


# ---- over HTTP


class _Chat(BaseHTTPRequestHandler):
    """A model behind OpenAI's protocol: it says yes, and quotes badly from texts with `liquid`."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["content-length"])))
        _Chat.asked.append(given)
        text = given["messages"][-1]["content"]
        answer = {"answer": "yes", "quote": "made up" if "liquid" in text else "solid electrolyte"}
        message = {"role": "assistant", "content": json.dumps(answer)}
        body: dict[str, Any] = {"object": "chat.completion", "model": given["model"], "choices": [{"message": message}]}
        if self.path != "/v1/chat/completions" or self.headers["authorization"] != "Bearer secret":
            body = {"error": {"message": "no"}}
        self.send_response(401 if "error" in body and self.path.startswith("/v1") else 200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def url() -> Iterator[str]:
    _Chat.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Chat) as server:
        Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_an_address_that_speaks_otherwise_is_no_model(url: str) -> None:
    limits = ModelLimits(20.0)
    messages = [{"role": "user", "content": "hello"}]
    assert text_asker(f"{url}/v1", "wrong", "m", limits)(messages) == ModelFailed("HTTP status 401")
    assert text_asker(url, "secret", "m", limits)(messages) == ModelFailed("the address answers no chat completion")


def test_readings_are_published_with_their_quotes_and_never_asked_for_again(
    book: Book, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = (("CN1", CLAIM), ("CN2", "a liquid"))
    texts = [{"patent": number, "part": "claims", "text": text} for number, text in given]
    asked = {"question": QUESTION.name, "asked": QUESTION.words, "answers": QUESTION.answers}
    (tmp_path / "texts").write_text("\n".join(map(json.dumps, texts)))
    (tmp_path / "questions").write_text(json.dumps(asked))
    monkeypatch.chdir(tmp_path)
    settings_ = {"BOOK": str(tmp_path / "book.db"), "READER_URL": f"{url}/v1/", "READER_KEY": "secret"}
    for name, value in settings_.items():
        monkeypatch.setenv(f"LEDGER_{name}", value)
    settings.cache_clear()
    options = {"--questions": "questions", "--model": "example-reader@2026-01", "--to": "events"}
    words = ["read", "texts", "--json", *(word for pair in options.items() for word in pair)]
    try:
        unregistered = CliRunner().invoke(app, words)
        post(book, reader())
        first = CliRunner().invoke(app, words)
        (event,) = map(json.loads, (tmp_path / "events").read_text().splitlines())
        post(book, event)
        again = CliRunner().invoke(app, words)
    finally:
        settings.cache_clear()
    assert "is not registered" in str(unregistered.exception)
    assert (first.exit_code, again.exit_code) == (1, 1)
    found = [[row["state"], row["quote_at"], row["detail"]] for row in json.loads(first.stdout)["readings"]]
    assert found == [["read", 20, None], ["refused", None, "the quote is not in the text"]]
    assert [row["state"] for row in json.loads(again.stdout)["readings"]] == ["known", "refused"]
    assert [len(_Chat.asked), _Chat.asked[0]["model"]] == [3, READER["id"]]
    assert (tmp_path / "events").read_text() == ""
    day = int(event["data"]["occurred_on"].replace("-", ""))
    shown_now = shown(book, "readings", "patent", "answer", "quote", "quote_at", "registered", as_of=day)
    assert shown_now == [("CN1", "yes", "solid electrolyte", 20, 1)]


# ---- what rules and models make of readings


def read(number: int, answer: str, day: str = "2024-02-01", **data: Any) -> Event:
    """Return the reading of the patent `CN<number>`."""
    named = {"question": "solid", "model_id": READER["id"], "model_version": READER["version"]}
    quoted = {"quote": ..., "quote_at": ...} if answer == "unknown" else {"quote": "solid", "quote_at": 20}
    return event_on("patent.read", f"CN{number}", day, answer=answer, **quoted | named | data)


def same(subject: str = "CN99", **data: Any) -> Event:
    return request(subject, same_answer={"question": "solid", "model": READER}, **data)


def test_a_rule_compares_only_assets_with_the_same_answer(book: Book) -> None:
    post(book, reader(), patent(99), *(sale(number, f"{number}00.00") for number in range(1, 19)))
    assert answered(book, same())["reason"] == "inputs_missing"
    post(book, read(99, "yes"), *(read(number, "yes" if number % 2 else "no") for number in range(1, 19)))
    found = answered(book, same(purpose="transfer"))
    assert [found[end] for end in ("low", "high")] == [money("100.00"), money("1700.00")]
    read_for = [item["asset"] for item in found["evidence"] if "value" not in item]
    assert read_for == ["CN99", *(f"CN{number}" for number in range(1, 19, 2))]
    assert answered(book, request("CN99", comparables=19))["had"] == 18


def test_the_last_reading_before_the_day_counts_and_an_unknown_answer_is_none(book: Book) -> None:
    post(book, reader(), patent(99), *(sale(number) for number in range(1, 10)))
    post(book, *(read(number, "yes") for number in range(1, 10)))
    post(book, read(99, "unknown"))
    assert answered(book, same(comparables=19))["reason"] == "inputs_missing"
    post(book, read(99, "yes"), read(99, "no", day="2024-07-01"), read(99, "no", model_version="another"))
    assert answered(book, same(comparables=9))["type"] == "completed"


def test_readings_by_a_model_that_is_not_registered_are_not_used(book: Book) -> None:
    post(book, patent(99), read(99, "yes"))
    assert answered(book, same())["reason"] == "model_unregistered"
    model = Recording({"refused": "other"})
    post(book, registered())
    model_answered(book, request("CN99", model=MODEL), model)
    post(book, reader(valid_to="2024-06-30"))
    assert answered(book, same(comparables=19))["reason"] == "model_expired"
    post(book, reader())
    model_answered(book, request("CN99", model=MODEL, purpose="transfer"), model)
    given = [question.document["assets"][0].get("readings") for question in model.asked]
    (reading,) = given[1]
    assert (given[0], reading["answer"], reading["model"]) == (None, "yes", READER["id"])
