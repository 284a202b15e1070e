"""Rows of a CSV file."""

from __future__ import annotations

import csv
import io
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from relance.imports.readers.base import Block, Place, check_columns, file_problem
from relance.imports.readers.stream import MAX_LINE_BYTES, LineStream, is_cut
from relance.imports.rejects import Reject, excerpt_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from relance.imports.mapping import CsvOptions, Mapping

MAX_FIELD_CHARACTERS = 1_048_576


class CsvRows:
    """A CSV file."""

    def __init__(self, path: Path, options: CsvOptions) -> None:
        csv.field_size_limit(MAX_FIELD_CHARACTERS)
        self.path = path
        self._options = options
        self._stream = LineStream(path)
        self.size = self._stream.size
        self._fault: tuple[str, str] | None = None
        self._asked: list[int] = []
        try:
            self._stream.skip_mark()
            self._first = Place(1, 1, self._stream.end)
            self.columns = self._read_header() if options.header is None else list(options.header)
        except BaseException:
            self._stream.close()
            raise

    def _read_header(self) -> list[str]:
        reader = self._reader(self._texts(self._stream.lines()))
        try:
            names = next(reader)
        except csv.Error as e:
            raise file_problem(self.path, "bad_header", f"the header row can not be read: {e}") from e
        if self._fault is not None:
            raise file_problem(self.path, self._fault[0], f"the header row: {self._fault[1]}")
        names = [name.strip() for name in names]
        self._first = Place(2, 1 + reader.line_num, self._stream.end)
        return names

    def _reader(self, texts: Iterable[str]) -> Any:
        return csv.reader(texts, delimiter=self._options.delimiter, quotechar=self._options.quote, strict=True)

    def _texts(self, lines: Iterable[bytes]) -> Iterator[str]:
        """The text of each line; `_fault` tells what is wrong with the last one given."""
        encoding = self._options.encoding
        for line in lines:
            if is_cut(line):
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

    # ------------------------------------------------------------------------------------------------------- rows
    def ask(self, mapping: Mapping, names: Sequence[str]) -> None:
        del mapping
        check_columns(self.path, names, self.columns)
        self._asked = [self.columns.index(name) for name in names]

    def blocks(self, start: Place | None = None) -> Iterator[Block]:
        here = start or self._first
        self._stream.seek(here.offset)
        waiting: list[bytes] = []  # the lines of a row whose quotes were not closed when the block ended
        for lines in self._stream.line_blocks():
            block, waiting = self._read_block(here, waiting + lines, is_last=False)
            here = block.end
            yield block
        if waiting:
            yield self._read_block(here, waiting, is_last=True)[0]

    def _read_block(self, here: Place, lines: list[bytes], *, is_last: bool) -> tuple[Block, list[bytes]]:
        return self._read_plain(here, lines) or self._read_patiently(here, lines, is_last=is_last)

    def _read_plain(self, here: Place, lines: list[bytes]) -> tuple[Block, list[bytes]] | None:
        """A block in which every line is a sound row; None when it is no such block (a row takes a line at least)."""
        try:
            text = b"".join(lines).decode(self._options.encoding)
            cells = self._split(text) or list(self._reader(io.StringIO(text, newline="\n")))
        except (csv.Error, UnicodeDecodeError):
            return None
        if len(cells) != len(lines) or set(map(len, cells)) != {len(self.columns)}:
            return None
        row, line, offset = here
        offsets = list(accumulate(map(len, lines), initial=offset))
        end = Place(row + len(lines), line + len(lines), offsets.pop())
        return self._block(range(row, end.row), range(line, end.line), offsets, cells, end, []), []

    def _split(self, text: str) -> list[list[str]] | None:
        """The cells of rows that have no quotes, which need no CSV reader; None when it is for that one to say."""
        if self._options.quote in text:
            return None
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        rows = text.split("\n")
        if not rows[-1]:
            rows.pop()
        if "\r" in text or "" in rows or max(map(len, rows), default=0) > MAX_FIELD_CHARACTERS:
            return None
        delimiter = self._options.delimiter
        return [row.split(delimiter) for row in rows]

    def _read_patiently(self, here: Place, lines: list[bytes], *, is_last: bool) -> tuple[Block, list[bytes]]:
        """A block with quotes or faults, and the lines of its last row where that goes on behind it."""
        row, first_line, offset = here
        offsets = list(accumulate(map(len, lines), initial=offset))
        rows: list[int] = []
        at: list[int] = []  # the line of each row, as an index
        cells: list[list[str]] = []
        faults: list[Reject] = []
        width = len(self.columns)
        reader = self._reader(self._texts(lines))
        self._fault = None
        used = 0
        while True:
            problem: tuple[str, str] | None = None
            found: list[str] = []
            try:
                found = next(reader)
            except StopIteration:
                break
            except csv.Error as e:
                if "unexpected end" in str(e) and not is_last:
                    break
                problem = _explain(e)
            if problem is None:
                problem = self._fault
            if problem is None and found and len(found) != width:
                code = "too_few_fields" if len(found) < width else "too_many_fields"
                problem = (code, f"{len(found)} fields; there are {width} columns")
            if problem is not None:
                faults.append(Reject(row, first_line + used, "", *problem, excerpt_of(found) if found else ""))
            elif found:
                rows.append(row)
                at.append(used)
                cells.append(found)
            self._fault = None
            row += 1
            used = reader.line_num
        end = Place(row, first_line + used, offsets[used])
        block = self._block(rows, [first_line + i for i in at], [offsets[i] for i in at], cells, end, faults)
        return block, lines[used:]

    def _block(
        self, rows: Sequence[int], lines: Sequence[int], offsets: Sequence[int], cells: list[list[str]], end: Place,
        faults: list[Reject],
    ) -> Block:  # fmt: skip
        def contents() -> list[bytes]:
            return "\n".join(map("\x1f".join, cells)).encode("utf-8", "surrogatepass").split(b"\n")

        def contents_with_breaks() -> list[bytes]:
            return ["\x1f".join(row).encode("utf-8", "surrogatepass") for row in cells]

        by_column = list(zip(*cells, strict=True)) if cells else [() for _ in self.columns]
        is_plain = isinstance(rows, range)  # then no cell holds a line break
        columns = list(itemgetter(*self._asked, 0)(by_column)[: len(self._asked)]) if self._asked else []
        return Block(
            rows,
            lines,
            offsets,
            columns,
            contents if is_plain else contents_with_breaks,
            lambda i: excerpt_of(cells[i]),
            end,
            faults,
        )

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
