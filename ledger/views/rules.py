"""The grounds on which the registration of a patent pledge is refused, R1 to R12, told of what the book knows.

They are those of Art. 11 (1) to (12) of the Measures for Registration of Patent Pledge (CNIPA Announcement 461 of
2021). Their SQL is written once over a relation of candidates: the view feeds it the registrations of the book, and
`publish --strict` those that are not yet published. Imported history is flagged and never refused: the register is the
truth.
"""

from __future__ import annotations

from ledger.views.view import Column, View, view_sql

_GROUNDS = ("life_breach", "owned", "owner_breach", "double_breach", "pledged_model", "twin_breach", "breach")
GIVEN = {"candidate": "given_candidate", "candidate_asset": "given_candidate_asset"}
"""A relation of candidates -> the file that reads them from JSON, in the place of the book's registrations."""


def _breaches() -> str:
    """Return the SQL of the grounds over candidates that are given."""
    relations = GIVEN | {name: name for name in _GROUNDS}
    parts = ",\n".join(f"{name} AS (\n{view_sql(file)})" for name, file in relations.items())
    return f"""WITH {parts}
SELECT entity, place, ground, explanation FROM breach WHERE NOT waived ORDER BY entity, ground, place"""


BREACHES = _breaches()
"""SQL: what candidates that are given (`:candidates`) break and their parties have not waived, on a basis: number,
place of the asset in the pool (from 0; null where the pledge itself is meant), ground (1 to 11), explanation."""

PLEDGE_FLAGS = View(
    "pledge_flags",
    "the grounds for refusing a patent pledge (CNIPA Announcement 461 of 2021, Art. 11) that a registration breaks on "
    "its own day, judged by what the book says up to that day; flagged, never refused; what the book does not know "
    "breaks nothing. "
    "R1 no pledgor is a patentee of record: the assignees of the last assignment, merger or change of name with the "
    "asset (by business date), else the assignees printed on the grant, else its applicants; parties are compared by "
    "id where both have one, else by name as said. "
    "R2 ceased and not restored, wholly invalid, or term ended. "
    "R3 granted later, or known as filed or published only (only granted patents break R2, R4 to R6, R10 and R11). "
    "R4 the last fee year known to be paid, counted from filing, is over (the six months in which it may still be paid "
    "with a surcharge included; not for US patents, which have no annual fees; ceased for its fee is R2). "
    "R5 preserved by a court (disputes about ownership are not known to the ledger). "
    "R6 debt_to is after the last day of the term. "
    "R7 what Art. 8 asks of the contract is not said: the secured amount (nor that it is registered), the debtor's "
    "performance period (debt_from, debt_to); a gazette publishes neither. "
    "R8 some owners do not pledge, and co_owners_consent is not true. "
    "R9 another pledge is in force, registered up to the day and not cancelled, and the asset is in it then, whether "
    "it was in it at first or was added, and not released; "
    "two of one day flag each other, as partitions have no common order. "
    "R10 a utility model whose applicants filed an invention at the same office on the same day (that it is the same "
    "invention is not known); may be waived. "
    "R11 somebody asked for it to be declared invalid, and no decision is dated since; may be waived. "
    "R12 (others) cannot be judged by a ledger. All but R7 and R9 are of patents alone. An asset that a change dated "
    "up to the day of the registration adds is judged like those that it names",
    (
        Column("pledge", "text", "subject of the pledge"),
        Column("registered_on", "date", "registration date, the day that is judged", "day"),
        Column("asset", "text", "id of the asset; null where the pledge itself is meant"),
        Column("rule", "code", "`R1` to `R11`"),
        Column("explanation", "text", "what breaks the rule"),
        Column("waived", "0 or 1", "1 where the registration says that the parties know and accept it"),
    ),
    uses=("candidate", "candidate_asset", *_GROUNDS),
)

VIEWS = (PLEDGE_FLAGS,)
