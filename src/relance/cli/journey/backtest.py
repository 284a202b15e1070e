"""What a journey would have done."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

POLL_SECONDS = 0.5
ENDED = ("done", "failed", "cancelled")
Answer = dict[str, Any]


def backtest(
    journey_id: str,
    /,
    *,
    days: float | None = None,
    since: str | None = None,
    until: str | None = None,
    definitions: Path | None = None,
    log: str | None = None,
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Say what a journey would have done in the past: who enters, which way they go, what they get, who comes to the goal by themselves.

    Nothing is published and nothing is sent. The people are as they were then; the journey begins with nobody in it. Ctrl-C takes it back.

    Exit: 0 done; 1 it failed or was taken back; 2 there is no such journey, its draft has errors, or the data can not be read.

    Args:
        journey_id: the id of the journey.
        days: how many days back from the end.
        since: or from which instant on: 2026-03-01T09:00:00Z.
        until: up to when. Default: now, as far as events were applied.
        definitions: a YAML or JSON file of definitions, or a folder of them, that stand in for those in force, such as the
            draft of the journey. Without them the draft that is kept, or the journey as it is published.
        log: the URL of the event log, instead of the embedded one.
        place: where the stores are.
        json: print JSON.
    """
    from relance.cli.journey.drafts import read_drafts
    from relance.cli.output import fail, note, tell
    from relance.errors import InvalidInput, RelanceError

    drafts = read_drafts(definitions, as_json=json)
    if drafts is None:
        return 2
    asked = {"days": days, "since": since, "until": until}
    try:
        with _opened(place, log) as do:
            result = do(journey_id, asked, drafts, (lambda _text: None) if json else note)
    except InvalidInput as e:
        return fail([getattr(p, "message", str(p)) for p in e.problems] or [e.message], as_json=json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=json)
    if result.get("state", "done") != "done":
        return fail([result.get("error") or "the backtest was cancelled"], as_json=json, code=1)
    found = result["result"]
    tell(found, "\n".join(_lines(found)), as_json=json)
    return 0


@contextmanager
def _opened(place: Place, log: str | None) -> Iterator[Callable[[str, Answer, list[Answer], Callable[[str], None]], Answer]]:
    """What does a backtest at a place: the stores of this machine, or a server."""
    from relance.cli.asking import find_server

    server = find_server(place.url, is_local=any((place.data, place.store, place.warehouse)))
    if server is not None:
        from relance.cli.remote import Remote

        with closing(Remote(*server)) as remote:
            yield lambda name, asked, drafts, say: _watch(remote, name, asked, drafts, say)
        return
    from relance.cli.segment.opening import opened_stores
    from relance.cli.stores import DEFAULT_DATA
    from relance.eventlog import open_log

    data, store = place.data or DEFAULT_DATA, place.store or ""
    log_url = log or (store if store.startswith("postgres") else f"sqlite:///{data}/log.db")
    with opened_stores(place) as (database, warehouse, _), closing(open_log(log_url)) as opened:
        yield lambda name, asked, drafts, say: _do_here(database, warehouse, opened, name, asked, drafts, say)


def _do_here(
    database: Any, warehouse: Any, log: Any, name: str, asked: Answer, drafts: list[Answer], say: Callable[[str], None]
) -> Answer:
    from relance.simulate.backtest.apart import live_apart
    from relance.simulate.backtest.desk import prepare, window_of
    from relance.simulate.backtest.run import backtest as run_backtest
    from relance.simulate.backtest.stage import Reading

    with database.reading() as connection:
        reached = connection.value("SELECT at FROM engine_state WHERE id = 1") or 0
    since, until = window_of(asked["days"], asked["since"], asked["until"], reached)
    wanted = prepare(database, name, drafts)
    reading = Reading(warehouse, database, log, _teller(say))
    return {"result": run_backtest(reading, wanted, start=since, until=until, live_again=live_apart)}


def _watch(remote: Any, name: str, asked: Answer, drafts: list[Answer], say: Callable[[str], None]) -> Answer:
    found: Answer = remote.send("POST", f"journeys/{quote(name, safe='')}/backtest", {**asked, "definitions": drafts})
    tell = _teller(say)
    try:
        while found["state"] not in ENDED:
            tell(found["progress"]["phase"], found["progress"]["done"], found["progress"]["total"])
            time.sleep(POLL_SECONDS)
            found = remote.get(f"backtests/{found['id']}")
    except KeyboardInterrupt:
        remote.send("POST", f"backtests/{found['id']}/cancel", {})
        raise
    return found


def _teller(say: Callable[[str], None]) -> Callable[[str, int, int], None]:
    """Tells progress: each phase, and each tenth of a long one."""
    told: tuple[str, int] = ("", -1)

    def tell(phase: str, done: int, total: int) -> None:
        nonlocal told
        tenth = 10 * done // total if total else 0
        if phase and (phase, tenth) != told:
            told = (phase, tenth)
            say(f"{phase} {10 * tenth} %" if total > 1 else phase)

    return tell


def _lines(found: Answer) -> Iterator[str]:
    yield f"{found['journey']} from {found['since']} to {found['until']}"
    yield f"{found['entered']} entries of {found['people']} people; {found['suppressed']} starts did not happen"
    exits = ", ".join(f"{n} left by {reason}" for reason, n in found["exited"].items())
    yield f"{found['inside']} inside, {found['finished']} finished{', ' + exits if exits else ''}, {found['failed']} failed"
    for step, figures in found["steps"].items():
        left = ", ".join(f"{n} to {way}" for way, n in figures["left"].items())
        yield f"  {step}: {figures['entered']} entered, {figures['inside']} inside{', ' + left if left else ''}"
    yield f"{found['sent']} messages, {sum(found['blocked'].values())} blocked, {found['expired']} expired"
    for reason, n in found["blocked"].items():
        yield f"  blocked by {reason}: {n}"
    for day in found["messages_per_day"]:
        yield f"  {day['day']} {day['channel']}: {day['sent']} sent, {day['blocked']} blocked"
    for goal in found["baseline"]:
        if goal["rate"] is not None:
            yield (
                f"{goal['reached']} of {goal['entered']} came to the goal {goal.get('event', '')} by themselves: {goal['rate']:.1%} "
                f"({goal['low']:.1%} to {goal['high']:.1%}); that is what the journey has to beat"
            )
    overlap = found["overlap"]
    yield f"{overlap['people_reached']} of these people really got messages meanwhile"
    for other in overlap["messages"]:
        yield f"  {other['source']} {other['channel']}: {other['sent']} to {other['people']} people"
    for other in overlap["journeys"]:
        yield f"  {other['people']} people were in {other['source']} meanwhile"
