"""P7, without a book: for any events of an entity, in any order, the entity is the one that the model computes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ledger.independent import fold as model
from ledger.independent.entities import Columns, first_mismatch
from ledger.independent.lines import contribution_of
from ledger.independent.numbers import STOCKS
from ledger.independent.stocks import changes_of
from ledger.posting.cells import BASES, Cell, Lines
from ledger.posting.constants import CONSTANTS
from ledger.posting.decoding import RecordSource, decode_record
from ledger.posting.entity import LIVES, Accepted, Effect, Entity, EntityState
from ledger.posting.packed import pack, unpacked
from ledger.posting.rows import COLUMNS_OF, KEY_COLUMNS
from ledger.posting.sums import Posting
from schemas.codec import Judged, judge
from schemas.currencies import CURRENCY_NUMBERS
from schemas.events import EVENT_TYPES, Role
from schemas.industry import INDUSTRIES
from schemas.topics import TOPICS, partition_of
from tests.comparison import agrees
from tests.data import DAYS, FIELDS
from tests.each_case import each_case
from tests.effort import examples
from tests.events import Event, asset, example_event, value_of
from tests.histories import lives

CODES = {industry.number: industry.code for industry in INDUSTRIES.values()}


def accepted(topic: str, events: Sequence[Event]) -> list[Accepted]:
    """Return events as the journal keeps them, each id once."""
    kept: dict[Any, Accepted] = {}
    for offset, sent in enumerate(events):
        key, partitions = sent["subject"].encode(), TOPICS[topic].partitions
        entry = decode_record(RecordSource(topic, partition_of(key, partitions), partitions), key, value_of(sent))
        assert entry.refusal is None, (sent, entry.refusal)
        assert entry.type is not None
        assert entry.source is not None
        assert entry.id is not None
        one = Accepted(offset, entry.type, entry.source, entry.id, entry.hash, entry.facts)
        kept.setdefault((entry.source, entry.id), one)
    return list(kept.values())


def modelled(events: Sequence[Event], offsets: Sequence[int], topic: str) -> model.ExpectedBook:
    """Return the model's result of the accepted events."""
    subject = events[0]["subject"].encode()
    topic_partition = (topic, partition_of(subject, TOPICS[topic].partitions))
    records = [(offset, subject, value_of(events[offset])) for offset in offsets]
    return model.ledger_of({topic_partition: model.PartitionLog(0, len(events), records)})


def named(lines: Lines) -> dict[model.Cell, model.Figures]:
    """Return lines with the model's names."""
    return {_named(cell): model.Figures(*measure) for cell, measure in lines.items()}


_KINDS = CONSTANTS["kind"] | STOCKS
ROWS = {table: Columns(names, KEY_COLUMNS[table]) for table, names in COLUMNS_OF.items()}


def _named(cell: Cell) -> model.Cell:
    kind, date, region, right, industry, currency = cell
    return model.Cell(
        _KINDS[kind],
        f"{date // 10000:04d}-{date // 100 % 100:02d}-{date % 100:02d}",
        region or None,
        CONSTANTS["right"][right] if right else None,
        CODES[industry],
        CURRENCY_NUMBERS[currency].code if currency else None,
    )


def summed(postings: Iterable[Posting], basis: int) -> Lines:
    """Return the sums of all postings on a basis by cell, without sums of 0."""
    sums: dict[Cell, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for on, cell, measure in postings:
        if on & basis:
            sums[cell] = (sums[cell][0] + measure[0], sums[cell][1] + measure[1], sums[cell][2] + measure[2])
    return {cell: sum_ for cell, sum_ in sums.items() if any(sum_)}


@each_case("topic", FIELDS)
def test_every_type_is_valid_on_every_day(topic: str) -> None:
    types = {t.name.removeprefix("ip.").removesuffix(".v1") for t in EVENT_TYPES.values() if t.topic == topic}
    assert set(FIELDS[topic]) == {stem for stem in types if not stem.endswith((".corrected", ".voided"))}
    for stem in FIELDS[topic]:
        for day in DAYS:
            assert isinstance(judge(value_of(example_event(stem, occurred_on=day))), Judged), (stem, day)


@each_case("topic", LIVES)
def test_an_entity_is_what_the_model_computes(topic: str) -> None:
    @settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow])
    @given(life=lives(topic), cut=st.integers(0, 14))
    def holds(life: list[Event], cut: int) -> None:
        events = accepted(topic, life)
        effects, standing = _taken(topic, life[0]["subject"], events, cut)
        expected = modelled(life, [event.offset for event in events], topic)
        (entity,) = expected.entities
        for reason in expected.unmatched.values():
            event(reason)
        postings = [posting for effect in effects for posting in effect.postings]
        for basis, number in BASES.items():
            on_basis = entity.lives[basis]
            contribution = contribution_of(on_basis)
            assert named(summed(postings, number)) == {c: f for c, f in contribution.items() if any(f)}
            no_effect = _waiting(effects, number)
            assert no_effect == {p[2]: reason for p, reason in expected.unmatched.items() if p[3] == basis}
            assert named(summed(standing.stock, number)) == changes_of(on_basis)
            rows = [(table, row) for table, on, row in standing.rows if on & number]
            assert first_mismatch(rows, on_basis, ROWS) is None
            facts = _facts(events, effects if basis == "corrected" else ())
            assert facts.keys() - no_effect.keys() == {each.offset for each in on_basis.effective}
            assert all(agrees(each.data, facts[each.offset]) for each in on_basis.effective)

    holds()


PATENT, OTHERS = "US10000000B2", dict[str, Any](secured=..., debt_to=...)
SELDOM_DRAWN = {
    "a fee paid twice on a day": [example_event("patent.fee_paid", str(n), PATENT) for n in range(2)],
    "a filing and a publication that differ": [
        example_event("patent.granted", "1", PATENT, filed_on=None),
        example_event("patent.published", "2", PATENT, filed_on="2014-01-01"),
        example_event("patent.filed", "3", PATENT, occurred_on="2015-01-01"),
    ],
    "an invalidation dated before the cessation": [
        example_event("patent.granted", "1", PATENT),
        example_event("patent.ceased", "2", PATENT, occurred_on="2024-02-01"),
        example_event("patent.invalidated", "3", PATENT, occurred_on="2024-01-01", extent="full"),
    ],
    "assets freed on two days": [
        example_event("pledge.registered", "1", assets=[asset(id=each) for each in "ABC"]),
        example_event("pledge.modified", "2", occurred_on="2024-02-01", released=["B"], **OTHERS),
        example_event("pledge.modified", "3", occurred_on="2024-03-01", released=["C"], **OTHERS),
    ],
}


@each_case("life", SELDOM_DRAWN.values())
def test_a_seldom_drawn_life_is_what_the_model_computes(life: list[Event]) -> None:
    topic = EVENT_TYPES[life[0]["type"]].topic
    events = accepted(topic, life)
    (expected,) = modelled(life, [event.offset for event in events], topic).entities
    _, standing = _taken(topic, life[0]["subject"], events, 1)
    rows = [(table, row) for table, _, row in standing.rows]
    assert first_mismatch(rows, expected.lives["recorded"], ROWS) is None


def _in_journal(event: Accepted) -> Accepted:
    return event._replace(facts=pack(orjson.dumps(event.facts)))


def _taken(topic: str, subject: str, events: Sequence[Accepted], cut: int) -> tuple[list[Effect], EntityState]:
    """Return the effects and the final state of the events; an entity restored at the cut must give the same."""
    entity, back = Entity(topic, subject), Entity(topic, subject, map(_in_journal, events[:cut]))
    events = [event._replace(facts=unpacked(pack(orjson.dumps(event.facts)))) for event in events]  # lists, no tuples
    effects = [entity.accept(event) for event in events]
    assert [back.accept(event) for event in events[cut:]] == effects[cut:]
    standing = entity.state()
    for other in (back.state(), Entity(topic, subject, map(_in_journal, events)).state()):
        assert sorted(other.rows, key=repr) == sorted(standing.rows, key=repr)
        assert sorted(other.stock) == sorted(standing.stock)
    return effects, standing


def _waiting(effects: Sequence[Effect], basis: int) -> dict[int, str]:
    no_effect: dict[int, str | None] = {}
    for effect in effects:
        no_effect |= {offset: reason for (offset, on), reason in effect.no_effect.items() if on == basis}
    return {offset: reason for offset, reason in no_effect.items() if reason}


def _facts(events: Sequence[Accepted], amending: Sequence[Effect]) -> dict[int, Any]:
    """Return the facts of the remaining originals, by offset."""
    roles = {t.number: t.role for t in EVENT_TYPES.values()}
    facts = {event.offset: event.facts for event in events if roles[event.type] == Role.ORIGINAL}
    replacing = {event.offset: event.facts[1] for event in events if roles[event.type] == Role.CORRECTED}
    for effect in amending:
        for offset, amendment in effect.revised.items():
            facts[offset] = amendment and replacing[amendment.corrected_by]
            assert amendment is None or amendment.occurred_on == facts[offset]["occurred_on"]
    return {offset: kept for offset, kept in facts.items() if kept is not None}
