"""Who answers about segments: the stores of this machine, or a server over HTTP. Both answer alike."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import IO, TYPE_CHECKING, Any, Protocol

from relance.cli.asking import answer as answer_any
from relance.cli.asking import find_server
from relance.cli.stores import opened_store, opened_warehouse
from relance.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from relance.cli.place import Place
    from relance.segments.desk import SegmentDesk
    from relance.segments.export import Format
    from relance.store import Database
    from relance.warehouse import Warehouse
    from relance.workspace import Workspace

Answer = dict[str, Any]


class Segments(Protocol):
    """Who answers."""

    def count(self, segment: str, at: str | None) -> Answer: ...

    def sizes(self, segment: str, *, since: str | None, until: str | None, every: str) -> Answer: ...

    def members(self, segment: str, *, at: str | None, limit: int, after: str) -> Answer: ...

    def sample(self, segment: str, n: int, at: str | None) -> Answer: ...

    def preview(self, where: Mapping[str, Any] | str, *, at: str | None, exact: bool, sample: int) -> Answer: ...

    def overlap(self, segments: Sequence[str], at: str | None) -> Answer: ...

    def explain(self, segment: str, user_id: str, *, at: str | None, language: str) -> Answer: ...

    def dependencies(self, segment: str) -> Answer: ...

    def export(self, segment: str, out: IO[bytes], *, form: Format, traits: str, at: str | None, bom: bool) -> Answer: ...

    def archive(self, segment: str) -> Answer: ...

    def restore(self, segment: str) -> Answer: ...


class LocalSegments:
    """The stores of this machine."""

    def __init__(self, desk: SegmentDesk, database: Database, warehouse: Warehouse) -> None:
        self._desk, self._database, self._warehouse = desk, database, warehouse

    def count(self, segment: str, at: str | None) -> Answer:
        return self._desk.count(segment, at)

    def sizes(self, segment: str, *, since: str | None, until: str | None, every: str) -> Answer:
        return self._desk.sizes(segment, since=since, until=until, every=every)

    def members(self, segment: str, *, at: str | None, limit: int, after: str) -> Answer:
        return self._desk.members(segment, at=at, limit=limit, after=after)

    def sample(self, segment: str, n: int, at: str | None) -> Answer:
        return self._desk.sample(segment, n, at)

    def preview(self, where: Mapping[str, Any] | str, *, at: str | None, exact: bool, sample: int) -> Answer:
        from relance.definitions.preview import require_condition
        from relance.definitions.store import load_documents

        if not isinstance(where, str):
            with self._database.reading() as connection:
                require_condition(where, load_documents(connection))
        return self._desk.preview(where, at=at, exact=exact, sample=sample)

    def overlap(self, segments: Sequence[str], at: str | None) -> Answer:
        return self._desk.overlap(segments, at)

    def explain(self, segment: str, user_id: str, *, at: str | None, language: str) -> Answer:
        from relance.profiles.read import find_profile

        try:
            with self._database.reading() as connection:
                profile_id: int | None = find_profile(connection, user_id)
        except NotFound:  # the warehouse may know who the store has forgotten
            profile_id = None
        return self._desk.explain(segment, user_id, at=at, profile_id=profile_id, language=language)

    def dependencies(self, segment: str) -> Answer:
        from relance.definitions.store import load_documents
        from relance.definitions.uses import describe_dependencies

        with self._database.reading() as connection:
            return describe_dependencies(load_documents(connection), segment)

    def export(self, segment: str, out: IO[bytes], *, form: Format, traits: str, at: str | None, bom: bool) -> Answer:
        return self._desk.export(segment, out, form=form, traits=traits, at=at, bom=bom)

    def archive(self, segment: str) -> Answer:
        from relance.definitions.archive import archive_segment
        from relance.journeys.history import tell_archived

        at, members = self._desk.freeze(segment)
        with self._database.writing() as connection:
            done = archive_segment(connection, segment, members, at=at, by="cli")
            tell_archived(connection, self._warehouse)
        return done

    def restore(self, segment: str) -> Answer:
        from relance.clock import SystemClock
        from relance.definitions.archive import restore_segment

        with self._database.writing() as connection:
            return restore_segment(connection, segment, now=SystemClock().now(), by="cli")


def answer(place: Place, ask: Callable[[Segments], int], *, as_json: bool) -> int:
    """Ask whoever answers at a place; what goes wrong is told. Answers the exit code."""
    return answer_any(lambda: open_segments(place), ask, as_json=as_json)


def note_archived(found: Answer) -> None:
    """Say of an archived segment that it is one, beside the answer."""
    from relance.cli.output import note

    if found.get("archived_at"):
        note(f"{found['segment']} is archived since {found['archived_at']}: from then on its members are those of that instant")


@contextmanager
def open_segments(place: Place) -> Iterator[Segments]:
    """Whoever answers at a place.

    Raises:
        NotFound: there is no store.
        WarehouseError: it can not be opened, such as while a server has it.
    """
    server = find_server(place.url, is_local=any((place.data, place.store, place.warehouse)))
    if server is not None:
        from relance.cli.segment.remote import RemoteSegments

        with closing(RemoteSegments(*server)) as remote:
            yield remote
        return
    from relance.clock import SystemClock
    from relance.segments.desk import SegmentDesk

    with opened_stores(place) as (database, warehouse, workspace):
        yield LocalSegments(SegmentDesk(warehouse, lambda: workspace, SystemClock()), database, warehouse)


@contextmanager
def opened_stores(place: Place) -> Iterator[tuple[Database, Warehouse, Workspace]]:
    """The store and the warehouse at a place of this machine, with the definitions in force.

    Raises:
        NotFound: there is no store.
        WarehouseError: it can not be opened, such as while a server has it.
    """
    from relance.definitions.store import load_workspace

    with opened_store(place.data, place.store) as database:
        with database.reading() as connection:
            workspace = load_workspace(connection)
        with opened_warehouse(place.data, place.warehouse) as warehouse:
            yield database, warehouse, workspace
