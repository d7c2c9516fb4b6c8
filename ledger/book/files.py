"""The files of a book: the book itself, and the two that SQLite keeps beside it while somebody has it open.

A worker goes on with the files that it opened, whatever stands at their path later. Who moves, replaces or deletes one
of them parts it from everybody else; that is noticed here.
"""

from __future__ import annotations

from pathlib import Path

from ledger.book.errors import BookReplaced

BESIDE = ("-wal", "-shm")


def beside(path: Path, suffix: str) -> Path:
    """The `-wal` or `-shm` of the book at `path`: beside the file itself, not beside a link to it."""
    file = path.resolve()
    return file.with_name(file.name + suffix)


def numbers(file: Path) -> tuple[int, int] | None:
    """Device and inode, which tell a file from its copies; None where there is none."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


class OpenFiles:
    """The files of a book that was just opened for writing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = {file: numbers(file) for file in (path, *(beside(path, suffix) for suffix in BESIDE))}

    def require_same(self) -> None:
        """Raises BookReplaced, unless they are still those at their paths."""
        for file, known in self._known.items():
            if (found := numbers(file)) != known:
                what = f"{file.name} is gone" if found is None else f"{file.name} is another file now"
                raise BookReplaced(path=self._path, what=what)
