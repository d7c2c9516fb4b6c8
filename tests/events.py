"""Events for tests: builders of single ones, and strategies of whole histories as a log may hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from schemas.catalogue import example_of
from schemas.topics import TOPICS, partition_of
from streams.batch import PlainRecord
from streams.cluster import LogIdentity
from tests.model import Log, Place, Stretch

SOURCE = "urn:registry:cn-sh"
OTHER_SOURCE = "urn:bank:1"
PATENT, PLEDGE = "ip.patent.v1", "ip.pledge.v1"
LOG = LogIdentity(
    "a cluster", {name: f"id of {name}" for name in TOPICS}, {t.name: t.partitions for t in TOPICS.values()}
)
"""The identity of the log that tests pretend to read."""
PLACES: list[Place] = [(topic.name, p) for topic in TOPICS.values() for p in range(topic.partitions)]

Event = dict[str, Any]
"""An event as a JSON object."""

# ---- one event


def money(amount: str, currency: str = "CNY") -> dict[str, str]:
    """An amount as it stands on the wire."""
    return {"amount": amount, "currency": currency}


def asset(ipc: str | None = "G06N0003047500", right: str = "invention", **more: Any) -> dict[str, Any]:
    """One asset of a pledge, by its first IPC symbol."""
    return _without_left_out({"id": "CN1", "right": right, "ipc": [ipc] if ipc else ..., **more})


def event(type_: str, data: Any, **attributes: Any) -> Event:
    """An event of a type; `...` as the value of an attribute or a field leaves it out."""
    envelope = {
        "specversion": "1.0",
        "id": "e1",
        "source": SOURCE,
        "type": type_,
        "subject": "P1",
        "time": "2023-05-04T02:00:00Z",
        "data": data,
    }
    return _without_left_out(envelope | attributes)


def granted(event_id: str = "g1", subject: str = "US10000000B2", **data: Any) -> Event:
    """A grant of 2023-05-02 in CN-SH, an invention of generative AI."""
    said = {
        "occurred_on": "2023-05-02",
        "region": "CN-SH",
        "office": "US",
        "number": "10000000",
        "kind": "B2",
        "right": "invention",
        "ipc": ["G06N0003047500"],
        "applicants": [{"name": "上海某某科技有限公司"}],
    }
    return event("ip.patent.granted.v1", _without_left_out(said | data), id=event_id, subject=subject)


def registered(event_id: str = "r1", subject: str = "P1", **data: Any) -> Event:
    """A pledge of 2023-03-01 in CN-SH: one asset, 1000.00 CNY."""
    said = {
        "occurred_on": "2023-03-01",
        "region": "CN-SH",
        "registration_no": "Y2023310000123",
        "pledgors": [{"name": "上海某某科技有限公司"}],
        "pledgees": [{"name": "某某银行"}],
        "assets": [asset()],
        "secured": money("1000.00"),
        "amount_status": "registered",
    }
    return event("ip.pledge.registered.v1", _without_left_out(said | data), id=event_id, subject=subject)


def modified(event_id: str = "m1", subject: str = "P1", **data: Any) -> Event:
    """A change of 2023-06-01 to 1500.00 CNY."""
    said = {
        "occurred_on": "2023-06-01",
        "registration_no": "Y2023310000123",
        "secured": money("1500.00"),
        "debt_to": "2026-06-01",
    }
    return event("ip.pledge.modified.v1", _without_left_out(said | data), id=event_id, subject=subject)


def cancelled(event_id: str = "c1", subject: str = "P1", **data: Any) -> Event:
    """A cancellation of 2024-02-29."""
    said = {"occurred_on": "2024-02-29", "registration_no": "Y2023310000123"}
    return event("ip.pledge.cancelled.v1", _without_left_out(said | data), id=event_id, subject=subject)


def example(stem: str, **data: Any) -> Event:
    """The catalogue's example of an original type, `ip.loan.repaid`, that says these fields otherwise."""
    said = example_of(f"{stem}.v1")
    return said | {"data": _without_left_out(said["data"] | data)}


def corrected(target: Event, event_id: str = "k1", **data: Any) -> Event:
    """A correction of `target` that says these fields otherwise."""
    replacement = _without_left_out(_original_data(target) | data)
    return _follow_up(target, "corrected", event_id, {"data": replacement})


def voided(target: Event, event_id: str = "v1") -> Event:
    """A voiding of `target`."""
    return _follow_up(target, "voided", event_id, {})


def value_of(said: Event) -> bytes:
    """The event's bytes, as a producer may send them."""
    return json.dumps(said, ensure_ascii=False).encode()


def record(offset: int, said: Event | bytes | None, key: bytes | None = None) -> PlainRecord:
    """A record at an offset; without a key that of the event's subject."""
    if isinstance(said, dict):
        return PlainRecord(offset, timestamp(offset), key or said["subject"].encode(), value_of(said))
    return PlainRecord(offset, timestamp(offset), key, said)


def timestamp(offset: int) -> int:
    """The broker's timestamp that a test's log has at an offset."""
    return 1_700_000_000_000 + offset


def partition(subject: str) -> int:
    """Where a subject belongs, on a topic of 4 partitions."""
    return partition_of(subject.encode(), 4)


def _follow_up(target: Event, role: str, event_id: str, more: Mapping[str, Any]) -> Event:
    stem, version = _family(target)
    data = {"target": target["id"], "reason": "typing error", **more}
    return target | {"id": event_id, "type": f"{stem}.{role}.{version}", "data": data}


def _family(said: Event) -> tuple[str, str]:
    words = said["type"].split(".")
    return ".".join(words[:3]), words[-1]


def _original_data(said: Event) -> dict[str, Any]:
    if "target" not in said["data"]:
        return dict(said["data"])
    stem, version = _family(said)
    return dict(said["data"].get("data") or _SAY[f"{stem}.{version}"]()["data"])


def _without_left_out(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in content.items() if said is not ...}


_SAY = {
    "ip.patent.granted.v1": granted,
    "ip.pledge.registered.v1": registered,
    "ip.pledge.modified.v1": modified,
    "ip.pledge.cancelled.v1": cancelled,
}

# ---- histories

DAYS = ["2022-12-31", "2023-01-01", "2023-01-02", "2024-02-29"]
IPC = ["G06N0003047500", "H01L0021020000", "A61K0039395000", "H01L0029780000"]
PATENT_SUBJECTS, PLEDGE_SUBJECTS = ["US10000000B2", "P1"], ["P1", "质押-2", "P3"]
"""One of them is a subject on both topics."""

_days = st.sampled_from(DAYS)
_amounts = st.one_of(
    st.sampled_from(["100.00", "0.01", "1000.05", "0", "10000000000000"]).map(money),
    st.sampled_from([("100", "JPY"), ("7", "JPY"), ("33.33", "USD")]).map(lambda said: money(*said)),
)
_appraisals = st.sampled_from([("1", "CNY"), ("2", "CNY"), ("0", "CNY"), ("3", "USD")]).map(lambda said: money(*said))
_regions = st.sampled_from(["CN-SH", "US", ...])
_rights = st.sampled_from(["invention", "design"])


def _maybe(strategy: st.SearchStrategy[Any], unsaid: Sequence[Any] = (None, ...)) -> st.SearchStrategy[Any]:
    """Said, null or left out."""
    return st.one_of(strategy, strategy, st.sampled_from(unsaid))


_assets = st.builds(asset, ipc=st.sampled_from([*IPC, None]), right=_rights, appraised=_maybe(_appraisals)) | st.builds(
    asset, ipc=st.sampled_from(IPC), appraised=_appraisals
)

_DATA: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "ip.patent.granted.v1": st.fixed_dictionaries(
        {
            "occurred_on": _days,
            "region": _regions,
            "right": _rights,
            "ipc": st.lists(st.sampled_from(IPC), max_size=2),
        }
    ),
    "ip.pledge.registered.v1": st.fixed_dictionaries(
        {
            "occurred_on": _days,
            "region": _regions,
            "assets": st.lists(_assets, min_size=1, max_size=4),
            "secured": _maybe(_amounts),
            "amount_status": st.sampled_from(["registered", "undisclosed"]),
        }
    ),
    "ip.pledge.modified.v1": st.fixed_dictionaries({"occurred_on": _days, "secured": _maybe(_amounts)}),
    "ip.pledge.cancelled.v1": st.fixed_dictionaries({"occurred_on": _days}),
}


class Plan(NamedTuple):
    """One record of a history. What it is about is another plan, by number, which may come later in the log."""

    what: str
    type: str
    subject: str
    source: str
    data: dict[str, Any]
    about: int
    twist: int
    gap: int


def _plans(what: Sequence[str], type_: str, subjects: Sequence[str]) -> st.SearchStrategy[Plan]:
    return st.builds(
        Plan,
        st.sampled_from(what),
        st.just(type_),
        st.sampled_from([*[subjects[0]] * 4, *subjects]),
        st.sampled_from([*[SOURCE] * 5, OTHER_SOURCE]),
        _DATA[type_],
        st.integers(0, 30),
        st.integers(0, 7),
        st.sampled_from([0, 0, 0, 0, 1, 3]),
    )


_FOLLOWING = ("say", "say", "correct", "void")
_any_plan = st.one_of(
    _plans(_FOLLOWING, "ip.patent.granted.v1", PATENT_SUBJECTS),
    _plans(("say", *_FOLLOWING), "ip.pledge.registered.v1", PLEDGE_SUBJECTS),
    _plans(("say", *_FOLLOWING), "ip.pledge.modified.v1", PLEDGE_SUBJECTS),
    _plans(("say", *_FOLLOWING), "ip.pledge.cancelled.v1", PLEDGE_SUBJECTS),
    _plans(("again", "otherwise", "garbage", "misroute"), "ip.pledge.registered.v1", PLEDGE_SUBJECTS),
)


@st.composite
def logs(draw: st.DrawFn, most: int = 16) -> Log:
    """A log of all partitions: events in any order with whatever may befall them, gaps between."""
    size = draw(st.integers(0, most))
    plans = draw(st.lists(_any_plan, min_size=size, max_size=size))
    first = draw(st.sampled_from([0, 0, 5]))
    records: dict[Place, list[tuple[int, bytes | None, bytes | None]]] = {place: [] for place in PLACES}
    ends = dict.fromkeys(PLACES, first)
    for number, plan in enumerate(plans):
        place, key, value = _placed(plans, number)
        offset = ends[place] + plan.gap
        records[place].append((offset, key, value))
        ends[place] = offset + 1
    trailing = draw(st.sampled_from([0, 0, 2]))
    return {place: Stretch(first, ends[place] + trailing, records[place]) for place in PLACES}


def _placed(plans: Sequence[Plan], number: int) -> tuple[Place, bytes | None, bytes | None]:
    plan = plans[number]
    said = _planned(plans, number)
    topic = PATENT if said["type"].startswith("ip.patent.") else PLEDGE
    key = said["subject"].encode()
    place = (topic, partition(said["subject"]))
    if plan.what == "garbage":
        return place, key, _garbage(said, plan.twist)
    if plan.what == "misroute":
        wrong: list[tuple[Place, bytes | None]] = [
            ((topic, (place[1] + 1) % 4), key),
            ((PATENT if topic == PLEDGE else PLEDGE, place[1]), key),
            (place, None),
            (place, key + b" "),
        ]
        return *wrong[plan.twist % 4], value_of(said)
    return place, key, _spelled(said, plan.twist if plan.what in ("say", "correct", "void") else 0)


def _planned(plans: Sequence[Plan], number: int, on_the_way: tuple[int, ...] = ()) -> Event:
    """The event of a plan. One that is about another follows it there; in a circle it is an original."""
    plan = plans[number]
    if plan.what == "say" or number in on_the_way:
        return _original(plan, number)
    other = _planned(plans, plan.about % len(plans), (*on_the_way, number))
    if plan.what == "otherwise":
        changes = [{"time": "2023-05-05T02:00:00Z"}, {"id": other["id"].swapcase()}, {"dataschema": "a:b"}]
        return other | changes[plan.twist % 3]
    if plan.what in ("correct", "void"):
        return _following(plan, number, other)
    return other


def _original(plan: Plan, number: int) -> Event:
    data = plan.data
    if plan.type == "ip.pledge.modified.v1" and plan.twist == 7:
        data = data | {"debt_to": ...}  # then `secured` alone may be left, or nothing
    return _SAY[plan.type](_id(number), plan.subject, **data) | {"source": plan.source}


def _following(plan: Plan, number: int, target: Event) -> Event:
    """A correction or voiding; seldom of something that is not there for it."""
    twisted: dict[int, Event] = {5: {"source": plan.source}, 6: {"subject": plan.subject}}
    target = target | twisted.get(plan.twist, {})
    if plan.twist == 4:
        target = target | {"id": target["id"].swapcase()}
    if plan.what == "void":
        return voided(target, _id(number))
    same_type = target["type"].startswith(plan.type.removesuffix(".v1"))
    return corrected(target, _id(number), **(plan.data if same_type else {}))


def _id(number: int) -> str:
    """Ids of both forms: case counts in one and not in the other."""
    return f"0190c6f0-abcd-7000-8000-{number:012x}" if number % 2 else f"e{number}"


def _spelled(said: Event, twist: int) -> bytes:
    if twist == 1:
        return json.dumps(said).encode()  # all but ASCII escaped
    if twist == 2:
        return json.dumps(said, indent=1, ensure_ascii=False).encode()
    if twist == 3:
        return value_of(said).replace(b'"id"', b'"\\u0069d"', 1)
    return value_of(said)


def _garbage(said: Event, twist: int) -> bytes | None:
    value = value_of(said)
    return [
        None,
        b"",
        b"\xff" + value,
        value[:-1],
        value_of(said | {"specversion": "0.3"}),
        value_of(said | {"type": "ip.pledge.dreamt.v1"}),
        value_of(said | {"data": said["data"] | {"occurred_on": "1899-12-31", "target": ""}}),
        value[:-1] + b', "id": "twice"}',
    ][twist % 8]


class Cut(NamedTuple):
    """One step of posting a log: how many offsets of which partition, and what happens before."""

    place: int
    size: int
    restart: bool
    redeliver: int


cuts = st.lists(
    st.builds(Cut, st.integers(0, 7), st.integers(1, 6), st.booleans(), st.sampled_from([0, 0, 1, 4])),
    max_size=24,
)
"""How a log is cut into batches; what they leave comes in one batch a partition."""
