"""JSON: the whole document, with the position of the book."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger.commands.formats import OutputFormat, Sheet
from ledger.json_document import json_document
from schemas.escapes import escaped_json


def print_json(content: Any) -> None:
    """Print one JSON document; bytes as hex."""
    sys.stdout.write(json_text(content, indent=2) + "\n")


def print_json_rows(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], tail: Mapping[str, Any]) -> None:
    """Print one JSON document: `head`, `rows` one at a time, as they may be more than memory holds, and `tail`."""
    sys.stdout.write(json_text({**head, "rows": []}, indent=2).removesuffix("]\n}"))
    end = ""
    for row in rows:
        sys.stdout.write(f"{',' if end else ''}\n    {json_text(row, indent=2).replace(chr(10), f'{chr(10)}    ')}")
        end = "\n  "
    after = json_text(tail, indent=2).removeprefix("{").removesuffix("\n}") if tail else ""
    sys.stdout.write(f"{end}]{',' if after else ''}{after}\n}}\n")


def json_text(content: Any, indent: int | None = None) -> str:
    """Return a JSON document in which invisible characters are escaped."""
    if indent:
        return escaped_json(json_document(content, indented=True).decode())
    return escaped_json(json.dumps(content, ensure_ascii=False, default=bytes.hex))


def _write(sheet: Sheet) -> None:
    rows = sheet.whole.get(sheet.key)
    if isinstance(rows, Iterator):
        names = list(sheet.whole)
        head, tail = names[: names.index(sheet.key)], names[names.index(sheet.key) + 1 :]
        print_json_rows({name: sheet.whole[name] for name in head}, rows, {name: sheet.whole[name] for name in tail})
    else:
        print_json(sheet.whole)


FORMAT = OutputFormat("json", "Print JSON.", _write, cites=True, rank=1)
