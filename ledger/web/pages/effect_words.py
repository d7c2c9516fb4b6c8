"""Words for the reasons why an accepted event has no effect, to be translated where they are shown."""

from __future__ import annotations

from typing import Final

from ledger.web.pages.translator import N

WITHOUT_EFFECT: Final = {
    "after_cancellation": N("after the cancellation"),
    "after_cessation": N("after the cessation"),
    "after_invalidation": N("after the invalidation"),
    "after_withdrawal": N("after the withdrawal"),
    "already_ceased": N("ceased already"),
    "already_defaulted": N("in default already"),
    "already_discharged": N("discharged already"),
    "already_in_pool": N("in the pool already"),
    "already_preserved": N("preserved already"),
    "already_restored": N("restored already"),
    "already_upheld": N("upheld already"),
    "cessation_missing": N("the cessation is missing"),
    "challenge_missing": N("the challenge is missing"),
    "declaration_missing": N("the declaration is missing"),
    "disbursement_missing": N("the payment of the loan is missing"),
    "grant_missing": N("the grant is missing"),
    "licence_missing": N("the licence is missing"),
    "no_asset_left": N("no asset is left"),
    "not_in_pool": N("not in the pool"),
    "preservation_missing": N("the preservation is missing"),
    "registration_missing": N("the registration is missing"),
    "second_declaration": N("a second declaration"),
    "second_filing": N("a second filing"),
    "second_grant": N("a second grant"),
    "second_need": N("a second publication of the need"),
    "second_publication": N("a second publication"),
    "second_recording": N("a second recording"),
    "second_registration": N("a second registration"),
    "target_missing": N("the event that it revises is missing"),
}
