"""Definitions and suggestions over HTTP, on both engines of the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.definitions import definition_router
from relance.api.problems import on_relance_error
from relance.api.suggestions import suggestion_router
from relance.clock import HOUR, SystemClock, parse_instant
from relance.definitions.library import DefinitionLibrary
from relance.definitions.store import load_workspace
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
    from pathlib import Path

    from relance.store import Database

START = parse_instant("2026-03-02T10:00:00Z") or 0
EVENTS: list[dict[str, Any]] = [
    {
        "type": "identify",
        "userId": f"p{n}",
        "timestamp": "2026-03-02T10:00:00Z",
        "traits": {"email": f"p{n}@example.com", "plan": "pro" if n % 4 else "free", "address": {"city": "Paris"}, "tags": ["a", "b"]},
    }
    for n in range(40)
] + [
    {
        "type": "track",
        "userId": "p1",
        "event": "It's bought",
        "timestamp": "2026-03-02T10:01:00Z",
        "properties": {"sku": sku, "products": [{"color": "red"}, {"color": "blue"}]},
    }
    for sku in ("x-1", "x-2", "x-2")
]  # fmt: skip


@pytest.fixture
def client(database: Database, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """The routes over a store and a warehouse in which forty people are known."""
    warehouse = open_warehouse(f"duckdb:///{tmp_path}/warehouse.duckdb")
    engine = Engine(warehouse, lambda workspace: WarehouseJudge(warehouse, workspace), RecordingCarrier)
    log = open_log("sqlite://")
    body = json.dumps({"batch": EVENTS}).encode()
    log.append([NewChunk(source="shop", body=body, message_ids=[None] * len(EVENTS), kind="simulated", trusted=True)])
    with database.writing() as connection:
        engine.use(connection, load_workspace(connection))
    events: list[Any] = [e for chunk in log.read_after(0, 100).chunks for e in parse_chunk(chunk)]
    advance(engine, database.writing, events, position=len(events), until=START + HOUR, timezone="UTC")
    routes = [definition_router(DefinitionLibrary(database, SystemClock())), suggestion_router(database, warehouse)]
    with TestClient(Litestar(routes, exception_handlers={RelanceError: on_relance_error})) as opened:
        yield opened
    log.close()
    warehouse.close()


def test_traits_come_with_their_types_and_usual_values(client: TestClient[Litestar]) -> None:
    found = client.get("/api/v1/traits").json()

    items = {item["path"]: item for item in found["items"]}
    assert found["looked_at"] == 40
    assert items["plan"] == {"path": "plan", "share": 1.0, "types": ["string"], "values": ["pro", "free"]}
    assert items["address.city"]["values"] == ["Paris"]
    assert items["tags"] == {"path": "tags", "share": 1.0, "types": ["array"], "values": ["a", "b"]}
    assert items["email"]["values"] == []


def test_values_of_a_trait_and_of_a_property_are_found_by_a_part(client: TestClient[Litestar]) -> None:
    plans = client.get("/api/v1/traits/values", params={"path": "plan", "query": "FR"}).json()
    skus = client.get("/api/v1/event-types/It's bought/values", params={"path": "sku"}).json()
    colours = client.get("/api/v1/event-types/It's bought/values", params={"path": "products.color", "limit": 1}).json()

    assert plans["items"] == [{"value": "free", "count": 10}]
    assert skus == {"looked_at": 3, "items": [{"value": "x-2", "count": 2}, {"value": "x-1", "count": 1}]}
    assert colours["items"] == [{"value": "red", "count": 3}]


def test_definitions_are_published_and_refused_over_http(client: TestClient[Litestar]) -> None:
    where = {"type": "trait", "path": "plan", "op": "eq", "value": "pro"}
    body = {"kind": "segment", "id": "pros", "where": where}

    made = client.post("/api/v1/definitions", json={"definitions": [body], "expect": {"segment:pros": 0}})
    again = client.post("/api/v1/definitions", json={"definitions": [body], "expect": {"segment:pros": 0}})
    faulty = client.post("/api/v1/definitions", json={"definitions": [{**body, "where": {**where, "op": "is"}}]})
    shown = client.get("/api/v1/definitions/segment/pros")

    assert (200, "created") == (made.status_code, made.json()["changes"][0]["action"])
    assert (409, "conflict") == (again.status_code, again.json()["code"])
    assert (400, "/where/op") == (faulty.status_code, faulty.json()["errors"][0]["path"])
    assert body == shown.json()["definition"]
