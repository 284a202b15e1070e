"""One thing after the other, compiled.

The events of a moment are read in their order, step by step: an event ends the sequence so far if it matches the step and
the latest end of the steps before it is less than the step's limit away. The latest is enough: it is the nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from relance.conditions import model
    from relance.conditions.compiling.did import DidScans, Occurrence


@dataclass(slots=True)
class SequenceScan:
    """The moments at which a sequence is complete."""

    name: str
    key: str
    condition: model.Sequence
    occurrences: list[Occurrence]
    window: model.Window
    zoned: bool

    def table(self, rows: Any, scans: DidScans) -> Any:
        """The sequence's relation: the key of the moments, and `{name}_yes`."""
        key = scans.moments.key
        flags = {f"step{i}": scans.is_one(rows, occurrence) for i, occurrence in enumerate(self.occurrences)}
        rows = rows.select(key, "event_at", "event_seq", **flags)
        if not scans.moments.given:  # few of all people came to the last step: only their events need be put in order
            arrived = rows.filter(rows[f"step{len(flags) - 1}"]).select(arrived_key=rows[key])
            rows = rows.semi_join(arrived, rows[key] == arrived.arrived_key)
        for i, step in enumerate(self.condition.steps):
            if i == 0:
                rows = rows.mutate(end0=ibis.cases((rows.step0, rows.event_at)))
                continue
            earlier = ibis.window(group_by=key, order_by=[rows.event_at, rows.event_seq], preceding=(None, 1))
            rows = rows.mutate(**{f"before{i}": rows[f"end{i - 1}"].max().over(earlier)})
            follows = rows[f"step{i}"] & rows[f"before{i}"].notnull()
            if step.within is not None:
                follows = follows & (rows.event_at - rows[f"before{i}"] < step.within)
            rows = rows.mutate(**{f"end{i}": ibis.cases((follows, rows.event_at))})
        last = rows[f"end{len(self.condition.steps) - 1}"]
        return rows.filter(last.notnull()).select(key).distinct().mutate(**{f"{self.name}_yes": ibis.literal(True)})
