"""Journeys that start each other at one instant, over and over: found in the definitions, before anybody walks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration
from relance.conditions.clauses import all_match, clause_of
from relance.events.names import JOURNEY_ENDED, JOURNEY_ENTERED
from relance.journeys.graph import END, StepGraph
from relance.localtime import UTC_ZONE
from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHOOSING = ("branch", "split")


@dataclass(frozen=True, slots=True)
class _Start:
    """One journey starts another, itself perhaps, and nobody rests in between."""

    by: str
    journey: str
    path: str  # JSON pointer into the one that starts the other
    by_event: bool  # by then it has ended itself, so it can be started again
    always: bool  # nobody takes another way


def check_loops(bodies: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Problem]]:
    """Circles of journeys, each told once: the id of the journey, and the problem.

    Args:
        bodies: all journeys by id, faulty ones too: what is of a wrong shape is passed over.
    """
    starts = {name: list(_starts(name, body, bodies)) for name, body in bodies.items()}
    told: set[frozenset[str]] = set()
    for name in bodies:
        circle = _find_circle(name, starts)
        members = frozenset(start.by for start in circle)
        if circle and members not in told:
            told.add(members)
            yield name, _describe(circle)


def _describe(circle: list[_Start]) -> Problem:
    names = " → ".join(f"`{start.by}`" for start in [*circle, circle[0]])
    path = circle[0].path
    if not any(start.by_event for start in circle):
        says = f"{names} start each other, but who is still in a journey is not let in again: take one of the starts out"
        return Problem("journey_loop", says, path, "warning")
    if all(start.always for start in circle):
        says = f"{names} start each other without end: put a `wait` or `listen` between, or set `reentry`"
        return Problem("journey_loop", says, path)
    says = f"{names} may start each other over and over at one instant: put a `wait` or `listen` between, or set `reentry`"
    return Problem("journey_loop", says, path, "warning")


def _find_circle(name: str, starts: Mapping[str, list[_Start]]) -> list[_Start]:
    """The shortest way from a journey back to itself."""
    ways: list[list[_Start]] = [[start] for start in starts[name]]
    seen: set[str] = set()
    while ways:
        longer: list[list[_Start]] = []
        for way in ways:
            last = way[-1].journey
            if last == name:
                return way
            if last not in seen:
                seen.add(last)
                longer += [[*way, start] for start in starts.get(last, ())]
        ways = longer
    return []


def _starts(name: str, body: Mapping[str, Any], bodies: Mapping[str, Mapping[str, Any]]) -> Iterator[_Start]:
    graph = StepGraph(body)
    passed = _passed_at_once(graph)
    told: list[tuple[str, Mapping[str, Any], str]] = []
    always = _has_one_way(graph)
    if passed:
        ended = {"journey": name, "status": "finished", "reason": None}
        told = [(JOURNEY_ENTERED, {"journey": name}, "/entry"), (JOURNEY_ENDED, ended, "/entry")]
    for step_id in (step_id for step_id in graph.steps if step_id in passed):
        step = graph.steps[step_id]
        if step.get("type") == "track" and isinstance(step.get("event"), str):
            properties = step.get("properties")
            told.append((step["event"], properties if isinstance(properties, dict) else {}, pointer("steps", step_id)))
        elif step.get("type") == "start_journey" and _lets_in_again(bodies.get(str(step.get("journey")))):
            yield _Start(name, str(step["journey"]), pointer("steps", step_id), by_event=False, always=always)
    for event, properties, path in told:
        for other, waiting in bodies.items():
            if _lets_in_again(waiting) and _is_started_by(waiting, event, properties):
                yield _Start(name, other, path, by_event=True, always=always)


def _lets_in_again(body: Mapping[str, Any] | None) -> bool:
    if body is None:
        return False
    entry = body.get("entry")
    kind = entry.get("type") if isinstance(entry, dict) else None
    return bool(body.get("reentry", "always" if kind in ("event", "api") else "once") == "always")


def _is_started_by(body: Mapping[str, Any], event: str, properties: Mapping[str, Any]) -> bool:
    entry = body.get("entry")
    if not isinstance(entry, dict) or entry.get("type") != "event" or entry.get("event") != event:
        return False
    where = entry.get("where") or []
    try:
        return all_match(tuple(map(clause_of, where)), properties, 0, UTC_ZONE)
    except (KeyError, TypeError, ValueError, AttributeError):  # a clause of a wrong shape is told elsewhere
        return False


def _is_instant(step: Mapping[str, Any]) -> bool:
    """Whether people may pass a step without resting there. Who hands a message over often does."""
    if step.get("type") == "wait":
        length = step.get("for")
        return isinstance(length, str) and len(length) <= 20 and parse_duration(length) == 0
    return step.get("type") != "listen"


def _passed_at_once(graph: StepGraph) -> set[str]:
    """The steps that lie on a way from the start to the end on which nobody rests."""
    before: set[str] = set()
    todo = [graph.start] if graph.start in graph.steps else []
    while todo:
        name = todo.pop()
        if name not in before and name is not None and _is_instant(graph.steps[name]):
            before.add(name)
            todo += graph.following(name)
    leading: dict[str, list[str]] = {}
    after: set[str] = set()
    last: list[str] = []
    for name in before:
        for target in graph.following(name):
            leading.setdefault(target, []).append(name)
        if _may_end(graph, name):
            last.append(name)
    while last:
        name = last.pop()
        if name not in after:
            after.add(name)
            last += leading.get(name, ())
    return after


def _may_end(graph: StepGraph, name: str) -> bool:
    step = graph.steps[name]
    if step.get("type") == "end" or (END not in graph.steps and any(edge.target == END for edge in graph.edges[name])):
        return True
    if step.get("type") not in _CHOOSING:
        return "next" not in step
    choices = step.get("when") or step.get("paths") or []
    return any(isinstance(choice, dict) and "next" not in choice for choice in choices)  # without `next` it is the end


def _has_one_way(graph: StepGraph) -> bool:
    """Whether all people go the same way through a journey, and rest nowhere."""
    return all(
        _is_instant(step) and step.get("type") not in _CHOOSING and len(graph.edges[name]) <= 1
        for name, step in graph.steps.items()
    )
