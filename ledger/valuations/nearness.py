"""Nearness of assets: bm25 over the words of their titles and their symbols of IPC and CPC (SQLite's FTS5).

Measured on US grants, it found the patents that share references better than embeddings did. Scores depend on all texts
of an index, so an index holds only what may be compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pysqlite3 as sqlite3

_WORD = re.compile("[A-Za-z0-9\u00c0-\u024f\u0370-\u052f]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_CJK = "\u3040"
"""The first letter of scripts without spaces between words: their words are each two letters in a row."""
_MOST_WORDS = 200
_OTHER_WORD = "\ue000"
"""A word that no text has: of the private use area."""
_SCORES = "SELECT rowid, CAST(round(bm25(text) * -1000000) AS INTEGER) FROM text WHERE text MATCH ?"


def words_of(title: str | None, symbols: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a title, and of each symbol itself, its main group and its subclass."""
    words: list[str] = []
    for found in _WORD.findall((title or "").lower()):
        if found[0] < _CJK or len(found) == 1:
            words.append(found)
        else:
            words += [found[start : start + 2] for start in range(len(found) - 1)]
    for symbol in dict.fromkeys(symbols):
        words += [symbol.lower(), symbol[:8].lower(), symbol[:4].lower()]
    return tuple(words)


class Index:
    """An index of texts, by their number in the given order.

    A word that most texts have counts for nothing, so texts that all have the same words score 0. A `padded` index has
    two texts of other words for each, of mean length, as if the texts were a third of all: each shared word counts.
    """

    def __init__(self, texts: Iterable[Sequence[str]], *, padded: bool = False) -> None:
        texts = [*texts]
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE text USING fts5(words, content = '', tokenize = 'ascii')")
        rows = ((number, " ".join(words)) for number, words in enumerate(texts))
        self._connection.executemany("INSERT INTO text (rowid, words) VALUES (?, ?)", rows)
        if padded and texts:
            other = " ".join([_OTHER_WORD] * round(sum(map(len, texts)) / len(texts)))
            others = ((len(texts) + number, other) for number in range(2 * len(texts)))
            self._connection.executemany("INSERT INTO text (rowid, words) VALUES (?, ?)", others)

    def scores(self, words: Sequence[str]) -> dict[int, int]:
        """Return the number of each text that shares a word, and its score in millionths: the higher, the nearer."""
        asked = list(dict.fromkeys(words))[:_MOST_WORDS]
        if not asked:
            return {}
        return dict(self._connection.execute(_SCORES, (" OR ".join(f'"{word}"' for word in asked),)))

    def close(self) -> None:
        """Free its memory."""
        self._connection.close()
