"""Answers about segments on every engine: they agree with a plain reading of the people."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from relance.clock import DAY, FAR_FUTURE, HOUR, format_instant
from relance.errors import InvalidInput, NotFound, QuestionDropped, UnsupportedByEngine
from relance.segments import desk as desk_module
from relance.segments import estimate
from relance.segments.desk import SegmentDesk
from relance.segments.kept.keeper import Keeper
from relance.warehouse import ConsentRow, EventRow, ProfileRow, SuppressionRow
from relance.warehouse.asking import Asking
from relance.workspace import Workspace

if TYPE_CHECKING:
    from relance.warehouse import Warehouse

NOW = 1_000 * DAY
N = 60
THIRDS = {"type": "did", "event": "Order Completed"}
HALVES = {"type": "trait", "path": "half", "op": "is_true"}
WORKSPACE = Workspace(
    segments={
        "thirds": THIRDS,
        "halves": HALVES,
        "nobody": {"type": "any", "of": []},
        "both": {
            "type": "all",
            "of": [{"type": "in_segment", "segment": "thirds"}, {"type": "in_segment", "segment": "halves"}],
        },
    }
)


class StandingClock:
    """A clock that stands where it is put."""

    def __init__(self, at: int = NOW) -> None:
        self.at = at

    def now(self) -> int:
        return self.at


@pytest.fixture
def desk(warehouse: Warehouse) -> SegmentDesk:
    """Sixty people; the number of each says what they are."""
    warehouse.begin(1)
    warehouse.add_profile_history(
        [
            ProfileRow(
                n, n, NOW - 9 * DAY, {"half": n % 2 == 0, "first_name": "Zoë", "last_name": str(n)}, f"u{n}", None,
                f"u{n}@example.com", True, f"+3360000{n:04}", True, None, 0, 1,
            )
            for n in range(1, N + 1)
        ]
    )  # fmt: skip
    orders = range(3, N + 1, 3)
    warehouse.add_events([EventRow(n, 100 + n, NOW - DAY, NOW - DAY, "Order Completed", {}, n, 1) for n in orders])
    said = [ConsentRow(n, 300 + n, NOW - DAY, NOW - DAY, "email", "", "subscribed", 1) for n in range(1, N + 1, 4)]
    warehouse.add_consent_history([*said, ConsentRow(6, 400, NOW - DAY, NOW - DAY, "sms", "", "subscribed", 1)])
    warehouse.add_suppressions([SuppressionRow("email", "u9@example.com", 500, True, 1)])
    warehouse.commit()
    return SegmentDesk(warehouse, lambda: WORKSPACE, StandingClock())


def ids(answer: dict[str, Any]) -> list[str]:
    return [person["user_id"] for person in answer["items"]]


def exact(n: int) -> dict[str, int]:
    return {"members": n, "low": n, "high": n}


def test_count_now_and_then(desk: SegmentDesk) -> None:
    assert {"segment": "thirds", "at": format_instant(NOW), "members": 20} == desk.count("thirds")
    assert 0 == desk.count("thirds", format_instant(NOW - 2 * DAY))["members"]
    assert 10 == desk.count("both")["members"]


def test_a_preview_counts_and_tells_whom_each_channel_reaches(desk: SegmentDesk) -> None:
    told = desk.preview(THIRDS)

    reached = [n for n in range(3, N + 1, 3) if n % 4 == 1 and n != 9]
    assert {
        "at": format_instant(NOW),
        "people": N,
        "exact": True,
        **exact(20),
        "reach": {"email": exact(len(reached)), "sms": exact(1), "push": exact(0)},
    } == told
    assert {"segment": "thirds", **told} == desk.preview("thirds")
    assert 10 == desk.preview({"type": "all", "of": [THIRDS, HALVES]}, exact=True)["members"]
    assert exact(0) == desk.preview("nobody")["reach"]["email"]


def test_where_there_are_many_people_a_preview_estimates_first(desk: SegmentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "EXACT_UP_TO", 20)
    monkeypatch.setattr(estimate, "LEAST_SAMPLED", 20)
    told = desk.preview(THIRDS, sample=3)

    assert (False, N, True) == (told["exact"], told["people"], "sample" not in told)
    assert 0 <= told["low"] <= told["members"] <= told["high"] <= N
    assert told["low"] <= 20 <= told["high"]  # of this world and these hashes; the interval is for 95 in 100
    precise = desk.preview(THIRDS, sample=3, exact=True)
    assert (True, exact(20)) == (precise["exact"], {name: precise[name] for name in exact(0)})
    assert 3 == len(precise["sample"])


def test_a_sample_is_the_same_as_long_as_its_people_are_members(desk: SegmentDesk, warehouse: Warehouse) -> None:
    first = desk.sample("thirds", 5)

    assert (20, 5) == (first["members"], len(first["items"]))
    assert first == desk.sample("thirds", 5)
    assert ids(first)[:2] == ids(desk.sample("thirds", 2))
    warehouse.begin(2)
    warehouse.add_events([EventRow(1, 900, NOW - DAY, NOW - DAY, "Order Completed", {}, 900, 2)])
    warehouse.commit()
    again = desk.sample("thirds", 6)
    assert [one for one in ids(again) if one != "u1"][:5] == ids(first)
    one = first["items"][0]
    number = one["user_id"].removeprefix("u")
    assert (f"Zoë {number}", f"u{number}@example.com") == (one["name"], one["email"])
    assert 20 + 1 == len(ids(desk.sample("thirds", 100)))


def test_pages_tell_of_the_moment_of_the_first(desk: SegmentDesk, warehouse: Warehouse) -> None:
    first = desk.members("thirds", limit=8)
    warehouse.begin(2)
    warehouse.add_events([EventRow(n, 900 + n, NOW + 1, NOW + 1, "Order Completed", {}, 900 + n, 2) for n in (1, 2, 31)])
    warehouse.commit()
    fresh = SegmentDesk(warehouse, lambda: WORKSPACE, StandingClock(NOW + DAY))  # which kept nothing
    second = fresh.members("thirds", limit=8, after=first["next"])
    third = desk.members("thirds", limit=8, after=second["next"])
    assert 23 == fresh.members("thirds")["members"]

    assert [f"u{n}" for n in range(3, N + 1, 3)] == [*ids(first), *ids(second), *ids(third)]
    assert (20, 20, None, format_instant(NOW)) == (first["members"], third["members"], third["next"], third["at"])


def test_pages_of_the_past_and_of_nobody(desk: SegmentDesk) -> None:
    then = format_instant(NOW - 2 * DAY)
    assert ([], None) == (ids(desk.members("thirds", at=then)), desk.members("thirds", at=then)["next"])
    assert 30 == desk.members("halves", at=then, limit=1)["members"]
    assert [] == desk.members("nobody")["items"]
    assert [] == desk.sample("nobody", 3)["items"]


@pytest.mark.parametrize("after", ["x", "1.2", "1.2.3.4", "٣.1.1", f"{FAR_FUTURE}0.1.1"])
def test_a_cursor_that_is_none(desk: SegmentDesk, after: str) -> None:
    with pytest.raises(InvalidInput, match="is not the"):
        desk.members("thirds", after=after)


def test_overlap(desk: SegmentDesk) -> None:
    told = desk.overlap(["thirds", "halves"])

    assert [{"id": "thirds", "members": 20, "alone": 10}, {"id": "halves", "members": 30, "alone": 20}] == told["segments"]
    assert (10, 40, 0.25) == (told["both"], told["either"], told["share"])
    [pair] = told["pairs"]
    assert (10, 40, 0.25, 0.5, 0.333333) == (
        pair["both"], pair["either"], pair["share"], pair["share_of_first"], pair["share_of_second"],
    )  # fmt: skip

    told = desk.overlap(["thirds", "halves", "nobody", "thirds"])
    assert (["thirds", "halves", "nobody"], 0, 40) == ([s["id"] for s in told["segments"]], told["both"], told["either"])
    assert [10, 0, 0] == [pair["both"] for pair in told["pairs"]]
    assert 0.0 == told["pairs"][1]["share_of_second"]
    with pytest.raises(InvalidInput, match="between 2 and"):
        desk.overlap(["thirds", "thirds"])
    with pytest.raises(NotFound, match="no segment 'what'"):
        desk.overlap(["thirds", "what"])


def test_export_is_of_everybody_and_in_batches(desk: SegmentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relance.segments.export.PEOPLE_AT_ONCE", 7)
    out = io.BytesIO()
    told = desk.export("thirds", out, form="csv", traits="first_name,half", at=None)
    lines = out.getvalue().decode().split("\r\n")

    assert (20, ["user_id", "email", "phone", "first_name", "half"]) == (told["members"], told["columns"])
    assert '"user_id","email","phone","first_name","half"' == lines[0]
    assert '"u3","u3@example.com","+33600000003","Zoë","false"' == lines[1]
    assert 22 == len(lines)  # the last one is empty
    asking = Asking()
    asking.drop()
    with pytest.raises(QuestionDropped):
        desk.export("thirds", io.BytesIO(), form="csv", asking=asking)


def test_bad_questions(desk: SegmentDesk) -> None:
    with pytest.raises(InvalidInput, match="no instant"):
        desk.count("thirds", "yesterday")
    for ask in (desk.count, desk.members, desk.preview):
        with pytest.raises(NotFound, match="no segment 'what'"):
            ask("what")
    with pytest.raises(NotFound, match="nobody"):
        desk.explain("thirds", "x")
    assert ("u3", True) == (desk.explain("thirds", "u3")["user_id"], desk.explain("thirds", "", profile_id=3)["member"])


def test_only_few_pages_are_kept(desk: SegmentDesk) -> None:
    for hours in range(10):
        desk.members("halves", at=format_instant(NOW - hours * DAY // 24), limit=20)
        desk.members("halves", at=format_instant(NOW - hours * DAY // 24 - DAY), limit=30)
    assert desk_module.PAGES_KEPT == len(desk._pages)


def test_sizes_over_time_and_since_when(warehouse: Warehouse, desk: SegmentDesk) -> None:
    if warehouse.kept is None:
        with pytest.raises(UnsupportedByEngine, match="keeps no memberships"):
            desk.sizes("thirds")
        assert {None} == {person["since"] for person in desk.members("thirds")["items"]}
        return
    keeper = Keeper(warehouse)
    keeper.refresh(WORKSPACE, NOW)
    warehouse.begin(2)
    at = NOW + 36 * HOUR
    warehouse.add_events([EventRow(n, 600 + n, at, at, "Order Completed", {}, n, 2) for n in (1, 2)])
    warehouse.commit()
    keeper.refresh(WORKSPACE, at)
    later = SegmentDesk(warehouse, lambda: WORKSPACE, StandingClock(NOW + 3 * DAY))
    told = later.sizes("thirds", since=format_instant(NOW - DAY))
    assert [(0, 0), (20, 20), (20, 0), (22, 2), (22, 0)] == [(p["members"], p["entered"]) for p in told["points"]]
    assert [format_instant(NOW + n * DAY) for n in range(-1, 4)] == [p["at"] for p in told["points"]]
    since = {person["user_id"]: person["since"] for person in later.members("thirds")["items"]}
    assert (format_instant(at), format_instant(NOW)) == (since["u1"], since["u3"])
    with pytest.raises(InvalidInput, match="more than 2000 points"):
        later.sizes("thirds", since="2000-01-01T00:00:00Z", until="2024-01-01T00:00:00Z", every="hour")
    with pytest.raises(InvalidInput, match="must be before"):
        later.sizes("thirds", since="2024-01-02T00:00:00Z", until="2024-01-01T00:00:00Z")
    with pytest.raises(InvalidInput, match="one of hour, day, week"):
        later.sizes("thirds", every="month")
