"""What a journey's definition may say, and what hardly anybody means by it: warnings, each with what was meant.

A warning that is wrong costs more than one that is missing: each of these holds on every way through the journey.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.events.names import MESSAGE_BLOCKED, REACTIONS, SENT
from relance.journeys.graph import StepGraph
from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# How the names of events about messages begin, by channel.
_BEGINNINGS = {"email": ("Email ",), "sms": ("SMS ",), "push": ("Push Notification ",), "in_app": ("In-App Message ",)}
_ABOUT_MESSAGES = REACTIONS | set(SENT.values()) | {MESSAGE_BLOCKED}
# Traits that are addresses, and the channels that write to them.
_ADDRESSES = {"email": {"email"}, "phone": {"sms"}}


def check_slips(body: Mapping[str, Any]) -> list[Problem]:
    """Suspicions about one journey. Fields of a wrong shape are passed over: they are reported by their shape."""
    graph = StepGraph(body)
    return [
        *_check_deaf_listeners(body, graph),
        *_check_early_events(graph),
        *_check_branches(graph),
        *_check_splits(graph),
        *_check_addresses(graph),
        *_check_goals(body, graph),
    ]


def _listeners(step: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    specs = step.get("for") if step.get("type") == "listen" else None
    return [(n, spec) for n, spec in enumerate(specs) if isinstance(spec, dict)] if isinstance(specs, list) else []


def _signal(spec: Mapping[str, Any]) -> str:
    """What an exit, a goal or a listener waits for, in a form that is equal for equal ones."""
    named = {k: spec[k] for k in ("event", "segment_entered", "segment_left") if k in spec}
    return _text([named, spec.get("where") or []])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _check_deaf_listeners(body: Mapping[str, Any], graph: StepGraph) -> Iterator[Problem]:
    """An exit comes before a listener (SEMANTICS 2), and of two listeners the first wins."""
    exits = (
        [spec for spec in body.get("exit_on") or () if isinstance(spec, dict)] if isinstance(body.get("exit_on"), list) else []
    )
    whole = {_signal(spec) for spec in exits}
    for name, step in graph.steps.items():
        seen: dict[str, int] = {}
        for n, spec in _listeners(step):
            path = pointer("steps", name, "for", n)
            if _signal(spec) in whole or _signal({**spec, "where": []}) in whole:
                says = "`exit_on` waits for the same and comes first, so this listener hears nothing: take one of them out"
                yield Problem("listener_never_hears", says, path, "warning")
            key = _text([_signal(spec), spec.get("message")])
            if key in seen:
                says = f"the listener {seen[key] + 1} of this step waits for the same and wins, so this one hears nothing: take it out"
                yield Problem("listener_never_hears", says, path, "warning")
            seen.setdefault(key, n)


def _check_early_events(graph: StepGraph) -> Iterator[Problem]:
    """A listener right behind a wait hears nothing of the wait, unless `since` says so."""
    before: dict[str, list[str]] = {}
    for name, edges in graph.edges.items():
        for edge in edges:
            before.setdefault(edge.target, []).append(name)
    reachable = graph.reachable(graph.start)
    for name, step in graph.steps.items():
        listeners = _listeners(step)
        if not listeners or "since" in step or all(spec.get("message") for _, spec in listeners):
            continue
        leading = [b for b in before.get(name, ()) if b in reachable]
        waits = [b for b in leading if graph.steps[b].get("type") == "wait" and _follows_message(graph, b, before)]
        if leading and len(waits) == len(leading):
            says = (
                f"what happens during `{waits[0]}`, after the message, is not heard here: say `since: enrollment` if it should count, "
                "or `since: step` if it should not"
            )
            yield Problem("event_before_listener", says, pointer("steps", name), "warning")


def _follows_message(graph: StepGraph, name: str, before: Mapping[str, list[str]]) -> bool:
    leading = before.get(name, [])
    return bool(leading) and all(graph.steps[b].get("type") == "message" for b in leading)


def _check_branches(graph: StepGraph) -> Iterator[Problem]:
    for name, step in graph.steps.items():
        choices = step.get("when") if step.get("type") == "branch" else None
        seen: dict[str, int] = {}
        takes_all: int | None = None
        for n, choice in enumerate(choices if isinstance(choices, list) else ()):
            where = choice.get("where") if isinstance(choice, dict) else None
            if not isinstance(where, dict):
                continue
            path = pointer("steps", name, "when", n)
            key = _text(where)
            if takes_all is not None:
                says = (
                    f"the condition {takes_all + 1} holds for everyone, so nobody comes this way: put it last, or take it out"
                )
                yield Problem("branch_never_taken", says, path, "warning")
            elif key in seen:
                says = f"this is the condition {seen[key] + 1} again, which wins: nobody comes this way"
                yield Problem("branch_never_taken", says, path, "warning")
            elif where.get("type") == "any" and where.get("of") == []:
                says = "`any` of nothing holds for nobody: say of what, or take this way out"
                yield Problem("branch_never_taken", says, path, "warning")
            seen.setdefault(key, n)
            if takes_all is None and where.get("type") == "all" and where.get("of") == []:
                takes_all = n


def _check_splits(graph: StepGraph) -> Iterator[Problem]:
    for name, step in graph.steps.items():
        ways = step.get("paths") if step.get("type") == "split" else None
        for n, way in enumerate(ways if isinstance(ways, list) else ()):
            if isinstance(way, dict) and way.get("percent") == 0 and not isinstance(way["percent"], bool):
                says = "0 percent: nobody goes this way; give it a share, or take it out"
                yield Problem("path_of_nobody", says, pointer("steps", name, "paths", n, "percent"), "warning")


def _check_addresses(graph: StepGraph) -> Iterator[Problem]:
    for name, step in graph.steps.items():
        to, channel = step.get("to"), step.get("channel")
        if step.get("type") != "message" or not isinstance(to, str) or not isinstance(channel, str):
            continue
        trait = to.removeprefix("profile.").removeprefix("traits.") if to.startswith("profile.") else ""
        if trait in _ADDRESSES and channel in {"email", "sms"} and channel not in _ADDRESSES[trait]:
            says = f"`{to}` is no address for {channel}: name another trait, or leave `to` out"
            yield Problem("address_of_other_channel", says, pointer("steps", name, "to"), "warning")


def _check_goals(body: Mapping[str, Any], graph: StepGraph) -> Iterator[Problem]:
    """A goal that wants an answer to this journey's own messages on a channel on which it sends none."""
    found = body.get("goal")
    goals = found if isinstance(found, list) else [found]
    sent: set[str] = set()
    for step in graph.steps.values():
        if step.get("type") == "message":
            channels = step.get("channels")
            sent |= set(channels) if isinstance(channels, dict) else {str(step.get("channel"))}
    for n, goal in enumerate(goals):
        event = goal.get("event") if isinstance(goal, dict) else None
        if not isinstance(event, str) or event not in _ABOUT_MESSAGES or not _is_of(goal, body.get("id")):
            continue
        channel = next((c for c, begins in _BEGINNINGS.items() if event.startswith(begins)), None)
        if channel is not None and channel not in sent:
            says = (
                f"this journey sends nothing by {channel}, so `{event}` never answers it: name another event, or send something"
            )
            path = pointer("goal", n, "event") if isinstance(found, list) else pointer("goal", "event")
            yield Problem("goal_never_fires", says, path, "warning")


def _is_of(goal: Mapping[str, Any], name: object) -> bool:
    """Whether a goal counts answers to this journey alone."""
    where = goal.get("where")
    clauses = [c for c in where if isinstance(c, dict)] if isinstance(where, list) else []
    return any(c.get("path") == "journey" and c.get("op") == "eq" and c.get("value") == name for c in clauses)
