"""The life of a patent, on independent tracks: filing, publication, right, preservation, challenge, record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from ledger.posting import rows, valuation_rows
from ledger.posting.cells import NO_REGION, UNKNOWN, Kind, Lines, Stock, add_all, negative, nonzero
from ledger.posting.facts import Facts, array, optional_money
from ledger.posting.life import INITIAL, Life, Moves, NoEffect, Step, Track, in_turn, missing, never
from ledger.posting.pool import in_force, single
from ledger.posting.term import next_day, term_end
from ledger.posting.timeline import Timeline, merged
from schemas.events import (
    AWARDED,
    CEASED,
    CHALLENGED,
    DISCHARGED,
    FEE_PAID,
    FILED,
    GRANTED,
    INVALIDATED,
    PRESERVED,
    PUBLISHED,
    READ,
    RESTORED,
    TAGGED,
    TERM_ADJUSTED,
    UPHELD,
)

FILING = Track("filing", {INITIAL: {"patent.filed": "filed"}, "filed": {"patent.filed": never("second_filing")}})
PUBLICATION = Track(
    "publication",
    {INITIAL: {"patent.published": "published"}, "published": {"patent.published": never("second_publication")}},
)

_UNTIL_GRANTED = missing("grant")
_TWICE = never("second_grant")
_AFTER = never("after_invalidation")
_RIGHT = Track(
    "right",
    {
        INITIAL: {
            "patent.granted": "in force",
            "patent.ceased": _UNTIL_GRANTED,
            "patent.restored": _UNTIL_GRANTED,
            "patent.invalidated partial": _UNTIL_GRANTED,
            "patent.invalidated full": _UNTIL_GRANTED,
            "patent.term_adjusted": _UNTIL_GRANTED,
        },
        "in force": {
            "patent.granted": _TWICE,
            "patent.ceased": "ceased",
            "patent.restored": missing("cessation"),
            "patent.invalidated partial": "in force",
            "patent.invalidated full": "invalid",
            "patent.term_adjusted": "in force",
        },
        "ceased": {
            "patent.granted": _TWICE,
            "patent.ceased": never("already_ceased"),
            "patent.restored": "restored",
            "patent.invalidated partial": "ceased",
            "patent.invalidated full": "invalid",
            "patent.term_adjusted": "ceased",
        },
        # Not "in force" again: a repeated restoration must not wait and undo the next cessation.
        "restored": {
            "patent.granted": _TWICE,
            "patent.ceased": "ceased",
            "patent.restored": never("already_restored"),
            "patent.invalidated partial": "restored",
            "patent.invalidated full": "invalid",
            "patent.term_adjusted": "restored",
        },
        "invalid": {
            "patent.granted": _TWICE,
            "patent.ceased": _AFTER,
            "patent.restored": _AFTER,
            "patent.invalidated partial": _AFTER,
            "patent.invalidated full": _AFTER,
            "patent.term_adjusted": _AFTER,
        },
    },
)
PRESERVATION = Track(
    "preservation",
    {
        INITIAL: {"patent.preserved": "preserved", "patent.discharged": missing("preservation")},
        # Preservations queue: the second one takes effect when the first is discharged.
        "preserved": {"patent.preserved": in_turn("already_preserved"), "patent.discharged": "discharged"},
        "discharged": {"patent.preserved": "preserved", "patent.discharged": never("already_discharged")},
    },
)
CHALLENGE = Track(
    "challenge",
    {
        INITIAL: {"patent.challenged": "challenged", "patent.upheld": missing("challenge")},
        "challenged": {"patent.challenged": "challenged", "patent.upheld": "upheld"},
        "upheld": {"patent.challenged": "challenged", "patent.upheld": never("already_upheld")},
    },
)
RECORD = Track(
    "record",
    {
        INITIAL: {
            "patent.fee_paid": INITIAL,
            "patent.awarded": INITIAL,
            "patent.tagged": INITIAL,
            "patent.read": INITIAL,
        }
    },
)

_DOCUMENTS = {GRANTED: Kind.GRANTS, FILED: Kind.FILINGS, PUBLISHED: Kind.PUBLICATIONS}


class PatentLife(Life):
    """A patent on one basis. A restoration removes the cessation; a full invalidation ends the right for good.

    Views compute what needs more than one entity: owner, family, pledges.
    """

    tracks = (FILING, PUBLICATION, _RIGHT, PRESERVATION, CHALLENGE, RECORD)
    besides: ClassVar = {"restored": "a `patent.restored` removed this `patent.ceased`, which had an effect"}

    def __init__(self) -> None:
        super().__init__()
        self._documents: dict[int, Step] = {}
        self._changed = False
        """True once an event other than documents has had an effect."""
        self._cessation: tuple[Step, Lines] | None = None
        self._invalid_on: int | None = None
        self._expires_on: Timeline[int] = Timeline()
        self._preservations: list[tuple[int, int]] = []
        """(day, 1 for a preservation, -1 for a discharge)"""
        self._challenges: list[tuple[int, int]] = []
        """(day, 0 for a challenge, 1 for a decision); on the same day the decision counts"""
        self._notes: list[rows.PatentNoteRow] = []
        """Tags of documents, and survived challenges."""

    def event(self, step: Step) -> str:
        """Return the event name; partial and full invalidations are two events."""
        called = super().event(step)
        return f"{called} {step.facts['extent']}" if step.family == INVALIDATED else called

    def effect(self, step: Step) -> Moves | NoEffect:
        """Apply one filing, publication, grant, cessation, ..."""
        family, facts = step.family, step.facts
        if family in _DOCUMENTS:
            self._documents[family] = step
            self._notes += _tags(step)
            return Moves(single(_DOCUMENTS[family], facts, facts["right"]))
        self._changed = True
        if family == CEASED:
            lines = self._ended(step)
            self._cessation = (step, lines)
            return Moves(lines)
        if family == INVALIDATED:
            return self._invalidate(step)
        if family == RESTORED:
            return self._take_back()
        self._note(step)
        return Moves()

    def _ended(self, step: Step) -> Lines:
        grant = self._documents[GRANTED]
        return single(Kind.CESSATIONS, {**grant.facts, **step.facts}, grant.facts["right"])

    def _invalidate(self, step: Step) -> Moves:
        day = step.facts["occurred_on"]
        self._challenges.append((day, 1))
        if step.facts["extent"] != "full":
            self._notes.append(rows.PatentNoteRow(step.offset, 0, day, "survived", "invalidated in part", None))
            return Moves()
        self._invalid_on = day
        return Moves({} if self._cessation else self._ended(step))  # a right ends once

    def _take_back(self) -> Moves:
        assert self._cessation is not None, "only a ceased patent is restored"
        step, lines = self._cessation
        self._cessation = None
        return Moves(negative(lines), {step.offset: "restored"})

    def _note(self, step: Step) -> None:
        """Apply an event that changes no total."""
        family, facts = step.family, step.facts
        day = facts["occurred_on"]
        if family == TERM_ADJUSTED:
            self._expires_on.set(day, facts["expires_on"])
        elif family in (PRESERVED, DISCHARGED):
            self._preservations.append((day, 1 if family == PRESERVED else -1))
        else:
            assert family in (CHALLENGED, UPHELD)
            self._challenges.append((day, int(family == UPHELD)))
            if family == UPHELD:
                self._notes.append(rows.PatentNoteRow(step.offset, 0, day, "survived", "upheld", None))

    def state_rows(self) -> Iterator[rows.Row]:
        """Yield documents and citations, the patent between its changes, fees, awards, tags, `genai` again by itself,
        survived challenges, readings."""
        for step in self._documents.values():
            yield _document(step)
            yield from _citations(step)
        yield from self._states()
        yield from _fees(self.loose)
        notes = [*self._notes, *_loose_notes(self.loose)]
        yield from notes
        yield from self._genai(notes)
        yield from (_reading(step) for step in self.loose.values() if step.family == READ)

    def _states(self) -> Iterator[rows.PatentRow]:
        """Yield the patent between each two days of change."""
        if GRANTED not in self._documents:
            return
        grant = self._documents[GRANTED].facts
        granted_on = grant["occurred_on"]
        if len(self._documents) == 1 and not self._changed:  # the usual case
            yield rows.PatentRow(
                granted_on, rows.END, self.subject, *_state(None, None, grant, None, None, None, None, None)
            )
            return
        documents = [_from(self._documents.get(family)) for family in (FILED, PUBLISHED, GRANTED)]
        cessation = self._cessation and self._cessation[0].facts["occurred_on"]
        ends = [day for day in (cessation, self._invalid_on) if day is not None]
        ended, invalid = _first_day(ends), _first_day([self._invalid_on] if self._invalid_on else [])
        others = (self._expires_on, ended, invalid, _preserved(self._preservations), _challenged(self._challenges))
        timelines = (*documents, *others)
        for since, until, state in merged(granted_on, timelines, _state):
            yield rows.PatentRow(since, until, self.subject, *state)

    def _genai(self, notes: Iterable[rows.PatentNoteRow]) -> Iterator[valuation_rows.GenaiPatentRow]:
        """Yield the patent if it is tagged `genai`."""
        sources = {note.source for note in notes if note.what == "tag" and note.name == "genai"}
        if not sources:
            return
        by_ipc, by_declared, by_model = (int(source in sources) for source in ("ipc", "declared", "model"))
        documents = sorted(self._documents.values(), key=lambda step: step.offset)
        families = [step.facts["family_id"] for step in documents if step.facts.get("family_id")]
        published = [step.facts["occurred_on"] for step in documents if step.family in (GRANTED, PUBLISHED)]
        countries = {country for step in documents for country in step.facts.get("inventor_countries", ())}
        yield valuation_rows.GenaiPatentRow(
            by_ipc,
            by_declared,
            by_model,
            families[-1] if families else None,
            min(published, default=None),
            array(sorted(countries) or None),
        )

    def stock(self, state_rows: Iterable[rows.Row]) -> Lines:
        """Return the patent in force, as differences by day."""
        lines: Lines = {}
        for patent in state_rows:
            if isinstance(patent, rows.PatentRow) and patent.ended_on is None:
                until = min(patent.until, patent.term_end or rows.END)
                if until > patent.since:
                    where = (patent.region or NO_REGION, patent.right, patent.industry)
                    add_all(lines, in_force(Stock.PATENTS, patent.since, until, *where))
        return nonzero(lines)


def _tags(step: Step) -> Iterator[rows.PatentNoteRow]:
    facts = step.facts
    day = facts["occurred_on"]
    for ordinal, tag in enumerate(facts.get("tags", ()), 1):
        yield rows.PatentNoteRow(step.offset, ordinal, day, "tag", tag, "declared")
    if "genai" in facts:
        yield rows.PatentNoteRow(step.offset, 0, day, "tag", "genai", "ipc")


def _loose_notes(loose: Mapping[int, Step]) -> Iterator[rows.PatentNoteRow]:
    """Yield awards, and tags that are not of a document."""
    for offset, family, facts in loose.values():
        day = facts["occurred_on"]
        if family == AWARDED:
            yield rows.PatentNoteRow(offset, 0, day, "award", facts["award"], None)
        elif family == TAGGED:
            yield rows.PatentNoteRow(offset, 0, day, "tag", facts["tag"], facts["tag_source"])


def _fees(loose: Mapping[int, Step]) -> Iterator[rows.PatentFeeRow]:
    """Yield the payment that counts for each year, by day."""
    fees: dict[int, Timeline[Step]] = {}
    for step in sorted(loose.values(), key=lambda step: step.offset):
        if step.family == FEE_PAID:
            fees.setdefault(step.facts["fee_year"], Timeline()).set(step.facts["occurred_on"], step)
    for year, payments in fees.items():
        for since, until, payment in payments.spans():
            yield rows.PatentFeeRow(year, since, until, payment.offset, *optional_money(payment.facts, "amount"))


def _document(step: Step) -> rows.DocumentRow:
    facts = step.facts
    applicants = facts.get("applicants", ())
    return rows.DocumentRow(
        step.family,
        step.offset,
        facts["occurred_on"],
        facts["office"],
        facts.get("region"),
        facts["right"],
        facts.get("industry", UNKNOWN),
        facts.get("filed_on"),
        facts.get("family_id"),
        array([*dict.fromkeys(facts["ipc"])] if "ipc" in facts else None),
        facts.get("scope", 0),
        facts.get("claims"),
        array(facts.get("applicants")),
        applicants[0].get("country") if len(applicants) == 1 else "" if applicants else None,
        array(facts.get("assignees")),
        array(facts.get("inventor_countries")),
        len({*facts["backward_cites"]}) if "backward_cites" in facts else None,
        facts.get("owner_type"),
    )


def _reading(step: Step) -> valuation_rows.PatentReadingRow:
    facts = step.facts
    return valuation_rows.PatentReadingRow(
        step.offset,
        facts["occurred_on"],
        facts["question"],
        facts["answer"],
        facts.get("quote"),
        facts.get("quote_at"),
        facts["part"],
        facts["text_hash"],
        facts["prompt_hash"],
        facts["model_id"],
        facts["model_version"],
    )


def _citations(step: Step) -> Iterator[rows.CitationRow]:
    yield from map(rows.CitationRow, dict.fromkeys(step.facts.get("backward_cites", ())))


def _from(document: Step | None) -> Timeline[Facts]:
    return Timeline() if document is None else Timeline([(document.facts["occurred_on"], document.facts)])


def _first_day(days: Sequence[int]) -> Timeline[int]:
    return Timeline([(min(days), min(days))] if days else ())


def _preserved(events: Sequence[tuple[int, int]]) -> Timeline[int | None]:
    """Return the day of the last preservation, for days with more preservations than discharges so far."""
    timeline: Timeline[int | None] = Timeline()
    held, last = 0, 0
    for day, change in sorted(events):
        held += change
        last = day if change > 0 else last
        timeline.set(day, last if held > 0 else None)
    return timeline


def _challenged(events: Sequence[tuple[int, int]]) -> Timeline[int | None]:
    """Return the day of the last challenge, for days on which it is later than the last decision."""
    timeline: Timeline[int | None] = Timeline()
    for day, decided in sorted(events):
        timeline.set(day, None if decided else day)
    return timeline


def _state(
    filing: Facts | None, publication: Facts | None, grant: Facts, expires_on: int | None, *days: int | None
) -> tuple[Any, ...]:
    """Return all columns of a patent after since and until, from the values on a day."""
    filing, publication = filing or {}, publication or {}
    family_id = grant.get("family_id") or publication.get("family_id") or filing.get("family_id")
    filed_on = grant.get("filed_on") or filing.get("occurred_on") or publication.get("filed_on")
    office, right, granted_on = grant["office"], grant["right"], grant["occurred_on"]
    end = term_end(office, right, filed_on, granted_on, grant) if expires_on is None else next_day(expires_on)
    disclaimed = int(expires_on is None and "disclaimed_after" not in grant and bool(grant.get("terminal_disclaimer")))
    region, industry = grant.get("region"), grant.get("industry", UNKNOWN)
    return (office, region, right, industry, family_id, filed_on, granted_on, end, disclaimed, *days)
