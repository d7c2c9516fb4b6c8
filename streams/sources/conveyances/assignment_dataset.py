"""The US office's Patent Assignment Dataset: conveyances since 1970 as CSV tables, joined by `rf_id`.

Columns are those of Marco, Myers, Graham, D'Agostino and Apple (2015), "The USPTO Patent Assignment Dataset:
Descriptions and Analysis", and its yearly updates. Its own classification of conveyances (`assignment_conveyance`) is
ignored: as in all formats, the recorded text determines the class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from streams.sources import texts, uspto
from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance, assets_of, unread_days
from streams.sources.conveyances.fields import last_day
from streams.sources.joined import Join, JoinedRow, LookUp
from streams.sources.results import Unreadable
from streams.sources.tables import DataSet
from streams.sources.uspto import ConveyedAsset

_ADMIN = ("admin_appl_id_for_grant", "admin_pat_no_for_appno")
"""Columns of `documentid_admin`, which repeats the numbers of `documentid`."""
_WITHDRAWN = frozenset(["Y", "1"])


def _conveyance(tables: Mapping[str, Sequence[JoinedRow]], look_up: LookUp) -> Iterator[Conveyance | Unreadable]:
    """Yield the errors of invalid properties of one `rf_id`, and the conveyance of the valid ones."""
    if "assignment" not in tables:
        raise Unreadable(f"rows of the tables {', '.join(sorted(tables))} without a row of the table assignment")
    record = tables["assignment"][0]
    at = ReelFrame.of(record.get("reel_no"), record.get("frame_no"))
    assets, bad = assets_of(at, tables.get("documentid", ()), _asset)
    yield from bad
    assignors, assignees = tables.get("assignor", ()), tables.get("assignee", ())
    recorded, executed = record.get("record_dt"), [each.get("exec_dt") for each in assignors]
    yield from unread_days(at, recorded, executed)
    yield Conveyance(
        reel=at.reel,
        frame=at.frame,
        text=texts.tidy(record.get("convey_text")),
        recorded=texts.iso_day(recorded),
        executed=last_day(executed),
        assignors=[{"name": name} for each in assignors if (name := texts.tidy(each.get("or_name")))],
        assignees=[
            uspto.party(name, texts.tidy(each.get("ee_country")) or texts.tidy(each.get("ee_state")))
            for each in assignees
            if (name := texts.tidy(each.get("ee_name")))
        ],
        assets=assets,
        updated=texts.iso_day(record.get("last_update_dt")) or "",
        withdrawn=record.get("purge_in", "").upper() in _WITHDRAWN,
    )


def _asset(document: JoinedRow) -> ConveyedAsset | None:
    application = texts.tidy(document.get("appno_doc_num"))
    international = None
    if application and not application[0].isdigit() and (international := uspto.international(application)):
        application = None
    if application and application.isdecimal():
        application = application.zfill(8)  # a numeric column has lost the zero of series 05 to 09
    publication = uspto.publication(texts.tidy(document.get("pgpub_doc_num")))
    return uspto.asset(application, texts.tidy(document.get("grant_doc_num")), international, publication)


_DATA_SET = DataSet("patent-assignment-dataset", Join("patent-assignment-dataset", _conveyance))
FORMATS = (
    _DATA_SET.table(
        "assignment", "rf_id", ("reel_no", "frame_no", "convey_text"), "record_dt", "last_update_dt", "purge_in"
    ),
    _DATA_SET.table("assignor", "rf_id", ("or_name",), "exec_dt"),
    _DATA_SET.table("assignee", "rf_id", ("ee_name",), "ee_state", "ee_country"),
    _DATA_SET.table("documentid", "rf_id", ("appno_doc_num", "grant_doc_num"), "pgpub_doc_num", without=_ADMIN),
    _DATA_SET.others("rf_id"),
)
