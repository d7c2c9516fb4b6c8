"""The catalogue for producers: JSON Schema and a valid example of every type, as published in `schemas/published/`."""

from __future__ import annotations

from typing import Any

from schemas.events import CANCELLED, EVENT_TYPES, EXTENSION_NAME, GRANTED, MODIFIED, REGISTERED, Role

_EXAMPLES: dict[int, tuple[str, dict[str, Any]]] = {
    GRANTED: (
        "US10000000B2",
        {
            "occurred_on": "2018-06-19",
            "region": "US-MA",
            "office": "US",
            "number": "10000000",
            "kind": "B2",
            "right": "invention",
            "title": "Coherent LADAR using intra-pixel quadrature detection",
            "application_number": "14/643,719",
            "filed_on": "2015-03-10",
            "ipc": ["G01S0007486000", "G01S0017100000"],
            "applicants": [{"name": "Raytheon Company", "country": "US"}],
        },
    ),
    REGISTERED: (
        "pledge-2023-0001",
        {
            "occurred_on": "2023-05-04",
            "region": "CN-SH",
            "registration_no": "Y2023310000001",
            "pledgors": [{"name": "Example Biotech (Shanghai) Co., Ltd.", "country": "CN"}],
            "pledgees": [{"name": "Example Bank, Shanghai Branch", "country": "CN"}],
            "assets": [
                {
                    "id": "CN109000001B",
                    "right": "invention",
                    "ipc": ["A61K0039395000"],
                    "appraised": {"amount": "4000000.00", "currency": "CNY"},
                },
                {
                    "id": "CN209000002U",
                    "right": "utility_model",
                    "ipc": ["G06N0003047500"],
                    "appraised": {"amount": "1000000.00", "currency": "CNY"},
                },
            ],
            "secured": {"amount": "1234567.80", "currency": "CNY"},
            "amount_status": "registered",
            "debt_from": "2023-05-04",
            "debt_to": "2026-05-03",
        },
    ),
    MODIFIED: (
        "pledge-2023-0001",
        {
            "occurred_on": "2024-02-01",
            "registration_no": "Y2023310000001",
            "secured": {"amount": "900000.00", "currency": "CNY"},
        },
    ),
    CANCELLED: (
        "pledge-2023-0001",
        {"occurred_on": "2025-03-31", "registration_no": "Y2023310000001", "reason": "debt repaid"},
    ),
}


def example_of(name: str) -> dict[str, Any]:
    """A valid event of this type. A follow-up's example is about the example of its original type."""
    event_type = EVENT_TYPES[name]
    subject, data = _EXAMPLES[event_type.family]
    if event_type.role == Role.CORRECTED:
        data = {"target": _id(event_type.family), "reason": "the date was mistyped", "data": data}
    elif event_type.role == Role.VOIDED:
        data = {"target": _id(event_type.family), "reason": "entered twice"}
    return {
        "specversion": "1.0",
        "id": _id(event_type.number),
        "source": "urn:registry:example",
        "type": name,
        "subject": subject,
        "time": "2023-05-04T02:00:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }


def json_schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a whole event of this type, with its example."""
    schema = EVENT_TYPES[name].model.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ip-ledger:schema:{name}",
        **schema,
        "propertyNames": {"pattern": EXTENSION_NAME},
        "title": name,
        "examples": [example_of(name)],
    }


def _id(number: int) -> str:
    return f"0190c6f0-5a00-7000-8000-{number:012d}"
