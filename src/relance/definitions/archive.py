"""Archive a segment: from that instant on its members are those it had, until it is restored (SEMANTICS 29)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.audit import Entry, record
from relance.clock import format_instant
from relance.conditions.model import ARCHIVE_PREFIX
from relance.definitions import store
from relance.definitions.uses import find_uses
from relance.errors import Conflict, NotFound
from relance.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from relance.definitions.document import Document
    from relance.store import Connection


def archive_segment(
    connection: Connection, segment: str, profile_ids: Iterable[int], *, at: int, by: str = ""
) -> dict[str, Any]:
    """Keep a segment's members as they are, whatever happens from now on.

    Args:
        connection: for writing.
        segment: the id of the segment.
        profile_ids: who is in it at that instant.
        at: the instant.
        by: who archives it.

    Raises:
        NotFound: there is no such segment.
        Conflict: it is archived already.

    Effects: writes `archived_segments`, `list_changes` (which the warehouse is told before anybody asks), the revision, the audit.
    """
    documents = store.load_documents(connection)
    uses = find_uses(documents, segment)
    found = connection.row(store.sql["archived_segment"], {"segment": segment})
    if found is not None:
        msg = f"the segment {segment!r} is archived already, since {format_instant(found[0])}"
        raise Conflict(msg)
    connection.execute(store.sql["next_revision"])
    list_id = ARCHIVE_PREFIX + segment
    rows = connection.rows(store.sql["frozen_members"], {"list_id": list_id})
    last = {profile_id: (bool(member), told_at) for profile_id, member, told_at in rows}
    members = set(profile_ids)
    changes = [
        (list_id, profile_id, int(profile_id in members), at)
        for profile_id in sorted(members | last.keys())
        if last.get(profile_id, (False, 0))[0] is not (profile_id in members)
    ]
    if changes:
        connection.insert_rows("list_changes", ["list_id", "profile_id", "member", "at"], changes)
    connection.execute(store.sql["archive"], {"segment": segment, "at": at, "members": len(members), "by": by})
    record(connection, at, [Entry(by, "archive", "segment", segment, None, {"members": len(members)})])
    used_by = [use.as_json() for use in uses]
    return {"segment": segment, "archived_at": format_instant(at), "members": len(members), "used_by": used_by}


def restore_segment(connection: Connection, segment: str, *, now: int, by: str = "") -> dict[str, Any]:
    """Let a segment follow its condition again, also when asked about the time while it was archived.

    Raises:
        NotFound: there is no such segment.
        Conflict: it is not archived.
    """
    find_uses(store.load_documents(connection), segment)
    if connection.row(store.sql["archived_segment"], {"segment": segment}) is None:
        msg = f"the segment {segment!r} is not archived"
        raise Conflict(msg)
    connection.execute(store.sql["next_revision"])
    connection.execute(store.sql["restore"], {"segment": segment})
    record(connection, now, [Entry(by, "restore", "segment", segment)])
    return {"segment": segment, "archived_at": None}


def check_archived(
    documents: Sequence[Document], archived: Mapping[str, int], *, published: Sequence[Document] = ()
) -> Iterator[Problem]:
    """A warning at each place where a definition names a segment that is archived, and at its own definition."""
    known = {(d.kind, d.id) for d in documents}
    everything = [*documents, *(d for d in published if (d.kind, d.id) not in known)]
    by_name = {(d.kind, d.id): d for d in documents}
    for segment, at in sorted(archived.items()):
        try:
            uses = find_uses(everything, segment)
        except NotFound:  # it was archived under a definition that is gone
            continue
        if (own := by_name.get(("segment", segment))) is not None:
            says = f"this segment is archived since {format_instant(at)}: what its condition says counts once it is restored"
            yield own.problem(Problem("archived_segment", says, "/where", "warning"))
        for use in uses:
            document = by_name.get((use.kind, use.id))
            if document is not None and not use.through:
                says = (
                    f"the segment `{segment}` is archived since {format_instant(at)}: its members are those of then; "
                    f"`relance segment restore {segment}` lets it follow its condition again"
                )
                yield document.problem(Problem("archived_segment", says, use.path, "warning"))
