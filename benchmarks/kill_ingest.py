"""Kill the server with SIGKILL under load, again and again: is every acknowledged event there, once?

    python benchmarks/kill_ingest.py [--kills 200] [--seed 1]

Clients send batches over HTTP and note what was acknowledged; what was not, they send again with the same message ids, as real clients
do. After the last kill the log must hold every acknowledged id exactly once. This does not test durability against a power cut: a process that
dies loses nothing that the system holds. tests/integration/eventlog/test_disk_trouble.py does.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections import Counter
from pathlib import Path

import bench_ingest

CLIENTS = 6


class Sender(threading.Thread):
    """One client: sends batch after batch, each until it is acknowledged."""

    def __init__(self, number: int, server: Server) -> None:
        super().__init__(daemon=True)
        self.number, self.server = number, server
        self.acknowledged: list[str] = []
        self.n_repeated = 0
        self.stopping = False

    def run(self) -> None:
        turn = 0
        while not self.stopping:
            ids = [f"{self.number}-{turn}-{i}" for i in range(1 + turn % 20)]
            turn += 1
            items = [{"type": "track", "event": "A", "userId": f"u{i}", "messageId": i} for i in ids]
            body = json.dumps({"batch": items}).encode()
            while not self.stopping:
                if self._send(body):
                    self.acknowledged += ids
                    break
                self.n_repeated += 1
                time.sleep(0.02)

    def _send(self, body: bytes) -> bool:
        login = b64encode(f"{self.server.key}:".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=5)
        try:
            connection.request("POST", "/v1/batch", body, {"authorization": f"Basic {login}"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Server:
    """The server's process, on one folder and port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.key = folder, bench_ingest.free_port(), ""
        self.slowest_start = 0.0
        self.start()

    def start(self) -> None:
        began = time.perf_counter()
        command = [sys.executable, bench_ingest.__file__, "--serve", str(self.folder), str(self.port)]
        # A server that compiles its modules at each start would be killed most of the time while it does.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        self.key = self.process.stdout.readline().strip()
        assert self.key, "the server did not start"
        self.slowest_start = max(self.slowest_start, time.perf_counter() - began)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def kill_again_and_again(kills: int, seed: int) -> dict[str, float]:
    """Counts of acknowledged, lost and doubled events after so many kills."""
    from relance.eventlog import open_log
    from relance.events import Event, parse_chunk

    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="relance-kill-") as name:
        server = Server(Path(name))
        senders = [Sender(number, server) for number in range(CLIENTS)]
        for sender in senders:
            sender.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.6))
            server.kill()
            server.start()
        time.sleep(0.2)
        for sender in senders:
            sender.stopping = True
        for sender in senders:
            sender.join()
        server.kill()
        log = open_log(f"sqlite:///{name}/log.db")
        found: Counter[str] = Counter()
        position = 0
        while (batch := log.read_after(position, 50_000)).chunks:
            found.update(e.message_id for chunk in batch.chunks for e in parse_chunk(chunk) if isinstance(e, Event))
            position = batch.last_position
        log.close()
    acknowledged = {i for sender in senders for i in sender.acknowledged}
    return {
        "seed": seed,
        "kills": kills,
        "acknowledged": len(acknowledged),
        "sent_again": sum(sender.n_repeated for sender in senders),
        "lost": len(acknowledged - found.keys()),
        "doubled": sum(n > 1 for n in found.values()),
        "slowest_start_seconds": round(server.slowest_start, 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    told = kill_again_and_again(options.kills, options.seed)
    print(json.dumps(told))
    return 1 if told["lost"] or told["doubled"] or not told["acknowledged"] else 0


if __name__ == "__main__":
    sys.exit(main())
