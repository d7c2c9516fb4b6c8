"""The questions that return rows: one list, from which routes, OpenAPI and tests are made."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from ledger import queries
from ledger.book.book import Book
from ledger.book.known import START
from ledger.proof.moments import moment_of
from ledger.queries import overview, period
from ledger.queries.answer import Answer
from ledger.queries.calibration import CALIBRATION_COLUMNS, CALIBRATION_KEYS, PAIRS
from ledger.queries.industries import INDUSTRY_LIST, industries
from ledger.queries.masking import hides
from ledger.queries.moved import MOVED_COLUMNS
from ledger.queries.rejections import REJECTION_COLUMNS, rejected
from ledger.queries.totals import BY, COLUMNS, KIND_NAMES
from ledger.valuations.matching import MATCH_COLUMNS, matches
from ledger.views import VIEWS
from ledger.views.columns import TOTAL_COLUMNS
from ledger.views.log import REJECTIONS
from ledger.views.view import View
from ledger.web.api.class_questions import COMPARE_MAPS, FIELDS, PLEDGE_AMOUNTS
from ledger.web.api.parameters import EXAMPLE_PATENT, MOMENT, some_of
from ledger.web.api.question import BadParameter, Option, Question, Terms
from ledger.web.scopes import AUDIT_EXPORT, EVENTS_READ, TOTALS_READ

_KIND = Option("kind", "kind of total: see the glossary", {"type": "string", "enum": list(KIND_NAMES)})
_REGION = Option(
    "region",
    "ISO 3166 code; a country includes its subdivisions, CN not HK, MO and TW",
    {"type": "string", "example": "CN-SH"},
)
SINCE = Option(
    "since",
    "the earlier position, day, time or checkpoint; by default the first offsets",
    MOMENT,
)
_MOST_MONTHS = 1_200
KNOWN_THEN = frozenset(
    ("conflicts", "journal", "lineage", "pledge_flow", "pledge_yoy", "rejections", "totals", "ytd_vs_same_period")
)
"""The views that follow from records and postings alone, which the book keeps for each past position."""
_BY_EVENT = {"topic", "subject", "pledge", "patent", "deal", "debtor", "asset", "event", "release", "valuation_id"}
"""Columns of views with a row for each event or entity; so have all that name parties."""


def _totals(book: Book, terms: Terms) -> Answer:
    return queries.totals(book, terms.options.get("kind"), terms.names("by"), basis=terms.basis, **terms.choice)


def _growth(book: Book, terms: Terms) -> Answer:
    own = {name: terms.options[name] for name in ("region", "currency") if terms.options.get(name)}
    kind, counts = terms.options.get("kind", "pledges"), terms.flag("counts")
    return queries.growth_to_date(book, kind, terms.day, counts=counts, basis=terms.basis, **own, **terms.choice)


def _year_to_date(book: Book, terms: Terms) -> Answer:
    return queries.year_to_date(book, _kind(terms), terms.day, basis=terms.basis, **terms.choice)


def _months(book: Book, terms: Terms) -> Answer:
    months = terms.options.get("months", "36")
    if not (months.isascii() and months.isdecimal() and int(months[:5]) <= _MOST_MONTHS):
        raise BadParameter(name="months", value=months[:40], rule=f"write a number up to {_MOST_MONTHS}")
    return queries.by_month(book, _kind(terms), terms.day, months=int(months), basis=terms.basis, **terms.choice)


def _stock(book: Book, terms: Terms) -> Answer:
    return queries.stock_by_industry(book, _kind(terms), terms.day, basis=terms.basis, **terms.choice)


def _years(book: Book, terms: Terms) -> Answer:
    return queries.growth(book, _kind(terms), basis=terms.basis, **terms.choice)


def _newest(book: Book, terms: Terms) -> Answer:
    limit = terms.choice.get("limit")
    return queries.newest_events(book, 20 if limit is None else limit)


def _calibration(book: Book, terms: Terms) -> Answer:
    by = {"by": terms.names("by")} if "by" in terms.options else {}
    return queries.calibration(book, **by, basis=terms.basis, as_of=terms.day, **terms.choice)


def _matches(book: Book, terms: Terms) -> Answer:
    return matches(book, terms.options.get("id", ""), as_of=terms.day, **terms.choice)


def _rejections(book: Book, terms: Terms) -> Answer:
    return rejected(book, **terms.choice)


def _lineage(book: Book, terms: Terms) -> Answer:
    found = queries.view(book, "lineage", basis=terms.basis, **terms.choice)
    return replace(found, view=None, terms={"basis": terms.basis})


def _moved(book: Book, terms: Terms) -> Answer:
    return queries.moved(book, _since(book, terms), basis=terms.basis, **terms.choice)


def _moved_by(book: Book, terms: Terms) -> Answer:
    return queries.moved_by(book, _since(book, terms), basis=terms.basis, **terms.choice)


def _since(book: Book, terms: Terms) -> str:
    return moment_of(book.path, terms.options.get("since", START))


def _industries(book: Book, terms: Terms) -> Answer:
    return industries(book, **terms.choice)


def _kind(terms: Terms) -> str:
    return terms.options.get("kind", "pledges")


_TOTALS_COLUMNS = (
    *(COLUMNS[name] for name in BY),
    *(COLUMNS[name] for name in ("kind", "currency")),
    *TOTAL_COLUMNS,
)
_GROWTH_COLUMNS = tuple({column.name: column for column in (*period.COUNT_COLUMNS, *period.AMOUNT_COLUMNS)}.values())
_DAY_TERMS = ("industry_map", "as_of", "basis")

_FIGURES = (
    Question(
        "/totals",
        "Totals by kind, the chosen columns and currency",
        _TOTALS_COLUMNS,
        _totals,
        TOTALS_READ,
        "With `industry` in `by`, each row has the shares of an industry; without it, whole amounts.",
        (_KIND, Option("by", "any of industry, year, region, right", some_of(BY, "industry,year"))),
        timed=True,
        terms=("industry_map", "basis"),
        optional=frozenset(BY),
    ),
    Question(
        "/totals/events",
        "The postings behind a figure, each with its event",
        VIEWS["lineage"].columns,
        _lineage,
        EVENTS_READ,
        "Filter by the columns of the figure: `kind=pledges&industry=AI&year=2023`. The sum of `events` and `amount` "
        "is the figure; `industry=ALL` is the whole.",
        timed=True,
        terms=("basis",),
    ),
    Question(
        "/diff",
        "Totals that moved between two positions or times",
        MOVED_COLUMNS,
        _moved,
        TOTALS_READ,
        "From `since` to `at`. Filters may also use region and right.",
        (SINCE,),
        timed=True,
        terms=("since", "basis"),
    ),
    Question(
        "/diff/events",
        "The postings that moved totals between two positions or times, each with its event",
        VIEWS["lineage"].columns,
        _moved_by,
        EVENTS_READ,
        "From `since` to `at`. `restated` marks corrections and voids, `target` is the event that they change.",
        (SINCE,),
        timed=True,
        terms=("since", "basis"),
    ),
    Question(
        "/growth",
        "A period and the same period of last year, by industry",
        _GROWTH_COLUMNS,
        _growth,
        TOTALS_READ,
        "From 1 January to a day, as amounts of one currency, or as counts.",
        (
            _KIND,
            _REGION,
            Option(
                "currency", "ISO 4217 code; by default that of the most events", {"type": "string", "example": "CNY"}
            ),
            Option("counts", "compare numbers of events, not amounts", {"type": "boolean"}),
        ),
        dated=True,
        terms=(*_DAY_TERMS, "kind", "region", "currency", "other_currencies"),
        optional=frozenset(column.name for column in _GROWTH_COLUMNS) - {"industry"},
        either=period.COUNT_COLUMNS,
    ),
    Question(
        "/year-to-date",
        "The year up to a day and the same days of the year before, in every currency",
        overview.YEAR_TO_DATE,
        _year_to_date,
        TOTALS_READ,
        options=(_KIND,),
        dated=True,
        terms=_DAY_TERMS,
    ),
    Question(
        "/years",
        "Each year and the year before, by industry",
        overview.GROWTH,
        _years,
        TOTALS_READ,
        options=(_KIND,),
        terms=("industry_map", "basis"),
    ),
    Question(
        "/months",
        "The month of a day up to it, and the months before, over all industries",
        overview.BY_MONTH,
        _months,
        TOTALS_READ,
        options=(
            _KIND,
            Option(
                "months",
                "how many months before; by default 36",
                {"type": "integer", "minimum": 0, "maximum": _MOST_MONTHS},
            ),
        ),
        dated=True,
        terms=_DAY_TERMS,
    ),
    Question(
        "/stock",
        "Pledges, patents or trademarks in force on a day, by industry",
        overview.STOCK_BY_INDUSTRY,
        _stock,
        TOTALS_READ,
        options=(Option("kind", "what is in force", {"type": "string", "enum": list(overview.STOCK_KINDS)}),),
        dated=True,
        terms=_DAY_TERMS,
    ),
    Question(
        "/calibration",
        "Valuations compared with the prices that came after them",
        CALIBRATION_COLUMNS,
        _calibration,
        EVENTS_READ,
        "How many prices are in the range of valuations, how many should be, and whether the values are too high. "
        "Filters are those of the view realised_values: `industry=AI&made_by=rule`.",
        (
            Option(
                "by",
                f"any of {', '.join(CALIBRATION_KEYS)}",
                some_of(CALIBRATION_KEYS, "model,year"),
            ),
        ),
        dated=True,
        terms=("as_of", "basis"),
        optional=frozenset(column.name for column in CALIBRATION_COLUMNS),
        filtered=PAIRS,
    ),
    FIELDS,
    PLEDGE_AMOUNTS,
    COMPARE_MAPS,
    Question(
        "/matches",
        "Needs matched with patents on offer, in both directions",
        MATCH_COLUMNS,
        _matches,
        EVENTS_READ,
        "For a patent or an open licence: owners of grants that cite it, needs and owners of grants near to it. For a "
        "need (without an id: for the newest 100): patents on offer. At most 20 of each sort, each with its evidence.",
        (Option("id", "a patent, an open licence, or a need", {"type": "string", "example": EXAMPLE_PATENT}),),
        dated=True,
        based=False,
        terms=("as_of",),
    ),
    Question(
        "/industries",
        "The industries: codes and names",
        INDUSTRY_LIST,
        _industries,
        TOTALS_READ,
        based=False,
        terms=("industry_map",),
    ),
)
LOG = (
    Question(
        "/records",
        "The newest records of any outcome, newest first",
        overview.NEWEST_EVENTS,
        _newest,
        EVENTS_READ,
        "Takes `limit` (default 20), and neither filters nor pages: the view `journal` has all records.",
        based=False,
        plain=True,
        tag="Log",
    ),
    Question(
        "/rejections",
        "Records that were refused, with the rule and how to repair them",
        REJECTION_COLUMNS,
        _rejections,
        EVENTS_READ,
        "The message is made from reason and arguments, so it is neither a filter nor an order.",
        based=False,
        filtered=REJECTION_COLUMNS[:-1],
        tag="Log",
    ),
)


def _of_view(view: View) -> Question:
    def ask(book: Book, terms: Terms) -> Answer:
        return queries.view(book, view.name, basis=terms.basis, as_of=terms.day, **terms.choice)

    return Question(
        f"/views/{view.name}",
        view.formula,
        view.columns,
        ask,
        _scope(view),
        "\n".join(f"* {rule}" for rule in view.details),
        dated=view.takes_a_day,
        based=view.takes_a_basis,
        timed=True,
        present_only=view.name not in KNOWN_THEN,
        terms=("as_of", "basis"),
        tag="Views",
    )


def _scope(view: View) -> str:
    if view is REJECTIONS:  # the view has their bytes
        return AUDIT_EXPORT
    by_event = any(column.name in _BY_EVENT or hides(column) for column in view.columns)
    return EVENTS_READ if by_event else TOTALS_READ


@cache
def questions() -> tuple[Question, ...]:
    """Return all questions that return rows."""
    return (*_FIGURES, *LOG, *map(_of_view, VIEWS.values()))
