"""Where the store names a person by the way: faulty rows of files, targets of links, the audit, results of backtests."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.store import Connection

SHORTEST = 4  # characters of a name that is looked for inside of texts: a shorter one stands in half of all words
GONE = "erased"
_sql = load_queries("relance.erasure")


class Names:
    """What a person was called: ids, addresses."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole = {name.strip().casefold() for name in names if name and name.strip()}
        long = sorted((n for n in self._whole if len(n) >= SHORTEST), key=len, reverse=True)
        self._inside = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, long))})(?!\w)") if long else None

    def are_in(self, text: str) -> bool:
        """Whether a text is one of them, or one stands in it as a word of its own."""
        folded = text.casefold()
        return folded.strip() in self._whole or (self._inside is not None and self._inside.search(folded) is not None)

    def without(self, value: Any) -> Any:
        """A JSON value in which every text that names the person says so instead."""
        if isinstance(value, str):
            return GONE if self.are_in(value) else value
        if isinstance(value, dict):
            return {GONE if self.are_in(key) else key: self.without(inner) for key, inner in value.items()}
        return [self.without(inner) for inner in value] if isinstance(value, list) else value


def forget_names(connection: Connection, names: Names) -> None:
    """Effects: `rejected_events`, `import_rejects`, `link_targets`, `audit_entries`, `backtests`: the person is named no more."""
    rejected = [(position,) for position, raw in connection.rows(_sql["rejected"]) if names.are_in(raw)]
    connection.execute_many(_sql["drop_rejected"], rejected)
    faults = [
        ("", GONE, import_id, reject_id)
        for import_id, reject_id, message, excerpt in connection.rows(_sql["import_rejects"])
        if names.are_in(message) or names.are_in(excerpt)
    ]
    connection.execute_many(_sql["empty_import_reject"], faults)
    targets = [(n,) for n, target in connection.rows(_sql["link_targets"]) if names.are_in(unquote_plus(target))]
    connection.execute_many(_sql["drop_link_target"], targets)
    told = []
    for entry_id, name, detail in connection.rows(_sql["audit"]):
        if names.are_in(name) or names.are_in(detail):
            told.append((names.without(name), _rewritten(detail, names), entry_id))
    connection.execute_many(_sql["rename_audit"], told)
    results = [
        (_rewritten(result, names), backtest_id)
        for backtest_id, result in connection.rows(_sql["backtests"])
        if names.are_in(result)
    ]
    connection.execute_many(_sql["rename_backtest"], results)


def _rewritten(text: str, names: Names) -> str:
    return json.dumps(names.without(json.loads(text)), ensure_ascii=False, sort_keys=True)
