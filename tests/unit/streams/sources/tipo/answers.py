"""Answers of TIPO's open-data service about invented applications, patents and marks."""

from __future__ import annotations

import json
from typing import Any

APPLICANT = {"-sequence": 1, "chinese-name": "風箏股份有限公司", "english-name": "KITE CO., LTD.", "address": "臺北市"}
IPC = {
    "-sequence": 1,
    "ipc-full": "G06N-003/0475",
    "ipc-section": "G",
    "ipc-class": "06",
    "ipc-subclass": "N",
    "ipc-main-group": "003",
    "ipc-group": "0475",
    "ipc-version": "2023.01",
}


def answer(name: str, rows: Any, content: str = "patentcontent") -> str:
    """Return one page of an answer, as the service writes it."""
    page = {"-page-count": 1, "-create-date": "2026/05/17", content: rows}
    envelope = {"version": "1.0", "status": "ok", "message": "", "top": 2, "skip": 0, "total-count": 2, name: page}
    return json.dumps(envelope, ensure_ascii=False, indent=2)


def application(number: str = "112100001", **changes: Any) -> dict[str, Any]:
    """Return one row of PatentAppl; `changes` replace its fields, with _ for -."""
    row = {
        "-sequence": 1,
        "appl-no": number,
        "appl-date": "2023/01/05",
        "appl-countrycode": "JP",
        "appl-country": "日本",
        "classification-ipc": [IPC],
        "publish-flag": "1",
    }
    return row | _named(changes)


def patent(**changes: Any) -> dict[str, Any]:
    """Return one row of PatentRights; `changes` replace fields of its patent-right."""
    right = {
        "patent-no": "I800001",
        "patent-bdate": "2023/05/01",
        "patent-edate": "2041/03/26",
        "cancel-date": None,
        "cancel-result": None,
        "revoke-date": None,
        "revoke-code": None,
    }
    return {
        "-sequence": 1,
        "publication-reference": {"notice-no": 202300726, "publish-no": "I800001", "publish-date": "2023/05/01"},
        "application-reference": {"appl-no": "110110624", "appl-date": "2021/03/27", "appl-class": "1"},
        "patent-title": {"patent-name-chinese": "一種風箏", "patent-name-english": "A kite"},
        "patent-right": right | _named(changes),
        "parties": {
            "applicants": [APPLICANT | {"english-country": "TW"}],
            "inventors": [{"-sequence": 1, "chinese-name": None, "english-name": "LOVELACE, ADA"}],
            "agents": [],
        },
        "classification-ipc": [IPC],
    }


def mark(number: str = "112000001", day: str = "2023/01/05", **changes: Any) -> dict[str, Any]:
    """Return one row of TmarkAppl; `changes` replace its fields, with _ for -."""
    row = {
        "-sequence": 1,
        "appl-no": number,
        "appl-date": day,
        "tmark-name": "風箏",
        "goodsclasses": [
            {"-sequence": 1, "goodsclass-code": "042", "goods-name": "軟體。"},
            {"-sequence": 2, "goodsclass-code": "009", "goods-name": "電腦。"},
        ],
        "parties": {"applicants": [APPLICANT | {"country-code": "TW"}], "agents": []},
    }
    return row | _named(changes)


def _named(changes: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in changes.items()}
