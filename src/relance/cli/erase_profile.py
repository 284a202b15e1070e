"""`relance erase-profile`: everything that identifies one person goes."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.settings import Settings

WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.2
Answer = dict[str, Any]


def erase_profile(*, user: str, suppress: bool = False, yes: bool = False, place: Place = HERE, json: bool = False) -> int:
    """Erase one person, whole: from the log, the store and the warehouse. It can not be taken back.

    Profile, ids, traits, addresses, events, consents, the content of messages, lists, segments, scores go. The figures of
    journeys and campaigns stay, with nobody behind them; an address that may not be written to stays as a keyed hash.
    While a server runs it does the work; name its address with --url, or wait for it.

    Exit: 0 done; 1 it was asked for and is not done yet, or --yes is missing; 2 there is no such person, or the data can not be read.

    Args:
        user: the person's user id, or any other id.
        suppress: also refuse what comes later with one of their ids: it is acknowledged, dropped and counted.
        yes: do it. Without, it is only told who would be erased.
        place: where the data are.
        json: print JSON.
    """
    from relance.cli.asking import find_server
    from relance.cli.output import fail, note, tell
    from relance.errors import RelanceError

    try:
        server = find_server(place.url, is_local=any((place.data, place.store, place.warehouse)))
        if not yes:
            note(f"{user!r} would be erased from the log, the store and the warehouse, for good: say --yes to do it")
            return 1
        done = _over_http(server, user, suppress=suppress) if server else _here(place, user, suppress=suppress)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=json)
    text = f"erasure {done['erasure_id']}: {done['state']}, {done['calls']} calls emptied in the log"
    tell(done, text, as_json=json)
    return 1 if done["state"] == "waiting" else 0


def _over_http(server: tuple[str, str], user: str, *, suppress: bool) -> Answer:
    from relance.cli.remote import Remote

    with closing(Remote(*server)) as remote:
        done = remote.send("DELETE", f"profiles/{quote(user, safe='')}", {"suppress": suppress})
        end = time.monotonic() + WAIT_SECONDS
        while done["state"] == "waiting" and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
            done = remote.get(f"erasures/{done['erasure_id']}")
    return done


def _here(place: Place, user: str, *, suppress: bool) -> Answer:
    """The wish is written down; then the engine does it, ours if no server has the log."""
    from relance.cli.stores import DEFAULT_DATA, opened_store
    from relance.clock import SystemClock
    from relance.erasure.asking import ask, read_erasure
    from relance.settings import load_settings

    with opened_store(place.data, place.store) as database, database.writing() as connection:
        asked = ask(connection, user, now=SystemClock().now(), actor="cli", suppress=suppress)
    settings = load_settings(data=place.data or DEFAULT_DATA)
    if place.store or place.warehouse:
        import msgspec

        urls = {"store_url": place.store, "warehouse_url": place.warehouse}
        settings = msgspec.structs.replace(settings, **{name: url for name, url in urls.items() if url})
    erasure_id = int(asked["erasure_id"])
    wait = 0.0 if _work(settings, erasure_id) else WAIT_SECONDS
    with opened_store(place.data, place.store) as database:
        end = time.monotonic() + wait
        while True:
            with database.reading() as connection:
                done = read_erasure(connection, erasure_id)
            if done["state"] != "waiting" or time.monotonic() >= end:
                return dict(done)
            time.sleep(LOOK_SECONDS)


def _work(settings: Settings, erasure_id: int) -> bool:
    """Have our own engine do it, with what was received before. Answers False where a server runs: then its engine does."""
    from relance.app import Installation
    from relance.erasure.asking import read_erasure
    from relance.errors import WarehouseError
    from relance.eventlog import LogUnavailable

    try:
        installation = Installation(settings)
    except LogUnavailable:
        return False
    except WarehouseError as e:
        if e.context.get("locked"):
            return False
        raise
    try:
        installation.erase_alone(lambda connection: read_erasure(connection, erasure_id)["state"] == "waiting")
    finally:
        installation.stop()
    return True
