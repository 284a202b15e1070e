"""The states of a journey, the acts that lead from one to another, and what they mean to the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

State = Literal["published", "paused", "closed", "stopped"]
Action = Literal["publish", "pause", "resume", "close", "stop", "migrate"]
Clocks = Literal["run", "freeze"]
Entries = Literal["hold", "refuse", "closed"]  # while paused; the last: it was closed before

PUBLISHED: State = "published"
STOPPED_REASON = "stopped"  # how those leave who are inside when a journey is stopped
MIGRATED_REASON = "migrated"  # or whom a map of steps sends out

# How a start is met: it is let in, refused as closed or as paused, or waits until the journey is resumed.
OPEN, CLOSED, REFUSED, HELD = range(4)

# From which states an act leads, and where to.
WAYS: Mapping[str, Mapping[State, State]] = {
    "pause": {"published": "paused", "closed": "paused"},
    "resume": {"paused": "published", "closed": "published", "stopped": "published"},
    "close": {"published": "closed"},
    "stop": {"published": "stopped", "paused": "stopped", "closed": "stopped"},
}
ACTIONS: tuple[Action, ...] = ("publish", "pause", "resume", "close", "stop", "migrate")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the engine treats a journey."""

    state: State = PUBLISHED
    since_at: int = 0
    clocks: Clocks = "run"
    entries: Entries = "hold"

    @property
    def is_still(self) -> bool:
        """Whether nobody moves in it."""
        return self.state in ("paused", "stopped")

    @property
    def gate(self) -> int:
        """How it meets starts."""
        if self.state == "paused":
            return {"hold": HELD, "refuse": REFUSED, "closed": CLOSED}[self.entries]
        return OPEN if self.state == PUBLISHED else CLOSED

    @property
    def before_pause(self) -> State:
        """What it is again when it is resumed."""
        return "closed" if self.entries == "closed" else PUBLISHED


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was asked for and is to be done at its instant."""

    act_id: int
    source: str
    action: Action
    at: int
    actor: str
    asked_at: int
    detail: Mapping[str, Any] = field(default_factory=dict)


def find_way(action: str, state: State, before_pause: State = PUBLISHED) -> State | None:
    """Where an act leads to from a state; None when it can not be done in it. A paused journey goes on as what it was."""
    found = WAYS.get(action, {}).get(state)
    return before_pause if found is not None and action == "resume" and state == "paused" else found


def explain_refusal(action: str, source: str, state: State) -> str:
    """Why an act can not be done, and what can."""
    kind, _, name = source.partition(":")
    can = " or ".join(a for a, ways in WAYS.items() if state in ways)
    return f"the {kind} {name!r} is {state}: it can not be {_DONE[action]} now; {can} it"


_DONE = {
    "pause": "paused",
    "resume": "resumed",
    "close": "closed",
    "stop": "stopped",
    "migrate": "migrated",
    "publish": "published",
}


def read_state(text: object) -> State:
    """A state as the store keeps it."""
    return cast("State", text)
