"""Alert rules, dashboard and units in ops/, as far as they can be checked without Prometheus and Grafana."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Histogram

from ledger.book.wal import ALARMING
from ledger.commands.exit_codes import Exit
from ledger.doctor import SMALLEST_FREE
from tests.each_case import each_case

ROOT = Path(__file__).parents[2]
OPS = ROOT / "ops"
ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((OPS / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
CASES: list[dict[str, Any]] = yaml.safe_load((OPS / "prometheus" / "alerts.test.yml").read_text("utf-8"))["tests"]
SCRAPES: dict[str, Any] = yaml.safe_load((OPS / "prometheus" / "prometheus.yml").read_text("utf-8"))
BOARD: dict[str, Any] = json.loads((OPS / "grafana" / "ip-ledger.json").read_text("utf-8"))
OPERATORS = (ROOT / "docs" / "operators.md").read_text("utf-8")
METRICS = "".join((ROOT / "ledger" / name).read_text("utf-8") for name in ("web/metrics.py", "worker_metrics.py"))
NAME = re.compile(r"\bip_ledger_\w+")
PROMTOOL = shutil.which("promtool")
WITH_PROMTOOL = pytest.mark.skipif(
    PROMTOOL is None,
    reason="no promtool is on the PATH: `apt-get install prometheus`, or with Go `go install -tags remove_all_sd"
    " github.com/prometheus/prometheus/cmd/promtool@v0.316.0`",
)
WORDS = {"sum", "by", "and", "or", "unless", "on", "changes", "deriv", "increase", "rate", "histogram_quantile", "up"}
LABELS = {"job", "instance", "topic", "partition", "outcome", "route", "status", "le"}
UNITS = sorted((OPS / "systemd").glob("*.service"))


def exported() -> Iterator[str]:
    """Yield the names under which Prometheus stores the metrics of server and worker."""
    for kind, name in re.findall(r'\b(\w+)\(\s*"(ip_ledger_\w+)"', METRICS):
        if kind.startswith("Counter"):
            yield f"{name}_total"
        elif kind == Histogram.__name__:
            yield from (f"{name}_{part}" for part in ("bucket", "sum", "count"))
        else:
            yield name


EXPORTED = set(exported())


def expressions() -> Iterator[tuple[str, str]]:
    """Yield (panel_name, expression) of alerts and dashboard."""
    for rule in ALERTS:
        yield rule["alert"], rule["expr"]
    for panel in BOARD["panels"]:
        for target in panel.get("targets", []):
            yield f"{panel['title']} {target['refId']}", target["expr"]


@each_case(("panel_name", "expression"), expressions())
def test_an_expression_has_only_metrics_that_exist(panel_name: str, expression: str) -> None:
    named = set(NAME.findall(expression))
    assert named <= EXPORTED
    assert named or "up{" in expression


@each_case(("panel_name", "expression"), expressions())
def test_an_expression_has_only_functions_and_labels_that_exist(panel_name: str, expression: str) -> None:
    bare = re.sub(r'"[^"]*"|\[\w+\]', "", expression)
    assert set(re.findall(r"\b[a-z]\w*", bare)) <= WORDS | LABELS | EXPORTED
    for opening, closing in ("()", "{}", "[]"):
        assert expression.count(opening) == expression.count(closing)
    assert all(re.fullmatch(r"[0-9]+[smh]|\$__rate_interval", span) for span in re.findall(r"\[([^]]*)\]", expression))


def test_docs_name_all_metrics_and_no_others() -> None:
    described = set(re.findall(r"^\| `(ip_ledger_\w+)` \|", OPERATORS, re.MULTILINE))
    histogram = {name.removesuffix("_bucket") for name in EXPORTED if name.endswith("_bucket")}
    parts = {f"{name}_{part}" for name in histogram for part in ("bucket", "sum", "count")}
    assert described == EXPORTED - parts | histogram


def test_docs_name_all_alerts_and_no_others() -> None:
    assert re.findall(r"^\| `([A-Z]\w+)` \| (?:critical|warning) \|", OPERATORS, re.MULTILINE) == [
        rule["alert"] for rule in ALERTS
    ]
    for rule in ALERTS:
        assert f"| `{rule['alert']}` | {rule['labels']['severity']} |" in OPERATORS
        assert rule["annotations"].keys() == {"summary", "next_step"}


def test_a_stalled_worker_is_noticed_in_ten_seconds() -> None:
    (stalled,) = (rule for rule in ALERTS if rule["alert"] == "WorkerStalled")
    (span,) = re.findall(r"\[(\d+)s\]", stalled["expr"])
    scrape, evaluation = (_seconds(SCRAPES["global"][name]) for name in ("scrape_interval", "evaluation_interval"))
    held = _seconds(stalled["for"])
    assert scrape + evaluation + max(int(span), held) <= 10
    assert held > scrape  # one scrape between a record and its posting is no alarm
    assert int(span) >= 2 * scrape  # `changes` needs two samples


def test_thresholds_are_those_of_worker_and_doctor() -> None:
    expression = {rule["alert"]: rule["expr"] for rule in ALERTS}
    assert ALARMING == 256 * 1024 * 1024
    assert expression["WalGrows"].endswith("> 256 * 1024 * 1024")
    assert SMALLEST_FREE == 1024 * 1024 * 1024
    assert expression["DiskFills"].endswith("< 1024 * 1024 * 1024")


def test_samples_of_cases_are_not_stale_before_the_next_one() -> None:
    assert all(_seconds(case["interval"]) < 300 for case in CASES), "Prometheus forgets a sample after five minutes"


def test_cases_name_alerts_that_exist() -> None:
    tried = {case["alertname"] for each in CASES for case in each["alert_rule_test"]}
    assert tried <= {rule["alert"] for rule in ALERTS}
    assert set(NAME.findall(str([each["input_series"] for each in CASES]))) <= EXPORTED


@WITH_PROMTOOL
def test_prometheus_accepts_the_rules_and_their_cases() -> None:
    for words in (("check", "alerts.yml"), ("test", "alerts.test.yml")):
        ask = [str(PROMTOOL), words[0], "rules", words[1]]
        answer = subprocess.run(ask, cwd=OPS / "prometheus", capture_output=True, text=True)
        assert answer.returncode == 0, answer.stdout + answer.stderr


@WITH_PROMTOOL
def test_prometheus_accepts_the_expressions_of_the_dashboard(tmp_path: Path) -> None:
    found = [target["expr"] for panel in BOARD["panels"] for target in panel.get("targets", [])]
    rules = [
        {"record": f"panel:{number}", "expr": expression.replace("$__rate_interval", "1m")}
        for number, expression in enumerate(found)
    ]
    file = tmp_path / "board.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "board", "rules": rules}]}))
    answer = subprocess.run([str(PROMTOOL), "check", "rules", str(file)], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_panels_are_side_by_side() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        panel_name = panel["gridPos"]
        cells = {
            (panel_name["x"] + x, panel_name["y"] + y) for x in range(panel_name["w"]) for y in range(panel_name["h"])
        }
        assert panel_name["x"] + panel_name["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_the_dashboard_finds_its_source() -> None:
    provisioned = yaml.safe_load((OPS / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text())
    (source,) = provisioned["datasources"]
    used = {panel["datasource"]["uid"] for panel in BOARD["panels"] if "targets" in panel}
    assert used == {source["uid"]}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_restarts_unless_a_person_must_act(unit: Path) -> None:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(unit)
    service = parser["Service"]
    assert service["NoNewPrivileges"] == "true"
    assert service["ExecStart"].startswith("/opt/ip-ledger/bin/ip-ledger ")
    if service.get("Type") == "oneshot":
        assert "[Timer]" in unit.with_suffix(".timer").read_text("utf-8"), "its timer starts it again"
        return
    assert "ip-ledger-signer" in service["InaccessiblePaths"], "only the unit that signs sees the private key"
    assert service["Restart"] == "on-failure"
    stays = {Exit.DIFFERENT} if "verify" in unit.name else set()
    assert {Exit.USAGE, Exit.BROKEN} | stays == set(map(int, service["RestartPreventExitStatus"].split()))
    assert int(service["TimeoutStopSec"]) > 10


def _seconds(text: str) -> int:
    return int(text[:-1]) * {"s": 1, "m": 60}[text[-1]]
