"""What a tick leaves in the warehouse: written at once when a condition is about to be asked, else at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.ids import SEQ_BITS
from relance.warehouse.base import ConsentRow, EventRow, ProfileRow, SuppressionRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.journeys.history import History
    from relance.store import Connection
    from relance.warehouse.base import Warehouse

# What the engine emits is stamped; it is known from the moment it is emitted. The columns are those of `EventRow`.
_OWN = f"""SELECT o.profile_id, o.seq, o.at, o.at, o.name, o.properties, o.seq >> {SEQ_BITS}, o.tick
    FROM own_events o WHERE o.own_id > :after AND o.own_id <= :last AND o.tick = :tick ORDER BY o.own_id"""  # noqa: S608 - a number
_LAST_OWN = "SELECT MAX(own_id) FROM own_events"


class Output:
    """Keeps rows until they are needed. Of two rows with one key the later counts."""

    def __init__(
        self, connection: Connection, warehouse: Warehouse, tick: int, last_own: int, history: History | None = None
    ) -> None:
        """`last_own` is the highest id that our own events had before the tick."""
        self._connection = connection
        self._warehouse = warehouse
        self._tick = tick
        self._history = history
        self._events: list[EventRow] = []
        self._profiles: dict[tuple[int, int], tuple[Any, ...]] = {}
        self._consent: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._suppressions: list[tuple[Any, ...]] = []
        self._last_own = last_own

    def events(self, rows: Sequence[EventRow]) -> None:
        """What was received."""
        self._events += rows

    def profile_history(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """See `profiles.traits.HISTORY_COLUMNS`."""
        for row in rows:
            self._profiles[row[0], row[1]] = row

    def consent_history(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """profile_id, seq, at, received_at, channel, group_id, state."""
        for row in rows:
            self._consent[row[0], row[1], row[4], row[5]] = row

    def suppressions(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """channel, address, seq, suppressed."""
        self._suppressions += rows

    def unite(self, pairs: Sequence[tuple[int, int]]) -> None:
        """(merged profile, kept profile)."""
        self.flush()
        self._warehouse.unite(pairs)

    def flush(self) -> None:
        """Write what is kept, and what the engine emitted since."""
        last = self._connection.value(_LAST_OWN)
        if last is not None and last > self._last_own:
            bounds = {"after": self._last_own, "last": last, "tick": self._tick}
            self._events += map(EventRow._make, self._connection.rows(_OWN, bounds))
            self._last_own = last
        if self._events:
            self._warehouse.add_events(self._events)
            self._events = []
        if self._profiles:
            self._warehouse.add_profile_history([ProfileRow._make((*row, self._tick)) for row in self._profiles.values()])
            self._profiles = {}
        if self._consent:
            self._warehouse.add_consent_history([ConsentRow._make((*row, self._tick)) for row in self._consent.values()])
            self._consent = {}
        if self._suppressions:
            self._warehouse.add_suppressions([SuppressionRow._make((*row, self._tick)) for row in self._suppressions])
            self._suppressions = []
        if self._history is not None:
            self._history.tell(self._tick)
