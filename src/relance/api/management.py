"""The management interface, to read: journeys with their figures, segments, messages, events, people and why.

Nearly every route wants an API key with the scope `read`. Lists stand under `items`, the newest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol, TypedDict

from litestar import Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from relance.api.erasures import erasure_routes
from relance.api.timeline import build_timeline
from relance.audiences.members import AudienceOfPerson, read_audiences_of
from relance.clock import Clock, format_instant
from relance.definitions.store import load_documents
from relance.errors import NotFound
from relance.eventlog import EventLog
from relance.events.model import Event, LoggedChunk
from relance.events.parse import parse_chunk
from relance.journeys.figures import list_reports
from relance.journeys.over_time import OverTime, read_over_time
from relance.journeys.trace import Passage, list_journey_events, trace_profile
from relance.localtime import require_instant
from relance.outbox.ledger import list_messages
from relance.predictions.live.registry import ScoreOfPerson, scores_of_profile
from relance.profiles.read import (
    FoundPerson,
    KnownPerson,
    count_profiles,
    find_profile,
    names_of,
    read_profile,
    search_profiles,
)
from relance.store import Database

After = Annotated[int | None, QueryParameter(description="where the page before ended")]
Limit = Annotated[int, QueryParameter(ge=1, le=500, description="how many at most")]
At = Annotated[str | None, QueryParameter(description="as it stood at an instant: 2026-03-01T09:00:00Z")]
Language = Annotated[Literal["en", "fr"], QueryParameter(description="of the sentences")]
Known = Annotated[bool | None, QueryParameter(description="only people who are known, or only visitors who are not")]
Answer = dict[str, Any]


class PeoplePage(TypedDict):
    """Some people; `after` asks for the next page."""

    items: list[FoundPerson]
    after: int | None


class SegmentRow(TypedDict):
    """One segment of the list."""

    id: str
    name: str
    members: int
    at: str  # the instant they were counted for
    archived_at: str | None


class SegmentsPage(TypedDict):
    """All segments, beside how many people there are and how many of them are known."""

    items: list[SegmentRow]
    people: int
    known: int


class Person(KnownPerson):
    """All that the page of a person shows at once."""

    journeys: list[Passage]
    audiences: list[AudienceOfPerson]
    predictions: list[ScoreOfPerson]
    segments: list[str]


class PeopleReader(Protocol):
    """Who knows the members of segments and all that people did."""

    def count_segments(self) -> list[dict[str, Any]]:
        """Of each segment its `id`, `members`, and `at`, the instant they were counted for."""
        ...

    def segments_of(self, profile_id: int) -> list[str]:
        """The ids of the segments that one person is in now."""
        ...

    def events_of(self, profile_id: int, limit: int) -> list[dict[str, Any]]:
        """The last events of one person, the newest first: `seq`, `name`, `at`, `properties`, `own`."""
        ...


@dataclass(frozen=True, slots=True)
class ReadSide:
    """What the read routes look into."""

    database: Database
    log: EventLog
    clock: Clock
    people: PeopleReader | None = None  # without it there are no segments, and of events only what journeys wait for


def read_tail(log: EventLog, limit: int) -> list[dict[str, Any]]:
    """The last events of the log, the newest first, the engine's own among them."""
    last = log.last_position()
    if not last:
        return []
    first = log.chunk_at(max(1, last - limit + 1))
    batch = log.read_after(first.first_position - 1 if first else max(0, last - limit), 2 * limit)
    told = [_event_as_json(event, chunk) for chunk in batch.chunks for event in parse_chunk(chunk) if isinstance(event, Event)]
    return told[: -limit - 1 : -1]


def _event_as_json(event: Event, chunk: LoggedChunk) -> dict[str, Any]:
    return {
        "position": str(event.position),
        "at": format_instant(event.at),
        "received_at": format_instant(event.received_at),
        "type": event.type,
        "name": event.name or event.type,
        "user_id": event.user_id,
        "anonymous_id": event.anonymous_id,
        "source": event.source,
        "own": chunk.kind == "own",
        "message_id": event.message_id,
        "properties": event.properties or event.traits,
    }


def _journey_routes(side: ReadSide) -> list[Any]:
    @get("/journeys", sync_to_thread=True, summary="Journeys with their figures")
    def list_journeys() -> Answer:
        with side.database.reading() as connection:
            return {"items": list_reports(connection, "journey")}

    @get("/campaigns", sync_to_thread=True, summary="Campaigns with their figures")
    def list_campaigns() -> Answer:
        with side.database.reading() as connection:
            return {"items": list_reports(connection, "campaign")}

    def report(kind: str, name: str, at: str | None, language: str) -> Answer:
        until = None if at is None else require_instant(at)
        with side.database.reading() as connection:
            found = list_reports(connection, source=f"{kind}:{name}", until=until, language=language)
        if not found:
            msg = f"there is no {kind} {name!r}"
            raise NotFound(msg)
        return found[0]

    @get("/journeys/{name:str}/report", sync_to_thread=True, summary="The figures of one journey")
    def report_journey(name: FromPath[str], at: At = None, language: Language = "en") -> Answer:
        """By version, step, edge and reason; messages by outcome; goals and conversions with their intervals, and beside who was held out."""
        return report("journey", name, at, language)

    @get("/campaigns/{name:str}/report", sync_to_thread=True, summary="The figures of one campaign")
    def report_campaign(name: FromPath[str], at: At = None, language: Language = "en") -> Answer:
        """By version, step, edge and reason; messages by outcome; goals and conversions with their intervals, and beside who was held out."""
        return report("campaign", name, at, language)

    def over_time(kind: str, name: str) -> OverTime:
        with side.database.reading() as connection:
            if not list_reports(connection, source=f"{kind}:{name}"):
                msg = f"there is no {kind} {name!r}"
                raise NotFound(msg)
            return read_over_time(connection, f"{kind}:{name}")

    @get(
        "/journeys/{name:str}/over-time", sync_to_thread=True, summary="How the messages of one journey were answered, by time"
    )
    def journey_over_time(name: FromPath[str]) -> OverTime:
        """Sent, opened and clicked: by the hour for two days from the first message on, then by the day."""
        return over_time("journey", name)

    @get(
        "/campaigns/{name:str}/over-time",
        sync_to_thread=True,
        summary="How the messages of one campaign were answered, by time",
    )
    def campaign_over_time(name: FromPath[str]) -> OverTime:
        """Sent, opened and clicked: by the hour for two days from the first message on, then by the day."""
        return over_time("campaign", name)

    return [list_journeys, list_campaigns, report_journey, report_campaign, journey_over_time, campaign_over_time]


def _stream_routes(side: ReadSide) -> list[Any]:
    @get("/messages", sync_to_thread=True, summary="The last messages, as they were rendered")
    def last_messages(
        limit: Limit = 50,
        source: FromQuery[str] = "",
        user_id: FromQuery[str] = "",
        status: FromQuery[str] = "",
        before: FromQuery[str] = "",
    ) -> Answer:
        with side.database.reading() as connection:
            profile_id = find_profile(connection, user_id) if user_id else 0
            items = list_messages(connection, limit=limit, source=source, profile_id=profile_id, status=status, before=before)
        return {"items": items, "next": items[-1]["cursor"] if len(items) == limit else None}

    @get("/events", sync_to_thread=True, summary="The last events of the stream")
    def last_events(limit: Limit = 50) -> Answer:
        items = read_tail(side.log, limit)
        with side.database.reading() as connection:
            names = names_of(connection, (e["user_id"] or e["anonymous_id"] for e in items))
        for event in items:
            event["person"] = names.get(event["user_id"] or event["anonymous_id"])
        return {"items": items, "now": format_instant(side.clock.now())}

    @get("/segments", sync_to_thread=True, summary="Segments with their counts")
    def list_segments() -> SegmentsPage:
        with side.database.reading() as connection:
            people, known = count_profiles(connection)
            names = {d.id: d.body.get("name") for d in load_documents(connection) if d.kind == "segment"}
        counted = side.people.count_segments() if side.people else []
        items: list[SegmentRow] = [
            {
                "id": row["id"],
                "name": names.get(row["id"]) or row["id"],
                "members": row["members"],
                "at": row["at"],
                "archived_at": row.get("archived_at"),
            }
            for row in counted
        ]
        return {"items": items, "people": people, "known": known}

    return [last_messages, last_events, list_segments]


def _people_routes(side: ReadSide) -> list[Any]:
    @get("/profiles", sync_to_thread=True, summary="People whom a text finds")
    def list_profiles(
        text: Annotated[str, QueryParameter(name="query")] = "", limit: Limit = 20, after: After = None, known: Known = None
    ) -> PeoplePage:
        """In pages: `after` asks for what follows the page that answered it."""
        with side.database.reading() as connection:
            items, end = search_profiles(connection, text, limit, after, known=known)
        return {"items": items, "after": end}

    @get("/profiles/{user_id:str}", sync_to_thread=True, summary="One person")
    def show_profile(user_id: FromPath[str]) -> Person:
        with side.database.reading() as connection:
            profile_id = find_profile(connection, user_id)
            found = read_profile(connection, profile_id)
            journeys = trace_profile(connection, profile_id, 20)
            audiences = read_audiences_of(connection, profile_id)
            predictions = scores_of_profile(connection, profile_id)
        segments = side.people.segments_of(profile_id) if side.people else []
        return {
            **found, "journeys": journeys, "audiences": audiences, "predictions": predictions, "segments": segments,
        }  # fmt: skip

    @get("/profiles/{user_id:str}/timeline", sync_to_thread=True, summary="One person's life, and why")
    def show_timeline(user_id: FromPath[str], limit: Limit = 200) -> Answer:
        with side.database.reading() as connection:
            profile_id = find_profile(connection, user_id)
            remembered = side.people.events_of(profile_id, limit) if side.people else None
            events = list_journey_events(connection, profile_id, limit) if remembered is None else remembered
            return {"items": build_timeline(connection, profile_id, events, limit)}

    @get("/profiles/{user_id:str}/messages", sync_to_thread=True, summary="What one person was sent, or was not and why")
    def show_messages(user_id: FromPath[str], limit: Limit = 50, before: FromQuery[str] = "") -> Answer:
        """In pages: `before` takes the `cursor` of the last message of the page before."""
        with side.database.reading() as connection:
            profile_id = find_profile(connection, user_id)
            return {"items": list_messages(connection, limit=limit, profile_id=profile_id, before=before)}

    return [list_profiles, show_profile, show_timeline, show_messages]


def management_router(side: ReadSide) -> Router:
    """The read routes under `/api/v1`, and that by which people are erased; the app's guard asks each for a key that may."""
    return Router(
        "/api/v1",
        route_handlers=[
            *_journey_routes(side),
            *_stream_routes(side),
            *_people_routes(side),
            *erasure_routes(side.database, side.clock),
        ],
        tags=["management"],
    )
