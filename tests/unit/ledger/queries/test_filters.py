"""Filters: on columns of each form, on missing values, and with SQL in a name or a value."""

from __future__ import annotations

from datetime import date

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.posting.cells import LOW
from ledger.queries.ask import BadLimit, NoSuchColumn, Relation, ask
from ledger.queries.filters import BadFilter, BadValue, Filter, NotOrdered, parse_filter
from ledger.views.columns import amount_columns
from ledger.views.view import Column
from tests.each_case import each_case
from tests.events import asset, cancelled, granted, money, registered
from tests.posting import post

pytestmark = pytest.mark.slow

RAW = """SELECT 1 AS n, 20230504 AS day, 2 AS industry, 156 AS currency, 'CN-SH' AS region, 1 AS "right", 2 AS kind,
  'a, b' AS words, 0.5 AS share, 2 AS decimals, 0 AS sum_high, 150000 AS sum_low
UNION ALL SELECT 2, 20240229, 3, 392, '', 9, 1, 'c', 1.5, 0, 2, 7
UNION ALL SELECT 3, NULL, 0, 0, NULL, 0, 4, NULL, NULL, NULL, NULL, NULL"""
RELATION = Relation(
    "The test",
    (
        Column("n", "number", "the row"),
        Column("date", "date", "a day", "day", "day"),
        Column("industry", "code", "an industry", "industry"),
        Column("name_en", "text", "its name", "industry_en", "industry"),
        Column("currency", "ISO 4217 code", "a currency", "currency"),
        Column("region", "ISO 3166", "a region", "region"),
        Column("right", "text", "a right", "right"),
        Column("kind", "text", "a kind", "kind"),
        Column("words", "text", "words"),
        Column("share", "ratio", "a share"),
        *amount_columns("amount", "an amount", raw="sum"),
    ),
    RAW,
)


def found(book: Book, *filters: str | Filter, **choice: object) -> list[int]:
    """Return the numbers of the rows that pass."""
    rows = ask(book, RELATION, {}, {"filters": filters, "columns": ["n"], **choice})  # type: ignore[typeddict-item]
    return [n for (n,) in rows]


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("n=2", [2]),
        ("n=1,3", [1, 3]),
        ("n!=1,3", [2]),
        ("n>=2", [2, 3]),
        ("n<=2", [1, 2]),
        ("n>2", [3]),
        ("n<2", [1]),
        ("date>2023-05-04", [2]),
        ("date<2024-02-29", [1]),
        ("amount>1500", [2]),
        ("amount>1499.999", [1, 2]),
        ("amount<1500", []),
        ("amount<1500.001", [1]),
        (f"amount_minor>{2 * LOW + 6}", [2]),
        (f"amount_minor<{2 * LOW + 7}", [1]),
        ("date=2023-05-04", [1]),
        ("date=2023-05-04,2024-02-29", [1, 2]),
        ("date>=2024-01-01", [2]),
        ("date<=2024-01-01", [1]),
        ("date!=2024-02-29", [1, 3]),
        ("date=", [3]),
        ("date!=", [1, 2]),
        ("date=,2023-05-04", [1, 3]),
        ("industry=ALL", [3]),
        ("name_en=Artificial intelligence", []),
        ("currency=CNY", [1]),
        ("currency=CNY,JPY", [1, 2]),
        ("currency!=CNY", [2, 3]),
        ("currency=", [3]),
        ("currency!=", [1, 2]),
        ("region=CN-SH", [1]),
        ("region=", [2, 3]),
        ("region!=CN-SH", [2, 3]),
        ("right=invention,mixed", [1, 2]),
        ("right=", [3]),
        ("kind=pledges", [1]),
        ("kind!=pledges,grants", [3]),
        ("words=c", [2]),
        ("words=a, b", []),
        (Filter.exactly("words", "a, b"), [1]),
        ("words>=b", [2]),
        ("share>=1", [2]),
        ("share=0.5", [1]),
        ("amount=1500", [1]),
        ("amount=1500.00", [1]),
        ("amount=1500.001", []),
        ("amount>=1500.001", [2]),
        ("amount<=1500.001", [1]),
        ("amount>=2000000000007", [2]),
        ("amount=2000000000007", [2]),
        ("amount=", [3]),
        ("amount!=1500", [2, 3]),
        ("amount_minor=150000", [1]),
        (f"amount_minor>={2 * LOW + 7}", [2]),
        (f"amount_minor>={2 * LOW + 8}", []),
    ],
)
def test_a_filter_compares_values_in_the_form_of_its_column(
    book: Book, expression: str | Filter, rows: list[int]
) -> None:
    if expression == "name_en=Artificial intelligence":
        rows = [n for n, code in ask(book, RELATION, {}, {"columns": ["n", "industry"]}) if code == "AI"]
    assert found(book, expression) == rows


def test_all_filters_must_pass(book: Book) -> None:
    assert found(book, "n>=2", "currency=CNY,JPY") == [2]


@each_case("text", ["", "n", "=1", ">1", "n~1", "a b=1", '"n"=1', "n;=1", "1 OR 1=1"])
def test_an_invalid_filter_is_reported(text: str) -> None:
    with pytest.raises(BadFilter, match=r"is not a filter\. Write NAME=VALUE"):
        parse_filter(text)


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("date=2023-02-30", "This day does not exist"),
        ("date=20230504", "Write a day"),
        ("date>=", "Write a day"),
        ("n=two", "Write a whole number"),
        ("n=1e3", "Write a whole number"),
        ("n=１", "Write a whole number"),
        ("n=99999999999999999999", "Write a whole number"),
        ("share=nan", "Write a number"),
        ("amount=1,5", "Write a number|no value"),
        ("amount>=inf", "Write a number"),
        ("amount_minor=1.5", "Write a whole number"),
    ],
)
def test_a_value_that_does_not_fit_the_column_is_reported(book: Book, expression: str, hint: str) -> None:
    if expression == "amount=1,5":  # two values, 1 and 5
        assert found(book, expression) == []
        return
    with pytest.raises(BadValue, match=hint):
        found(book, expression)


def test_an_unknown_name_is_reported_with_the_nearest(book: Book) -> None:
    with pytest.raises(UnknownName, match=r"The kind 'pledge' is not known. Did you mean pledges\?"):
        found(book, "kind=pledge")
    with pytest.raises(UnknownName, match="The industry 'XX' is not known"):
        found(book, "industry=XX")
    with pytest.raises(UnknownName, match=r"The currency 'cny' is not known\. Did you mean CNY"):
        found(book, "currency=cny")
    with pytest.raises(NoSuchColumn, match=r"The test has no column 'regions'. Did you mean region\?"):
        found(book, "regions=CN")
    with pytest.raises(NoSuchColumn, match=r"The view journal has no column 'colour'\. It has: topic, partition"):
        queries.view(book, "journal", filters=["colour=red"])
    with pytest.raises(NoSuchColumn, match=r"has no column 'industri'\. Did you mean industry\?"):
        queries.totals(book, filters=["industri=AI"])


@pytest.mark.parametrize("expression", ["kind>=pledges", "industry<=AI", "region>=CN", "currency>=CNY", "industry<AI"])
def test_names_have_no_order(book: Book, expression: str) -> None:
    with pytest.raises(NotOrdered, match="holds names, which have no order"):
        found(book, expression)


# ---- columns, order, limit


@pytest.mark.parametrize(
    ("sort", "rows"),
    [
        (["-n"], [3, 2, 1]),
        (["date"], [3, 1, 2]),
        (["-date"], [2, 1, 3]),
        (["currency"], [3, 1, 2]),
        (["region", "-n"], [3, 2, 1]),
        (["amount"], [3, 1, 2]),
        (["-amount_minor"], [2, 1, 3]),
        (["kind"], [2, 3, 1]),
    ],
)
def test_rows_are_ordered_by_shown_values(book: Book, sort: list[str], rows: list[int]) -> None:
    assert found(book, sort=sort) == rows


def test_a_query_has_a_limit_and_columns(book: Book) -> None:
    assert found(book, sort=["-n"], limit=2) == [3, 2]
    assert found(book, limit=0) == []
    assert ask(book, RELATION, {}, {"columns": ["amount", "date"], "limit": 1}) == [("1500.00", "2023-05-04")]
    with pytest.raises(BadLimit):
        found(book, limit=-1)
    for choice in ({"columns": ["m"]}, {"sort": ["m"]}, {"sort": ["-"]}):
        with pytest.raises(NoSuchColumn):
            ask(book, RELATION, {}, choice)  # type: ignore[arg-type]


# ---- SQL injection


EVIL = ("' OR 1=1 --", '" OR 1=1 --', "x'); DROP TABLE record; --", ":f0", "?1", "\x00", "%", "a' UNION SELECT 1")


@pytest.mark.parametrize("evil", EVIL)
def test_a_value_is_never_executed_as_sql(book: Book, evil: str) -> None:
    post(book, registered())
    for operator in ("=", ">="):
        if operator == "=" or "," not in evil:
            assert found(book, Filter("words", operator, (evil,))) in ([], [1, 2], [2])
    assert found(book, Filter.exactly("words", evil)) == []
    for column in ("date", "n", "amount", "kind", "currency"):
        with pytest.raises((BadValue, UnknownName)):
            found(book, Filter.exactly(column, evil))
    assert queries.view(book, "journal", filters=[Filter.exactly("subject", evil)]).rows == []
    assert queries.totals(book, filters=[Filter.exactly("region", evil)]).rows == []


@pytest.mark.parametrize("evil", [*EVIL, "n, (SELECT 1)", "n DESC", 'n" --', "rowid", "sqlite_version()"])
def test_a_name_is_never_executed_as_sql(book: Book, evil: str) -> None:
    for choice in (
        {"columns": [evil]},
        {"sort": [evil]},
        {"sort": [f"-{evil}"]},
        {"filters": [Filter.exactly(evil, 1)]},
    ):
        with pytest.raises(NoSuchColumn):
            queries.view(book, "pledge_stock", **choice)
        with pytest.raises(NoSuchColumn):
            queries.totals(book, **choice)
    with pytest.raises(UnknownName):
        queries.view(book, evil)
    with pytest.raises(UnknownName):
        queries.view(book, "pledge_stock", basis=evil)
    with pytest.raises(UnknownName):
        queries.totals(book, by=[evil])


# ---- views and totals


def test_a_view_is_filtered_before_it_is_shown(book: Book) -> None:
    two = [asset(appraised=money("1")), asset("H01L0021020000", appraised=money("2"))]
    post(book, registered(assets=two), cancelled(), registered("r3", "P3", secured=..., occurred_on="2024-05-01"))
    on = {"as_of": date(2023, 12, 31)}
    stock = queries.view(book, "pledge_stock", filters=["industry=AI,SEMI", "amount>=400"], columns=["industry"], **on)  # type: ignore[arg-type]
    assert stock.rows == [("SEMI",)]
    assert queries.view(book, "pledge_stock", filters=["currency="], sort=["-industry"], limit=1).rows_as_dicts()[0][
        "industry"
    ] in ("AI", "ALL")


def test_totals_can_be_filtered_by_columns_that_do_not_group_them(book: Book) -> None:
    post(book, granted(), registered(), registered("r3", "P3", occurred_on="2024-05-01", secured=money("5", "USD")))
    assert [row[1:4] for row in queries.totals(book, "pledges", ["year"], filters=["year>=2024"]).rows] == [
        ("pledges", "USD", 1)
    ]
    assert queries.totals(
        book, filters=["kind=pledges,grants", "currency!=USD"], columns=["kind", "currency"]
    ).rows == [
        ("grants", None),
        ("pledges", "CNY"),
    ]
    assert queries.totals(book, "pledges", filters=["amount>=1000"], columns=["currency"]).rows == [("CNY",)]
    assert queries.totals(book, by=["industry"], sort=["-events", "kind"], limit=1).rows[0][0] == "AI"


def test_a_sum_over_several_industries_is_refused(book: Book) -> None:
    for expression in ("industry=AI,SEMI", "industry!=AI"):
        with pytest.raises(queries.SeveralIndustries, match="--by industry"):
            queries.totals(book, filters=[expression])
        queries.totals(book, by=["industry"], filters=[expression])
