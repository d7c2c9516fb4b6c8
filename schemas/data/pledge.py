"""Pledges of intellectual property: registered, changed, extended, defaulted on, realised, cancelled.

Based on the Measures for Registration of Patent Pledge (CNIPA Announcement 461 of 2021) and the Provisions on the
Registration of Trademark Pledges (CNIPA Announcement 358 of 2020).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, model_validator

from schemas.data.common import EventData, EventPart, Items, KnownParties, OneParty, Parties, Prose
from schemas.events import CANCELLED, DEFAULTED, EXTENDED, MODIFIED, REALISED, REGISTERED
from schemas.money import Money, check_in_use
from schemas.values import AmountStatus, AssetRight, Day, IpcSymbol, Region, RegistrationNo, ShortText
from schemas.wording import InvalidValue


class Asset(EventPart):
    """One right in a pool."""

    id: ShortText = Field(description="canonical patent id, or the registration no. of a mark or a copyright")
    right: AssetRight
    ipc: Items[IpcSymbol] | None = Field(None, description="the first symbol is the primary one")
    appraised: Money | None = Field(None, description="its appraised value, which is neither a debt nor a loan")


def _check_appraisals(assets: tuple[Asset, ...], info: ValidationInfo) -> tuple[Asset, ...]:
    for asset in assets:
        if asset.appraised is not None:
            check_in_use(asset.appraised.currency, info)
    return assets


PledgedAssets = Annotated[Items[Asset], Field(min_length=1, max_length=5000), AfterValidator(_check_appraisals)]


Waivers = Items[Literal["R10", "R11"]]
"""Grounds for refusal that the parties may accept."""


class PledgeRegistration(EventData):
    """A pledge was registered; it exists from its registration on (Civil Code Art. 444; gazette code PE01)."""

    occurred_on: Day = Field(description="registration date")
    region: Region | None = Field(None, description="of the first pledgor")
    registration_no: RegistrationNo
    deal_id: ShortText | None = Field(None, description="the financing deal it belongs to")
    pledgors: KnownParties
    pledgees: KnownParties
    debtor: OneParty | None = None
    assets: PledgedAssets
    secured: Money | None = Field(None, description="the registered secured debt; omitted if undisclosed")
    amount_status: AmountStatus
    debt_from: Day | None = None
    debt_to: Day | None = Field(None, description="the last day of the debtor's performance period")
    co_owners_consent: bool | None = Field(None, description="all co-owners agreed (refusal ground R8)")
    waivers: Waivers | None = Field(None, description="grounds that the parties know and accept")
    valuation_id: ShortText | None = None


class _Change(EventData):
    registration_no: RegistrationNo


class PledgeModification(_Change):
    """A registered pledge was changed, from the date of the change on (gazette code PM01)."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name]} for name in ("secured", "pledgees", "debt_to", "released", "added")]
        }
    )

    occurred_on: Day = Field(description="date of the change")
    secured: Money | None = Field(None, description="the secured debt from now on")
    pledgees: Parties | None = None
    debt_to: Day | None = None
    released: Annotated[Items[ShortText], Field(min_length=1, max_length=5000)] | None = Field(
        None, description="ids of the assets released from the pool"
    )
    added: PledgedAssets | None = Field(None, description="assets added to the pool, after the released ones have left")
    co_owners_consent: bool | None = Field(
        None, description="all co-owners of the added assets agreed (R8); omitted: as in the registration"
    )
    waivers: Waivers | None = Field(
        None, description="grounds about the added assets that the parties accept; omitted: as in the registration"
    )
    releasing: Parties | None = Field(None, description="who releases, where the register does not name the pledge")
    matched: Literal["inferred"] | None = Field(
        None, description="inferred: the register does not name the pledge; whoever published this event found it"
    )
    matched_by: ShortText | None = Field(None, description="the rule by which it was found")

    @model_validator(mode="after")
    def _changes_something(self) -> PledgeModification:
        if (self.secured, self.pledgees, self.debt_to, self.released, self.added) == (None,) * 5:
            raise InvalidValue("no_change", fields="secured, pledgees, debt_to, released, added")
        return self


class PledgeExtension(_Change):
    """The debtor's performance period was extended (Trademark Provisions of 2020)."""

    occurred_on: Day = Field(description="date of the extension's registration")
    debt_to: Day = Field(description="the last day of the debtor's performance period from now on")


class PledgeCancellation(_Change):
    """A registered pledge was cancelled (gazette code PC01)."""

    occurred_on: Day = Field(description="date of the cancellation")
    reason: Prose | None = None
    reason_code: Literal["paid", "refinanced", "realised", "lapsed", "other"] | None = Field(
        None,
        description="paid: the debt was paid; refinanced: another loan replaced it; realised: the assets were sold for "
        "it; lapsed: the right or the term ended; omitted where the register does not give it",
    )
    pledgees: Parties | None = Field(None, description="who releases, where the register does not name the pledge")
    released: Annotated[Items[ShortText], Field(min_length=1, max_length=5000)] | None = Field(
        None, description="ids of the released assets, where the register does not name the pledge"
    )
    matched: Literal["inferred"] | None = Field(
        None, description="inferred: the register does not name the pledge; whoever published this event found it"
    )
    matched_by: ShortText | None = Field(None, description="the rule by which it was found")


class PledgeDefault(_Change):
    """The debtor failed to pay a debt when due (Civil Code Arts. 436 and 446)."""

    occurred_on: Day = Field(description="date of the default")
    overdue: Money | None = Field(None, description="the amount due and not paid")


class PledgeRealisation(_Change):
    """The pledgee was paid out of the pledged assets (Civil Code Art. 436, which Art. 446 applies
    to pledges of rights)."""

    occurred_on: Day = Field(description="date of the payment")
    proceeds: Money | None = Field(None, description="the proceeds of the assets")
    method: Literal["discount", "auction", "sale", "other"] = Field(
        description="discount: the pledgee took the assets at an agreed value"
    )


MODELS: Final[dict[int, type[EventData]]] = {
    REGISTERED: PledgeRegistration,
    MODIFIED: PledgeModification,
    EXTENDED: PledgeExtension,
    CANCELLED: PledgeCancellation,
    DEFAULTED: PledgeDefault,
    REALISED: PledgeRealisation,
}
"""Number of an original type -> the model of its data."""
