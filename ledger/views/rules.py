"""The grounds R1 to R12 for refusing a patent pledge, as far as the book can judge them.

They are those of Art. 11 (1) to (12) of the Measures for Registration of Patent Pledge (CNIPA Announcement 461 of
2021). Their SQL is written once over a relation of candidates: the view passes the pledges of the book, and
`publish --strict` those not yet published. Imported history is flagged and never refused, because the register is the
truth.
"""

from __future__ import annotations

from ledger.views.view import Column, View, view_sql

_GROUNDS = ("life_breach", "owned", "owner_breach", "double_breach", "pledged_model", "twin_breach", "breach")
GIVEN = {
    "given_pledge": "given_pledge",
    "candidate": "given_candidate",
    "candidate_asset": "given_candidate_asset",
    "judged_asset": "given_judged_asset",
}
"""A relation of candidates -> the file that reads it from JSON instead of the book."""


def _breaches() -> str:
    """Return the SQL of the grounds over candidates in JSON."""
    relations = GIVEN | {name: name for name in _GROUNDS}
    parts = ",\n".join(f"{name} AS (\n{view_sql(file)})" for name, file in relations.items())
    return f"""WITH {parts}
SELECT entity, ordinal, ground, explanation FROM breach WHERE NOT waived ORDER BY entity, ground, ordinal"""


BREACHES = _breaches()
"""SQL: the grounds that candidates break and their parties have not waived, on a basis: number, ordinal of the asset in
the pool (from 0; null for the pledge itself), ground (1 to 11), explanation. Candidates (`:candidates`, JSON) are
registrations, and changes that add assets."""

PLEDGE_FLAGS = View(
    "pledge_flags",
    "Each row is a ground for refusing a patent pledge (CNIPA Announcement 461 of 2021, Art. 11) that a "
    "registration breaks on its day, or an asset on the day when it joins. Pledges are flagged, never refused. "
    "What the book does not know breaks nothing. All but R7 and R9 apply to patents only.",
    (
        Column("pledge", "text", "pledge subject"),
        Column("registered_on", "date", "registration date", "day"),
        Column("judged_on", "date", "the day judged: of the registration, or on which the asset joined", "day"),
        Column("asset", "text", "asset id; null for the pledge itself"),
        Column("rule", "code", "`R1` to `R11`"),
        Column("explanation", "quoting text", "reason in words"),
        Column("waived", "0 or 1", "1 if the parties know and accept it"),
    ),
    details=(
        (
            "R1: no pledgor is a patentee of record, that is: the assignees of the last assignment, merger or change "
            "of name by business date, else the assignees printed on the grant, else its applicants."
        ),
        "Parties are compared by id if both have one, else by name as given.",
        "R2: ceased and not restored, invalid in full, or term ended.",
        (
            "R3: granted later, or only known as filed or published; only granted patents break R2, R4 to R6, R10 and "
            "R11."
        ),
        (
            "R4: the last fee year known to be paid, counted from filing, is over, and so are the six months for "
            "payment with a surcharge; not for US patents, which have no annual fees; cessation for a fee is R2."
        ),
        "R5: preserved by a court; the ledger does not know disputes about ownership.",
        "R6: debt_to is after the last day of the term.",
        (
            "R7: a content of the contract (Art. 8) is missing: the secured amount (unless amount_status is "
            "`registered`), debt_from or debt_to; a gazette publishes none."
        ),
        "R8: some owners do not pledge, and co_owners_consent is not true.",
        (
            "R9: the asset is in another pledge registered up to the day and not cancelled, from the start or added, "
            "and not released; two of one day flag each other, because partitions have no common order."
        ),
        (
            "R10: a utility model whose applicants filed an invention at the same office on the same day (whether it "
            "is the same invention is unknown); can be waived."
        ),
        "R11: a request for invalidation without a later decision; can be waived.",
        "R12: other grounds, which no ledger can judge.",
        (
            "An asset that a change adds is judged on the day it joins, by the events up to then, debt_to as changed, "
            "and the consent and the waivers of the change (on the day of the registration or without its own: of the "
            "registration); R7 is about the registration alone."
        ),
    ),
    uses=("amended", "candidate", "judged_asset", *_GROUNDS),
    once=("judged_asset",),
)

VIEWS = (PLEDGE_FLAGS,)
