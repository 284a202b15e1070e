"""Journeys over HTTP and on the command line: both do the same, and who did what is written down with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from litestar.testing import TestClient

from relance.cli.audit import audit
from relance.cli.journey import archive, cancel, draft, list_journeys, migrate, pause, people, publish, resume, show, stop
from relance.cli.journey.remote import RemoteJourneys
from relance.cli.place import StorePlace
from relance.clock import DAY, HOUR, SystemClock, format_instant
from relance.errors import Conflict, InvalidInput, NotFound
from relance.ingest.keys import create_api_key
from tests.integration.engine.conftest import START, Shop, identify, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JOURNEY: dict[str, Any] = {
    "entry": {"type": "event", "event": "A"},
    "start": "stay",
    "steps": {"stay": {"type": "wait", "for": "1d", "next": "end"}},
}


@pytest.fixture
def client(embedded_shop: Shop) -> Iterator[TestClient[Any]]:
    with TestClient(embedded_shop.installation.make_api()) as opened:
        with embedded_shop.installation.database.writing() as connection:
            key = create_api_key(connection, "ann", ["admin"], now=START)
        opened.headers["authorization"] = f"Bearer {key}"
        yield opened


@pytest.fixture
def remote(client: TestClient[Any]) -> Iterator[RemoteJourneys]:
    """The command line's way to a server, over the same application."""

    def pass_on(request: httpx.Request) -> httpx.Response:
        answer = client.request(request.method, str(request.url), content=request.content, headers=dict(request.headers))
        return httpx.Response(answer.status_code, content=answer.content, headers={"content-type": "application/json"})

    key = str(client.headers["authorization"]).removeprefix("Bearer ")
    opened = RemoteJourneys("http://testserver", key, transport=httpx.MockTransport(pass_on))
    yield opened
    opened.close()


def test_a_journey_from_draft_to_archive_by_http(embedded_shop: Shop, remote: RemoteJourneys) -> None:
    shop = embedded_shop
    kept = remote.save("journey:j", {**JOURNEY, "start": "nowhere"})
    assert ["unknown_step"] == [p["code"] for p in kept["problems"]][:1]
    with pytest.raises(InvalidInput):
        remote.publish("journey:j", at=None)
    assert [("j", "draft")] == [(j["id"], j["state"]) for j in remote.list("journey", archived=False)["items"]]

    assert [] == remote.save("journey:j", JOURNEY)["problems"]
    done = remote.publish("journey:j", at=None)
    assert ("created", 1) == (done["action"], done["version"])
    assert ("published", []) == tuple(remote.check("journey:j").values())
    shop.send(identify("ada"), track("ada", "A"))
    shop.work()
    assert [("ada", "stay")] == [
        (p["user_id"], p["step"]) for p in remote.people("journey:j", step="stay", limit=10, after="")["items"]
    ]
    with pytest.raises(NotFound):
        remote.people("journey:j", step="nowhere", limit=10, after="")

    assert "waiting" == remote.act("journey:j", "pause", at=None, clocks="freeze", entries="hold")["state"]
    assert "paused" == shown(remote)["state"]
    with pytest.raises(Conflict, match="is paused"):
        remote.act("journey:j", "close", at=None)
    later = remote.act("journey:j", "resume", at=format_instant(START + DAY))
    assert "cancelled" == remote.cancel("journey:j", later["act_id"])["state"]
    assert 0 == remote.act("journey:j", "stop", at=None)["in_flight"]
    shop.work()
    assert [] == remote.archive("journey:j")["used_by"]
    assert [] == remote.list("journey", archived=False)["items"]
    assert ["j"] == [j["id"] for j in remote.list("journey", archived=True)["items"]]
    remote.restore("journey:j")

    told = remote.audit(kind="journey", definition_id="j", actor="", action="", limit=100, before="")
    assert [
        "save-draft", "save-draft", "publish", "pause", "resume", "cancel", "stop", "archive", "restore",
    ] == [e["action"] for e in reversed(told["items"])]  # fmt: skip
    assert {"key:2:ann"} == {e["actor"] for e in told["items"]}
    assert [("stop", "done"), ("resume", "cancelled"), ("pause", "done")] == [
        (a["action"], a["state"]) for a in shown(remote)["acts"]
    ]


def shown(remote: RemoteJourneys) -> dict[str, Any]:
    return remote.show("journey:j")


def test_a_draft_is_published_at_its_instant_as_it_was_then(embedded_shop: Shop, remote: RemoteJourneys) -> None:
    shop = embedded_shop
    remote.save("journey:j", JOURNEY)
    remote.publish("journey:j", at=format_instant(START + HOUR))
    remote.save("journey:j", {**JOURNEY, "reentry": "once"})
    shop.send(identify("ada"), track("ada", "A"))
    shop.work()
    assert "draft" == shown(remote)["state"]
    shop.close()
    shop.open()
    shop.clock.at = START + HOUR + 1
    shop.send(track("ada", "A"))
    shop.work()

    with shop.installation.database.reading() as connection:
        assert [(1, START + HOUR)] == connection.rows("SELECT version, published_at FROM journey_versions")
        assert [(0, START + HOUR + 1)] == connection.rows("SELECT status, entered_at FROM enrollments")
        assert [("once",)] == [(json.loads(b)["reentry"],) for (b,) in connection.rows("SELECT body FROM drafts")]


def test_what_can_no_longer_be_published_at_its_instant_is_told(embedded_shop: Shop, remote: RemoteJourneys) -> None:
    shop = embedded_shop
    segment = {"kind": "segment", "id": "s", "where": {"type": "did", "event": "A"}}
    shop.apply(json.dumps(segment))
    remote.save("journey:j", {**JOURNEY, "entry": {"type": "segment_entered", "segment": "s"}})
    remote.publish("journey:j", at=format_instant(START + HOUR))
    with shop.installation.database.writing() as connection:
        connection.execute("DELETE FROM definitions")
    shop.clock.at = START + HOUR + 1
    shop.work()

    with shop.installation.database.reading() as connection:
        state, outcome = connection.rows("SELECT state, outcome FROM journey_acts")[0]
    assert "void" == state
    assert ["unknown_segment"] == [p["code"] for p in json.loads(outcome)["problems"]]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "journeys/none/pause", {}, 404, "not_found"),
        ("POST", "journeys/none/pause", {"clocks": "stop"}, 400, "invalid_request"),
        ("POST", "journeys/none/stop", {"at": "tomorrow"}, 400, "invalid_input"),
        ("POST", "journeys/none/publish", None, 404, "not_found"),
        ("PUT", "journeys/none/draft", {"id": "other"}, 400, "invalid_input"),
        ("POST", "campaigns/none/migrate", {"map": {}}, 404, "not_found"),
        ("GET", "audit?since=never", None, 400, "invalid_input"),
    ],
)
def test_what_can_not_be_done_says_why(
    client: TestClient[Any], method: str, path: str, body: dict[str, Any] | None, status: int, code: str
) -> None:
    answer = client.request(method, f"/api/v1/{path}", json=body)

    assert (status, code) == (answer.status_code, answer.json()["code"])


def test_everything_that_changes_something_is_in_the_audit(client: TestClient[Any]) -> None:
    client.post("/api/v1/lists", json={"id": "beta"})
    client.post("/api/v1/sources", json={"id": "web"})
    client.delete("/api/v1/lists/beta")
    key = client.post("/api/v1/keys", json={"name": "bob", "scopes": ["read"]}).json()
    client.post("/api/v1/lists", json={"id": "BETA"})  # refused: nothing was done

    told = client.get("/api/v1/audit").json()["items"]
    assert [
        ("create", "api_key", "bob"),
        ("delete", "list", "beta"),
        ("create", "source", "web"),
        ("create", "list", "beta"),
    ] == [(e["action"], e["kind"], e["id"]) for e in told]
    assert key["api_key"] not in json.dumps(told)
    page = client.get("/api/v1/audit?limit=3").json()
    assert ["list"] == [e["kind"] for e in client.get(f"/api/v1/audit?before={page['next']}").json()["items"]]


def test_the_command_line_works_on_the_store_beside_a_running_engine(
    embedded_shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = embedded_shop
    place = StorePlace(data=shop.folder)
    file = tmp_path / "journey.json"
    file.write_text(json.dumps({"kind": "journey", "id": "j", **JOURNEY}), encoding="utf-8")
    shop.clock.at = max(shop.clock.at, SystemClock().now())  # as the command line has it
    capsys.readouterr()

    assert 0 == draft(file, place=place)
    assert 0 == publish("j", place=place)
    shop.clock.at = max(shop.clock.at, SystemClock().now())
    shop.work()
    shop.send(identify("ada"), track("ada", "A"))
    shop.work()
    shop.clock.at = max(shop.clock.at, SystemClock().now())
    assert 0 == pause("j", place=place)
    assert 2 == pause("j", place=place)
    assert 0 == resume("j", at="2100-01-01T00:00:00Z", place=place)
    assert 0 == cancel("j", 2, place=place)
    assert 1 == migrate("j", "stay=gone", dry=True, place=place)
    assert 2 == migrate("j", "stay", place=place)
    capsys.readouterr()
    assert 0 == people("j", place=place)
    assert capsys.readouterr().out.startswith("ada  stay since ")
    assert 0 == stop("j", place=place)
    shop.clock.at = max(shop.clock.at, SystemClock().now())
    shop.work()
    assert 0 == archive("j", place=place)
    capsys.readouterr()
    assert 0 == list_journeys(place=place)
    assert 0 == show("j", place=place)
    assert 0 == audit(place=place, limit=1)
    said = capsys.readouterr().out

    assert said.startswith("there is no journey\njourney j: stopped, archived since ")
    assert "cli  archive journey j" in said
    assert [("exited",)] == [(s,) for (s,) in shop.rows("SELECT CASE status WHEN 2 THEN 'exited' END FROM enrollments")]
