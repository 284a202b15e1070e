"""Rows of a JSON Lines file."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec

from relance.imports.readers.base import Block, Place, file_problem
from relance.imports.readers.stream import MAX_LINE_BYTES, LineStream, is_cut
from relance.imports.rejects import Reject, excerpt_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import Mapping

_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


class JsonlRows:
    """A JSON Lines file. Until columns are asked for, a block has one: the lines themselves, not looked at, without their ends."""

    def __init__(self, path: Path) -> None:
        self._asked: list[str] | None = None
        self.path = path
        self._stream = LineStream(path)
        self.size = self._stream.size
        try:
            self._stream.skip_mark()
            self._first = Place(1, 1, self._stream.end)
            self._refuse_array()
        except BaseException:
            self._stream.close()
            raise

    def _refuse_array(self) -> None:
        first = next((line for line in self._stream.lines() if line.strip()), b"")
        if first.lstrip().startswith(b"["):
            raise file_problem(self.path, "json_array", "this is a JSON array; write one object a line")

    def ask(self, mapping: Mapping, names: Sequence[str]) -> None:
        del mapping
        self._asked = list(names)

    def blocks(self, start: Place | None = None) -> Iterator[Block]:
        row, _, offset = start or self._first
        self._stream.seek(offset)
        for lines in self._stream.line_blocks():
            end = Place(row + len(lines), row + len(lines), self._stream.end)
            numbers: Sequence[int] = range(row, end.row)
            offsets: Sequence[int] = list(accumulate(map(len, lines), initial=offset))[:-1]
            texts = [line.strip() for line in lines]
            if b"" in texts:
                there = [i for i, text in enumerate(texts) if text]
                numbers, offsets = [numbers[i] for i in there], [offsets[i] for i in there]
                texts = [texts[i] for i in there]
            if is_cut(lines[0]):
                yield Block([], [], [], [()], list, str, end, [explain_line(row, lines[0])])
            elif self._asked is None:
                yield _block(numbers, offsets, texts, [texts], end, [])
            else:
                yield self._take_apart(numbers, offsets, texts, end)
            row, offset = end.row, end.offset

    def _take_apart(self, numbers: Sequence[int], offsets: Sequence[int], texts: list[bytes], end: Place) -> Block:
        faults: list[Reject] = []
        try:
            objects = list(map(_decode_object, texts))
        except _UNREADABLE:
            objects, there = [], []
            for i, text in enumerate(texts):
                try:
                    objects.append(_decode_object(text))
                    there.append(i)
                except _UNREADABLE:
                    faults.append(explain_line(numbers[i], text))
            numbers, offsets = [numbers[i] for i in there], [offsets[i] for i in there]
            texts = [texts[i] for i in there]
        return _block(numbers, offsets, texts, [_find(name, objects) for name in self._asked or ()], end, faults)

    def done(self) -> int:
        return self._stream.done()

    def close(self) -> None:
        self._stream.close()


def _block(
    numbers: Sequence[int],
    offsets: Sequence[int],
    texts: list[bytes],
    columns: list[Sequence[Any]],
    end: Place,
    faults: list[Reject],
) -> Block:
    return Block(numbers, numbers, offsets, columns, lambda: texts, lambda i: shown_line(texts[i]), end, faults)


def _find(path: str, objects: list[dict[str, Any]]) -> list[Any]:
    """The values at a dotted path; None where there is none."""
    first, *rest = path.split(".")
    values = [one.get(first) for one in objects]
    for key in rest:
        values = [value.get(key) if isinstance(value, dict) else None for value in values]
    return values


def shown_line(line: bytes) -> str:
    """The beginning of a line, for people."""
    return excerpt_of(line[:2_000].decode("utf-8", "replace").strip())


def explain_line(row: int, line: bytes) -> Reject:
    """Why a line is no JSON object."""
    shown = shown_line(line)
    if is_cut(line):
        return Reject(row, row, "", "line_too_long", f"a line of more than {MAX_LINE_BYTES} bytes", shown)
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as e:
        message = f"byte {e.start + 1} of the line (0x{line[e.start]:02X}) is not UTF-8"
        return Reject(row, row, "", "bad_encoding", message, shown)
    try:
        _decode_object(line)
    except RecursionError:
        return Reject(row, row, "", "too_deep", "the object is nested too deeply", shown)
    except msgspec.ValidationError:
        return Reject(row, row, "", "not_an_object", "the line holds no JSON object", shown)
    except msgspec.DecodeError as e:
        return Reject(row, row, "", "not_json", f"the line is not JSON: {e}", shown)
    return Reject(row, row, "", "not_json", "the line is not JSON", shown)
