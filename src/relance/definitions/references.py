"""What definitions name: is it there, and does nothing refer to itself by a detour?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from relance.conditions.answers import CAMPAIGN_STEP
from relance.definitions.shapes.core import Reference
from relance.definitions.shapes.sentences import did_you_mean, suggest
from relance.events import names
from relance.predictions.modes import BUILT_ONCE
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relance.definitions.document import Document

_NOUNS = {"segment": "segment", "template": "template", "journey": "journey", "prediction": "prediction"}
_SPOKEN = frozenset(value for name, value in vars(names).items() if name.isupper() and isinstance(value, str))


class Known:
    """Everything that may be named, by kind and id; the first of two definitions counts."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.bodies: dict[str, dict[str, Mapping[str, Any]]] = {}
        for document in documents:
            if document.kind is not None and document.id is not None:
                self.bodies.setdefault(document.kind, {}).setdefault(document.id, document.body)

    @property
    def templates(self) -> Mapping[str, Mapping[str, Any]]:
        """The definitions of templates, by id."""
        return self.bodies.get("template", {})

    @cached_property
    def registered_events(self) -> frozenset[str]:
        return frozenset(str(body.get("name")) for body in self.bodies.get("event", {}).values())

    @cached_property
    def drafted_events(self) -> frozenset[str]:
        """Events that are made out of others once they are published, and are not."""
        events = self.bodies.get("event", {}).values()
        drafts = {str(e.get("name")) for e in events if e.get("rule") and e.get("status", "published") == "draft"}
        return frozenset(drafts - {str(e.get("name")) for e in events if e.get("status", "published") == "published"})

    @cached_property
    def events(self) -> frozenset[str]:
        """The names of registered events, of Segment's specs and of our own."""
        return self.registered_events | _SPOKEN | frozenset(names.SEGMENT_SPEC)


def check_references(references: Iterable[Reference], known: Known) -> Iterator[Problem]:
    """A problem for each name that names nothing."""
    for reference in references:
        if reference.kind == "event":
            yield from _check_event(reference, known)
        elif reference.kind == "source":
            kind, _, name = reference.name.partition(":")
            yield from _check_name(Reference(kind, name, reference.path), known)
        else:
            yield from _check_name(reference, known)


def _check_name(reference: Reference, known: Known) -> Iterator[Problem]:
    there = known.bodies.get(reference.kind, {})
    if reference.name not in there:
        says = f"there is no {reference.kind} `{reference.name}`: {did_you_mean(reference.name, there)}"
        yield Problem(f"unknown_{reference.kind}", says, reference.path)
    elif reference.kind == "prediction":
        yield from _check_prediction(reference, there[reference.name])


def _check_prediction(reference: Reference, body: Mapping[str, Any]) -> Iterator[Problem]:
    """Previews and demos are there to be looked at; of others it is told when their scores are not those of today."""
    mode = body.get("mode", "draft")
    if mode in BUILT_ONCE:
        says = f"the prediction `{reference.name}` is a {mode}, which can be looked at, not targeted: set its `mode` to active"
        yield Problem("prediction_not_targetable", says, reference.path)
    elif mode == "draft":
        says = f"the prediction `{reference.name}` is a draft: nobody has a score until its `mode` is active"
        yield Problem("prediction_is_draft", says, reference.path, "warning")
    elif mode == "archived":
        says = f"the prediction `{reference.name}` is archived: its scores stay as they were when it was"
        yield Problem("stale_prediction", says, reference.path, "warning")


def _check_event(reference: Reference, known: Known) -> Iterator[Problem]:
    """Events need not be registered; a name that is close to a known one is likely a slip, and so is one beside registered ones."""
    if reference.name in known.drafted_events:
        says = f"the event `{reference.name}` is a draft, so none is made out of others: give it `status: published`"
        yield Problem("event_not_published", says, reference.path, "warning")
    if reference.name in known.events:
        return
    close = suggest(reference.name, known.events, closeness=0.85)
    if close or known.registered_events:
        hint = f"did you mean `{close}`?" if close else "register it with `kind: event` if it is right"
        yield Problem("unknown_event", f"no event `{reference.name}` is registered: {hint}", reference.path, "warning")


def check_named_steps(conditions: Iterable[tuple[Any, str]], known: Known) -> Iterator[Problem]:
    """A warning for each step in a condition that its journey has not, and each amount that its prediction does not foretell.

    An earlier version may have had it.

    Args:
        conditions: the outermost ones, each with its place.
        known: the journeys that may be named.
    """
    todo = list(conditions)
    while todo:
        condition, path = todo.pop(0)
        if not isinstance(condition, dict):
            continue
        of = condition.get("of")
        if isinstance(of, list):
            todo += [(part, f"{path}/of/{n}") for n, part in enumerate(of)]
        elif of is not None:
            todo.append((of, f"{path}/of"))
        yield from _check_amount(condition, path, known)
        source, step = _source_of(condition), condition.get("step")
        steps = None if source is None or step is None else _steps_of(source, known)
        if steps is not None and step not in steps:
            says = f"`{source}` has no step `{step}`: {did_you_mean(str(step), steps)}"
            yield Problem("unknown_step", says, f"{path}/step", "warning")


def _check_amount(condition: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    if condition.get("type") != "predicted" or "value" not in condition:
        return
    name = str(condition.get("prediction"))
    target = known.bodies.get("prediction", {}).get(name, {}).get("target")
    if isinstance(target, dict) and "value" not in target:
        says = f"the prediction `{name}` foretells no amounts, so nobody has one: ask its `score`, or give it `target: {{value: ...}}`"
        yield Problem("prediction_without_value", says, f"{path}/value", "warning")


def _source_of(condition: Mapping[str, Any]) -> str | None:
    if condition.get("type") == "message":
        return str(condition.get("source"))
    return f"journey:{condition.get('journey')}" if condition.get("type") == "journey" else None


def _steps_of(source: str, known: Known) -> list[str] | None:
    """The steps of a journey or campaign; None when there is no such thing, which is told elsewhere."""
    kind, _, name = source.partition(":")
    body = known.bodies.get(kind, {}).get(name)
    if body is None:
        return None
    steps = body.get("steps") if kind == "journey" else (CAMPAIGN_STEP,)
    return list(steps) if isinstance(steps, (dict, tuple)) else None


def check_segment_cycles(checked: Iterable[tuple[Document, Sequence[Reference]]]) -> Iterator[Problem]:
    """An error at each segment that contains itself by a detour."""
    named: dict[str, list[Reference]] = {}
    documents: dict[str, Document] = {}
    for document, references in checked:
        if document.kind == "segment" and document.id is not None:
            named.setdefault(document.id, [r for r in references if r.kind == "segment"])
            documents.setdefault(document.id, document)
    done: set[str] = set()
    for first in named:
        way: dict[str, None] = {}  # in order
        todo: list[tuple[str, Reference | None, bool]] = [(first, None, True)]
        while todo:
            segment, by, enter = todo.pop()
            if not enter:
                del way[segment]
                done.add(segment)
            elif segment in way and by is not None:
                steps = list(way)
                circle = " → ".join([*steps[steps.index(segment) :], segment])
                says = f"the segments contain each other in a circle, {circle}: take one of these conditions out"
                yield documents[steps[-1]].problem(Problem("segment_cycle", says, by.path))
            elif segment in named and segment not in done:
                way[segment] = None
                todo.append((segment, None, False))
                todo += [(reference.name, reference, True) for reference in named[segment]]
