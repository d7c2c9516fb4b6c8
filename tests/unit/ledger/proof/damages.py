"""Changes of a pack that a checker must notice."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
"""A pack as JSON."""


def _omit_event(pack: Document) -> None:
    del pack["events"][1]


def _omit_event_and_postings(pack: Document) -> None:
    event = pack["events"].pop(1)
    for one in pack["postings"]:
        if (one["topic"], one["partition"]) == (event["topic"], event["partition"]):
            one["lines"] = [line for line in one["lines"] if not line.startswith(f"{event['offset']} ")]


def _omit_partition(pack: Document) -> None:
    gone = pack["postings"].pop()
    pack["events"] = [one for one in pack["events"] if one["partition"] != gone["partition"]]


def _omit_partition_everywhere(pack: Document) -> None:
    gone = pack["postings"][-1]["partition"]
    _omit_partition(pack)
    lines = [line for line in pack["figure"].splitlines(keepends=True) if f"v1 {gone} " not in line]
    pack["figure"] = "".join(lines)


def _change_value(pack: Document) -> None:
    value = pack["events"][0]["value"]
    value["text"] = value["text"].replace("2", "3", 1)


def _change_amount(pack: Document) -> None:
    lines = pack["postings"][0]["lines"]
    lines[0] = f"{lines[0]}0"


def _change_figure(pack: Document) -> None:
    pack["figure"] = pack["figure"].replace("sum corrected", "sum corrected CNY 1 1 1\nsum corrected", 1)


def _rename_figure(pack: Document) -> None:
    name = pack["figure"].splitlines()[1]
    pack["figure"] = pack["figure"].replace(name, f"{name[:-1]}X")


def _change_key_of_record(pack: Document) -> None:
    pack["events"][0]["key"]["text"] += "x"


def _change_timestamp(pack: Document) -> None:
    pack["events"][0]["timestamp"] += 1


def _double_event(pack: Document) -> None:
    pack["events"].append(pack["events"][0])


def _move_event(pack: Document) -> None:
    pack["events"][0]["partition"] ^= 1


def _change_statement(pack: Document) -> None:
    pack["statement"] = pack["statement"].replace("fold_version 7", "fold_version 8")


def _change_size(pack: Document) -> None:
    pack["checkpoint"] = pack["checkpoint"].replace("\n1\n", "\n2\n")


def _unknown_form(pack: Document) -> None:
    pack["format"] = "ip-ledger proof v2"


def _more_in_pack(pack: Document) -> None:
    pack["amount"] = "1000000"


def _more_in_event(pack: Document) -> None:
    pack["events"][0]["note"] = "paid"


def _as_binary(pack: Document) -> None:
    pack["events"][0]["attributes"] = []


def _other_text_for_readers(pack: Document) -> None:
    value = pack["events"][0]["value"]
    value["base64"] = base64.b64encode(value["text"].encode()).decode()
    value["text"] = "{}"


def _more_in_bytes(pack: Document) -> None:
    pack["events"][0]["key"]["note"] = "x"


def _more_in_postings(pack: Document) -> None:
    pack["postings"][0]["note"] = "x"


def _spaced_hash(pack: Document) -> None:
    pack["events"][0]["proof"][0] += " "


def _upper_hash(pack: Document) -> None:
    pack["figure_proof"][0] = pack["figure_proof"][0].upper()


DAMAGES: list[Callable[[Document], None]] = [
    _omit_event,
    _omit_event_and_postings,
    _omit_partition,
    _omit_partition_everywhere,
    _change_value,
    _change_amount,
    _change_figure,
    _rename_figure,
    _change_key_of_record,
    _change_timestamp,
    _double_event,
    _move_event,
    _change_statement,
    _change_size,
    _unknown_form,
    _as_binary,
    _more_in_pack,
    _more_in_event,
    _other_text_for_readers,
    _more_in_bytes,
    _more_in_postings,
    _spaced_hash,
    _upper_hash,
]
