"""The read routes of the management interface, on both engines of the store."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.management import ReadSide, management_router
from relance.api.problems import on_relance_error
from relance.clock import HOUR, SystemClock, format_instant, parse_instant
from relance.definitions.load import load_values
from relance.definitions.store import apply, load_workspace
from relance.errors import RelanceError
from relance.eventlog import NewChunk, open_log
from relance.events.parse import parse_chunk
from relance.journeys.advance import advance
from relance.journeys.engine import Engine
from relance.segments.judge import WarehouseJudge
from relance.simulate.carrier import RecordingCarrier
from relance.warehouse.opening import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.store import Database

START = parse_instant("2026-03-02T10:00:00Z") or 0
DEFINITIONS = [
    {"kind": "template", "id": "mail", "channel": "email", "status": "ready", "subject": "Hello", "body": "<p>Your cart</p>"},
    {"kind": "template", "id": "text", "channel": "sms", "status": "ready", "body": "Your cart"},
    {
        "kind": "journey",
        "id": "cart",
        "name": "Cart",
        "entry": {"type": "event", "event": "Cart Abandoned"},
        "goal": {"event": "Order Completed", "target_percent": 50},
        "exit_on": [{"event": "Order Completed"}],
        "start": "remind",
        "steps": {
            "remind": {"type": "message", "channel": "email", "template": "mail", "next": "opened"},
            "opened": {
                "type": "listen",
                "for": [{"event": "Email Opened", "message": "remind", "next": "end"}],
                "timeout": "1d",
                "on_timeout": "text",
            },
            "text": {"type": "message", "channel": "sms", "template": "text", "next": "end"},
        },
    },
]


def told(user: str, name: str, hours: float, **properties: Any) -> dict[str, Any]:
    at = format_instant(START + round(hours * HOUR))
    return {"type": "track", "userId": user, "event": name, "timestamp": at, "receivedAt": at, "properties": properties}


EVENTS = [
    *(
        {"type": "identify", "userId": user, "timestamp": format_instant(START), "receivedAt": format_instant(START),
         "traits": {"email": f"{user}@example.com", "first_name": user.title(), "address": {"city": "Lyon"}}}
        for user in ("ana", "ben")
    ),
    *(told(user, "Subscription Changed", 0, channel="email", state="subscribed", source="signup") for user in ("ana", "ben")),
    told("ana", "Cart Abandoned", 1, cart_total=80),
    told("ben", "Cart Abandoned", 1, cart_total=90),
    told("ben", "Order Completed", 5, total=90),
]  # fmt: skip


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """In these 26 hours the first message was opened and clicked too, by Ana twice and by a machine."""
    reactions = [
        told("ana", "Email Opened", 1.5, journey="cart", step="remind", machine=True),
        told("ana", "Email Opened", 2.5, journey="cart", step="remind"),
        told("ana", "Email Opened", 9, journey="cart", step="remind"),
        told("ben", "Email Opened", 2.75, journey="cart", step="remind"),
        told("ben", "Email Link Clicked", 4, journey="cart", step="remind"),
    ]
    monkeypatch.setattr(sys.modules[__name__], "EVENTS", sorted([*EVENTS, *reactions], key=lambda event: event["timestamp"]))


@pytest.fixture
def client(database: Database) -> Iterator[TestClient[Litestar]]:
    """The routes over a store in which two people lived for 26 hours."""
    warehouse = open_warehouse("memory://")
    engine = Engine(warehouse, lambda workspace: WarehouseJudge(warehouse, workspace), RecordingCarrier)
    log = open_log("sqlite://")
    body = json.dumps({"batch": EVENTS}).encode()
    log.append([NewChunk(source="shop", body=body, message_ids=[None] * len(EVENTS), kind="simulated", trusted=True)])
    with database.writing() as connection:
        apply(connection, load_values(DEFINITIONS).require(), START)
        engine.use(connection, load_workspace(connection))
    events: list[Any] = [e for chunk in log.read_after(0, 100).chunks for e in parse_chunk(chunk)]
    advance(engine, database.writing, events, position=len(events), until=START + 26 * HOUR, timezone="UTC")
    side = ReadSide(database, log, SystemClock())
    app = Litestar([management_router(side)], exception_handlers={RelanceError: on_relance_error})
    with TestClient(app) as opened:
        yield opened
    log.close()
    warehouse.close()


def get(client: TestClient[Litestar], path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")

    assert answer.status_code == 200, answer.text
    return answer.json()


def test_journeys_are_listed_with_their_figures(client: TestClient[Litestar]) -> None:
    (journey,) = get(client, "journeys")["items"]

    assert (journey["entered"], journey["inside"], journey["finished"], journey["exited"]) == (2, 0, 1, {"Order Completed": 1})
    assert journey["goal"]["reached_percent"] == 50
    assert journey["messages"]["remind"]["email"]["sent"] == 2
    assert journey["messages"]["text"]["sms"]["blocked"] == {"no_address": 1}
    report = get(client, "journeys/cart/report")
    assert journey == {name: report[name] for name in journey}
    assert [(1, 2, {})] == [(v["version"], v["entered"], v["suppressed_by"]) for v in report["versions"]]
    assert (get(client, "journeys/cart/report?at=2026-03-02T14:00:00Z")["exited"], report["holdout"]) == ({}, None)
    assert client.get("/api/v1/journeys/cart/report?at=yesterday").status_code == 400
    assert get(client, "campaigns")["items"] == []


@pytest.mark.usefixtures("answered")
def test_answers_are_told_by_the_hour(client: TestClient[Litestar]) -> None:
    found = get(client, "journeys/cart/over-time")

    assert 0 == found["later"]
    assert "2026-03-02T11:00:00Z" == found["items"][0]["since"]
    assert [(2, 0, 0), (0, 2, 0), (0, 0, 0), (0, 0, 1)] == [(b["sent"], b["opened"], b["clicked"]) for b in found["items"]]
    assert {1} == {bucket["hours"] for bucket in found["items"]}
    assert (404, 404) == tuple(
        client.get(f"/api/v1/{kind}/nothing/over-time").status_code for kind in ("journeys", "campaigns")
    )


def test_what_is_not_there_is_a_problem_with_a_code(client: TestClient[Litestar]) -> None:
    for path in ("journeys/nothing/report", "profiles/nobody", "profiles/nobody/timeline"):
        answer = client.get(f"/api/v1/{path}")

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_messages_come_newest_first_as_they_were_rendered(client: TestClient[Litestar]) -> None:
    first, *_, last = get(client, "messages")["items"]

    assert (first["channel"], first["status"], first["reason"]) == ("sms", "blocked", "no_address")
    assert (last["subject"], last["body"], last["html"], last["name"]) == ("Hello", "<p>Your cart</p>", True, "Ana")
    assert [m["user_id"] for m in get(client, "messages?user_id=ben")["items"]] == ["ben"]

    page = get(client, "messages?limit=2")

    assert [m["message_id"] for m in get(client, f"messages?before={page['next']}")["items"]] == [last["message_id"]]


def test_events_come_newest_first(client: TestClient[Litestar]) -> None:
    events = get(client, "events?limit=3")["items"]

    assert [e["name"] for e in events] == ["Order Completed", "Cart Abandoned", "Cart Abandoned"]
    assert [e["person"] for e in events] == ["Ben", "Ben", "Ana"]
    assert client.get("/api/v1/events?limit=0").status_code == 400


def test_people_are_found_by_name_city_and_address(client: TestClient[Litestar]) -> None:
    for query in ("ana", "ANA@", "Ana"):
        assert [p["user_id"] for p in get(client, f"profiles?query={query}")["items"]] == ["ana"]
    assert len(get(client, "profiles?query=lyon")["items"]) == 2
    assert get(client, "profiles?query=%25")["items"] == []
    assert len(get(client, "profiles")["items"]) == 2
    assert get(client, "segments") == {"items": [], "people": 2, "known": 2}


def test_people_come_in_pages_and_whoever_is_meant_comes_first(client: TestClient[Litestar]) -> None:
    first = get(client, "profiles?limit=1")
    second = get(client, f"profiles?limit=1&after={first['after']}")
    assert [page["items"][0]["user_id"] for page in (first, second)] == ["ben", "ana"]
    assert get(client, f"profiles?limit=1&after={second['after']}") == {"items": [], "after": None}
    assert [p["user_id"] for p in get(client, "profiles?query=lyon&limit=1")["items"]] == ["ben"]
    assert [p["user_id"] for p in get(client, "profiles?query=ANA@example.com&limit=1")["items"]] == ["ana"]


def test_one_person_is_shown_with_consent_and_passages(client: TestClient[Litestar]) -> None:
    ana = get(client, "profiles/ana")

    assert ana["traits"]["first_name"] == "Ana"
    assert ana["consent"] == [{"channel": "email", "group": None, "state": "subscribed", "at": "2026-03-02T10:00:00Z"}]
    assert [p["status"] for p in ana["journeys"]] == ["finished"]


def test_a_timeline_tells_each_decision_and_why(client: TestClient[Litestar]) -> None:
    items = get(client, "profiles/ana/timeline")["items"][::-1]
    told = [(i["kind"], i.get("step") or i.get("name") or i.get("channel")) for i in items]

    assert told == [
        ("consent", "email"),
        ("event", "Cart Abandoned"),
        ("started", "Cart"),
        ("step", "remind"),
        ("message", "remind"),
        ("step", "opened"),
        ("step", "text"),
        ("message", "text"),
        ("ended", "Cart"),
    ]
    assert items[2]["started_by"]["properties"] == {"cart_total": 80}
    assert items[6]["why"] == {"cause": "timeout", "from": "opened", "limit": "1d", "unheard": ["Email Opened"]}
    assert items[7]["reason"] == "no_address"


def test_a_timeline_tells_an_exit_and_the_goal(client: TestClient[Litestar]) -> None:
    items = get(client, "profiles/ben/timeline")["items"]

    assert [i["kind"] for i in items[:3]] == ["ended", "goal", "event"]
    assert (items[0]["status"], items[0]["reason"]) == ("exited", "Order Completed")
