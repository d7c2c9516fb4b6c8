"""Commands for valuations: evaluator, evaluate."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.commands.context import connect_cluster, open_book, settings
from ledger.commands.exit_codes import Exit
from ledger.commands.formats import Sheet
from ledger.commands.formatted import Printer, in_formats, listed_names
from ledger.commands.messages import counted, echo_err
from ledger.commands.reading import AS_OF, FILTERS, RECORDED, basis_of, day_option, print_answer
from schemas.errors import UsageError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from ledger.evaluate.model_answer import AskModel
    from ledger.evaluator_traces import EvaluatorTraces

_EVIDENCE = ("at", "asset", "amount", "currency")
_ALERT = ("pledge", "reason", "since", "asset", "event", "amount", "currency")
_PROVEN = ("topic", "partition", "offset", "answer", "subject", "model_id", "model_version", "verdict")


class NothingToEvaluate(UsageError):
    """No asset is named. Name one, or give --verify. `ip-ledger evaluate --help` has examples."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("evaluator")(evaluator_command)
    app.command("evaluate")(evaluate_command)
    app.command("calibration")(calibration_command)
    app.command("alerts")(alerts_command)


def evaluator_command() -> None:
    """Answer requests for valuations, each with one event, until SIGTERM. A worker must run on the book. A request that
    names a registered model is answered by it, all others by rules.

    Examples:
      ip-ledger evaluator
      LEDGER_BOOK=/srv/book.db ip-ledger evaluator
    """
    from ledger import logs
    from ledger.commands.running import outcome
    from ledger.evaluator import evaluate
    from ledger.tracing import spans

    logs.configure()

    def answer() -> None:
        with spans("evaluator", _traces) as found:
            seconds = settings().session_seconds
            evaluate(connect_cluster(), settings().book, ask=_asker(), session_seconds=seconds, traces=found)

    os._exit(outcome(answer, "evaluator"))  # Faust's threads may wait for a broker that is gone


def _traces(provider: TracerProvider) -> EvaluatorTraces:
    from ledger.evaluator_traces import EvaluatorTraces

    return EvaluatorTraces(provider)


@in_formats(cites=True)
def evaluate_command(
    subject: Annotated[str, typer.Argument(metavar="ASSET", help="The id of the asset to value.")] = "",
    approach: Annotated[str, typer.Option(help="The approach: market, income or cost.")] = "market",
    purpose: Annotated[str, typer.Option(help="The purpose, such as pledge_financing or licence.")] = "management",
    basis_of_value: Annotated[
        str, typer.Option("--basis", metavar="BASIS", help="Of the value, such as market_value.")
    ] = "market_value",
    currency: Annotated[str, typer.Option(metavar="CODE", help="Of the value. Nothing is converted.")] = "CNY",
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day of the value; default: the newest day.")
    ] = None,
    comparables: Annotated[int, typer.Option(help="9, 19 or 39 deals, for the market approach.")] = 9,
    model: Annotated[
        str, typer.Option(metavar="ID@VERSION", help="The registered model that answers; default: the ledger's rule.")
    ] = "",
    verify: Annotated[
        bool, typer.Option("--verify", help="Compute all answers again, and compare each byte for byte.")
    ] = False,
    *,
    printer: Printer,
) -> None:
    """Value an asset, or prove all answers. The answer is the one that the evaluator would give now, with
    its evidence; nothing is published. --verify computes all answers in the book again, those of models from what they
    answered, without asking them: exit code 1 if one differs. A rule's answer is not an appraisal report.

    Examples:
      ip-ledger evaluate CN109000001B --as-of 2024-08-31 --comparables 19
      ip-ledger evaluate --verify --json
    """
    if verify:
        raise typer.Exit(_verify(printer))
    if not subject:
        raise NothingToEvaluate
    from ledger.book.position import position_text
    from ledger.valuations.preview import preview

    with open_book() as book:
        day = as_of or _newest_day(book)
        data = {
            "occurred_on": day,
            "purpose": purpose,
            "approach": approach,
            "basis_of_value": basis_of_value,
            "currency": currency,
            "as_of": day,
            "comparables": comparables if approach == "market" else None,
            "model": _model_name(model),
        }
        answered = preview(book, subject, data, _asker()) | {"position": position_text(book.positions())}
    _print(printer, answered)


@in_formats(cites=True, asks=True, watches=True)
def calibration_command(
    filters: FILTERS = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="Any of model, model_version, made_by, approach, purpose, basis_of_value, industry, region, right, "
            "year, owner_type, owner_size, as A,B.",
        ),
    ] = "model,model_version,approach",
    as_of: AS_OF = None,
    recorded: RECORDED = False,
    *,
    printer: Printer,
) -> None:
    """Compare valuations with the prices that came after them in the log: how many prices are in their range, how many
    should be, and whether the values are too high. Filters are those of the view realised_values.

    Examples:
      ip-ledger calibration
      ip-ledger calibration industry=AI made_by=rule --by model,year
    """
    from ledger.queries.calibration import calibration

    with open_book() as book:
        answer = calibration(
            book, listed_names(by), basis=basis_of(recorded), as_of=day_option(as_of), filters=filters or []
        )
    print_answer(printer, answer, "Valuations and realised prices", [], chosen_columns=False)


@in_formats(cites=True)
def alerts_command(
    as_of: AS_OF = None,
    publish: Annotated[bool, typer.Option("--publish", help="Publish them, once each.")] = False,
    *,
    printer: Printer,
) -> None:
    """List the reasons to watch pledges that have no alert yet. --publish publishes these alerts
    (ip.collateral.alerted); a desk acknowledges them (ip.collateral.acknowledged). The view alerts has all.

    Examples:
      ip-ledger alerts --as-of 2024-06-30
      ip-ledger alerts --publish
    """
    from ledger.valuations.alerts import new_alerts

    with open_book() as book:
        found = new_alerts(book, day_option(as_of))
    if publish and found.alerts:
        from streams.producer import Producer

        with Producer(connect_cluster()) as producer:
            for alert in found.alerts:
                producer.publish(alert.value)
    rows = [{name: alert.row[name] for name in _ALERT} for alert in found.alerts]
    about = {"as_of": found.day.isoformat(), "published": publish, "position": found.position}
    printer.write(Sheet(rows, about | {"alerts": rows}, f"New alerts, as of {found.day}", _ALERT, key="alerts"))
    if printer.is_table:
        count = counted(len(rows), "alert", "alerts")
        echo_err(f"{count} published." if publish else f"{count}; --publish publishes them.")
    printer.cite(found.position)


def _asker() -> AskModel:
    from ledger.valuations.model_limits import ModelLimits
    from ledger.valuations.models import asker

    given = settings()
    addresses = dict(pair.split("=", 1) for pair in given.model_urls.split())
    return asker(addresses, ModelLimits(given.model_seconds, given.model_bytes))


def _model_name(text: str) -> dict[str, str] | None:
    if not text:
        return None
    name, _, version = text.rpartition("@")
    return {"id": name, "version": version}


def _newest_day(book: Any) -> str:
    from ledger.valuations.model_input import written_day

    return written_day(max((day for (day,) in book.connection.execute("SELECT newest_day FROM position")), default=0))


def _print(printer: Printer, answered: dict[str, Any]) -> None:
    printer.cite(answered["position"])
    data = answered["data"]
    rows = [
        {"at": item["at"], "asset": item.get("asset"), **item.get("value", {"amount": None, "currency": None})}
        for item in data["evidence"]
    ]
    printer.write(Sheet(rows, answered, f"Evidence for {answered['subject']}", _EVIDENCE, key=""))
    if not printer.is_table:
        return
    if answered["type"] == "ip.valuation.refused.v1":
        detail = f" ({data['detail']})" if "detail" in data else ""
        echo_err(f"Refused: {data['reason']}{detail}; there are {data['had']}, it needs {data['needed']}.")
        return
    low, mid = data["low"], data["mid"]["amount"]
    if data.get("bound") == "floor":
        echo_err(f"{data['model_id']}: at least {low['amount']} {low['currency']}.")
    else:
        promised = f"; covers {data['coverage']} of prices" if "coverage" in data else "; without a coverage"
        ends = f"{low['amount']} to {data['high']['amount']} {low['currency']}, middle {mid}"
        echo_err(f"{data['model_id']}: {ends}{promised}.")
    echo_err("Such an answer is not an appraisal report: docs/valuations.md.")


def _verify(printer: Printer) -> int:
    from ledger.book.position import position_text
    from ledger.queries.snapshot import read_snapshot
    from ledger.valuations.proof import DIFFERS, REQUEST_MISSING, proven, requested

    with open_book() as book, read_snapshot(book, VERIFY_SECONDS) as (positions, _):
        rows = [one._asdict() for one in proven(book)]
        asked = requested(book)
        position = position_text(positions)
    verdicts = Counter(row["verdict"] for row in rows)
    waiting = max(0, asked - len({(row["subject"], row["request_id"]) for row in rows}))
    bad = verdicts[DIFFERS] + verdicts[REQUEST_MISSING]
    about = {"verdict": "different" if bad else "equal", "requests": asked, "waiting": waiting, "position": position}
    printer.write(Sheet(rows, about | {"answers": rows}, "Answers computed again", _PROVEN, key="answers"))
    if printer.is_table:
        found = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
        echo_err(
            f"{counted(len(rows), 'answer', 'answers')} computed again: {found or 'none'}; {waiting} requests wait."
        )
    printer.cite(position)
    return Exit.DIFFERENT if bad else Exit.FINE


VERIFY_SECONDS = 24 * 3600.0
"""The time limit of a proof: a read transaction that long is for a copy of the book."""
