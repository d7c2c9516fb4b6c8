"""The objects in an array of one large JSON document, cut out as they are written, one at a time.

Nothing is parsed: only strings and brackets are told apart. So no number, no nesting and nothing around the array costs
more than its bytes, and what is wrong inside of an object is found by whoever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)'
_between = re.compile(_STRING + rb"|[\[\]{}:,]", re.DOTALL).finditer
_FLAT = rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+'
_SHALLOW = rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]' + _FLAT + rb"[\]}])*+"
_inside = re.compile(_SHALLOW + rb'([\[\]{}"]|\Z)', re.DOTALL).finditer
# Up to where the depth changes for longer, a string is not ended, or the chunk is: a match wherever it is looked for.
_rest = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL).match
_next = re.compile(_STRING + rb'|[^\s,\[\]{}"]++|[,\[\]{}]', re.DOTALL).search


class BrokenJson(ValueError):
    """The document is no JSON, or not to its end."""


def items(chunks: Iterable[bytes], array: str, most: int) -> Iterator[bytes]:
    """The items of each array of this name, or the one object that stands for it; without a name of the outermost one.
    Of an item of more than `most` bytes as many are given, and one more. Raises BrokenJson.

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
        raise BrokenJson("it breaks off")
    if not walk.arrays:
        raise BrokenJson(f"it has no list of the name {array!r}")


class _Walk:
    """Where in the document one is: between the arrays of the name, in one of them, or in an item."""

    def __init__(self, array: str, most: int) -> None:
        self._name, self._most = array.encode() and b'"%s"' % array.encode(), most
        self.found: list[bytes] = []
        self.arrays = 0
        self.step = self._seek
        self._depth = 0
        self._before = b""  # the tokens by which an array's name is known: `"name"`, then `"name":`
        self._string: bytes | None = None  # the beginning of one that the last chunk did not end
        self._due = False  # a comma
        self._item, self._item_depth, self._cut, self._alone = bytearray(), 0, False, False

    @property
    def open(self) -> bool:
        """Whether something has not ended yet."""
        return self.step != self._seek or self._depth > 0 or self._string is not None

    def end_of_string(self, chunk: bytes) -> int:
        """Behind the string in which the chunk begins, if it does."""
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
            said = token[0]
            if said in b"[{":
                if self._before == self._name + b":" if self._name else self._depth == 0:
                    self.arrays += 1
                    self._alone, self._due, self.step = said == b"{", False, self._in_array
                    if self._alone:
                        self._begin_item(said)
                    return token.end()
                self._depth += 1
            elif said in b"]}":
                self._depth -= 1
                if self._depth < 0:
                    raise BrokenJson("there is a bracket too many")
            elif said[:1] == b'"' and not token[1]:
                self._string = said
                return len(chunk)
            self._before = self._before + said if said == b":" and self._before[-1:] == b'"' else said
        return len(chunk)

    def _in_array(self, chunk: bytes, at: int) -> int:
        token = _next(chunk, at)
        if token is None:
            return len(chunk)
        said = token[0]
        if said == b"]":
            self.step, self._before = self._seek, b""
        elif (said == b",") != self._due or said == b"}":
            raise BrokenJson("its items are not parted by commas")
        elif said == b",":
            self._due = False
        else:
            self._due = True
            if said in b"[{":
                self._begin_item(said)
                return token.end()
            self.found.append(said)
            if said[:1] == b'"' and not token[1]:
                self._string = said
        return token.end()

    def _begin_item(self, bracket: bytes) -> None:
        self._keep(bracket)
        self._item_depth, self.step = 1, self._in_item

    def _in_item(self, chunk: bytes, at: int) -> int:
        for token in _inside(chunk, at):
            said = token[1]
            if said == b"{" or said == b"[":
                self._item_depth += 1
            elif said:
                if said == b'"':
                    self._string = b""  # it goes on in the next chunk
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
