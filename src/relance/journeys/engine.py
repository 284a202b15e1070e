"""One tick: a batch of the log and the timers that are due, in one transaction of the store."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from relance.clock import MICROSECOND
from relance.consent.suppress import apply_news
from relance.errors import StoreError
from relance.ids import SEQ_BITS, seq_of_position
from relance.journeys.arrivals import ArrivalReader, Arrivals
from relance.journeys.flows import Flows, take_up, watch_segments
from relance.journeys.history import History, drop_unasked, find_asked
from relance.journeys.limits import EntryBook
from relance.journeys.messages import take_outcomes, tell_outcomes
from relance.journeys.output import Output
from relance.journeys.proofs import take_proofs, tell_proofs
from relance.journeys.reactions import keep_reactions
from relance.journeys.rules import load_rulebook
from relance.journeys.wave import MOST_PROFILES, SQL, Wave
from relance.journeys.waves import Waves
from relance.localtime import UTC_ZONE, find_zone
from relance.outbox.handoff import HandOff
from relance.profiles.merge import SCRATCH as MERGE_SCRATCH
from relance.profiles.resolve import Resolution, resolve, write_people
from relance.profiles.traits import HISTORY_COLUMNS, compact
from relance.segments.flow import NOTHING_WATCHED
from relance.store.scratch import count_grown, create_scratch, empty, empty_all
from relance.warehouse.base import EventRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from relance.consent.suppress import AddressNews
    from relance.events.model import Event
    from relance.journeys.lifecycle.performing import Performance
    from relance.journeys.rules import Rulebook
    from relance.journeys.schedule import Start
    from relance.journeys.wave import Judge
    from relance.outbox.handoff import Carrier
    from relance.outbox.reconcile import Proven
    from relance.profiles.traits import TraitChange
    from relance.segments.flow import Watched
    from relance.segments.standings import Standing
    from relance.store import Connection
    from relance.warehouse.base import Warehouse
    from relance.workspace import Workspace

DUE_PEOPLE_A_TICK = 50_000
_LEFT = "SELECT 1 FROM timers WHERE due_at <= :until UNION ALL SELECT 1 FROM segment_edges WHERE at <= :until LIMIT 1"
_NEXT_DUE = """SELECT MIN(x.at) FROM (
    SELECT MIN(due_at) AS at FROM timers UNION ALL SELECT MIN(at) FROM segment_edges
    UNION ALL SELECT MIN(decided_at) FROM message_outcomes) x"""

# What a tick may fill at once.
_GROWING = (
    "profiles", "profile_seqs", "aliases", "enrollments", "timers", "enrollment_path", "enrollment_handed", "messages",
    "journey_events", "journey_signals", "consent", "segment_members", "segment_edges",
)  # fmt: skip
_OTHER_ENGINE = "another engine has moved this store on: only one may run"


def _read_sql(name: str) -> str:
    return files("relance.journeys").joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class EngineState:
    """How far the engine has come."""

    position: int  # of the log
    tick: int
    at: int  # schedules up to here have fired
    last_own: int  # the highest id of our own events


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a tick did."""

    events: int
    due_left: bool  # more people are due than one tick takes; schedules wait until all were
    act_left: bool = False  # an act concerns more people than one tick takes


@dataclass(frozen=True, slots=True)
class Seams:
    """What a backtest does in its own way: whose events are, what they tell of addresses, what caps count."""

    resolve: Callable[[Connection, Sequence[Event]], Resolution] = resolve
    apply_news: Callable[[Connection, Sequence[AddressNews]], list[tuple[Any, ...]]] = apply_news
    hand_off: type[HandOff] = HandOff


class Engine:
    """Moves people through journeys. One at a time may run on a store."""

    def __init__(
        self,
        warehouse: Warehouse,
        judge: Callable[[Workspace], Judge],
        carrier: Callable[[Workspace], Carrier] | None = None,
        *,
        prefix: str = "m",
        due_people: int = DUE_PEOPLE_A_TICK,
        fixed_tick: int | None = None,
        note: Callable[[Connection, Sequence[Event]], None] | None = None,
        seams: Seams | None = None,
    ) -> None:
        """`carrier` takes messages at once, as simulations do; without one they wait for the drain.

        `fixed_tick` numbers all ticks alike, for a rebuild. `note` is told of all received events, in the transaction of their tick.
        `seams` are for a past that is lived again.
        """
        self._seams = seams or Seams()
        self._note = note
        self._fixed_tick = fixed_tick
        self._last_loaded = 0  # the last tick this engine committed to the warehouse
        self._warehouse = warehouse
        self._make_judge = judge
        self._make_carrier = carrier
        self._carries_live = carrier is None
        self._prefix = prefix
        self._due_people = due_people
        self._connection: Connection | None = None
        self._scratch: tuple[str, ...] = ()
        self._workspace: Workspace | None = None
        self._judge: Judge | None = None
        self._history: History | None = None
        self._hand_off: HandOff | None = None
        self._watched = NOTHING_WATCHED
        self._entries = EntryBook()
        self.rules: Rulebook | None = None

    def read_state(self, connection: Connection) -> EngineState:
        """How far the engine has come."""
        row = connection.row("SELECT position, tick, at, last_own FROM engine_state WHERE id = 1")
        return EngineState(*row) if row else EngineState(0, 0, 0, 0)

    def use(self, connection: Connection, workspace: Workspace) -> Rulebook:
        """Take up a workspace's definitions; call again whenever they change, before the next tick."""
        if self._connection is not connection:
            scratch = "\n".join(
                [
                    _read_sql("scratch.sql"),
                    files("relance.outbox").joinpath("scratch.sql").read_text(encoding="utf-8"),
                    MERGE_SCRATCH,
                ]
            )
            self._scratch = create_scratch(connection, scratch, _read_sql("samples.sql"))
            self._connection = connection
        zone = find_zone(workspace.settings.timezone) or UTC_ZONE
        self.rules = load_rulebook(connection, workspace.template_groups, workspace.derived_events, zone)
        self._entries.forget()
        self.rules.write(connection)
        empty(connection, ("w_consent_mode", "w_template"))
        connection.insert_rows("w_consent_mode", ["channel", "mode"], sorted(workspace.settings.consent.items()))
        connection.insert_rows("w_template", ["template", "group_id"], sorted(workspace.template_groups.items()))
        self._workspace = workspace
        self._history = self._take_up_history(connection, self.rules, workspace)
        self._judge = self._make_judge(workspace)
        if self._carries_live:
            self._judge.prepare(c for v in self.rules.versions.values() for step in v.steps for c, _ in step.when)
        carrier = self._make_carrier(workspace) if self._make_carrier else None
        self._hand_off = self._seams.hand_off(workspace.settings, carrier, self.rules.shares)
        self._watched = watch_segments(self._judge, self.rules, workspace)
        published = max((at for version, at in self.rules.published.items() if version in self.rules.current), default=0)
        take_up(connection, self._judge, self._watched, self.read_state(connection).at, published)
        return self.rules

    def _take_up_history(self, connection: Connection, rules: Rulebook, workspace: Workspace) -> History:
        frozen = [(version.audience, [step.body for step in version.steps]) for version in rules.versions.values()]
        asked = find_asked([workspace.segments, workspace.journeys, workspace.campaigns, frozen])
        drop_unasked(connection, asked)
        history = History(connection, self._warehouse, asked, self._prefix)
        self._last_loaded = history.catch_up() or self._last_loaded
        return history

    def needs(self, connection: Connection) -> bool:
        """Whether `use` must be called for this connection."""
        return self._connection is not connection

    def tick(
        self,
        connection: Connection,
        events: Sequence[Event],
        *,
        position: int,
        until: int,
        starts: Sequence[Start] = (),
        changes: Sequence[TraitChange] = (),
        divisible: bool = False,
        act: Performance | None = None,
    ) -> TickReport:
        """Apply events and fire timers, then schedules; or do an act and nothing else.

        Args:
            connection: in a transaction, the one given to `use`.
            events: the next of the log, in its order, none received later than a microsecond after `until`.
            position: the last position of the log that the batch covers.
            until: the instant up to which everything received is in this batch or an earlier one.
            starts: schedules to fire at `until`, when nobody is due any more.
            changes: what journeys changed about people among these events, for a rebuild.
            divisible: whether the caller can try again with less at once.
            act: what somebody asked to be done with a journey, at the instant after `until`; then there are no events.

        Effects: everything the engine owns; `engine_state`; the warehouse, committed before the store.

        Raises:
            StoreError: another engine was here before; the store says how far it came.
            LimitReachedError: it must, for the order of starts matters within the tick. Nothing was done.
        """
        if self._connection is not connection and self._workspace is not None:  # a broken connection was replaced
            self.use(connection, self._workspace)
        state = self.read_state(connection)
        _require_next(state, events, position)
        if self._fixed_tick is None and self._last_loaded != state.tick:
            self._agree(state.tick)
            self._entries.forget()
        tick = state.tick + 1 if self._fixed_tick is None else self._fixed_tick
        self._entries.begin()
        self._warehouse.begin(tick)
        try:
            with _no_search_for_cycles():
                bounds = _Bounds(tick, position, until, divisible)
                report = self._run(connection, events, state, bounds, starts, changes, act)
                self._last_loaded = tick  # before the commit: one that failed may have been kept all the same
                self._warehouse.commit()
        except BaseException:
            self._warehouse.rollback()
            raise
        self._entries.keep()
        return report

    def _agree(self, tick: int) -> None:
        """Take back what the warehouse committed and the store could not; refuse a warehouse that lacks what the store knows."""
        if self._last_loaded > tick:
            self._warehouse.forget_after(tick)
        if self._warehouse.last_tick() != tick:
            raise StoreError(_OTHER_ENGINE)
        self._last_loaded = tick

    def _run(
        self,
        connection: Connection,
        events: Sequence[Event],
        state: EngineState,
        bounds: _Bounds,
        starts: Sequence[Start],
        changes: Sequence[TraitChange],
        act: Performance | None,
    ) -> TickReport:
        if self.rules is None or self._workspace is None or self._judge is None or self._hand_off is None:
            msg = "Engine.use was not called"
            raise RuntimeError(msg)
        empty_all(connection, self._scratch)
        count_grown(connection, _GROWING)
        zone = find_zone(self._workspace.settings.timezone) or UTC_ZONE
        output = Output(connection, self._warehouse, bounds.tick, state.last_own, self._history)
        arrivals, resolution = Arrivals(), Resolution()
        proven: list[Proven] = []
        if events:
            if self._note is not None:
                self._note(connection, events)
            resolution = self._seams.resolve(connection, events)
            write_people(connection, resolution)
            arrivals = ArrivalReader(connection, self.rules, zone, self._prefix, self._watched).read(resolution)
            _write_warehouse(output, resolution, bounds.tick)
            if arrivals.news:
                output.suppressions(self._seams.apply_news(connection, arrivals.news))
            proven = take_proofs(connection, resolution, self._prefix)
            arrivals.add_members(resolution.merged, (p.profile_id for p in proven))
        arrivals.add_changes(changes, resolution.merged)
        wave = Wave(
            connection, self.rules, _FlushingJudge(self._judge, output), self._hand_off, zone,
            self._workspace.settings.lateness, self._prefix, bounds.until, bounds.tick,
            state.last_own + len(arrivals.derived), output, self._last_due(connection, bounds.until), self._entries,
            divisible=bounds.divisible,
        )  # fmt: skip
        _write_arrivals(connection, arrivals, state, bounds.tick)
        scored = self._history.tell_scores(bounds.tick) if self._history is not None and act is None else ()
        flows = Flows(wave, self._watched, scored)
        waves = Waves(wave, arrivals, output, flows)
        act_left = False
        if act is not None:
            act_left = act.begin(wave)
            waves.cascade()
        else:
            _gather(wave, state, flows)
            tell_proofs(wave, proven, state.at)
            waves.cascade()
            waves.refresh()
            waves.run()
        due_left = act is None and connection.row(_LEFT, {"until": bounds.until}) is not None
        if starts and not due_left:
            from relance.journeys.schedule import fire

            fire(wave, starts, waves.cascade)
            waves.refresh()
            waves.run_timers()
        flows.put_off()
        if wave.rules.has_goals:
            wave.run("reach_goals")
        if arrivals.reactions:
            keep_reactions(wave, arrivals.reactions)
        _keep_seqs(wave)
        output.flush()
        # an instant whose schedules still wait has not come yet
        at = max(state.at, bounds.until - (MICROSECOND if starts and due_left else 0))
        moved = connection.execute(
            "UPDATE engine_state SET position = :position, tick = :tick, at = :at, last_own = :last_own WHERE id = 1 AND tick = :before",
            {
                "position": bounds.position, "tick": bounds.tick, "at": at, "last_own": wave.last_own, "before": state.tick,
            },
        )  # fmt: skip
        if not moved:
            raise StoreError(_OTHER_ENGINE)
        return TickReport(len(events), due_left, act_left)

    def next_due(self, connection: Connection) -> int | None:
        """The first instant at which anybody is due; None when nobody is."""
        found = connection.value(_NEXT_DUE)
        return None if found is None else int(found)

    def crowded_at(self, connection: Connection, until: int) -> int | None:
        """The instant at which more timers are due than one tick takes, if there is one: no tick with events may go past it."""
        last = self._last_due(connection, until)
        return None if last == (until, MOST_PROFILES) else last[0]

    def _last_due(self, connection: Connection, until: int) -> tuple[int, int]:
        found = connection.row(SQL["last_due"], {"until": until, "most": self._due_people - 1})
        return (found[0], found[1]) if found else (until, MOST_PROFILES)


@dataclass(frozen=True, slots=True)
class _Bounds:
    tick: int
    position: int
    until: int
    divisible: bool


def _require_next(state: EngineState, events: Sequence[Event], position: int) -> None:
    """Nothing is applied twice, even if a second engine runs on the store."""
    if position < state.position or (events and events[0].position <= state.position):
        raise StoreError(_OTHER_ENGINE)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Keep Python's garbage collector still: a tick makes tens of thousands of rows and no cycles, and to search them took a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _gather(wave: Wave, state: EngineState, flows: Flows) -> None:
    """Bring everybody into the tick who has something to do, with all timers that fire in it."""
    connection, until = wave.connection, wave.until
    decided = take_outcomes(wave)
    flows.gather()
    members = wave.run("open_lanes", at=state.at)
    if members:
        flows.find_edges()
        timers = _find_decided(wave) if decided else 0
        if timers + wave.run("find_timers", until=until):
            wave.run("take_timers")
            wave.has_timers = True
    timers, people = connection.rows(SQL["count_due"], wave.due)[0]
    if timers and timers == people and not members:
        wave.has_timers = wave.comes_alone = True
    elif timers:
        wave.run("find_due", **wave.due)
        wave.run("take_due", **wave.due)
        wave.run("open_due_lanes", at=state.at)
        wave.has_timers = True
    if decided:
        tell_outcomes(wave)


def _find_decided(wave: Wave) -> int:
    """Those whose messages are all decided go on. Answers how many."""
    found = wave.run("find_decided")
    return found - wave.run("drop_undecided") if found and wave.rules.most_channels > 1 else found


def _keep_seqs(wave: Wave) -> None:
    """Keep where the lives of people have come to by what was emitted of them."""
    bits = {"own_bits": (1 << SEQ_BITS) - 1}
    moved = wave.run("move_seqs", **bits)
    if moved < wave.connection.value(SQL["count_changed"], bits):
        wave.run("add_seqs", **bits)


class _FlushingJudge:
    """Conditions see what the tick has done so far."""

    def __init__(self, judge: Judge, output: Output) -> None:
        self._judge = judge
        self._output = output

    def prepare(self, conditions: Iterable[Mapping[str, Any]]) -> None:
        self._judge.prepare(conditions)

    def ask(self, condition: Any, moments: Sequence[tuple[int, int, int]]) -> Sequence[bool]:
        self._output.flush()
        return self._judge.ask(condition, moments)

    def members(self, condition: Any, at: int, seq: int) -> Sequence[int]:
        self._output.flush()
        return self._judge.members(condition, at, seq)

    def watch(self, segments: Iterable[str] | None) -> Watched:
        return self._judge.watch(segments)

    def standings(self, watched: Watched, moments: Sequence[tuple[int, int, int]]) -> dict[int, Standing]:
        self._output.flush()
        return self._judge.standings(watched, moments)


def _write_warehouse(output: Output, resolution: Resolution, tick: int) -> None:
    """Received events and new people, as the warehouse keeps them."""
    first_seen: dict[int, int] = {}
    rows = []
    for r in resolution.events:
        first_seen.setdefault(r.person.profile_id, r.seq)
        if r.event.name is not None:
            rows.append(
                EventRow(
                    r.person.profile_id,
                    r.seq,
                    r.event.at,
                    r.event.received_at,
                    r.event.name,
                    compact(r.event.properties),
                    r.event.position,
                    tick,
                )
            )
    output.events(rows)
    nothing = dict.fromkeys(HISTORY_COLUMNS)
    for person in resolution.people.values():
        if person.is_new:
            seq = first_seen.get(person.profile_id, 0)
            snapshot = {
                **nothing, "profile_id": person.profile_id, "seq": seq, "received_at": person.created_at, "traits": "{}",
                "user_id": person.user_id, "email_valid": False, "phone_valid": False, "created_at": person.created_at,
            }  # fmt: skip
            output.profile_history([tuple(snapshot.values())])


def _write_arrivals(connection: Connection, arrivals: Arrivals, state: EngineState, tick: int) -> None:
    connection.insert_rows("w_member", ["profile_id", "lane"], arrivals.members.items())
    connection.insert_rows(
        "w_item", ["n", "lane", "seq", "profile_id", "at", "ts", "effect", "touch"], arrivals.numbered_items()
    )
    connection.insert_rows("w_hit", ["seq", "profile_id", "rule_id", "key"], arrivals.hits)
    connection.insert_rows("journey_events", ["seq", "profile_id", "name", "at", "received_at", "properties"], arrivals.events)
    connection.insert_rows(
        "journey_signals",
        ["profile_id", "rule_id", "seq", "at", "received_at", "key", "message_ref", "message_source", "message_step"],
        arrivals.signals,
    )
    if arrivals.derived:
        connection.insert_rows(
            "own_events",
            ["own_id", "profile_id", "seq", "name", "at", "properties", "tick"],
            [(state.last_own + n, *row, tick) for n, row in enumerate(arrivals.derived, start=1)],
        )
    marks = {0: seq_of_position(state.position), **arrivals.marks}
    connection.insert_rows("w_arrival", ["at", "seq"], marks.items())
