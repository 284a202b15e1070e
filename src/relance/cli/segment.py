"""`relance segment`: how many are in a segment, who, and why somebody is or is not."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relance.warehouse import Warehouse
    from relance.workspace import Workspace

segment = App(name="segment", help="How many are in a segment, who, and why.", result_action="return_value")


@segment.command
def count(
    segment_id: str,
    /,
    *,
    at: str | None = None,
    data: Path = Path("relance-data"),
    store: str | None = None,
    warehouse: str | None = None,
    json: bool = False,
) -> int:
    """Say how many are in a segment.

    Exit: 0 done; 2 there is no such segment, or its data can not be read.

    Args:
        segment_id: the id of the segment.
        at: as of which instant, with what was known then: 2026-03-01T09:00:00Z. Default: now.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        warehouse: the URL of the warehouse, instead of the embedded one.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.clock import format_instant
    from relance.segments.membership import count_members

    def answer(opened: Warehouse, workspace: Workspace, when: int, seq: int | None) -> int:
        n = count_members(opened, workspace, segment_id, when, seq)
        tell({"segment": segment_id, "at": format_instant(when), "members": n}, str(n), as_json=json)
        return 0

    return _run(answer, at=at, data=data, store=store, warehouse=warehouse, as_json=json)


@segment.command
def members(
    segment_id: str,
    /,
    *,
    at: str | None = None,
    data: Path = Path("relance-data"),
    store: str | None = None,
    warehouse: str | None = None,
    json: bool = False,
) -> int:
    """List who is in a segment, one user id a line.

    Exit: 0 done; 2 there is no such segment, or its data can not be read.

    Args:
        segment_id: the id of the segment.
        at: as of which instant, with what was known then: 2026-03-01T09:00:00Z. Default: now.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        warehouse: the URL of the warehouse, instead of the embedded one.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.clock import format_instant
    from relance.segments.membership import list_members, name_people

    def answer(opened: Warehouse, workspace: Workspace, when: int, seq: int | None) -> int:
        found = list_members(opened, workspace, segment_id, when, seq)
        names = sorted(name_people(opened, found, seq))
        if names or json:
            tell({"segment": segment_id, "at": format_instant(when), "members": names}, "\n".join(names), as_json=json)
        return 0

    return _run(answer, at=at, data=data, store=store, warehouse=warehouse, as_json=json)


@segment.command
def explain(
    segment_id: str,
    /,
    *,
    user: str,
    at: str | None = None,
    data: Path = Path("relance-data"),
    store: str | None = None,
    warehouse: str | None = None,
    json: bool = False,
) -> int:
    """Say why somebody is in a segment, or is not: each condition with what it saw.

    Exit: 0 in the segment; 1 not in it; 2 there is no such segment or person, or the data can not be read.

    Args:
        segment_id: the id of the segment.
        user: the person's user id, or anonymous id.
        at: as of which instant, with what was known then: 2026-03-01T09:00:00Z. Default: now.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        warehouse: the URL of the warehouse, instead of the embedded one.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.clock import format_instant
    from relance.segments.membership import explain_member

    def answer(opened: Warehouse, workspace: Workspace, when: int, seq: int | None) -> int:
        why = explain_member(opened, workspace, segment_id, user, when, seq)
        change = f"\nby itself this changes at {format_instant(why.changes_at)}" if why.changes_at is not None else ""
        head = f"{user} is {'' if why.member else 'not '}in {segment_id} at {format_instant(when)}"
        tell(why.as_json(), "\n".join([head, *why.explanation.lines("  ")]) + change, as_json=json)
        return 0 if why.member else 1

    return _run(answer, at=at, data=data, store=store, warehouse=warehouse, as_json=json)


def _run(
    answer: Callable[[Warehouse, Workspace, int, int | None], int],
    *,
    at: str | None,
    data: Path,
    store: str | None,
    warehouse: str | None,
    as_json: bool,
) -> int:
    from relance.cli.output import fail
    from relance.clock import SystemClock, parse_instant
    from relance.errors import RelanceError
    from relance.segments.membership import known_at

    now = SystemClock().now()
    when = now if at is None else parse_instant(at)
    if when is None:
        return fail([f"--at {at!r} is no instant: write it as 2026-03-01T09:00:00Z"], as_json=as_json)
    try:
        with _opened(data, store, warehouse) as (opened, workspace):
            return answer(opened, workspace, when, known_at(opened, when, now))
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=as_json)


@contextmanager
def _opened(data: Path, store: str | None, warehouse: str | None) -> Iterator[tuple[Warehouse, Workspace]]:
    from relance.cli.publish import store_url
    from relance.definitions.store import load_workspace
    from relance.errors import NotFound
    from relance.store import open_database
    from relance.warehouse import open_warehouse

    url = store_url(data, store)
    for embedded, what in ((url.removeprefix("sqlite:///"), "store"), (f"{data}/warehouse.duckdb", "warehouse")):
        given = store if what == "store" else warehouse
        if given is None and not Path(embedded).exists():
            msg = f"there is no {what} in {data}: name its folder with --data"
            raise NotFound(msg)
    with closing(open_database(url)) as database:
        with database.reading() as connection:
            workspace = load_workspace(connection)
        with closing(open_warehouse(warehouse or f"duckdb:///{data}/warehouse.duckdb")) as opened:
            yield opened, workspace
