"""kill -9 of the evaluator while a model is at work: one answer in the log, the same bytes whenever it is proven."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest

from tests.deals import request
from tests.integration.test_evaluator import ANOTHER_GROUP, MAIN, answers, data_of, deals, publish, wait_until_answered
from tests.posting import event_on
from tests.processes import Installation, Worker, wait_until

pytestmark = pytest.mark.slow
PLUGIN = """
import os, time
def price(given):
    while os.path.exists({flag!r}):
        time.sleep(0.01)
    deals = given["assets"][0]["comparables"]
    return {{"low": 1, "mid": deals[0]["minor"], "high": 10**9, "evidence": [deals[0]["at"]]}}
"""


class _Erratic(BaseHTTPRequestHandler):
    """A model over HTTP whose every answer is another one; it keeps the first caller waiting."""

    calls: count[int]
    asked: Signal
    released: Signal

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        number = next(self.calls)
        self.asked.set()
        if number == 1:
            self.released.wait(60)
            return  # the caller is gone
        body = json.dumps({"low": number, "mid": number, "high": number}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def url() -> Iterator[str]:
    _Erratic.calls, _Erratic.asked, _Erratic.released = count(1), Signal(), Signal()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Erratic) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def plugin(tmp_path: Path) -> tuple[Path, Path]:
    """Return the directory of an installed plug-in, and the file while which it does not answer."""
    flag, where = tmp_path / "wait", tmp_path / "installed"
    described = where / "example_plugin-1.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: example-plugin\nVersion: 1\n")
    (described / "entry_points.txt").write_text("[ip_ledger.models]\nbank-plugin = example_plugin:price\n")
    (where / "example_plugin.py").write_text(PLUGIN.format(flag=str(flag)))
    return where, flag


def children(worker: Worker) -> str:
    """Return the ids of the processes that a process has started (Linux)."""
    return "".join(task.read_text() for task in Path(f"/proc/{worker.process.pid}/task").glob("*/children"))


def test_an_evaluator_killed_while_a_model_answers_gives_one_answer(
    installation: Installation, url: str, plugin: tuple[Path, Path]
) -> None:
    where, flag = plugin
    set_up = (
        f"import os, sys; os.environ['LEDGER_MODEL_URLS'] = 'bank-http={url}'; sys.path.insert(0, {str(where)!r}); "
    )
    names = [{"model_id": name, "model_version": "1"} for name in ("bank-http", "bank-plugin")]
    publish(installation, *deals(9), *(event_on("reference.model", "models", "2024-01-01", **name) for name in names))
    worker = installation.worker()
    installation.wait_until_posted(worker)
    publish(installation, request("CN90", model={"id": "bank-http", "version": "1"}))
    first = installation.service("evaluator", program=set_up + MAIN)
    wait_until(_Erratic.asked.is_set, lambda: first.output)
    first.kill()
    _Erratic.released.set()
    second = installation.service("evaluator", program=set_up + MAIN)
    assert data_of(wait_until_answered(installation, 1)["CN90"][0])["mid"]["amount"] == "0.02"
    flag.touch()
    publish(installation, request("CN91", model={"id": "bank-plugin", "version": "1"}))
    wait_until(lambda: bool(children(second)), lambda: second.output)
    second.kill()
    flag.unlink()
    third = installation.service("evaluator", program=set_up + MAIN)
    found = wait_until_answered(installation, 2)
    third.kill()
    # an evaluator in a group whose offsets the brokers have forgotten asks nobody for what is answered
    installation.service("evaluator", program=set_up + ANOTHER_GROUP)
    publish(installation, request("CN92"))
    assert {**wait_until_answered(installation, 3), "CN92": []} == {**found, "CN92": []}
    assert [len(found[subject]) for subject in ("CN90", "CN91")] == [1, 1]
    installation.wait_until_posted(worker)
    proof = installation.run("evaluate", "--verify", "--json")
    assert (proof.code, [row["verdict"] for row in proof.json["answers"]]) == (0, ["equal"] * 3)
    assert (next(_Erratic.calls), len(answers(installation))) == (3, 3)
