"""Rows that make one event together: invoice lines → an order.

Rows of a group may have others between them, up to `within_rows`; groups leave in the order of their first rows, so
that an import can start again at the first row of the oldest open group. Memory is bounded: by the rows that lie between,
by the rows of one group, and by all that wait.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from relance.imports.readers.base import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_GROUP_ROWS = 20_000
MAX_WAITING_ROWS = 200_000
REMEMBERED_KEYS = 50_000


@dataclass
class Group:
    """Rows with one key."""

    key: str
    start: Place
    last_row: int
    last_index: int = 0
    rows: list[list[Any]] = field(default_factory=list)
    broken_by: int = 0  # the row for whose fault the group is left out


class Groups:
    """The groups that are open, oldest first."""

    def __init__(self, within_rows: int, left: dict[str, int]) -> None:
        self._within = within_rows
        self._open: OrderedDict[str, Group] = OrderedDict()
        self._waiting = 0
        self._index = 0  # rows that belong to some group; those that are skipped part nothing
        self._left: OrderedDict[str, int] = OrderedDict(left)  # keys of groups that left → the row of their last line
        self._reached = max(left.values(), default=0)
        self._left_at = deque([self._reached] * len(left))  # the row that was reached when each of them left

    def add(self, key: str, place: tuple[int, int, int], values: list[Any] | None) -> str | None:
        """Add a row (None: a faulty one, which breaks its group).

        Returns:
            What is wrong, when the row can not be added.
        """
        self._index += 1
        self._reached = max(self._reached, place[0])
        group = self._open.get(key)
        if group is None:
            last = self._left.get(key)
            if last is not None:
                if place[0] <= last:
                    return None  # read again after an interruption; the group left before it
                return self._apart(last)
            group = self._open[key] = Group(key, Place(*place), place[0])
        elif self._index - group.last_index > self._within:
            return self._apart(group.last_row)  # it only waits for those before it, which must not make a difference
        group.last_row, group.last_index = place[0], self._index
        if values is None:
            group.broken_by = group.broken_by or place[0]
        elif len(group.rows) < MAX_GROUP_ROWS:
            group.rows.append(values)
            self._waiting += 1
        else:
            group.broken_by = group.broken_by or place[0]
            return f"more than {MAX_GROUP_ROWS} rows in one group"
        return None

    def _apart(self, last: int) -> str:
        return f"its group ended at row {last}, more than {self._within} rows before; sort the file, or raise group.within_rows"

    def leave(self) -> Group | None:
        """The oldest group, if no row can join it any more now that the next one is reached. Call it until it is None."""
        for group in self._open.values():
            if self._index + 1 - group.last_index <= self._within and self._waiting <= MAX_WAITING_ROWS:
                return None
            del self._open[group.key]
            self._waiting -= len(group.rows)
            self._left[group.key] = group.last_row
            self._left_at.append(self._reached)
            if len(self._left) > REMEMBERED_KEYS:
                self._left.popitem(last=False)
                self._left_at.popleft()
            return group
        return None

    def leave_all(self) -> Iterator[Group]:
        """The groups that are left at the end of the file."""
        while self._open:
            yield self._open.popitem(last=False)[1]

    def start(self) -> Place | None:
        """The first row of the oldest open group."""
        for group in self._open.values():
            return group.start
        return None

    def left_since(self, row: int) -> dict[str, int]:
        """Groups that left and have lines at `row` or behind it."""
        # The newest first: what left before `row` was reached has no line behind it, nor has what left before that.
        newest = takewhile(lambda left: left[1] >= row, zip(reversed(self._left.items()), reversed(self._left_at), strict=True))
        return dict(reversed([left for left, _ in newest if left[1] >= row]))
