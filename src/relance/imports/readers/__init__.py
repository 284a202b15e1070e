"""One reader for each file format: a file → its rows, one after another, in little memory."""

from relance.imports.readers.base import Place, RawRow, RowSource
from relance.imports.readers.choose import open_rows

__all__ = ["Place", "RawRow", "RowSource", "open_rows"]
