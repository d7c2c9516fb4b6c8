"""The files of a book: the book itself, and -wal and -shm, which SQLite keeps next to it while it is open.

A worker keeps using the files that it opened, whatever is at their paths later. If somebody moves, replaces or deletes
one of them, other programs see other files; this module detects that.
"""

from __future__ import annotations

from pathlib import Path

from ledger.book.errors import BookReplaced

SIDE_FILES = ("-wal", "-shm")


def sibling(path: Path, suffix: str) -> Path:
    """Return the path of the `-wal` or `-shm` of the book at `path`: next to the file itself, not to a symlink."""
    file = path.resolve()
    return file.with_name(file.name + suffix)


def numbers(file: Path) -> tuple[int, int] | None:
    """Return device and inode, which distinguish a file from its copies; None if it does not exist."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


class OpenFiles:
    """The files of a book at the moment it was opened for writing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = {file: numbers(file) for file in (path, *(sibling(path, suffix) for suffix in SIDE_FILES))}

    def require_same(self) -> None:
        """Raise BookReplaced if another file, or none, is at one of the paths."""
        for file, known in self._known.items():
            if (found := numbers(file)) != known:
                what = f"{file.name} is gone" if found is None else f"{file.name} is another file now"
                raise BookReplaced(path=self._path, what=what)
