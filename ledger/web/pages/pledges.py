"""Pledges: the stock and its risks; and one pledge, its life, pool and flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger import queries
from ledger.queries import Answer, Book, EntityAnswer, NoSuchEntity
from ledger.web.pages import labels
from ledger.web.pages.address import Address
from ledger.web.pages.background import Slow
from ledger.web.pages.choosing import basis_filter, choices, currency_filter, dated, day_filter, right_filter
from ledger.web.pages.drawing import series
from ledger.web.pages.lives import life, party_names
from ledger.web.pages.parts import (
    Block,
    Chart,
    FactList,
    FigureCard,
    HeaderCell,
    KeyFigures,
    Link,
    Notice,
    SelectOption,
    Table,
    TableCell,
    WebPage,
)
from ledger.web.pages.regions import region_label
from ledger.web.pages.tables import first_rows, saves, table
from ledger.web.pages.translator import N, Translator

REASONS = ("overdue", "defaulted", "ltv", "fell", "aged", "due", "lapsed", "challenged", "preserved", "transferred")


def pledges(book: Book, at: Address, t: Translator, slow: Slow) -> WebPage:
    """Return the pledges in force: stock, maturities, concentration, loan to value, watch list."""
    stock = queries.stock_by_industry(book, "pledges", at.day, basis=at.basis)
    whole = [row for row in stock.rows_as_dicts() if row["industry"] == "ALL"]
    codes = [row["currency"] for row in sorted(whole, key=lambda row: -row["in_force"]) if row["currency"]]
    currency = at["currency"] or (codes[0] if codes else "")
    day = stock.terms["as_of"]
    return WebPage(
        name="pledges",
        title=t("Pledges"),
        lede=dated(t, N("What pledges secure on {day}: registered up to the day, and not cancelled."), day),
        blocks=[
            KeyFigures(id="figures", title=t("Stock"), figures=_stock(t, whole)),
            _maturities(book, at, t, currency),
            _industries(at, t, stock, currency),
            slow.block("watch", t("Watch list"), lambda book: _watch(book, at, t)),
            slow.block("concentration", t("Concentration"), lambda book: _concentration(book, at, t), span=6),
            slow.block("cohorts", t("Cohorts"), lambda book: _cohorts(book, at, t, currency), span=6),
            slow.block("ltv", t("Loan to value"), lambda book: _ltv(book, at, t)),
        ],
        filters=[
            currency_filter(at, t, currency, [code for code in codes if code != currency]),
            right_filter(at, t),
            choices(
                "reason",
                t("Reason"),
                at,
                [SelectOption("", t("all reasons")), *(SelectOption(name, labels.value(name, t)) for name in REASONS)],
            ),
            day_filter(at, t, day),
            basis_filter(at, t),
        ],
        live=True,
    )


def _stock(t: Translator, whole: list[dict[str, Any]]) -> list[FigureCard]:
    figures = [
        FigureCard(t("Pledges in force"), t.number(sum(row["in_force"] for row in whole)), detail=t("all currencies"))
    ]
    for row in sorted(whole, key=lambda row: -row["in_force"]):
        if row["currency"] and row["amount"] is not None and len(figures) < 4:
            digits, unit = t.compact(row["amount"])
            figures.append(
                FigureCard(
                    label=t("Secured in {currency}", currency=row["currency"]),
                    value=digits,
                    unit=unit,
                    exact=f"{t.number(row['amount'])} {row['currency']}",
                    detail=t("{count} pledges", count=t.number(row["in_force"])),
                )
            )
    if unknown := sum(row["in_force"] for row in whole if not row["currency"]):
        figures.append(
            FigureCard(t("Without an amount"), t.number(unknown), detail=t("an amount not given is missing, not 0"))
        )
    return figures


def _maturities(book: Book, at: Address, t: Translator, currency: str) -> Table:
    answer = queries.falling_due(book, at.day, basis=at.basis, filters=[f"currency={currency}"] if currency else [])
    rows = answer.rows_as_dicts()
    texts = [f"{t.number(row['amount'] or 0)} {currency}" for row in rows]
    names = [labels.value(row["due"], t) for row in rows]
    return table(
        answer,
        ["due", "pledges", "defaulted", "amount"],
        at,
        t,
        id="maturities",
        title=t("Maturities"),
        note=t("By the last day of the debtor's performance. Amounts in {currency}.", currency=currency)
        if currency
        else "",
        span=6,
        chart=Chart(
            "maturities-chart",
            "bar",
            t("Maturities"),
            names,
            [series(t("Secured"), [row["amount"] for row in rows], texts)],
        ),
        saves=saves(at, "views/maturity", currency=currency, as_of=at["day"]),
    )


def _industries(at: Address, t: Translator, stock: Answer, currency: str) -> Table:
    rows = [row for row in stock.shown if row[0] != "ALL" and row[3] == currency]
    rows.sort(key=lambda row: -float(row[6] or 0))
    found = Answer(stock.state, stock.columns, rows, stock.terms)
    return table(
        found,
        ["industry", "in_force", "amount"],
        at,
        t,
        id="stock",
        title=t("Stock by industry"),
        note=t("Amounts in {currency}; an industry has its share of each pledge.", currency=currency)
        if currency
        else "",
        span=6,
        shares=("amount",),
        saves=saves(at, "views/pledge_stock", currency=currency, as_of=at["day"]),
    )


def _watch(book: Book, at: Address, t: Translator) -> Block:
    filters = at.filters(reason="reason", currency="currency")
    return first_rows(
        book,
        "watch_list",
        ["reason", "since", "pledge", "asset", "amount", "currency", "event"],
        at,
        t,
        id="watch",
        title=t("Watch list"),
        basis=at.basis,
        filters=filters,
        sort=["-since"],
        note=t("Pledges with a reason to watch them, newest first. The amount is the whole debt: never add rows."),
        empty=t("No pledge has a reason to watch it on this day."),
        saves=saves(at, "views/watch_list", reason=at["reason"], currency=at["currency"], as_of=at["day"]),
    )


def _concentration(book: Book, at: Address, t: Translator) -> Block:
    answer = queries.view(book, "concentration", basis=at.basis, as_of=at.day, filters=at.filters(currency="currency"))
    rows = [row for row in answer.shown if row[answer.names.index("hhi")] is not None]
    return table(
        Answer(answer.state, answer.columns, rows, answer.terms, answer.view),
        ["among", "currency", "holders", "hhi", "largest_share"],
        at,
        t,
        id="concentration",
        title=t("Concentration"),
        note=t("From 1/n, n equal holders, to 1, a single one."),
        span=6,
        saves=saves(at, "views/concentration", as_of=at["day"]),
    )


def _cohorts(book: Book, at: Address, t: Translator, currency: str) -> Block:
    filters = [f"currency={currency},"] if currency else []
    answer = queries.view(book, "cohort_risk", basis=at.basis, as_of=at.day, filters=filters, sort=["-year"])
    first = {row[0]: row for row in reversed(answer.shown)}
    rows = [first[year] for year in sorted(first, reverse=True)][:12]
    return table(
        Answer(answer.state, answer.columns, rows, answer.terms, answer.view),
        [
            "year",
            "registered",
            "in_force_share",
            "ended_without_default_share",
            "defaulted_share",
            "realised_share",
            "recovery",
        ],
        at,
        t,
        id="cohorts",
        title=t("Cohorts"),
        note=t("Pledges by year of registration, and their state on the day. Younger ones have had less time."),
        span=6,
        saves=saves(at, "views/cohort_risk", as_of=at["day"]),
    )


def _ltv(book: Book, at: Address, t: Translator) -> Block:
    filters = at.filters(right="right", region="region", currency="currency")
    return first_rows(
        book,
        "ltv",
        ["pledge", "region", "right", "assets", "secured", "appraised", "currency", "ltv", "ltv_cap", "breach"],
        at,
        t,
        id="ltv",
        title=t("Loan to value"),
        basis=at.basis,
        filters=[*filters, "ltv>=0"],
        sort=["-ltv"],
        note=t("Secured debt over the appraised value of the pool, highest first."),
        empty=t("No pledge in force has a debt and an appraisal of all its assets."),
        shares=("ltv",),
        saves=saves(at, "views/ltv", right=at["right"], currency=at["currency"], as_of=at["day"]),
    )


def pledge(book: Book, at: Address, t: Translator, slow: Slow, subject: str) -> WebPage:
    """Return one pledge. Raise NoSuchEntity."""
    found = queries.entity(book, subject, basis=at.basis)
    if not any(row[0] == "ip.pledge.v1" for row in found.events.shown):
        raise NoSuchEntity(subject=subject)
    first = _first(found, "pledge")
    state = _last(found, "pledge_state")
    ltv = next(
        iter(queries.view(book, "ltv", basis=at.basis, filters=[f"pledge={subject}"]).rows_as_dicts()),
        None,
    )
    watched = queries.view(book, "watch_list", basis=at.basis, filters=[f"pledge={subject}"])
    flags = queries.view(book, "pledge_flags", basis=at.basis, filters=[f"pledge={subject}"])
    blocks: list[Block] = [
        KeyFigures(id="figures", title=t("Now"), figures=_now(t, first, state, ltv)),
        *_warnings(t, first, watched),
        life(found.events, at, t, span=7),
        _contract(at, t, first, state),
        _pool(at, t, found),
        _flags(at, t, flags, subject),
    ]
    return WebPage(
        name="pledge",
        title=subject,
        lede=t("Pledge, registered on {day}", day=t.day(first.get("registered_on"))),
        trail=[Link(t("Pledges"), at.link("/pledges"))],
        blocks=blocks,
        filters=[basis_filter(at, t)],
        live=True,
    )


def _first(found: EntityAnswer, name: str) -> Mapping[str, Any]:
    answer = found.tables.get(name)
    return answer.shown_as_dicts()[0] if answer else {}


def _last(found: EntityAnswer, name: str) -> Mapping[str, Any]:
    answer = found.tables.get(name)
    return answer.shown_as_dicts()[-1] if answer else {}


def _now(
    t: Translator, first: Mapping[str, Any], state: Mapping[str, Any], ltv: Mapping[str, Any] | None
) -> list[FigureCard]:
    cancelled = state.get("cancelled_on")
    status, tone = (t("cancelled"), "") if cancelled else (t("in force"), "good")
    if not cancelled and state.get("defaulted_on"):
        status, tone = t("in default"), "bad"
    if not first:
        status, tone = t("not registered"), "warn"
    amount = state.get("amount")
    digits, unit = t.compact(amount) if amount is not None else ("–", "")
    figures = [
        FigureCard(
            t("State"), status, detail=t("since {day}", day=t.day(state.get("since"))) if state else "", tone=tone
        ),
        FigureCard(
            t("Secured"),
            digits,
            f"{unit} {state.get('currency') or ''}".strip(),
            exact="" if amount is None else f"{t.number(amount)} {state['currency']}",
            detail=t("not given") if amount is None else t.number(amount),
        ),
        FigureCard(t("Debt due on"), t.day(state.get("debt_to")) if state.get("debt_to") else "–"),
    ]
    if ltv and ltv["ltv"] is not None:
        cap = ltv["ltv_cap"]
        figures.append(
            FigureCard(
                t("Loan to value"),
                t.percent(ltv["ltv"]),
                detail=t("cap {cap}", cap=t.percent(cap, 0)) if cap is not None else t("no cap in force"),
                tone="bad" if ltv["breach"] else "",
            )
        )
    return figures


def _warnings(t: Translator, first: Mapping[str, Any], watched: Answer) -> list[Block]:
    if not first:
        text = t("Events of this pledge wait for its registration. They count in no figure until it arrives.")
        return [Notice(id="waiting", title=t("Waiting"), tone="warn", text=text)]
    reasons = list(dict.fromkeys(labels.value(row["reason"], t) for row in watched.shown_as_dicts()))
    if not reasons:
        return []
    return [Notice(id="reasons", title=t("On the watch list"), tone="warn", text=t.listed(reasons))]


def _contract(at: Address, t: Translator, first: Mapping[str, Any], state: Mapping[str, Any]) -> FactList:
    deal = first.get("deal_id")
    return FactList(
        id="contract",
        title=t("Contract"),
        span=5,
        facts=[
            (t("Pledgors"), TableCell(party_names(first.get("pledgors"), t))),
            (t("Pledgees"), TableCell(party_names(state.get("pledgees") or first.get("pledgees"), t))),
            (t("Registration no."), TableCell(first.get("registration_no") or "–")),
            (t("Region"), TableCell(region_label(first.get("region"), t))),
            (t("Right"), TableCell(labels.value(first.get("right") or "–", t))),
            (t("Debt from"), TableCell(t.day(first.get("debt_from")))),
            (t("Deal"), TableCell(deal, at.link(f"/entities/{deal}"), code=True) if deal else TableCell("–")),
        ],
    )


def _pool(at: Address, t: Translator, found: EntityAnswer) -> Table:
    answer = found.tables.get("pledge_asset")
    rows = []
    for row in answer.shown_as_dicts() if answer else []:
        value = row["appraised"]
        there = row["until"] is None
        rows.append(
            [
                TableCell(row["id"], at.link(f"/patents/{row['id']}"), code=True),
                TableCell(labels.value(row["right"], t)),
                TableCell(labels.industry_label(row["industry"], t), at.link(f"/industries/{row['industry']}")),
                TableCell("–" if value is None else t.number(value), note=row["currency"] or ""),
                TableCell(t.day(row["since"])),
                TableCell(t("in the pool"), tone="good") if there else TableCell(t.day(row["until"]), tone="quiet"),
            ]
        )
    words = (N("Asset"), N("Right"), N("Industry"), N("Appraised"), N("Since"), N("Released"))
    return Table(
        id="pool",
        title=t("Pool"),
        note=t("{count} entries. An asset without an appraisal is not worth 0.", count=t.number(len(rows))),
        heads=[HeaderCell(t(word), word == "Appraised") for word in words],
        rows=rows,
        empty=t("No asset on this basis."),
        saves=saves(at, f"entities/{found.subject}", ("json",)),
    )


def _flags(at: Address, t: Translator, flags: Answer, subject: str) -> Table:
    return table(
        flags,
        ["rule", "asset", "explanation", "waived"],
        at,
        t,
        id="flags",
        title=t("Grounds for refusal"),
        note=t("Grounds R1 to R12 of CNIPA Announcement 461, judged on the registration day. Flagged, never refused."),
        empty=t("The registration breaks no ground that the book can judge."),
        saves=saves(at, "views/pledge_flags", pledge=subject),
    )
