"""Journeys and campaigns that are started when somebody asks for it: `entry: {type: api}`, `schedule: {api: true}`.

A request becomes an event of each person in the log, so it is applied, replayed and kept like any other: the engine knows
no second way in. Only trusted sources may say these events; a write key is public.
"""

from __future__ import annotations

import json
import secrets
import threading
from typing import TYPE_CHECKING, Any

import msgspec

from relance.errors import Conflict, NotFound
from relance.eventlog.base import NewChunk
from relance.events.names import CAMPAIGN_REQUESTED, JOURNEY_REQUESTED
from relance.segments.judge import WarehouseJudge
from relance.warehouse.base import FAR_SEQ

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relance.clock import Clock
    from relance.store import Connection, Database
    from relance.warehouse.base import ReadableWarehouse
    from relance.workspace import Workspace

SOURCE = "relance-api"
PEOPLE_A_CHUNK = 10_000
_NEWEST = "SELECT body, state FROM journey_versions WHERE source = :source ORDER BY version DESC LIMIT 1"
_NAMED = """SELECT a.alias, p.user_id, p.known FROM aliases a JOIN profiles p ON p.profile_id = a.profile_id
    WHERE a.alias IN {values} ORDER BY a.since_seq"""
_MEMBERS = "SELECT user_id, user_id, known FROM profiles WHERE profile_id IN {values} ORDER BY profile_id"


class StartDesk:
    """Takes requests to start. May be asked from any thread."""

    def __init__(
        self,
        database: Database,
        warehouse: ReadableWarehouse,
        workspace: Callable[[], Workspace],
        commit: Callable[[NewChunk], int],
        clock: Clock,
    ) -> None:
        """`workspace` gives the definitions in force, `commit` writes to the log and waits until it is on the disk."""
        self._database = database
        self._warehouse = warehouse
        self._workspace = workspace
        self._commit = commit
        self._clock = clock
        self._lock = threading.Lock()

    def start_journey(
        self, name: str, user_ids: Sequence[str], properties: Mapping[str, Any], request_id: str = ""
    ) -> dict[str, Any]:
        """Ask for some people to be let into a journey. Answers how many were `requested`, and who is `unknown`.

        Args:
            name: the id of the journey.
            user_ids: people by userId or anonymousId; whom nobody has heard of is left out.
            properties: what `key` and templates read as the starting event's.
            request_id: a request that is repeated with it within the log's window changes nothing.

        Raises:
            NotFound: there is no such journey, or it is not published.
            Conflict: it does not start by request.
        """
        with self._database.reading() as connection:
            body = _published(connection, "journey", name)
            if (body.get("entry") or {}).get("type") != "api":
                msg = f"the journey {name!r} is not started by request: give it `entry: {{type: api}}`"
                raise Conflict(msg)
            people = {row[0]: row for row in connection.rows_in(_NAMED, sorted(set(user_ids)))}
        told = {**properties, "journey": name}
        requested = self._tell(JOURNEY_REQUESTED, list(people.values()), told, request_id, f"journey:{name}")
        return {"requested": requested, "unknown": sorted(set(user_ids) - people.keys())}

    def start_campaign(self, name: str, properties: Mapping[str, Any], request_id: str = "") -> dict[str, Any]:
        """Ask for a campaign to be sent to its audience, as it is now. Answers how many were `requested`.

        Raises:
            NotFound: there is no such campaign, or it is not published.
            Conflict: it has a schedule, or an event, that starts it.
        """
        with self._database.reading() as connection:
            body = _published(connection, "campaign", name)
            if "api" not in (body.get("schedule") or {"api": True}):
                msg = f"the campaign {name!r} is not started by request: give it `schedule: {{api: true}}`"
                raise Conflict(msg)
        audience = body.get("audience") or {"type": "all", "of": []}
        with self._lock:
            judge = WarehouseJudge(self._warehouse, self._workspace())
            members = list(judge.members(audience, self._clock.now(), FAR_SEQ))
        with self._database.reading() as connection:
            people = connection.rows_in(_MEMBERS, members) if members else []
        told = {**properties, "campaign": name}
        return {"requested": self._tell(CAMPAIGN_REQUESTED, people, told, request_id, f"campaign:{name}")}

    def _tell(
        self, event: str, people: Sequence[tuple[Any, ...]], properties: Mapping[str, Any], request_id: str, source: str
    ) -> int:
        request = request_id or secrets.token_hex(12)
        new = 0
        for first in range(0, len(people), PEOPLE_A_CHUNK):
            items = [
                {
                    "type": "track",
                    "userId" if known and alias == user_id else "anonymousId": alias,
                    "event": event,
                    "messageId": f"{request}:{source}:{alias}",
                    "properties": properties,
                }
                for alias, user_id, known in people[first : first + PEOPLE_A_CHUNK]
            ]
            new += self._commit(
                NewChunk(
                    source=SOURCE,
                    body=msgspec.json.encode({"batch": items}),
                    message_ids=[str(item["messageId"]) for item in items],
                    trusted=True,
                    correct_skew=False,
                )
            )
        return new


def _published(connection: Connection, kind: str, name: str) -> dict[str, Any]:
    row = connection.row(_NEWEST, {"source": f"{kind}:{name}"})
    if row is None:
        msg = f"there is no published {kind} {name!r}"
        raise NotFound(msg)
    if row[1] in {"closed", "stopped"}:
        msg = f"the {kind} {name!r} is {row[1]}: nobody is let in until it is resumed"
        raise Conflict(msg)
    body: dict[str, Any] = json.loads(row[0])
    return body
