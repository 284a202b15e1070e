"""The ids in what somebody pasted, or in a CSV file."""

from __future__ import annotations

import csv
import io

_HEADERS = frozenset({"user_id", "userid", "user id", "id", "anonymous_id", "anonymousid"})
_SEPARATORS = (";", "\t", ",")


def read_ids(text: str) -> list[str]:
    """The ids in a text, each once, in order.

    One on a line; of a CSV the column that is called `user_id` (or `userId`, `id`, `anonymousId`), else the first. A
    single line holds ids with commas, semicolons or tabs between.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    names = [cell.lower() for cell in rows[0]]
    column = next((n for n, name in enumerate(names) if name in _HEADERS), None)
    if column is not None:
        found = [row[column] for row in rows[1:] if len(row) > column]
    elif len(rows) == 1:
        found = rows[0]
    else:
        found = [row[0] for row in rows]
    return list(dict.fromkeys(filter(None, found)))
