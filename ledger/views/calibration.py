"""Requests for valuations and their answers; valuations and the prices that came after them."""

from __future__ import annotations

from ledger.views.columns import CURRENCY, PLACE, amount_columns
from ledger.views.view import Column, View

_QUESTION = (
    Column("approach", "text", "`cost`, `market`, `income` or `mixed`; null: not given"),
    Column("purpose", "text", "purpose of the valuation: `pledge_financing`, ..."),
    Column("basis_of_value", "text", "premise of the value: `market_value`, ...; null: not given"),
)
_COVERAGE = Column("coverage", "decimal", "promised share of prices within the range; null: a judgement or a sum")
VALUATION_REQUESTS = View(
    "valuation_requests",
    "Each row is a request of a valuation and an answer to it: completed with a range, refused with a reason, or "
    "waiting. A request has several rows if several models answer it.",
    (
        Column("subject", "text", "the asset or portfolio"),
        Column("requested_on", "date", "day of the request", "day"),
        _QUESTION[1],
        _QUESTION[0],
        _QUESTION[2],
        Column("as_of", "date", "valuation date", "day"),
        Column("comparables", "count", "deals that the market approach takes; null for the others"),
        Column("assets", "count", "assets of the portfolio, 1 for one asset"),
        Column("state", "text", "`completed`, `refused` or `waiting`"),
        Column("reason", "text", "why it is refused: `too_few`, `not_in_force`, `inputs_missing`, ..."),
        Column("had", "count", "evidence that there was"),
        Column("needed", "count", "evidence that is needed"),
        Column("model_id", "text", "rule or model that answered"),
        Column("model_version", "text", "its version"),
        CURRENCY,
        *amount_columns("low", "lower end of the range"),
        *amount_columns("mid", "middle value"),
        *amount_columns("high", "upper end of the range; null for a floor"),
        _COVERAGE,
        Column("bound", "text", "`floor`: the value is at least low"),
        *PLACE,
    ),
    details=("The place is that of the request. A rule's answer is not an appraisal report.",),
    main=("subject", "approach", "state", "reason", "had", "needed", "currency", "low", "mid", "high"),
)
REALISED_VALUES = View(
    "realised_values",
    "Each row is a valuation and a price realised after it: the price of an assignment, the fixed fee of a licence "
    "(for the purpose licence), or the proceeds of a pledge, of this asset alone, in its currency, at most two years "
    "after as_of. inside = low <= price <= high.",
    (
        Column("subject", "text", "valued asset"),
        Column("model", "party", "model, else appraiser, else platform; null: not given"),
        Column("model_version", "text", "version of the model"),
        Column("made_by", "text", "`person`, `rule` or `model`"),
        *_QUESTION,
        Column("industry", "code", "industry of the valuation, or `UNK`", "industry"),
        Column("region", "ISO 3166", "region given by the valuation", "region"),
        Column("right", "text", "kind of right", "right"),
        Column("year", "year", "year of completion"),
        Column("as_of", "date", "valuation date", "day"),
        _COVERAGE,
        CURRENCY,
        *amount_columns("low", "lower end of the range"),
        *amount_columns("mid", "middle value"),
        *amount_columns("high", "upper end of the range"),
        *amount_columns("price", "realised price"),
        Column("realised_on", "date", "day of the price", "day"),
        Column("inside", "0 or 1", "1 if the price is within the range, ends included"),
        Column("owner_type", "text", "sort of owner, as the patent's documents state it; null: not stated"),
        Column(
            "owner_size", "text", "`large`, `small`, `micro`: of the payer of the last US fee up to as_of; else null"
        ),
        *PLACE,
    ),
    details=(
        "Before means in the log: the valuation's record has an earlier timestamp than that of the price.",
        "Of several valuations by one model, version, approach, purpose and basis the last before the price counts.",
        "A floor promises no upper end and does not count. The place is that of the price.",
    ),
    uses=("realising", "realised_price"),
    narrowed={
        **{column: {"realising": "realising_of_valued"} for column in ("industry", "region")},
        "subject": {"realising": "realising_of_asset"},
    },
    main=("subject", "model", "approach", "currency", "low", "mid", "high", "price", "inside"),
)

_MODELS = View(
    "models",
    "Each row is a model of valuations, by version: registered on the day (`reference.model`), or seen in a valuation "
    "completed up to it. The ledger's own rules count as registered.",
    (
        Column("model_id", "text", "model id"),
        Column("model_version", "text", "version of the model"),
        Column("registered", "0 or 1", "1 if it may be used on the day; 0: nobody answers for it"),
        Column("owner", "text", "who answers for it"),
        Column("purpose", "text", "what it is for"),
        Column("limits", "text", "what it must not be used for"),
        Column("valid_from", "date", "the first day", "day"),
        Column("valid_to", "date", "the last day; null if open-ended", "day"),
        Column("valuations", "count", "valuations completed up to the day"),
        Column("last_on", "date", "day of the last one", "day"),
    ),
    details=("Of several registrations of a version the latest first day counts, then the last in the log.",),
    main=("model_id", "model_version", "registered", "owner", "valuations", "last_on", "valid_to"),
)

_READINGS = View(
    "readings",
    "Each row is an answer that a model read in a text of a patent up to the day, with the words that it stands on.",
    (
        Column("patent", "text", "patent whose text was read"),
        Column("question", "text", "name of the question"),
        Column("answer", "text", "answer; `unknown`: the text does not say"),
        Column("quote", "text", "words of the text; null for `unknown`"),
        Column("quote_at", "count", "characters of the text before them"),
        Column("part", "text", "`title`, `abstract`, `claims`, `description` or `other`"),
        Column("read_on", "date", "day of the reading", "day"),
        Column("model_id", "text", "model that read"),
        Column("model_version", "text", "its version"),
        Column("registered", "0 or 1", "1 if the model was registered on the day of the reading"),
        Column("text_hash", "text", "SHA-256 of the text"),
        Column("prompt_hash", "text", "SHA-256 of all that was sent to the model"),
        *PLACE,
    ),
    details=("The ledger refuses a quote that is not in the text at its index. The text is in the event alone.",),
    main=("patent", "question", "answer", "quote", "model_id", "registered"),
)

VIEWS = (VALUATION_REQUESTS, REALISED_VALUES, _MODELS, _READINGS)
