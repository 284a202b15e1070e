"""The bytes of a file, unpacked where it is packed by gzip or zstd."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from relance.imports.readers.base import file_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUFFER_BYTES = 1 << 20
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CUT_OFF = "the packed file is cut off; what stands before is imported"


def open_unpacked(raw: io.BufferedReader) -> io.BufferedReader:
    """A reader of what a file holds; the file itself where it is not packed."""
    magic = raw.read(4)
    raw.seek(0)
    if magic.startswith(_GZIP):
        # GzipFile.readline is written in Python; a buffer in C before it reads lines ten times as fast.
        return io.BufferedReader(gzip.GzipFile(fileobj=raw), BUFFER_BYTES)
    if magic == _ZSTD:
        return io.BufferedReader(_ZstdStream(raw), BUFFER_BYTES)
    return raw


class _ZstdStream(io.RawIOBase):
    """What is packed by zstd; going back means to begin again."""

    def __init__(self, raw: io.BufferedReader) -> None:
        self._raw = raw
        self._at = 0
        self._unpacker: Any = self._begin()

    def _begin(self) -> Any:
        import pyarrow as pa  # the one library at hand that knows zstd; it takes 50 MB

        self._raw.seek(0)
        self._at = 0
        return pa.CompressedInputStream(pa.PythonFile(_Lent(self._raw), mode="r"), "zstd")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._unpacker.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence != io.SEEK_SET:
            msg = "the end of a packed file is not known"
            raise io.UnsupportedOperation(msg)
        if offset < self._at:
            self._unpacker = self._begin()
        while self._at < offset:
            data = self._unpacker.read(min(BUFFER_BYTES, offset - self._at))
            if not data:
                break
            self._at += len(data)
        return self._at


class _Lent:
    """A file that is not closed by who reads it."""

    closed = False

    def __init__(self, raw: io.BufferedReader) -> None:
        self.read, self.tell = raw.read, raw.tell

    def close(self) -> None: ...


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn a damaged packing into a problem of the file."""
    try:
        yield
    except EOFError as e:
        raise file_problem(path, "file_cut_off", _CUT_OFF) from e
    except (gzip.BadGzipFile, zlib.error) as e:
        raise file_problem(path, "file_damaged", f"the packed file is damaged: {e}") from e
    except OSError as e:
        if "Truncated" in str(e):
            raise file_problem(path, "file_cut_off", _CUT_OFF) from e
        if "ZSTD" in str(e):
            raise file_problem(path, "file_damaged", f"the packed file is damaged: {e}") from e
        raise file_problem(path, "file_unreadable", f"can not be read on: {e}") from e
