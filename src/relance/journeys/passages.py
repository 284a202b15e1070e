"""The people behind the figures of a report: who was at a step, who is there, who left it which way, whose start did not happen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Literal

from relance.clock import format_instant
from relance.errors import InvalidInput, NotFound
from relance.journeys.model import step_names
from relance.journeys.report import END
from relance.journeys.trace import STATUSES, read_key
from relance.profiles.read import full_name
from relance.segments.table_file import write_table
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.segments.table_file import Format
    from relance.store import Connection, Database
    from relance.warehouse.asking import Asking

SQL = load_queries("relance.journeys", "passages.sql")
REPORT = load_queries("relance.journeys", "report.sql")
STEPS_PER_VERSION = 1 << 20  # a step's number is below that: with its version it makes one number
READ_AT_ONCE = 5_000
_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")

State = Literal["", "inside", "left", "active", "finished", "exited", "failed", "suppressed"]
COLUMNS = (
    "user_id", "name", "email", "phone", "key", "version", "status", "reason", "entered_at", "ended_at", "step", "step_at", "left_to",
    "left_at", "due_at", "enrollment_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which people of a journey or campaign."""

    source: str  # journey:ID or campaign:ID
    step: str = ""  # each visit of this step; without one, each passage
    state: State = ""  # of a step: inside or left; of passages: their status
    way: str = ""  # who left the step for this step, for `end`, or for this reason
    reason: str = ""  # why the passage ended, or the start did not happen
    version: int | None = None


def list_passages(connection: Connection, chosen: Chosen, *, limit: int, after: str = "") -> dict[str, Any]:
    """A page of people in the order in which they entered.

    Args:
        connection: the store, on one snapshot.
        chosen: whom.
        limit: how many at most.
        after: the `next` of the page before.

    Raises:
        NotFound: there is no such journey, version or step.
        InvalidInput: what was given does not go together, or `after` is none of ours.
    """
    items: list[dict[str, Any]] = []
    last = ""
    for cursor, item in read_passages(connection, chosen, after=after, at_once=limit + 1):
        if len(items) == limit:
            return {"items": items, "next": last}
        items.append(item)
        last = cursor
    return {"items": items, "next": None}


def read_passages(
    connection: Connection, chosen: Chosen, *, after: str = "", at_once: int = READ_AT_ONCE
) -> Iterator[tuple[str, dict[str, Any]]]:
    """All of them, each with the cursor that goes on behind it.

    Raises:
        As `list_passages`.
    """
    names = _names(connection, chosen)
    _check(chosen)
    statement, values, params = _statement(chosen, names)
    enrollment_id, visit = _read_cursor(after)
    while True:
        page = {**params, "enrollment_id": enrollment_id, "visit": visit, "limit": at_once}
        rows = connection.rows_in(statement, values, page)
        for row in rows:
            item = _as_json(row, names, is_visit=bool(chosen.step))
            if chosen.way in ("", item["left_to"]):
                yield f"{row[0]}.{row[1]}", item
        if len(rows) < at_once:
            return
        enrollment_id, visit = rows[-1][0], rows[-1][1]


def write_passages(
    database: Database, chosen: Chosen, out: IO[bytes], *, form: Format, bom: bool = False, asking: Asking | None = None
) -> int:
    """Write people to a file, on one snapshot of the store, and answer how many rows there are.

    Args:
        database: the store.
        chosen: whom.
        out: takes bytes; need not seek.
        form: `csv` or `parquet`.
        bom: begin a CSV file with the mark by which Excel knows UTF-8.
        asking: what may stop it.

    Raises:
        As `list_passages`; QuestionDropped.
    """
    count = 0

    def batches() -> Iterator[list[list[Any]]]:
        nonlocal count
        with database.reading() as connection:
            rows = read_passages(connection, chosen)
            while batch := [[item[column] for column in COLUMNS] for _, item in islice(rows, READ_AT_ONCE)]:
                if asking is not None:
                    asking.require()
                count += len(batch)
                yield batch

    write_table(batches(), COLUMNS, out, form=form, bom=bom)
    return count


def _names(connection: Connection, chosen: Chosen) -> dict[int, tuple[int, list[str]]]:
    """The number and the steps of each version."""
    rows = connection.rows(REPORT["report_history"], {"source": chosen.source})
    kind, _, name = chosen.source.partition(":")
    if not rows:
        msg = f"there is no {kind} {name!r}"
        raise NotFound(msg)
    names = {version_id: (number, step_names(json.loads(body))) for version_id, number, _, _, body in rows}
    chosen_names = _chosen_versions(chosen, names)
    if not chosen_names:
        msg = f"the {kind} {name!r} has no version {chosen.version}"
        raise NotFound(msg)
    if chosen.step and not any(chosen.step in steps for _, steps in chosen_names.values()):
        msg = f"the {kind} {name!r} has no step {chosen.step!r}"
        raise NotFound(msg)
    return names


def _check(chosen: Chosen) -> None:
    problems = []
    if chosen.step and chosen.state not in ("", "inside", "left"):
        problems.append(f"`state` of a step is `inside` or `left`, not {chosen.state!r}")
    if not chosen.step and chosen.state not in ("", *STATUSES):
        problems.append(
            f"`state` of a passage is one of {', '.join(STATUSES)}, not {chosen.state!r}: name a `step` for {chosen.state!r}"
        )
    if chosen.way and not chosen.step:
        problems.append("`way` is a way out of a step: name the `step`")
    if chosen.way and chosen.state == "inside":
        problems.append("who is inside has gone no way: leave `way` or `state` out")
    if chosen.step and chosen.reason:
        problems.append("who left a step for a reason is asked for by `way`")
    if problems:
        raise InvalidInput(problems[0], problems=problems)


def _chosen_versions(chosen: Chosen, names: dict[int, tuple[int, list[str]]]) -> dict[int, tuple[int, list[str]]]:
    return {version_id: found for version_id, found in names.items() if chosen.version in (None, found[0])}


def _statement(chosen: Chosen, names: dict[int, tuple[int, list[str]]]) -> tuple[str, list[int], dict[str, Any]]:
    if chosen.step:
        places = [
            version * STEPS_PER_VERSION + n
            for version, (_, steps) in _chosen_versions(chosen, names).items()
            for n, step in enumerate(steps)
            if step == chosen.step
        ]
        return SQL["visits"], places, {"source": chosen.source, "steps": STEPS_PER_VERSION, "state": chosen.state}
    status = STATUSES.index(chosen.state) if chosen.state else -1
    return (
        SQL["passages"],
        list(_chosen_versions(chosen, names)),
        {"source": chosen.source, "status": status, "reason": chosen.reason},
    )


def _read_cursor(after: str) -> tuple[int, int]:
    if not after:
        return 0, 0
    found = _CURSOR.fullmatch(after)
    if found is None:
        msg = "`after` is not the `next` of a page of people"
        raise InvalidInput(msg, problems=[msg])
    return int(found[1]), int(found[2])


def _as_json(row: tuple[Any, ...], names: dict[int, tuple[int, list[str]]], *, is_visit: bool) -> dict[str, Any]:
    (id_, _, user_id, traits, email, phone, key, version_id, status, reason, entered_at, ended_at, step, step_at, next_step, left_at,
     due_at, next_version_id) = row  # fmt: skip
    number, steps = names[version_id]
    state = STATUSES[status]
    way = None
    if next_step is not None:
        way = names[next_version_id][1][next_step]
    elif is_visit and state != "active":
        way = END if state == "finished" else reason or state
        left_at = ended_at
    return {
        "user_id": user_id,
        "name": full_name(json.loads(traits)),
        "email": email,
        "phone": phone,
        "key": read_key(key),
        "version": number,
        "status": state,
        "reason": reason,
        "entered_at": format_instant(entered_at),
        "ended_at": format_instant(ended_at),
        "step": steps[step] if step is not None and 0 <= step < len(steps) else None,
        "step_at": format_instant(step_at),
        "left_to": way,
        "left_at": format_instant(left_at),
        "due_at": format_instant(due_at) if state == "active" and way is None else None,
        "enrollment_id": str(id_),
    }
