"""An upgrade to the next fold version, as docs/operators.md describes it: side by side, readers never stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.posting.constants import FOLD_VERSION
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load
from tests.acceptance.test_queries import BY_COMMAND, answers_in, querying
from tests.processes import PROGRAM, Installation, wait_until

NEXT = f"""
import sys
for module in list(sys.modules.values()):
    if "FOLD_VERSION" in vars(module):
        module.FOLD_VERSION += 1
{PROGRAM}"""
"""The next release: real processes of this release with the fold version increased by one."""


@pytest.fixture
def old(installation: Installation) -> Installation:
    return installation


@pytest.fixture
def new(old: Installation) -> Installation:
    return Installation(old.cluster, old.book.with_name("new.db"), old.workers, NEXT)


def content(book: Path) -> list[bytes]:
    """Return every byte of the book, and of the file next to it."""
    return [book.read_bytes(), book.with_name(book.name + "-wal").read_bytes()]


def test_a_new_release_builds_its_book_next_to_the_old_one(old: Installation, new: Installation) -> None:
    load = Load(old.cluster, seed=9)
    load.produce(150)
    worker = old.worker()
    old.wait_until_posted(worker)

    assert_refused_and_untouched(old)
    with querying(old, BY_COMMAND) as (answers,):
        load.produce(50)
        done = new.run("replay", "--book", str(new.book))
        assert (done.code, done.out) == (0, "")
        ahead = new.worker()
        load.produce(100)
        old.wait_until_posted(worker)
        new.wait_until_posted(ahead)
        assert totals(old) == totals(new) != []
        assert len({ids(installation) for installation in (old, new)}) == 2, "another book, another group"
        assert worker.stop() == 0
        load.produce(50)
        new.wait_until_posted(ahead)
        seen = len(answers_in(answers))
        wait_until(lambda: len(answers_in(answers)) > seen + 10, lambda: "readers of the old book are stopped")
    assert {code for _, code, _ in answers_in(answers)} <= {0, None}
    assert_true_to_the_log(new)

    assert old.run("totals", LEDGER_BOOK=str(new.book)).code == 70, "the old release must refuse the new book"
    assert ahead.stop() == 0
    back = old.worker()  # the rollback uses the old book
    old.wait_until_posted(back)
    assert old.run("verify", "--json").json["verdict"] == "equal"


def assert_refused_and_untouched(old: Installation) -> None:
    """Assert that the new release refuses the old book while the old worker uses it, and changes nothing."""
    before = content(old.book)
    upgraded = Installation(old.cluster, old.book, old.workers, NEXT)
    worker = upgraded.worker()
    assert worker.wait() == 70
    named = f"OtherVersion: The book {old.book} was folded by version {FOLD_VERSION}, this program folds by version"
    assert named in worker.output
    for arguments in (["totals"], ["view", "journal"], ["rejections"]):
        done = upgraded.run(*arguments)
        assert (done.code, done.out) == (70, "")
        assert done.err.startswith(named)
        assert "ip-ledger replay --book NEW" in done.err
    status = upgraded.run("status", "--json")
    assert (status.code, status.json["fold_version"], status.json["balanced"]) == (0, FOLD_VERSION, True)
    doctor = upgraded.run("doctor", "--json")
    assert [f["check"] for f in doctor.json["findings"] if not f["well"]] == ["fold version"]
    assert upgraded.run("backup", str(old.book.with_name("kept.db"))).code == 0
    assert content(old.book) == before


def totals(installation: Installation) -> list[object]:
    done = installation.run("totals", "--json", "--by", "year,region,right")
    return [done.json["position"], *done.json["rows"]]


def ids(installation: Installation) -> str:
    ((book_id,),) = installation.query("SELECT value FROM meta WHERE name = 'book_id'")
    return str(book_id)
