"""Memberships that are kept equal those of full evaluation, at every instant (SEMANTICS 27, 28)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from relance.clock import DAY, HOUR
from relance.conditions.compiling.compiler import Compiler
from relance.conditions.model import ConditionSettings
from relance.conditions.nesting import put_segments
from relance.conditions.read import parse_condition
from relance.segments.kept.happenings import reads_dates_of_events
from relance.segments.kept.keeper import Keeper
from relance.warehouse import EventRow, open_warehouse
from relance.workspace import Workspace
from tests.contract.warehouse.test_conditions import EXAMPLES, made_at_random
from tests.contract.warehouse.worlds import START, Maker

if TYPE_CHECKING:
    from relance.warehouse import Warehouse

SEGMENTS = 12
BEGIN = START + 7 * DAY
PARIS = ConditionSettings("Europe/Paris", tuple(sorted(Workspace().settings.consent.items())))


class Tick(NamedTuple):
    """What one tick writes, by the table it goes to; and how long nothing happens after it."""

    rows: dict[str, list[Any]]
    at: int  # when it all arrived
    last_seq: int
    pause: int


def make_ticks(maker: Maker) -> list[Tick]:
    """A world, tick by tick. What relance does itself is known from its instant on, as in production."""
    world = maker.world(120)
    tables: dict[str, list[Any]] = {
        "events": list(world.events), "profile_history": world.profiles, "consent_history": world.consents,
        "suppressions": world.suppressions, "message_history": world.messages, "journey_history": world.journeys,
        "list_history": world.lists, "score_history": world.scores,
    }  # fmt: skip
    for row in world.suppressions:  # some event is behind it
        tables["events"].append(EventRow(1, row.seq, START, 0, "Email Bounced", {}, row.seq, 1))
    made: list[Tick] = []
    at, seq = BEGIN, 0
    while seq < 120:
        upto = seq + maker.pick(1, 3, 10, 30)
        rows = {name: [row for row in found if seq < row.seq <= upto] for name, found in tables.items()}
        number = len(made) + 1
        for name, found in rows.items():
            stamp: dict[str, Any] = {"tick": number}
            if name in ("events", "profile_history", "consent_history"):
                stamp["received_at"] = at
            elif name != "suppressions":
                stamp["seq"] = 0
            rows[name] = [row._replace(**stamp) for row in found]
            if "seq" in stamp:  # one after the other
                rows[name] = [row._replace(at=at - n) for n, row in enumerate(rows[name])]
        pause = maker.pick(0, 1, HOUR, HOUR + 1, DAY, 36 * HOUR, maker.random.randrange(3 * DAY))
        made.append(Tick(rows, at, min(upto, 120), pause))
        at, seq = at + pause + 100, upto
    return made


def write(warehouse: Warehouse, tick: int, rows: dict[str, list[Any]]) -> None:
    warehouse.begin(tick)
    warehouse.add_profile_history(rows["profile_history"])
    warehouse.add_events(sorted(rows["events"], key=lambda row: row.seq))
    warehouse.add_consent_history(rows["consent_history"])
    warehouse.add_suppressions(rows["suppressions"])
    for table in ("message_history", "journey_history", "list_history", "score_history"):
        warehouse.add_facts(table, rows[table])
    warehouse.commit()


def workspace_of(segments: dict[str, Any]) -> Workspace:
    plain = Workspace()
    return replace(plain, settings=replace(plain.settings, timezone="Europe/Paris"), segments=segments)


def read_history(warehouse: Warehouse) -> dict[str, list[tuple[int, int, bool]]]:
    """Who entered and left each segment and when, the first first of each person."""
    assert warehouse.kept is not None
    history: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    for profile in range(30):
        for name, when, entered in reversed(warehouse.kept.changes_of(profile, 10_000)):
            history[name].append((profile, when, entered))
    return history


def members_then(history: list[tuple[int, int, bool]], at: int) -> list[int]:
    """Who was in a segment at an instant, by its history."""
    inside: dict[int, bool] = defaultdict(bool)
    for profile, when, entered in history:
        if when <= at:
            assert inside[profile] != entered, (profile, when)
            inside[profile] = entered
    return sorted(profile for profile, is_in in inside.items() if is_in)


def compare(warehouse: Warehouse, seed: int, *, dates: bool) -> None:
    """Keep random segments over random ticks; ask the plain reading who should be there."""
    maker = Maker(Random(seed), dates=dates)
    sources: dict[str, Any] = {"first": {"type": "did", "event": "A", "within": "1d"}}
    sources |= {f"s{n}": maker.condition() if n % 2 else maker.leaf() for n in range(SEGMENTS)}
    slow, keep_ended = open_warehouse("memory://"), maker.pick(None, None, HOUR, DAY)
    keeper = Keeper(warehouse, keep_ended=keep_ended)
    compiler = Compiler({name: parse_condition(source) for name, source in sources.items()}, PARIS)
    since = dict.fromkeys(sources, -1)  # from when on a segment is kept
    workspace = workspace_of(sources)
    checks: list[tuple[int, int]] = []  # instants, with the last place in the log that was known then
    for number, tick in enumerate(make_ticks(maker), 1):
        write(warehouse, number, tick.rows)
        write(slow, number, tick.rows)
        checks += [(tick.at, tick.last_seq), (tick.at + maker.random.randrange(tick.pause + 1), tick.last_seq)]
        if maker.chance(0.4):
            continue
        if maker.chance(0.2):  # the process starts again
            keeper = Keeper(warehouse, keep_ended=keep_ended)
        if maker.chance(0.2):  # something else is published, and something is taken away
            changed, gone = maker.pick(*sources), maker.pick(None, *sources)
            wanted = {name: source for name, source in sources.items() if name not in (gone, "first")}
            if changed != "first" and changed in wanted:
                sources[changed] = wanted[changed] = maker.leaf()
            wanted["first"] = sources["first"]
            compiler = Compiler({name: parse_condition(source) for name, source in wanted.items()}, PARIS)
            for name in sources:
                if name == changed or name not in wanted or name not in workspace.segments:
                    since[name] = tick.at + tick.pause
            workspace = workspace_of(wanted)
        done = keeper.refresh(workspace, tick.at + tick.pause)
        assert done.at == tick.at + tick.pause
        assert warehouse.kept is not None
        for name in workspace.segments.keys() - keeper.unsupported.keys():
            if since[name] == -1:
                since[name] = done.at
            expected = slow.members(compiler.segment(name), done.at)
            assert sorted(map(int, warehouse.kept.members(name))) == expected, (name, sources[name], done.at)
    assert warehouse.kept is not None
    history, remembered = read_history(warehouse), warehouse.kept.forgotten_until()
    for name in workspace.segments.keys() - keeper.unsupported.keys():
        tree = put_segments(compiler.segments[name], compiler.segments)
        for at, seq in () if reads_dates_of_events(tree) else checks:  # those are found at a refresh
            if max(since[name], remembered) <= at <= done.at:
                assert members_then(history[name], at) == slow.members(compiler.segment(name), at, seq), (
                    name,
                    sources[name],
                    at,
                )


@settings(made_at_random, max_examples=max(EXAMPLES // 2, 1))
@given(seed=st.integers(0, 1 << 60))
def test_duckdb_keeps_what_the_plain_reading_says(seed: int) -> None:
    warehouse = open_warehouse("duckdb://")
    try:
        compare(warehouse, seed, dates=True)
    finally:
        warehouse.close()


@settings(made_at_random, max_examples=max(EXAMPLES // 6, 1))
@given(seed=st.integers(0, 1 << 60))
def test_clickhouse_keeps_what_the_plain_reading_says(clickhouse: Warehouse, seed: int) -> None:
    clickhouse.start_over()
    compare(clickhouse, seed, dates=False)
