"""Which of several ways from one step to another people went: the report's `left` counts them together.

Asked only where a step has such ways. What the path of a passage tells is why the next step was entered: the way out by itself, or
with the number of a choice, or with the event that was heard.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from relance.clock import FAR_FUTURE
from relance.journeys.graph import find_edges
from relance.journeys.model import step_names
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.store import Connection

Ways = dict[str, dict[str, dict[str, int]]]  # by step, by the next step, by way


def shared_ways(connection: Connection, source: str, until: int | None = None) -> dict[int, Ways]:
    """Count the ways of steps that lead to one step by several, by version.

    A way is `next`, `blocked`, `failed`, `timeout`, `otherwise`, `branch:N` and `split:N` with the number of the choice, from 0, or
    `heard:EVENT`. What is not told apart, such as a move to another version, is left out.

    Args:
        connection: the store, on one snapshot.
        source: `journey:ID` or `campaign:ID`.
        until: an instant, inclusive; now when there is none.
    """
    query = load_queries("relance.journeys", "report.sql")
    bodies = {version: json.loads(text) for version, text in connection.rows(query["report_versions"], {"source": source})}
    shared = {version: _shared(body) for version, body in bodies.items()}
    if not any(shared.values()):
        return {}
    names = {version: step_names(body) for version, body in bodies.items()}
    found: dict[int, Ways] = {}
    params = {"source": source, "until": FAR_FUTURE if until is None else until}
    for version, step, next_step, cause, number, event, n in connection.rows(query["report_ways"], params):
        ends = (names[version][step], names[version][next_step])
        if ends in shared[version] and (cause != "heard" or event):
            way = f"{cause}:{event}" if cause == "heard" else cause if number is None else f"{cause}:{number}"
            ways = found.setdefault(version, {}).setdefault(ends[0], {}).setdefault(ends[1], {})
            ways[way] = ways.get(way, 0) + n
    return found


def add_ways(versions: Iterable[Ways]) -> Ways:
    """The sum of the versions."""
    total: Ways = {}
    for version in versions:
        for step, targets in version.items():
            for target, ways in targets.items():
                sums = total.setdefault(step, {}).setdefault(target, {})
                for way, n in ways.items():
                    sums[way] = sums.get(way, 0) + n
    return total


def _shared(body: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The steps that lead to another by more than one way, each with that."""
    steps = body.get("steps") or {}
    edges = Counter((edge.start, edge.target) for name, step in steps.items() for edge in find_edges(name, step))
    return frozenset(ends for ends, n in edges.items() if n > 1 and ends[1] in steps)
