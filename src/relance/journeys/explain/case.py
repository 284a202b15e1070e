"""What all explanations of one person share: what is known, and how conditions and clocks stood at a moment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.conditions.clauses import clause_of, look_up
from relance.conditions.evaluate import View
from relance.conditions.explain import explain
from relance.conditions.read import parse_condition
from relance.ids import last_seq_of_position, position_of_seq
from relance.localtime import UTC_ZONE, find_zone
from relance.store import load_queries
from relance.workspace import build_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from relance.conditions.compiling.compiler import Compiler
    from relance.conditions.explain import Explanation
    from relance.journeys.explain.words import Speaker
    from relance.store import Connection
    from relance.warehouse.base import Person
    from relance.workspace import Settings, Workspace

SQL = load_queries("relance.journeys.explain", "explain.sql")

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One person, and who is asked."""

    connection: Connection  # the store, on one snapshot
    profile_id: int
    user_id: str
    person: Person  # as the warehouse knows them
    workspace: Workspace
    compiler: Compiler
    speaker: Speaker

    def explain(self, condition: Mapping[str, Any], at: int, seq: int) -> Explanation:
        """Why a condition held at a moment, or did not."""
        asked = self.compiler.compile(parse_condition(condition))
        return explain(asked.condition, View(self.person, at, seq, asked.settings, asked.segments))

    def condition(self, condition: Mapping[str, Any], at: int, seq: int | None) -> tuple[Answer, str]:
        """The same as data and as a sentence. Without `seq` as of the last that was known of at the instant."""
        found = self.explain(condition, at, self.known_at(at) if seq is None else seq)
        tell = self.speaker.teller(at)
        return found.as_json(tell), found.sentence(tell)

    def known_at(self, at: int) -> int:
        """The last `seq` of the person's life that was received up to an instant."""
        last = max((event.seq for event in self.person.events if event.received_at <= at), default=0)
        return last_seq_of_position(position_of_seq(last))

    def clauses(self, where: Iterable[Mapping[str, Any]], properties: Mapping[str, Any], at: int) -> list[Answer]:
        """What each clause on an event saw."""
        tell = self.speaker.teller(at)
        found = []
        for spec in where:
            clause = clause_of(spec)
            values = look_up(properties, clause.path)
            seen = values[0] if len(values) == 1 else values or None
            found.append({**spec, "seen": seen, "sentence": tell.seen_by(clause, seen)})
        return found

    def clock(self, at: int, seq: int | None, named: str | None = "profile") -> Answer:
        """Whose clock counts at a moment: the person's, the workspace's where the person has none, or one that is named."""
        fixed = None if named in (None, "profile") else find_zone(named)
        if fixed is not None:
            return {"zone": fixed.key, "of": "step"}
        seq = self.known_at(at) if seq is None else seq
        state = next((row for row in reversed(self.person.states) if row.seq <= seq), None)
        own = find_zone(state.timezone if state is not None else None)
        settings = self.settings_at(at)
        return {"zone": (own or find_zone(settings.timezone) or UTC_ZONE).key, "of": "profile" if own else "workspace"}

    def zone(self, at: int, seq: int | None) -> ZoneInfo:
        return find_zone(self.clock(at, seq)["zone"]) or UTC_ZONE

    def traits(self, at: int, seq: int | None) -> tuple[str, str | None]:
        """The traits as JSON, and the person's zone, as they stood."""
        seq = self.known_at(at) if seq is None else seq
        state = next((row for row in reversed(self.person.states) if row.seq <= seq), None)
        if state is None:
            return "{}", None
        return (state.traits if isinstance(state.traits, str) else json.dumps(state.traits)), state.timezone

    def settings_at(self, at: int) -> Settings:
        """The settings of the workspace that were in force."""
        found = self.connection.value(SQL["settings"], {"at": at})
        return build_settings(json.loads(found)) if found else self.workspace.settings

    def whose(self, clock: Mapping[str, Any]) -> str:
        return self.speaker.say(f"zone_{clock['of']}")


def as_event(name: str | None, at: int | None, received_at: int | None, properties: str | None) -> Answer | None:
    """An event as evidence; None where none is kept."""
    if name is None:
        return None
    return {
        "event": name,
        "at": format_instant(at),
        "received_at": format_instant(received_at),
        "properties": json.loads(properties) if properties else {},
    }
