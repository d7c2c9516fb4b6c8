"""Coverage of parties: how many events name theirs."""

from __future__ import annotations

from ledger.views.view import Column, View

KNOWN_PARTIES = View(
    "known_parties",
    "Each row is a kind of event, a role and a year. coverage = named / events: the part of the pledges, assignments "
    "and grants that name at least one party in the role. Registers leave parties out (empty lists); such events count "
    "everywhere, but in no figure by party.",
    (
        Column("event", "text", "`pledges`, `assignments` or `grants`"),
        Column("role", "text", "`pledgors`, `pledgees`, `assignees` or `applicants`"),
        Column("year", "year", "year of the registration, the recordal or the grant"),
        Column("events", "count", "events of the year"),
        Column("named", "count", "those that name at least one party in the role"),
        Column("coverage", "ratio", "named / events, 0 to 1"),
    ),
    details=(
        "Pledges and assignments as first recorded; a later change of pledgees does not count.",
        "The assignees of a grant are the owners printed on it.",
        "`concentration` and `debtor_concentration` have the same for pledges in force and outstanding loans: `named`.",
    ),
)

VIEWS = (KNOWN_PARTIES,)
