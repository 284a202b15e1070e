"""Conditions as frozen trees.

Every leaf is a question that can be asked of one moment `(profile, instant, place in the order of events)`. Trees are
hashable: equal leaves are asked once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from relance.conditions.clauses import Clause

Channel: TypeAlias = Literal["email", "sms", "push", "in_app", "webhook"]
ConsentMode: TypeAlias = Literal["opt_in", "opt_out", "none"]
AggregateFunction: TypeAlias = Literal["sum", "avg", "min", "max", "count_distinct", "first", "last"]

JourneyState: TypeAlias = Literal["active", "finished", "exited", "ever", "never"]

CHANNELS: tuple[Channel, ...] = ("email", "sms", "push", "in_app", "webhook")
AGGREGATES: tuple[AggregateFunction, ...] = ("sum", "avg", "min", "max", "count_distinct", "first", "last")
JOURNEY_STATES: tuple[JourneyState, ...] = ("active", "finished", "exited", "ever", "never")
CATEGORIES = ("low", "medium", "high")
NUMBER_OF_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """Which time counts: `now - within < t <= now` and `since <= t < before`; a date is its midnight in the profile's zone."""

    within: int | None = None
    since: int | date | None = None
    before: int | date | None = None


ALL_TIME = Window()


@dataclass(frozen=True, slots=True)
class Limit:
    """One of `times`, `score` or an aggregate's: `eq ne gt gte lt lte`."""

    op: str
    value: Any


AT_LEAST_ONCE = (Limit("gte", 1),)
# Limits of `times` that tell those who did something from those who did not, and no more.
ONCE_OR_MORE = frozenset({("gte", 1), ("gt", 0), ("ne", 0)})
NOT_ONCE = frozenset({("eq", 0), ("lt", 1), ("lte", 0)})


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over the values at a path of the events that count."""

    function: AggregateFunction
    path: tuple[str, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Everything holds; nothing to hold is true."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Something holds; nothing to hold is false."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    of: Condition


@dataclass(frozen=True, slots=True)
class Trait:
    """A test of the profile's traits."""

    clause: Clause


@dataclass(frozen=True, slots=True)
class Did:
    """How often something happened, or a figure over it."""

    event: str
    where: tuple[Clause, ...] = ()
    window: Window = ALL_TIME
    times: tuple[Limit, ...] = AT_LEAST_ONCE
    aggregate: Aggregate | None = None


@dataclass(frozen=True, slots=True)
class SequenceStep:
    """One event of a sequence; less than `within` after the one before it."""

    event: str
    where: tuple[Clause, ...] = ()
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One thing after the other."""

    steps: tuple[SequenceStep, ...]
    window: Window = ALL_TIME


@dataclass(frozen=True, slots=True)
class CanReceive:
    """Has a valid address that is not suppressed, and consents as the channel's mode asks."""

    channel: Channel
    because_subscribed: bool = False


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Said yes to a channel (any, when None), or to a group on it; `group` "" is the channel itself."""

    channel: Channel | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class InSegment:
    """Is a member of another segment."""

    segment: str


@dataclass(frozen=True, slots=True)
class InList:
    """Is on a list."""

    list_id: str


@dataclass(frozen=True, slots=True)
class Predicted:
    """The last score of a prediction is as said: by itself, by its place among all of its scoring, or by its age."""

    prediction: str
    score: tuple[Limit, ...] = ()
    categories: tuple[str, ...] = ()
    percentile: tuple[Limit, ...] = ()  # of the scores of its scoring, how many in a hundred are lower
    top: int | None = None  # it is one of so many highest
    value: tuple[Limit, ...] = ()  # the amount that is expected
    within: int | None = None  # it is younger than that


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a journey or campaign came to one of some ends, or was answered, within a window."""

    source: str
    step: str | None = None  # any
    statuses: tuple[str, ...] = ("sent",)
    window: Window = ALL_TIME


@dataclass(frozen=True, slots=True)
class Journey:
    """Is in a journey, was, or never was; with `step`: at that step, or by way of it."""

    journey: str
    state: JourneyState = "active"
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A trait with `lat` and `lon` lies within a distance on the sphere."""

    path: tuple[str, ...]
    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """Falls into a share of 10,000 sticky buckets: `start <= bucket < end`."""

    salt: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """The moment asked about lies before an instant. No definition says it: archiving does."""

    at: int


ARCHIVE_PREFIX = "segment:"  # of the lists that hold the members of archived segments


@dataclass(frozen=True, slots=True)
class Frozen:
    """An archived segment: before `at` its condition, from then on whoever was a member at that instant."""

    segment: str
    at: int
    live: Condition

    @property
    def kept(self) -> InList:
        """Who was a member."""
        return InList(ARCHIVE_PREFIX + self.segment)

    @property
    def spelt_out(self) -> AnyOf:
        """The same in plainer conditions."""
        before = Earlier(self.at)
        return AnyOf((All((before, self.live)), All((Not(before), self.kept))))


Condition: TypeAlias = (
    All
    | AnyOf
    | Not
    | Trait
    | Did
    | Sequence
    | CanReceive
    | Subscribed
    | InSegment
    | InList
    | Predicted
    | Message
    | Journey
    | Near
    | Bucket
    | Earlier
    | Frozen
)

EVERYONE = All(())
NOBODY = AnyOf(())


@dataclass(frozen=True, slots=True)
class ConditionSettings:
    """What a workspace sets that conditions depend on."""

    timezone: str = "UTC"  # of profiles without one
    consent: tuple[tuple[str, ConsentMode], ...] = field(
        default=(("email", "opt_in"), ("sms", "opt_in"), ("push", "opt_in"), ("in_app", "none"), ("webhook", "none"))
    )

    def mode(self, channel: str) -> ConsentMode:
        return dict(self.consent).get(channel, "none")


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions right below one."""
    if isinstance(condition, (All, AnyOf)):
        return condition.of
    if isinstance(condition, Frozen):
        return condition.live, condition.kept
    return (condition.of,) if isinstance(condition, Not) else ()


def walk(condition: Condition) -> Iterator[Condition]:
    """A condition and all below it."""
    yield condition
    for child in children(condition):
        yield from walk(child)
