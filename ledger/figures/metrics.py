"""Metrics of published figures, measured from the book exactly: integers and ratios of integers, never floats.

Flows are sums of totals and postings; stocks and populations are rows of the matching views. Anybody can reproduce the
figures from the book.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from ledger.figures.question import FigureQuery, Measured, NotAvailable
from ledger.figures.registers import Registers, require_register
from ledger.posting.cells import BASES, BLOCK, INDUSTRY_NUMBERS, LOW, MIXED, RIGHTS, Kind, Stock
from ledger.posting.days import day_number
from ledger.views import VIEWS
from ledger.views.view import on_basis
from schemas.currencies import CURRENCIES, CURRENCY_NUMBERS
from schemas.regions import TERRITORIES, country_of

_RIGHTS = '(:rights IS NULL OR "right" IN (SELECT value FROM json_each(:rights)))'
_CELLS = f"industry = :industry AND {_RIGHTS}"
_OF_BASIS = """sum(iif(:basis = 1, recorded_events, corrected_events)),
  sum(iif(:basis = 1, recorded_with_amount, corrected_with_amount)),
  sum(iif(:basis = 1, recorded_high, corrected_high)), sum(iif(:basis = 1, recorded_low, corrected_low))"""
_SIDES = ", ".join(f"{side}_{sum_}" for side in BASES for sum_ in ("events", "with_amount", "high", "low"))
_TOTALS = f"""SELECT region, currency, {_OF_BASIS} FROM total
  WHERE kind = :kind AND {_CELLS} AND year BETWEEN :first / 10000 AND :last / 10000 GROUP BY region, currency"""
_MONTHS = f"""SELECT '', currency, {_OF_BASIS} FROM summary
  WHERE kind = :kind AND industry = :industry AND period BETWEEN :first / 100 AND :last / 100 GROUP BY currency"""
_POSTINGS = f"""WITH RECURSIVE b (topic, partition, block, last) AS (
    SELECT topic, partition, first / {BLOCK}, next / {BLOCK} FROM position
    UNION ALL SELECT topic, partition, block + 1, last FROM b WHERE block < last
  )
  SELECT region, currency, sum(events), sum(with_amount), sum(high), sum(low)
  FROM b CROSS JOIN posting AS p USING (topic, partition, block)
  WHERE kind = :kind AND {_CELLS} AND date BETWEEN :first AND :last AND basis & :basis GROUP BY region, currency"""
_STOCK = f"""SELECT region, currency, {_OF_BASIS}
  FROM (
    SELECT region FROM total WHERE kind = :flow AND industry = {INDUSTRY_NUMBERS["ALL"]}
      AND (:region IS NULL OR :region IN (region, substr(region, iif(region IN {TERRITORIES}, 4, 1), 2)))
    GROUP BY region
  ) AS counted CROSS JOIN stock USING (region)
  WHERE kind = :kind AND {_CELLS} AND date <= :last GROUP BY region, currency"""
_STOCK_OF_ALL = f"""SELECT '', currency, {_OF_BASIS} FROM (
    SELECT industry, currency, {_SIDES} FROM summary
    WHERE kind = :kind AND (period < :last / 10000 OR period BETWEEN :last / 10000 * 100 AND :last / 100 - 1)
    UNION ALL
    SELECT industry, currency, {_SIDES} FROM (
      SELECT region FROM total WHERE kind = :flow AND industry = {INDUSTRY_NUMBERS["ALL"]} GROUP BY region
    ) AS counted CROSS JOIN stock USING (region)
    WHERE kind = :kind AND date BETWEEN :last / 100 * 100 AND :last
  ) WHERE industry = :industry GROUP BY currency"""
_VALUATIONS = f"""SELECT coalesce(region, ''), currency, count(*), count(*), sum(mid / {LOW}), sum(mid % {LOW})
  FROM valuation
  WHERE basis & :basis AND since BETWEEN :first AND :last AND :last < until
    AND (:purpose IS NULL OR purpose = :purpose)
    AND {_RIGHTS} AND (:industry = {INDUSTRY_NUMBERS["ALL"]} OR industry = :industry)
  GROUP BY region, currency"""
_PCT = """SELECT coalesce(region, ''), 0, count(*), 0, 0, 0 FROM pct_filing
  WHERE basis & :basis AND filed_on BETWEEN :first AND :last AND (:office IS NULL OR office = :office) GROUP BY 1"""
_PATENTS = f"""SELECT coalesce(region, ''), 0, count(*), 0, 0, 0 FROM patent
  WHERE basis & :basis AND since <= :last AND :last < until AND ended_on IS NULL
    AND (term_end IS NULL OR term_end > :last) AND office = :office AND {_RIGHTS}
    AND (:industry = {INDUSTRY_NUMBERS["ALL"]} OR industry = :industry)
  GROUP BY 1"""
_MARKS = """SELECT coalesce(region, ''), 0, count(*), 0, 0, 0 FROM trademark
  WHERE basis & :basis AND since <= :last AND :last < until AND registered_on IS NOT NULL AND ceased_on IS NULL
    AND coalesce(valid_to, :last) >= :last AND office = :office
  GROUP BY 1"""


class EventSums(NamedTuple):
    """The number of events and, by currency, the number with an amount and the sum in minor units."""

    events: int
    amounts: Mapping[str, tuple[int, int]]


class Metrics:
    """The metrics of one state of a book on one basis (`corrected` or `recorded`)."""

    def __init__(self, connection: Any, basis: str) -> None:
        self._connection = connection
        self._basis = basis
        self._measured: dict[FigureQuery, Measured] = {}
        self._known: dict[tuple[str, date | None], list[dict[str, Any]]] = {}
        self.registers = Registers(connection, basis)

    def measure(self, query: FigureQuery) -> Measured:
        """Return the exact value of a metric; several figures may ask for the same. Raise NotAvailable."""
        if query not in self._measured:
            self._measured[query] = self._measure(query)
        return self._measured[query]

    def _measure(self, query: FigureQuery) -> Measured:
        if query.metric in BASE_METRICS:
            _require_divided(query)
            require_register(query)
            return BASE_METRICS[query.metric](self, query)
        metric, _, comparison = query.metric.rpartition("_")
        years, compare = COMPARISONS[comparison]
        now = self.measure(replace(query, metric=metric))
        before = self.measure(replace(query, metric=metric).earlier(years))
        if now.inputs.get("currency") != before.inputs.get("currency"):
            raise NotAvailable("the compared amounts are in different currencies")
        return Measured(compare(now.value, before.value), {"now": now.inputs, "before": before.inputs})

    # ---- flows: of a period

    def count(self, query: FigureQuery, kind: int) -> Measured:
        """Return the number of events of a kind."""
        if query.office:
            return self.registers.count(query)
        return _events(self._flow(query, kind), query)

    def pledge_amount(self, query: FigureQuery) -> Measured:
        """Return the sum of secured amounts as registered."""
        return _amount(self._flow(query, Kind.PLEDGES), query)

    def pledge_mean(self, query: FigureQuery) -> Measured:
        """Return the secured amount per registration with an amount."""
        value, inputs = self.pledge_amount(query)
        return Measured(value / inputs["with_amount"], inputs)

    def valuations(self, query: FigureQuery) -> Measured:
        """Return the sum of the latest valuations, one per subject and purpose."""
        return _amount(self._sums(_VALUATIONS, query, *query.period), query)

    def pct_filings(self, query: FigureQuery) -> Measured:
        """Return the number of international applications by origin."""
        if query.office:
            return self.registers.count(query)
        return _events(self._sums(_PCT, query, *query.period), query)

    def pct_received(self, query: FigureQuery) -> Measured:
        """Return the number of international applications by receiving office, from applicants of any country."""
        if query.office:
            return self.registers.count(replace(query, region=None))
        rows = self._rows(_PCT, query, *query.period, office=query.region)
        query.require_whole({row[0] for row in rows})
        return _events(_together(rows), query)

    def genai_families(self, query: FigureQuery) -> Measured:
        """Return the number of generative AI families by the year of their first publication."""
        first, last = query.period
        if (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
            raise NotAvailable("generative AI families are counted by whole years only")
        rows = [row for row in self._shown("genai") if row["country"] == (query.region or "ALL")]
        return query.some(sum(row["families"] for row in rows if first.year <= row["year"] <= last.year), "families")

    def genai_share(self, query: FigureQuery) -> Measured:
        """Return the families in percent of those of the ten years up to the period's last day."""
        families = self.genai_families(query)
        decade = self.genai_families(replace(query, first=date(query.last.year - 9, 1, 1)))
        return Measured(families.value * 100 / decade.value, {**families.inputs, "decade": int(decade.value)})

    def _flow(self, query: FigureQuery, kind: int) -> EventSums:
        """Return the sums of a kind: whole months from the sums by month, or whole years from the totals if the query
        has a region or right; other days from the postings."""
        first, last = query.period
        whole, begin = (_TOTALS, _year_begin) if query.region or query.rights else (_MONTHS, _month_begin)
        whole_first, after = begin(first, 1) if begin(first, 0) < first else first, begin(last + timedelta(1), 0)
        parts = [(_POSTINGS, first, last)]
        if whole_first < after:
            before, whole_last = whole_first - timedelta(1), after - timedelta(1)
            parts = [(_POSTINGS, first, before), (whole, whole_first, whole_last), (_POSTINGS, after, last)]
        rows = [row for sql, *days in parts if days[0] <= days[1] for row in self._rows(sql, query, *days, kind=kind)]
        return _together(query.within(rows))

    def _sums(self, sql: str, query: FigureQuery, first: date, last: date, **more: Any) -> EventSums:
        return _together(query.within(self._rows(sql, query, first, last, **more)))

    def _rows(self, sql: str, query: FigureQuery, first: date, last: date, **more: Any) -> list[Any]:
        """Return (region, currency number, events, with_amount, high, low); a region and currency may repeat."""
        values = {
            "first": day_number(first),
            "last": day_number(last),
            "rights": _numbers(query.rights),
            "industry": INDUSTRY_NUMBERS[query.industry or "ALL"],
            "purpose": query.purpose,
            "region": query.region,
            "office": None,
            **more,
        }
        used = {name: value for name, value in values.items() if f":{name}" in sql}
        return [row for row in self._connection.execute(on_basis(sql, self._basis), used) if row[2]]

    # ---- stocks: on a day

    def pledge_stock(self, query: FigureQuery) -> Measured:
        """Return the number of pledges in force, or their secured amount."""
        sums = self._stock(query, kind=Stock.PLEDGES, flow=Kind.PLEDGES)
        return _amount(sums, query) if query.currency else _events(sums, query)

    def in_force(self, query: FigureQuery) -> Measured:
        """Return the number of patents in force: for all offices from the stock, for one office from its patents."""
        if query.office:
            sums = self._on_day(_PATENTS, query, office=query.office)
        else:
            sums = self._stock(query, kind=Stock.PATENTS, flow=Kind.GRANTS)
        return query.some(sums.events, "in_force")

    def high_value(self, query: FigureQuery) -> Measured:
        """Return the number of high-value inventions in force, by the parameters of the region."""
        row = _row_of(self._shown("high_value", query.last), query, "in_force")
        return Measured(Fraction(row["high_value"]), row)

    def high_value_share(self, query: FigureQuery) -> Measured:
        """Return the high-value inventions in percent of the inventions in force."""
        value, row = self.high_value(query)
        return Measured(value * 100 / row["in_force"], row)

    def trademarks(self, query: FigureQuery) -> Measured:
        """Return the number of valid trademarks."""
        if query.office:
            sums = self._on_day(_MARKS, query, office=query.office)
        else:
            everything = replace(query, rights=(), industry=None)
            sums = self._stock(everything, kind=Stock.TRADEMARKS, flow=Kind.TRADEMARKS)
        return query.some(sums.events, "trademarks")

    def per_10k(self, query: FigureQuery, of: Metric) -> Measured:
        """Return a metric per 10,000 residents, by the latest year-end population published up to the day."""
        for row in self._shown("populations", query.last):
            if row["region"] == query.region and row["denominator"] and row["persons"]:
                value, inputs = of(self, query)
                population = {"population": row["persons"], "population_as_of": row["as_of"]}
                return Measured(value * 10_000 / row["persons"], {**inputs, **population})
        raise NotAvailable(f"no year-end population of {query.region_and_office} was published up to {query.last}")

    def population(self, query: FigureQuery) -> Measured:
        """Return the population on a day, from its latest publication."""
        for row in self._shown("populations", date.max):
            if row["region"] == query.region and row["as_of"] == query.last.isoformat():
                return Measured(Fraction(row["persons"]), {name: row[name] for name in ("published_on", "publisher")})
        raise NotAvailable(f"no population of {query.region_and_office} for {query.last} was published")

    def _stock(self, query: FigureQuery, kind: int, flow: int) -> EventSums:
        """Return a kind of stock on the last day. `flow` is the kind whose events enter it."""
        if query.region or query.rights:
            return self._on_day(_STOCK, query, kind=kind, flow=flow)
        return self._on_day(_STOCK_OF_ALL, query, kind=kind, flow=flow)

    def _on_day(self, sql: str, query: FigureQuery, **more: Any) -> EventSums:
        return self._sums(sql, query, query.last, query.last, **more)

    def _shown(self, name: str, day: date | None = None) -> list[dict[str, Any]]:
        """Return the rows of a view, as of the day if it takes one. Each view and day is read once."""
        if (name, day) not in self._known:
            view = VIEWS[name]
            values = {} if day is None else {"as_of": day_number(day)}
            rows = self._connection.execute(view.on(self._basis), values)
            columns = [column.name for column in view.columns]
            self._known[name, day] = [dict(zip(columns, row, strict=True)) for row in rows]
        return self._known[name, day]


Metric = Callable[[Metrics, FigureQuery], Measured]

BASE_METRICS: dict[str, Metric] = {
    "pledges": partial(Metrics.count, kind=Kind.PLEDGES),
    "pledge_amount": Metrics.pledge_amount,
    "pledge_mean": Metrics.pledge_mean,
    "pledge_stock": Metrics.pledge_stock,
    "pledge_cancellations": partial(Metrics.count, kind=Kind.PLEDGE_CANCELLATIONS),
    "assignments": partial(Metrics.count, kind=Kind.ASSIGNMENTS),
    "filings": partial(Metrics.count, kind=Kind.FILINGS),
    "grants": partial(Metrics.count, kind=Kind.GRANTS),
    "in_force": Metrics.in_force,
    "in_force_per_10k": partial(Metrics.per_10k, of=Metrics.in_force),
    "high_value": Metrics.high_value,
    "high_value_share": Metrics.high_value_share,
    "high_value_per_10k": partial(Metrics.per_10k, of=Metrics.high_value),
    "pct_filings": Metrics.pct_filings,
    "pct_received": Metrics.pct_received,
    "trademarks": Metrics.trademarks,
    "trademark_filings": partial(Metrics.count, kind=Kind.TRADEMARK_FILINGS),
    "trademark_registrations": partial(Metrics.count, kind=Kind.TRADEMARKS),
    "genai_families": Metrics.genai_families,
    "genai_share": Metrics.genai_share,
    "valuations": Metrics.valuations,
    "population": Metrics.population,
}
"""The metrics without a comparison; schemas.data.reference defines them."""
SUMS_OF_RECORDS = BASE_METRICS.keys() - {
    "pledge_mean",
    "in_force_per_10k",
    "high_value_share",
    "high_value_per_10k",
    "genai_share",
    "population",
}
"""Metrics for which completeness (book / published) makes sense: counts and sums of amounts."""

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
"""Metrics that cannot be split by industry, and the only `right` each accepts (it has no effect)."""


def _multiple(now: Fraction, before: Fraction) -> Fraction:
    if not before:
        raise NotAvailable("the earlier value is 0")
    return now / before


COMPARISONS: dict[str, tuple[int, Callable[[Fraction, Fraction], Fraction]]] = {
    "growth": (1, lambda now, before: (_multiple(now, before) - 1) * 100),
    "change": (1, lambda now, before: now - before),
    "multiple": (10, _multiple),
}
"""The years between the two values, and the comparison of them."""


def _require_divided(query: FigureQuery) -> None:
    right = _UNDIVIDED.get(query.metric)
    if right is not None and (query.rights not in ((), (right,)) or query.industry not in (None, "ALL")):
        raise NotAvailable(f"{query.metric} is not counted by industry or right")


def _year_begin(day: date, more: int) -> date:
    """Return the first day of the year, or of a year some years later."""
    return date(day.year + more, 1, 1)


def _month_begin(day: date, more: int) -> date:
    """Return the first day of the month, or of a month some months later."""
    months = day.year * 12 + day.month - 1 + more
    return date(months // 12, months % 12 + 1, 1)


def _numbers(rights: tuple[str, ...]) -> str | None:
    """Return rights as a JSON array. A pool of mixed rights counts if the query has several rights."""
    if not rights:
        return None
    return json.dumps([RIGHTS[right] for right in rights] + ([MIXED] if len(rights) > 1 else []))


def _row_of(rows: Sequence[Mapping[str, Any]], query: FigureQuery, count: str) -> Mapping[str, Any]:
    """Return the row of the region from a view whose country rows include subdivisions. Raise NotAvailable like
    `FigureQuery.require_whole`."""
    by_region = {row["region"]: row for row in rows}
    row = by_region.get(query.region or "ALL")
    if row is None:
        raise NotAvailable(f"no record for {query.region_and_office} on {query.last}")
    for region, part in by_region.items():
        if region != query.region and country_of(region) == query.region and part[count] == row[count]:
            raise NotAvailable(f"for {query.region} the book only has {region}")
    return row


def _together(rows: Iterable[Sequence[Any]]) -> EventSums:
    events, amounts = 0, dict[str, tuple[int, int]]()
    for _, currency, more, known, high, low in rows:
        events += more
        if currency:
            code = CURRENCY_NUMBERS[currency].code
            before = amounts.get(code, (0, 0))
            amounts[code] = (before[0] + known, before[1] + high * LOW + low)
    return EventSums(events, amounts)


def _events(sums: EventSums, query: FigureQuery) -> Measured:
    return query.some(sums.events, "events")


def _amount(sums: EventSums, query: FigureQuery) -> Measured:
    """Return the amount in the query's currency; without one, in the only currency. Raise NotAvailable."""
    there = [currency for currency, (known, _) in sums.amounts.items() if known > 0]
    if query.currency is None and len(there) > 1:
        raise NotAvailable(f"the figure names no currency, and the book has amounts in {', '.join(sorted(there))}")
    currency = query.currency or next(iter(there), None)
    known, minor = sums.amounts.get(currency or "", (0, 0))
    if currency is None or known <= 0:
        raise NotAvailable(f"no amount{f' in {currency}' if currency else ''} for {query.whereabouts}")
    value = Fraction(minor, 10 ** CURRENCIES[currency].decimals)
    return Measured(value, {"events": sums.events, "with_amount": known, "currency": currency})
