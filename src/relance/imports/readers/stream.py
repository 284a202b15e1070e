"""The bytes of a file, packed by gzip or not, line by line."""

from __future__ import annotations

import gzip
import io
import zlib
from functools import partial
from typing import TYPE_CHECKING

from relance.imports.readers.base import file_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A line longer than this is no line of such a file: it is refused, and never held in memory as a whole.
MAX_LINE_BYTES = 4_194_304
BUFFER_BYTES = 1 << 20

_FOREIGN = (
    (b"PK\x03\x04", "zip_file", "this is a ZIP or Excel file; unpack it, or save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "excel_file", "this is an old Excel file; save the sheet as CSV (UTF-8)"),
    (b"\x28\xb5\x2f\xfd", "zstd_file", "this is packed by zstd; unpack it first, or pack it by gzip"),
    (b"BZh", "bzip2_file", "this is packed by bzip2; unpack it first, or pack it by gzip"),
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
        packed = self._raw.read(2) == b"\x1f\x8b"
        self._raw.seek(0)
        if packed:
            # GzipFile.readline is written in Python; a buffer in C before it reads lines ten times as fast.
            self._file: io.BufferedReader = io.BufferedReader(gzip.GzipFile(fileobj=self._raw), BUFFER_BYTES)
        else:
            self._file = self._raw
        try:
            self._refuse_foreign()
        except BaseException:
            self.close()
            raise

    def _refuse_foreign(self) -> None:
        with self._guarded():
            head = self._file.peek(65_536)[:65_536]
        for magic, code, message in _FOREIGN:
            if head.startswith(magic):
                raise file_problem(self.path, code, message)
        if not head.strip():
            raise file_problem(self.path, "empty_file", "the file is empty")
        if b"\r" in head and b"\n" not in head and len(head) > head.find(b"\r") + 1:
            raise file_problem(self.path, "line_ends", "its lines end in CR alone; save it with LF or CRLF")
        if head.count(b"\0") > len(head) // 8:
            raise file_problem(self.path, "binary_file", "this is no text: it holds zero bytes (UTF-16, or a binary file?)")

    def _guarded(self) -> _Guard:
        return _Guard(self.path)

    def seek(self, offset: int) -> None:
        """Go to an offset of the unpacked text; a packed file is read up to there."""
        with self._guarded():
            self._file.seek(offset)
        self.end = offset

    def skip_mark(self) -> None:
        """Step over a byte order mark."""
        if self._file.peek(3)[:3] == b"\xef\xbb\xbf":
            self.seek(3)

    def lines(self) -> Iterator[bytes]:
        """The lines from here on. One that is too long comes cut, without its end."""
        with self._guarded():
            for line in iter(partial(self._file.readline, MAX_LINE_BYTES), b""):
                self.end += len(line)
                yield line
                if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                    self._drop_rest()

    def _drop_rest(self) -> None:
        for part in iter(partial(self._file.readline, BUFFER_BYTES), b""):
            self.end += len(part)
            if part.endswith(b"\n"):
                return

    def done(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._file.close()
        self._raw.close()


class _Guard:
    """Turns a damaged packing into a problem of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, EOFError):
            raise file_problem(
                self.path, "file_cut_off", "the packed file is cut off; what stands before is imported"
            ) from error
        if isinstance(error, gzip.BadGzipFile | zlib.error):
            raise file_problem(self.path, "file_damaged", f"the packed file is damaged: {error}") from error
