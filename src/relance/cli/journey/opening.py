"""Who answers about journeys: the store of this machine, or a server over HTTP. Both answer alike.

The store can be written beside a server that runs on it: the engine sees what was asked, in its place.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from relance.cli.asking import answer as answer_any
from relance.cli.asking import find_server
from relance.cli.stores import opened_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from relance.cli.place import StorePlace
    from relance.definitions.desk import JourneyDesk
    from relance.store import Database

ACTOR = "cli"

Answer = dict[str, Any]


class Journeys(Protocol):
    """Who answers. A `source` is `journey:ID` or `campaign:ID`."""

    def list(self, kind: str, *, archived: bool) -> Answer: ...

    def show(self, source: str) -> Answer: ...

    def people(self, source: str, *, step: str, limit: int, after: str) -> Answer: ...

    def save(self, source: str, body: Mapping[str, Any]) -> Answer: ...

    def check(self, source: str) -> Answer: ...

    def publish(self, source: str, *, at: str | None) -> Answer: ...

    def act(self, source: str, action: str, *, at: str | None, **detail: Any) -> Answer: ...

    def cancel(self, source: str, act_id: int) -> Answer: ...

    def archive(self, source: str) -> Answer: ...

    def restore(self, source: str) -> Answer: ...

    def migrate(self, source: str, mapping: Mapping[str, str], *, from_version: int | None, dry: bool) -> Answer: ...

    def audit(self, **asked: Any) -> Answer: ...


class LocalJourneys:
    """The store of this machine."""

    def __init__(self, desk: JourneyDesk, database: Database) -> None:
        self._desk, self._database = desk, database

    def list(self, kind: str, *, archived: bool) -> Answer:
        return self._desk.list(kind, archived=archived)

    def show(self, source: str) -> Answer:
        return self._desk.show(source)

    def people(self, source: str, *, step: str, limit: int, after: str) -> Answer:
        return self._desk.people(source, step=step, limit=limit, after=after)

    def save(self, source: str, body: Mapping[str, Any]) -> Answer:
        return self._desk.save(source, body, actor=ACTOR)

    def check(self, source: str) -> Answer:
        return self._desk.check(source)

    def publish(self, source: str, *, at: str | None) -> Answer:
        return self._desk.publish(source, actor=ACTOR, at=at)

    def act(self, source: str, action: str, *, at: str | None, **detail: Any) -> Answer:
        return self._desk.act(source, action, actor=ACTOR, at=at, **detail)

    def cancel(self, source: str, act_id: int) -> Answer:
        return self._desk.cancel(source, act_id, actor=ACTOR)

    def archive(self, source: str) -> Answer:
        return self._desk.archive(source, actor=ACTOR)

    def restore(self, source: str) -> Answer:
        return self._desk.restore(source, actor=ACTOR)

    def migrate(self, source: str, mapping: Mapping[str, str], *, from_version: int | None, dry: bool) -> Answer:
        return self._desk.migrate(source, mapping, actor=ACTOR, from_version=from_version, dry=dry)

    def audit(self, **asked: Any) -> Answer:
        from relance.audit import list_entries
        from relance.clock import FAR_FUTURE

        before = asked.pop("before")
        with self._database.reading() as connection:
            items = list_entries(connection, before=int(before) if before else FAR_FUTURE, **asked)
        return {"items": items, "next": items[-1]["cursor"] if len(items) == asked["limit"] else None}


def answer(place: StorePlace, ask: Callable[[Journeys], int], *, as_json: bool) -> int:
    """Ask whoever answers at a place; what goes wrong is told. Answers the exit code."""
    return answer_any(lambda: open_journeys(place), ask, as_json=as_json)


@contextmanager
def open_journeys(place: StorePlace) -> Iterator[Journeys]:
    """Whoever answers at a place.

    Raises:
        NotFound: there is no store.
    """
    server = find_server(place.url, is_local=any((place.data, place.store)))
    if server is not None:
        from relance.cli.journey.remote import RemoteJourneys

        with closing(RemoteJourneys(*server)) as remote:
            yield remote
        return
    from relance.clock import SystemClock
    from relance.definitions.desk import JourneyDesk

    with opened_store(place.data, place.store) as database:
        yield LocalJourneys(JourneyDesk(database, SystemClock()), database)
