"""One reader for each file format: a file → its rows, some thousand together, in little memory."""

from relance.imports.readers.base import Block, Place, RowSource
from relance.imports.readers.choose import open_rows

__all__ = ["Block", "Place", "RowSource", "open_rows"]
