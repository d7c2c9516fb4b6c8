"""What stands of an entity on every day: what was registered, paid, noted, said of the world."""

from __future__ import annotations

from schemas.industry import is_genai
from tests.model.days import Row, Rows, asset_of, money_of
from tests.model.lines import opened
from tests.model.terms import Said, Told, amount_of, industry, names

_RIGHTS = ("invention", "utility_model", "design", "plant", "trademark", "copyright")
_DOCUMENTS = ("patent.granted", "patent.filed", "patent.published")
_DEALS = ("licence.recorded", "assignment.recorded", "open_licence.declared")


def rows_always(told: Told) -> Rows:
    """All rows of an entity that have no span of days, each table's in the order of the log; those that also have one
    (valuations, policies), whole."""
    rows: Rows = {
        "pledge": [_pledge(said) for said in told.of("pledge.registered")],
        "pledge_payment": [_payment(said, "overdue", "proceeds") for said in told.of(*_PAYMENTS)],
        "document": [_document(said) for type_ in _DOCUMENTS for said in told.of(type_)],
        "patent_note": [note for said in told.effective for note in _notes(said)],
        "pct_filing": [_pct(said) for said in told.of("pct.filed")],
        "deal_asset": [
            {"type": f"ip.{said.type}.v1", "place": place, **asset_of(asset)}
            for type_ in _DEALS
            for said in told.of(type_)
            for place, asset in enumerate(said.data["assets"])
        ],
        "acceptance": [
            {"offset": said.offset, "day": said.data["occurred_on"], **money_of(amount_of(said.data.get("amount")))}
            for said in told.of("open_licence.accepted")
        ],
        "loan_payment": [
            _payment(said, "amount") for said in told.of("loan.disbursed", "loan.repaid", "loan.compensated")
        ],
        "valuation": [_valuation(said) for said in told.of("valuation.completed")],
        "fx_rate": [_reference(said, "day", "rate_source base quote rate") for said in told.of("reference.fx_rate")],
        "population": [
            _reference(said, "published_on", "region as_of persons publisher")
            for said in told.of("reference.population")
        ],
        "policy": [
            {key: value for key, value in _reference(said, "", _POLICY).items() if key}
            for said in told.of("reference.policy")
        ],
        "published_figure": [_figure(said) for said in told.of("reference.published_figure")],
    }
    return {table: found for table, found in rows.items() if found}


_PAYMENTS = ("pledge.defaulted", "pledge.realised")
_POLICY = "policy region right value currency anchor issuer valid_to"


def _pledge(said: Said) -> Row:
    data = said.data
    consent = data.get("co_owners_consent")
    return {
        "offset": said.offset,
        "registered_on": data["occurred_on"],
        **{name: data.get(name) for name in ("region", "registration_no", "deal_id", "amount_status")},
        "right": opened(data["assets"]).rights["ALL"],
        **money_of(amount_of(data.get("secured"))),
        **{name: data.get(name) for name in ("debt_from", "debt_to")},
        "pledgors": names(data["pledgors"]),
        "pledgees": names(data["pledgees"]),
        "consent": None if consent is None else int(consent),
        "waivers": data.get("waivers"),
    }


def _payment(said: Said, *fields: str) -> Row:
    amounts = [amount_of(said.data[field]) for field in fields if said.data.get(field) is not None]
    return {
        "offset": said.offset,
        "type": f"ip.{said.type}.v1",
        "day": said.data["occurred_on"],
        **money_of(amounts[0] if amounts else None),
    }


def _document(said: Said) -> Row:
    data = said.data
    countries = [inventor.get("country") for inventor in data.get("inventors") or []]
    return {
        "type": f"ip.{said.type}.v1",
        "offset": said.offset,
        "day": data["occurred_on"],
        "office": data["office"],
        "region": data.get("region"),
        "right": data["right"],
        "industry": industry(data),
        "filed_on": data.get("filed_on"),
        "family_id": data.get("family_id"),
        "scope": len({symbol[:4] for symbol in data.get("ipc") or []}),
        "claims": data.get("claims"),
        "applicants": names(data["applicants"]),
        "assignees": names(data.get("assignees")),
        "inventor_countries": list(dict.fromkeys(country for country in countries if country)) or None,
        "cites": data.get("backward_cites"),
    }


def _notes(said: Said) -> list[Row]:
    """Tags (by a symbol of generative AI, by the producer, by whoever tagged it), awards, challenges survived."""
    data = said.data
    about = {"offset": said.offset, "day": data["occurred_on"], "place": 0, "source": None}
    notes: list[Row] = []
    if said.type in _DOCUMENTS:
        if any(is_genai(symbol) for symbol in [*(data.get("ipc") or []), *(data.get("cpc") or [])]):
            notes.append(about | {"what": "tag", "name": "genai", "source": "ipc"})
        for place, tag in enumerate(data.get("tags") or [], 1):
            notes.append(about | {"place": place, "what": "tag", "name": tag, "source": "declared"})
    elif said.type == "patent.tagged":
        notes.append(about | {"what": "tag", "name": data["tag"], "source": data["tag_source"]})
    elif said.type == "patent.awarded":
        notes.append(about | {"what": "award", "name": data["award"]})
    elif said.type == "patent.upheld":
        notes.append(about | {"what": "survived", "name": "upheld"})
    elif said.type == "patent.invalidated" and data["extent"] == "partial":
        notes.append(about | {"what": "survived", "name": "invalidated in part"})
    return notes


def _pct(said: Said) -> Row:
    region = said.data.get("region") or said.data["applicants"][0].get("country")
    return {"filed_on": said.data["occurred_on"], "region": region, "office": said.data["receiving_office"]}


def _valuation(said: Said) -> Row:
    data = said.data
    low, mid, high = (amount_of(data.get(name)) for name in ("low", "mid", "high"))
    assert mid is not None
    plain = ("valuation_id", "purpose", "method", "platform", "model_id", "model_version", "as_of", "region", "right")
    return {
        "offset": said.offset,
        **{name: data.get(name) for name in plain},
        "appraiser": (data.get("appraiser") or {}).get("name"),
        "industry": industry(data),
        "currency": mid[1],
        "low": low[0] if low else None,
        "mid": mid[0],
        "high": high[0] if high else None,
    }


def _reference(said: Said, day: str, fields: str) -> Row:
    return {
        "offset": said.offset,
        day: said.data["occurred_on"],
        **{field: said.data.get(field) for field in fields.split()},
    }


def _figure(said: Said) -> Row:
    data = said.data
    plain = (
        "figure metric region industry office scope purpose period_from period_to value precision currency"
        " converted_to fx_source fx_on publisher document"
    )
    rights = {data.get("right"), *(data.get("rights") or [])}
    return {
        **_reference(said, "published_on", plain),
        "rights": [right for right in _RIGHTS if right in rights] or None,
        "kinds": sorted(data["kinds"]) if data.get("kinds") else None,
        "rounding": data.get("rounding") or "half_up",
    }
