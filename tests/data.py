"""Strategies for the data of each type of original: the fields that figures depend on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from schemas.catalogue import example_of
from tests.events import asset, money

DAYS = ["2022-12-31", "2023-01-01", "2023-01-02", "2024-02-29"]
IPC = ["G06N0003047500", "H01L0021020000", "A61K0039395000", "H01L0029780000"]
ASSETS = ["A0", "A1", "A2", "A3"]
Fields = st.SearchStrategy[dict[str, Any]]

_days = st.sampled_from(DAYS)
_terms = st.sampled_from(["2024-02-29", "2034-06-13"])
_later = st.sampled_from(["2026-12-31", "2027-06-30"])
_amounts = st.one_of(
    st.sampled_from(["100.00", "0.01", "1000.05", "0", "10000000000000"]).map(money),
    st.sampled_from([("100", "JPY"), ("7", "JPY"), ("33.33", "USD")]).map(lambda pair: money(*pair)),
)
_appraisals = st.sampled_from([("1", "CNY"), ("2", "CNY"), ("0", "CNY"), ("3", "USD")]).map(lambda pair: money(*pair))
_regions = st.sampled_from(["CN-SH", "US", ...])
_rights = st.sampled_from(["invention", "invention", "utility_model", "design", "plant"])
_filing_days = st.sampled_from(
    ["1992-12-31", "1995-06-07", "2004-02-29", "2003-01-01", "2003-01-02", "2013-01-02", "2015-05-13", "2021-06-01"]
)
_families = st.sampled_from(["F1", "F2"])
_no_application = {"application_number": ...}
_offices: Fields = st.sampled_from(
    [
        {"office": "CN", "number": "109000001", "kind": "B"},
        {"office": "US", "number": "10000000", "kind": "B2"},
        {"office": "JP", "number": "6000001", "kind": "B2"},
        {"office": "TW", "number": "I000001", "kind": "B"},
    ]
).map(lambda office: office | _no_application)
_symbols = st.lists(st.sampled_from(IPC), max_size=2)


def _maybe(strategy: st.SearchStrategy[Any], absent: Sequence[Any] = (None, ...)) -> st.SearchStrategy[Any]:
    """Draw a value, null or an omitted field."""
    return st.one_of(strategy, strategy, st.sampled_from(absent))


def _fields(**fields: st.SearchStrategy[Any]) -> Fields:
    return st.fixed_dictionaries({"occurred_on": _days, **fields})


_asset_rights = st.sampled_from(["invention", "design", "trademark", "copyright"])
_assets = st.builds(
    asset,
    ipc=st.sampled_from([*IPC, None]),
    right=_asset_rights,
    id=st.sampled_from(ASSETS),
    appraised=_maybe(_appraisals),
) | st.builds(asset, ipc=st.sampled_from(IPC), id=st.sampled_from(ASSETS), appraised=_appraisals)
_pools = st.lists(_assets, min_size=1, max_size=4)
_distinct = st.lists(_assets, min_size=1, max_size=3, unique_by=lambda asset: str(asset["id"]))
_document = st.builds(
    lambda document, office: document | office,
    _fields(
        region=_regions,
        right=_rights,
        ipc=_symbols,
        filed_on=_maybe(_filing_days),
        family_id=_maybe(_families),
        tags=_maybe(st.just(["sei", "genai"])),
        inventors=_maybe(st.just([{"name": "B", "country": "US"}, {"name": "A", "country": "CN"}, {"name": "C"}])),
    ),
    _offices,
)
_us_term = st.fixed_dictionaries(
    {
        "earliest_filed_on": _maybe(_filing_days),
        "reissue_of": st.sampled_from([..., ..., {"filed_on": "1995-06-07", "granted_on": "2001-07-31"},
                                       {"filed_on": "2013-01-02"}]),
        "term_adjustment_days": _maybe(st.integers(0, 400)),
        "term_months": _maybe(st.sampled_from([42, 168])),
        "terminal_disclaimer": _maybe(st.booleans()),
        "disclaimed_after": _maybe(st.sampled_from(["2019-06-30", "2024-02-28"])),
    }
)  # fmt: skip
_early_terms: Fields = st.sampled_from(
    [
        {"occurred_on": day, "valid_to": last}
        for day, last in (("2022-12-31", "2022-12-31"), ("2022-12-31", "2023-01-01"), ("2023-01-01", "2023-01-01"))
    ]
)
"""Terms that end before later renewals: marks renewed in their grace period."""
_cites = _fields(backward_cites=_maybe(st.lists(st.sampled_from(["P1", "US1", "US2"]), max_size=3)))
_grant = st.builds(lambda document, term, cites: document | term | cites, _document, _us_term | st.builds(dict), _cites)
_fee = {"fee": st.just("mixed"), "amount": _maybe(_amounts)}
_match: dict[str, st.SearchStrategy[Any]] = {
    "matched": _maybe(st.just("inferred")),
    "matched_by": _maybe(st.sampled_from(["same assets", "same lender"])),
}
_changes = st.one_of(
    _fields(secured=_amounts),
    _fields(secured=_maybe(_amounts), debt_to=_later),
    _fields(
        secured=st.just(...),
        debt_to=st.just(...),
        released=st.lists(st.sampled_from(ASSETS), min_size=1, max_size=2),
    ),
    _fields(
        secured=_maybe(_amounts),
        debt_to=st.just(...),
        pledgees=_maybe(st.just([{"name": "Bank"}])),
        released=st.lists(st.sampled_from(ASSETS), min_size=1, max_size=2),
        releasing=_maybe(st.just([{"name": "Bank"}])),
        **_match,
    ),
    _fields(
        secured=_maybe(_amounts, [..., ..., None]),
        debt_to=st.just(...),
        released=_maybe(st.lists(st.sampled_from(ASSETS), min_size=1, max_size=2)),
        added=st.lists(_assets, min_size=1, max_size=2),
    ),
)

_SCENARIO = example_of("ip.valuation.input.v1")["data"]["scenario"]

FIELDS: dict[str, dict[str, Fields]] = {
    "ip.pledge.v1": {
        "pledge.registered": _fields(
            region=_regions,
            assets=_pools,
            secured=_maybe(_amounts),
            debt_to=_maybe(_later),
            amount_status=st.sampled_from(["registered", "undisclosed"]),
            deal_id=_maybe(st.just("D1")),
            co_owners_consent=_maybe(st.booleans()),
            waivers=_maybe(st.just(["R11", "R10"])),
        ),
        "pledge.modified": _changes,
        "pledge.extended": _fields(debt_to=_later),
        "pledge.cancelled": _fields(reason_code=_maybe(st.sampled_from(["paid", "refinanced"])), **_match),
        "pledge.defaulted": _fields(overdue=_maybe(_amounts)),
        "pledge.realised": _fields(proceeds=_maybe(_amounts)),
        "collateral.alerted": _fields(asset=_maybe(st.just("A0")), cause=_maybe(st.just("ip.patent.v1:0=1"))),
        "collateral.acknowledged": _fields(),
    },
    "ip.patent.v1": {
        "patent.filed": _fields(
            region=_regions,
            right=_rights,
            ipc=_maybe(_symbols),
            family_id=_maybe(_families),
            owner_type=_maybe(st.just("person")),
        ),
        "patent.published": _document,
        "patent.granted": _grant,
        "patent.ceased": _fields(),
        "patent.invalidated": _fields(extent=st.sampled_from(["full", "partial", "partial"])),
        "patent.restored": _fields(),
        "patent.challenged": _fields(),
        "patent.upheld": _fields(),
        "patent.preserved": _fields(),
        "patent.discharged": _fields(),
        "patent.term_adjusted": _fields(expires_on=st.one_of(_later, _days)),
        "patent.fee_paid": _fields(fee_year=st.integers(7, 8), amount=_maybe(_amounts)),
        "patent.awarded": _fields(),
        "patent.read": st.one_of(
            _fields(), _fields(answer=st.just("unknown"), quote=st.just(...), quote_at=st.just(...))
        ),
        "patent.tagged": _fields(),
    },
    "ip.valuation.v1": {
        "valuation.completed": _fields(
            region=_regions,
            as_of=st.sampled_from(["2022-01-01", "2022-01-02"]),
            purpose=st.sampled_from(["licence", "licence", "transfer"]),
            right=_maybe(_asset_rights),
            ipc=_maybe(_symbols),
            method=st.sampled_from(["income", "other"]),
            approach=_maybe(st.just("market")),
            basis_of_value=_maybe(st.just("market_value")),
            low=st.just(...),
            mid=_amounts,
            high=st.just(...),
            coverage=_maybe(st.just("0.8")),
            bound=_maybe(st.just("floor")),
        ),
        "valuation.requested": _fields(assets=_maybe(st.just(["A0", "A1"])), comparables=st.sampled_from([9, 19])),
        "valuation.refused": _fields(had=st.integers(0, 8), asset=_maybe(st.just("A0"))),
        "valuation.input": st.one_of(
            _fields(cost=_amounts, scenario=st.sampled_from([None, ...])),
            _fields(cost=st.sampled_from([None, ...]), scenario=st.just(_SCENARIO)),
        ),
    },
    "ip.deal.v1": {
        "licence.recorded": _fields(
            region=_regions,
            assets=_distinct,
            royalty_bp=_maybe(st.just(100)),
            royalty_base=_maybe(st.just("units")),
            term_to=_maybe(_later),
            **_fee,
        ),
        "licence.modified": _fields(
            amount=_maybe(_amounts),
            royalty_bp=st.sampled_from([200, 300]),
            royalty_base=_maybe(st.just("profit")),
            term_to=_maybe(_later),
        ),
        "licence.cancelled": _fields(),
        "assignment.recorded": _fields(
            region=_regions,
            assets=_distinct,
            price=_maybe(_amounts),
            executed_on=st.just(...),
            conveyance=st.sampled_from(["assignment", "merger", "change_of_name"]),
        ),
        "open_licence.declared": _fields(region=_regions, assets=_distinct, **_fee),
        "open_licence.withdrawn": _fields(),
        "open_licence.accepted": _fields(amount=_maybe(_amounts)),
        "need.published": _fields(
            valid_to=_maybe(_later), codes=_maybe(st.just(["H01M"])), seeker=_maybe(st.just({"name": "S"}))
        ),
    },
    "ip.loan.v1": {
        "loan.disbursed": _fields(
            region=_regions, amount=_amounts, rate_bp=_maybe(st.sampled_from([300, 400])), due_on=_maybe(_later)
        ),
        "loan.repaid": _fields(amount=_amounts),
        "loan.compensated": _fields(amount=_amounts),
        "loan.subsidised": _fields(amount=_amounts),
    },
    "ip.trademark.v1": {
        "trademark.filed": _fields(region=_regions),
        "trademark.registered": st.one_of(_fields(region=_regions, valid_to=_maybe(_terms)), _early_terms),
        "trademark.renewed": st.one_of(_fields(valid_to=_terms), _early_terms),
        "trademark.ceased": _fields(),
    },
    "ip.pct.v1": {"pct.filed": _fields(region=_regions, ipc=_maybe(_symbols))},
    "ip.reference.v1": {
        "reference.fx_rate": _fields(rate=st.sampled_from(["7.1", "7.26537"])),
        "reference.population": _fields(),
        "reference.policy": _fields(valid_to=_maybe(_terms)),
        "reference.weight_set": _fields(
            valid_to=_maybe(_terms), weights=st.sampled_from([{"claims": 3}, {"award": 1, "renewals": None}])
        ),
        "reference.model": _fields(valid_to=_maybe(_terms)),
        "reference.control": _fields(
            valid_to=_maybe(_terms), parent=st.sampled_from([{"name": "H1"}, {"name": "H1", "id": "h1"}])
        ),
        "reference.erased": _fields(decided_by=_maybe(st.just("District Court"))),
        "reference.published_figure": _fields(
            right=_maybe(_asset_rights),
            rights=_maybe(st.lists(_asset_rights, max_size=2)),
            kinds=_maybe(st.just(["B2", "B1"])),
            precision=_maybe(st.just("100")),
            bound=_maybe(st.just("above")),
        ),
    },
}
"""Topic -> type -> the fields of an original that differ from its example; `...` omits a field."""

TOGETHER: dict[str, list[list[str]]] = {topic: [[*types]] for topic, types in FIELDS.items()} | {
    "ip.pledge.v1": [
        ["pledge.registered", "pledge.modified", "pledge.modified", "pledge.cancelled"],
        ["pledge.registered", "pledge.defaulted", "pledge.realised", "pledge.extended", "pledge.cancelled"],
        [*FIELDS["ip.pledge.v1"]],
    ],
    "ip.patent.v1": [
        ["patent.granted", "patent.ceased", "patent.restored"],
        ["patent.granted", "patent.granted", "patent.ceased", "patent.restored", "patent.invalidated"],
        ["patent.granted", "patent.granted", "patent.term_adjusted", "patent.filed", "patent.published"],
        ["patent.granted", "patent.preserved", "patent.discharged"],
        ["patent.granted", "patent.challenged", "patent.challenged", "patent.upheld", "patent.invalidated"],
        [*FIELDS["ip.patent.v1"]],
    ],
    "ip.deal.v1": [
        ["licence.recorded", "licence.modified", "licence.modified", "licence.cancelled"],
        ["open_licence.declared", "open_licence.accepted", "open_licence.withdrawn"],
        [*FIELDS["ip.deal.v1"]],
    ],
}
"""Types that affect each other: drawn from all types, they would seldom meet."""
