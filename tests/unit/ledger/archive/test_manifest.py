"""The manifest of an archive: its root covers which log it is of, every segment and every erasure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.archive.errors import NotAnArchive, OtherRoot
from ledger.archive.manifest import MANIFEST_NAME, ErasedSegment, Manifest, write_manifest
from ledger.archive.writing import check_archive, write_segment
from tests.each_case import each_case
from tests.events import LOG, record, registered

TOPIC_PARTITION = ("ip.pledge.v1", 0)
Damage = Callable[[dict[str, Any]], object]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive of one segment, with an erasure."""
    segment = write_segment(tmp_path, TOPIC_PARTITION, (0, 2), [record(0, registered()), record(1, b"{}")])
    note = ErasedSegment(*TOPIC_PARTITION, 0, "0" * 64, segment.sha256, (0,), ("ip.reference.v1:0=7",))
    write_manifest(tmp_path, Manifest(LOG, 10_000, (segment,), (note,)))
    return tmp_path


def changed(archive: Path, damage: Damage) -> None:
    """Change the manifest behind the ledger's back."""
    path = archive / MANIFEST_NAME
    document = json.loads(path.read_bytes())
    damage(document)
    path.write_text(json.dumps(document))


DAMAGES: list[Damage] = [
    lambda it: it.update(cluster_id="another"),
    lambda it: it["topic_ids"].update({TOPIC_PARTITION[0]: "another"}),
    lambda it: it["partitions"].update({TOPIC_PARTITION[0]: 9}),
    lambda it: it.update(unpacked_bytes=9),
    lambda it: it["segments"][0].update(end=3),
    lambda it: it["segments"].clear(),
    lambda it: it["erased"].clear(),
    lambda it: it["erased"][0].update(offsets=[1]),
    lambda it: it["erased"][0].update(events=["ip.reference.v1:0=8"]),
    lambda it: it["erased"][0].update(sha256_before="1" * 64),
]


@each_case("damage", DAMAGES)
def test_a_changed_manifest_is_refused(archive: Path, damage: Damage) -> None:
    kept = (archive / MANIFEST_NAME).read_bytes()
    root = check_archive(archive).root
    changed(archive, damage)
    with pytest.raises(NotAnArchive, match="its root is not that of its log"):
        check_archive(archive)
    with pytest.raises(NotAnArchive):
        check_archive(archive, root=root)
    (archive / MANIFEST_NAME).write_bytes(kept)


def test_another_manifest_does_not_have_the_root_that_was_written_down(archive: Path) -> None:
    manifest = check_archive(archive)
    assert check_archive(archive, root=manifest.root) == manifest
    for other in (replace(manifest, log=replace(LOG, cluster_id="another")), replace(manifest, erased=())):
        write_manifest(archive, other)
        assert check_archive(archive) == other
        with pytest.raises(OtherRoot, match=manifest.root):
            check_archive(archive, root=manifest.root)


def test_an_archive_of_the_format_before_is_read_and_its_segments_still_count(archive: Path) -> None:
    manifest = check_archive(archive)
    changed(archive, lambda it: it.update(format=1, root=manifest.root_before))
    assert check_archive(archive) == manifest
    changed(archive, lambda it: it["segments"].clear())
    with pytest.raises(NotAnArchive):
        check_archive(archive)
