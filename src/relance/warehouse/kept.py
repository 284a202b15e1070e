"""The part of a warehouse in which memberships of segments are kept: who entered and left, and when.

It is written by one thread, which need not be the one that writes all the rest. What it writes of a tick is taken back
with the tick.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from relance.warehouse.columns import Columns


class Mark(NamedTuple):
    """How far memberships are kept."""

    nth: int  # the number of refreshes so far
    at: int
    seq: int  # the last place in the order of events that counted
    tick: int


class KeptMemberships(ABC):
    """Memberships, as they were kept by the last refresh."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """One state of the warehouse to read from, and all or nothing of what is written, as far as the engine can."""

    @abstractmethod
    def mark(self) -> Mark | None:
        """How far memberships are kept; None when none ever were."""

    @abstractmethod
    def set_mark(self, mark: Mark) -> None: ...

    @abstractmethod
    def bodies(self) -> dict[str, str]:
        """The segments that are kept, with the text of what they mean."""

    @abstractmethod
    def set_body(self, segment: str, body: str) -> None: ...

    @abstractmethod
    def drop(self, segment: str) -> None:
        """Forget a segment and all that was kept of it."""

    @abstractmethod
    def add(self, rows: Mapping[str, Any], nth: int, tick: int) -> None:
        """Keep changes.

        Shape:
            rows: arrays `profile_id`, `at` and `entered`, and `segment`, which is `Coded`; one row a change.
        """

    @abstractmethod
    def forget_people(self, profile_ids: Sequence[int]) -> None:
        """Forget where some people were who are no more."""

    @abstractmethod
    def forgotten_until(self) -> int:
        """Up to when stays that ended are forgotten; 0 when none are. From then on it is known who was in which segment."""

    @abstractmethod
    def forget_ended(self, until: int, most: int) -> int:
        """Forget stays in segments that ended up to an instant, the oldest first.

        Who is a member and since when stays, and so does who was one at any later instant.

        Args:
            until: the instant.
            most: how many at a time, some more where many ended at one instant.

        Returns:
            Up to when they are forgotten now.
        """

    @abstractmethod
    def members(self, segment: str) -> Any:
        """The profiles that are in a segment, an array."""

    @abstractmethod
    def since(self, segment: str, profile_ids: Sequence[int]) -> dict[int, int]:
        """When some members entered last."""

    @abstractmethod
    def changes(self, segment: str, low: int, high: int, step: int) -> Columns:
        """Who came and went.

        Shape:
            `at`, the multiples of `step` up to which changes are added up, `entered` and `left`; changes before `low`
            are in the row of the first.
        """

    @abstractmethod
    def changes_of(self, profile_id: int, limit: int) -> list[tuple[str, int, bool]]:
        """The last changes of one person, as `(segment, at, entered)`, the newest first."""

    # ------------------------------------------------------------------ what happened meanwhile

    @abstractmethod
    def touched(self, after: int, until: int) -> Columns:
        """Whom something happened to in ticks `after < tick <= until`.

        Shape:
            `profile_id`, `at` (its arrival; -1 if that is not known) and `seq` (0 for what has no place of its own).
        """

    @abstractmethod
    def merged(self, after: int, until: int) -> Columns:
        """Who was merged in these ticks: `merged` and `kept`."""

    @abstractmethod
    def passed(self, low: int, high: int, windows: Mapping[int, Iterable[str]]) -> Columns:
        """Whose events left a window in `low < at <= high`: `profile_id` and `at`.

        Args:
            low: after that.
            high: up to then.
            windows: by length, the names of events; at least one.
        """

    @abstractmethod
    def passed_messages(self, low: int, high: int, within: int) -> Columns:
        """The same for what became of messages."""

    @abstractmethod
    def passed_scores(self, low: int, high: int, within: int) -> Columns:
        """The same for scores that grew older than a length."""

    @abstractmethod
    def latest(self) -> tuple[int, int]:
        """The last arrival there is, and the last place in the order of events; 0 when there is none."""

    @abstractmethod
    def everybody(self) -> Any:
        """All profiles there are, an array in order."""
