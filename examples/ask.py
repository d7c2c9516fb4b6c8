"""Ask a book from Python: a year up to a day, a view with filters, one entity, and with --frame a data frame."""

import os
import sys
from datetime import date

from ledger import queries

with queries.open(os.environ.get("LEDGER_BOOK", "book.db")) as book:
    day = date(2024, 6, 30)
    pledges = queries.year_to_date(book, "pledges", day, filters=["currency=CNY"], sort=["-amount"], limit=5)
    print(f"Pledges from 1 January to {pledges.as_of}, {pledges.basis}, at {pledges.position}")
    for row in pledges.rows_as_dicts():
        print(f"  {row['industry']:<10} {row['events']:>6} {row['amount'] or 0:>20,} {row['growth'] or 0:+8.1%}")

    stock = queries.view(book, "pledge_stock", as_of=day, filters=["industry=AI,SEMI", "pledges>=1"])
    print(stock.as_csv(), end="")

    for record in queries.view(book, "journal", filters=["outcome=accepted"], limit=1).rows_as_dicts():
        entity = queries.entity(book, record["subject"])
        print(f"{entity.subject}: {len(entity.events.rows)} events; rows in {', '.join(entity.tables) or 'no table'}")

    if "--frame" in sys.argv:
        print(queries.growth(book, "grants", filters=["industry=ALL"]).to_polars())
