"""Questions that may be taken back while they are answered, and the statements that ask several at once."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from relance.errors import QuestionDropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# What a condition reads of people: with only a part of the rows of each, it is asked of a part of the people.
OF_PEOPLE = (
    "events",
    "profile_history",
    "profile_now",
    "consent_history",
    "message_history",
    "journey_history",
    "list_history",
    "score_history",
)


class Asking:
    """One asking, from its start to its answer. `drop` may be called from any thread, and again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._interrupt: Callable[[], object] | None = None
        self.dropped = False

    def drop(self) -> None:
        """Take it back: what runs is interrupted, what has not begun does not begin.

        A statement that begins at this very instant may miss the interruption; whoever wants to be sure calls it again
        until the answer has come.
        """
        with self._lock:  # while it is held the statement can not end, so nobody else's is interrupted
            self.dropped = True
            if self._interrupt is not None:
                self._interrupt()

    @contextmanager
    def running(self, interrupt: Callable[[], object] | None) -> Iterator[None]:
        """Around one statement that `interrupt` ends early.

        Raises:
            QuestionDropped: it was taken back before.
        """
        self.require()
        with self._lock:
            self._interrupt = interrupt
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = None

    def require(self) -> None:
        """Check that it was not taken back.

        Raises:
            QuestionDropped: it was.
        """
        if self.dropped:
            raise QuestionDropped


def regions_sql(statements: Sequence[str], part: Callable[[str], str] | None) -> str:
    """The statement that counts people by which of some statements answer them: columns `bits` and a count.

    Args:
        statements: each answers `profile_id`.
        part: from the name of a table to the statement that reads the part of its rows that is asked; None for all.
    """
    each = " UNION ALL ".join(
        f"SELECT profile_id, {1 << i} AS bit FROM ({statement}) AS s{i}"  # noqa: S608 - compiled, or our own names
        for i, statement in enumerate(statements)
    )
    of_each = f"SELECT profile_id, sum(bit) AS bits FROM ({each}) AS answered GROUP BY profile_id"  # noqa: S608
    sql = f"SELECT bits, count(*) FROM ({of_each}) AS regions GROUP BY bits"  # noqa: S608
    if part is None:
        return sql
    shadows = ", ".join(f"{table} AS ({part(table)})" for table in OF_PEOPLE)
    return f"WITH {shadows} {sql}"
