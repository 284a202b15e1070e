"""The desk for journeys and campaigns: what stands in the store about one, and every act that changes it.

Each act is one transaction, with its entry in the audit. The management interface and the command line ask here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.definitions import drafts, store
from relance.errors import NotFound
from relance.journeys.lifecycle import asking
from relance.journeys.lifecycle.migration import preview_migration, require_migration
from relance.journeys.lifecycle.people import count_people, list_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.clock import Clock
    from relance.definitions.publish import Sizes
    from relance.store import Connection, Database

Answer = dict[str, Any]


class JourneyDesk:
    """Answers about journeys and campaigns, and does what is asked. May be asked from any thread.

    A `source` is `journey:ID` or `campaign:ID`. Raises, whatever is asked: NotFound, Conflict, InvalidInput, each with what to do.
    """

    def __init__(self, database: Database, clock: Clock, sizes: Sizes | None = None) -> None:
        """`sizes`: how many are in each segment, where somebody counts them."""
        self._database = database
        self._clock = clock
        self._sizes = sizes

    # ------------------------------------------------------------------------------ looking

    def list(self, kind: str, *, archived: bool = False) -> Answer:
        """All of a kind: those that are published, then those that are only being written; `archived` alone, or none of them."""
        with self._database.reading() as connection:
            rows = connection.rows(asking.sql["all"], {"kind": kind})
            written = {draft["id"]: draft["name"] for draft in drafts.list_drafts(connection, kind)}
        items = [
            {
                "id": name,
                "name": json.loads(body).get("name") or name,
                "state": state,
                "version": version,
                "published_at": format_instant(published_at),
                "archived_at": format_instant(archived_at),
                "inside": inside,
                "draft": written.pop(name, None) is not None,
            }
            for name, state, version, published_at, archived_at, inside, body in rows
            if (archived_at is not None) == archived
        ]
        if not archived:
            known = {row[0] for row in rows}
            items += [{"id": i, "name": name, "state": "draft", "draft": True} for i, name in written.items() if i not in known]
        return {"items": items}

    def show(self, source: str) -> Answer:
        """One journey: its state, versions, draft and acts, and how many are inside each step of each version."""
        kind, _, name = source.partition(":")
        with self._database.reading() as connection:
            row = connection.row(asking.sql["one"], {"source": source})
            draft = drafts.read_draft(connection, kind, name)
            if row is None and draft is None:
                msg = f"there is no {kind} {name!r}"
                raise NotFound(msg)
            state, archived_at, held = row or ("draft", None, 0)
            return {
                "id": name,
                "kind": kind,
                "state": state,
                "archived_at": format_instant(archived_at),
                "held": held,
                "versions": [
                    {
                        "version": v.version,
                        "published_at": format_instant(v.created_at),
                        "by": v.created_by,
                        "definition": v.body,
                    }
                    for v in store.load_versions(connection, kind, name)
                ],
                "people": count_people(connection, source),
                "draft": draft,
                "acts": asking.list_acts(connection, source),
            }

    def people(self, source: str, *, step: str = "", limit: int = 100, after: str = "") -> Answer:
        """Who is inside now, at one step or at any, those who entered first first."""
        with self._database.reading() as connection:
            asking.require_published(connection, source)
            return list_people(connection, source, step=step, limit=limit, after=int(after) if after.isdecimal() else 0)

    # ------------------------------------------------------------------------------ writing and publishing

    def save(self, source: str, body: Mapping[str, Any], *, actor: str) -> Answer:
        """Keep a draft; answers what is wrong with it."""
        kind, _, name = source.partition(":")
        with self._database.writing() as connection:
            return drafts.save_draft(connection, kind, name, body, now=self._clock.now(), actor=actor, sizes=self._sizes)

    def check(self, source: str) -> Answer:
        """What is wrong with the draft, or with what is in force where there is none."""
        kind, _, name = source.partition(":")
        with self._database.reading() as connection:
            return drafts.check_newest(connection, kind, name, self._clock.now(), self._sizes)

    def drop(self, source: str, *, actor: str) -> None:
        """Throw a draft away."""
        kind, _, name = source.partition(":")
        with self._database.writing() as connection:
            drafts.drop_draft(connection, kind, name, now=self._clock.now(), actor=actor)

    def publish(self, source: str, *, actor: str, at: str | None = None) -> Answer:
        """Publish the draft, now or at an instant."""
        kind, _, name = source.partition(":")
        with self._database.writing() as connection:
            return drafts.publish_draft(connection, kind, name, now=self._clock.now(), actor=actor, at=at, sizes=self._sizes)

    # ------------------------------------------------------------------------------ acts

    def act(self, source: str, action: str, *, actor: str, at: str | None = None, **detail: Any) -> Answer:
        """Pause, resume, close or stop, now or at an instant. A pause takes `clocks` (run, freeze) and `entries` (hold, refuse)."""
        with self._database.writing() as connection:
            return asking.ask(connection, source, action, now=self._clock.now(), actor=actor, at=at, detail=detail)

    def cancel(self, source: str, act_id: int, *, actor: str) -> Answer:
        """Take back an act whose instant has not come."""
        with self._database.writing() as connection:
            return asking.cancel(connection, source, act_id, now=self._clock.now(), actor=actor)

    def archive(self, source: str, *, actor: str) -> Answer:
        """Take it out of lists; answers what still names it."""
        with self._database.writing() as connection:
            done = asking.archive(connection, source, now=self._clock.now(), actor=actor)
            return {**done, "used_by": _users(connection, source)}

    def restore(self, source: str, *, actor: str) -> Answer:
        """Bring it back into lists."""
        with self._database.writing() as connection:
            return asking.restore(connection, source, now=self._clock.now(), actor=actor)

    def migrate(
        self, source: str, mapping: Mapping[str, str], *, actor: str, from_version: int | None = None, dry: bool = False
    ) -> Answer:
        """Move those inside to the newest version by a map of steps; `dry` only tells who would go where, and what is wrong."""
        if dry:
            with self._database.reading() as connection:
                asking.require_published(connection, source)
                return preview_migration(connection, source, mapping, from_version).as_json()
        with self._database.writing() as connection:
            asking.require_published(connection, source)
            detail = require_migration(connection, source, mapping, from_version)
            found = preview_migration(connection, source, mapping, from_version)
            act = asking.ask(connection, source, "migrate", now=self._clock.now(), actor=actor, detail=detail)
        return {**act, **found.as_json()}


def _users(connection: Connection, source: str) -> list[Answer]:
    from relance.definitions.uses import find_sources

    return [
        {"kind": kind, "id": name, "path": path} for kind, name, path in find_sources(store.load_documents(connection), source)
    ]
