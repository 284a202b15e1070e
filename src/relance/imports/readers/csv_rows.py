"""Rows of a CSV file."""

from __future__ import annotations

import csv
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from relance.errors import InvalidInput
from relance.imports.readers.base import Place, file_problem, missing_columns
from relance.imports.readers.stream import MAX_LINE_BYTES, LineStream
from relance.imports.rejects import Reject, excerpt_of
from relance.imports.values import compile_converter
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import CsvOptions, Mapping
    from relance.imports.readers.base import RawRow
    from relance.imports.values import Converter

MAX_FIELD_CHARACTERS = 1_048_576
_NOTHING = frozenset({""})


class CsvRows:
    """A CSV file; its cells are lists of text."""

    def __init__(self, path: Path, options: CsvOptions) -> None:
        csv.field_size_limit(MAX_FIELD_CHARACTERS)
        self.path = path
        self._options = options
        self._stream = LineStream(path)
        self.size = self._stream.size
        self._fault: tuple[str, str] | None = None
        try:
            self._stream.skip_mark()
            self._first = Place(1, 1, self._stream.end)
            self.columns = self._read_header() if options.header is None else list(options.header)
        except BaseException:
            self._stream.close()
            raise

    def _read_header(self) -> list[str]:
        reader = self._reader()
        try:
            names = next(reader)
        except csv.Error as e:
            raise file_problem(self.path, "bad_header", f"the header row can not be read: {e}") from e
        if self._fault is not None:
            raise file_problem(self.path, self._fault[0], f"the header row: {self._fault[1]}")
        names = [name.strip() for name in names]
        self._first = Place(2, 1 + reader.line_num, self._stream.end)
        return names

    def _reader(self) -> Any:
        options = self._options
        return csv.reader(self._texts(), delimiter=options.delimiter, quotechar=options.quote, strict=True)

    def _texts(self) -> Iterator[str]:
        encoding = self._options.encoding
        for line in self._stream.lines():
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                self._fault = ("line_too_long", f"a line of more than {MAX_LINE_BYTES} bytes: is a quote not closed?")
                yield "\n"
                continue
            try:
                yield line.decode(encoding)
            except UnicodeDecodeError as e:
                bad = f"byte {e.start + 1} of the line (0x{line[e.start]:02X}) is not {encoding}"
                hint = "; if the file is in another encoding, name it under csv.encoding, for example cp1252"
                self._fault = ("bad_encoding", bad + hint)
                yield line.decode(encoding, "replace")

    def rows(self, start: Place | None = None) -> Iterator[RawRow]:
        row, line, offset = start or self._first
        stream = self._stream
        stream.seek(offset)
        reader = self._reader()
        width = len(self.columns)
        first_line = line
        while True:
            offset = stream.end
            line = first_line + reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as e:
                yield row, line, offset, None, self._reject(row, line, *_explain(e))
                row += 1
                continue
            if self._fault is not None:
                yield row, line, offset, None, self._reject(row, line, *self._fault, cells)
            elif len(cells) == width:
                yield row, line, offset, cells, None
            elif cells:
                code = "too_few_fields" if len(cells) < width else "too_many_fields"
                yield (
                    row,
                    line,
                    offset,
                    None,
                    self._reject(row, line, code, f"{len(cells)} fields; there are {width} columns", cells),
                )
            row += 1

    def _reject(self, row: int, line: int, code: str, message: str, cells: list[str] | None = None) -> Reject:
        self._fault = None
        return Reject(row, line, "", code, message, excerpt_of(cells) if cells else "")

    def converters(self, mapping: Mapping, names: Sequence[str]) -> list[tuple[str, Any, Converter]]:
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise missing_columns(self.path, missing, self.columns)
        counts = Counter(self.columns)
        twice = [f"{self.path.name} has {counts[n]} columns named {n!r}" for n in names if counts[n] > 1]
        if twice:
            problems = [Problem("doubled_column", message) for message in twice]
            raise InvalidInput("; ".join(twice), problems=problems)
        return [(name, itemgetter(self.columns.index(name)), compile_converter(mapping.column(name))) for name in names]

    def compile_row(self, mapping: Mapping, names: Sequence[str]) -> Callable[[list[str]], list[Any]]:
        """As `converters`, for a whole row at once: texts need no call of their own, which is half of the cost of a row."""
        pick = itemgetter(*(self.columns.index(name) for name in names), 0)  # one more, so that it always answers a tuple
        last = len(names)
        shapes = [mapping.column(name) for name in names]
        plain = {i for i, column in enumerate(shapes) if column.type == "text" and column.null == _NOTHING}
        others = [(i, compile_converter(column)) for i, column in enumerate(shapes) if i not in plain]

        def convert(cells: list[str]) -> list[Any]:
            values: list[Any] = list(pick(cells))
            del values[last]
            if "" in values:
                values = [value or None for value in values]
            for i, convert_cell in others:
                values[i] = convert_cell(values[i])
            return values

        return convert

    def identity(self, cells: list[str]) -> bytes:
        return "\x1f".join(cells).encode("utf-8", "surrogatepass")

    def done(self) -> int:
        return self._stream.done()

    def close(self) -> None:
        self._stream.close()


def _explain(error: csv.Error) -> tuple[str, str]:
    words = str(error)
    if "field limit" in words:
        return "field_too_large", f"a field of more than {MAX_FIELD_CHARACTERS} characters: is a quote not closed?"
    if "unexpected end" in words:
        return "quote_not_closed", "the file ends inside a quoted field"
    return "bad_csv", f"this is no CSV row: {words}"
