"""How many events a second are acknowledged durably over HTTP, and how long an acknowledgement takes.

    python benchmarks/bench_ingest.py [--seconds 3] [--rounds 3] [--json]

Starts a server on 127.0.0.1 with empty stores and sends batches of 100 from a second process as fast as they are acknowledged. Between these
rounds a bare loop decodes and commits the same bytes with the statements alone, in groups as large as the server's; the ratio is the median
of the rounds'. At last batches are sent at half the rate, on a fixed timetable.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

BATCH = 100
MARK = b"@@@@@@@@"
CLIENTS = 16
TARGET_EVENTS_A_SECOND = 100_000
TARGET_RATIO = 0.6
TARGET_P99_MS = 100.0


def make_body() -> bytes:
    """A batch like those of `segment-analytics-python`; `MARK` stands where each request's own ids differ."""
    items = [
        {
            "integrations": {},
            "anonymousId": None,
            "properties": {
                "order_id": f"o-{i}",
                "total": 30.5 + i,
                "revenue": 25.0,
                "currency": "EUR",
                "products": [{"product_id": f"p{i % 17}", "price": 25.0, "quantity": 1}],
            },
            "timestamp": "2026-03-01T12:00:00.000+00:00",
            "context": {"library": {"name": "analytics-python", "version": "2.2.2"}},
            "userId": f"user-{i * 37 % 100_000}",
            "type": "track",
            "event": "Order Completed",
            "messageId": f"{MARK.decode()}-9bc4-402f-9e9a-{i:012x}",
        }
        for i in range(BATCH)
    ]
    return json.dumps({"batch": items, "sentAt": "2026-03-01T12:00:01.000000+00:00"}).encode()


# ------------------------------------------------------------------------------------------------ the server's process


def serve(folder: Path, port: int) -> None:
    from relance.api.app import create_app
    from relance.api.ports import ApiSettings, make_services
    from relance.api.server import serve as serve_app
    from relance.eventlog import GroupCommitter, open_log
    from relance.ingest import create_write_key, ensure_source
    from relance.store import open_database

    database = open_database(f"sqlite:///{folder}/store.db")
    database.migrate()
    with database.writing() as connection:
        ensure_source(connection, "shop", now=0)
        key = create_write_key(connection, "shop", now=0)
    log = open_log(f"sqlite:///{folder}/log.db")
    committer = GroupCommitter(log)
    app = create_app(make_services(committer, database, settings=ApiSettings(public_metrics=True)))
    serve_app(app, host="127.0.0.1", port=port, on_started=lambda: print(key, flush=True))
    committer.close()
    print(
        json.dumps({"requests": committer.n_requests, "events": committer.n_accepted, "groups": committer.n_groups}), flush=True
    )
    log.close()


# ------------------------------------------------------------------------------------------------ the load's process


class Client(threading.Thread):
    """One connection that sends batches and waits for each acknowledgement."""

    def __init__(self, port: int, key: str, number: int, deadline: float, interval: float | None) -> None:
        super().__init__(daemon=True)
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = make_body()
        from base64 import b64encode

        login = b64encode(f"{key}:".encode()).decode()
        head = f"POST /v1/batch HTTP/1.1\r\nhost: x\r\nauthorization: Basic {login}\r\ncontent-type: application/json\r\n"
        self._request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
        self._number, self._deadline, self._interval = number, deadline, interval
        self.seconds: list[float] = []

    def run(self) -> None:
        turn = 0
        due = time.perf_counter()
        while time.perf_counter() < self._deadline:
            request = self._request.replace(MARK, f"{self._number:03x}{turn:05x}".encode())
            if self._interval is not None:
                due += self._interval
                time.sleep(max(0.0, due - time.perf_counter()))
                began = due  # what a late server makes wait counts too
            else:
                began = time.perf_counter()
            self._socket.sendall(request)
            answer = self._socket.recv(4096)
            if not answer.startswith(b"HTTP/1.1 200"):
                sys.exit(f"the server answered {answer[:200]!r}")
            self.seconds.append(time.perf_counter() - began)
            turn += 1
        self._socket.close()


def load(port: int, key: str, clients: int, seconds: float, rate: float | None, number: int) -> dict[str, float]:
    """Send from several connections; the events acknowledged a second, and the spread of the latencies."""
    interval = clients * BATCH / rate if rate else None
    began = time.perf_counter()
    threads = [Client(port, key, number + i, began + seconds, interval) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    latencies = sorted(s for thread in threads for s in thread.seconds)
    return {
        "events_per_second": len(latencies) * BATCH / taken,
        "p50_ms": 1000 * statistics.median(latencies),
        "p99_ms": 1000 * latencies[int(len(latencies) * 0.99)],
    }


# ------------------------------------------------------------------------------------------------ the bare loop


def bare_loop(folder: Path, seconds: float, group: int) -> float:
    """Events a second that a loop of nothing but decoding and committing reaches, with groups of the server's size."""
    import apsw
    import msgspec

    body = make_body()
    (folder / "bare.db").unlink(missing_ok=True)
    connection = apsw.Connection(str(folder / "bare.db"))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    began = time.perf_counter()
    turn = 0
    while time.perf_counter() - began < seconds:
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(group):
            bytes_in = body.replace(MARK, f"{turn:08x}".encode())
            msgspec.json.decode(bytes_in)
            connection.execute("INSERT INTO log (body) VALUES (?)", (bytes_in,))
            turn += 1
        connection.execute("COMMIT")
    taken = time.perf_counter() - began
    connection.close()
    return turn * BATCH / taken


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_load(port: int, key: str, clients: int, seconds: float, rate: float | None, number: int) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, __file__, "--load", str(port), key, str(clients), str(seconds), str(rate or 0), str(number)],
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds + 60,
    )
    found: dict[str, float] = json.loads(told.stdout)
    return found


def requests_a_commit(port: int) -> int:
    """How many requests the server commits at once, on the average since its start."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    figures = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return max(1, round(float(figures["relance_requests_written_total"]) / float(figures["relance_log_commits_total"])))


def measure(seconds: float, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as name:
        folder, port = Path(name), free_port()
        server = subprocess.Popen([sys.executable, __file__, "--serve", name, str(port)], stdout=subprocess.PIPE, text=True)
        full, bare = [], []
        try:
            assert server.stdout is not None
            key = server.stdout.readline().strip()
            run_load(port, key, CLIENTS, 1.0, None, 0)  # warm up
            for turn in range(rounds):
                full.append(run_load(port, key, CLIENTS, seconds, None, 100 + CLIENTS * turn))
                group = requests_a_commit(port)
                bare.append(bare_loop(folder, seconds / 2, group))
            rate = statistics.median(f["events_per_second"] for f in full)
            half = run_load(port, key, CLIENTS, seconds, rate / 2, 3000)
            server.send_signal(signal.SIGTERM)
            server.wait(20)
        finally:
            server.kill()
            server.wait()
    return {
        "events_per_second": round(rate),
        "bare_events_per_second": round(statistics.median(bare)),
        "ratio": round(statistics.median(f["events_per_second"] / b for f, b in zip(full, bare, strict=True)), 2),
        "requests_a_commit": group,
        "full_load": {k: round(statistics.median(f[k] for f in full), 2) for k in full[0]},
        "half_load": {k: round(v, 2) for k, v in half.items()},
        "event_bytes": len(make_body()) // BATCH,
    }


def main() -> int:
    if "--serve" in sys.argv:
        serve(Path(sys.argv[2]), int(sys.argv[3]))
        return 0
    if "--load" in sys.argv:
        port, key, clients, seconds, rate, number = sys.argv[2:8]
        print(json.dumps(load(int(port), key, int(clients), float(seconds), float(rate) or None, int(number))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.seconds, options.rounds)
    if options.json:
        print(json.dumps(found))
        return 0
    passed = {
        f"acknowledged {found['events_per_second']:,} events/s (at least {TARGET_EVENTS_A_SECOND:,})": found[
            "events_per_second"
        ]
        >= TARGET_EVENTS_A_SECOND,
        f"{found['ratio']:.0%} of a bare loop at {found['bare_events_per_second']:,} (at least {TARGET_RATIO:.0%})": found[
            "ratio"
        ]
        >= TARGET_RATIO,
        f"at half load p50 {found['half_load']['p50_ms']} ms, p99 {found['half_load']['p99_ms']} ms (below {TARGET_P99_MS:.0f})": found[
            "half_load"
        ]["p99_ms"]
        < TARGET_P99_MS,
    }
    for told, is_reached in passed.items():
        print(f"{'ok ' if is_reached else 'NOT'} {told}")
    print(f"    {found['event_bytes']} bytes an event, {found['requests_a_commit']} requests a commit")
    return 0 if all(passed.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
