"""What the book says of the metrics of published figures, exactly: integers and ratios of integers, never floats.

Flows are sums of totals and postings; stocks and populations are rows of the views of the same meaning. A reader of
the book comes to the same figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from ledger.figures.question import Asked, Measured, NoData
from ledger.figures.registers import Registers, require_register
from ledger.posting.cells import INDUSTRY_NUMBERS, LOW, MIXED, RIGHTS, Kind, Stock
from ledger.posting.days import day_number
from ledger.views import VIEWS
from ledger.views.view import on_basis
from schemas.currencies import CURRENCIES, CURRENCY_NUMBERS

_RIGHTS = '(:rights IS NULL OR "right" IN (SELECT value FROM json_each(:rights)))'
_CELLS = f"industry = :industry AND {_RIGHTS}"
_OF_BASIS = """sum(iif(:basis = 1, recorded_events, corrected_events)),
  sum(iif(:basis = 1, recorded_with_amount, corrected_with_amount)),
  sum(iif(:basis = 1, recorded_high, corrected_high)), sum(iif(:basis = 1, recorded_low, corrected_low))"""
TOTALS = f"""SELECT region, currency, {_OF_BASIS} FROM total
  WHERE kind = :kind AND {_CELLS} AND year BETWEEN :first / 10000 AND :last / 10000 GROUP BY region, currency"""
DAYS = f"""SELECT '', currency, {_OF_BASIS} FROM summary
  WHERE kind = :kind AND industry = :industry AND period BETWEEN :first AND :last GROUP BY currency"""
POSTINGS = f"""SELECT region, currency, sum(events), sum(with_amount), sum(high), sum(low) FROM posting
  WHERE kind = :kind AND {_CELLS} AND date BETWEEN :first AND :last AND basis & :basis GROUP BY region, currency"""
STOCK = f"""SELECT region, currency, {_OF_BASIS}
  FROM (
    SELECT region FROM total WHERE kind = :flow AND industry = {INDUSTRY_NUMBERS["ALL"]}
      AND (:region IS NULL OR substr(region || '-', 1, length(:region) + 1) = :region || '-') GROUP BY region
  ) AS place CROSS JOIN stock USING (region)
  WHERE kind = :kind AND {_CELLS} AND date <= :last GROUP BY region, currency"""
STOCK_OF_ALL = f"""SELECT '', currency, {_OF_BASIS} FROM summary
  WHERE kind = :kind AND industry = :industry AND (period < :last / 10000
    OR period BETWEEN :last / 10000 * 100 AND :last / 100 - 1 OR period BETWEEN :last / 100 * 100 AND :last)
  GROUP BY currency"""
VALUATIONS = f"""SELECT coalesce(region, ''), currency, count(*), count(*), sum(mid / {LOW}), sum(mid % {LOW})
  FROM valuation
  WHERE basis & :basis AND since BETWEEN :first AND :last AND :last < until
    AND (:purpose IS NULL OR purpose = :purpose)
    AND {_RIGHTS} AND (:industry = {INDUSTRY_NUMBERS["ALL"]} OR industry = :industry)
  GROUP BY region, currency"""
PCT = """SELECT coalesce(region, ''), 0, count(*), 0, 0, 0 FROM pct_filing
  WHERE basis & :basis AND filed_on BETWEEN :first AND :last AND (:office IS NULL OR office = :office) GROUP BY 1"""
PATENTS = f"""SELECT coalesce(region, ''), 0, count(*), 0, 0, 0 FROM patent
  WHERE basis & :basis AND since <= :last AND :last < until AND ended_on IS NULL
    AND (term_end IS NULL OR term_end > :last) AND office = :office AND {_RIGHTS}
    AND (:industry = {INDUSTRY_NUMBERS["ALL"]} OR industry = :industry)
  GROUP BY 1"""
MARKS = """SELECT coalesce(region, ''), 0, count(*), 0, 0, 0 FROM trademark
  WHERE basis & :basis AND since <= :last AND :last < until AND registered_on IS NOT NULL AND ceased_on IS NULL
    AND coalesce(valid_to, :last) >= :last AND office = :office
  GROUP BY 1"""


class Sums(NamedTuple):
    """How many events; by currency how many of them had an amount, and the amounts' sum in minor units."""

    events: int
    amounts: Mapping[str, tuple[int, int]]


class Measures:
    """The metrics, as one state of a book has them on one basis (`corrected` or `recorded`)."""

    def __init__(self, connection: Any, basis: str) -> None:
        self._connection = connection
        self._basis = basis
        self._known: dict[tuple[str, date | None], list[dict[str, Any]]] = {}
        self.registers = Registers(connection, basis)

    def measure(self, asked: Asked) -> Measured:
        """The exact value of a metric. Raises NoData."""
        if asked.metric in MEASURES:
            _require_divided(asked)
            require_register(asked)
            return MEASURES[asked.metric](self, asked)
        metric, _, comparison = asked.metric.rpartition("_")
        years, compare = COMPARISONS[comparison]
        now = self.measure(replace(asked, metric=metric))
        before = self.measure(replace(asked, metric=metric).earlier(years))
        if now.inputs.get("currency") != before.inputs.get("currency"):
            raise NoData("the amounts that are compared are in two currencies")
        return Measured(compare(now.value, before.value), {"now": now.inputs, "before": before.inputs})

    # ---- flows: of a period

    def count(self, asked: Asked, kind: int) -> Measured:
        """How many events of a kind."""
        if asked.office:
            return self.registers.count(asked)
        return _events(self._flow(asked, kind), asked)

    def pledge_amount(self, asked: Asked) -> Measured:
        """Secured as registered."""
        return _amount(self._flow(asked, Kind.PLEDGES), asked)

    def pledge_mean(self, asked: Asked) -> Measured:
        """For one registration that had an amount."""
        value, inputs = self.pledge_amount(asked)
        return Measured(value / inputs["with_amount"], inputs)

    def valuations(self, asked: Asked) -> Measured:
        """The latest valuation of each subject for each purpose."""
        return _amount(self._sums(VALUATIONS, asked, *asked.period), asked)

    def pct_filings(self, asked: Asked) -> Measured:
        """International applications by origin."""
        if asked.office:
            return self.registers.count(asked)
        return _events(self._sums(PCT, asked, *asked.period), asked)

    def pct_received(self, asked: Asked) -> Measured:
        """International applications by receiving office, from applicants of whatever country."""
        if asked.office:
            return self.registers.count(replace(asked, region=None))
        rows = self._rows(PCT, asked, *asked.period, office=asked.region)
        asked.require_whole({row[0] for row in rows})
        return _events(_together(rows), asked)

    def genai_families(self, asked: Asked) -> Measured:
        """Families on generative AI, by the year of their first publication."""
        first, last = asked.period
        if (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
            raise NoData("these families are counted by whole years")
        rows = [row for row in self._shown("genai") if row["country"] == (asked.region or "ALL")]
        return asked.some(sum(row["families"] for row in rows if first.year <= row["year"] <= last.year), "families")

    def genai_share(self, asked: Asked) -> Measured:
        """In percent of those of the ten years up to the period's last day."""
        families = self.genai_families(asked)
        decade = self.genai_families(replace(asked, first=date(asked.last.year - 9, 1, 1)))
        return Measured(families.value * 100 / decade.value, {**families.inputs, "decade": int(decade.value)})

    def _flow(self, asked: Asked, kind: int) -> Sums:
        """What a kind contributed: whole years from the totals, the days before and after them from the sums by day, or
        from the postings where a region or right is asked for."""
        first, last = asked.period
        whole_first = first if (first.month, first.day) == (1, 1) else date(first.year + 1, 1, 1)
        whole_last = last if (last.month, last.day) == (12, 31) else date(last.year, 1, 1) - timedelta(1)
        by_day = POSTINGS if asked.region or asked.rights else DAYS
        parts = [(by_day, first, last)]
        if whole_first <= whole_last:
            before, after = whole_first - timedelta(1), whole_last + timedelta(1)
            parts = [(by_day, first, before), (TOTALS, whole_first, whole_last), (by_day, after, last)]
        rows = [row for sql, *days in parts if days[0] <= days[1] for row in self._rows(sql, asked, *days, kind=kind)]
        return _together(asked.within(rows))

    def _sums(self, sql: str, asked: Asked, first: date, last: date, **more: Any) -> Sums:
        return _together(asked.within(self._rows(sql, asked, first, last, **more)))

    def _rows(self, sql: str, asked: Asked, first: date, last: date, **more: Any) -> list[Any]:
        """(region, currency's number, events, with_amount, high, low), several of a region and currency."""
        values = {
            "first": day_number(first),
            "last": day_number(last),
            "rights": _numbers(asked.rights),
            "industry": INDUSTRY_NUMBERS[asked.industry or "ALL"],
            "purpose": asked.purpose,
            "region": asked.region,
            "office": None,
            **more,
        }
        said = {name: value for name, value in values.items() if f":{name}" in sql}
        return [row for row in self._connection.execute(on_basis(sql, self._basis), said) if row[2]]

    # ---- stocks: on a day

    def pledge_stock(self, asked: Asked) -> Measured:
        """Pledges in force, or what they secure."""
        sums = self._stock(asked, kind=Stock.PLEDGES, flow=Kind.PLEDGES)
        return _amount(sums, asked) if asked.currency else _events(sums, asked)

    def in_force(self, asked: Asked) -> Measured:
        """Patents in force: of all offices from the stock, of one office one by one."""
        if asked.office:
            sums = self._on_day(PATENTS, asked, office=asked.office)
        else:
            sums = self._stock(asked, kind=Stock.PATENTS, flow=Kind.GRANTS)
        return asked.some(sums.events, "in_force")

    def high_value(self, asked: Asked) -> Measured:
        """High-value inventions in force, under the parameters of the region."""
        row = _row_of(self._shown("high_value", asked.last), asked, "in_force")
        return Measured(Fraction(row["high_value"]), row)

    def high_value_share(self, asked: Asked) -> Measured:
        """In percent of the inventions in force."""
        value, row = self.high_value(asked)
        return Measured(value * 100 / row["in_force"], row)

    def trademarks(self, asked: Asked) -> Measured:
        """Valid trademarks."""
        if asked.office:
            sums = self._on_day(MARKS, asked, office=asked.office)
        else:
            everything = replace(asked, rights=(), industry=None)
            sums = self._stock(everything, kind=Stock.TRADEMARKS, flow=Kind.TRADEMARKS)
        return asked.some(sums.events, "trademarks")

    def per_10k(self, asked: Asked, of: Measure) -> Measured:
        """For 10,000 residents of the latest year-end that was published up to the day."""
        for row in self._shown("populations", asked.last):
            if row["region"] == asked.region and row["denominator"] and row["persons"]:
                value, inputs = of(self, asked)
                population = {"population": row["persons"], "population_as_of": row["as_of"]}
                return Measured(value * 10_000 / row["persons"], {**inputs, **population})
        raise NoData(f"no year-end population of {asked.place} was published up to {asked.last}")

    def population(self, asked: Asked) -> Measured:
        """As published last."""
        for row in self._shown("populations", date.max):
            if row["region"] == asked.region and row["as_of"] == asked.last.isoformat():
                return Measured(Fraction(row["persons"]), {name: row[name] for name in ("published_on", "publisher")})
        raise NoData(f"no population of {asked.place} on {asked.last} was published")

    def _stock(self, asked: Asked, kind: int, flow: int) -> Sums:
        """What is in force of a kind of stock, which `flow` feeds."""
        if asked.region or asked.rights:
            return self._on_day(STOCK, asked, kind=kind, flow=flow)
        return self._on_day(STOCK_OF_ALL, asked, kind=kind)

    def _on_day(self, sql: str, asked: Asked, **more: Any) -> Sums:
        return self._sums(sql, asked, asked.last, asked.last, **more)

    def _shown(self, name: str, day: date | None = None) -> list[dict[str, Any]]:
        """Return the rows of a view, of one that takes a day on that day; each is asked for once."""
        if (name, day) not in self._known:
            view = VIEWS[name]
            values = {} if day is None else {"as_of": day_number(day)}
            rows = self._connection.execute(view.on(self._basis), values)
            columns = [column.name for column in view.columns]
            self._known[name, day] = [dict(zip(columns, row, strict=True)) for row in rows]
        return self._known[name, day]


Measure = Callable[[Measures, Asked], Measured]

MEASURES: dict[str, Measure] = {
    "pledges": partial(Measures.count, kind=Kind.PLEDGES),
    "pledge_amount": Measures.pledge_amount,
    "pledge_mean": Measures.pledge_mean,
    "pledge_stock": Measures.pledge_stock,
    "pledge_cancellations": partial(Measures.count, kind=Kind.PLEDGE_CANCELLATIONS),
    "assignments": partial(Measures.count, kind=Kind.ASSIGNMENTS),
    "filings": partial(Measures.count, kind=Kind.FILINGS),
    "grants": partial(Measures.count, kind=Kind.GRANTS),
    "in_force": Measures.in_force,
    "in_force_per_10k": partial(Measures.per_10k, of=Measures.in_force),
    "high_value": Measures.high_value,
    "high_value_share": Measures.high_value_share,
    "high_value_per_10k": partial(Measures.per_10k, of=Measures.high_value),
    "pct_filings": Measures.pct_filings,
    "pct_received": Measures.pct_received,
    "trademarks": Measures.trademarks,
    "trademark_filings": partial(Measures.count, kind=Kind.TRADEMARK_FILINGS),
    "trademark_registrations": partial(Measures.count, kind=Kind.TRADEMARKS),
    "genai_families": Measures.genai_families,
    "genai_share": Measures.genai_share,
    "valuations": Measures.valuations,
    "population": Measures.population,
}
"""How each is taken; what they mean stands in schemas.data.reference."""
SUMS_OF_RECORDS = MEASURES.keys() - {
    "pledge_mean",
    "in_force_per_10k",
    "high_value_share",
    "high_value_per_10k",
    "genai_share",
    "population",
}
"""Counts of records, and sums of their amounts: of such a book can have so many percent."""

_UNDIVIDED = {
    "pct_filings": "",
    "pct_received": "",
    "genai_families": "invention",
    "genai_share": "invention",
    "high_value": "invention",
    "high_value_share": "invention",
    "high_value_per_10k": "invention",
    "trademarks": "trademark",
    "trademark_filings": "trademark",
    "trademark_registrations": "trademark",
    "population": "",
}
"""What is counted over all industries, and the one right that it can be asked for, which makes no difference."""


def _multiple(now: Fraction, before: Fraction) -> Fraction:
    if not before:
        raise NoData("what it is compared with is 0")
    return now / before


COMPARISONS: dict[str, tuple[int, Callable[[Fraction, Fraction], Fraction]]] = {
    "growth": (1, lambda now, before: (_multiple(now, before) - 1) * 100),
    "change": (1, lambda now, before: now - before),
    "multiple": (10, _multiple),
}
"""With how many years before a measure is compared, and how."""


def _require_divided(asked: Asked) -> None:
    right = _UNDIVIDED.get(asked.metric)
    if right is not None and (asked.rights not in ((), (right,)) or asked.industry not in (None, "ALL")):
        raise NoData(f"{asked.metric} is not counted by industry or right")


def _numbers(rights: tuple[str, ...]) -> str | None:
    """A JSON array; a pool of several rights counts where several are asked for."""
    if not rights:
        return None
    return json.dumps([RIGHTS[right] for right in rights] + ([MIXED] if len(rights) > 1 else []))


def _row_of(rows: Sequence[Mapping[str, Any]], asked: Asked, count: str) -> Mapping[str, Any]:
    """The region's row of a view in which a country's takes in its subdivisions'. Raises NoData as
    `_require_whole` does."""
    by_region = {row["region"]: row for row in rows}
    row = by_region.get(asked.region or "ALL")
    if row is None:
        raise NoData(f"nothing of {asked.place} on {asked.last}")
    for region, part in by_region.items():
        if str(region).startswith(f"{asked.region}-") and part[count] == row[count]:
            raise NoData(f"of {asked.region} the book knows {region} alone")
    return row


def _together(rows: Iterable[Sequence[Any]]) -> Sums:
    events, amounts = 0, dict[str, tuple[int, int]]()
    for _, currency, more, known, high, low in rows:
        events += more
        if currency:
            code = CURRENCY_NUMBERS[currency].code
            before = amounts.get(code, (0, 0))
            amounts[code] = (before[0] + known, before[1] + high * LOW + low)
    return Sums(events, amounts)


def _events(sums: Sums, asked: Asked) -> Measured:
    return asked.some(sums.events, "events")


def _amount(sums: Sums, asked: Asked) -> Measured:
    """Their amounts in the figure's currency, no other's; without one in the only currency there is. Raises NoData."""
    there = [currency for currency, (known, _) in sums.amounts.items() if known > 0]
    if asked.currency is None and len(there) > 1:
        raise NoData(f"the figure names no currency, and the amounts are in {', '.join(sorted(there))}")
    currency = asked.currency or next(iter(there), None)
    known, minor = sums.amounts.get(currency or "", (0, 0))
    if currency is None or known <= 0:
        raise NoData(f"no amount{f' in {currency}' if currency else ''} of {asked.whereabouts}")
    value = Fraction(minor, 10 ** CURRENCIES[currency].decimals)
    return Measured(value, {"events": sums.events, "with_amount": known, "currency": currency})
