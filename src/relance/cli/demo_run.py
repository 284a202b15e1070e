"""The demo put together: an installation on a fast clock, the made shop, its history and its traffic."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import msgspec

from relance.app import Installation
from relance.channels import RecordingChannel
from relance.clock import DAY, HOUR, SystemClock, parse_instant
from relance.definitions.load import load_definitions
from relance.definitions.publish import publish
from relance.demo.clock import AcceleratedClock
from relance.demo.shop import ShopWorld
from relance.demo.story import write_definitions
from relance.demo.traffic import Traffic, tell_history
from relance.errors import Conflict, InternalError, InvalidInput
from relance.eventlog import NewChunk
from relance.ingest.keys import create_api_key, create_write_key, ensure_source
from relance.users.accounts import add_user

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relance.events.model import ChunkKind
    from relance.settings import Settings

HISTORY = 12 * DAY
KNOWN_BEFORE = ("10-settings.yaml", "20-segments.yaml")  # the definitions of the days before the start
HISTORY_EVENTS = 22_000  # about so many are told of it
STARTS_AT_HOUR = 15  # UTC: the afternoon in Paris, the morning in Seattle
SOURCE = "shop"
PATIENCE_SECONDS = 10.0  # with an engine that stands still
CHANNELS = ("email", "sms", "push")
_MARK = ".relance-demo"  # a folder with this file in it is ours to empty


def empty_folder(folder: Path) -> None:
    """Make the demo's folder, without what an earlier demo left in it.

    Raises:
        Conflict: there is something in it that no demo made.
    """
    if folder.exists() and not (folder / _MARK).exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder} holds something else: name another folder with --data, the demo empties its own at each start"
        raise Conflict(msg)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).write_text("This folder belongs to `relance demo`, which empties it at each start.\n", encoding="utf-8")


class Demo:
    """One run of the demo. The mail sink takes every message: nothing leaves."""

    def __init__(self, settings: Settings, *, speed: float, seed: int = 1) -> None:
        """Open everything.

        Args:
            settings: with the demo's own folder, host and port.
            speed: how much faster than the machine's clock time goes.
            seed: which story.
        """
        empty_folder(settings.data)
        self.starts_at = SystemClock().now() // DAY * DAY + STARTS_AT_HOUR * HOUR
        self.clock = AcceleratedClock(self.starts_at - HISTORY, speed)
        self.world = ShopWorld(seed, self.starts_at - HISTORY, live_at=self.starts_at)
        self.sinks = {channel: RecordingChannel(f"{channel}-sink") for channel in CHANNELS}
        self.installation = Installation(settings, clock=self.clock, channels=self.sinks)
        self.definitions = settings.data / "definitions"
        self._stop = threading.Event()
        self._traffic = Traffic(self.world, self.clock, self._tell, self.installation.database, self.installation.prefix)
        self._thread = threading.Thread(target=self._traffic.run, args=(self._stop,), name="traffic", daemon=True)
        with self.installation.database.writing() as connection:
            ensure_source(connection, SOURCE, name="Atelier Brume", trusted=True, now=self.clock.now())
            self.write_key = create_write_key(connection, SOURCE, now=self.clock.now())
            self.user_id = add_user(connection, "demo@atelier-brume.example", "Camille", "admin", now=SystemClock().now())
            self.api_key = create_api_key(connection, "demo", ["admin"], now=self.clock.now())

    def _tell(self, events: list[dict[str, Any]], kind: ChunkKind = "live") -> int:
        body = msgspec.json.encode({"batch": events})
        ids = [str(event["messageId"]) for event in events]
        return self.installation.committer.commit_now(
            NewChunk(source=SOURCE, body=body, message_ids=ids, kind=kind, trusted=True)
        )

    def live_through_history(self, progress: Callable[[int, int], None]) -> int:
        """Tell the days before the start and let the engine take them up; answer how many events there were.

        Segments are there from the first day on, so that they know how large they were.

        Args:
            progress: called with the events that are told, and with those that are taken up.
        """
        write_definitions(self.definitions, self.starts_at)
        for name in KNOWN_BEFORE:
            self._publish(self.definitions / name)
        self.installation.start()
        loop, told = self.installation.engine_loop, 0
        for part in tell_history(self.world, self.starts_at - 1):
            self.clock.move_to(parse_instant(part[-1]["receivedAt"]) or 0)
            told += self._tell(part, "history")
            progress(told, loop.position)
        troubled_since: float | None = None
        while loop.position < told:
            progress(told, loop.position)
            trouble = self.installation.trouble()
            troubled_since = None if trouble is None else troubled_since or time.monotonic()
            if trouble is not None and troubled_since is not None and time.monotonic() - troubled_since > PATIENCE_SECONDS:
                raise InternalError(trouble)
            self._stop.wait(0.1)
        self.clock.move_to(self.starts_at)
        return told

    def open_shop(self) -> None:
        """Publish the definitions, let time run, and let people in.

        Raises:
            InvalidInput: the definitions have errors.
        """
        self._publish(self.definitions)
        self.clock.release()
        self._thread.start()

    def _publish(self, path: Path) -> None:
        with self.installation.database.writing() as connection:
            done = publish(connection, load_definitions(path), self.clock.now(), by="demo")
        if done.refused:
            msg = f"the definitions in {self.definitions} have errors"
            raise InvalidInput(msg, problems=done.problems)

    def make_app(self) -> Any:
        """The HTTP application."""
        return self.installation.make_api(demo_user=self.user_id)

    def close(self) -> None:
        """Send the people home, finish what is under way, close everything."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(5)
        self.installation.stop()
