"""Files that are not a book: the check of the schema refuses them, with little memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
import pytest

from ledger import queries
from ledger.book.book import Book, exists
from ledger.book.errors import BookDamaged, NotABook, SchemaDiffers
from ledger.book.installed_views import bring_views_up_to_date
from ledger.views import VIEWS
from tests import prefork
from tests.acceptance.fault import Fault
from tests.books import compared, new_book
from tests.processes import PATIENCE_SECONDS, without_settings

WITHOUT_END = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
MOST_KIB = 256 << 10
OTHERS = ["totals", "backup copy.db", "verify"]
"""Commands that open a book in another way than `status`."""


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("BEGIN")
        for statement in statements:
            connection.execute(statement)
        connection.execute("COMMIT")


HOSTILE = {
    "a view instead of a table": (
        "DROP TABLE record",
        f'CREATE VIEW record AS SELECT i AS topic, i AS partition, i AS "offset" FROM ({WITHOUT_END})',
    ),
    "a table without its index": ("DROP INDEX record_by_subject",),
    "a trigger": ("CREATE TRIGGER quiet AFTER INSERT ON total BEGIN DELETE FROM total; END",),
    "a trigger in topic_partition of a view": ("CREATE TRIGGER view INSTEAD OF DELETE ON totals BEGIN SELECT 1; END",),
    "a computed column": ("ALTER TABLE position ADD COLUMN wide TEXT AS (hex(zeroblob(5000 * length(topic))))",),
    "another column": ("ALTER TABLE meta ADD COLUMN more TEXT",),
    "another table": ("CREATE TABLE loot (content BLOB)",),
    "a virtual table": ("CREATE VIRTUAL TABLE loot USING fts5(content)",),
    "an index that computes": ("CREATE INDEX loot ON record (hex(zeroblob(100000)))",),
    "an index that asks a function": ("CREATE INDEX loot ON record (subject) WHERE length(subject) > 3",),
}
"""Changes that turn a valid book into a hostile file."""

ALWAYS = {
    "a view instead of a table",
    "a trigger",
    "a trigger in topic_partition of a view",
    "a computed column",
    "another column",
    "a virtual table",
    "an index that computes",
    "an index that asks a function",
}
"""Changes that are refused in a book of another version, too, whose tables are unknown."""

ENDLESS_ROWS = "(SELECT value AS i FROM json_each('[' || substr(replace(hex(zeroblob(150000)), '00', ',1'), 2) || ']'))"
MANY_VIEWS = f"""
INSERT INTO sqlite_schema
SELECT 'view', 'v' || i, 'v' || i, 0, 'CREATE VIEW v' || i || ' AS SELECT ''' || hex(zeroblob(500)) || ''''
FROM (SELECT row_number() OVER () AS i FROM {ENDLESS_ROWS})
"""
LARGE_VIEW = """
INSERT INTO sqlite_schema
VALUES ('view', 'loot', 'loot', 0, 'CREATE VIEW loot AS SELECT ''' || hex(zeroblob(100000000)) || '''')
"""
LARGE_HASH = """
INSERT INTO position (topic, partition, first, next, accepted, last_hash) VALUES (0, 0, 0, 1, 1, zeroblob(300000000))
"""
LARGE = {
    "a schema of many objects": MANY_VIEWS,
    "one large definition": LARGE_VIEW,
    "a large value of meta": "UPDATE meta SET value = hex(zeroblob(150000000)) WHERE name = 'cluster_id'",
    "many rows of meta": f"INSERT INTO meta SELECT 'n' || row_number() OVER (), 'x' FROM {ENDLESS_ROWS}",
    "a large hash in position": LARGE_HASH,
}
"""Changes that would fill the memory of a process that opens the book."""


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_file_with_another_schema_is_refused(path: Path, attack: str, fault: Fault) -> None:
    """A hostile book: views instead of tables, triggers, computed columns, foreign tables, functions and views"""
    new_book(path, views=True)
    change(path, *HOSTILE[attack])
    for look in (Book, exists):
        with pytest.raises(NotABook):
            look(path)
    fault.ended("`NotABook`, before any query of it", 1)


@pytest.mark.parametrize("attack", sorted(ALWAYS))
def test_a_book_of_another_version_with_code_in_its_schema_is_refused(path: Path, attack: str) -> None:
    new_book(path, views=True)
    change(path, "UPDATE meta SET value = '1' WHERE name = 'fold_version'")
    Book(path).close()
    change(path, *HOSTILE[attack])
    with pytest.raises(NotABook):
        Book(path)


def test_a_book_of_another_build_may_be_of_another_version(path: Path) -> None:
    new_book(path, views=True)
    change(path, "ALTER TABLE position ADD COLUMN later TEXT")
    with pytest.raises(SchemaDiffers, match=r"another version of ip-ledger, or damaged: rebuild it with .*replay"):
        Book(path)


def test_a_file_of_another_program_is_no_book_of_another_version(path: Path) -> None:
    change(path, "CREATE TABLE meta (name, value)")
    with pytest.raises(NotABook, match="it lacks the tables of a book") as caught:
        Book(path)
    assert type(caught.value) is NotABook


@pytest.mark.slow
@pytest.mark.parametrize(
    ("attack", "command"),
    [*((attack, "status") for attack in LARGE), *(("one large definition", command) for command in OTHERS)],
)
def test_a_too_large_schema_or_value_is_refused_with_little_memory(
    path: Path, attack: str, command: str, fault: Fault
) -> None:
    """A book that would fill the memory of the process that opens it"""
    new_book(path, views=True)
    change(path, LARGE[attack])
    environment = without_settings() | {"LEDGER_BOOK": str(path), "LEDGER_BROKERS": "127.0.0.1:1"}
    code, _, err, memory = prefork.run(command.split(), environment, path.parent, b"", PATIENCE_SECONDS)
    assert (code, err.partition(":")[0]) == (69, "NotABook"), err
    assert memory < MOST_KIB
    assert [file.name for file in path.parent.glob("copy.db*")] == []
    fault.ended("`NotABook`, in less than 256 MB", 1)


@pytest.mark.parametrize("look", [Book, exists])
def test_a_schema_that_is_not_text_is_damaged(path: Path, look: Callable[[Path], object]) -> None:
    new_book(path, views=True)
    change(path, "UPDATE sqlite_schema SET sql = CAST(sql || x'ff' AS TEXT) WHERE name = 'totals'")
    with pytest.raises(BookDamaged):
        look(path)


def test_indexes_and_views_of_an_operator_are_allowed_and_shown_by_a_comparison(path: Path, tmp_path: Path) -> None:
    for made in (path, tmp_path / "plain.db"):
        new_book(made, views=True)
    change(
        path, "CREATE INDEX mine ON record (source, type)", "DROP VIEW totals", "CREATE VIEW totals AS SELECT 1 AS x"
    )
    with closing(sqlite3.connect(str(path))) as connection:
        connection.execute("ANALYZE")
    with Book(path, writable=True) as book:
        assert book.positions()
    found: list[Any] = [difference.key for difference in compared(path, tmp_path / "plain.db")[2]]
    assert found[0] == {"name": "mine"}


def test_a_book_contains_all_its_views(path: Path) -> None:
    new_book(path, views=True)
    with Book(path) as book:
        names = [name for (name,) in book.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
    assert set(VIEWS) < set(names)


@pytest.mark.parametrize("view", [f"totals AS {WITHOUT_END}", "loot AS SELECT hex(zeroblob(1000000000)) AS x"])
def test_foreign_views_are_never_queried_and_are_replaced(path: Path, view: str) -> None:
    new_book(path, views=True)
    change(path, "DROP VIEW totals", f"CREATE VIEW {view}")
    with Book(path) as reader:
        assert queries.view(reader, "totals").rows == []
    with Book(path, writable=True) as writable:
        assert bring_views_up_to_date(writable.connection)
        assert not bring_views_up_to_date(writable.connection)
        views = {name for (name,) in writable.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
    assert views == {*VIEWS, *(f"{view.name}_recorded" for view in VIEWS.values() if view.takes_a_basis)}
