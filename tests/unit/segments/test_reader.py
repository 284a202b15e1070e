"""Segments and people for a screen."""

from __future__ import annotations

from relance.clock import DAY
from relance.segments.reader import PeopleNow
from relance.warehouse.base import EventRow, ProfileRow
from relance.warehouse.opening import open_warehouse
from relance.workspace import Workspace

ORDERED = {"type": "did", "event": "Order Completed", "times": {"gte": 1}, "within": "1d"}


class StandingClock:
    """A clock that stands where it is put."""

    at = 10 * DAY

    def now(self) -> int:
        return self.at


def test_counts_memberships_and_events_are_those_of_now() -> None:
    warehouse = open_warehouse("memory://")
    warehouse.begin(1)
    warehouse.add_profile_history(
        [ProfileRow(n, n, 0, "{}", f"u{n}", None, None, False, None, False, None, 0, 1) for n in (1, 2)]
    )
    warehouse.add_events(
        [
            EventRow(1, 3, 10 * DAY - 5, 10 * DAY - 5, "Order Completed", '{"total": 5}', 3, 1),
            EventRow(1, 4, 10 * DAY - 4, 10 * DAY - 4, "Journey Ended", "{}", 3, 1),
        ]
    )
    warehouse.commit()
    clock = StandingClock()
    workspace = Workspace(segments={"buyers": ORDERED, "all": {"type": "all", "of": []}})
    people = PeopleNow(warehouse, lambda: workspace, clock)

    assert {s["id"]: s["members"] for s in people.count_segments()} == {"buyers": 1, "all": 2}
    assert people.segments_of(1) == ["buyers", "all"]
    assert [(e["name"], e["own"], e["properties"]) for e in people.events_of(1, 10)] == [
        ("Journey Ended", True, {}),
        ("Order Completed", False, {"total": 5}),
    ]
    assert people.events_of(2, 10) == []

    clock.at += 2 * DAY

    assert people.segments_of(1) == ["all"]
