"""What is asked about events with the definitions in force: what became of the last ones, what one would do, and code that sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.definitions.store import load_documents, load_workspace
from relance.errors import Conflict, InvalidInput, NotFound
from relance.events.model import RejectedItem
from relance.journeys.inspector import Inspector, by_name, dry_run, inspect_log
from relance.profiles.read import find_profile, read_profile
from relance.registry import catalogue
from relance.registry.snippets import event_snippets, start_snippets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.eventlog import EventLog
    from relance.store import Connection

Answer = dict[str, Any]


def registered_events(connection: Connection) -> list[Any]:
    """The definitions of the kind `event` in force."""
    return [document.body for document in load_documents(connection) if document.kind == "event"]


def _inspector(connection: Connection, language: str) -> Inspector:
    zone = load_workspace(connection).settings.timezone
    return Inspector(connection, registered_events(connection), timezone=zone, language=language)


def inspect_events(
    connection: Connection,
    log: EventLog,
    *,
    limit: int = 50,
    name: str = "",
    source: str = "",
    user_id: str = "",
    before: str = "",
    only: str = "",
    language: str = "en",
) -> Answer:
    """The last events, the newest first, and what became of each.

    Args:
        connection: the store, on one snapshot.
        log: the log.
        limit: how many at most.
        name: of one name alone.
        source: of one source alone.
        user_id: of one person alone, by any of their ids.
        before: the `next` of the page before.
        only: `rejected` for items alone that are no events.
        language: of the sentences: `en` or `fr`.

    Raises:
        NotFound: there is nobody of that id.
        InvalidInput: `before` is none of ours.
    """
    ids = read_profile(connection, find_profile(connection, user_id))["ids"] if user_id else []
    wanted = by_name(name, source, ids)
    # a rare event is found however much came since
    last = _position(before) - 1 if before else catalogue.last_position_of(connection, name) if name else None
    registered = registered_events(connection)
    return inspect_log(
        connection,
        log,
        _inspector(connection, language),
        lambda event, properties: catalogue.schema_problems(registered, event, properties),
        wanted if not only else lambda item: isinstance(item, RejectedItem) and wanted(item),
        limit,
        last=last,
    )


def _position(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        msg = "`before` is not the `next` of a page of events"
        raise InvalidInput(msg, problems=[msg])
    return int(text)


def try_event(
    connection: Connection, *, now: int, event: str, properties: Mapping[str, Any], user_id: str = "", language: str = "en"
) -> Answer:
    """What an event would do that is not sent; dates are read in the zone of the person, if one is named."""
    found = dry_run(connection, _inspector(connection, language), event, properties, now, user_id)
    return found | {"problems": catalogue.schema_problems(registered_events(connection), event, properties)}


def event_code(connection: Connection, url: str, name: str) -> Answer:
    """Code that sends an event to the server at an address.

    Raises:
        NotFound: it is neither registered nor was ever seen.
    """
    found = catalogue.show_event_type(connection, None, registered_events(connection), name)
    return {"event": found["name"], "code": event_snippets(url, found["name"], catalogue.schema_of(found))}


def journey_code(connection: Connection, url: str, name: str) -> Answer:
    """Code that lets somebody into a journey.

    Raises:
        NotFound: there is no such journey.
        Conflict: no code lets anybody in.
    """
    documents = load_documents(connection)
    body = next((d.body for d in documents if (d.kind, d.id) == ("journey", name)), None)
    if body is None:
        msg = f"there is no journey {name!r}"
        raise NotFound(msg)
    entry = body["entry"]
    if entry["type"] == "api":
        key = str(body.get("key") or "")
        properties = {key.removeprefix("properties."): "text"} if key.startswith("properties.") and key.count(".") == 1 else {}
        return {"journey": name, "code": start_snippets(url, name, properties)}
    if entry["type"] == "event":
        schema = catalogue.schema_of_name([d.body for d in documents if d.kind == "event"], entry["event"])
        return {"journey": name, "event": entry["event"], "code": event_snippets(url, entry["event"], schema)}
    msg = f"the journey {name!r} is entered by way of a segment: no code lets anybody in"
    raise Conflict(msg)
