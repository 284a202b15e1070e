"""Test people go through a journey in a world of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.problems import on_relance_error
from relance.api.trials import trial_router
from relance.channels import RecordingChannel
from relance.clock import HOUR, parse_instant
from relance.definitions.document import Document
from relance.definitions.load import load_text
from relance.definitions.store import apply
from relance.errors import InvalidInput, NotFound, RelanceError
from relance.simulate.backtest.wanted import find_wanted
from relance.simulate.trial.desk import TrialDesk
from relance.simulate.trial.shape import find_paths, ways_of
from relance.simulate.trial.walk import walk
from tests.made_store import open_made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.store import Database

START = parse_instant("2026-03-01T09:00:00Z") or 0
DEFINITIONS = """
{kind: template, id: mail, channel: email, status: ready, group: news, subject: "Hello {{ profile.first_name }}", body: "<p>{{ event.properties.n }}</p>"}
---
{kind: template, id: text, channel: sms, status: ready, body: "Hello"}
---
{kind: template, id: note, channel: push, status: ready, title: "Hello", body: "there"}
---
{kind: segment, id: buyers, where: {type: did, event: Order}}
---
kind: settings
quiet_hours: {channels: [push], from: "20:00", to: "08:00", timezone: UTC, when_hit: discard}
---
kind: journey
id: cart
entry: {type: event, event: Cart, where: [{path: n, op: gt, value: 1}]}
exit_on: [{event: Order}]
holdout_percent: 100
start: who
steps:
  who: {type: branch, when: [{where: {type: in_segment, segment: buyers}, next: note}], otherwise: mail}
  mail: {type: message, channel: email, template: mail, on_blocked: text, next: heard}
  heard: {type: listen, for: [{event: Email Opened, message: mail, next: split}], timeout: 6h, on_timeout: text}
  split: {type: split, paths: [{percent: 50, next: note}, {percent: 50, next: pause}]}
  pause: {type: wait, for: 1d, next: note}
  text: {type: message, channel: sms, template: text, next: note}
  note: {type: message, channel: push, template: note, next: end}
"""


class _Clock:
    def now(self) -> int:
        return START


class _Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def documents() -> list[Document]:
    return [Document(d.body) for d in load_text(DEFINITIONS).documents]


@pytest.fixture
def installed(database: Database) -> Database:
    """A store in which all but the journey is published."""
    with database.writing() as connection:
        apply(connection, [d for d in documents() if d.kind != "journey"], START)
    return database


def drafts() -> list[dict[str, Any]]:
    return [dict(d.body) for d in documents() if d.kind == "journey"]


def in_memory() -> Database:
    return open_made()


def steps(told: dict[str, Any]) -> list[str]:
    return [visit["step"] for visit in told["passages"][0]["path"]]


def test_every_path_is_walked_as_it_was_planned() -> None:
    found = walk(find_wanted("cart", documents(), []), start=START, properties={"n": 7})

    assert 5 == len(found["paths"])
    assert all(path["as_planned"] and path["status"] == "finished" for path in found["paths"])
    assert ([], []) == (found["coverage"]["not_entered"], found["coverage"]["not_gone"])
    assert found["all_paths"]


def test_where_there_are_too_many_paths_every_way_is_gone_all_the_same() -> None:
    many: dict[str, Any] = {
        f"s{n}": {"type": "split", "paths": [{"percent": 50, "next": f"s{n + 1}"}, {"percent": 50, "next": f"s{n + 2}"}]}
        for n in range(12)
    }
    many |= {f"s{n}": {"type": "end"} for n in (12, 13)}

    paths, are_all = find_paths("s0", many)

    assert not are_all
    assert len(paths) <= 24
    assert {way for out in ways_of(many).values() for way in out} == {way for path in paths for way in path}


def test_a_test_of_a_draft_leaves_no_trace(installed: Database) -> None:
    tables = ("profiles", "enrollments", "messages", "own_events", "journey_versions", "definitions", "consent")

    def count() -> list[int]:
        with installed.reading() as connection:
            return [connection.value(f"SELECT COUNT(*) FROM {table}") for table in tables]

    before = count()
    desk = TrialDesk(installed, _Clock())

    told = desk.open("cart", definitions=drafts(), properties={"n": 7})

    assert ["who", "mail", "heard"] == steps(told)
    assert [("mail", "sent", "Hello Test", "<p>7</p>")] == [
        (m["step"], m["status"], m["subject"], m["body"]) for m in told["messages"]
    ]
    assert before == count()
    desk.close(told["id"])
    with pytest.raises(NotFound):
        desk.read(told["id"])


def test_reactions_forced_ways_and_time() -> None:
    database = in_memory()
    with database.writing() as connection:
        apply(connection, documents(), START)
    desk = TrialDesk(database, _Clock())
    number = desk.open("cart", testers=[{"user_id": "me"}, {"user_id": "you"}], begin=False)["id"]

    assert [] == desk.begin(number, "me", {"n": 1})["passages"]  # its rule wants more
    desk.begin(number, "me", {"n": 2})
    desk.force(number, "me", "split", "2")
    told = desk.react(number, "me", "mail", "opened")
    assert ["who", "mail", "heard", "split", "pause"] == steps(told)
    told = desk.advance(number)
    assert ("finished", "note") == (told["passages"][0]["status"], steps(told)[-1])
    assert ["mail", "note"] == [m["step"] for m in told["messages"]]

    desk.force(number, "you", "mail", "blocked")
    told = desk.begin(number, "you", {"n": 3})
    assert ["blocked", "forced"] == [told["messages"][2][name] for name in ("status", "reason")]
    assert "text" in [m["step"] for m in told["messages"]]
    told = desk.happen(number, "you", "Order", {})
    assert 0 == sum(p["status"] == "active" for p in told["passages"])


def test_quiet_hours_hold_unless_they_are_left_out() -> None:
    database = in_memory()
    with database.writing() as connection:
        apply(connection, documents(), START)
    desk = TrialDesk(database, _Clock())
    reasons = []
    for checks in (True, False):
        number = desk.open("cart", start="2026-03-01T22:00:00Z", checks=checks, begin=False)["id"]
        desk.force(number, "tester-1", "who", "1")
        reasons.append(desk.begin(number, "tester-1", {"n": 2})["messages"][0]["reason"])

    assert ["quiet_hours", None] == reasons


def test_a_clock_that_runs_and_messages_that_really_go(installed: Database) -> None:
    seconds, mails, texts = _Seconds(), RecordingChannel(), RecordingChannel()
    desk = TrialDesk(installed, _Clock(), lambda: {"email": mails, "sms": texts}, seconds)
    testers: list[dict[str, Any]] = [{"user_id": "me", "to": {"email": "me@example.org", "push": "token"}}, {"user_id": "you"}]

    told = desk.open("cart", testers=testers, definitions=drafts(), speed=3600.0, properties={"n": 7})
    assert ["me@example.org"] == [message.to for message in mails.messages]
    seconds.now = 7.0  # seven hours: nobody opened anything
    desk.turn()
    told = desk.read(told["id"])

    assert START + 7 * HOUR <= (parse_instant(told["now"]) or 0) < START + 7 * HOUR + 1_000
    assert ["who", "mail", "heard", "text", "note"] == steps(told)
    assert 0 == texts.n_taken  # nobody gave a number
    assert ["no provider is set up for push"] == [failure["reason"] for failure in told["not_delivered"]]
    desk.stop()


def test_somebody_who_exists_is_copied_and_hears_nothing(installed: Database) -> None:
    with installed.writing() as connection:
        connection.execute(
            "INSERT INTO profiles (profile_id, user_id, known, created_at, updated_at, traits) "
            """VALUES (1, 'ana', 1, 0, 0, '{"email": "ana@example.com", "first_name": "Ana"}')"""
        )
        connection.execute("INSERT INTO aliases (alias, since_seq, profile_id) VALUES ('ana', 0, 1)")
    mails = RecordingChannel()
    desk = TrialDesk(installed, _Clock(), lambda: {"email": mails})

    told = desk.open("cart", testers=[{"copy_of": "ana"}], definitions=drafts(), properties={"n": 7})

    assert ["no_consent"] == [m["reason"] for m in told["messages"] if m["channel"] == "email"]
    assert 0 == mails.n_taken


def test_what_is_wrong_is_told_at_once(installed: Database) -> None:
    desk = TrialDesk(installed, _Clock())

    with pytest.raises(NotFound, match="no journey 'cart'"):
        desk.open("cart")
    with pytest.raises(InvalidInput) as told:
        desk.open("cart", definitions=drafts(), start="soon", speed=-1)
    assert 2 == len(told.value.problems)
    with pytest.raises(InvalidInput, match="between 1 and 100"):
        desk.open("cart", definitions=drafts(), testers=[{"user_id": f"t{n}"} for n in range(101)])
    number = desk.open("cart", definitions=drafts(), properties={"n": 7})["id"]
    with pytest.raises(InvalidInput, match="no way '9'"):
        desk.force(number, "tester-1", "who", "9")
    with pytest.raises(NotFound, match="nothing was sent"):
        desk.react(number, "tester-1", "note", "opened")


@pytest.fixture
def client(installed: Database) -> Iterator[TestClient[Litestar]]:
    """The routes over a desk."""
    router = trial_router(TrialDesk(installed, _Clock()))
    with TestClient(Litestar([router], exception_handlers={RelanceError: on_relance_error})) as opened:
        yield opened


def test_over_http(client: TestClient[Litestar]) -> None:
    told = client.post("/api/v1/journeys/cart/test", json={"definitions": drafts(), "properties": {"n": 7}})
    assert 201 == told.status_code
    test = f"/api/v1/tests/{told.json()['id']}"
    me = {"user_id": "tester-1"}

    assert 200 == client.post(f"{test}/force", json={**me, "step": "split", "outcome": "1"}).status_code
    assert 200 == client.post(f"{test}/react", json={**me, "step": "mail"}).status_code
    assert "finished" == client.get(test).json()["passages"][0]["status"]
    assert 1 == len(client.get("/api/v1/tests").json()["items"])
    assert 200 == client.post(f"{test}/advance", json={"by": "1d"}).status_code
    assert 200 == client.post(f"{test}/events", json={**me, "properties": {"n": 5}}).status_code
    assert 204 == client.delete(test).status_code
    assert 404 == client.get(test).status_code
    walked = client.post("/api/v1/journeys/cart/walk", json={"definitions": drafts(), "properties": {"n": 7}})
    assert (200, 5) == (walked.status_code, len(walked.json()["paths"]))
