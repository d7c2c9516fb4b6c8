"""Columns that views and queries share."""

from __future__ import annotations

from ledger.views.view import Column

PLACE = (
    Column("topic", "text", "topic name", "topic"),
    Column("partition", "number", "partition number"),
    Column("offset", "number", "record offset"),
)
EVENT_ID = Column("id", "text", "event id (UUIDs in lower case)", "id")
KIND_COLUMN = Column("kind", "text", "kind of total: `grants`, `pledges`, ... (glossary)", "kind")
SUBDIVISIONS = "a country includes its subdivisions, but CN-HK, CN-MO and CN-TW count in HK, MO and TW, not in CN"
INDUSTRY_COLUMN = Column("industry", "code", "`ALL`: the whole; else the share of the industry", "industry")
INDUSTRY_NAMES = (
    Column("name_en", "text", "English name of the industry", "industry_en", "industry"),
    Column("name_zh", "text", "Chinese name of the industry", "industry_zh", "industry"),
)
CURRENCY = Column("currency", "ISO 4217 code", "currency of the amount; null without an amount", "currency")


def amount_columns(name: str, meaning: str, decimals: str = "decimals", raw: str = "") -> tuple[Column, Column]:
    """Return the columns of an amount: decimal text and minor units. The raw value is two columns, `<raw>_high` and
    `<raw>_low`, so that no sum overflows."""
    small = "same as an integer; digits as text beyond 64 bits"
    return (
        Column(name, "decimal text", meaning, "money", raw or name, decimals),
        Column(f"{name}_minor", "minor units", small, "minor", raw or name, decimals),
    )


TOTAL_COLUMNS = (
    Column("events", "count", "events in this row"),
    Column("with_amount", "count", "events with an amount"),
    *amount_columns("amount", "exact sum; null if no event has an amount"),
)
MONEY_COLUMNS = (CURRENCY, *TOTAL_COLUMNS)
YEAR_TO_DATE_COLUMNS = (
    Column("first_day", "date", "1 January", "day"),
    Column("last_day", "date", "the day asked for", "day"),
    Column("events", "count", "events in the period, in any currency"),
    Column("with_amount", "count", "events with an amount in this currency"),
    *amount_columns("amount", "exact sum over the period"),
    Column("last_day_before", "date", "same month-day of the year before", "day"),
    Column("events_before", "count", "events in the earlier period"),
    Column("with_amount_before", "count", "earlier events with an amount in this currency"),
    *amount_columns("amount_before", "exact sum over the earlier period"),
)
