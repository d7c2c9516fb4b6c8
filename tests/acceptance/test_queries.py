"""Queries while a worker posts: each answer is the independent fold of the log up to the position that it cites."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from ledger.book.position import parse_position
from ledger.independent.fold import ExpectedBook, Figures, Log, PartitionLog, ledger_of
from tests.acceptance.judgement import COUNTS, assert_true_to_the_log, expected_stock, log_of
from tests.acceptance.load import Load
from tests.effort import examples
from tests.processes import Installation, wait_until

BY_ALL = ("--by", "year,region,right,industry")
QUESTIONS = [
    ["totals", "--json", *BY_ALL],
    ["totals", "--json", "--recorded", *BY_ALL],
    ["totals", "--json"],
    ["view", "pledge_stock", "--json"],
    ["view", "industry_year", "--json"],
    ["view", "unmatched", "--json"],
    ["view", "positions", "--json"],
    ["rejections", "list", "--json"],
    ["status", "--json"],
]
BY_COMMAND = f"""
import contextlib, io, json, time
from itertools import cycle
from ledger.commands import app
for question in cycle({QUESTIONS}):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = app(question, standalone_mode=False)
    print(json.dumps([question, code, json.loads(out.getvalue())]), flush=True)
    time.sleep(0.3)  # leaves the processor to the worker
"""
BY_SQL = """
import json, os, sqlite3, time
book = sqlite3.connect(os.environ["LEDGER_BOOK"], isolation_level=None, timeout=60)
book.row_factory = sqlite3.Row
while True:
    book.execute("BEGIN")
    positions, totals = (list(map(dict, book.execute(f"SELECT * FROM {view}"))) for view in ("positions", "totals"))
    book.execute("COMMIT")
    print(json.dumps([["sql"], 0, {"partitions": positions, "rows": totals}]), flush=True)
    time.sleep(0.3)  # leaves the processor to the worker
"""
DRAWN = examples(8)
"""Number of positions that are folded again for each question."""
Answer = tuple[list[str], int | None, dict[str, Any]]
"""(question, exit code, answer)"""


@contextmanager
def querying(installation: Installation, *programs: str) -> Iterator[list[Path]]:
    """Run processes that ask repeatedly; yield the files of their answers, one a line."""
    directory = installation.book.parent
    files = [directory / f"answers-{number}.jsonl" for number in range(len(programs))]
    processes = []
    for program, file in zip(programs, files, strict=True):
        with file.open("wb") as out, file.with_suffix(".err").open("wb") as err:
            # without a broker: its response time does not matter here
            environment = installation.environment | {
                "LEDGER_BROKERS": "",
                "LEDGER_BROKER_DIR": str(directory / "none"),
            }
            command = [sys.executable, "-c", program]
            processes.append(subprocess.Popen(command, env=environment, stdout=out, stderr=err, cwd=directory))
    try:
        yield files
        for process, file in zip(processes, files, strict=True):
            assert process.poll() is None, file.with_suffix(".err").read_text()
    finally:
        for process in processes:
            process.kill()
            process.wait()


@contextmanager
def producing(load: Load, files: list[Path]) -> Iterator[None]:
    """Produce a few events after each answer meanwhile, so that answers cite many positions on any machine."""
    done = threading.Event()

    def wait_for_an_answer(after: int) -> None:
        wait_until(lambda: done.is_set() or number_of_answers(files) > after, lambda: "no answers")

    def produce() -> None:
        while not done.is_set():
            before = number_of_answers(files)
            load.produce(20)
            wait_for_an_answer(before)

    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(produce)
        try:
            yield
        finally:
            done.set()
        future.result()


def answers_in(file: Path) -> list[Answer]:
    """Return the complete answers: the reader may have been killed in the middle of a line."""
    return [json.loads(line) for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]


def number_of_answers(files: list[Path]) -> int:
    return sum(len(answers_in(file)) for file in files)


def cited_in(files: list[Path]) -> set[str]:
    """Return the positions that the answers cite."""
    return {position_of(answer) for file in files for _, _, answer in answers_in(file)}


def position_of(answer: Mapping[str, Any]) -> str:
    if "position" in answer:
        return str(answer["position"])
    return ",".join(
        f"{part['topic']}:{part['partition']}={part['next']}"
        for part in sorted(answer["partitions"], key=lambda part: (part["topic"], part["partition"]))
    )


def cut(log: Log, position: str) -> Log:
    """Return the log up to a position."""
    ends = parse_position(position)
    return {
        topic_partition: PartitionLog(
            part.first, ends[topic_partition], [record for record in part.records if record[0] < ends[topic_partition]]
        )
        for topic_partition, part in log.items()
    }


def test_every_answer_under_load_is_the_fold_of_the_log_up_to_the_position_it_cites(
    installation: Installation,
) -> None:
    load = Load(installation.cluster, seed=3)
    load.produce(50)
    worker = installation.worker()
    installation.wait_until_posted()
    with querying(installation, BY_COMMAND, BY_SQL) as files:
        wait_until(lambda: all(len(answers_in(file)) > 10 for file in files), lambda: "no answers")
        copies = [installation.book.with_name(f"copy-{number}.db") for number in range(3)]
        with producing(load, files):
            for copy in copies:
                assert installation.run("backup", str(copy)).code == 0
            done = installation.run("verify", "--json")
            assert (done.code, done.json["verdict"]) == (0, "equal")
            wait_until(lambda: len(cited_in(files)) > len(JUDGES), lambda: f"the book stays at {cited_in(files)}")
        installation.wait_until_posted()
        worker.kill()
        before = {file: len(answers_in(file)) for file in files}
        wait_until(lambda: all(len(answers_in(f)) > before[f] + 10 for f in files), lambda: "none without a worker")
    log = log_of(installation.cluster)
    assert_true(log, [answer for file in files for answer in answers_in(file)])
    for copy in copies:
        assert_true_copy(log, copy)
    goes_on = Installation(installation.cluster, installation.book.with_name("restored.db"), installation.workers)
    shutil.copy(copies[0], goes_on.book)
    goes_on.worker()
    goes_on.wait_until_posted()
    assert_true_to_the_log(goes_on)


def assert_true(log: Log, answers: list[Answer]) -> None:
    """Draw some positions for each question; assert that all answers that cite them are right."""
    by_position, by_question = defaultdict(list), defaultdict(list)
    for arguments, code, answer in answers:
        question, position = " ".join(arguments), position_of(answer)
        assert code in (0, None), question
        by_position[position].append((question, answer))
        by_question[question].append(position)
    assert by_question.keys() == JUDGES.keys()
    chance = Random(5)
    drawn = {position for positions in by_question.values() for position in chance.choices(positions, k=DRAWN)}
    for position in drawn:
        expected = ledger_of(cut(log, position))
        for question, answer in by_position[position]:
            JUDGES[question](answer, expected)


def assert_true_copy(log: Log, path: Path) -> None:
    """Assert that a copy is one file, and is the fold of the log at its position."""
    assert [file.name for file in path.parent.glob(path.name + "*")] == [path.name]
    with closing(sqlite3.connect(path)) as copy:
        copy.row_factory = sqlite3.Row
        positions, totals = (
            [dict(row) for row in copy.execute(f"SELECT * FROM {view}")] for view in ("positions", "totals")
        )
    answer = {"partitions": positions, "rows": totals}
    judge_sql(answer, ledger_of(cut(log, position_of(answer))))


# ---- the expected answer of each question


def cells(rows: list[dict[str, Any]], names: tuple[str, ...], **more: str) -> dict[tuple[Any, ...], Figures]:
    return {
        tuple((row | more)[name] for name in names): Figures(
            row["events"], row["with_amount"], row["amount_minor"] or 0
        )
        for row in rows
    }


def sums(expected: Mapping[tuple[Any, ...], Figures], *indexes: int) -> dict[tuple[Any, ...], Figures]:
    """Sum the figures of cells (kind, year, region, right, industry, currency) over the fields outside `indexes`."""
    found: dict[tuple[Any, ...], Figures] = defaultdict(Figures)
    for key, figures in expected.items():
        found[tuple(key[index] for index in indexes)] = found[tuple(key[index] for index in indexes)].plus(figures)
    return {key: figures for key, figures in found.items() if figures.events}


CELL = ("kind", "year", "region", "right", "industry", "currency")


def shares(expected: ExpectedBook, basis: str) -> dict[tuple[Any, ...], Figures]:
    return {key: figures for key, figures in expected.totals[basis].items() if key[4] != "ALL"}


def whole(expected: ExpectedBook) -> dict[tuple[Any, ...], Figures]:
    return {key: figures for key, figures in expected.totals["corrected"].items() if key[4] == "ALL"}


def judge_shares(answer: dict[str, Any], expected: ExpectedBook) -> None:
    assert cells(answer["rows"], CELL) == shares(expected, answer["basis"])


def judge_whole(answer: dict[str, Any], expected: ExpectedBook) -> None:
    assert cells(answer["rows"], ("kind", "currency")) == sums(whole(expected), 0, 5)


def judge_stock(answer: dict[str, Any], expected: ExpectedBook) -> None:
    found = {(row["industry"], row["currency"]): (row["pledges"], row["amount_minor"]) for row in answer["rows"]}
    assert found == expected_stock(expected)


def judge_industry_year(answer: dict[str, Any], expected: ExpectedBook) -> None:
    found = cells(answer["rows"], ("kind", "year", "industry", "currency"))
    assert found == sums(shares(expected, "corrected"), 0, 1, 4, 5)
    coverage = {(row["kind"], row["year"], row["industry"]): row["coverage"] for row in answer["rows"]}
    assert coverage == {
        key: None if key[0] == "grants" else f.with_amount / f.events
        for key, f in sums(shares(expected, "corrected"), 0, 1, 4).items()
    }


def judge_unmatched(answer: dict[str, Any], expected: ExpectedBook) -> None:
    found = {(row["topic"], row["partition"], row["offset"], row["basis"]) for row in answer["rows"]}
    assert found == set(expected.unmatched)


def judge_rejections(answer: dict[str, Any], expected: ExpectedBook) -> None:
    found = {(row["topic"], row["partition"], row["offset"]): row["rule"] for row in answer["rows"]}
    assert found == expected.rules


def judge_positions(parts: list[dict[str, Any]], expected: ExpectedBook) -> None:
    found = {(part["topic"], part["partition"]): {name: part[name] for name in COUNTS} for part in parts}
    assert found == expected.positions


def judge_sql(answer: dict[str, Any], expected: ExpectedBook) -> None:
    judge_positions(answer["partitions"], expected)
    for basis, figures in expected.totals.items():
        assert cells([row for row in answer["rows"] if row["basis"] == basis], CELL) == figures


JUDGES: dict[str, Callable[[dict[str, Any], ExpectedBook], None]] = {
    **dict(
        zip(
            [" ".join(question) for question in QUESTIONS],
            [
                judge_shares,
                judge_shares,
                judge_whole,
                judge_stock,
                judge_industry_year,
                judge_unmatched,
                lambda answer, expected: judge_positions(answer["rows"], expected),
                judge_rejections,
                lambda answer, expected: judge_positions(answer["partitions"], expected),
            ],
            strict=True,
        )
    ),
    "sql": judge_sql,
}
