"""The warehouse as all threads but the engine's ask it: never while it is closed, opened again or loaded anew."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from relance.errors import WarehouseError, WarehouseUnavailable
from relance.warehouse.base import ReadableWarehouse

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from relance.warehouse.asking import Asking
    from relance.warehouse.base import Moments, Person, ProfileRow, Question, Warehouse
    from relance.warehouse.columns import Columns


def is_broken(error: WarehouseError) -> bool:
    """Whether the warehouse answers nothing more, or nothing right, until somebody mends it."""
    return bool(error.context.get("fatal") or error.context.get("damaged"))


class SharedWarehouse(ReadableWarehouse):
    """Asks a warehouse for other threads. A connection must not be closed under a question, nor half of the people be counted.

    Raises, wherever it is asked:
        WarehouseUnavailable: it is being mended, or must be; ask again in a moment.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.dialect = warehouse.dialect
        self.trouble: WarehouseError | None = None  # met by a question, for the thread that mends
        self._warehouse = warehouse
        self._changed = threading.Condition()
        self._asking = 0
        self._closed = False

    def close(self) -> None:
        """Let nobody ask any more; returns when the last question is answered."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: self._asking == 0)

    def open(self) -> None:
        """Everybody may ask again."""
        with self._changed:
            self._closed, self.trouble = False, None

    @contextmanager
    def _question(self) -> Iterator[ReadableWarehouse]:
        with self._changed:
            if self._closed:
                raise WarehouseUnavailable
            self._asking += 1
        try:
            yield self._warehouse
        except WarehouseError as e:
            if not is_broken(e):
                raise
            self.trouble = e
            raise WarehouseUnavailable from e
        finally:
            with self._changed:
                self._asking -= 1
                self._changed.notify_all()

    @contextmanager
    def lent(self) -> Iterator[Warehouse]:
        """The warehouse itself, for a longer piece of work; it is not closed meanwhile."""
        with self._question():
            yield self._warehouse

    def last_tick(self) -> int:
        with self._question() as warehouse:
            return warehouse.last_tick()

    def position(self) -> int:
        with self._question() as warehouse:
            return warehouse.position()

    def seq_known_at(self, at: int) -> int:
        with self._question() as warehouse:
            return warehouse.seq_known_at(at)

    def ask(self, question: Question, moments: Moments) -> list[bool]:
        with self._question() as warehouse:
            return warehouse.ask(question, moments)

    def fetch(self, statements: Mapping[str, str], moments: Moments) -> dict[str, Columns]:
        with self._question() as warehouse:
            return warehouse.fetch(statements, moments)

    def fetch_members(self, statements: Mapping[str, str], at: int, profiles: tuple[int, int]) -> dict[str, Columns]:
        with self._question() as warehouse:
            return warehouse.fetch_members(statements, at, profiles)

    def pieces(self, statement: str, people: Sequence[int] | Any | None = None) -> Iterator[pa.Table]:
        with self._question() as warehouse:
            yield from warehouse.pieces(statement, people)

    def read_table(self, statement: str) -> Any:
        with self._question() as warehouse:
            return warehouse.read_table(statement)

    def members(self, question: Question, at: int, seq: int | None = None) -> list[int]:
        with self._question() as warehouse:
            return warehouse.members(question, at, seq)

    def count(self, question: Question, at: int, seq: int | None = None) -> int:
        with self._question() as warehouse:
            return warehouse.count(question, at, seq)

    def member_ids(self, question: Question, at: int, seq: int | None = None, asking: Asking | None = None) -> array[int]:
        with self._question() as warehouse:
            return warehouse.member_ids(question, at, seq, asking)

    def regions(
        self,
        questions: Sequence[Question],
        at: int,
        seq: int | None = None,
        *,
        halvings: int = 0,
        asking: Asking | None = None,
    ) -> dict[int, int]:
        with self._question() as warehouse:
            return warehouse.regions(questions, at, seq, halvings=halvings, asking=asking)

    def states(self, profile_ids: Sequence[int], seq: int | None = None) -> list[ProfileRow]:
        with self._question() as warehouse:
            return warehouse.states(profile_ids, seq)

    def kept_since(self, segment: str, profile_ids: Sequence[int]) -> dict[int, int]:
        with self._question() as warehouse:
            return warehouse.kept_since(segment, profile_ids)

    def kept_changes(self, segment: str, low: int, high: int, step: int) -> Columns | None:
        with self._question() as warehouse:
            return warehouse.kept_changes(segment, low, high, step)

    def kept_from(self) -> int:
        with self.lent() as warehouse:
            return warehouse.kept_from()

    def kept_changes_of(self, profile_id: int, limit: int) -> list[tuple[str, int, bool]]:
        with self._question() as warehouse:
            return warehouse.kept_changes_of(profile_id, limit)

    def people(self, profile_ids: Iterable[int]) -> list[Person]:
        with self._question() as warehouse:
            return warehouse.people(profile_ids)

    def find_profiles(self, user_id: str) -> list[int]:
        with self._question() as warehouse:
            return warehouse.find_profiles(user_id)

    def counts(self) -> dict[str, int]:
        with self._question() as warehouse:
            return warehouse.counts()
