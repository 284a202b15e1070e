"""How fast events go through all readers, and how long it takes from an event to the hand-off of its message.

    python benchmarks/bench_pipeline.py [--events 200000] [--rate 3000] [--seconds 20] [--open 0] [--store URL] [--json]

First the log is filled, and the engine reads it as fast as it can: profiles, identity, consent, warehouse, five journeys. Then a whole
installation runs in a process of its own; a second process sends batches of 100 at a fixed rate over HTTP. One event in fifty starts a
journey whose first step is a message; its template says when the event was sent, and the channel notes when it was handed the message.

With `--open 1000000` as many other people stand in a journey meanwhile: what a tick costs follows what happens in it, not who waits.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TARGET_EVENTS_A_SECOND = 10_000
TARGET_P99_SECONDS = 1.0
TARGET_IDLE_MB = 300
TARGET_OPEN_MB = 1_000  # with a million open enrollments
PEOPLE = 20_000
BATCH = 100
DEFINITIONS = """
{kind: settings, consent: {push: none, email: none}}
---
{kind: template, id: now, channel: push, status: ready, title: Now, body: "{{ event.properties.sent_at }}"}
---
{kind: template, id: cart, channel: email, status: ready, subject: Your cart, body: "Hello {{ profile.first_name }}"}
---
{kind: segment, id: buyers, where: {type: did, event: Order Completed, times: {gte: 1}, within: 30d}}
---
kind: journey
id: at-once
entry: {type: event, event: Back In Stock}
start: tell
steps: {tell: {type: message, channel: push, template: now, next: end}}
---
kind: journey
id: abandoned-cart
entry: {type: event, event: Cart Viewed, where: [{path: total, op: gt, value: 90}]}
exit_on: [{event: Order Completed}]
goal: {event: Order Completed, within: 3d}
start: pause
steps:
  pause: {type: wait, for: 1h, next: remind}
  remind: {type: message, channel: email, template: cart, next: opened}
  opened: {type: listen, for: [{event: Email Opened, message: remind, next: end}], timeout: 1d, on_timeout: end}
---
kind: journey
id: after-order
entry: {type: event, event: Order Completed}
reentry: {after: 7d}
start: pause
steps: {pause: {type: wait, for: 7d, next: ask}, ask: {type: message, channel: email, template: cart, next: end}}
---
kind: journey
id: browse
entry: {type: event, event: Product Viewed, where: [{path: price, op: gt, value: 98}]}
reentry: {after: 1d}
exit_on: [{event: Order Completed}]
start: listen
steps: {listen: {type: listen, for: [{event: Product Added, next: end}], timeout: 2h, on_timeout: end}}
---
kind: journey
id: welcome
entry: {type: event, event: Signed Up}
start: known
steps:
  known: {type: branch, when: [{where: {type: in_segment, segment: buyers}, next: end}], otherwise: pause}
  pause: {type: wait, for: 1d, next: hello}
  hello: {type: message, channel: email, template: cart, next: end}
"""
MIX = (
    ("Page", 40),
    ("Product Viewed", 30),
    ("Product Added", 10),
    ("Cart Viewed", 8),
    ("Order Completed", 4),
    ("identify", 4),
    ("Signed Up", 2),
)
NAMES = [name for name, weight in MIX for _ in range(weight)] + ["Back In Stock"] * 2


_WAITING = (
    """INSERT INTO profiles (profile_id, user_id, known, created_at, updated_at, traits, email, email_key, email_valid)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
    SELECT i, 'w' || i, 1, :now, :now, '{}', 'w' || i || '@example.com', 'w' || i || '@example.com', 1 FROM n""",
    """INSERT INTO enrollments (enrollment_id, version_id, source, profile_id, key, status, entered_at, mark_at, mark_seq, step, step_at,
        step_seq, visit, deadline, due_at)
    SELECT p.profile_id, v.version_id, v.source, p.profile_id, '', 0, :now, :now, 0, 0, :now, 0, 1, :due, :due
    FROM profiles p JOIN journey_versions v ON v.source = 'journey:after-order'""",
    "INSERT INTO enrollment_path SELECT enrollment_id, 1, 0, entered_at, 'start', NULL, 1 FROM enrollments",
    "INSERT INTO timers SELECT due_at, profile_id, enrollment_id, due_at, 0 FROM enrollments",
)


def make_batch(random_: random.Random, prefix: str, n: int) -> list[dict[str, Any]]:
    """Items of a shop's traffic."""
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03d}Z"
    items = []
    for i in range(n):
        person, name = random_.randrange(PEOPLE), random_.choice(NAMES)
        item: dict[str, Any] = {"userId": f"u{person}", "messageId": f"{prefix}-{i}", "timestamp": stamp}
        if name == "identify":
            item |= {"type": "identify", "traits": {"email": f"u{person}@example.com", "first_name": f"N{person}", "visits": i}}
            item["context"] = {"device": {"token": f"t{person}", "type": "ios"}}
        elif name == "Page":
            item |= {"type": "page", "name": "Shop", "properties": {"path": f"/p/{i}", "referrer": "https://example.com/"}}
        else:
            price = random_.randrange(100)
            item |= {
                "type": "track",
                "event": name,
                "properties": {"price": price, "total": price, "product_id": f"p{i}", "sent_at": now},
            }
        items.append(item)
    return items


def first_people() -> list[dict[str, Any]]:
    """Everybody introduces themselves, so that messages have an address."""
    context = {"device": {"token": "t", "type": "ios"}}
    return [
        {"type": "identify", "userId": f"u{p}", "messageId": f"first-{p}", "timestamp": "2026-03-01T00:00:00Z"}
        | {
            "traits": {"email": f"u{p}@example.com", "first_name": f"N{p}"},
            "context": {"device": {**context["device"], "token": f"t{p}"}},
        }
        for p in range(PEOPLE)
    ]


def open_installation(folder: Path, channels: dict[str, Any], store: str = "") -> Any:
    from relance.app import Installation
    from relance.clock import SystemClock
    from relance.definitions.load import load_definitions
    from relance.definitions.store import apply
    from relance.settings import Settings

    installation = Installation(Settings(data=folder, store_url=store), channels=channels)
    (folder / "definitions.yaml").write_text(DEFINITIONS)
    with installation.database.writing() as connection:
        apply(connection, load_definitions(folder / "definitions.yaml").require(), SystemClock().now())
    return installation


def let_wait(installation: Any, n: int) -> None:
    """Have people stand in a journey for days."""
    from relance.clock import DAY, SystemClock

    now = SystemClock().now()
    with installation.database.writing() as connection:
        for statement in _WAITING:
            connection.execute(statement, {"n": n, "now": now, "due": now + 7 * DAY})


def fill(installation: Any, n: int) -> None:
    """Put events into the log, as ingest would."""
    from relance.eventlog import NewChunk

    random_ = random.Random(1)
    batches = [first_people()] + [make_batch(random_, f"f{b}", BATCH) for b in range(n // BATCH)]
    chunks = [
        NewChunk(
            source="default",
            body=json.dumps({"batch": batch}).encode(),
            message_ids=[i["messageId"] for i in batch],
            trusted=True,
        )
        for batch in batches
    ]
    for start in range(0, len(chunks), 100):
        installation.log.append(chunks[start : start + 100])


def measure_throughput(n: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as name:
        installation = open_installation(Path(name), {})
        fill(installation, n)
        loop = installation.engine_loop
        loop.refresh()
        last = installation.log.last_position()
        loop.work()  # the people, and the first batch: caches fill
        done, began = loop.position, time.perf_counter()
        while loop.position < last:
            loop.work()
        seconds = time.perf_counter() - began
        with installation.database.reading() as connection:
            started = connection.value("SELECT count(*) FROM enrollments WHERE status <> 4")
        installation.stop()
    return {"events_per_second": round((last - done) / seconds), "events": last - done, "passages_started": started}


# ------------------------------------------------------------------------------------------------ event to hand-off


def serve(folder: Path, port: int, n_open: int, store: str) -> None:
    """The installation's process: tells its key, then, when it is stopped, the delays of its messages."""
    from relance.api.server import serve as serve_http
    from relance.channels.recording import RecordingChannel
    from relance.ingest.keys import create_write_key, ensure_source

    delays: list[float] = []

    class Noting(RecordingChannel):
        async def deliver(self, message: Any) -> Any:
            delays.append(time.time() - float(message.body))
            return await super().deliver(message)

    installation = open_installation(folder, {"push": Noting()}, store)
    with installation.database.writing() as connection:
        ensure_source(connection, "bench", trusted=True, now=0)
        key = create_write_key(connection, "bench", now=0)
    if n_open:
        let_wait(installation, n_open)
    installation.start()
    time.sleep(2)
    idle = _resident_mb()
    fill(installation, 0)
    _wait_until_read(installation)
    serve_http(installation.make_api(), host="127.0.0.1", port=port, on_started=lambda: print(key, flush=True))
    lag = installation.engine_loop.lag
    _wait_until_read(installation)
    time.sleep(1)
    print(json.dumps({"delays": delays, "lag": lag, "idle_mb": idle, "peak_mb": _peak_mb()}), flush=True)
    installation.stop()


def _wait_until_read(installation: Any, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while installation.engine_loop.position < installation.log.last_position() and time.monotonic() < deadline:
        time.sleep(0.05)


def _resident_mb() -> float:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
    except OSError:
        return _peak_mb()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def send_at_rate(port: int, key: str, rate: float, seconds: float) -> float:
    """Send batches on a timetable; the events acknowledged a second."""
    random_ = random.Random(2)
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    login = base64.b64encode(f"{key}:".encode()).decode()

    def send(items: list[dict[str, Any]]) -> None:
        body = json.dumps({"batch": items}).encode()
        head = f"POST /v1/batch HTTP/1.1\r\nhost: x\r\nauthorization: Basic {login}\r\ncontent-type: application/json\r\n"
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        answer = connection.recv(4096)
        if not answer.startswith(b"HTTP/1.1 200"):
            sys.exit(f"the server answered {answer[:200]!r}")

    began = due = time.perf_counter()
    n = 0
    while due < began + seconds:
        send(make_batch(random_, f"r{n}", BATCH))
        n += 1
        due += BATCH / rate
        time.sleep(max(0.0, due - time.perf_counter()))
    taken = time.perf_counter() - began
    connection.close()
    return n * BATCH / taken


def measure_delay(rate: float, seconds: float, n_open: int, store: str) -> dict[str, Any]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as name:
        command = [sys.executable, __file__, "--serve", name, str(port), str(n_open), store]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            key = server.stdout.readline().strip()
            reached = send_at_rate(port, key, rate, seconds)
            time.sleep(2)
            server.send_signal(signal.SIGTERM)
            told = json.loads(server.stdout.readline())
        finally:
            server.kill()
            server.wait()
    delays = sorted(told["delays"])
    if not delays:
        sys.exit("no message was handed over")
    return {
        "rate": round(reached),
        "messages": len(delays),
        "p50_seconds": round(delays[len(delays) // 2], 3),
        "p99_seconds": round(delays[int(len(delays) * 0.99)], 3),
        "lag_at_end": told["lag"],
        "idle_mb": round(told["idle_mb"]),
        "peak_mb": round(told["peak_mb"]),
    }


def main() -> int:
    if "--serve" in sys.argv:
        serve(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rate", type=float, default=3_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--open", type=int, default=0)
    parser.add_argument("--store", default="", help="of an empty PostgreSQL database, for the second part")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {
        **measure_throughput(options.events),
        "hand_off": measure_delay(options.rate, options.seconds, options.open, options.store),
    }
    if options.json:
        print(json.dumps(found))
        return 0
    delay = found["hand_off"]
    memory, memory_of = (TARGET_OPEN_MB, "peak_mb") if options.open else (TARGET_IDLE_MB, "idle_mb")
    passed = {
        f"{found['events_per_second']:,} events/s through all readers and five journeys (at least {TARGET_EVENTS_A_SECOND:,})": found[
            "events_per_second"
        ]
        >= TARGET_EVENTS_A_SECOND,
        f"event to hand-off at {delay['rate']:,} events/s: p50 {delay['p50_seconds']} s, p99 {delay['p99_seconds']} s (below {TARGET_P99_SECONDS})": delay[
            "p99_seconds"
        ]
        < TARGET_P99_SECONDS,
        f"memory {delay['idle_mb']} MB at rest, {delay['peak_mb']} MB at most, with {options.open:,} others inside (below {memory})": delay[
            memory_of
        ]
        < memory,
    }
    for told, is_reached in passed.items():
        print(f"{'ok ' if is_reached else 'NOT'} {told}")
    return 0 if all(passed.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
