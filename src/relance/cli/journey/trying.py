"""Every way of a journey, gone by test people."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relance.cli.place import IN_STORE, StorePlace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = dict[str, Any]


def try_out(
    journey_id: str,
    /,
    *,
    definitions: Path | None = None,
    properties: str = "{}",
    place: StorePlace = IN_STORE,
    json: bool = False,
) -> int:
    """Send a test person along every path of a journey, on a virtual clock, and say where each went and what it got.

    Nothing is published, nothing is sent, and nothing of it is kept. Frequency caps and quiet hours are left out: what is walked are steps.

    Exit: 0 every path went as planned; 1 some did not; 2 there is no such journey, or its draft has errors.

    Args:
        journey_id: the id of the journey.
        definitions: a YAML or JSON file of definitions, or a folder of them, that stand in for those in force, such as the
            draft of the journey; no store is needed then. Without them the draft that is kept, or the journey as it is published.
        properties: of the event that starts it, as JSON: '{"cart_total": 80}'.
        place: where the journeys are.
        json: print JSON.
    """
    import json as reader

    from relance.cli.journey.drafts import read_drafts
    from relance.cli.output import fail, tell
    from relance.errors import InvalidInput, RelanceError

    drafts = read_drafts(definitions, as_json=json)
    if drafts is None:
        return 2
    try:
        told = reader.loads(properties)
    except ValueError as e:
        return fail([f"--properties: not JSON: {e}"], as_json=json)
    if not isinstance(told, dict):
        return fail(["--properties: write an object, such as '{\"cart_total\": 80}'"], as_json=json)
    try:
        with _opened(place, has_drafts=bool(drafts)) as walk:
            found = walk(journey_id, drafts, told)
    except InvalidInput as e:
        return fail([getattr(p, "message", str(p)) for p in e.problems] or [e.message], as_json=json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=json)
    tell(found, "\n".join(_lines(found)), as_json=json)
    return 0 if all(path["as_planned"] for path in found["paths"]) else 1


@contextmanager
def _opened(place: StorePlace, *, has_drafts: bool) -> Iterator[Callable[[str, list[Answer], Answer], Answer]]:
    """What walks a journey: the store of this machine, one of no definitions where there is none, or a server."""
    from relance.cli.asking import find_server

    server = find_server(place.url, is_local=any((place.data, place.store)))
    if server is not None:
        from relance.cli.remote import Remote

        with closing(Remote(*server)) as remote:
            yield lambda name, drafts, told: remote.send(
                "POST", f"journeys/{quote(name, safe='')}/walk", {"definitions": drafts, "properties": told}
            )
        return
    from relance.cli.stores import DEFAULT_DATA, store_url
    from relance.clock import SystemClock
    from relance.errors import NotFound
    from relance.simulate.trial.desk import TrialDesk
    from relance.store import open_database

    data = place.data or DEFAULT_DATA
    url = store_url(data, place.store)
    if place.store is None and not Path(url.removeprefix("sqlite:///")).exists():
        if not has_drafts:
            msg = f"there is no store in {data}: name its folder with --data, or a draft with --definitions"
            raise NotFound(msg)
        url = "sqlite://"
    with closing(open_database(url)) as database:
        database.migrate()
        desk = TrialDesk(database, SystemClock())
        yield lambda name, drafts, told: desk.walk(name, definitions=drafts, properties=told)


def _lines(found: Answer) -> Iterator[str]:
    for path in found["paths"]:
        ways = ", ".join(f"{way['step']} {way['outcome']}" for way in path["ways"])
        yield f"{'as planned' if path['as_planned'] else 'OTHERWISE':10}  {ways}"
        if not path["as_planned"]:
            yield f"            went {', '.join(path['went']) or 'nowhere'}: {path['status']}{' ' + path['reason'] if path['reason'] else ''}"
        for message in path["messages"]:
            why = f" ({message['reason']})" if message["reason"] else ""
            yield f"            {message['step']} {message['channel']} {message['status']}{why}"
    coverage = found["coverage"]
    yield f"{coverage['entered']} of {coverage['steps']} steps entered, {coverage['gone']} of {coverage['ways']} ways gone"
    for way in coverage["not_gone"]:
        yield f"  nobody went from {way['from']} to {way['to']}"
    if not found["all_paths"]:
        yield "there are more paths than these: every way is among them"
