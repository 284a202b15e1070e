"""What is wrong with the steps of a journey, beyond the shape of each: all of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import DAY, parse_duration, parse_instant
from relance.consent.changes import CONSENT_EVENTS
from relance.events.names import OWN_NAMES, PROFILE_UPDATED, REACTIONS, REQUESTS
from relance.journeys.check_entry import check_entry
from relance.journeys.graph import END, StepGraph
from relance.journeys.slips import check_slips
from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_LIFETIME = 365 * DAY
# A reaction's name tells the channel of the message.
_CHANNEL_OF = {"Email ": "email", "Unsubscribed": "email", "SMS ": "sms", "Push ": "push", "In-App ": "in_app"}

# A step that told them would say what did not happen: nothing else of relance would know of it.
_TOLD_ELSEWHERE = OWN_NAMES | REACTIONS | CONSENT_EVENTS | REQUESTS | {PROFILE_UPDATED}


def check_journey(body: Mapping[str, Any], *, now: int | None = None) -> list[Problem]:
    """Problems of a journey's steps. Fields of a wrong shape are passed over: they are reported by their shape.

    Args:
        body: the definition.
        now: microseconds; when given, waits until what is past are warned of.
    """
    graph = StepGraph(body)
    return [
        *_check_targets(body, graph),
        *_check_order(graph),
        *_check_listeners(graph),
        *_check_splits(graph),
        *_check_actions(graph),
        *_check_lifetime(body, graph),
        *check_entry(body, now=now),
        *check_slips(body),
        *(_check_past(graph, now) if now is not None else ()),
    ]


def _names(graph: StepGraph) -> str:
    return ", ".join(f"`{name}`" for name in [*graph.steps, END][:20])


def _check_targets(body: Mapping[str, Any], graph: StepGraph) -> Iterator[Problem]:
    if graph.start is not None and graph.steps and graph.start not in graph.steps:
        yield Problem("unknown_step", f"there is no step `{graph.start}` to start with: name one of {_names(graph)}", "/start")
    for edges in graph.edges.values():
        for edge in edges:
            if edge.target not in graph.steps and edge.target != END:
                yield Problem("unknown_step", f"there is no step `{edge.target}`: name one of {_names(graph)}", edge.path)
    end = graph.steps.get(END)
    if end is not None and end.get("type") != "end":
        says = "`end` is what every journey ends with: give this step another name, or the type `end`"
        yield Problem("reserved_step", says, pointer("steps", END))
    steps = body.get("steps")
    if isinstance(steps, dict) and graph.start in graph.steps:
        reachable = graph.reachable(graph.start)
        for name in graph.steps:
            if name not in reachable:
                says = f"no way leads to `{name}`: let a step's `next` name it, or take it out"
                yield Problem("unreachable_step", says, pointer("steps", name), "warning")


def _check_order(graph: StepGraph) -> Iterator[Problem]:
    for circle in graph.cycles():
        says = f"the steps lead round in a circle, {' → '.join(circle)}: let one of them lead on or to `end`"
        yield Problem("step_cycle", says, pointer("steps", circle[-2]))


def _listeners(step: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    specs = step.get("for") if step.get("type") == "listen" else None
    return [(n, spec) for n, spec in enumerate(specs) if isinstance(spec, dict)] if isinstance(specs, list) else []


def _check_listeners(graph: StepGraph) -> Iterator[Problem]:
    for name, step in graph.steps.items():
        listeners = _listeners(step)
        for n, spec in listeners:
            named = spec.get("message")
            if isinstance(named, str):
                yield from _check_named_message(graph, name, named, spec, pointer("steps", name, "for", n, "message"))
        if step.get("since") == "message" and listeners and not all(spec.get("message") for _, spec in listeners):
            says = "`since: message` needs a `message` in every listener of the group: name it there, or say `step` or `enrollment`"
            yield Problem("since_without_message", says, pointer("steps", name, "since"))


def _check_named_message(graph: StepGraph, name: str, named: str, spec: Mapping[str, Any], path: str) -> Iterator[Problem]:
    message = graph.steps.get(named)
    if message is None or message.get("type") != "message" or named == name or name not in graph.reachable(named):
        why = (
            "there is no such step"
            if message is None
            else "it does not come before"
            if message.get("type") == "message"
            else (f"it is of the type {message.get('type')}")
        )
        says = f"`{named}` names no message sent before this step ({why}): name a step of the type message that leads here"
        yield Problem("message_not_earlier", says, path)
        return
    channels = message.get("channels") if isinstance(message.get("channels"), dict) else [message.get("channel")]
    event = str(spec.get("event"))
    spoken = next((channel for start, channel in _CHANNEL_OF.items() if event.startswith(start)), None)
    if event in REACTIONS and spoken is not None and channels and spoken not in channels:
        says = f"`{event}` never answers a message on {' or '.join(map(str, channels))}: name another step, or another event"
        yield Problem("other_channel", says, path, "warning")


def _check_splits(graph: StepGraph) -> Iterator[Problem]:
    for name, step in graph.steps.items():
        ways = step.get("paths") if step.get("type") == "split" else None
        percents = [way.get("percent") for way in ways if isinstance(way, dict)] if isinstance(ways, list) else []
        numbers = [p for p in percents if isinstance(p, (int, float)) and not isinstance(p, bool)]
        if percents and len(numbers) == len(percents) and abs(sum(numbers) - 100) > 1e-9:
            says = f"the percents make {sum(numbers):g}: they must make 100"
            yield Problem("bad_percents", says, pointer("steps", name, "paths"))


def _check_actions(graph: StepGraph) -> Iterator[Problem]:
    for name, step in graph.steps.items():
        if step.get("type") == "update_profile" and not step.get("set") and not step.get("unset"):
            says = "nothing changes here: say in `set` or `unset` what does"
            yield Problem("missing_field", says, pointer("steps", name))
        elif step.get("type") == "track" and step.get("event") in _TOLD_ELSEWHERE:
            says = f"`{step['event']}` is told by relance, or by whoever reacts to a message: track another event"
            yield Problem("reserved_event", says, pointer("steps", name, "event"))


def _check_lifetime(body: Mapping[str, Any], graph: StepGraph) -> Iterator[Problem]:
    given = body.get("lifetime", "365d")
    lifetime = (parse_duration(given) if isinstance(given, str) and len(given) <= 20 else None) or DEFAULT_LIFETIME
    for name, earliest in graph.least_time_to().items():
        step = graph.steps[name]
        key = "for" if step.get("type") == "wait" else "timeout" if step.get("type") == "listen" else ""
        length = step.get(key)
        wait = parse_duration(length) if isinstance(length, str) and len(length) <= 20 else None
        if wait is not None and earliest + wait > lifetime:
            before = f", after {earliest / DAY:g} d of waiting before it," if earliest else ""
            says = f"{length}{before} does not fit the lifetime of {given}: make it shorter, or `lifetime` longer"
            yield Problem("wait_beyond_lifetime", says, pointer("steps", name, key))


def _check_past(graph: StepGraph, now: int) -> Iterator[Problem]:
    for name, step in graph.steps.items():
        until = step.get("until") if step.get("type") == "wait" else None
        at = parse_instant(until)
        if at is not None and at < now:
            says = f"{until} is past, so nobody waits here: name a later instant, or take the step out"
            yield Problem("wait_in_the_past", says, pointer("steps", name, "until"), "warning")


def check_message(step: Mapping[str, Any], path: str, templates: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Does each channel of a message have a template that is made for it, and ready?

    Args:
        step: a message step, or a campaign's message.
        path: its JSON pointer.
        templates: the definitions of templates, by id. One that is not among them is passed over.
    """
    channels = step.get("channels")
    if isinstance(channels, dict):
        pairs = [(channel, name, path + pointer("channels", channel)) for channel, name in channels.items()]
    else:
        pairs = [(step.get("channel"), step.get("template"), path + "/template")]
    for channel, name, at in pairs:
        template = templates.get(name) if isinstance(name, str) else None
        if template is None or not isinstance(channel, str):
            continue
        if template.get("channel") != channel:
            says = f"the template `{name}` is for {template.get('channel')}, not for {channel}: name another, or change the channel"
            yield Problem("template_channel_mismatch", says, at)
        if template.get("status", "ready") != "ready":
            says = f"the template `{name}` is a {template.get('status')}: give it `status: ready` when it may be sent"
            yield Problem("template_not_ready", says, at)


def find_messages(body: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The message steps of a journey, with their JSON pointers."""
    for name, step in StepGraph(body).steps.items():
        if step.get("type") == "message":
            yield step, pointer("steps", name)
