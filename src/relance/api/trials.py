"""Test mode over HTTP: test people go through a journey, published or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol

import msgspec
from litestar import Router, delete, get, post
from litestar.params import FromPath, JSONBody

from relance.ingest.scopes import DEFINITIONS_DRAFT, READ

Answer = dict[str, Any]
Definitions = Annotated[
    list[dict[str, Any]], msgspec.Meta(description="drafts that stand in for definitions in force; none is published by it")
]
Testers = Annotated[
    list[dict[str, Any]],
    msgspec.Meta(
        description="up to 100, each `{user_id, traits, push_token, consents, to}` or `{copy_of, traits, to}`; one that is made up for none. "
        "`to` says by channel where messages really go: without it they go nowhere"
    ),
]
Speed = Annotated[
    float | None, msgspec.Meta(description="1 is real time, 3600 an hour a second; the clock stands still for none")
]
Start = Annotated[str | None, msgspec.Meta(description="when its time begins: 2026-03-01T09:00:00Z; now for none")]
Properties = Annotated[dict[str, Any], msgspec.Meta(description="of the event")]


class Trials(Protocol):
    """Who keeps the tests."""

    def open(
        self,
        journey: str,
        *,
        testers: Sequence[Mapping[str, Any]] = (),
        definitions: Sequence[Mapping[str, Any]] = (),
        start: str | None = None,
        speed: float | None = None,
        checks: bool = True,
        begin: bool = True,
        properties: Mapping[str, Any] | None = None,
    ) -> Answer: ...

    def walk(
        self, journey: str, *, definitions: Sequence[Mapping[str, Any]] = (), properties: Mapping[str, Any] | None = None
    ) -> Answer: ...

    def list_open(self) -> Sequence[Answer]: ...

    def read(self, number: int) -> Answer: ...

    def close(self, number: int) -> None: ...

    def advance(self, number: int, *, by: str | None = None, to: str | None = None) -> Answer: ...

    def begin(self, number: int, user_id: str, properties: Mapping[str, Any]) -> Answer: ...

    def happen(self, number: int, user_id: str, event: str, properties: Mapping[str, Any]) -> Answer: ...

    def react(self, number: int, user_id: str, step: str, reaction: str) -> Answer: ...

    def force(self, number: int, user_id: str, step: str, outcome: str) -> Answer: ...


class NewTest(msgspec.Struct, forbid_unknown_fields=True):
    """Who goes through a journey, and how fast time passes."""

    testers: Testers = msgspec.field(default_factory=list)
    definitions: Definitions = msgspec.field(default_factory=list)
    start: Start = None
    speed: Speed = None
    checks: Annotated[bool, msgspec.Meta(description="whether frequency caps and quiet hours hold")] = True
    begin: Annotated[bool, msgspec.Meta(description="whether the testers start at once")] = True
    properties: Properties = msgspec.field(default_factory=dict)


class Walk(msgspec.Struct, forbid_unknown_fields=True):
    """With what every path is walked."""

    definitions: Definitions = msgspec.field(default_factory=list)
    properties: Properties = msgspec.field(default_factory=dict)


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """Where the clock goes: by a duration, to an instant, or to when something is due next."""

    by: str | None = None
    to: str | None = None


class Happening(msgspec.Struct, forbid_unknown_fields=True):
    """What happens to a tester; without an `event` the journey's own, which starts it."""

    user_id: str
    event: str = ""
    properties: Properties = msgspec.field(default_factory=dict)


class Reaction(msgspec.Struct, forbid_unknown_fields=True):
    """How a tester reacts to the last message of a step."""

    user_id: str
    step: str
    reaction: Annotated[str, msgspec.Meta(description="delivered, opened, clicked, bounced or replied")] = "opened"


class Force(msgspec.Struct, forbid_unknown_fields=True):
    """Which way a tester goes out of a step."""

    user_id: str
    step: str
    outcome: Annotated[
        str,
        msgspec.Meta(
            description="the number of a branch's choice, a split's path or a listener's event, from 1; `otherwise`, `timeout`; "
            "of a message `sent`, `blocked` or `failed`"
        ),
    ]


def trial_router(desk: Trials) -> Router:
    """The routes of test mode."""
    return Router("/api/v1", route_handlers=[*_opening(desk), *_acting(desk)], tags=["tests"])


def _opening(desk: Trials) -> list[Any]:
    allowed = {"scope": DEFINITIONS_DRAFT}

    @post("/journeys/{name:str}/test", opt=allowed, sync_to_thread=True, summary="Send test people through a journey")
    def open_test(name: FromPath[str], data: JSONBody[NewTest]) -> Answer:
        """Nothing of it reaches profiles, other journeys or reports."""
        return desk.open(
            name,
            testers=data.testers,
            definitions=data.definitions,
            start=data.start,
            speed=data.speed,
            checks=data.checks,
            begin=data.begin,
            properties=data.properties,
        )

    @post(
        "/journeys/{name:str}/walk", opt=allowed, sync_to_thread=True, status_code=200, summary="Go every way of a journey once"
    )
    def walk_journey(name: FromPath[str], data: JSONBody[Walk]) -> Answer:
        return desk.walk(name, definitions=data.definitions, properties=data.properties)

    @get("/tests", opt={"scope": READ}, sync_to_thread=True, summary="The tests that are open")
    def list_tests() -> Answer:
        return {"items": list(desk.list_open())}

    @get("/tests/{number:int}", opt={"scope": READ}, sync_to_thread=True, summary="How a test stands")
    def show_test(number: FromPath[int]) -> Answer:
        return desk.read(number)

    @delete("/tests/{number:int}", opt=allowed, sync_to_thread=True, summary="End a test")
    def close_test(number: FromPath[int]) -> None:
        desk.close(number)

    return [open_test, walk_journey, list_tests, show_test, close_test]


def _acting(desk: Trials) -> list[Any]:
    act: dict[str, Any] = {"opt": {"scope": DEFINITIONS_DRAFT}, "sync_to_thread": True, "status_code": 200}

    @post("/tests/{number:int}/advance", summary="Move the clock of a test", **act)
    def advance_test(number: FromPath[int], data: JSONBody[Move]) -> Answer:
        return desk.advance(number, by=data.by, to=data.to)

    @post("/tests/{number:int}/events", summary="Something happens to a tester", **act)
    def add_event(number: FromPath[int], data: JSONBody[Happening]) -> Answer:
        if not data.event:
            return desk.begin(number, data.user_id, data.properties)
        return desk.happen(number, data.user_id, data.event, data.properties)

    @post("/tests/{number:int}/react", summary="A tester reacts to a message", **act)
    def react(number: FromPath[int], data: JSONBody[Reaction]) -> Answer:
        return desk.react(number, data.user_id, data.step, data.reaction)

    @post("/tests/{number:int}/force", summary="Have a tester go one way out of a step", **act)
    def force(number: FromPath[int], data: JSONBody[Force]) -> Answer:
        return desk.force(number, data.user_id, data.step, data.outcome)

    return [advance_test, add_event, react, force]
