"""Rows of valuations, patents tagged `genai`, readings and needs, in the form of `rows`: days are YYYYMMDD, money is in
minor units next to the ISO 4217 number."""

from __future__ import annotations

from typing import NamedTuple


class ValuationRow(NamedTuple):
    """A valuation; it is the latest of its `subject` for its purpose on the days between `since` and `until`."""

    offset: int
    since: int
    until: int
    subject: str
    valuation_id: str
    purpose: str
    method: str
    approach: str | None
    basis_of_value: str | None
    platform: str | None
    appraiser: str | None
    model_id: str | None
    model_version: str | None
    as_of: int
    region: str | None
    right: int | None
    industry: int
    currency: int
    low: int | None
    mid: int
    high: int | None
    made_by: str | None
    coverage: str | None
    bound: str | None
    request_id: str | None
    request_source: str | None


class ValuationRequestRow(NamedTuple):
    """A request of a valuation of a subject. `assets` is the size of the portfolio, 1 for one asset."""

    offset: int
    subject: str
    requested_on: int
    purpose: str
    approach: str
    basis_of_value: str
    currency: int
    as_of: int
    comparables: int | None
    assets: int


class ValuationRefusalRow(NamedTuple):
    """A refusal of a valuation: the evidence that there was, and how much it needs."""

    offset: int
    refused_on: int
    purpose: str
    approach: str
    currency: int
    as_of: int
    reason: str
    had: int
    needed: int
    asset: str | None
    model_id: str
    model_version: str
    request_id: str
    request_source: str


class ValuationInputRow(NamedTuple):
    """A stated cost, or a stated scenario of income: `revenues` is a JSON array of minor units, one for each year."""

    offset: int
    stated_on: int
    name: str
    stated_by: str
    document: str | None
    currency: int
    cost: int | None
    revenues: str | None
    royalty_bp: int | None
    tax_bp: int | None
    discount_bp: int | None


class ValuationModelRow(NamedTuple):
    """A registered model of valuations, which may be used on the days `since <= day < until`."""

    offset: int
    since: int
    until: int
    model_id: str
    model_version: str
    model_hash: str | None
    owner: str
    purpose: str
    limits: str | None
    valid_to: int | None


class GenaiPatentRow(NamedTuple):
    """A patent tagged `genai`, and by which sources (0 or 1). `family_id` is that of its last document in the log that
    gives one, `published_on` the day of its first publication or grant. `countries` has those of its inventors, each
    once."""

    by_ipc: int
    by_declared: int
    by_model: int
    family_id: str | None
    published_on: int | None
    countries: str | None


class PatentReadingRow(NamedTuple):
    """An answer that a model read in a text of a patent, with its quote. `quote_at` counts the characters before it."""

    offset: int
    day: int
    question: str
    answer: str
    quote: str | None
    quote_at: int | None
    part: str
    text_hash: str
    prompt_hash: str
    model_id: str
    model_version: str


class NeedRow(NamedTuple):
    """A need: `codes` is a JSON array, `valid_to` its last day."""

    offset: int
    published_on: int
    region: str | None
    text: str
    codes: str | None
    seeker: str | None
    valid_to: int | None
