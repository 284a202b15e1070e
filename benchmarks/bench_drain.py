"""How many messages a second the drain hands over: claimed with the last check, rendered, given away, written down.

    python benchmarks/bench_drain.py [--messages 20000] [--json]

The provider is a recording one, so that what is measured is ours. Beside it, in the same run, the bare statements: the same claims and
records over the same rows, in batches of the same size, without checks, rendering or tasks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from relance.channels import RecordingChannel
from relance.clock import SystemClock
from relance.outbox.compose import Composer, TargetNumbers
from relance.outbox.drain import Drain
from relance.store import open_database
from relance.templates.links import LinkSigner
from relance.workspace import Settings, TemplateDefinition, Workspace

if TYPE_CHECKING:
    from relance.store import Database

TARGET = 1_000  # what one SMTP connection on the loopback carries
BODY = {
    "channel": "email",
    "subject": "Hi {{ profile.first_name }}",
    "body": "<p>Hi {{ profile.first_name }} <a href='https://shop.example/'>go</a></p>",
}


def fill(database: Database, n: int) -> None:
    """People with consent, each with one message that is ready."""
    now = SystemClock().now()
    with database.writing() as c:
        c.execute(
            "INSERT INTO journey_versions (version_id, source, kind, id, version, state, published_at, body) "
            "VALUES (1, 'journey:bench', 'journey', 'bench', 1, 'current', 0, '{}')"
        )
        people = [(i, f"user{i}", 1, 0, 0, '{"first_name": "Ana"}') for i in range(1, n + 1)]
        c.insert_rows("profiles", ["profile_id", "user_id", "known", "created_at", "updated_at", "traits"], people)
        consents = [(i, "email", "", "subscribed", 0) for i in range(1, n + 1)]
        c.insert_rows("consent", ["profile_id", "channel", "group_id", "state", "at"], consents)
        columns = ["enrollment_id", "version_id", "source", "profile_id", "key", "status", "entered_at", "mark_at", "mark_seq"]
        c.insert_rows("enrollments", columns, [(i, 1, "journey:bench", i, "", 0, 0, 0, 0) for i in range(1, n + 1)])
        columns = [
            "message_id", "enrollment_id", "profile_id", "version_id", "source", "step", "step_id", "visit", "channel", "channel_rank",
            "template", "marketing", "status", "address", "queued_at", "due_at", "decided_at",
        ]  # fmt: skip
        rows = [
            (i, i, i, 1, "journey:bench", 0, "s", 1, "email", 0, "t", 1, "ready", f"p{i}@example.com", now, now, now)
            for i in range(1, n + 1)
        ]
        c.insert_rows("messages", columns, rows)


def drain(folder: Path, n: int, concurrency: int) -> float:
    database = open_database(f"sqlite:///{folder}/drain.db")
    database.migrate()
    fill(database, n)
    workspace = Workspace(settings=Settings(), templates={"t": TemplateDefinition("t", "email", "ready", None, BODY)})
    links = LinkSigner("https://shop.example", ["a-secret-of-this-benchmark"])
    channel = RecordingChannel()
    channel.concurrency = concurrency
    composer = Composer(lambda: workspace, links, TargetNumbers(database))
    worker = Drain(database, SystemClock(), {"email": channel}, composer, lambda: workspace)

    async def run() -> float:
        begun = time.perf_counter()
        task = asyncio.create_task(worker.run(poll_seconds=0.01))
        while channel.n_taken < n:  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.005)
        worker.stop()
        await task
        return time.perf_counter() - begun

    took = asyncio.run(run())
    with database.reading() as c:
        assert c.value("SELECT COUNT(*) FROM messages WHERE status = 'sent'") == n
    database.close()
    return n / took


def bare(folder: Path, n: int, batch: int) -> float:
    database = open_database(f"sqlite:///{folder}/bare.db")
    database.migrate()
    fill(database, n)
    begun = time.perf_counter()
    for first in range(1, n + 1, batch):
        ids = list(range(first, min(first + batch, n + 1)))
        with database.writing() as c:
            c.rows_in(
                "UPDATE messages SET status = 'claimed', attempts = 1 WHERE message_id IN {values} RETURNING message_id", ids
            )
        with database.writing() as c:
            c.execute_many("UPDATE messages SET status = 'sent', body = 'b' WHERE message_id = ?", [(i,) for i in ids])
    took = time.perf_counter() - begun
    database.close()
    return n / took


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        usual = round(drain(Path(folder), given.messages, 16))
        statements = round(bare(Path(folder), given.messages, 64))
    if given.json:
        print(json.dumps({"messages_per_second": usual, "bare_statements_per_second": statements}))
    else:
        print(f"drain            {usual:>9,} messages/s   (budget {TARGET:,})")
        print(f"bare statements  {statements:>9,} messages/s   ({statements / usual:.1f} x)")
    return int(usual < TARGET)


if __name__ == "__main__":
    sys.exit(main())
