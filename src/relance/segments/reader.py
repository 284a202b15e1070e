"""Segments and people as the warehouse knows them now, for whoever looks at a screen."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.events.names import OWN_NAMES, SEGMENT_ENTERED, SEGMENT_LEFT
from relance.segments.judge import make_compiler
from relance.warehouse.base import FAR_SEQ, Moments

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.clock import Clock
    from relance.conditions.compiling.compiler import CompiledCondition
    from relance.segments.kept.keeper import Counted
    from relance.warehouse.base import EventRow, ReadableWarehouse
    from relance.workspace import Workspace

FLOW_NAMES = (SEGMENT_ENTERED, SEGMENT_LEFT)
# Several screens that ask at once are answered from one count.
COUNTED_FOR_SECONDS = 1.0


class PeopleNow:
    """Answers for the instant at which it is asked. May be asked from any thread."""

    def __init__(
        self,
        warehouse: ReadableWarehouse,
        workspace: Callable[[], Workspace],
        clock: Clock,
        counted: Callable[[], Counted] | None = None,
    ) -> None:
        """`workspace` gives the definitions in force, `counted` what is kept of memberships, if they are."""
        self._kept = counted
        self._warehouse = warehouse
        self._workspace = workspace
        self._clock = clock
        self._lock = threading.Lock()
        self._compiled_for: Workspace | None = None
        self._compiled: dict[str, CompiledCondition] = {}
        self._counted: tuple[float, list[dict[str, Any]]] | None = None

    def count_segments(self) -> list[dict[str, Any]]:
        """Of each segment its `id`, `members`, `at`, the instant they were counted for, and of an archived one `archived_at`."""
        with self._lock:
            questions = self._questions()
            if self._counted is None or self._counted[0] < time.monotonic():
                now = self._clock.now()
                archived = self._workspace().archived
                kept = self._kept() if self._kept is not None else None
                members = kept.members if kept is not None else {}
                counts = [
                    {
                        "id": name,
                        "members": members[name] if name in members else self._warehouse.count(question, now),
                        "at": format_instant(kept.at if kept is not None and name in members else now),
                        **({"archived_at": format_instant(archived[name])} if name in archived else {}),
                    }
                    for name, question in questions.items()
                ]
                self._counted = (time.monotonic() + COUNTED_FOR_SECONDS, counts)
            return self._counted[1]

    def segments_of(self, profile_id: int) -> list[str]:
        """The ids of the segments that one person is in now."""
        with self._lock:
            moment = Moments([profile_id], [self._clock.now()], [FAR_SEQ])
            return [name for name, question in self._questions().items() if self._warehouse.ask(question, moment)[0]]

    def events_of(self, profile_id: int, limit: int) -> list[dict[str, Any]]:
        """The last events of one person, the newest first, then the last segments that person entered and left."""
        people = self._warehouse.people([profile_id])
        events = sorted(people[0].events, key=lambda event: event.seq)[-limit:] if people else []
        told = {(event.name, event.at) for event in events if event.name in FLOW_NAMES}
        return [*self._as_json(events), *self._kept_changes(profile_id, limit, told)]

    def _kept_changes(self, profile_id: int, limit: int, told: set[tuple[str, int]]) -> list[dict[str, Any]]:
        """The segments that somebody entered or left, where no journey asked for it to be told: those events have no place in the log."""
        changes = [
            (SEGMENT_ENTERED if entered else SEGMENT_LEFT, segment, at)
            for segment, at, entered in self._warehouse.kept_changes_of(profile_id, limit)
        ]
        return [
            {"seq": "", "name": name, "at": format_instant(at), "properties": {"segment": segment}, "own": True}
            for name, segment, at in changes
            if (name, at) not in told
        ]

    def _as_json(self, events: list[EventRow]) -> list[dict[str, Any]]:
        return [
            {
                "seq": str(event.seq),
                "name": event.name,
                "at": format_instant(event.at),
                "properties": json.loads(event.properties) if isinstance(event.properties, str) else event.properties,
                "own": event.name in OWN_NAMES,
            }
            for event in reversed(events)
        ]

    def _questions(self) -> dict[str, CompiledCondition]:
        workspace = self._workspace()
        if workspace is not self._compiled_for:
            compiler = make_compiler(workspace)
            self._compiled = {name: compiler.segment(name) for name in workspace.segments}
            self._compiled_for, self._counted = workspace, None
        return self._compiled
