"""A journey whose every way can be forced: branches and splits by a mark on the tester, listeners by an event of the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MARK = "relance_trial"  # the trait that says which way a tester goes
OUTCOME = "Trial Outcome"  # the event that says which of a listener's ways it goes
END = "end"
# What stands in the way of testers, and is no step.
_DOORS = ("entry_limits", "starts_at", "ends_at", "exclude", "holdout_percent")
MOST_PATHS = 100


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a step. `outcome` is how it is named when it is forced."""

    step: str
    outcome: str
    to: str


def ways_of(steps: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Way]]:
    """All ways out of each step, in the order of the definition."""
    return {name: [Way(name, outcome, to) for outcome, to in _outcomes(step)] for name, step in steps.items()}


def _outcomes(step: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = step["type"]
    if kind == "listen":
        for n, spec in enumerate(step["for"], start=1):
            yield str(n), spec.get("next", END)
        if "timeout" in step:
            yield "timeout", step.get("on_timeout", END)
    elif kind == "branch":
        for n, choice in enumerate(step["when"], start=1):
            yield str(n), choice.get("next", END)
        yield "otherwise", step.get("otherwise", END)
    elif kind == "split":
        for n, path in enumerate(step["paths"], start=1):
            yield str(n), path.get("next", END)
    elif kind == "message":
        yield "sent", step.get("next", END)
        for outcome in ("blocked", "failed"):
            if f"on_{outcome}" in step:
                yield outcome, step[f"on_{outcome}"]
    elif kind != "end":
        yield "next", step.get("next", END)


def make_testable(body: Mapping[str, Any]) -> dict[str, Any]:
    """The journey with every way open to be forced; what keeps people out of it is left out.

    An event still starts it; what a segment or a schedule would start is started by request.
    """
    found = {name: value for name, value in body.items() if name not in _DOORS}
    by_event = body["entry"]["type"] == "event"
    found["entry"] = body["entry"] if by_event else {"type": "api"}
    found["reentry"] = body.get("reentry", "always" if by_event or body["entry"]["type"] == "api" else "once")
    found["steps"] = {name: _open(name, n, step) for n, (name, step) in enumerate(body["steps"].items())}
    return found


def mark_of(steps: Iterable[str], step: str) -> str:
    """The name of a step's mark: its number, for a path takes no name as it is."""
    return f"s{list(steps).index(step)}"


def _marked(number: int, outcome: str) -> dict[str, Any]:
    return {"type": "trait", "path": f"{MARK}.s{number}", "op": "eq", "value": outcome}


def _open(name: str, number: int, step: Mapping[str, Any]) -> dict[str, Any]:
    kind = step["type"]
    if kind == "branch":
        unmarked = {"type": "trait", "path": f"{MARK}.s{number}", "op": "is_not_set"}
        when = [
            {
                **choice,
                "where": {"type": "any", "of": [_marked(number, str(n)), {"type": "all", "of": [unmarked, choice["where"]]}]},
            }
            for n, choice in enumerate(step["when"], start=1)
        ]
        return {**step, "when": when}
    if kind == "split":  # a tester is marked with its own sticky way, unless another one is forced
        ways = [
            {"where": _marked(number, str(n)), "next": path.get("next", END)} for n, path in enumerate(step["paths"], start=1)
        ]
        return {"type": "branch", "when": ways, "otherwise": step["paths"][-1].get("next", END)}
    if kind == "listen":
        since = step.get("since") or ("message" if all(spec.get("message") for spec in step["for"]) else "step")
        forced = [_outcome(name, way.outcome, way.to) for way in ways_of({name: step})[name]]
        return {**step, "since": since, "for": [*step["for"], *forced]}
    return dict(step)


def _outcome(step: str, outcome: str, to: str) -> dict[str, Any]:
    where = [{"path": "step", "op": "eq", "value": step}, {"path": "outcome", "op": "eq", "value": outcome}]
    return {"event": OUTCOME, "where": where, "next": to}


def find_paths(start: str, steps: Mapping[str, Mapping[str, Any]], most: int = MOST_PATHS) -> tuple[list[list[Way]], bool]:
    """The paths from the first step to the end, and whether they are all there are.

    Where there are more than `most`, they are as many as it takes to go every way once.
    """
    ways = ways_of(steps)
    found: list[list[Way]] = []
    for path in _every(start, ways):
        if len(found) == most:
            return _covering(start, ways), False
        found.append(path)
    return found, True


def _every(start: str, ways: Mapping[str, list[Way]]) -> Iterator[list[Way]]:
    todo: list[list[Way]] = [[way] for way in reversed(ways.get(start, []))] or [[]]
    while todo:
        path = todo.pop()
        following = ways.get(path[-1].to, []) if path and path[-1].to in ways else []
        if following:
            todo += [[*path, way] for way in reversed(following)]
        else:
            yield path


def _covering(start: str, ways: Mapping[str, list[Way]]) -> list[list[Way]]:
    """Paths that go every way that can be reached at least once: to each new one the shortest, then on by new ones."""
    shortest: dict[str, list[Way]] = {start: []}
    todo = [start]
    while todo:
        step = todo.pop(0)
        for way in ways.get(step, []):
            if way.to in ways and way.to not in shortest:
                shortest[way.to] = [*shortest[step], way]
                todo.append(way.to)
    gone: set[Way] = set()
    found: list[list[Way]] = []
    for step, before in shortest.items():
        for way in ways[step]:
            if way in gone:
                continue
            path = [*before, way]
            while path[-1].to in ways and ways[path[-1].to]:
                out = ways[path[-1].to]
                path.append(next((w for w in out if w not in gone), out[0]))
            gone.update(path)
            found.append(path)
    return found
