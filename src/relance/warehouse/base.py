"""The port of the warehouse: what every engine must be able to do, and the rows it keeps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

from relance.errors import UnsupportedByEngine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from relance.warehouse.asking import Asking
    from relance.warehouse.columns import Columns
    from relance.warehouse.kept import KeptMemberships

Shape: TypeAlias = Literal["moments", "members", "members_known"]

FAR_SEQ = 1 << 62  # later than any place in the order of events


class EventRow(NamedTuple):
    """One event of one profile, which has a row of its own by the end of the tick."""

    profile_id: int
    seq: int
    at: int
    received_at: int
    name: str
    properties: dict[str, Any] | str  # or its JSON text
    position: int
    tick: int


class ProfileRow(NamedTuple):
    """One profile from one event on, until its next row. Every profile has one from its creation on."""

    profile_id: int
    seq: int
    received_at: int
    traits: dict[str, Any] | str  # or its JSON text
    user_id: str
    timezone: str | None  # a zone that exists, else None
    email: str | None  # in the form that suppressions name it
    email_valid: bool
    phone: str | None
    phone_valid: bool
    push_token: str | None
    created_at: int
    tick: int


class ConsentRow(NamedTuple):
    """One consent change that was applied. `group_id` is '' for the channel itself."""

    profile_id: int
    seq: int
    at: int
    received_at: int
    channel: str
    group_id: str
    state: str
    tick: int


class SuppressionRow(NamedTuple):
    """An address that gets nothing any more, or does again."""

    channel: str
    address: str
    seq: int
    suppressed: bool
    tick: int


class MessageRow(NamedTuple):
    """What became of one message: `sent`, `blocked`, `expired` or `failed`."""

    profile_id: int
    seq: int
    at: int
    message_id: str  # as others see it
    source: str  # journey:ID or campaign:ID
    step: str
    status: str
    tick: int


class JourneyRow(NamedTuple):
    """One move of one passage through a journey: into its first step, from step to step, or out of the journey."""

    profile_id: int
    seq: int
    at: int
    enrollment_id: int
    journey: str
    step: str  # that is entered; '' at the end
    previous: str  # that is left; '' at the start
    state: str  # after it: active, finished, exited or failed
    tick: int


class ListRow(NamedTuple):
    """Somebody was put on a list, or taken off it. The last row counts, by `at`, then by `seq`."""

    profile_id: int
    seq: int
    at: int
    list_id: str
    member: bool
    tick: int


class ScoreRow(NamedTuple):
    """What a prediction said of somebody. The last row counts, by `at`, then by `seq`."""

    profile_id: int
    seq: int
    at: int
    prediction: str
    score: float
    category: str
    tick: int
    place: int = 0  # among the scores of its scoring, 1 is the highest; 0: not known
    percentile: float = -1.0  # of those, how many in a hundred are lower; below 0: not known
    value: float = -1.0  # the amount that is expected; below 0: none is foretold


Fact: TypeAlias = MessageRow | JourneyRow | ListRow | ScoreRow
FactTable: TypeAlias = Literal["message_history", "journey_history", "list_history", "score_history"]

# Rows that, like events, are known from their `at` and `seq` on, and are never ended by another row.
FACTS: Mapping[FactTable, Any] = {  # a checker reads no `_make` off a union
    "message_history": MessageRow,
    "journey_history": JourneyRow,
    "list_history": ListRow,
    "score_history": ScoreRow,
}


class Moments(NamedTuple):
    """The moments to ask about, column by column (sequences, or arrays of integers). An event is seen at one if `event.seq <= seq and event.at <= at`."""

    profile_ids: Sequence[int] | Any
    ats: Sequence[int] | Any
    seqs: Sequence[int] | Any


_KEPT_AS: Mapping[FactTable, str] = {
    "message_history": "messages",
    "journey_history": "journeys",
    "list_history": "lists",
    "score_history": "scores",
}


@dataclass(slots=True)
class Person:
    """What the warehouse knows of one profile, in full: for an explanation, and for the engine in memory.

    Lists are in the order of `seq`.
    """

    profile_id: int
    events: list[EventRow]
    states: list[ProfileRow]
    consents: list[ConsentRow]
    suppressions: dict[tuple[str, str], list[SuppressionRow]]  # by channel and address
    messages: list[MessageRow] = field(default_factory=list)
    journeys: list[JourneyRow] = field(default_factory=list)
    lists: list[ListRow] = field(default_factory=list)
    scores: list[ScoreRow] = field(default_factory=list)

    def facts(self, table: FactTable) -> list[Any]:
        """The rows of one table."""
        found: list[Any] = getattr(self, _KEPT_AS[table])
        return found


class Question(Protocol):
    """A compiled condition, as far as an engine needs to know it."""

    def sql(self, dialect: str, shape: Shape) -> str:
        """The statement of one shape, with the marks of `marks.py` where the figures of the asking go."""
        ...

    def holds(self, person: Person, at: int, seq: int) -> bool:
        """The same, in plain Python, of one person."""
        ...


class ReadableWarehouse(ABC):
    """What may be asked of a warehouse."""

    dialect: str

    @abstractmethod
    def last_tick(self) -> int:
        """The last tick that was committed, 0 when there was none."""

    @abstractmethod
    def position(self) -> int:
        """The last position of the log that was loaded, 0 when there was none."""

    @abstractmethod
    def seq_known_at(self, at: int) -> int:
        """The highest `seq` of what had been received at an instant, 0 when there was none."""

    @abstractmethod
    def ask(self, question: Question, moments: Moments) -> list[bool]:
        """Whether the condition holds, for each moment, in their order."""

    @abstractmethod
    def fetch(self, statements: Mapping[str, str], moments: Moments) -> dict[str, Columns]:
        """What statements that read `moments` answer, by their names.

        Raises:
            UnsupportedByEngine: the engine has no statements.
        """

    @abstractmethod
    def fetch_members(self, statements: Mapping[str, str], at: int, profiles: tuple[int, int]) -> dict[str, Columns]:
        """What statements about all profiles from a number to another one answer of an instant, by their names.

        Raises:
            UnsupportedByEngine: the engine has no statements.
        """

    def read_table(self, statement: str) -> Any:  # noqa: ARG002 - an engine may have no statements
        """What a statement in the words of all engines answers, as an Arrow table.

        Raises:
            UnsupportedByEngine: the engine has no statements.
        """
        raise UnsupportedByEngine

    @abstractmethod
    def pieces(self, statement: str, people: Sequence[int] | Any | None = None) -> Iterator[pa.Table]:
        """The rows of a statement, some hundred thousand at a time, as they are committed: for long readings.

        Args:
            statement: it may read `people`, a table of the one column `profile_id`.
            people: what stands in it.

        Raises:
            UnsupportedByEngine: the engine has no statements.
        """

    @abstractmethod
    def members(self, question: Question, at: int, seq: int | None = None) -> list[int]:
        """The profiles for which the condition holds at an instant, in order; as far as known at `seq`."""

    @abstractmethod
    def count(self, question: Question, at: int, seq: int | None = None) -> int:
        """How many profiles `members` would answer."""

    def member_ids(self, question: Question, at: int, seq: int | None = None, asking: Asking | None = None) -> array[int]:
        """The same as `members`, at eight bytes a member.

        Raises:
            QuestionDropped: `asking` was taken back.
        """
        if asking is not None:
            asking.require()
        return array("q", self.members(question, at, seq))

    @abstractmethod
    def regions(
        self,
        questions: Sequence[Question],
        at: int,
        seq: int | None = None,
        *,
        halvings: int = 0,
        asking: Asking | None = None,
    ) -> dict[int, int]:
        """How many profiles each combination of questions holds for, counted in one statement.

        Args:
            questions: at most 16.
            at: the instant.
            seq: as far as known then.
            halvings: ask only one in `2 ** halvings` profiles, chosen by a hash of their ids: for estimates.
            asking: what may take it back.

        Returns:
            By the sum of `1 << i` of the questions that hold; whoever none of them holds for is not counted.

        Raises:
            QuestionDropped: `asking` was taken back.
        """

    @abstractmethod
    def states(self, profile_ids: Sequence[int], seq: int | None = None) -> list[ProfileRow]:
        """The row in force of each of some profiles, now or as far as known at `seq`, by `profile_id`."""

    @abstractmethod
    def kept_since(self, segment: str, profile_ids: Sequence[int]) -> dict[int, int]:
        """When some members of a segment entered last, as far as memberships are kept."""

    @abstractmethod
    def kept_changes(self, segment: str, low: int, high: int, step: int) -> Columns | None:
        """Who came and went, as `KeptMemberships.changes` tells; None where memberships are not kept."""

    @abstractmethod
    def kept_from(self) -> int:
        """From when on it is kept who was in which segment; 0: for ever."""

    @abstractmethod
    def kept_changes_of(self, profile_id: int, limit: int) -> list[tuple[str, int, bool]]:
        """The last segments that one person entered or left, as `(segment, at, entered)`, the newest first."""

    @abstractmethod
    def people(self, profile_ids: Iterable[int]) -> list[Person]:
        """All that is known of some profiles."""

    @abstractmethod
    def find_profiles(self, user_id: str) -> list[int]:
        """The profiles that now carry an id, in order."""

    @abstractmethod
    def counts(self) -> dict[str, int]:
        """How many rows each table has, for `doctor`."""


class Warehouse(ReadableWarehouse):
    """One warehouse. Written by one thread, in ticks; what a tick added is seen by its own questions at once."""

    kept: KeptMemberships | None = None  # None where memberships are not kept

    def kept_since(self, segment: str, profile_ids: Sequence[int]) -> dict[int, int]:
        return self.kept.since(segment, profile_ids) if self.kept is not None and profile_ids else {}

    def kept_changes(self, segment: str, low: int, high: int, step: int) -> Columns | None:
        return self.kept.changes(segment, low, high, step) if self.kept is not None else None

    def kept_from(self) -> int:
        return self.kept.forgotten_until() if self.kept is not None else 0

    def kept_changes_of(self, profile_id: int, limit: int) -> list[tuple[str, int, bool]]:
        return self.kept.changes_of(profile_id, limit) if self.kept is not None else []

    @abstractmethod
    def begin(self, tick: int) -> None:
        """Start a tick; until `commit`, others see nothing of it."""

    @abstractmethod
    def commit(self) -> None:
        """Keep what the tick added."""

    @abstractmethod
    def rollback(self) -> None:
        """Forget what the tick added."""

    @abstractmethod
    def add_events(self, rows: Sequence[EventRow]) -> None: ...

    @abstractmethod
    def add_profile_history(self, rows: Sequence[ProfileRow]) -> None:
        """Add profile rows, in the order of their `seq` for each profile, later than those that are there."""

    @abstractmethod
    def add_consent_history(self, rows: Sequence[ConsentRow]) -> None:
        """Add consent changes, in the order of their `seq` for each profile, later than those that are there."""

    @abstractmethod
    def add_suppressions(self, rows: Sequence[SuppressionRow]) -> None: ...

    @abstractmethod
    def add_facts(self, table: FactTable, rows: Sequence[Fact]) -> None:
        """Add rows to one of the tables of `FACTS`."""

    @abstractmethod
    def unite(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Merge profiles: (merged, kept). All rows carry the kept id.

        Of the merged profile's own states those remain that are older than the kept profile's first; call it before
        the kept profile's row with the merged traits is added. How both were before the tick is kept until the next
        merge, for `forget_after`.
        """

    @abstractmethod
    def erase(self, profile_ids: Sequence[int], addresses: Sequence[tuple[str, str]]) -> None:
        """Take everything about some people away for good, in a tick of its own: `forget_after` can not bring it back.

        The merges of earlier ticks can not be taken back any more either: what was kept for that holds copies.

        Args:
            profile_ids: whose rows go.
            addresses: channels and addresses of which nothing is to be remembered.
        """

    def scrub(self) -> bool:
        """Free the files of rows that were deleted, as far as the engine can. False when it must be tried again."""
        return True

    @abstractmethod
    def forget_after(self, tick: int) -> None:
        """Take back what later ticks added, merges too: the store never heard of them. Stands outside of a tick.

        A store is one tick behind at most, unless it was put back to an older copy. Where merges of more ticks than one would
        have to be taken back, everything is: `last_tick` is not the one that was asked for then, and only the log can help.
        """

    def verify(self) -> None:
        """Read everything once.

        Raises:
            WarehouseError: something can not be read; `context["damaged"]` says whether that is for good.
        """
        self.counts()

    def reopen(self) -> None:
        """Begin again after a fatal error (`context["fatal"]`). What was not committed is gone."""

    @abstractmethod
    def start_over(self) -> None:
        """Begin again with nothing, to be loaded from the log; what is damaged is moved aside, not deleted."""

    @abstractmethod
    def close(self) -> None: ...
