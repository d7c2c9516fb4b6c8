"""The example on the Orange Book: what moved between two real editions, as events that the ledger takes."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from pathlib import Path

from schemas.codec import Judged, judge

EXAMPLE = Path(__file__).parents[2] / "examples" / "evaluator" / "orange_book.py"


def test_the_moves_of_the_orange_book_are_valid_events_in_the_counted_numbers(office_data: Path) -> None:
    example, files = runpy.run_path(str(EXAMPLE)), office_data / "evaluator"
    old, new = (
        example["read"](files / f"fda-orange-book-patent_{edition}.txt.gz") for edition in ("2022-12", "2024-05")
    )
    assert (len(old.listed), len(new.listed), old.day.isoformat(), new.day.isoformat()) == (
        5_289,
        5_604,
        "2022-12-07",
        "2024-05-09",
    )
    events = [*example["moves"](old, new)]
    assert Counter(event["data"].get("tag", "term") for event in events) == {
        "orange-book-delisted": 51,
        "orange-book-expiry-moved": 177,
        "term": 64,
    }
    assert len({event["id"] for event in events}) == len(events)
    assert all(isinstance(judge(json.dumps(event).encode()), Judged) for event in events)
