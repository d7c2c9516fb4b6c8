"""Read a lake of `ip-ledger spark` with DuckDB and Polars: `python examples/lake.py DIR`.

Only files that the last commit names count. `pip install duckdb polars`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TOTALS = """SELECT c.name AS kind, i.code AS industry, sum(corrected_events) AS events
FROM total JOIN constant AS c ON c.family = 'kind' AND c.number = kind JOIN industry AS i ON i.number = industry
GROUP BY ALL HAVING sum(corrected_events) > 0 ORDER BY kind, industry"""


def files_of(lake: Path) -> dict[str, list[str]]:
    """Return the files of each table in the last commit of a lake."""
    commit = json.loads(max((lake / "commits").glob("*.json")).read_bytes())
    files: dict[str, list[str]] = {}
    for table, _, _, path in commit["files"]:
        files.setdefault(table, []).append(str(lake / path))
    return files


def totals(lake: Path) -> list[tuple[Any, ...]]:
    """Return the kind, industry and number of events of each total, by DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        for table, paths in files_of(lake).items():
            connection.read_parquet(paths).create_view(table)
        return connection.execute(TOTALS).fetchall()


def records_by_outcome(lake: Path) -> list[tuple[Any, ...]]:
    """Return the number of records of each outcome (1 accepted, 2 duplicate, 3 conflict, 4 rejected), by Polars."""
    import polars

    records = polars.scan_parquet(files_of(lake)["record"])
    return records.group_by("outcome").len().sort("outcome").collect().rows()


if __name__ == "__main__":
    for row in [*totals(Path(sys.argv[1])), *records_by_outcome(Path(sys.argv[1]))]:
        print(*row, sep="\t")
