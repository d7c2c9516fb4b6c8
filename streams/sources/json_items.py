"""Cut the objects out of an array in one large JSON document, unparsed, one at a time.

It only distinguishes strings and brackets. So numbers, nesting and content around the array cost no more than their
bytes, and the reader of an object finds the errors inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)'
_between = re.compile(_STRING + rb"|[\[\]{}:,n]", re.DOTALL).finditer  # n: null
_FLAT = rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+'
_SHALLOW = rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]' + _FLAT + rb"[\]}])*+"
_inside = re.compile(_SHALLOW + rb'([\[\]{}"]|\Z)', re.DOTALL).finditer
# Matches up to a longer change of depth, an unfinished string, or the end of the chunk; it matches at every position.
_rest = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL).match
_next = re.compile(_STRING + rb'|[^\s,\[\]{}"]++|[,\[\]{}]', re.DOTALL).search


class BrokenJson(ValueError):
    """The document is not JSON, or not to its end."""


def items(chunks: Iterable[bytes], array: str, most: int) -> Iterator[bytes]:
    """Yield the items of each array of this name, or the one object instead of it (null: none); without a name of the
    outermost array. An item of more than `most` bytes is truncated to `most` + 1. Raise BrokenJson.

    No chunk may end with a backslash.
    """
    walk = _Walk(array, most)
    for chunk in chunks:
        at = walk.end_of_string(chunk)
        while True:
            yield from walk.found
            walk.found.clear()
            if at == len(chunk):
                break
            at = walk.step(chunk, at)
    if walk.open:
        raise BrokenJson("it is truncated")
    if not walk.arrays:
        raise BrokenJson(f"it has no array of the name {array!r}")


class _Walk:
    """The position in the document: outside the named arrays, in one of them, or in an item."""

    def __init__(self, array: str, most: int) -> None:
        self._name, self._most = array.encode() and b'"%s"' % array.encode(), most
        self.found: list[bytes] = []
        self.arrays = 0
        self.step = self._seek
        self._depth = 0
        self._before = b""  # the tokens that identify an array's name: `"name"`, then `"name":`
        self._string: bytes | None = None  # the beginning of a string that continues in the next chunk
        self._due = False  # a comma
        self._item, self._item_depth, self._cut, self._alone = bytearray(), 0, False, False

    @property
    def open(self) -> bool:
        """True if an array, an item or a string has not ended yet."""
        return self.step != self._seek or self._depth > 0 or self._string is not None

    def end_of_string(self, chunk: bytes) -> int:
        """Return the position after the string in which the chunk begins, or 0."""
        if self._string is None:
            return 0
        end = _rest(chunk).end()  # type: ignore[union-attr]
        ended = end < len(chunk)
        if self.step == self._in_item:
            self._keep(chunk[: end + ended])
        elif len(self._string) <= len(self._name):
            self._string += chunk[: end + ended]
        if ended:
            self._before, self._string = self._string, None
        return end + ended

    def _seek(self, chunk: bytes, at: int) -> int:
        for token in _between(chunk, at):
            text = token[0]
            if text in b"[{":
                if self._before == self._name + b":" if self._name else self._depth == 0:
                    self.arrays += 1
                    self._alone, self._due, self.step = text == b"{", False, self._in_array
                    if self._alone:
                        self._begin_item(text)
                    return token.end()
                self._depth += 1
            elif text == b"n":
                self.arrays += bool(self._name) and self._before == self._name + b":"
            elif text in b"]}":
                self._depth -= 1
                if self._depth < 0:
                    raise BrokenJson("it has an extra closing bracket")
            elif text[:1] == b'"' and not token[1]:
                self._string = text
                return len(chunk)
            self._before = self._before + text if text == b":" and self._before[-1:] == b'"' else text
        return len(chunk)

    def _in_array(self, chunk: bytes, at: int) -> int:
        token = _next(chunk, at)
        if token is None:
            return len(chunk)
        text = token[0]
        if text == b"]":
            self.step, self._before = self._seek, b""
        elif (text == b",") != self._due or text == b"}":
            raise BrokenJson("its items are not separated by commas")
        elif text == b",":
            self._due = False
        else:
            self._due = True
            if text in b"[{":
                self._begin_item(text)
                return token.end()
            self.found.append(text)
            if text[:1] == b'"' and not token[1]:
                self._string = text
        return token.end()

    def _begin_item(self, bracket: bytes) -> None:
        self._keep(bracket)
        self._item_depth, self.step = 1, self._in_item

    def _in_item(self, chunk: bytes, at: int) -> int:
        for token in _inside(chunk, at):
            text = token[1]
            if text == b"{" or text == b"[":
                self._item_depth += 1
            elif text:
                if text == b'"':
                    self._string = b""  # it continues in the next chunk
                    break
                self._item_depth -= 1
            if self._item_depth == 0:
                self._keep(chunk[at : token.end()])
                self._end_item()
                return token.end()
        self._keep(chunk[at:])
        return len(chunk)

    def _keep(self, part: bytes) -> None:
        if not self._cut:
            self._item += part
            if len(self._item) > self._most:
                self.found.append(bytes(self._item[: self._most + 1]))
                self._item, self._cut = bytearray(), True

    def _end_item(self) -> None:
        if not self._cut:
            self.found.append(bytes(self._item))
        self._item, self._cut = bytearray(), False
        self.step, self._before = (self._seek, b"") if self._alone else (self._in_array, b"")
