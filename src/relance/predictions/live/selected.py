"""The people of a selection of scores, the highest first, page by page."""

from __future__ import annotations

import json
import re
from math import inf
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.errors import InvalidInput
from relance.predictions.live.page import bounds_of
from relance.predictions.live.registry import among_all, sql
from relance.predictions.measures import CATEGORIES
from relance.profiles.read import full_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.store import Connection

_CURSOR = re.compile(r"([0-9.e+-]{1,32})_([0-9]{1,19})")


def read_selected(
    connection: Connection, prediction: str, selection: Mapping[str, Any], *, limit: int, after: str = ""
) -> dict[str, Any]:
    """A page of the people of a parsed selection, and `next`, which asks for the page after it; None for no more.

    Of equal scores that of whoever was known first comes first, as for `top`.

    Raises:
        InvalidInput: `after` is no `next` of a page.
    """
    score, last = _read_cursor(after)
    measure, low, high = _measure_of(selection)
    wanted = [f"'{name}'" for name in CATEGORIES if name in selection.get("category", ())]
    categories = f"category IN ({', '.join(wanted)})" if wanted else "category <> ''"
    statement = sql["selected"].replace("{measure}", measure).replace("{categories}", categories)
    asked = {"prediction": prediction, "low": low, "high": high, "most": limit + 1}
    found: list[tuple[Any, ...]] = []
    while True:
        rows = connection.rows(statement, {**asked, "score": score, "last": last})
        found += [row for row in rows if row[1] is None]  # the others became part of somebody
        if len(found) > limit or len(rows) <= limit:
            break
        last, score = rows[-1][0], rows[-1][7]
    shown = found[:limit]
    return {
        "items": [
            {
                "user_id": user_id, "name": full_name(json.loads(traits)), "email": email, "phone": phone, "probability": probability,
                "score": score, "category": category, "scored_at": format_instant(at), **among_all(*among),
            }
            for _, _, user_id, traits, email, phone, probability, score, category, at, *among in shown
        ],
        "next": f"{shown[-1][7]!r}_{shown[-1][0]}" if len(found) > limit else None,
    }  # fmt: skip


def _measure_of(selection: Mapping[str, Any]) -> tuple[str, float, float]:
    """The column that a selection bounds, from (included) and to (not)."""
    if "top" in selection:
        return "place", 1, selection["top"] + 1
    for name in ("score", "percentile", "value"):
        if name in selection:
            low, high = bounds_of(name, selection[name])
            return name, low, high
    return "score", 0, inf


def _read_cursor(text: str) -> tuple[float, int]:
    """The score and the person that a page ended with; such as all come after, for the first."""
    if not text:
        return inf, 0
    found = _CURSOR.fullmatch(text)
    try:
        score, last = (float(found[1]), int(found[2])) if found else (-1.0, -1)
    except ValueError:
        score, last = -1.0, -1
    if last < 0 or last > 2**63 - 1:
        msg = "`after` is not the `next` of a page of people"
        raise InvalidInput(msg, problems=[msg])
    return score, last
