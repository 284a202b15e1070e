"""What a keeper does when people merge, ticks are taken back, definitions change, and time passes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from relance.clock import DAY, HOUR, parse_instant
from relance.segments.kept import happenings
from relance.segments.kept import keeper as keeping
from relance.segments.kept.keeper import Keeper
from relance.segments.past import sizes
from relance.warehouse import ConsentRow, EventRow, ProfileRow, SuppressionRow
from relance.workspace import Workspace

if TYPE_CHECKING:
    from relance.warehouse import Warehouse
    from relance.warehouse.kept import KeptMemberships

T = parse_instant("2026-03-01T12:00:00Z") or 0
RECENT = {"type": "did", "event": "Order Completed", "within": "1d"}
WRITABLE = {"type": "can_receive", "channel": "email"}
BIRTHDAY = {"type": "trait", "path": "birthday", "op": "anniversary_within", "value": "1d"}


class Ticks:
    """Writes ticks, each at an instant."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.tick = self.seq = 0

    def add(
        self, at: int, *events: tuple[int, str], people: dict[int, dict[str, Any]] | None = None, email: str = "x@example.com"
    ) -> None:
        self.tick += 1
        self.warehouse.begin(self.tick)
        for profile, traits in (people or {}).items():
            self.seq += 1
            self.warehouse.add_profile_history(
                [ProfileRow(profile, self.seq, at, traits, f"u{profile}", None, email, True, None, False, None, at, self.tick)]
            )
        for profile, name in events:
            self.seq += 1
            self.warehouse.add_events([EventRow(profile, self.seq, at, at, name, {}, self.seq, self.tick)])
        self.warehouse.commit()

    def bounce(self, at: int, profile: int) -> None:
        self.add(at, (profile, "Email Bounced"))
        self.warehouse.begin(self.tick + 1)
        self.tick += 1
        self.warehouse.add_suppressions([SuppressionRow("email", "x@example.com", self.seq, True, self.tick)])
        self.warehouse.commit()


def of(**segments: Any) -> Workspace:
    return replace(Workspace(), segments=segments)


def kept_by(warehouse: Warehouse) -> KeptMemberships:
    assert warehouse.kept is not None
    return warehouse.kept


def members(warehouse: Warehouse, segment: str) -> list[int]:
    return sorted(map(int, kept_by(warehouse).members(segment)))


def history(warehouse: Warehouse, profile: int) -> list[tuple[str, int, bool]]:
    return kept_by(warehouse).changes_of(profile, 100)[::-1]


def test_entering_and_leaving_to_the_microsecond(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, people={1: {}, 2: {}})
    keeper.refresh(workspace, T)
    ticks.add(T + HOUR, (1, "Order Completed"))
    assert keeper.refresh(workspace, T + 2 * HOUR).changes == 1
    assert keeper.refresh(workspace, T + HOUR + DAY - 1).changes == 0
    assert members(warehouse, "recent") == [1]
    assert keeper.counted.members == {"recent": 1}
    assert keeper.refresh(workspace, T + HOUR + DAY).changes == 1
    assert members(warehouse, "recent") == []
    assert keeper.counted.members == {"recent": 0}
    assert history(warehouse, 1) == [("recent", T + HOUR, True), ("recent", T + HOUR + DAY, False)]


def test_who_comes_and_goes_between_two_refreshes_is_told_of_both(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, people={1: {}})
    keeper.refresh(workspace, T)
    ticks.add(T + HOUR, (1, "Order Completed"))
    ticks.add(T + 2 * DAY, (1, "Page Viewed"))
    keeper.refresh(workspace, T + 3 * DAY)
    assert history(warehouse, 1) == [("recent", T + HOUR, True), ("recent", T + HOUR + DAY, False)]


def test_a_new_keeper_goes_on_where_the_last_one_stopped(warehouse: Warehouse) -> None:
    ticks, workspace = Ticks(warehouse), of(recent=RECENT)
    ticks.add(T, (1, "Order Completed"), people={1: {}, 2: {}})
    Keeper(warehouse).refresh(workspace, T)
    ticks.add(T + HOUR, (2, "Order Completed"))
    assert Keeper(warehouse).refresh(workspace, T + DAY).changes == 2
    assert members(warehouse, "recent") == [2]
    assert history(warehouse, 1) == [("recent", T, True), ("recent", T + DAY, False)]


def test_merged_people_are_one_member(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, (1, "Order Completed"), people={1: {}, 2: {}})
    keeper.refresh(workspace, T)
    assert members(warehouse, "recent") == [1]
    ticks.tick += 1
    warehouse.begin(ticks.tick)
    warehouse.unite([(1, 2)])
    ticks.seq += 1
    warehouse.add_profile_history(
        [ProfileRow(2, ticks.seq, T + HOUR, {}, "u2", None, "x@example.com", True, None, False, None, T, ticks.tick)]
    )
    warehouse.commit()
    keeper.refresh(workspace, T + 2 * HOUR)
    assert members(warehouse, "recent") == [2]
    assert history(warehouse, 2) == [("recent", T + HOUR, True)]
    assert [entered for _, _, entered in history(warehouse, 1)] == [True, False]


def test_a_bounce_moves_all_who_share_the_address(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(writable=WRITABLE)
    ticks.add(T, people={1: {}, 2: {}})
    warehouse.begin(2)
    ticks.tick, ticks.seq = 2, 4
    warehouse.add_consent_history([ConsentRow(p, 2 + p, T, T, "email", "", "subscribed", 2) for p in (1, 2)])
    warehouse.commit()
    keeper.refresh(workspace, T)
    assert members(warehouse, "writable") == [1, 2]
    ticks.bounce(T + HOUR, 1)
    keeper.refresh(workspace, T + 2 * HOUR)
    assert members(warehouse, "writable") == []


def test_birthdays_come_by_themselves(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(birthday=BIRTHDAY)
    ticks.add(T, people={1: {"birthday": "1990-03-04"}, 2: {"birthday": "1990-03-04"}, 3: {"birthday": "1990-09-01"}, 4: {}})
    keeper.refresh(workspace, T)
    ticks.add(T + HOUR, people={2: {"birthday": "1990-03-03"}})
    keeper.refresh(workspace, T + 2 * HOUR)
    for hours in range(3, 5 * 24, 9):
        keeper.refresh(workspace, T + hours * HOUR)
    begin = parse_instant("2026-03-03T00:00:00Z") or 0
    assert history(warehouse, 1) == [("birthday", begin, True), ("birthday", begin + 2 * DAY, False)]
    assert history(warehouse, 2) == [("birthday", begin - DAY, True), ("birthday", begin + DAY, False)]
    assert history(warehouse, 3) == history(warehouse, 4) == []


def test_days_that_came_while_no_keeper_ran_are_told_to_the_microsecond(warehouse: Warehouse) -> None:
    ticks, workspace = Ticks(warehouse), of(birthday=BIRTHDAY)
    ticks.add(T, people={1: {"birthday": "1990-03-04"}, 2: {}})
    Keeper(warehouse).refresh(workspace, T)
    ticks.add(T + HOUR, people={2: {"birthday": "1990-03-04"}})
    begin = parse_instant("2026-03-03T00:00:00Z") or 0
    ticks.add(begin + HOUR, people={1: {"birthday": "1990-09-01"}})
    Keeper(warehouse).refresh(workspace, begin + 3 * DAY)
    assert history(warehouse, 1) == [("birthday", begin, True), ("birthday", begin + HOUR, False)]
    assert history(warehouse, 2) == [("birthday", begin, True), ("birthday", begin + 2 * DAY, False)]


def test_ticks_that_are_taken_back_take_their_memberships_along(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, (1, "Order Completed"), people={1: {}, 2: {}})
    keeper.refresh(workspace, T)
    ticks.add(T + HOUR, (2, "Order Completed"))
    keeper.refresh(workspace, T + 2 * HOUR)
    assert members(warehouse, "recent") == [1, 2]
    warehouse.forget_after(1)
    ticks.tick = 1
    keeper.refresh(workspace, T + 3 * HOUR)
    assert members(warehouse, "recent") == [1]
    ticks.add(T + 4 * HOUR, (2, "Order Completed"))
    keeper.refresh(workspace, T + 5 * HOUR)
    assert members(warehouse, "recent") == [1, 2]
    assert history(warehouse, 2) == [("recent", T + 4 * HOUR, True)]


def test_a_warehouse_made_anew_is_kept_anew(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, (1, "Order Completed"), people={1: {}})
    keeper.refresh(workspace, T)
    warehouse.start_over()
    ticks.tick = ticks.seq = 0
    ticks.add(T, (5, "Order Completed"), people={5: {}})
    keeper.refresh(workspace, T + HOUR)
    assert members(warehouse, "recent") == [5]
    assert keeper.counted.members == {"recent": 1}


def test_definitions_that_change_move_people(warehouse: Warehouse) -> None:
    ticks, keeper = Ticks(warehouse), Keeper(warehouse)
    ticks.add(T, (1, "Order Completed"), (2, "Page Viewed"), people={1: {}, 2: {}})
    keeper.refresh(of(recent=RECENT, gone=RECENT, same=RECENT), T)
    viewed = {"type": "did", "event": "Page Viewed"}
    keeper.refresh(of(recent=viewed, same=RECENT, new=viewed), T + HOUR)
    assert {s: members(warehouse, s) for s in ("recent", "gone", "same", "new")} == {
        "recent": [2], "gone": [], "same": [1], "new": [2],
    }  # fmt: skip
    assert keeper.counted.members == {"recent": 1, "same": 1, "new": 1}
    assert history(warehouse, 1) == [("recent", T, True), ("same", T, True), ("recent", T + HOUR, False)] or (
        sorted(history(warehouse, 1)) == [("recent", T, True), ("recent", T + HOUR, False), ("same", T, True)]
    )
    assert sorted(kept_by(warehouse).bodies()) == ["new", "recent", "same"]


def test_who_left_while_there_was_no_segment_is_no_member_of_the_next(warehouse: Warehouse) -> None:
    ticks, keeper = Ticks(warehouse), Keeper(warehouse)
    ticks.add(T, (1, "Order Completed"), people={1: {}})
    keeper.refresh(of(recent=RECENT), T)
    keeper.refresh(of(), T + HOUR)
    assert ({}, {}) == (keeper.counted.members, kept_by(warehouse).bodies())
    ticks.add(T + 2 * DAY, (1, "Page Viewed"))
    keeper.refresh(of(), T + 2 * DAY)
    keeper.refresh(of(recent=RECENT), T + 2 * DAY)
    assert ({"recent": 0}, []) == (keeper.counted.members, members(warehouse, "recent"))


def test_nothing_new_is_nothing_to_do(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, people={1: {}})
    keeper.refresh(workspace, T)
    keeper.refresh(workspace, T + 1)
    mark = kept_by(warehouse).mark()
    for n in range(2, 10):
        assert keeper.refresh(workspace, T + n).moments == 0
    assert kept_by(warehouse).mark() == mark
    assert keeper.counted.at == T + 9


def test_after_a_long_stop_people_are_looked_at_once(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(happenings, "MOST_MOMENTS", 5)
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, people={1: {}, 2: {}})
    keeper.refresh(workspace, T)
    for n in range(1, 10):
        ticks.add(T + n * HOUR, (1, "Order Completed"), (2, "Page Viewed"))
    assert keeper.refresh(workspace, T + 12 * HOUR).moments == 2
    assert history(warehouse, 1) == [("recent", T + 12 * HOUR, True)]


def test_when_members_came_and_how_many_there_were(warehouse: Warehouse) -> None:
    ticks, keeper, workspace = Ticks(warehouse), Keeper(warehouse), of(recent=RECENT)
    ticks.add(T, (1, "Order Completed"), people={1: {}, 2: {}})
    keeper.refresh(workspace, T)
    ticks.add(T + HOUR, (2, "Order Completed"))
    keeper.refresh(workspace, T + 3 * DAY)
    ticks.add(T + 3 * DAY + HOUR, (2, "Order Completed"))
    keeper.refresh(workspace, T + 3 * DAY + 2 * HOUR)
    kept = kept_by(warehouse)
    assert kept.since("recent", [1, 2, 3]) == {1: T, 2: T + 3 * DAY + HOUR}
    changes = kept.changes("recent", T, T + 4 * DAY, DAY)
    found = {at: (e, n) for at, e, n in zip(*(changes[k].tolist() for k in ("at", "entered", "left")), strict=True)}
    noon = T // DAY * DAY
    assert found == {T: (1, 0), noon + DAY: (1, 0), noon + 2 * DAY: (0, 2), noon + 4 * DAY: (1, 0)}


def test_what_ended_long_ago_is_forgotten_some_at_a_time(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "ENDS_AT_ONCE", 1)
    ticks, keeper = Ticks(warehouse), Keeper(warehouse, keep_ended=10 * DAY)
    workspace = of(always={"type": "did", "event": "Order Completed"}, recent=RECENT)
    ticks.add(T, (1, "Order Completed"), people={1: {}, 2: {}})
    keeper.refresh(workspace, T)
    ticks.add(T + HOUR, (2, "Order Completed"))
    ticks.add(T + 5 * DAY, (1, "Order Completed"))
    keeper.refresh(workspace, T + 5 * DAY)

    assert 7 == len(history(warehouse, 1)) + len(history(warehouse, 2))
    before = sizes(warehouse, "recent", T + 2 * DAY, T + 5 * DAY, "day")

    keeper, forgotten = Keeper(warehouse, keep_ended=10 * DAY), []
    for _ in range(3):
        keeper.refresh(workspace, T + 12 * DAY)
        forgotten.append(kept_by(warehouse).forgotten_until())
    assert [T + DAY, T + DAY + HOUR, (T + 2 * DAY) // DAY * DAY] == forgotten
    assert [("always", T, True), ("recent", T + 5 * DAY, True), ("recent", T + 6 * DAY, False)] == history(warehouse, 1)
    assert [("always", T + HOUR, True)] == history(warehouse, 2)
    assert {1: T, 2: T + HOUR} == kept_by(warehouse).since("always", [1, 2])
    assert [1, 2] == members(warehouse, "always")
    assert before == sizes(warehouse, "recent", T + 2 * DAY, T + 5 * DAY, "day")
    assert "2026-03-03T00:00:00Z" == sizes(warehouse, "recent", T, T + 5 * DAY, "day")[0]["at"]
