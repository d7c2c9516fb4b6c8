"""`python -m benchmarks`: all benchmarks in one run on one broker; prints a table, and JSON as the last line."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson

from benchmarks import freshness, queries, questions
from benchmarks.log import brokers, flood, message, new_log, publish
from benchmarks.measure import Peer, Run, Task, apart, percentile, rate, run, work
from benchmarks.peers import replay, transport, worker
from benchmarks.plain import plain_loop, prepare
from benchmarks.processes import all_cores, one_process
from benchmarks.report import Figures, environment, print_table
from benchmarks.stock import stock_faust, stock_idle
from benchmarks.trees import worker_vs_without_trees
from benchmarks.truth import Events, Totals, WrongTotals, require_true, truth

SEED, OTHER_SEED = 1, 2
FLOODS = (0, 1, 9)
"""Rejected records for each valid event."""


@dataclass(frozen=True)
class Scale:
    """The sizes of a run."""

    events: int
    aged: int
    rounds: int
    fresh_seconds: int
    good: int
    repetitions: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all benchmarks; return 1 if the totals of a peer are wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=60_000, help="events that each peer processes")
    parser.add_argument("--aged", type=int, default=1_000_000, help="events that the aged book already has")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--quick", action="store_true", help="check that everything works; ignore the figures")
    options = parser.parse_args(arguments)
    if options.quick:
        scale = Scale(options.events, 2 * options.events, 1, 3, 100, 3)
    else:
        scale = Scale(options.events, options.aged, options.rounds, 24, 10_000, 50)
    try:
        figures = _measured(scale)
    except WrongTotals as untrue:
        print(f"WRONG: {untrue}", file=sys.stderr)
        return 1
    print_table(figures)
    print(orjson.dumps(figures).decode())
    return 0


def _measured(scale: Scale) -> Figures:
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="ip-ledger-bench-") as name, brokers(Path(name, "broker")) as (at, kafka):
        directory = Path(name)
        figures |= environment(kafka, scale.events, scale.aged, scale.rounds)
        figures |= _on_an_empty_book(scale, at, directory)
        figures |= _on_an_aged_book(scale, at, directory)
        figures |= {
            "transport_vs_stock_faust": _ratio(figures, "transport", "stock_transport"),
            "transport_vs_working_stock_faust": _ratio(figures, "transport", "stock_faust"),
        }
        figures |= _totals_queries(scale, directory)
        figures |= _questions(scale, directory)
        figures |= _in_a_flood(scale, at, directory)
        figures |= _fresh(scale, at, directory)
    return figures


def _ratio(figures: Figures, one: str, other: str) -> float:
    return float(figures[f"{one}_per_second"]) / float(figures[f"{other}_per_second"])


def _on_an_empty_book(scale: Scale, address: str, directory: Path) -> Figures:
    events = Events(SEED, 0, scale.events)
    true = apart(truth, events)
    cluster = new_log(address)
    task = Task(cluster, publish(cluster, map(message, events)), directory / "empty.db")
    apart(prepare, task, task.book).result()
    true_totals = true.result()
    peers = (worker, stock_faust, one_process, all_cores, replay, plain_loop, stock_idle)
    runs = _rounds(scale, peers, task, None, true_totals)
    per_second = {peer: rate(scale.events, runs[peer]) for peer in runs}
    with_trees = [_with_trees(task, true_totals) for _ in range(scale.rounds)]
    return {
        "worker_per_second": per_second[worker],
        "stock_faust_per_second": per_second[stock_faust],
        "plain_loop_per_second": per_second[plain_loop],
        "replay_per_second": per_second[replay],
        "stock_transport_per_second": per_second[stock_idle],
        "worker_vs_stock_faust": per_second[worker] / per_second[stock_faust],
        "worker_vs_plain_loop": per_second[worker] / per_second[plain_loop],
        "one_process_per_second": per_second[one_process],
        "all_cores_per_second": per_second[all_cores],
        "all_cores_vs_one_process": per_second[all_cores] / per_second[one_process],
        "all_cores_vs_plain_loop": per_second[all_cores] / per_second[plain_loop],
        "replay_vs_worker": per_second[replay] / per_second[worker],
        "worker_vs_without_trees": median(with_trees),
        "worker_cpu_us_per_event": work(scale.events, runs[worker]),
        "stock_faust_cpu_us_per_event": work(scale.events, runs[stock_faust]),
        "plain_loop_cpu_us_per_event": work(scale.events, runs[plain_loop]),
        "worker_memory_mb": max(each.rss for each in runs[worker]) / 2**20,
    }


def _on_an_aged_book(scale: Scale, address: str, directory: Path) -> Figures:
    """Let the worker post many events to a book; then measure the worker and the plain loop on more events."""
    aged, more = Events(OTHER_SEED, 0, scale.aged), Events(OTHER_SEED, scale.aged, scale.aged + scale.events)
    true = apart(truth, Events(OTHER_SEED, 0, more.end))  # of the whole log: a wrong book makes them wrong, too
    cluster = new_log(address)
    book = directory / "aged.db"
    aged_task = Task(cluster, publish(cluster, map(message, aged)), book)
    made = run(worker, aged_task)
    true_totals = true.result()
    moved = [run(transport, aged_task) for _ in range(scale.rounds)]
    task = Task(cluster, publish(cluster, map(message, more)), directory / "more.db")
    apart(prepare, task, book).result()
    runs = _rounds(scale, (worker, plain_loop), task, book, true_totals)
    return {
        "transport_per_second": rate(scale.aged, moved),
        "worker_at_1m_per_second": rate(scale.events, runs[worker]),
        "plain_loop_at_1m_per_second": rate(scale.events, runs[plain_loop]),
        "worker_vs_plain_loop_at_1m": rate(scale.events, runs[worker]) / rate(scale.events, runs[plain_loop]),
        "worker_at_1m_cpu_us_per_event": work(scale.events, runs[worker]),
        "plain_loop_at_1m_cpu_us_per_event": work(scale.events, runs[plain_loop]),
        "worker_memory_mb_at_lag_1m": made.rss / 2**20,
        "bytes_per_event": book.stat().st_size / scale.aged,
    }


def _totals_queries(scale: Scale, directory: Path) -> Figures:
    aged, filled = directory / "aged.db", directory / "filled.db"
    cells = queries.fill(aged, filled)
    figures: Figures = {"totals_in_the_larger_book": cells}
    for name, path in (("at_1m", aged), ("at_10m", filled)):
        measured = apart(queries.times, path, scale.repetitions).result()
        every = [seconds * 1000 for times in measured.values() for seconds in times]
        figures[f"totals_query_p50_ms_{name}"] = percentile(every, 50)
        figures[f"totals_query_p99_ms_{name}"] = percentile(every, 99)
    slowest = max(measured, key=lambda question: percentile(measured[question], 50))
    figures["totals_query_p99_ms"] = figures["totals_query_p99_ms_at_10m"]
    figures["totals_query_slowest"] = queries.options(slowest)
    figures["totals_query_slowest_p50_ms"] = percentile(measured[slowest], 50) * 1000
    return figures


def _questions(scale: Scale, directory: Path) -> Figures:
    """Measure readers' questions on a book of all types of events, and on one of a quarter of its size."""
    times = []
    for events in (scale.aged // 4, scale.aged):
        book = directory / f"questions-{events}.db"
        apart(questions.make_book, book, events).result()
        times.append(apart(questions.times, book, 5).result())
    return questions.figures(*times)


def _in_a_flood(scale: Scale, address: str, directory: Path) -> Figures:
    events = Events(SEED, 0, scale.good)
    true = truth(events)
    tasks = {}
    for each in FLOODS:
        cluster = new_log(address)
        tasks[each] = Task(cluster, publish(cluster, flood(events, each)), directory / f"flood-{each}.db")
    runs = {each: list[Run]() for each in FLOODS}
    for _ in range(scale.rounds):
        for each, task in tasks.items():
            runs[each].append(_run_once(worker, task, None, true))
    good = {each: rate(scale.good, runs[each]) for each in FLOODS}
    return {
        "good_per_second_alone": good[0],
        "good_per_second_in_flood_1_to_1": good[1],
        "good_per_second_in_flood_9_to_1": good[9],
        "good_in_flood_1_to_1_vs_alone": good[1] / good[0],
        "good_in_flood_9_to_1_vs_alone": good[9] / good[0],
        "rejection_cost_vs_good_event": (good[0] / good[9] - 1) / 9,
    }


def _fresh(scale: Scale, address: str, directory: Path) -> Figures:
    events = Events(SEED, 0, scale.fresh_seconds * freshness.RATE)
    book = directory / "fresh.db"
    milliseconds = [seconds * 1000 for seconds in freshness.delays(new_log(address), book, events)]
    require_true("the worker, event by event", book, truth(events))
    return {
        "freshness_p50_ms": percentile(milliseconds, 50),
        "freshness_p99_ms": percentile(milliseconds, 99),
        "freshness_max_ms": max(milliseconds),
    }


def _rounds(scale: Scale, peers: Sequence[Peer], task: Task, begin: Path | None, true: Totals) -> dict[Peer, list[Run]]:
    """Run the peers in turn in each round, so that other load affects all of them."""
    runs: dict[Peer, list[Run]] = {peer: [] for peer in peers}
    for number in range(scale.rounds):
        for peer in peers:
            runs[peer].append(_run_once(peer, task, begin, true))
            print(f"round {number + 1}: {peer.__name__} {runs[peer][-1].spent.seconds:.2f} s", file=sys.stderr)
    return runs


def _with_trees(task: Task, true: Totals) -> float:
    """Measure the cost of the trees on two new books; check the totals of both."""
    _delete(task.book)
    ratio, bare = apart(worker_vs_without_trees, task).result()
    for book in (task.book, bare):
        require_true("the worker with and without trees", book, true)
    _delete(bare)
    return ratio


def _run_once(peer: Peer, task: Task, begin: Path | None, true: Totals) -> Run:
    """Run a peer on a new book, or on a copy of `begin`; check its totals."""
    _delete(task.book)
    if begin is not None:
        shutil.copyfile(begin, task.book)
    finished = run(peer, task)
    if peer is not stock_idle:
        require_true(peer.__name__, task.book, true)
    return finished


def _delete(book: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        book.with_name(book.name + suffix).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
