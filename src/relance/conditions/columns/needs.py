"""What some conditions read of a profile, so that it can be read once for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.clauses import DATE_OPS
from relance.conditions.scores import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relance.conditions.clauses import Clause


@dataclass(slots=True)
class Needs:
    """The leaves of some conditions, and what they read."""

    leaves: dict[str, model.Condition] = field(default_factory=dict)  # by their text: 1 is not True there
    others: dict[str, model.Condition] = field(default_factory=dict)  # leaves that are asked one by one
    names: dict[str, int | None] = field(default_factory=dict)  # of events, with how far back they count; None: for ever
    properties: dict[str, set[str]] = field(default_factory=dict)  # first keys of paths, with the names of the events
    traits: set[str] = field(default_factory=set)  # first keys of paths
    consents: set[tuple[str | None, str]] = field(default_factory=set)  # channels and groups
    channels: set[str] = field(default_factory=set)  # whose addresses count
    lists: set[str] = field(default_factory=set)
    predictions: set[str] = field(default_factory=set)
    score_columns: set[str] = field(default_factory=set)  # of the scores of all of them
    salts: set[str] = field(default_factory=set)  # of buckets
    modes: tuple[tuple[str, str], ...] = ()  # of consent, by channel

    @classmethod
    def of(cls, conditions: Iterable[model.Condition], modes: Iterable[tuple[str, str]]) -> Needs:
        """What conditions read in which no segments are named (see `nesting.put_segments`)."""
        made = cls(modes=tuple(modes))
        for condition in conditions:
            for part in model.walk(condition):
                if not isinstance(part, (model.All, model.AnyOf, model.Not)):
                    made._add(part)
        return made

    def _add(self, leaf: model.Condition) -> None:
        key = repr(leaf)
        if key in self.leaves or key in self.others:
            return
        if _is_asked_alone(leaf):
            self.others[key] = leaf
            return
        self.leaves[key] = leaf
        if isinstance(leaf, model.Did):
            self._add_events(leaf.event, leaf.where, leaf.window)
            if leaf.aggregate is not None:
                self.properties.setdefault(leaf.aggregate.path[0], set()).add(leaf.event)
        elif isinstance(leaf, model.Sequence):
            for step in leaf.steps:
                self._add_events(step.event, step.where, leaf.window)
        elif isinstance(leaf, model.Trait):
            self.traits.add(leaf.clause.path[0])
        elif isinstance(leaf, model.Near):
            self.traits.add(leaf.path[0])
        elif isinstance(leaf, model.CanReceive):
            self.channels.add(leaf.channel)
            self.consents.add((leaf.channel, ""))
        elif isinstance(leaf, model.Subscribed):
            self.consents.add((leaf.channel, leaf.group))
        elif isinstance(leaf, model.InList):
            self.lists.add(leaf.list_id)
        elif isinstance(leaf, model.Predicted):
            self.predictions.add(leaf.prediction)
            self.score_columns.update(columns_of(leaf))
        elif isinstance(leaf, model.Bucket):
            self.salts.add(leaf.salt)

    def _add_events(self, event: str, where: Iterable[Clause], window: model.Window) -> None:
        before = self.names.get(event, 0)
        self.names[event] = None if before is None or window.within is None else max(before, window.within)
        for clause in where:
            if clause is not BY_PEOPLE:  # that has a column of its own
                self.properties.setdefault(clause.path[0], set()).add(event)


def _is_asked_alone(leaf: model.Condition) -> bool:
    """Whether a leaf reads more than columns tell: other people's moves, or wall-clock time in an event."""
    if isinstance(leaf, (model.Message, model.Journey)):
        return True
    if isinstance(leaf, model.Did):
        return any(clause.op in DATE_OPS for clause in leaf.where)
    return isinstance(leaf, model.Sequence) and any(clause.op in DATE_OPS for step in leaf.steps for clause in step.where)
