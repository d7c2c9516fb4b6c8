"""Blocks of a record's page that trace it: the figures that it moved, and what the log has of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ledger import queries
from ledger.audit.reread import DIFFERS, ERASED, GONE, SAME, with_bytes
from ledger.queries import Book
from ledger.queries.trace import trace_record
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.parts import Block, FactList, HeaderCell, Table, TableCell, TextBlock
from ledger.web.pages.translator import N, Translator

_VERDICTS = {
    SAME: (N("the bytes are those whose hash the book has"), "good"),
    DIFFERS: (N("the log has other bytes at this place: it was rewritten"), "bad"),
    GONE: (N("the log no longer holds this record"), "bad"),
    ERASED: (N("erased from the log by law"), ""),
}


def figures(book: Book, at: Address, t: Translator, place: str, number: int) -> Table:
    """Return the figures that a record moved: what it added, and what they are now."""
    found = trace_record(book, place, basis=at.basis)
    rows = []
    for row in found.figures:
        chosen = {"kind": row["kind"], "industry": row["industry"], "year": str(row["year"])}
        money = row["currency"] or ""
        added = "" if row["added_amount"] is None else f"{t.number(row['added_amount'])} {row['currency']}"
        rows.append(
            [
                TableCell(labels.value(row["kind"], t), at.link("/events", **chosen)),
                TableCell(labels.industry_label(row["industry"], t)),
                TableCell(str(row["year"])),
                TableCell(t.number(row["added_events"]), note=added),
                TableCell("–" if row["events"] is None else t.number(row["events"])),
                TableCell("–" if row["amount"] is None else t.number(row["amount"]), note=money),
            ]
        )
    words = (t("Total"), t("Industry"), t("Year"), t("Added by this record"), t("Events"), t("Amount"))
    return Table(
        id=f"figures-{number}",
        title=t("Figures that it moved"),
        note=t("Each total over all regions and rights, as it is now."),
        heads=[HeaderCell(word, index > 2) for index, word in enumerate(words)],
        rows=rows,
        empty=t("This record moves no total."),
    )


def moved_totals(book: Book, at: Address, t: Translator, filters: Sequence[str]) -> Table:
    """Return the totals of a selection that moved since the position or time of the address."""
    named = {text.partition("=")[0] for text in filters}
    whole = filters if "industry" in named else [*filters, "industry=ALL"]
    answer = queries.moved(book, at["since"], basis=at.basis, filters=whole, limit=at.rows)
    rows = []
    for row in answer.shown_as_dicts():
        amounts = [row[f"amount_{side}"] for side in ("before", "after", "moved")]
        events = [row[f"events_{side}"] for side in ("before", "after", "moved")]
        rows.append(
            [
                TableCell(labels.industry_label(row["industry"], t), note=str(row["year"])),
                *(TableCell(t.number(count)) for count in events),
                *(
                    TableCell("–" if amount is None else t.number(amount), note=row["currency"] or "")
                    for amount in amounts
                ),
            ]
        )
    words = (
        *(t("Industry"), t("Events before"), t("Events now"), t("Moved")),
        *(t("Amount before"), t("Amount now"), t("Moved")),
    )
    return Table(
        id="moved",
        title=t("Moved totals"),
        note=t("From the first position to the present one, by year and currency."),
        heads=[HeaderCell(word, index > 0) for index, word in enumerate(words)],
        rows=rows,
        empty=t("Nothing moved since then."),
    )


def in_the_log(slow: Slow, t: Translator, record: Mapping[str, Any], place: str, number: int) -> Block:
    """Return the record's content from the log; without a broker, the way to look it up."""
    cluster, name, title = slow.cluster, f"value-{number}", t("In the log")
    if cluster is None:
        note = t("The log has the bytes of accepted records, the book their SHA-256. Print and compare them:")
        return TextBlock(id=name, title=title, note=note, text=f"ip-ledger show {place} --value | sha256sum", span=6)

    def look(book: Book) -> Block:
        (read,) = with_bytes(book, cluster, [{"place": place, "revisions": record["revisions"]}])
        words, tone = _VERDICTS[read["bytes"]["verdict"]]
        rows = [
            (t("Verdict"), TableCell(t(words), tone=tone)),
            (t("SHA-256"), TableCell(read["bytes"]["found_hash"] or "–", code=True)),
        ]
        if "law" in read["bytes"]:
            rows.append((t("Law"), TableCell(read["bytes"]["law"], note=read["bytes"]["event"])))
        for rule in read["map"]:
            by = rule.get("prefix") or "–"
            mapped = TableCell(labels.industry_label(rule["industry"], t), note=t("by the rule {prefix}", prefix=by))
            rows.append((rule["symbol"], mapped))
        if book.mask is None:  # reasons may quote names of parties
            reasons = [(one["place"], one["reason"]) for one in read["revisions"]]
            rows += [(at, TableCell(reason or "–")) for at, reason in [(place, read["reason"]), *reasons] if reason]
        return FactList(id=name, title=title, facts=rows, span=6)

    return slow.block(name, title, look, span=6)
