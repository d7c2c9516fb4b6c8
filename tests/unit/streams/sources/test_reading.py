"""A reading finds records in files of several formats and counts them."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

from streams.sources.formats import LINE, Format, begins
from streams.sources.reading import FileRead, Found, Reading, each
from streams.sources.results import Imported, Skip, Skipped, SkipReason, Unreadable


def words(content: bytes) -> Iterator[str | Exception]:
    if content.startswith(b"!"):
        raise Skip(SkipReason.ANOTHER_DOCUMENT, "an exclamation")
    for word in content.decode("ascii").split():
        yield Unreadable("a number") if word.isdigit() else word


WORDS = Format("words", begins(b"[a-z!]"), LINE, words)
CAPITALS = Format("capitals", begins(b"[A-Z]"), LINE, lambda content: iter([content.strip().decode()]))


def test_records_are_found_in_the_order_of_files_each_in_its_format(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "ab"]
    paths[0].write_bytes(b"one 2 three\n!\n\nfo\xff\nfive")
    paths[1].write_bytes(gzip.compress(b"SIX"))
    reading = Reading(paths)
    a, b = map(str, paths)
    found = list(reading.found([CAPITALS, WORDS]))
    assert found[:4] == [
        Found("one", "words", a, "line 1"),
        Skipped(a, "line 1", SkipReason.BAD_DOCUMENT, "a number"),
        Found("three", "words", a, "line 1"),
        Skipped(a, "line 2", SkipReason.ANOTHER_DOCUMENT, "an exclamation"),
    ]
    assert isinstance(found[4], Skipped)
    assert (found[4].location, found[4].rule) == ("line 4", SkipReason.BAD_DOCUMENT)
    assert found[5:] == [Found("five", "words", a, "line 5"), Found("SIX", "capitals", b, "line 1")]
    sizes = [path.stat().st_size for path in paths]
    assert reading.read == [FileRead(a, "words", sizes[0], 4), FileRead(b, "capitals", sizes[1], 1)]
    assert reading.done == reading.total == sum(sizes)


def test_a_reading_reports_its_progress(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes((b"x" * 99 + b"\n") * 50_000)
    reading = Reading([tmp_path / "a"])
    shares = [reading.done / reading.total for _ in reading.found([WORDS])]
    assert shares == sorted(shares)
    assert len(set(shares)) >= 4
    assert 0 < shares[0] < 0.5 < shares[-1] <= 1


def test_unreadable_files_are_reported_and_the_others_are_read(tmp_path: Path) -> None:
    for name, content in (("empty", b" \n"), ("other", b"?"), ("broken", b"\x1f\x8bnothing"), ("good", b"good")):
        (tmp_path / name).write_bytes(content)
    paths = [tmp_path / name for name in ("absent", "empty", "other", "broken", ".", "good")]
    reading = Reading(paths, elsewhere=lambda head: "questions" if head == b"?" else None)
    *bad, good = reading.found([WORDS])
    assert isinstance(good, Found)
    assert [(each.file, each.rule) for each in bad if isinstance(each, Skipped)] == [
        (str(tmp_path / "absent"), SkipReason.UNREADABLE_FILE),
        (str(tmp_path / "empty"), SkipReason.UNKNOWN_FORMAT),
        (str(tmp_path / "other"), SkipReason.UNKNOWN_FORMAT),
        (str(tmp_path / "broken"), SkipReason.UNREADABLE_FILE),
        (str(tmp_path / "."), SkipReason.UNREADABLE_FILE),
    ]
    reasons = [each.reason for each in bad if isinstance(each, Skipped)]
    assert reasons[1:3] == ["the file is empty", "the file belongs to the kind questions: import it with that kind"]
    (unknown,) = Reading([tmp_path / "other"]).found([WORDS, WORDS])
    assert isinstance(unknown, Skipped)
    assert unknown.reason == "the file begins with '?', which is in none of the formats of this import: words"


def test_archive_members_of_another_kind_are_not_faults(tmp_path: Path) -> None:
    path = tmp_path / "week.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (("a", b"?"), ("b", b"one"), ("c", b"~")):
            archive.writestr(name, content)
    other, one, unknown = Reading([path], elsewhere=lambda head: "questions" if head == b"?" else None).found([WORDS])
    reason = "the file belongs to the kind questions: import it with that kind"
    assert other == Skipped(f"{path}/a", "its beginning", SkipReason.ANOTHER_DOCUMENT, reason)
    assert isinstance(one, Found)
    assert isinstance(unknown, Skipped)
    assert unknown.rule is SkipReason.UNKNOWN_FORMAT


def test_a_record_gives_its_events_or_the_reason_why_not(tmp_path: Path) -> None:
    def events(word: str, reading: Reading) -> Iterator[Imported]:
        reading.counts["word"] += 1
        for letter in word:
            if letter == "x":
                raise ValueError("an x")
            yield Imported(letter.encode(), letter, "letter")

    (tmp_path / "a").write_bytes(b"ab cxd 1\n")
    kind, reading = each([WORDS], events), Reading([tmp_path / "a"])
    made = list(kind.results(reading))
    assert [result.subject if isinstance(result, Imported) else result.reason for result in made] == [
        "a", "b", "c", "an x", "a number",
    ]  # fmt: skip
    assert reading.counts == {"word": 2}
