"""The made shop's past in an installation that was empty: loaded, killed in the middle, taken out again."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from litestar.testing import TestClient

from relance.app import Installation
from relance.definitions.drafts import publish_draft
from relance.definitions.load import load_text
from relance.definitions.publish import publish
from relance.demo import shop
from relance.demo.past import tell_past
from relance.errors import Conflict
from relance.eventlog import NewChunk
from relance.ingest.keys import create_api_key
from relance.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE_SECONDS = 120.0
RESERVED = (".example", "example.com", "example.org", "example.net")
FICTIONAL = ("+14045550", "+14155550", "+12065550", "+15145550", "+447700900", "+3363998")
MINE = """
{kind: segment, id: mine, where: {type: all, of: [{type: in_segment, segment: gone-quiet}, {type: trait, path: vip, op: eq, value: true}]}}
---
{kind: segment, id: regulars, name: Changed, where: {type: did, event: Order Completed}}
"""


@pytest.fixture(autouse=True)
def _small_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "CUSTOMERS", 25)
    monkeypatch.setattr(shop, "VISITS_PER_DAY", 5.0)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Those of a fresh installation, once on each store."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return Settings(data=tmp_path, store_url=url)


@pytest.fixture
def running(settings: Settings) -> Iterator[Installation]:
    installation = Installation(settings, channels={})
    installation.start()
    yield installation
    installation.stop()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came"
        threading.Event().wait(0.02)


def load(installation: Installation) -> dict[str, Any]:
    installation.demo_data.load(actor="ana")
    until(lambda: installation.demo_data.tell()["state"] == "loaded")
    return dict(installation.demo_data.tell())


def remove(installation: Installation) -> dict[str, Any]:
    installation.demo_data.remove(actor="ana")
    until(lambda: installation.demo_data.tell()["state"] == "removed")
    removal = installation.demo_data.tell()["removal"]
    assert removal is not None
    return dict(removal)


def rows(installation: Installation, sql: str) -> list[tuple[Any, ...]]:
    with installation.database.reading() as connection:
        return connection.rows(sql)


def sizes(installation: Installation) -> dict[str, int]:
    """Of segments, as of everything that was done."""
    tick = installation.warehouse.last_tick()
    kept = installation.warehouse.kept
    assert kept is not None
    until(lambda: (mark := kept.mark()) is not None and mark.tick >= tick)
    return installation.keeper.counted.members


def test_the_past_comes_as_history_and_goes_without_a_trace_and_may_come_again(running: Installation) -> None:
    told = load(running)

    events = [event for part in tell_past(rows(running, "SELECT asked_at FROM demo_data")[0][0]) for event in part]
    assert (len(events), 1.0, "loaded") == (told["events"], told["progress"], (told["why_not"] or {})["code"])
    chunks = running.log.read_after(0, 1_000_000).chunks
    assert {("demo-shop", "history")} == {(chunk.source, chunk.kind) for chunk in chunks}
    people = rows(running, "SELECT user_id, email, phone FROM profiles WHERE merged_into IS NULL")
    assert told["people"] == len(people) > 25
    assert all(user_id.startswith("demo-") for user_id, _, _ in people)
    assert all(email.endswith(RESERVED) for _, email, _ in people if email)
    assert all(phone.startswith(FICTIONAL) for *_, phone in people if phone)
    kinds = {kind for (kind,) in rows(running, "SELECT DISTINCT kind FROM definitions")}
    assert ({"event", "prediction", "segment", "template"}, [(6,)]) == (kinds, rows(running, "SELECT count(*) FROM drafts"))
    assert [(0, 0)] == rows(running, "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM enrollments)")
    first = sizes(running)
    assert first["three-cities-after-1980"] > 0
    assert "loaded" == running.demo_data.load(actor="ben")["state"]  # asked twice, done once
    assert [("ana",)] == rows(running, "SELECT actor FROM audit_entries WHERE kind = 'demo_data'")

    removal = remove(running)

    assert (len(people), 0, []) == (removal["people"], removal["people_left"], removal["definitions_left"])
    until(lambda: rows(running, "SELECT state FROM erasures") == [("done",)])
    gone = ("profiles WHERE merged_into IS NULL", "aliases", "consent", "consent_ledger", "definitions", "drafts", "events_seen",
            "properties_seen", "erased_ids", "erased_addresses", "erasure_people", "prediction_runs", "prediction_scores",
            "sources WHERE source = 'demo-shop'")  # fmt: skip
    assert dict.fromkeys(gone, 0) == {table: rows(running, f"SELECT count(*) FROM {table}")[0][0] for table in gone}
    assert {"events": 0, "profile_history": 0, "consent_history": 0}.items() <= running.warehouse.counts().items()
    assert b"demo-c0" not in b"".join(chunk.body for chunk in running.log.read_after(0, 1_000_000).chunks)
    with pytest.raises(Conflict):
        running.demo_data.remove(actor="ana")

    again = load(running)
    known = {n for (n,) in rows(running, "SELECT profile_id FROM profiles WHERE merged_into IS NULL")}
    assert (again["people"], first.keys()) == (len(known), sizes(running).keys())
    kept = running.warehouse.kept
    assert kept is not None
    members = set(map(int, kept.members("three-cities-after-1980")))
    assert members
    assert members <= known


def test_a_process_that_ends_in_the_middle_goes_on_and_tells_nothing_twice(settings: Settings) -> None:
    one = Installation(settings, channels={})
    one.start()
    one.demo_data.load(actor="ana")
    until(lambda: one.demo_data.tell()["events"] > 0)
    one.stop()
    other = Installation(settings, channels={})
    assert "loading" == other.demo_data.tell()["state"]
    with other.database.writing() as connection:  # killed between the log and the store: the last request comes again
        connection.execute("UPDATE demo_data SET told = told - 400 WHERE told >= 400")
    other.start()
    try:
        until(lambda: other.demo_data.tell()["state"] == "loaded")
        chunks = other.log.read_after(0, 1_000_000).chunks
        ids = [
            event["messageId"]
            for chunk in chunks
            for n, event in enumerate(json.loads(chunk.body)["batch"])
            if n not in chunk.duplicates
        ]
        asked_at = rows(other, "SELECT asked_at FROM demo_data")[0][0]
        assert [event["messageId"] for part in tell_past(asked_at) for event in part] == ids
    finally:
        other.stop()


def test_what_is_somebodys_own_stays(running: Installation) -> None:
    load(running)
    email = rows(running, "SELECT user_id FROM profiles WHERE known = 1 ORDER BY profile_id LIMIT 1")[0][0]
    items = [
        {"type": "track", "userId": user, "event": "Order Completed", "messageId": user} for user in (email, "demo-account")
    ]
    body = json.dumps({"batch": items}).encode()
    running.committer.commit_now(NewChunk(source="web", body=body, message_ids=[email, "demo-account"]))
    with running.database.writing() as connection:
        now = running.clock.now()
        assert not publish(connection, load_text(MINE), now, by="ben").refused
        told = publish_draft(connection, "journey", "win-back", now=now, actor="ben")
        assert "made_people" in {problem["code"] for problem in told["problems"]}

    removal = remove(running)

    left = {(one["kind"], one["id"]): one["why"] for one in removal["definitions_left"]}
    assert {
        ("event", "order-completed"): "used", ("journey", "win-back"): "published", ("segment", "gone-quiet"): "used",
        ("segment", "regulars"): "changed", ("template", "win-back-gift"): "used", ("template", "win-back-letter"): "used",
        ("template", "win-back-push"): "used", ("template", "win-back-sms"): "used",
    } == left  # fmt: skip
    assert 1 == removal["people_left"]
    found = rows(running, "SELECT user_id FROM profiles WHERE merged_into IS NULL ORDER BY user_id")
    assert sorted([(email,), ("demo-account",)]) == found
    why_not = running.demo_data.tell()["why_not"]
    assert why_not is not None
    assert "people" == why_not["code"]
    with pytest.raises(Conflict, match="people here already"):
        running.demo_data.load(actor="ana")


def test_only_an_admin_asks_and_only_an_empty_workspace_takes_it(running: Installation) -> None:
    with running.database.writing() as connection:
        reader = create_api_key(connection, "r", ["read", "definitions:write"], now=0)
        publish(connection, load_text("{kind: settings, timezone: Europe/Paris}"), 1)
    with TestClient(running.make_api()) as client:
        admin, other = ({"authorization": f"Bearer {key}"} for key in (running.admin_key, reader))
        assert [403, 403] == [client.request(m, "/api/v1/demo-data", headers=other).status_code for m in ("POST", "DELETE")]
        assert client.get("/api/v1/demo-data", headers=other).json()["may_load"]  # settings are no obstacle, and stay
        with running.database.writing() as connection:
            publish(connection, load_text("{kind: segment, id: s, where: {type: did, event: X}}"), 1)
        refused = client.post("/api/v1/demo-data", headers=admin)
        assert (409, "conflict") == (refused.status_code, refused.json()["code"])
        assert "the segment `s`" in refused.json()["message"]
        assert 409 == client.delete("/api/v1/demo-data", headers=admin).status_code
