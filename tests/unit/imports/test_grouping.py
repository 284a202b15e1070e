from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.imports import grouping
from relance.imports.grouping import Groups
from relance.imports.readers.base import Place


def left_by(keys: str, within: int) -> tuple[list[tuple[str, list[int]]], list[int]]:
    """The groups as they leave, and the rows that came too late."""
    groups, out, late = Groups(within, {}), [], []
    for row, key in enumerate(keys, 1):
        out += [(g.key, [r[0] for r in g.rows]) for g in iter(groups.leave, None)]
        if groups.add(key, Place(row), [row]):
            late.append(row)
    return out + [(g.key, [r[0] for r in g.rows]) for g in groups.leave_all()], late


def test_rows_that_stand_together_make_a_group() -> None:
    assert left_by("aabbbc", 1) == ([("a", [1, 2]), ("b", [3, 4, 5]), ("c", [6])], [])


def test_a_row_behind_the_end_of_its_group_is_told() -> None:
    assert left_by("aaba", 1) == ([("a", [1, 2]), ("b", [3])], [4])


def test_mixed_groups_leave_in_the_order_of_their_first_rows() -> None:
    assert left_by("abababcccccb", 3) == ([("a", [1, 3, 5]), ("b", [2, 4, 6]), ("c", [7, 8, 9, 10, 11])], [12])


def test_a_faulty_row_breaks_its_group_alone() -> None:
    groups = Groups(5, {})
    groups.add("a", Place(1), [1])
    groups.add("b", Place(2), [2])
    groups.add("a", Place(3), None)

    assert [(g.key, g.broken_by) for g in groups.leave_all()] == [("a", 3), ("b", 0)]


def test_an_endless_group_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MAX_GROUP_ROWS", 3)
    groups = Groups(5, {})
    told = [groups.add("a", Place(i), [i]) for i in range(1, 6)]

    assert told[:3] == [None, None, None]
    assert "more than 3 rows" in str(told[3])
    assert next(groups.leave_all()).broken_by == 4


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MAX_WAITING_ROWS", 100)
    groups = Groups(1_000, {})
    most = 0
    for row in range(1, 5_000):
        list(iter(groups.leave, None))
        groups.add("long" if row % 7 == 0 else f"k{row // 3}", Place(row), [row])
        most = max(most, sum(len(g.rows) for g in groups._open.values()))

    assert most <= 101


@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.integers(1, 6), st.integers(0, 60))
def test_starting_again_gives_the_same_groups(keys: list[str], within: int, stop: int) -> None:
    """What left before the interruption and what leaves after it are what leaves without one."""
    whole, late = left_by("".join(keys), within)
    groups, out, told = Groups(within, {}), [], []
    for row, key in enumerate(keys[:stop], 1):
        out += [(g.key, [r[0] for r in g.rows]) for g in iter(groups.leave, None)]
        if groups.add(key, Place(row), [row]):
            told.append(row)
    stop = min(stop, len(keys))
    start = groups.start() or Place(stop + 1)
    again = Groups(within, groups.left_since(start.row))
    for row, key in list(enumerate(keys, 1))[start.row - 1 :]:
        out += [(g.key, [r[0] for r in g.rows]) for g in iter(again.leave, None)]
        if again.add(key, Place(row), [row]) and row > stop:
            told.append(row)
    out += [(g.key, [r[0] for r in g.rows]) for g in again.leave_all()]

    # Rows that come too late after the interruption may begin a group again: the log knows its id and drops it.
    seen: set[str] = set()
    assert [g for g in out if not (g[0] in seen or seen.add(g[0]))] == whole  # type: ignore[func-returns-value]
    assert set(told) <= set(late)


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=80),
    st.integers(1, 6),
    st.dictionaries(st.sampled_from("xyz"), st.integers(0, 90)),
)
def test_only_groups_with_lines_behind_a_row_are_told(keys: list[str], within: int, left: dict[str, int]) -> None:
    groups = Groups(within, left)
    for row, key in enumerate(keys, 1):
        list(iter(groups.leave, None))
        groups.add(key, Place(row), [row])
        start = groups.start()
        since = start.row if start else row

        assert groups.left_since(since) == {k: last for k, last in groups._left.items() if last >= since}
