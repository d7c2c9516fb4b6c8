"""An entity: the effect of one more event on each basis."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from hashlib import sha256

from ledger.posting.cells import BASES, KINDS, Basis, Due, Lines, Stock, difference
from ledger.posting.decoding import RecordSource, decode_record
from ledger.posting.entity import Accepted, Amendment, Effect, Entity
from ledger.posting.packed import json_of, pack
from ledger.posting.rows import END
from ledger.posting.sums import Posting
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from tests.each_case import each_case
from tests.events import (
    OTHER_SOURCE,
    PATENT,
    PLEDGE,
    Event,
    cancelled,
    corrected,
    example_event,
    granted,
    modified,
    money,
    partition,
    registered,
    value_of,
    voided,
)

RECORDED, CORRECTED, BOTH = Basis.RECORDED, Basis.CORRECTED, Basis.BOTH
KIND_NAMES = {number: name for name, number in KINDS.items()}
ALL = 0


def accepted(offset: int, event: Event, source: RecordSource | None = None) -> Accepted:
    source = source or RecordSource(topic_of(event), partition(event["subject"]), 4)
    entry = decode_record(source, event["subject"].encode(), value_of(event))
    assert entry.refusal is None, entry.refusal
    assert entry.type is not None
    assert entry.source is not None
    assert entry.id is not None
    return Accepted(offset, entry.type, entry.source, entry.id, entry.hash, entry.facts)


def topic_of(event: Event) -> str:
    return PATENT if ".patent." in event["type"] else PLEDGE


def effects(*events: Event) -> list[Effect]:
    """Return the effect of each event, at the offsets 0, 1, 2, ..."""
    entity = Entity(topic_of(events[0]), "X1")
    return [entity.accept(accepted(offset, event)) for offset, event in enumerate(events)]


def whole(postings: Sequence[Posting]) -> set[tuple[int, str, int, tuple[int, ...]]]:
    """Return (basis, kind, date, measure) of the ALL lines."""
    return {
        (basis, KIND_NAMES[kind], date, tuple(measure))
        for basis, (kind, date, _, _, industry, _), measure in postings
        if industry == ALL
    }


@each_case("stem", ["collateral.alerted", "patent.tagged", "valuation.completed", "reference.fx_rate"])
def test_the_revision_of_an_event_on_which_none_depends_takes_no_other_again(stem: str) -> None:
    originals = [example_event(stem, f"e{number}", "X1") for number in range(9)]
    (topic,) = {EVENT_TYPES[event["type"]].topic for event in originals}
    source = RecordSource(topic, partition_of(b"X1", TOPICS[topic].partitions), TOPICS[topic].partitions)
    entity = Entity(topic, "X1")
    revisions = [corrected(event, f"k{event['id']}") for event in originals]
    revisions += [voided(event, f"v{event['id']}") for event in originals]
    for offset, event in enumerate([*originals, *revisions]):
        entity.accept(accepted(offset, event, source))
    assert entity.retaken == len(originals), "taken again once, when the two lives part"
    assert [row for row in entity.state().rows if row[1] == CORRECTED] == []


PLEDGED = (20230301, (1, 1, 100_000))
TAKEN_OUT = (20230301, (-1, -1, -100_000))


def test_without_revisions_a_line_stands_on_both_bases() -> None:
    first, second = effects(registered(), modified())
    assert whole(first.postings) == {(BOTH, "pledges", *PLEDGED)}
    assert whole(second.postings) == {(BOTH, "pledge_changes", 20230601, (1, 1, 50_000))}
    assert second.no_effect == {}


def test_a_correction_moves_the_corrected_basis_only() -> None:
    _, effect = effects(registered(), corrected(registered(), secured=money("300.00"), occurred_on="2022-03-01"))
    assert whole(effect.postings) == {
        (CORRECTED, "pledges", *TAKEN_OUT),
        (CORRECTED, "pledges", 20220301, (1, 1, 30_000)),
    }


def test_a_correction_of_an_amount_is_one_line_of_the_difference() -> None:
    _, effect = effects(registered(), corrected(registered(), secured=money("300.00")))
    assert whole(effect.postings) == {(CORRECTED, "pledges", 20230301, (0, 0, -70_000))}


def test_later_events_are_corrected_with_it() -> None:
    *_, effect = effects(registered(), modified(), corrected(registered(), secured=money("1400.00")))
    assert whole(effect.postings) == {
        (CORRECTED, "pledges", 20230301, (0, 0, 40_000)),
        (CORRECTED, "pledge_changes", 20230601, (0, 0, -40_000)),
    }


def test_a_correction_that_changes_no_figure_has_no_lines() -> None:
    _, effect = effects(registered(), corrected(registered(), registration_no="Y9"))
    assert effect == Effect([], {}, {0: Amendment(20230301, 1)})


def test_a_void_removes_an_event_and_a_later_correction_restores_it() -> None:
    _, out, back = effects(registered(), voided(registered()), corrected(registered(), secured=money("1.00")))
    assert whole(out.postings) == {(CORRECTED, "pledges", *TAKEN_OUT)}
    assert whole(back.postings) == {(CORRECTED, "pledges", 20230301, (1, 1, 100))}
    assert out.no_effect == back.no_effect == {}


def test_of_several_revisions_the_last_in_the_log_wins() -> None:
    *_, effect = effects(
        registered(),
        corrected(registered(), "k1", secured=money("3.00")),
        corrected(registered(), "k2", secured=money("7.00")),
    )
    assert whole(effect.postings) == {(CORRECTED, "pledges", 20230301, (0, 0, 400))}
    assert effect.no_effect == {}


def test_a_revision_of_a_revision_waits() -> None:
    correction = corrected(registered(), "k1")
    for revision in (voided(correction, "v1"), corrected(correction, "k2")):
        *_, effect = effects(registered(), correction, revision)
        assert effect == Effect([], {(2, CORRECTED): "target_missing"})


def test_a_revision_waits_for_its_target_and_takes_effect_with_it() -> None:
    waits, comes = effects(corrected(registered(), secured=money("3.00")), registered())
    assert waits == Effect([], {(0, CORRECTED): "target_missing"})
    assert whole(comes.postings) == {
        (RECORDED, "pledges", *PLEDGED),
        (CORRECTED, "pledges", 20230301, (1, 1, 300)),
    }
    assert comes.no_effect == {(0, CORRECTED): None}


def test_a_target_is_of_the_same_source_and_type() -> None:
    other_source = voided(registered() | {"source": OTHER_SOURCE})
    other_type = voided(modified("r1"))
    for revision in (other_source, other_type):
        _, effect = effects(registered(), revision)
        assert effect == Effect([], {(1, CORRECTED): "target_missing"})


def test_a_target_that_is_a_uuid_is_found_without_case() -> None:
    uuid = "0190c6f0-abcd-7000-8000-000000000001"
    _, effect = effects(registered(uuid.upper()), voided(registered(uuid)))
    assert whole(effect.postings) == {(CORRECTED, "pledges", *TAKEN_OUT)}
    _, effect = effects(registered("E1"), voided(registered("e1")))
    assert effect.no_effect == {(1, CORRECTED): "target_missing"}


def test_a_second_registration_takes_over_when_the_first_is_voided() -> None:
    _, second, effect = effects(registered("r1"), registered("r2", secured=money("2.00")), voided(registered("r1")))
    assert second.no_effect == {(1, RECORDED): "second_registration", (1, CORRECTED): "second_registration"}
    assert whole(effect.postings) == {(CORRECTED, "pledges", 20230301, (0, 0, -99_800))}
    assert effect.no_effect == {(1, CORRECTED): None}


def test_a_voided_cancellation_lets_later_changes_count() -> None:
    *_, late, effect = effects(registered(), cancelled(), modified(), voided(cancelled()))
    assert late == Effect([], {(2, RECORDED): "after_cancellation", (2, CORRECTED): "after_cancellation"})
    assert whole(effect.postings) == {
        (CORRECTED, "pledge_cancellations", 20240229, (-1, -1, -100_000)),
        (CORRECTED, "pledge_changes", 20230601, (1, 1, 50_000)),
    }
    assert effect.no_effect == {(2, CORRECTED): None}


def test_a_voided_registration_leaves_its_changes_waiting() -> None:
    *_, effect = effects(registered(), modified(), voided(registered()))
    assert whole(effect.postings) == {
        (CORRECTED, "pledges", *TAKEN_OUT),
        (CORRECTED, "pledge_changes", 20230601, (-1, -1, -50_000)),
    }
    assert effect.no_effect == {(1, CORRECTED): "registration_missing"}


def test_a_reason_may_change() -> None:
    waits, voiding = effects(registered("r1"), cancelled(), modified(), voided(registered("r1")))[2:]
    assert waits.no_effect[2, CORRECTED] == "after_cancellation"
    assert voiding.no_effect == {(1, CORRECTED): "registration_missing", (2, CORRECTED): "registration_missing"}


def stock_moves(*events: Event) -> dict[int, Lines]:
    """Return how the last event moves the stock on each basis."""
    entity = Entity(topic_of(events[0]), "X1")
    before, after = dict.fromkeys(BASES.values(), Lines()), dict.fromkeys(BASES.values(), Lines())
    for offset, event in enumerate(events):
        before = after
        entity.accept(accepted(offset, event))
        postings = entity.state().stock
        after = {
            basis: {cell: measure for on, cell, measure in postings if on & basis and cell[4] == ALL}
            for basis in BASES.values()
        }
    return {basis: difference(after[basis], before[basis]) for basis in BASES.values()}


def test_the_stock_moves_with_the_lines() -> None:
    gone = {
        (Stock.PLEDGES, 20240229, "CN-SH", 1, ALL, 156): (-1, -1, -100_000),
        (Due.PLEDGES, END, "", 0, ALL, 156): (-1, -1, -100_000),
    }
    assert stock_moves(registered(), cancelled()) == {RECORDED: gone, CORRECTED: gone}


def test_a_revision_moves_the_stock_of_the_corrected_basis_alone() -> None:
    pledged, due = (Stock.PLEDGES, 20230301, "CN-SH", 1, ALL, 156), (Due.PLEDGES, END, "", 0, ALL, 156)
    assert stock_moves(registered(), corrected(registered(), secured=money("300.00"))) == {
        RECORDED: {},
        CORRECTED: {pledged: (0, 0, -70_000), due: (0, 0, -70_000)},
    }
    assert stock_moves(registered(), voided(registered())) == {
        RECORDED: {},
        CORRECTED: {pledged: (-1, -1, -100_000), due: (-1, -1, -100_000)},
    }


def test_a_row_of_both_bases_appears_once() -> None:
    entity = Entity(PLEDGE, "P1")
    entity.accept(accepted(0, registered()))
    assert {basis for _, basis, _ in entity.state().rows} == {BOTH}
    entity.accept(accepted(1, corrected(registered(), secured=money("300.00"))))
    rows = entity.state().rows
    assert sorted((table, basis) for table, basis, _ in rows) == [
        ("pledge", RECORDED),
        ("pledge", CORRECTED),
        ("pledge_asset", BOTH),
        ("pledge_state", RECORDED),
        ("pledge_state", CORRECTED),
    ]
    assert len(set(rows)) == len(rows)


def test_the_first_grant_counts_until_it_is_voided() -> None:
    first, second, effect = effects(granted("g1"), granted("g2", right="design"), voided(granted("g1")))
    assert whole(first.postings) == {(BOTH, "grants", 20230502, (1, 0, 0))}
    assert list(second.no_effect.values()) == ["second_grant"] * 2
    assert {(basis, right, events) for basis, (_, _, _, right, _, _), (events, _, _) in effect.postings} == {
        (CORRECTED, 1, -1),
        (CORRECTED, 3, 1),
    }


def test_a_reloaded_entity_continues_from_its_state() -> None:
    history = [registered(), corrected(registered(), secured=money("3.00")), modified(), cancelled()]
    events = [accepted(offset, event) for offset, event in enumerate(history)]
    for cut in range(len(events)):
        entity = Entity(PLEDGE, "P1", map(as_in_journal, events[:cut]))
        assert [entity.accept(event) for event in events[cut:]] == effects(*history)[cut:]


def as_in_journal(event: Accepted) -> Accepted:
    return event._replace(facts=pack(json_of(event.facts)))


def test_a_long_history_takes_little_memory() -> None:
    owners = [{"name": f"owner {number}"} for number in range(4_000)]
    history = [as_in_journal(accepted(at, granted(f"g{at}", assignees=owners))) for at in range(8)]
    history += [as_in_journal(accepted(9, corrected(granted("g1"), assignees=owners)))]
    tracemalloc.start()
    entity = Entity(PATENT, "CN1A", history)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 3 * 2**20, "the facts of one grant, which stands; parsed, each has a MiB"
    assert next(entity.remaining()).facts["assignees"] == owners


def test_a_namesake_has_the_same_source_and_id() -> None:
    entity = Entity(PLEDGE, "P1", [accepted(5, registered("r1"))])
    assert entity.existing("urn:registry:cn-sh", "r1") == (5, sha256(value_of(registered("r1"))).digest())
    assert entity.existing(OTHER_SOURCE, "r1") is None
    assert entity.existing("urn:registry:cn-sh", "r2") is None
