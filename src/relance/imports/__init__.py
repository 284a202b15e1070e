"""Files in: events and profiles from JSON Lines, CSV and Parquet, put into the log.

Owns the tables `imports` and `import_rejects`. Reads the user's files and mapping; writes to the log, never beside it.
Called by the command line, and by `desk` for files that are sent to a server.

readers → blocks of rows, column by column → `columns`, `cases`, `rules` (or `event_lines`) → batches of items with the place behind them →
`committing`, which writes them in a thread of its own.
"""

from relance.imports.convert import ConvertReport, convert
from relance.imports.load import ImportOptions, ImportReport, import_files
from relance.imports.mapping import Mapping
from relance.imports.mapping_file import load_mapping, parse_mapping, read_mapping_file
from relance.imports.records import all_rejects_of
from relance.imports.rejects import Reject

__all__ = [
    "ConvertReport",
    "ImportOptions",
    "ImportReport",
    "Mapping",
    "Reject",
    "all_rejects_of",
    "convert",
    "import_files",
    "load_mapping",
    "parse_mapping",
    "read_mapping_file",
]
