"""The rows of an entity that hold on every day: registrations, payments, notes, reference data."""

from __future__ import annotations

from typing import Any

from ledger.independent.days import EntityRow, EntityRows, asset_of, money_of
from ledger.independent.lines import opened
from ledger.independent.terms import AcceptedEvent, Life, amount_of, industry, names
from schemas.industry import is_genai

_RIGHTS = ("invention", "utility_model", "design", "plant", "trademark", "copyright")
_DOCUMENTS = ("patent.granted", "patent.filed", "patent.published")
_DEALS = ("licence.recorded", "assignment.recorded", "open_licence.declared")


def rows_always(life: Life) -> EntityRows:
    """Return all rows of an entity without a span of days, and the whole rows of valuations and policies, in log
    order."""
    rows: EntityRows = {
        "pledge": [_pledge(event) for event in life.of("pledge.registered")],
        "pledge_payment": [_payment(event, "overdue", "proceeds") for event in life.of(*_PAYMENTS)],
        "alert": [_reference(event, "alerted_on", _ALERT) for event in life.of("collateral.alerted")],
        "acknowledgement": [_reference(event, "day", _ACKNOWLEDGED) for event in life.of("collateral.acknowledged")],
        "document": [_document(event) for type_ in _DOCUMENTS for event in life.of(type_)],
        "citation": [
            {"id": cited}
            for event in life.of("patent.granted")
            for cited in sorted(set(event.data.get("backward_cites") or []))
        ],
        "patent_note": [note for event in life.effective for note in _notes(event)],
        "genai_patent": _genai(life),
        "patent_reading": [_reference(event, "day", _READING) for event in life.of("patent.read")],
        "pct_filing": [_pct(event) for event in life.of("pct.filed")],
        "deal_asset": [
            {"type": f"ip.{event.type}.v1", "ordinal": ordinal, **asset_of(asset)}
            for type_ in _DEALS
            for event in life.of(type_)
            for ordinal, asset in enumerate(event.data["assets"])
        ],
        "acceptance": [
            {"offset": event.offset, "day": event.data["occurred_on"], **money_of(amount_of(event.data.get("amount")))}
            for event in life.of("open_licence.accepted")
        ],
        "need": [
            _reference(event, "published_on", "region text codes valid_to")
            | {"seeker": (event.data.get("seeker") or {}).get("name")}
            for event in life.of("need.published")
        ],
        "loan_payment": [
            _payment(event, "amount")
            | {"borrower": names([event.data["borrower"]]) if event.data.get("borrower") else None}
            for event in life.of("loan.disbursed", "loan.repaid", "loan.compensated", "loan.subsidised")
        ],
    }
    return {table: found for table, found in (rows | _of_valuations(life) | _of_reference(life)).items() if found}


def _of_valuations(life: Life) -> EntityRows:
    return {
        "valuation": [_valuation(event) for event in life.of("valuation.completed")],
        "valuation_request": [_request(event) for event in life.of("valuation.requested")],
        "valuation_refusal": [_refusal(event) for event in life.of("valuation.refused")],
        "valuation_input": [_input(event) for event in life.of("valuation.input")],
    }


def _of_reference(life: Life) -> EntityRows:
    return {
        "fx_rate": [_reference(event, "day", "rate_source base quote rate") for event in life.of("reference.fx_rate")],
        "population": [
            _reference(event, "published_on", "region as_of persons publisher")
            for event in life.of("reference.population")
        ],
        "policy": [_reference(event, "", _POLICY) for event in life.of("reference.policy")],
        "weight_set": [
            _reference(event, "", _WEIGHT_SET) | {term: event.data["weights"].get(term) or 0 for term in _TERMS}
            for event in life.of("reference.weight_set")
        ],
        "valuation_model": [_reference(event, "", _MODEL) for event in life.of("reference.model")],
        "party_control": [_control(event) for event in life.of("reference.control")],
        "published_figure": [_figure(event) for event in life.of("reference.published_figure")],
    }


_PAYMENTS = ("pledge.defaulted", "pledge.realised")
_ALERT = "reason holds_from asset cause"
_ACKNOWLEDGED = "alert acknowledged_by"
_READING = "question answer quote quote_at part text_hash prompt_hash model_id model_version"
_POLICY = "policy region right value currency anchor issuer valid_to"
_MODEL = "model_id model_version model_hash owner purpose limits valid_to"
_WEIGHT_SET = "name purpose publisher document valid_to"
_TERMS = (
    "remaining_term", "claims", "survived", "scope", "backward_cites", "forward_cites", "family_offices", "grant_lag",
    "generality", "renewals", "priced_deals", "award",
)  # fmt: skip


def _pledge(event: AcceptedEvent) -> EntityRow:
    data = event.data
    consent = data.get("co_owners_consent")
    return {
        "offset": event.offset,
        "registered_on": data["occurred_on"],
        **{name: data.get(name) for name in ("region", "registration_no", "deal_id", "amount_status")},
        "right": opened(data["assets"]).rights["ALL"],
        **money_of(amount_of(data.get("secured"))),
        **{name: data.get(name) for name in ("debt_from", "debt_to")},
        "pledgors": names(data["pledgors"]),
        "pledgees": names(data["pledgees"]),
        "debtor": names([data["debtor"]]) if data.get("debtor") else None,
        "consent": None if consent is None else int(consent),
        "waivers": data.get("waivers"),
    }


def _payment(event: AcceptedEvent, *fields: str) -> EntityRow:
    amounts = [amount_of(event.data[field]) for field in fields if event.data.get(field) is not None]
    return {
        "offset": event.offset,
        "type": f"ip.{event.type}.v1",
        "day": event.data["occurred_on"],
        **money_of(amounts[0] if amounts else None),
    }


def _document(event: AcceptedEvent) -> EntityRow:
    data = event.data
    countries = [inventor.get("country") for inventor in data.get("inventors") or []]
    return {
        "type": f"ip.{event.type}.v1",
        "offset": event.offset,
        "day": data["occurred_on"],
        "office": data["office"],
        "region": data.get("region"),
        "right": data["right"],
        "industry": industry(data),
        "filed_on": data.get("filed_on"),
        "family_id": data.get("family_id"),
        "ipc": list(dict.fromkeys(data.get("ipc") or [])) or None,
        "scope": len({symbol[:4] for symbol in data.get("ipc") or []}),
        "claims": data.get("claims"),
        "applicants": names(data["applicants"]),
        "country": _country(data["applicants"]),
        "assignees": names(data.get("assignees")),
        "inventor_countries": list(dict.fromkeys(country for country in countries if country)) or None,
        "cited": None if data.get("backward_cites") is None else len(set(data["backward_cites"])),
        "owner_type": data.get("owner_type"),
    }


def _country(applicants: list[dict[str, Any]]) -> str | None:
    """Return the country of the only applicant; "" of several."""
    if len(applicants) > 1:
        return ""
    return applicants[0].get("country") if applicants else None


def _notes(event: AcceptedEvent) -> list[EntityRow]:
    """Return tags (from an IPC symbol of generative AI, the document, or a tagging), awards, challenges survived."""
    data = event.data
    about = {"offset": event.offset, "day": data["occurred_on"], "ordinal": 0, "source": None}
    notes: list[EntityRow] = []
    if event.type in _DOCUMENTS:
        if any(is_genai(symbol) for symbol in [*(data.get("ipc") or []), *(data.get("cpc") or [])]):
            notes.append(about | {"what": "tag", "name": "genai", "source": "ipc"})
        for ordinal, tag in enumerate(data.get("tags") or [], 1):
            notes.append(about | {"ordinal": ordinal, "what": "tag", "name": tag, "source": "declared"})
    elif event.type == "patent.tagged":
        notes.append(about | {"what": "tag", "name": data["tag"], "source": data["tag_source"]})
    elif event.type == "patent.awarded":
        notes.append(about | {"what": "award", "name": data["award"]})
    elif event.type == "patent.upheld":
        notes.append(about | {"what": "survived", "name": "upheld"})
    elif event.type == "patent.invalidated" and data["extent"] == "partial":
        notes.append(about | {"what": "survived", "name": "invalidated in part"})
    return notes


def _genai(life: Life) -> list[EntityRow]:
    """Return the patent if it is tagged `genai`, with the facts of all its documents."""
    tags = [
        note for event in life.effective for note in _notes(event) if (note["what"], note["name"]) == ("tag", "genai")
    ]
    documents = life.of(*_DOCUMENTS)
    families = {event.offset: event.data["family_id"] for event in documents if event.data.get("family_id")}
    published = [event.data["occurred_on"] for event in documents if event.type != "patent.filed"]
    countries = {inventor.get("country") for event in documents for inventor in event.data.get("inventors") or []}
    row = {
        **{f"by_{source}": int(source in [tag["source"] for tag in tags]) for source in ("ipc", "declared", "model")},
        "family_id": families[max(families)] if families else None,
        "published_on": min(published, default=None),
        "countries": sorted(country for country in countries if country) or None,
    }
    return [row] if tags else []


def _pct(event: AcceptedEvent) -> EntityRow:
    region = event.data.get("region") or event.data["applicants"][0].get("country")
    return {"filed_on": event.data["occurred_on"], "region": region, "office": event.data["receiving_office"]}


def _valuation(event: AcceptedEvent) -> EntityRow:
    data = event.data
    low, mid, high = (amount_of(data.get(name)) for name in ("low", "mid", "high"))
    assert mid is not None
    plain = ("valuation_id", "purpose", "method", "platform", "model_id", "model_version", "as_of", "region", "right")
    return {
        "offset": event.offset,
        "subject": event.subject,
        **{name: data.get(name) for name in plain},
        "approach": data.get("approach")
        or (data["method"] if data["method"] in ("cost", "market", "income", "mixed") else None),
        "basis_of_value": data.get("basis_of_value"),
        "appraiser": (data.get("appraiser") or {}).get("name"),
        "industry": industry(data),
        "currency": mid[1],
        "low": low[0] if low else None,
        "mid": mid[0],
        "high": high[0] if high else None,
        **{name: data.get(name) for name in ("made_by", "coverage", "bound", "request_id", "request_source")},
    }


def _request(event: AcceptedEvent) -> EntityRow:
    fields = "purpose approach basis_of_value currency as_of comparables"
    assets = event.data.get("assets")
    size = 1 if assets is None else len(assets)
    return {**_reference(event, "requested_on", fields), "subject": event.subject, "assets": size}


def _refusal(event: AcceptedEvent) -> EntityRow:
    fields = "purpose approach currency as_of reason had needed asset model_id model_version request_id request_source"
    return _reference(event, "refused_on", fields)


def _input(event: AcceptedEvent) -> EntityRow:
    data = event.data
    cost, scenario = amount_of(data.get("cost")), data.get("scenario") or {}
    revenues = [amount_of(revenue) for revenue in scenario.get("revenues", [])]
    amounts = [amount for amount in [cost, *revenues] if amount is not None]
    return {
        **_reference(event, "stated_on", "name document"),
        "stated_by": data["stated_by"]["name"],
        "currency": amounts[0][1],
        "cost": cost[0] if cost else None,
        "revenues": [amount[0] for amount in amounts] if revenues else None,
        **{name: scenario.get(name) for name in ("royalty_bp", "tax_bp", "discount_bp")},
    }


def _reference(event: AcceptedEvent, day: str, fields: str) -> EntityRow:
    return {
        "offset": event.offset,
        **({day: event.data["occurred_on"]} if day else {}),
        **{field: event.data.get(field) for field in fields.split()},
    }


def _control(event: AcceptedEvent) -> EntityRow:
    named: EntityRow = {}
    for role in ("party", "parent"):
        name = event.data[role]["name"]
        named |= {role: event.data[role].get("id") or name, f"{role}_name": name}
    return _reference(event, "", "document valid_to") | named


def _figure(event: AcceptedEvent) -> EntityRow:
    data = event.data
    plain = (
        "figure metric region industry office scope purpose period_from period_to value precision bound currency"
        " converted_to fx_source fx_on publisher document"
    )
    rights = {data.get("right"), *(data.get("rights") or [])}
    return {
        **_reference(event, "published_on", plain),
        "rights": [right for right in _RIGHTS if right in rights] or None,
        "kinds": sorted(data["kinds"]) if data.get("kinds") else None,
        "rounding": data.get("rounding") or "half_up",
    }
