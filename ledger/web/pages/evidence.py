"""Evidence: published figures and their verdicts, rejected records and their bytes, and one record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from ledger import queries
from ledger.figures.reconcile import Reconciliation, compared, table_row
from ledger.place import place_of
from ledger.queries import Book
from ledger.queries import rejections as refused_records
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import basis_filter, choices
from ledger.web.pages.event_words import event_label
from ledger.web.pages.industries import subject_link
from ledger.web.pages.overview import VERDICT_ORDER
from ledger.web.pages.parts import (
    Block,
    FactList,
    FigureCard,
    FilterField,
    HeaderCell,
    KeyFigures,
    Notice,
    SelectOption,
    Table,
    TableCell,
    TextBlock,
    WebPage,
)
from ledger.web.pages.regions import region_label
from ledger.web.pages.tables import more, saves
from ledger.web.pages.tracing import figures, in_the_log
from ledger.web.pages.translator import N, Translator
from schemas.rules import Rule

SHOWN_BYTES = 20_000
REPAIRS: Final = {
    "unreadable": N("Set the producer's codec to none, gzip, snappy, lz4 or zstd, and its batches below 64 MiB."),
    "too_large": N("Split the event: a value has at most 1,000,000 bytes."),
    "empty": N("Send a value; the ledger has no tombstones. To remove an event, publish a void."),
    "not_utf8": N("Encode the value as UTF-8."),
    "not_json": N("Write one JSON object: no byte order mark, no NaN, each key once, nothing after its end."),
    "bad_envelope": N("Complete the CloudEvents attributes: id, source, type, subject, time, specversion 1.0."),
    "unknown_type": N("Use a type of the catalogue: `ip-ledger schema` lists all."),
    "bad_data": N("Correct the field at the path; `ip-ledger schema TYPE --example` prints a valid event."),
    "misrouted": N("Use the subject as the Kafka key, the murmur2 partitioner, and the topic of the type."),
    "conflict": N("The first event with this id stands. To change it, publish a correction with an id of its own."),
}
"""Rule that a record breaks -> the way to repair it."""


def reconcile_page(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the published figures and those of the book, with their verdicts."""
    return WebPage(
        name="reconcile",
        title=t("Reconcile"),
        lede=t("Printed figures, each computed again from the events: exactly, and rounded once."),
        blocks=[
            slow.block("counts", t("Verdicts"), lambda book: _counts(_reconciled(book, at), at, t)),
            slow.block("figures", t("Published figures"), lambda book: _figures(_reconciled(book, at), at, t)),
        ],
        filters=[
            choices(
                "verdict",
                t("Verdict"),
                at,
                [
                    SelectOption("", t("all verdicts")),
                    *(SelectOption(name, labels.value(name, t)) for name in VERDICT_ORDER),
                ],
            ),
            FilterField("about", t("Text"), at["about"]),
            basis_filter(at, t),
        ],
    )


def _reconciled(book: Book, at: Address) -> Reconciliation:
    return compared(book, at.basis, at["about"])


def _counts(found: Reconciliation, at: Address, t: Translator) -> Block:
    counts = Counter(row["verdict"] for row in found.rows)
    return KeyFigures(
        id="counts",
        title=t("Verdicts"),
        figures=[
            FigureCard(
                labels.value(name, t).capitalize(),
                t.number(counts[name]),
                detail=t("of {count} figures", count=t.number(len(found.rows))),
                href=at.link(verdict=name),
                tone=labels.TONES.get(name, "") if counts[name] else "",
            )
            for name in VERDICT_ORDER
        ],
    )


def _figures(found: Reconciliation, at: Address, t: Translator) -> Block:
    chosen = [
        row for name in VERDICT_ORDER for row in found.rows if row["verdict"] == name and at["verdict"] in ("", name)
    ]
    rows = []
    for row in chosen[: at.rows]:
        brief = table_row(row)
        unit = row["converted_to"] or row["currency"] or ""
        source = f"{row['publisher']}, {t.day(row['published_on'])}"
        rows.append(
            [
                TableCell(row["figure"], at.link(f"/entities/{row['subject']}"), note=source),
                TableCell(
                    labels.value(row["verdict"], t),
                    tone=labels.TONES[row["verdict"]],
                    note=t.sentence(row["reason"] or ""),
                ),
                TableCell(_decimal(row["published"], t), note=unit),
                TableCell(_decimal(brief["exact"], t)),
                TableCell(_decimal(brief["difference"], t)),
                TableCell(row["completeness"] or "–"),
            ]
        )
    heads = (t("Figure"), t("Verdict"), t("Published"), t("Exact"), t("Difference"), t("Completeness"))
    return Table(
        id="figures",
        title=t("Published figures"),
        note=t(
            "{count} figures. `differs` does not mean wrong: a book holds what was published to it.", count=len(chosen)
        ),
        heads=[HeaderCell(words, index > 1) for index, words in enumerate(heads)],
        rows=rows,
        empty=t("The book has no published figure of this selection."),
        more=more(at, t, len(chosen) > at.rows),
        saves=saves(at, "reconcile", ("json",), about=at["about"]),
    )


def _decimal(text: str | None, t: Translator) -> str:
    if text is None:
        return "–"
    cut = text.endswith("…")
    return t.number(text.rstrip("…")) + ("…" if cut else "")


def rejections_page(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the rejected records, newest first, by the rule that they break."""
    rule = at["rule"] or None
    counts = refused_records.counts(book)
    found = list(refused_records.newest(book, at.rows + 1, rule))
    cards = [
        FigureCard(
            labels.value(name, t),
            t.number(count),
            detail=t("chosen; show all") if rule == name else t("show these only"),
            href=at.link(rule=None if rule == name else name),
            tone="bad",
        )
        for name, count in counts.items()
    ]
    blocks: list[Block] = [KeyFigures(id="rules", title=t("By rule"), figures=cards)] if cards else []
    if rule in REPAIRS:
        blocks.append(Notice(id="repair", title=t("How to repair"), text=t(REPAIRS[rule])))
    blocks.append(
        Table(
            id="records",
            title=t("Rejected records"),
            note=t("Nothing of them is in any figure. Their bytes are kept; they block nothing."),
            heads=[HeaderCell(t("Rule")), HeaderCell(t("Message")), HeaderCell(t("Place")), HeaderCell(t("Event id"))],
            rows=[_row_of(row, at, t) for row in found[: at.rows]],
            empty=t("The ledger has refused no record."),
            more=more(at, t, len(found) > at.rows),
            saves=saves(at, "rejections", rule=at["rule"]),
        )
    )
    rules = [SelectOption(name, labels.value(name, t)) for name in (*(one.label for one in Rule), "conflict")]
    return WebPage(
        name="rejections",
        title=t("Rejections"),
        lede=t("Records that break a rule, each with the first rule that it breaks, its bytes, and how to repair it."),
        blocks=blocks,
        filters=[choices("rule", t("Rule"), at, [SelectOption("", t("all rules")), *rules])],
        live=True,
    )


def _row_of(row: Mapping[str, Any], at: Address, t: Translator) -> list[TableCell]:
    place = place_of(row)
    return [
        TableCell(labels.value(row["rule"], t), at.link(f"/events/{place}"), tone="bad", note=row["reason"] or ""),
        TableCell(t.message(row), note=row["path"] or ""),
        TableCell(place, at.link(f"/events/{place}"), code=True),
        TableCell(row["id"] or "–", code=True),
    ]


def event_page(book: Book, at: Address, t: Translator, slow: Slow, asked: str) -> WebPage:
    """Return one record, by its place or id: outcome, effect, revisions, bytes. Raise NothingFound."""
    found = queries.show(book, asked, at.basis)
    blocks: list[Block] = []
    for number, record in enumerate(found.records):
        blocks += _record(book, at, t, record, number, slow)
    return WebPage(
        name="event",
        title=asked,
        lede=t("One record of the log, with its outcome and its effect on the totals."),
        blocks=blocks,
        trail=[],
    )


def _record(book: Book, at: Address, t: Translator, record: Mapping[str, Any], number: int, slow: Slow) -> list[Block]:
    outcome, refused = record["outcome"], record["refused"]
    subject = record["subject"]
    link = subject_link(at, record["topic"], subject) if outcome == "accepted" else ""
    facts = [
        (t("Outcome"), TableCell(labels.value(outcome, t), tone=labels.TONES.get(outcome, ""))),
        (t("Event"), TableCell(event_label(record["type"], t), note=record["type"] or "")),
        (t("Subject"), TableCell(subject or "–", link, code=True)),
        (t("Business date"), TableCell(t.day(record["occurred_on"]))),
        (t("Taken by the broker"), TableCell(t.moment(record["broker_timestamp"]))),
        (t("Source"), TableCell(record["source"] or "–", code=True)),
        (t("Event id"), TableCell(record["id"] or "–", code=True)),
        (t("Place"), TableCell(place_of(record), code=True)),
        (t("SHA-256 of the value"), TableCell(record["value_hash"] or "–", code=True)),
    ]
    if record["state"]:
        facts.append(
            (t("State"), TableCell(labels.value(record["state"], t), tone=labels.TONES.get(record["state"], "")))
        )
    if record["target"]:
        facts.append(
            (t("Corrects or voids"), TableCell(record["target"], at.link(f"/events/{record['target']}"), code=True))
        )
    if record["stands"]:
        facts.append((t("What stands"), TableCell(record["stands"], at.link(f"/events/{record['stands']}"), code=True)))
    blocks: list[Block] = [FactList(id=f"record-{number}", title=t("Record"), facts=facts)]
    if refused:
        blocks += _refused(book, t, record, refused, number)
    waits = record["waits"].get(at.basis)
    if waits:
        text = t(
            "Accepted, and without effect until a later event gives it one: {reason}.", reason=labels.value(waits, t)
        )
        blocks.append(Notice(id=f"waits-{number}", title=t("Waiting"), tone="warn", text=text))
    if record["differs"]:
        blocks.append(_differences(t, record, number))
    if outcome == "accepted":
        place = place_of(record)
        blocks += [_effect(at, t, record, number), figures(book, at, t, place, number)]
        blocks += [_revisions(at, t, record, number), in_the_log(slow, t, record, place, number)]
    return blocks


def _refused(
    book: Book, t: Translator, record: Mapping[str, Any], refused: Mapping[str, Any], number: int
) -> list[Block]:
    path = f" ({refused['path']})" if refused["path"] else ""
    repair = t(REPAIRS[refused["rule"]]) if refused["rule"] in REPAIRS else ""
    blocks: list[Block] = [
        Notice(
            id=f"why-{number}",
            title=t("Why it was refused: {rule}", rule=labels.value(refused["rule"], t)),
            tone="bad",
            text=f"{t.message(refused)}{path}",
            step=repair,
        )
    ]
    kept = refused_records.kept_at(book, record["topic"], record["partition"], record["offset"])
    if kept and kept["value"]:
        value: bytes = kept["value"][:SHOWN_BYTES]
        note = t("{count} bytes, as they came.", count=t.number(kept["size"]))
        blocks.append(
            TextBlock(id=f"bytes-{number}", title=t("Bytes"), note=note, text=_bytes_text(value), language="json")
        )
    return blocks


def _bytes_text(value: bytes) -> str:
    """Return bytes as text: indented if they are JSON, as hexadecimal lines if they are not UTF-8."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        lines = [value[start : start + 16] for start in range(0, min(len(value), 1024), 16)]
        return "\n".join(f"{index * 16:04x}  {line.hex(' ')}" for index, line in enumerate(lines))
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text


def _differences(t: Translator, record: Mapping[str, Any], number: int) -> Table:
    return Table(
        id=f"differs-{number}",
        title=t("What differs"),
        note=t("The first event in the log stands; only a correction decides what is right."),
        heads=[HeaderCell(t("Field")), HeaderCell(t("Stands")), HeaderCell(t("In this record"))],
        rows=[
            [
                TableCell(row["field"], code=True),
                TableCell(str(row["stands"] or "–")),
                TableCell(str(list(row.values())[2] or "–")),
            ]
            for row in record["differs"]
        ],
        span=6,
    )


def _effect(at: Address, t: Translator, record: Mapping[str, Any], number: int) -> Table:
    rows = [
        [
            TableCell(labels.value(row["kind"], t)),
            TableCell(t.day(row["date"])),
            TableCell(labels.industry_label(row["industry"], t), at.link(f"/industries/{row['industry']}")),
            TableCell(region_label(row["region"], t)),
            TableCell(labels.value(row["right"] or "–", t)),
            TableCell(t.number(row["events"])),
            TableCell("–" if row["amount"] is None else t.number(row["amount"]), note=row["currency"] or ""),
        ]
        for row in record["effect"]
        if row["basis"] == at.basis
    ]
    words = (t("Total"), t("Date"), t("Industry"), t("Region"), t("Right"), t("Events"), t("Amount"))
    return Table(
        id=f"effect-{number}",
        title=t("Effect on the totals"),
        note=t("The postings of this record on the basis `{basis}`.", basis=labels.value(at.basis, t)),
        heads=[HeaderCell(word, index > 4) for index, word in enumerate(words)],
        rows=rows,
        empty=t("This record moves no total."),
    )


def _revisions(at: Address, t: Translator, record: Mapping[str, Any], number: int) -> Table:
    return Table(
        id=f"revisions-{number}",
        title=t("Corrections and voids"),
        heads=[HeaderCell(t("Event")), HeaderCell(t("Place"))],
        rows=[
            [
                TableCell(event_label(row["type"], t)),
                TableCell(row["place"], at.link(f"/events/{row['place']}"), code=True),
            ]
            for row in record["revisions"]
        ],
        empty=t("Nobody corrected or voided it."),
        span=6,
    )
