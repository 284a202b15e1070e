"""The lines of a text file, packed or not."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

from relance.imports.readers.base import file_problem
from relance.imports.readers.packed import BUFFER_BYTES, guarded, open_unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A line longer than this is no line of such a file: it is refused, and never held in memory as a whole.
MAX_LINE_BYTES = 4_194_304
BLOCK_BYTES = 1 << 18

_FOREIGN = (
    (b"PK\x03\x04", "zip_file", "this is a ZIP or Excel file; unpack it, or save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "excel_file", "this is an old Excel file; save the sheet as CSV (UTF-8)"),
    (b"BZh", "bzip2_file", "this is packed by bzip2; unpack it first, or pack it by gzip or zstd"),
    (b"\xff\xfe", "utf16_file", "this text is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "utf16_file", "this text is UTF-16; save it as UTF-8"),
)


class LineStream:
    """Lines of a text file as bytes, each with its end; `end` is the offset after the last one given."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = 0
        try:
            self._raw = path.open("rb")
            self.size = path.stat().st_size
        except OSError as e:
            raise file_problem(path, "file_unreadable", f"can not be read: {e.strerror or e}") from e
        try:
            with guarded(path):
                self._file = open_unpacked(self._raw)
                self._refuse_foreign()
        except BaseException:
            self._raw.close()
            raise

    def _refuse_foreign(self) -> None:
        head = self._file.peek(65_536)[:65_536]
        for magic, code, message in _FOREIGN:
            if head.startswith(magic):
                raise file_problem(self.path, code, message)
        if not head.removeprefix(b"\xef\xbb\xbf").strip():
            raise file_problem(self.path, "empty_file", "the file is empty")
        if b"\r" in head and b"\n" not in head and len(head) > head.find(b"\r") + 1:
            raise file_problem(self.path, "line_ends", "its lines end in CR alone; save it with LF or CRLF")
        if head.count(b"\0") > len(head) // 8:
            raise file_problem(self.path, "binary_file", "this is no text: it holds zero bytes (UTF-16, or a binary file?)")

    def seek(self, offset: int) -> None:
        """Go to an offset of the unpacked text; a packed file is read up to there."""
        with guarded(self.path):
            self._file.seek(offset)
        self.end = offset

    def skip_mark(self) -> None:
        """Step over a byte order mark."""
        if self._file.peek(3)[:3] == b"\xef\xbb\xbf":
            self.seek(3)

    def lines(self) -> Iterator[bytes]:
        """The lines from here on, one by one. One that is too long comes cut, without its end."""
        with guarded(self.path):
            for line in iter(partial(self._file.readline, MAX_LINE_BYTES), b""):
                self.end += len(line)
                yield line
                if is_cut(line):
                    self._drop_rest()

    def _drop_rest(self) -> None:
        for part in iter(partial(self._file.readline, BUFFER_BYTES), b""):
            self.end += len(part)
            if part.endswith(b"\n"):
                return

    def line_blocks(self) -> Iterator[list[bytes]]:
        """The lines from here on, as many together as fit into a block. One that is too long comes alone, and cut.

        `end` is the offset after the block.
        """
        rest = b""
        while data := self._read():
            whole = data.rfind(b"\n") + 1
            lines = io.BytesIO(rest + data[:whole]).readlines() if whole else []
            rest = data[whole:] if whole else rest + data
            if lines and len(lines[0]) > MAX_LINE_BYTES:  # a block is shorter: only what began before it can be so long
                long = lines.pop(0)
                self.end += len(long)
                yield [long[:MAX_LINE_BYTES]]
            if lines:
                self.end += sum(map(len, lines))
                yield lines
            if len(rest) > MAX_LINE_BYTES:
                long, rest = rest, b""
                self.end += len(long)
                with guarded(self.path):
                    self._drop_rest()
                yield [long[:MAX_LINE_BYTES]]
        if rest:
            self.end += len(rest)
            yield [rest]

    def _read(self) -> bytes:
        with guarded(self.path):
            return self._file.read1(BLOCK_BYTES)

    def done(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._file.close()
        self._raw.close()


def is_cut(line: bytes) -> bool:
    """Whether a line was too long."""
    return len(line) == MAX_LINE_BYTES and not line.endswith(b"\n")
