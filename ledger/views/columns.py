"""Columns that several views and questions share."""

from __future__ import annotations

from ledger.views.view import Column

PLACE = (
    Column("topic", "text", "plain name of the topic", "topic"),
    Column("partition", "number", "partition of the topic"),
    Column("offset", "number", "offset of the record"),
)
EVENT_ID = Column("id", "text", "event id; UUIDs in lower case", "id")
KIND = Column("kind", "text", "what is counted: `grants`, `pledges`, ...; see the glossary", "kind")
INDUSTRY = Column("industry", "code", "`ALL` for the whole; else the industry's share", "industry")
INDUSTRY_NAMES = (
    Column("name_en", "text", "the industry's English name", "industry_en", "industry"),
    Column("name_zh", "text", "the industry's Chinese name", "industry_zh", "industry"),
)
CURRENCY = Column("currency", "ISO 4217 code", "of the amount; null where no event gives an amount", "currency")


def amount_columns(name: str, meaning: str, decimals: str = "decimals", raw: str = "") -> tuple[Column, Column]:
    """Return the two columns of an amount: as a decimal text, and in minor units. Its raw value is two columns,
    `<raw>_high` and `<raw>_low`, so that no sum overflows."""
    small = "the same as an integer (a text of digits beyond 64 bits)"
    return (
        Column(name, "decimal text", meaning, "money", raw or name, decimals),
        Column(f"{name}_minor", "minor units", small, "minor", raw or name, decimals),
    )


TOTAL_COLUMNS = (
    Column("events", "count", "events that touch this row"),
    Column("with_amount", "count", "how many of the events had an amount"),
    *amount_columns("amount", "exact sum in the currency; null where no event gives an amount"),
)
MONEY_COLUMNS = (CURRENCY, *TOTAL_COLUMNS)
