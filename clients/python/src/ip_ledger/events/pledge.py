"""Data of the events `ip.pledge.*`."""

# Made by clients/python/generate.py from schemas/published. Change those, not this file.

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ip_ledger.base import Model
from ip_ledger.events.common import Asset, Money, Party


class PledgeCancellation(Model):
    """A registered pledge was cancelled (gazette code PC01)."""

    TYPE: ClassVar[str] = "ip.pledge.cancelled.v1"

    occurred_on: date
    """date of the cancellation"""
    registration_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    reason: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    reason_code: Literal["paid", "refinanced", "realised", "lapsed", "other"] | None = None
    """paid: the debt was paid; refinanced: another loan replaced it; realised: the assets were sold for it; lapsed: the right or the term ended; omitted where the register does not give it"""
    pledgees: Annotated[list[Party] | None, Field(min_length=1)] = None
    """who releases, where the register does not name the pledge"""
    released: Annotated[
        list[Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]] | None,
        Field(min_length=1, max_length=5000),
    ] = None
    """ids of the released assets, where the register does not name the pledge"""
    matched: Literal["inferred"] | None = None
    """inferred: the register does not name the pledge; whoever published this event found it"""
    matched_by: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the rule by which it was found"""


class PledgeDefault(Model):
    """The debtor failed to pay a debt when due (Civil Code Arts. 436 and 446)."""

    TYPE: ClassVar[str] = "ip.pledge.defaulted.v1"

    occurred_on: date
    """date of the default"""
    registration_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    overdue: Money | None = None
    """the amount due and not paid"""


class PledgeExtension(Model):
    """The debtor's performance period was extended (Trademark Provisions of 2020)."""

    TYPE: ClassVar[str] = "ip.pledge.extended.v1"

    occurred_on: date
    """date of the extension's registration"""
    registration_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    debt_to: date
    """the last day of the debtor's performance period from now on"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""


class PledgeModification(Model):
    """A registered pledge was changed, from the date of the change on (gazette code PM01)."""

    TYPE: ClassVar[str] = "ip.pledge.modified.v1"

    occurred_on: date
    """date of the change"""
    registration_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    secured: Money | None = None
    """the secured debt from now on"""
    pledgees: Annotated[list[Party] | None, Field(min_length=1)] = None
    debt_to: date | None = None
    released: Annotated[
        list[Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")]] | None,
        Field(min_length=1, max_length=5000),
    ] = None
    """ids of the assets released from the pool"""
    added: Annotated[list[Asset] | None, Field(min_length=1, max_length=5000)] = None
    """assets added to the pool, after the released ones have left"""
    co_owners_consent: bool | None = None
    """all co-owners of the added assets agreed (R8); omitted: as in the registration"""
    waivers: list[Literal["R10", "R11"]] | None = None
    """grounds about the added assets that the parties accept; omitted: as in the registration"""
    releasing: Annotated[list[Party] | None, Field(min_length=1)] = None
    """who releases, where the register does not name the pledge"""
    matched: Literal["inferred"] | None = None
    """inferred: the register does not name the pledge; whoever published this event found it"""
    matched_by: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the rule by which it was found"""


class PledgeRealisation(Model):
    """The pledgee was paid out of the pledged assets (Civil Code Art. 436, which Art. 446 applies to pledges of rights)."""

    TYPE: ClassVar[str] = "ip.pledge.realised.v1"

    occurred_on: date
    """date of the payment"""
    registration_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    method: Literal["discount", "auction", "sale", "other"]
    """discount: the pledgee took the assets at an agreed value"""
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    proceeds: Money | None = None
    """the proceeds of the assets"""


class PledgeRegistration(Model):
    """A pledge was registered; it exists from its registration on (Civil Code Art. 444; gazette code PE01)."""

    TYPE: ClassVar[str] = "ip.pledge.registered.v1"

    occurred_on: date
    """registration date"""
    registration_no: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,40}$")]
    pledgors: list[Party]
    """empty where the register does not name them"""
    pledgees: list[Party]
    """empty where the register does not name them"""
    assets: Annotated[list[Asset], Field(min_length=1, max_length=5000)]
    amount_status: Literal["registered", "reported", "undisclosed"]
    source_code: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the office's own code of the event, such as PE01; docs/office-codes.md"""
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = None
    """of the first pledgor"""
    deal_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
    """the financing deal it belongs to"""
    debtor: Party | None = None
    secured: Money | None = None
    """the registered secured debt; omitted if undisclosed"""
    debt_from: date | None = None
    debt_to: date | None = None
    """the last day of the debtor's performance period"""
    co_owners_consent: bool | None = None
    """all co-owners agreed (refusal ground R8)"""
    waivers: list[Literal["R10", "R11"]] | None = None
    """grounds that the parties know and accept"""
    valuation_id: Annotated[str | None, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,64}$")] = None
