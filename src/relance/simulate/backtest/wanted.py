"""What a backtest has to know: which definitions run, which events it passes on, what its conditions look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.conditions import model
from relance.conditions.answers import reactions_of
from relance.conditions.nesting import put_segments
from relance.conditions.read import parse_condition
from relance.consent.changes import CONSENT_EVENTS
from relance.consent.suppress import SUPPRESSING_EVENTS
from relance.definitions.document import Document
from relance.errors import InvalidInput, NotFound
from relance.events.names import JOURNEY_REQUESTED, SEGMENT_ENTERED, SEGMENT_LEFT
from relance.journeys.flows import watched_segments
from relance.journeys.history import Asked, find_asked, find_objects
from relance.journeys.model import read_version
from relance.journeys.rules import Rulebook
from relance.segments.flow import watch
from relance.segments.judge import make_compiler
from relance.workspace import Workspace, build_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relance.journeys.model import Rule, Version
    from relance.segments.flow import Watched

FLOWS = frozenset({SEGMENT_ENTERED, SEGMENT_LEFT})
_SEGMENT_WORDS = ("segment", "segment_entered", "segment_left")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What matters to one journey."""

    journey: str
    documents: tuple[Document, ...]  # all that runs, or is named by what runs
    archived: Mapping[str, int]  # segments, and since when
    journeys: frozenset[str]  # the journey, and those that it starts
    entry: tuple[Rule, ...]  # by which people may enter it; none where everybody may
    names: frozenset[str] | None  # of the events that some rule may wait for; None: of all
    moving: frozenset[str]  # of those that may change who is in a segment that somebody waits for, or what people agreed to
    answers: frozenset[str]  # of those that are heard as answers to messages alone
    asked: frozenset[str]  # of the events that conditions look at
    derived: frozenset[str]  # of those that are made anew
    everybody: bool  # whether anybody may matter
    updates: bool  # whether traits change by what the journey does
    limited: bool  # whether the journey lets in so many and no more
    others: Asked  # of which journeys and campaigns conditions want to know what became
    lists: frozenset[str]
    predictions: frozenset[str]

    @property
    def shared(self) -> bool:
        """Whether people are independent of each other: no event becomes somebody else's, and no place is taken by another."""
        return not self.derived and not self.limited

    @property
    def source(self) -> str:
        return f"journey:{self.journey}"


def find_wanted(
    journey: str, published: Sequence[Document], drafts: Sequence[Document], archived: Mapping[str, int] | None = None
) -> Wanted:
    """Find what matters to a journey.

    Args:
        journey: its id.
        published: the definitions in force.
        drafts: checked ones that stand in for them, the journey itself among them, or not when it is published.
        archived: segments that are archived, and since when.

    Raises:
        NotFound: there is no such journey.
    """
    known = {_key(d.body): d.body for d in (*published, *drafts)}
    if ("journey", journey) not in known:
        msg = f"there is no journey {journey!r}: publish it, or give its draft"
        raise NotFound(msg)
    running = _called(journey, known)
    bodies = [*running.values(), *_by_kind(known, "settings"), *_by_kind(known, "template")]
    segments = _named_segments(running.values(), known)
    derived = _named_derived([*running.values(), *segments.values()], known)
    bodies += [*segments.values(), *derived.values()]
    archived = {name: at for name, at in (archived or {}).items() if name in segments}
    workspace = build_workspace(bodies)
    workspace = Workspace(
        workspace.settings, workspace.segments, archived, workspace.templates, workspace.derived_events,
        workspace.event_names, workspace.journeys,
    )  # fmt: skip
    versions = [read_version(n, "journey", body, {}) for n, body in enumerate(running.values(), start=1)]
    rules = Rulebook(versions, [v.version_id for v in versions], workspace.derived_events)
    conditions = make_compiler(workspace)
    watched = watch(conditions.segments, conditions.settings, _watched(rules, workspace, conditions.segments))
    leaves = list(_leaves(versions, watched, conditions.segments))
    asked = set(_names_asked(leaves))
    remade = frozenset(d.name for d in workspace.derived_events)
    entry = tuple(rule for rule in versions[0].rules if rule.role == "entry")
    others = find_asked([workspace.segments, running])
    return Wanted(
        journey=journey,
        documents=tuple(Document(body) for body in bodies),
        archived=archived,
        journeys=frozenset(running),
        entry=entry,
        names=_names_passed(rules, watched, workspace, asked),
        moving=CONSENT_EVENTS | watched.names | (SUPPRESSING_EVENTS if watched else frozenset()),
        answers=_answers(versions),
        asked=frozenset(asked),
        derived=remade,
        everybody=not entry
        or versions[0].schedule is not None
        or any(rule.event in FLOWS | remade for rule in entry)
        or any(derived.namespace for derived in workspace.derived_events),
        updates=any(step.kind == "update_profile" for version in versions for step in version.steps),
        limited=any(bool(version.limits) or version.rate is not None for version in versions),
        others=others,
        lists=frozenset(
            [leaf.list_id for leaf in leaves if isinstance(leaf, model.InList)] + [model.ARCHIVE_PREFIX + s for s in archived]
        ),
        predictions=frozenset(leaf.prediction for leaf in leaves if isinstance(leaf, model.Predicted)),
    )


def _answers(versions: Iterable[Version]) -> frozenset[str]:
    """Events for which steps listen as answers to their messages, and nothing waits for otherwise."""
    rules = [rule for version in versions for rule in version.rules]
    return frozenset(r.event for r in rules if r.message_step is not None) - {r.event for r in rules if r.message_step is None}


def _key(body: Mapping[str, Any]) -> tuple[str, str]:
    return str(body["kind"]), str(body.get("id", ""))


def _by_kind(known: Mapping[tuple[str, str], Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [body for (of, _), body in sorted(known.items()) if of == kind]


def _called(journey: str, known: Mapping[tuple[str, str], Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The journey, and those that it starts: these let in nobody else."""
    found: dict[str, Mapping[str, Any]] = {journey: known["journey", journey]}
    todo = [journey]
    while todo:
        for step in found[todo.pop()]["steps"].values():
            name = step.get("journey") if step.get("type") == "start_journey" else None
            if name is None or name in found:
                continue
            if ("journey", name) not in known:
                msg = f"the journey {name!r}, which is started by a step, is not there"
                raise InvalidInput(msg, problems=[msg])
            body = known["journey", name]
            by_segment = body["entry"]["type"] in ("segment", "segment_entered")
            found[name] = {"reentry": "once" if by_segment else "always", **body, "entry": {"type": "api"}}
            todo.append(name)
    return found


def _named_segments(
    bodies: Iterable[Mapping[str, Any]], known: Mapping[tuple[str, str], Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The segments that definitions name, and those that these name."""
    found: dict[str, Mapping[str, Any]] = {}
    todo = list(bodies)
    if any(part.get("event") in FLOWS for part in find_objects(list(todo))):  # of whatever segment
        todo += _by_kind(known, "segment")
        found |= {body["id"]: body for body in todo if body["kind"] == "segment"}
    while todo:
        for part in find_objects([todo.pop()]):
            for word in _SEGMENT_WORDS:
                name = part.get(word)
                if isinstance(name, str) and name not in found and ("segment", name) in known:
                    found[name] = known["segment", name]
                    todo.append(found[name])
            named = part.get("value") if part.get("path") == "segment" else None
            for name in named if isinstance(named, (list, tuple)) else [named]:
                if isinstance(name, str) and name not in found and ("segment", name) in known:
                    found[name] = known["segment", name]
                    todo.append(found[name])
    return dict(sorted(found.items()))


def _named_derived(
    bodies: Iterable[Mapping[str, Any]], known: Mapping[tuple[str, str], Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The derived events that definitions name."""
    named = {part["event"] for part in find_objects(list(bodies)) if isinstance(part.get("event"), str)}
    return {body["id"]: body for body in _by_kind(known, "event") if body.get("rule") and body["name"] in named}


def _watched(rules: Rulebook, workspace: Workspace, conditions: Mapping[str, model.Condition]) -> Iterable[str]:
    found = watched_segments(rules, workspace)
    return conditions if found is None else found


def _leaves(
    versions: Iterable[Version], watched: Watched, segments: Mapping[str, model.Condition]
) -> Iterator[model.Condition]:
    """The conditions that may be asked, taken apart."""
    bodies = [c for v in versions for step in v.steps for c, _ in step.when]
    bodies += [v.audience for v in versions if v.audience is not None]
    asked = [parse_condition(body) for body in bodies] + [model.InSegment(s) for s in watched.segments]
    for condition in asked:
        yield from model.walk(put_segments(condition, segments))


def _names_asked(leaves: Iterable[model.Condition]) -> Iterator[str]:
    for leaf in leaves:
        if isinstance(leaf, model.Did):
            yield leaf.event
        elif isinstance(leaf, model.Sequence):
            yield from (step.event for step in leaf.steps)
        elif isinstance(leaf, model.Message):
            yield from reactions_of(leaf.statuses)


def _names_passed(rules: Rulebook, watched: Watched, workspace: Workspace, asked: set[str]) -> frozenset[str] | None:
    """The events that the engine must see, beside the changes of people."""
    names = {*rules.watches, *watched.names, *CONSENT_EVENTS}
    if watched:
        names |= SUPPRESSING_EVENTS
    for derived in workspace.derived_events:
        if derived.name in names | asked:
            if derived.rule_event == "*":
                return None
            names.add(derived.rule_event)
    return frozenset(names - FLOWS) | ({JOURNEY_REQUESTED} if JOURNEY_REQUESTED in rules.watches else frozenset())
