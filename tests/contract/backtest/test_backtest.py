"""A backtest tells what a simulation of the same log tells, and what really happened beside it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from relance.clock import DAY, HOUR
from relance.definitions.document import Document
from relance.errors import InvalidInput, NotFound, QuestionDropped
from relance.eventlog import NewChunk
from relance.lists.members import add_members, create_list
from relance.simulate.backtest.apart import live_apart
from relance.simulate.backtest.desk import BacktestDesk, window_of
from relance.simulate.backtest.run import backtest
from relance.simulate.backtest.stage import Reading
from tests.contract.backtest.past_world import (
    find_wanted,
    line_of,
    lived_again,
    make_installation,
    running,
    simulated,
    split,
)
from tests.contract.journeys.random_worlds import END, START, make_definitions, make_events
from tests.contract.journeys.world import instant, item, load, person
from tests.made_store import open_made

if TYPE_CHECKING:
    from pathlib import Path

    from relance.store import Database

JOURNEYS = ("cart", "gifts", "lost", "after")


def in_memory() -> Database:
    return open_made()


def compare(
    seed: int, journey: str, database: Database, warehouse: str, folder: Path, *, shuffled: bool = False
) -> dict[str, Any]:
    """Live one random world both ways; answer what came of it."""
    r = Random(seed)
    documents, lines = load(make_definitions(r)), [line_of(e) for e in make_events(r, 60)]
    published, drafts = split(documents, journey)
    wanted = find_wanted(journey, published, drafts)
    start = START + r.randrange(4) * DAY
    expected = simulated(wanted, lines, start, END, folder)
    if shuffled:  # as imports of several files do: simulated calls say themselves when they arrived
        lines = [*lines[1::2], *lines[::2]]
    installation = make_installation(database, warehouse, lines)
    installation.live([] if shuffled else running(published), END + 1 if shuffled else start, END)

    found = lived_again(wanted, installation.reading(), start, END, folder)

    assert expected == found
    return found


@pytest.mark.parametrize("journey", JOURNEYS)
@pytest.mark.parametrize("seed", [1])
def test_a_backtest_tells_what_a_simulation_of_the_same_log_tells(seed: int, journey: str, tmp_path: Path) -> None:
    compare(seed, journey, in_memory(), "duckdb://", tmp_path)


@pytest.mark.parametrize("seed", [4])
def test_so_it_does_where_history_was_imported_in_another_order(seed: int, tmp_path: Path) -> None:
    compare(seed, "cart", in_memory(), "duckdb://", tmp_path, shuffled=True)


def test_so_it_does_on_either_store(database: Database, tmp_path: Path) -> None:
    found = compare(5, "gifts", database, "duckdb://", tmp_path)

    assert found["messages"]


def test_so_it_does_on_clickhouse(chdb_url: str, tmp_path: Path) -> None:
    found = compare(6, "cart", in_memory(), chdb_url, tmp_path)

    assert found["messages"]


SHOP = """
kind: settings
timezone: Europe/Paris
frequency_caps: [{channel: any, max: 1, per: 2d}]
---
kind: journey
id: welcome
entry: {type: event, event: Signed Up}
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
---
kind: journey
id: cart
entry: {type: event, event: Cart}
goal: {event: Order, within: 3d}
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: rest}, rest: {type: wait, for: 1d, next: end}}
"""
UNTIL = instant("03-10")


def shop(database: Database) -> tuple[BacktestDesk, Reading]:
    """Ana and Bo, whom `welcome` really wrote to; Ana a day before her cart."""
    lines = [
        item(told, n)
        for n, told in enumerate(
            [
                *person("ana"), *person("bo"),
                ("03-04 12:00", "ana", "Signed Up"), ("03-05 12:00", "ana", "Cart"), ("03-05 23:30", "bo", "Cart"),
                ("03-06 12:00", "bo", "Signed Up"), ("03-07 12:00", "bo", "Order"),
            ]
        )
    ]  # fmt: skip
    documents = load(SHOP)
    installation = make_installation(database, "duckdb://", lines)
    installation.live([d for d in documents if d.id != "cart"], instant("03-02"), UNTIL)
    desk = BacktestDesk(database, installation.warehouse, installation.log, _Clock(), lambda: UNTIL)
    return desk, installation.reading()


class _Clock:
    def now(self) -> int:
        return UNTIL


def drafts() -> list[dict[str, Any]]:
    return [dict(d.body) for d in load(SHOP) if d.id == "cart"]


def test_what_really_went_out_counts_for_caps_and_is_told_beside_what_would_have(database: Database) -> None:
    desk, _ = shop(database)

    asked = desk.ask("cart", days=7, drafts=drafts())
    assert desk.do_next()
    found = desk.read(asked["id"])

    result = found["result"]
    assert ("done", None) == (found["state"], found["error"])
    assert (2, 2, 1) == (result["entered"], result["people"], result["sent"])
    assert {"frequency_cap": 1} == result["blocked"]  # Ana had got one; what Bo got later counts for nothing
    assert {"2026-03-05": 1, "2026-03-06": 1} == result["entries_per_day"]  # in Paris
    assert [("2026-03-05", 0, 1), ("2026-03-06", 1, 0)] == [
        (d["day"], d["sent"], d["blocked"]) for d in result["messages_per_day"]
    ]
    assert (2, 1, 0.5) == tuple(result["baseline"][0][name] for name in ("entered", "reached", "rate"))
    assert [{"source": "journey:welcome", "people": 2}] == result["overlap"]["journeys"]
    assert [{"source": "journey:welcome", "channel": "email", "sent": 2, "people": 2}] == result["overlap"]["messages"]
    assert 2 == result["overlap"]["people_reached"]


def test_it_is_the_same_in_processes_of_its_own() -> None:
    _, reading = shop(in_memory())
    published = [d for d in load(SHOP) if d.id != "cart"]
    wanted = find_wanted("cart", published, [Document(body) for body in drafts()])
    start = UNTIL - 7 * DAY

    here = backtest(reading, wanted, start=start, until=UNTIL)
    assert here == backtest(reading, wanted, start=start, until=UNTIL, live_again=live_apart)


def test_two_halves_add_up_to_the_whole(tmp_path: Path) -> None:
    from relance.simulate.backtest.figures import add_up
    from relance.simulate.backtest.replay import replay
    from relance.simulate.backtest.stage import stage

    _, reading = shop(in_memory())
    wanted = find_wanted("cart", [d for d in load(SHOP) if d.id != "cart"], [Document(body) for body in drafts()])
    shares = []
    for name, share in (("whole", (0, 1)), ("first", (0, 2)), ("second", (1, 2))):
        (tmp_path / name).mkdir()
        stage(tmp_path / name, reading, wanted, UNTIL - 7 * DAY, UNTIL)
        shares.append(replay(tmp_path / name, lambda _phase, _done, _total: None, share))

    whole, *halves = shares
    assert [1, 1] == [len(half["people"]) for half in halves]
    assert whole["figures"] == add_up([half["figures"] for half in halves])


def test_it_can_be_taken_back_before_and_while_it_is_done(database: Database) -> None:
    desk, reading = shop(database)
    wanted = find_wanted("cart", load(SHOP), [])

    waiting = desk.ask("cart", days=7, drafts=drafts())

    assert "cancelled" == desk.cancel(waiting["id"])["state"]
    assert not desk.do_next()
    reading.dropped = lambda: True
    with pytest.raises(QuestionDropped):
        backtest(reading, wanted, start=UNTIL - HOUR, until=UNTIL)


def test_what_is_wrong_is_told_at_once(database: Database) -> None:
    desk, _ = shop(database)

    with pytest.raises(NotFound, match="no journey 'nobody'"):
        desk.ask("nobody", days=1)
    with pytest.raises(InvalidInput) as told:
        desk.ask("cart", days=1, drafts=[{"kind": "journey", "id": "cart", "entry": {"type": "event"}, "steps": {}}])
    assert len(told.value.problems) > 1
    with pytest.raises(InvalidInput) as told:
        window_of(None, None, "soon", UNTIL)
    assert 2 == len(told.value.problems)
    with pytest.raises(NotFound):
        desk.read(17)


FOLLOW = """
kind: journey
id: follow
entry: {type: event, event: Journey Ended, where: [{path: journey, op: eq, value: welcome}]}
start: got
steps:
  got: {type: branch, when: [{where: {type: message, source: "journey:welcome", step: mail}, next: was}], otherwise: end}
  was: {type: branch, when: [{where: {type: journey, journey: welcome, state: finished}, next: vip}], otherwise: end}
  vip: {type: branch, when: [{where: {type: in_list, list: vips}, next: mail}], otherwise: end}
  mail: {type: message, channel: email, template: mail, purpose: transactional, next: end}
"""


def test_what_others_did_is_as_it_was(database: Database) -> None:
    desk, _ = shop(database)
    with database.writing() as connection:
        create_list(connection, "vips", "", now=instant("03-02"))
        add_members(connection, "vips", ["bo"], now=instant("03-05"))
        add_members(connection, "vips", ["ana"], now=instant("03-05"))  # after her way was decided

    asked = desk.ask("follow", days=8, drafts=[dict(d.body) for d in load(SHOP + "---" + FOLLOW) if d.id == "follow"])
    assert desk.do_next()
    result = desk.read(asked["id"])["result"]

    assert {"got": 2, "was": 2, "vip": 2, "mail": 1} == {name: step["entered"] for name, step in result["steps"].items()}
    assert [("2026-03-06", 1)] == [(day["day"], day["sent"]) for day in result["messages_per_day"]]


def test_requests_count_where_the_source_may_ask(tmp_path: Path) -> None:
    definitions = SHOP.replace("entry: {type: event, event: Cart}", "entry: {type: api}")
    documents = load(definitions)
    asks = [
        ("03-05", "ana", "Journey Requested", {"journey": "cart"}),
        ("03-05", "bo", "Journey Requested", {"journey": "other"}),
    ]
    lines = [item(told, n) for n, told in enumerate([*person("ana"), *person("bo"), *person("cy"), *asks])]
    installation = make_installation(in_memory(), "duckdb://", lines)
    body = msgspec.json.encode({"batch": [item(("03-05", "cy", "Journey Requested", {"journey": "cart"}), 99)]})
    installation.log.append([NewChunk(source="web", body=body, message_ids=["e99"], kind="simulated", trusted=False)])
    installation.live([d for d in documents if d.id != "cart"], instant("03-02"), UNTIL)

    result = backtest(installation.reading(), find_wanted("cart", documents, []), start=instant("03-03"), until=UNTIL)

    assert (1, 1) == (result["entered"], result["people"])
