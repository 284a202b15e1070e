"""What is foretold: an event, with clauses on its properties, and the sum of one of them where a value is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from relance.conditions.clauses import all_match
from relance.conditions.model import Did
from relance.conditions.read import parse_condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from relance.events.model import Event

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Target:
    """An event to foretell."""

    event: str
    condition: Did
    value_path: tuple[str, ...] = ()  # of the property that is summed; empty for a yes or no
    where: tuple[object, ...] = ()  # the clauses as they were written

    def is_met_by(self, event: Event) -> bool:
        """Whether an event is one of those foretold."""
        return event.name == self.event and self.fits(event.properties, event.at)

    def fits(self, properties: Mapping[str, Any], at: int) -> bool:
        """Whether the properties of an event of this name are as wanted."""
        return all_match(self.condition.where, properties, at, _UTC)

    def value_of(self, event: Event) -> float:
        """What an event is worth; 0 where it says nothing."""
        return self.worth(event.properties)

    def worth(self, properties: Mapping[str, Any]) -> float:
        """The same of its properties."""
        found: Any = properties
        for part in self.value_path:
            found = found.get(part) if isinstance(found, dict) else None
        if isinstance(found, str):
            try:
                return float(found)
            except ValueError:
                return 0.0
        return float(found) if isinstance(found, int | float) else 0.0


@dataclass(frozen=True)
class Rule:
    """What must have been done in the window, and what not, for the outcome to be a yes. Each row is a bit.

    One event that is to happen is the rule of one row.
    """

    done: int = 1
    undone: int = 0
    every: bool = True  # all rows, or any of them

    def of(self, masks: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Who meets it; `masks` tell which rows' events each person did."""
        did, did_not = (masks & self.done), (~masks & self.undone)
        met = (did == self.done) & (did_not == self.undone) if self.every else (did != 0) | (did_not != 0)
        return np.asarray(met, bool)

    @property
    def is_plain(self) -> bool:
        """Whether it is one event that happens."""
        return self == Rule()


def parse_target(event: str, where: Sequence[object] = (), value: str | None = None) -> Target:
    """Read a target.

    Args:
        event: the name of the event.
        where: clauses on its properties, as in a condition (`{path, op, value}`).
        value: the dotted path of the property whose sum is foretold.

    Raises:
        InvalidCondition: a clause can not be understood.
    """
    read = parse_condition({"type": "did", "event": event, "where": list(where)} if where else {"type": "did", "event": event})
    if not isinstance(read, Did):
        msg = "a target is an event"
        raise TypeError(msg)
    return Target(event, read, tuple(value.split(".")) if value else (), tuple(where))
