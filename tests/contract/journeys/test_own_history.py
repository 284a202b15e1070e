"""Conditions on journeys and messages see what has happened up to their moment, and nothing of what has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relance.clock import HOUR
from relance.journeys.history import Asked, History, find_asked
from relance.segments.judge import WarehouseJudge
from relance.warehouse.opening import open_warehouse
from tests.contract.journeys.world import Told, World, instant, person

if TYPE_CHECKING:
    from pathlib import Path

    from relance.store import Connection, Database
    from relance.warehouse import Warehouse

FIRST = """
kind: journey
id: first
entry: {type: event, event: Go}
exit_on: [{event: Stop}]
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: heard}
  heard: {type: listen, for: [{event: Email Opened, message: mail, next: thanks}], timeout: 1d, on_timeout: end}
  thanks: {type: wait, for: 1d, next: end}
"""
SECOND = """
kind: journey
id: second
entry: {type: event, event: Look}
start: ask
steps:
  ask: {type: branch, when: [{where: CONDITION, next: yes}], otherwise: no}
  yes: {type: wait, for: 1h, next: end}
  no: {type: wait, for: 1h, next: end}
"""
LOOKS = [(f"03-{day:02} 12:00", "ana", "Look") for day in range(1, 7)]


def told(world: World, condition: str) -> list[str]:
    """What a branch answers, looked at by noon of each day: Ana goes on the 2nd, opens on the 3rd, is out on the 4th; then again."""
    tellings: list[tuple[Any, ...]] = [
        ("03-02 10:00", "ana", "Go"),
        ("03-02 10:00", "bob", "Go"),
        ("03-03 09:00", "ana", "Email Opened", {"journey": "first", "step": "mail"}),
        ("03-06 10:00", "ana", "Go"),
        ("03-06 11:00", "ana", "Stop"),
        *LOOKS,
    ]
    second = SECOND.replace("CONDITION", condition)
    events: list[Told] = [*person("ana"), *person("bob"), *sorted(tellings, key=lambda told: told[0])]
    found = world.play(f"{FIRST}---{second}", events, until="03-08")
    return [e["path"][-1]["step"] for e in found.enrollments if e["journey"] == "second"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{type: journey, journey: first}", "no yes yes no no no"),
        ("{type: journey, journey: first, step: heard}", "no yes no no no no"),
        ("{type: journey, journey: first, step: thanks}", "no no yes no no no"),
        ("{type: journey, journey: first, state: finished}", "no no no yes yes yes"),
        ("{type: journey, journey: first, state: finished, step: thanks}", "no no no yes yes yes"),
        ("{type: journey, journey: first, state: exited}", "no no no no no yes"),
        ("{type: journey, journey: first, state: exited, step: thanks}", "no no no no no no"),
        ("{type: journey, journey: first, state: ever}", "no yes yes yes yes yes"),
        ("{type: journey, journey: first, state: ever, step: thanks}", "no no yes yes yes yes"),
        ("{type: journey, journey: first, state: never}", "yes no no no no no"),
        ("{type: journey, journey: second, step: ask}", "yes yes yes yes yes yes"),
        ("{type: message, source: journey:first}", "no yes yes yes yes yes"),
        ("{type: message, source: journey:first, within: 1d}", "no yes no no no yes"),
        ("{type: message, source: journey:first, step: other}", "no no no no no no"),
        ("{type: message, source: journey:first, status: [opened]}", "no no yes yes yes yes"),
        ("{type: message, source: journey:first, status: [opened, sent], within: 28h}", "no yes yes yes no yes"),
        ("{type: message, source: journey:first, status: [blocked]}", "no no no no no no"),
    ],
)
def test_a_branch_sees_what_has_happened(any_world: World, condition: str, expected: str) -> None:
    assert expected.split() == told(any_world, condition)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{type: journey, journey: first, step: heard}", "no yes no no no no"),
        ("{type: message, source: journey:first, status: [opened, sent], within: 28h}", "no yes yes yes no yes"),
    ],
)
def test_a_branch_sees_the_same_on_clickhouse(
    tmp_path: Path, embedded_world: World, chdb_url: str, condition: str, expected: str
) -> None:
    world = World(embedded_world.database, tmp_path, f"{chdb_url}?database={tmp_path.name}")

    assert expected.split() == told(world, condition)


@pytest.mark.parametrize("warehouse", ["memory://", "duckdb://"])
def test_a_message_is_seen_at_once_by_the_next_step(store: Database, tmp_path: Path, warehouse: str) -> None:
    sent = """
kind: journey
id: one
entry: {type: event, event: Go}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: ask}
  ask:
    type: branch
    when:
      - {where: {type: message, source: journey:one, step: mail, status: [blocked]}, next: refused}
      - {where: {type: message, source: journey:one, step: mail}, next: reached}
    otherwise: neither
  refused: {type: wait, for: 1h, next: end}
  reached: {type: wait, for: 1h, next: end}
  neither: {type: wait, for: 1h, next: end}
"""
    events = [*person("ana"), *person("bob", consent=()), ("03-02 10:00", "ana", "Go"), ("03-02 10:00", "bob", "Go")]

    found = World(store, tmp_path, warehouse).play(sent, events, until="03-03")

    assert {"ana": "reached", "bob": "refused"} == {e["user_id"]: e["path"][-1]["step"] for e in found.enrollments}


def test_machines_that_open_messages_do_not_count(any_world: World) -> None:
    segment = """{kind: segment, id: answered, where: {type: message, source: journey:first, status: [opened]}}
---
{kind: segment, id: opened, where: {type: did, event: Email Opened}}
---
{kind: segment, id: opened-anyhow, where: {type: did, event: Email Opened, where: [{path: machine, op: in, value: [true, false]}]}}"""
    opened = {"journey": "first", "step": "mail"}
    events = [
        *person("ana"),
        *person("bob"),
        ("03-02 10:00", "ana", "Go"),
        ("03-02 10:00", "bob", "Go"),
        ("03-02 11:00", "ana", "Email Opened", {**opened, "machine": True}),
        ("03-02 11:00", "bob", "Email Opened", {**opened, "machine": False}),
    ]

    found = any_world.play(f"{FIRST}---\n{segment}", events, until="03-05")

    assert [("answered", "bob"), ("opened", "bob"), ("opened-anyhow", "ana"), ("opened-anyhow", "bob")] == [
        (row["segment"], row["user_id"]) for row in found.memberships
    ]


def test_passages_of_people_who_merge_unite(any_world: World) -> None:
    segment = "{kind: segment, id: insiders, where: {type: journey, journey: first, step: heard}}"
    ident = {"type": "identify", "userId": "ana", "anonymousId": "anon", "timestamp": "2026-03-02T11:00:00Z", "traits": {}}
    events = [("03-02 10:00", "anon", "Go"), *person("ana", "03-02 10:30"), ident]

    found = any_world.play(f"{FIRST}---\n{segment}", events, until="03-02 12:00")

    assert ["ana"] == [row["user_id"] for row in found.memberships]


def bring_to_tick_of(connection: Connection, warehouse: Warehouse) -> None:
    """As after the loss of another one, which is made again up to where the store is."""
    warehouse.begin(int(connection.value("SELECT tick FROM engine_state WHERE id = 1")))
    warehouse.commit()


def test_the_past_is_told_when_it_is_asked_about(store: Database, tmp_path: Path) -> None:
    """A segment that names the journey after people went through it knows of them, at any instant."""
    from relance.definitions.store import apply, load_workspace
    from relance.journeys.engine import Engine
    from tests.contract.journeys.world import load

    World(store, tmp_path).play(FIRST, [*person("ana"), ("03-02 10:00", "ana", "Go")], until="03-05")
    warehouse = open_warehouse("memory://")
    later = "{kind: segment, id: inside, where: {type: journey, journey: first}}"
    mailed = "{kind: segment, id: mailed, where: {type: message, source: journey:first}}"
    condition = {"type": "in_segment", "segment": "inside"}
    with store.writing() as connection:
        bring_to_tick_of(connection, warehouse)
        apply(connection, load(f"{FIRST}---\n{later}\n---\n{mailed}"), instant("03-06"))
        workspace = load_workspace(connection)
        engine = Engine(warehouse, lambda found: WarehouseJudge(warehouse, found))
        for _ in range(2):  # what was told is not told again
            engine.use(connection, workspace)
        [profile_id] = [p for (p,) in connection.rows("SELECT profile_id FROM profiles")]
    judge = WarehouseJudge(warehouse, workspace)

    assert (3, 1) == (warehouse.counts()["journey_history"], warehouse.counts()["message_history"])
    moments = [(profile_id, instant("03-02 10:00") + shift, 1 << 61) for shift in (-1, 0, 24 * HOUR - 1, 24 * HOUR)]
    assert [False, True, True, False] == list(judge.ask(condition, moments))
    assert [False, True, True, True] == list(judge.ask({"type": "in_segment", "segment": "mailed"}, moments))


def test_the_past_is_told_again_when_telling_it_failed(embedded_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from relance.definitions.store import apply, load_workspace
    from relance.journeys.engine import Engine
    from tests.contract.journeys.world import load

    embedded_world.play(FIRST, [*person("ana"), ("03-02 10:00", "ana", "Go")], until="03-05")
    warehouse = open_warehouse("duckdb://")
    with embedded_world.database.writing() as connection:
        bring_to_tick_of(connection, warehouse)
        inside = "{kind: segment, id: inside, where: {type: journey, journey: first}}"
        apply(connection, load(f"{FIRST}---\n{inside}"), instant("03-06"))
        workspace = load_workspace(connection)
    engine = Engine(warehouse, lambda found: WarehouseJudge(warehouse, found))
    with monkeypatch.context() as broken:
        broken.setattr(History, "_tell_passages", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError), embedded_world.database.writing() as connection:
            engine.use(connection, workspace)
    with embedded_world.database.writing() as connection:
        engine.use(connection, workspace)

    assert 3 == warehouse.counts()["journey_history"]
    warehouse.close()


def test_what_conditions_ask_about() -> None:
    definitions = {
        "x": {"where": {"type": "any", "of": [{"type": "not", "of": {"type": "journey", "journey": "a"}}]}},
        "y": {
            "steps": {
                "m": {"type": "message", "channel": "email"},
                "b": {"when": [{"where": {"type": "message", "source": "campaign:b"}}]},
            }
        },
    }

    assert Asked(frozenset({"journey:a"}), frozenset({"campaign:b"})) == find_asked([definitions, None, ()])
