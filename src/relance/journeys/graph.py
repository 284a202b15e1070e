"""The steps of a journey as a graph: its edges, what comes before what, how long the way is at least.

Reads bodies as they were written, faulty ones too: what is not there or of another type is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration
from relance.problems import pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

END = "end"
_TARGETS = ("next", "on_blocked", "on_failed", "on_timeout", "otherwise")
_CHOICES = ("for", "when", "paths")


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a step to another."""

    start: str
    target: str
    path: str  # JSON pointer of the target's name
    at_least: int  # microseconds a person stays at `start` who leaves this way


def find_edges(name: str, step: Mapping[str, Any]) -> list[Edge]:
    """The ways out of a step, those to the end too."""
    at = pointer("steps", name)
    stay = _duration(step.get("for")) if step.get("type") == "wait" else 0
    found = []
    for key in _TARGETS:
        if isinstance(step.get(key), str):
            wait = _duration(step.get("timeout")) if key == "on_timeout" else stay
            found.append(Edge(name, step[key], f"{at}/{key}", wait))
    for key in _CHOICES:
        choices = step.get(key)
        for n, choice in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(choice, dict) and isinstance(choice.get("next"), str):
                found.append(Edge(name, choice["next"], f"{at}/{key}/{n}/next", 0))
    return found


def _duration(value: object) -> int:
    return max(0, parse_duration(value) or 0) if isinstance(value, str) and len(value) <= 20 else 0


class StepGraph:
    """The steps of one journey."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        steps = body.get("steps")
        self.steps: dict[str, Mapping[str, Any]] = {
            name: step for name, step in (steps.items() if isinstance(steps, dict) else ()) if isinstance(step, dict)
        }
        self.start: str | None = body["start"] if isinstance(body.get("start"), str) else None
        self.edges = {name: find_edges(name, step) for name, step in self.steps.items()}

    def following(self, name: str) -> list[str]:
        """The steps that may come next."""
        return [edge.target for edge in self.edges.get(name, ()) if edge.target in self.steps]

    def reachable(self, name: str | None) -> set[str]:
        """A step and all that may come after it."""
        found: set[str] = set()
        todo = [name] if name in self.steps else []
        while todo:
            step = todo.pop()
            if step not in found:
                found.add(step)
                todo += self.following(step)
        return found

    def cycles(self) -> list[list[str]]:
        """Circles of steps, each once, from a step back to itself."""
        found: list[list[str]] = []
        done: set[str] = set()
        for first in self.steps:
            way: list[str] = []
            on_way: set[str] = set()
            todo: list[tuple[str, bool]] = [(first, True)]
            while todo:
                step, enter = todo.pop()
                if not enter:
                    way.pop()
                    on_way.discard(step)
                    done.add(step)
                elif step in on_way:
                    found.append([*way[way.index(step) :], step])
                elif step not in done:
                    way.append(step)
                    on_way.add(step)
                    todo.append((step, False))
                    todo += [(target, True) for target in reversed(self.following(step))]
        return found

    def least_time_to(self) -> dict[str, int]:
        """For each step that can be reached, how long after entry a person is there at the earliest.

        Units: microseconds.
        """
        if self.start is None or self.start not in self.steps:
            return {}
        best: dict[str, int] = {}
        todo = [(0, self.start)]
        while todo:
            at, step = heappop(todo)
            if step not in best:
                best[step] = at
                for edge in self.edges[step]:
                    if edge.target in self.steps:
                        heappush(todo, (at + edge.at_least, edge.target))
        return best
