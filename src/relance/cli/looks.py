"""Who answers about reports, people, events and why: the stores of this machine, or a server over HTTP. Both answer alike."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from relance.cli.asking import answer as answer_any
from relance.cli.asking import find_server
from relance.cli.remote import Remote
from relance.cli.stores import DEFAULT_DATA, opened_store, opened_warehouse
from relance.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from relance.cli.place import Place
    from relance.eventlog import EventLog
    from relance.journeys.explain.desk import ExplainDesk
    from relance.segments.table_file import Format
    from relance.store import Database
    from relance.warehouse import Warehouse

EXPORT_SECONDS = 1800.0

Answer = dict[str, Any]


class Looks(Protocol):
    """Who answers. A `source` is `journey:ID` or `campaign:ID`."""

    def report(self, source: str, *, at: str | None, language: str) -> Answer: ...

    def passages(self, source: str, *, limit: int, after: str, **chosen: Any) -> Answer: ...

    def export(self, source: str, out: IO[bytes], *, form: Format, bom: bool, **chosen: Any) -> int: ...

    def explain(self, user: str, *, source: str, language: str) -> Answer: ...

    def dossier(self, user: str) -> Answer: ...

    def event_types(self) -> Answer: ...

    def event_type(self, name: str) -> Answer: ...

    def inspect(self, **asked: Any) -> Answer: ...

    def try_out(self, sample: Mapping[str, Any]) -> Answer: ...

    def event_code(self, name: str) -> Answer: ...

    def journey_code(self, name: str) -> Answer: ...


class RemoteLooks(Remote):
    """A server."""

    def report(self, source: str, *, at: str | None, language: str) -> Answer:
        return self.get(f"{_path(source)}/report", at=at, language=language)

    def passages(self, source: str, *, limit: int, after: str, **chosen: Any) -> Answer:
        return self.get(f"{_path(source)}/passages", limit=limit, after=after, **chosen)

    def export(self, source: str, out: IO[bytes], *, form: Format, bom: bool, **chosen: Any) -> int:
        asked = {"format": form, "bom": str(bom).lower(), **chosen}
        return int(self.download(f"{_path(source)}/passages/export", out, EXPORT_SECONDS, **asked)["x-relance-rows"])

    def explain(self, user: str, *, source: str, language: str) -> Answer:
        kind, _, name = source.partition(":")
        return self.get(f"profiles/{quote(user, safe='')}/explain", language=language, **({kind: name} if name else {}))

    def dossier(self, user: str) -> Answer:
        return self.get(f"profiles/{quote(user, safe='')}/export")

    def event_types(self) -> Answer:
        return self.get("event-types")

    def event_type(self, name: str) -> Answer:
        return self.get(f"event-types/{quote(name, safe='')}")

    def inspect(self, **asked: Any) -> Answer:
        return self.get("events/inspect", **asked)

    def try_out(self, sample: Mapping[str, Any]) -> Answer:
        return self.send("POST", "events/inspect", dict(sample))

    def event_code(self, name: str) -> Answer:
        return self.get(f"event-types/{quote(name, safe='')}/code")

    def journey_code(self, name: str) -> Answer:
        return self.get(f"journeys/{quote(name, safe='')}/code")


def _path(source: str) -> str:
    kind, _, name = source.partition(":")
    return f"{kind}s/{quote(name, safe='')}"


class LocalLooks:
    """The stores of this machine. The warehouse is opened for what needs it alone: while a server runs, it has it."""

    def __init__(self, database: Database, log: Callable[[], EventLog], warehouse: Callable[[], Warehouse], url: str) -> None:
        self._database, self._log, self._warehouse, self._url = database, log, warehouse, url

    def report(self, source: str, *, at: str | None, language: str) -> Answer:
        from relance.journeys.figures import list_reports
        from relance.localtime import require_instant

        with self._database.reading() as connection:
            found = list_reports(
                connection, source=source, until=None if at is None else require_instant(at), language=language
            )
        if not found:
            kind, _, name = source.partition(":")
            msg = f"there is no {kind} {name!r}"
            raise NotFound(msg)
        return found[0]

    def passages(self, source: str, *, limit: int, after: str, **chosen: Any) -> Answer:
        from relance.journeys.passages import Chosen, list_passages

        with self._database.reading() as connection:
            return list_passages(connection, Chosen(source, **chosen), limit=limit, after=after)

    def export(self, source: str, out: IO[bytes], *, form: Format, bom: bool, **chosen: Any) -> int:
        from relance.journeys.passages import Chosen, write_passages

        return write_passages(self._database, Chosen(source, **chosen), out, form=form, bom=bom)

    def explain(self, user: str, *, source: str, language: str) -> Answer:
        return self._explaining().explain(user, source=source, language=language)

    def dossier(self, user: str) -> Answer:
        return self._explaining().dossier(user)

    def _explaining(self) -> ExplainDesk:
        from relance.clock import SystemClock
        from relance.definitions.store import load_workspace
        from relance.journeys.explain.desk import ExplainDesk

        with self._database.reading() as connection:
            workspace = load_workspace(connection)
        return ExplainDesk(self._database, self._warehouse(), lambda: workspace, SystemClock())

    def event_types(self) -> Answer:
        from relance.registry.catalogue import list_event_types

        with self._database.reading() as connection:
            return {"items": list_event_types(connection, _registered(connection))}

    def event_type(self, name: str) -> Answer:
        from relance.registry.catalogue import show_event_type

        with self._database.reading() as connection:
            return show_event_type(connection, self._log(), _registered(connection), name)

    def inspect(self, **asked: Any) -> Answer:
        from relance.definitions.events import inspect_events

        with self._database.reading() as connection:
            return inspect_events(connection, self._log(), **asked)

    def try_out(self, sample: Mapping[str, Any]) -> Answer:
        from relance.clock import SystemClock
        from relance.definitions.events import try_event

        with self._database.reading() as connection:
            return try_event(connection, now=SystemClock().now(), **sample)

    def event_code(self, name: str) -> Answer:
        from relance.definitions.events import event_code

        with self._database.reading() as connection:
            return event_code(connection, self._url, name)

    def journey_code(self, name: str) -> Answer:
        from relance.definitions.events import journey_code

        with self._database.reading() as connection:
            return journey_code(connection, self._url, name)


def _registered(connection: Any) -> list[Any]:
    from relance.definitions.events import registered_events

    return registered_events(connection)


def answer(place: Place, ask: Callable[[Looks], int], *, as_json: bool) -> int:
    """Ask whoever answers at a place; what goes wrong is told. Answers the exit code."""
    return answer_any(lambda: open_looks(place), ask, as_json=as_json)


@contextmanager
def open_looks(place: Place) -> Iterator[Looks]:
    """Whoever answers at a place.

    Raises:
        NotFound: there is no store.
    """
    server = find_server(place.url, is_local=any((place.data, place.store, place.warehouse)))
    if server is not None:
        with closing(RemoteLooks(*server)) as remote:
            yield remote
        return
    from relance.eventlog import open_log
    from relance.settings import Settings, load_settings

    settings = Settings(data=place.data or DEFAULT_DATA, store_url=place.store or "")
    with ExitStack() as opened:
        database = opened.enter_context(opened_store(place.data, place.store))

        def log() -> EventLog:
            return opened.enter_context(closing(open_log(settings.log)))

        def warehouse() -> Warehouse:
            return opened.enter_context(opened_warehouse(place.data, place.warehouse))

        yield LocalLooks(database, log, warehouse, load_settings().public_url)
