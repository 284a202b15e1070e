"""A file as an answer: whole before its first byte is sent, and gone with the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from litestar.response import Stream

from relance.segments.table_file import MEDIA_TYPES, Format

PIECE_BYTES = 256 * 1024


def answer_file(file: IO[bytes], name: str, form: Format, headers: Mapping[str, str]) -> Stream:
    """Send what was written to a file, which is closed then.

    Args:
        file: written to its end.
        name: what it is called, without the ending.
        form: of the file.
        headers: more headers.
    """
    length = file.tell()
    file.seek(0)
    told = {
        "content-length": str(length),
        "content-disposition": f'attachment; filename="{name}.{form}"',
        "x-content-type-options": "nosniff",
        **headers,
    }
    return Stream(_Pieces(file, length), media_type=MEDIA_TYPES[form], headers=told)


class _Pieces:
    """What is read of a file, which is closed with the last of it, or when nobody wants the rest."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file = file
        self._left = length

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._left:
            raise StopIteration
        piece = self._file.read(PIECE_BYTES)
        self._left -= len(piece)
        if not self._left:  # nobody may ask again: the client has it all
            self._file.close()
        return piece

    def __del__(self) -> None:
        self._file.close()
