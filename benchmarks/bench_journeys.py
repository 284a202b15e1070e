"""How many journey steps a second the engine moves people through, beside the bare statements that do the same.

    python benchmarks/bench_journeys.py [--enrollments 1000000] [--stores sqlite,postgresql] [--json]

A journey of six steps (wait, message, wait, listen with a time-out, wait, end) over a million people. All are due at the same instants, which
is the worst case: the engine takes 50,000 a tick. The drain is played by one UPDATE that says "sent", and its time is not counted. In the
same run, on a second database of the same engine with the same tables and indexes, hand-written statements move as many people through as
many steps and write the same rows: path, messages, own events.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from relance.clock import HOUR, parse_instant
from relance.definitions.load import load_definitions
from relance.definitions.store import apply, load_workspace
from relance.journeys.engine import Engine
from relance.segments.flow import NOTHING_WATCHED
from relance.store import open_database
from relance.warehouse import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relance.journeys.schedule import Start
    from relance.segments.flow import Standing, Watched
    from relance.store import Connection, Database

TARGETS = {"sqlite": (60_000, 3.0), "postgresql": (30_000, 3.0)}
BATCH = 50_000
START = parse_instant("2026-03-01T09:00:00Z") or 0
N_STEPS = 5
DEFINITIONS = """
kind: settings
consent: {email: none}
---
kind: segment
id: all
where: {type: all, of: []}
---
kind: template
id: t
channel: email
status: ready
subject: Hello
body: Hello
---
kind: journey
id: bench
entry: {type: segment, segment: all, schedule: {at: 2026-03-01T09:00:00Z}}
reentry: always
start: first
steps:
  first: {type: wait, for: 1h, next: mail}
  mail: {type: message, channel: email, template: t, next: second}
  second: {type: wait, for: 1h, next: ear}
  ear: {type: listen, for: [{event: Email Opened, message: mail, next: last}], timeout: 1h, on_timeout: last}
  last: {type: wait, for: 1h, next: finish}
  finish: {type: end}
"""
_PROFILES = """
INSERT INTO profiles (profile_id, user_id, known, created_at, updated_at, traits, email, email_key, email_valid)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT i, 'user-' || CAST(i AS TEXT), 1, 0, 0, '{}', 'user-' || CAST(i AS TEXT) || '@example.com', 'user-' || CAST(i AS TEXT) || '@example.com', 1 FROM n
"""
_SENT = "UPDATE messages SET status = 'sent', decided_at = :at WHERE status = 'ready'"
_TOLD = "INSERT INTO message_outcomes SELECT message_id, :at FROM messages WHERE status = 'ready'"


class Everybody:
    """Answers the one question of this journey: who is in it."""

    def __init__(self, n: int) -> None:
        self._n = n

    def prepare(self, conditions: Any) -> None:
        """There are none."""

    def ask(self, condition: Any, moments: Sequence[tuple[int, int, int]]) -> list[bool]:
        raise NotImplementedError

    def members(self, *_: Any) -> range:
        return range(1, self._n + 1)

    def watch(self, _: Any) -> Watched:
        return NOTHING_WATCHED

    def standings(self, watched: Watched, moments: Sequence[tuple[int, int, int]]) -> dict[int, Standing]:
        raise NotImplementedError


# ---------------------------------------------------------------------------------------------------------- the engine


def run_engine(database: Database, n: int, folder: Path) -> dict[str, float]:
    """Seconds that the engine's ticks take: for the starts, and for the steps."""
    path = folder / "definitions.yaml"
    path.write_text(DEFINITIONS)
    warehouse = open_warehouse(f"duckdb:///{folder}/warehouse-{database.dialect}.duckdb")
    engine = Engine(warehouse, lambda _: Everybody(n))
    with database.writing() as connection:
        add_people(connection, n)
        apply(connection, load_definitions(path).require(), START - HOUR)
        engine.use(connection, load_workspace(connection))
        version = int(connection.value("SELECT version_id FROM journey_versions"))
    from relance.journeys.schedule import Start

    settle(database)
    start = Start(START, "journey:bench", "", version)
    seconds = {"starts": timed_tick(database, engine, START, [start]), "steps": 0.0}
    settle(database)
    for hour in range(1, 5):
        seconds["steps"] += move_on(database, engine, START + hour * HOUR)
    warehouse.close()
    with database.reading() as connection:
        found = (
            connection.row("SELECT count(*) FROM enrollment_path"),
            connection.row("SELECT count(*) FROM enrollments WHERE status = 1"),
        )
        messages = connection.row(
            "SELECT count(*) FROM messages WHERE status = 'sent' AND NOT EXISTS (SELECT 1 FROM message_outcomes)"
        )
    if (found, messages) != (((n * (N_STEPS + 1),), (n,)), (n,)):
        sys.exit(f"the journey did not come to its end: {found}, {messages}")
    return seconds


def add_people(connection: Connection, n: int) -> None:
    """People 1 to `n`, each with an address."""
    connection.execute(_PROFILES, {"n": n})


def _play_drain(connection: Connection, at: int) -> int:
    """Say of all waiting messages that they were sent; answer how many there were."""
    connection.execute(_TOLD, {"at": at})
    return connection.execute(_SENT, {"at": at})


def timed_tick(database: Database, engine: Engine, until: int, starts: Sequence[Start] = ()) -> float:
    """Seconds of one tick, with its commit."""
    began = time.perf_counter()
    with database.writing() as connection:
        engine.tick(connection, [], position=1, until=until, starts=starts)
    return time.perf_counter() - began


def move_on(database: Database, engine: Engine, until: int) -> float:
    """Seconds of the ticks, and of nothing else, until nobody is due at an instant and no message waits."""
    seconds = 0.0
    while True:
        seconds += timed_tick(database, engine, until)
        with database.writing() as connection:
            waiting = _play_drain(connection, until)
            left = connection.row("SELECT 1 FROM timers WHERE due_at <= :until LIMIT 1", {"until": until})
        if not left and not waiting:
            return seconds


def settle(database: Database) -> None:
    """What autovacuum would have done before: the statistics of the tables."""
    if database.dialect == "postgresql":
        with database.writing() as connection:
            connection.execute("ANALYZE")


# ------------------------------------------------------------------------------------------------ the bare statements

_TAKE = """INSERT INTO b_due SELECT e.enrollment_id, e.profile_id, e.step, e.visit FROM timers t
    JOIN enrollments e ON e.enrollment_id = t.enrollment_id WHERE t.due_at <= :until ORDER BY t.due_at, t.profile_id LIMIT :most"""
_MOVE = """UPDATE enrollments SET step = b.step + 1, visit = b.visit + 1, step_at = :until, step_seq = 1, deadline = :due, due_at = :due
    FROM b_due b WHERE b.enrollment_id = enrollments.enrollment_id"""
_UNTIME = """DELETE FROM timers WHERE due_at <= :until AND profile_id <= (SELECT MAX(profile_id) FROM b_due)"""
_TIME = "INSERT INTO timers (due_at, profile_id, enrollment_id, due_stamp, due_life) SELECT :due, profile_id, enrollment_id, :due, 0 FROM b_due"
_PATH = "INSERT INTO enrollment_path SELECT enrollment_id, visit + 1, step + 1, :until, 'waited', NULL, 1 FROM b_due"
_MESSAGE = """INSERT INTO messages (message_id, enrollment_id, profile_id, version_id, source, step, step_id, visit, channel, channel_rank,
        template, marketing, status, address, queued_at, due_at)
    SELECT b.enrollment_id, b.enrollment_id, b.profile_id, 1, 'journey:bench', 1, 'mail', b.visit + 1, 'email', 0, 't', 1, 'ready', p.email, :until, :until
    FROM b_due b JOIN profiles p ON p.profile_id = b.profile_id"""
_RESOLVE = "DELETE FROM message_outcomes WHERE message_id IN (SELECT enrollment_id FROM b_due)"
_OWN = """INSERT INTO own_events SELECT b.enrollment_id, b.profile_id, 1, 'Email Sent', :until,
        '{"message_id": "m' || CAST(b.enrollment_id AS TEXT) || '", "journey": "bench", "step": "mail", "channel": "email", "reason": null}', 1 FROM b_due b"""
_HANDED = "INSERT INTO enrollment_handed SELECT enrollment_id, 1, :until, 1 FROM b_due"
_FINISH = """UPDATE enrollments SET status = 1, ended_at = :until, step = NULL, due_at = NULL FROM b_due b
    WHERE b.enrollment_id = enrollments.enrollment_id"""
_ENROLL = """INSERT INTO enrollments (enrollment_id, version_id, source, profile_id, key, status, entered_at, mark_at, mark_seq, step, step_at,
        step_seq, visit, deadline, due_at)
    SELECT profile_id, 1, 'journey:bench', profile_id, '', 0, :at, :at, 0, 0, :at, 0, 1, :due, :due FROM profiles"""


def run_bare(database: Database, n: int) -> dict[str, float]:
    """Seconds that the statements alone take, in transactions of as many people."""
    with database.writing() as connection:
        add_people(connection, n)
    settle(database)
    began = time.perf_counter()
    with database.writing() as connection:
        connection.execute(_ENROLL, {"at": START, "due": START + HOUR})
        connection.execute(
            "INSERT INTO enrollment_path SELECT enrollment_id, 1, 0, entered_at, 'start', NULL, 1 FROM enrollments"
        )
        connection.execute("INSERT INTO timers SELECT due_at, profile_id, enrollment_id, due_at, 0 FROM enrollments")
    seconds = {"starts": time.perf_counter() - began, "steps": 0.0}
    settle(database)
    until = START
    for step in range(1, N_STEPS + 1):  # the fifth: to the end
        until += HOUR
        began = time.perf_counter()
        while _bare_batch(database, step, until):
            pass
        seconds["steps"] += time.perf_counter() - began
        if step == 1:
            with database.writing() as connection:
                _play_drain(connection, until)
    return seconds


def _bare_batch(database: Database, step: int, until: int) -> bool:
    with database.writing() as connection:
        connection.execute(
            "CREATE TEMP TABLE IF NOT EXISTS b_due (enrollment_id BIGINT PRIMARY KEY, profile_id BIGINT, step BIGINT, visit BIGINT)"
        )
        connection.execute("DELETE FROM b_due")
        if not connection.execute(_TAKE, {"until": until, "most": BATCH}):
            return False
        now, due = {"until": until}, {"until": until, "due": until + HOUR}
        if step == 2:  # the message is decided
            _run(connection, (_RESOLVE, _OWN, _HANDED), now)
        connection.execute(_UNTIME, now)
        connection.execute(_PATH, now)
        if step == N_STEPS:
            connection.execute(_FINISH, now)
        else:
            connection.execute(_MOVE, due)
            connection.execute(_TIME, due)
        if step == 1:
            connection.execute(_MESSAGE, now)
    return True


def _run(connection: Connection, statements: Sequence[str], params: dict[str, int]) -> None:
    for statement in statements:
        connection.execute(statement, params)


# ------------------------------------------------------------------------------------------------------------- measure


@contextmanager
def stores(dialect: str, folder: Path) -> Iterator[list[str]]:
    """URLs of two empty stores of one engine."""
    if dialect == "sqlite":
        yield [f"sqlite:///{folder}/{name}.db" for name in ("engine", "bare")]
        return
    import os

    import psycopg

    from tests.conftest import _own_postgres

    with ExitStack() as stack:
        given = os.environ.get("RELANCE_TEST_POSTGRES_URL")
        server = given.rstrip("/") if given else stack.enter_context(_own_postgres())
        names = [f"bench_{name}_{os.getpid()}" for name in ("engine", "bare")]
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            for name in names:
                admin.execute(f"CREATE DATABASE {name}")
            yield [f"{server}/{name}" for name in names]
            for name in names:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(dialect: str, n: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as name, stores(dialect, Path(name)) as urls:
        found: list[dict[str, float]] = []
        for url in urls:
            database = open_database(url)
            database.migrate()
            found.append(run_engine(database, n, Path(name)) if not found else run_bare(database, n))
            database.close()
    engine, bare = found
    # Entering the first step belongs to the starts; then five are entered, the end among them.
    moves = n * N_STEPS
    return {
        "store": dialect,
        "enrollments": n,
        "steps_per_second": round(moves / engine["steps"]),
        "bare_steps_per_second": round(moves / bare["steps"]),
        "ratio": round(engine["steps"] / bare["steps"], 2),
        "starts_per_second": round(n / engine["starts"]),
        "bare_starts_per_second": round(n / bare["starts"]),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--enrollments", type=int, default=1_000_000)
    parser.add_argument("--stores", default="sqlite,postgresql")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    passed = True
    for dialect in options.stores.split(","):
        found = measure(dialect, options.enrollments)
        if options.json:
            print(json.dumps(found), flush=True)
            continue
        least, most = TARGETS[dialect]
        reached = found["steps_per_second"] >= least and found["ratio"] <= most
        passed &= reached
        print(
            f"{'ok ' if reached else 'NOT'} {dialect}: {found['steps_per_second']:,} steps/s over {found['enrollments']:,} enrollments "
            f"(at least {least:,}), {found['ratio']} x the bare statements at {found['bare_steps_per_second']:,} (at most {most}); "
            f"{found['starts_per_second']:,} starts/s (bare {found['bare_starts_per_second']:,})",
            flush=True,
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
