"""Why somebody is where they are in journeys, or is not: the whole answer for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.errors import NotFound
from relance.journeys.explain.case import SQL, Case
from relance.journeys.explain.dossier import build_dossier
from relance.journeys.explain.passages import explain_passages
from relance.journeys.explain.starts import why_not
from relance.journeys.explain.words import Speaker
from relance.localtime import UTC_ZONE, find_zone
from relance.profiles.read import find_profile, read_profile
from relance.segments.judge import make_compiler

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.clock import Clock
    from relance.store import Database
    from relance.warehouse.base import ReadableWarehouse
    from relance.workspace import Workspace

MOST_PASSAGES = 50
Answer = dict[str, Any]


class ExplainDesk:
    """Answers for one person at a time. May be asked from any thread."""

    def __init__(
        self, database: Database, warehouse: ReadableWarehouse, workspace: Callable[[], Workspace], clock: Clock
    ) -> None:
        """`workspace` gives the definitions in force."""
        self._database = database
        self._warehouse = warehouse
        self._workspace = workspace
        self._clock = clock

    def dossier(self, user_id: str) -> Answer:
        """Everything that is known about somebody, named by any of their ids.

        Raises:
            NotFound: there is nobody of that id.
        """
        with self._database.reading() as connection:
            profile_id = find_profile(connection, user_id)
            return build_dossier(connection, self._warehouse, profile_id, now=self._clock.now())

    def explain(self, user_id: str, *, source: str = "", language: str = "en", limit: int = MOST_PASSAGES) -> Answer:
        """Every decision of somebody's passages, and where there are none of a journey that is named, why not.

        Args:
            user_id: whom, by any of their ids.
            source: `journey:ID` or `campaign:ID` alone; "" for all.
            language: of the sentences: `en` or `fr`.
            limit: how many passages at most.

        Raises:
            NotFound: there is nobody of that id, or no such journey.
        """
        workspace, now = self._workspace(), self._clock.now()
        with self._database.reading() as connection:
            profile_id = find_profile(connection, user_id)
            if source and connection.row(SQL["published"], {"source": source}) is None:
                kind, _, name = source.partition(":")
                msg = f"there is no published {kind} {name!r}"
                raise NotFound(msg)
            profile = read_profile(connection, profile_id)
            people = self._warehouse.people([profile_id])
            if not people:
                msg = f"nothing is known of {user_id!r} yet"
                raise NotFound(msg)
            own = find_zone(profile["timezone"])
            zone = own or find_zone(workspace.settings.timezone) or UTC_ZONE
            speaker = Speaker(language, zone, now, workspace.names)
            case = Case(connection, profile_id, profile["user_id"], people[0], workspace, make_compiler(workspace), speaker)
            passages = explain_passages(case, source, limit)
            entered = any(passage["status"] != "suppressed" for passage in passages)
            return {
                "user_id": profile["user_id"],
                "source": source or None,
                "at": format_instant(now),
                "clock": {"zone": zone.key, "of": "profile" if own else "workspace"},
                "entered": entered,
                "passages": passages,
                "why_not": why_not(case, source, now) if source and not passages else None,
            }
