"""Rows of a JSON Lines file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from relance.events.decode import as_text
from relance.imports.readers.base import Place, compile_each, file_problem
from relance.imports.readers.stream import MAX_LINE_BYTES, LineStream
from relance.imports.rejects import Reject, excerpt_of
from relance.imports.values import compile_converter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import Mapping
    from relance.imports.readers.base import RawRow
    from relance.imports.values import Converter


class _Told(msgspec.Struct, rename={"message_id": "messageId"}):
    message_id: Any = None


class JsonlRows:
    """A JSON Lines file.

    With a mapping its cells are pairs of the object and the line it stands in; without one, of the messageId and the line.
    """

    def __init__(self, path: Path) -> None:
        self._whole = False
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
        self._stream.seek(self._first.offset)

    def rows(self, start: Place | None = None) -> Iterator[RawRow]:
        row, _, offset = start or self._first
        stream = self._stream
        stream.seek(offset)
        decode = self._decoder()
        for line in stream.lines():
            problem, cells = None, None
            try:
                cells = (decode(line), line)
            except msgspec.ValidationError:
                shown = excerpt_of(line[:2_000].decode("utf-8", "replace").strip())
                problem = Reject(row, row, "", "not_an_object", "the line holds no JSON object", shown)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
                if line.strip():
                    problem = explain_line(row, line, e)
            if cells is not None or problem is not None:
                yield row, row, offset, cells, problem
            row += 1
            offset = stream.end

    def _decoder(self) -> Callable[[bytes], Any]:
        if self._whole:
            return msgspec.json.Decoder(dict[str, Any]).decode
        decode = msgspec.json.Decoder(_Told).decode
        return lambda line: as_text(decode(line).message_id)

    def converters(self, mapping: Mapping, names: Sequence[str]) -> list[tuple[str, Any, Converter]]:
        self._whole = True
        return [(name, _finder(name), compile_converter(mapping.column(name))) for name in names]

    def compile_row(self, mapping: Mapping, names: Sequence[str]) -> Callable[[Any], list[Any]]:
        return compile_each(self.converters(mapping, names))

    def identity(self, cells: tuple[dict[str, Any], bytes]) -> bytes:
        return cells[1].strip()

    def done(self) -> int:
        return self._stream.done()

    def close(self) -> None:
        self._stream.close()


def _finder(path: str) -> Callable[[tuple[dict[str, Any], bytes]], Any]:
    """What finds the value at a dotted path; None where there is none."""
    first, *rest = path.split(".")

    def find(cells: tuple[dict[str, Any], bytes]) -> Any:
        value = cells[0].get(first)
        for key in rest:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    return find


def explain_line(row: int, line: bytes, error: Exception) -> Reject:
    """Why a line can not be read."""
    shown = excerpt_of(line[:2_000].decode("utf-8", "replace").strip())
    if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
        return Reject(row, row, "", "line_too_long", f"a line of more than {MAX_LINE_BYTES} bytes", shown)
    if isinstance(error, RecursionError):
        return Reject(row, row, "", "too_deep", "the object is nested too deeply", shown)
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as e:
        message = f"byte {e.start + 1} of the line (0x{line[e.start]:02X}) is not UTF-8"
        return Reject(row, row, "", "bad_encoding", message, shown)
    return Reject(row, row, "", "not_json", f"the line is not JSON: {error}", shown)
