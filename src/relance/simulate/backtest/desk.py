"""Takes requests for backtests, and does them one after another, in a thread of its own."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import structlog

from relance.clock import DAY, format_instant, parse_instant
from relance.definitions.check import require_valid
from relance.definitions.document import Document
from relance.definitions.drafts import read_draft
from relance.definitions.store import load_archived, load_documents
from relance.errors import Conflict, InvalidInput, NotFound, QuestionDropped, RelanceError
from relance.simulate.backtest.run import backtest
from relance.simulate.backtest.stage import Reading
from relance.simulate.backtest.wanted import find_wanted
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from relance.clock import Clock
    from relance.eventlog.base import EventLog
    from relance.simulate.backtest.wanted import Wanted
    from relance.store import Database
    from relance.warehouse.base import ReadableWarehouse

log = structlog.get_logger(__name__)

SQL = load_queries("relance.simulate.backtest", "jobs.sql")
MOST_DAYS = 3_650
MOST_LISTED = 100
TOLD_EVERY_SECONDS = 1.0
ENDED = ("done", "failed", "cancelled")


def window_of(days: float | None, since: str | None, until: str | None, reached: int) -> tuple[int, int]:
    """The past that is meant: the last days up to now, or between two instants.

    Raises:
        InvalidInput: it can not be understood, or is not over yet; with every problem.
    """
    problems = []
    end, begin = parse_instant(until), parse_instant(since)
    for name, text, at in (("until", until, end), ("since", since, begin)):
        if text is not None and at is None:
            problems.append(f"`{name}`: {text!r} is no instant; write it like 2026-03-01T08:00:00Z")
    if (days is None) == (since is None):
        problems.append("say how far back: either `days`, or `since`")
    if days is not None and not 0 < days <= MOST_DAYS:
        problems.append(f"`days`: {days:g} is not between 0 and {MOST_DAYS}")
    if end is not None and end > reached:
        problems.append(f"`until`: only what was received up to {format_instant(reached)} can be lived again")
    end = reached if end is None else end
    if begin is not None and begin >= end:
        problems.append("`since` is not before the end")
    if problems:
        msg = "the backtest can not be done"
        raise InvalidInput(msg, problems=problems)
    return (begin if begin is not None else end - round((days or 0) * DAY)), end


def kept_draft(database: Database, journey: str) -> list[Mapping[str, Any]]:
    """The draft of a journey that is being written, if there is one."""
    with database.reading() as connection:
        found = read_draft(connection, "journey", journey)
    return [] if found is None else [found["definition"]]


def prepare(database: Database, journey: str, drafts: Sequence[Mapping[str, Any]]) -> Wanted:
    """What a backtest of a journey needs: definitions in force, with drafts in their places, or the one that is kept.

    Raises:
        InvalidInput: the drafts have errors; all of them.
        NotFound: there is no such journey.
    """
    documents = [Document(dict(body)) for body in drafts or kept_draft(database, journey)]
    with database.reading() as connection:
        published, archived = load_documents(connection), load_archived(connection)
    if documents:
        require_valid(documents, published=published)
    return find_wanted(journey, published, documents, archived)


class BacktestDesk:
    """Backtests of one installation. May be asked from any thread."""

    def __init__(
        self,
        database: Database,
        warehouse: ReadableWarehouse,
        event_log: EventLog,
        clock: Clock,
        reached: Callable[[], int],
        live_again: Callable[[Path, Reading, Wanted], list[dict[str, Any]]] | None = None,
    ) -> None:
        """Args: `reached` says up to which instant all that was received is in the warehouse; `live_again` lives a staged folder."""
        self._database = database
        self._warehouse = warehouse
        self._log = event_log
        self._clock = clock
        self._reached = reached
        self._live_again = live_again
        self._cancelled: set[int] = set()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backtests", daemon=True)

    # ------------------------------------------------------------------------------------------ asking

    def ask(
        self,
        journey: str,
        *,
        days: float | None = None,
        since: str | None = None,
        until: str | None = None,
        drafts: Sequence[Mapping[str, Any]] = (),
        by: str = "",
    ) -> dict[str, Any]:
        """Ask for a backtest; it is done as soon as those before it are.

        Raises:
            InvalidInput: the drafts or the window have errors; all of them.
            NotFound: there is no such journey.
        """
        begin, end = window_of(days, since, until, self._reached())
        drafts = drafts or kept_draft(self._database, journey)  # as it is now, whatever becomes of it meanwhile
        prepare(self._database, journey, drafts)
        row = {
            "journey": journey, "now": self._clock.now(), "by": by, "since": begin, "until": end,
            "drafts": json.dumps(list(drafts), ensure_ascii=False),
        }  # fmt: skip
        with self._database.writing() as connection:
            number = int(connection.value(SQL["add"], row))
        self._wake.set()
        return self.read(number)

    def read(self, number: int) -> dict[str, Any]:
        """One backtest, with its result once it is done.

        Raises:
            NotFound: there is none of that number.
        """
        with self._database.reading() as connection:
            row = connection.row(SQL["read"], {"id": number})
        if row is None:
            msg = f"there is no backtest {number}"
            raise NotFound(msg)
        return _as_json(row)

    def list_of(self, journey: str) -> list[dict[str, Any]]:
        """The last backtests of a journey, the newest first, without their results."""
        with self._database.reading() as connection:
            return [_as_json(row) for row in connection.rows(SQL["list"], {"journey": journey, "limit": MOST_LISTED})]

    def cancel(self, number: int) -> dict[str, Any]:
        """Take a backtest back.

        Raises:
            NotFound: there is none of that number.
            Conflict: it has ended already.
        """
        found = self.read(number)
        if found["state"] in ENDED:
            msg = f"the backtest {number} has ended already: it is {found['state']}"
            raise Conflict(msg)
        self._cancelled.add(number)
        self._end(number, "cancelled")
        return self.read(number)

    # ------------------------------------------------------------------------------------------ doing

    def start(self) -> None:
        """Begin to do what waits. What an earlier process had begun is told to have failed."""
        with self._database.writing() as connection:
            told = "the server was stopped while it ran: ask for it again"
            connection.execute(SQL["abandoned"], {"now": self._clock.now(), "error": told})
        self._thread.start()

    def stop(self) -> None:
        """End what is under way."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(15)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                while not self._stopping.is_set() and self.do_next():
                    pass
            except RelanceError as e:  # the store can not be written now: later, then
                log.warning("backtests_failed", code=e.code, message=e.message)
                self._stopping.wait(5.0)
                continue
            self._wake.wait()

    def do_next(self) -> bool:
        """Do the next one that waits. Answers whether there was one."""
        with self._database.reading() as connection:
            row = connection.row(SQL["waiting"])
        if row is None:
            return False
        number, journey, since, until, drafts = row
        with self._database.writing() as connection:
            if not connection.execute(SQL["begin"], {"id": number, "now": self._clock.now()}):
                return True
        try:
            wanted = prepare(self._database, journey, json.loads(drafts))
            reading = Reading(
                self._warehouse, self._database, self._log, self._teller(number), lambda: self._is_dropped(number)
            )
            result = backtest(reading, wanted, start=since, until=until, live_again=self._live_again)
        except QuestionDropped:
            stopped = "the server was stopped while it ran: ask for it again" if self._stopping.is_set() else None
            self._end(number, "failed" if stopped else "cancelled", error=stopped)
        except RelanceError as e:
            self._end(number, "failed", error=e.message)
        except Exception as e:  # the edge: a bug ends this backtest, not those behind it
            log.exception("backtest_broken", backtest=number)
            self._end(number, "failed", error=f"{type(e).__name__}: this is a bug in relance, please report it")
        else:
            self._end(number, "done", result=json.dumps(result, ensure_ascii=False))
        self._cancelled.discard(number)
        return True

    def _is_dropped(self, number: int) -> bool:
        return number in self._cancelled or self._stopping.is_set()

    def _teller(self, number: int) -> Callable[[str, int, int], None]:
        told: tuple[str, float] = ("", 0.0)

        def tell(phase: str, done: int, total: int) -> None:
            nonlocal told
            now = time.monotonic()
            if phase == told[0] and now - told[1] < TOLD_EVERY_SECONDS:
                return
            told = (phase, now)
            with self._database.writing() as connection:
                connection.execute(SQL["progress"], {"id": number, "phase": phase, "done": done, "total": total})

        return tell

    def _end(self, number: int, state: str, *, error: str | None = None, result: str | None = None) -> None:
        row = {"id": number, "state": state, "now": self._clock.now(), "error": error, "result": result}
        with self._database.writing() as connection:
            connection.execute(SQL["end"], row)


def _as_json(row: Sequence[Any]) -> dict[str, Any]:
    number, journey, state, asked_at, by, started_at, ended_at, since, until, phase, done, total, error, result = row
    return {
        "id": number,
        "journey": journey,
        "state": state,
        "asked_at": format_instant(asked_at),
        "asked_by": by,
        "started_at": format_instant(started_at),
        "ended_at": format_instant(ended_at),
        "since": format_instant(since),
        "until": format_instant(until),
        "progress": {"phase": phase, "done": done, "total": total},
        "error": error,
        "result": json.loads(result) if result else None,
    }
