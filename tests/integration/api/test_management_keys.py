"""Who may ask what; sources, keys and rejected events over HTTP; health and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relance.eventlog import LogUnavailable
from relance.events import RejectedItem
from relance.ingest import record_rejected

if TYPE_CHECKING:
    from tests.integration.api.conftest import Running


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


PUBLIC = {"/healthz", "/readyz"}


def test_nothing_but_the_public_routes_answers_without_a_key(running: Running) -> None:
    document = running.client.get("/api/openapi.json", headers=bearer(running.admin)).json()
    assert document["openapi"].startswith("3.1")
    asked = [(path, method) for path, methods in document["paths"].items() for method in methods if path not in PUBLIC]
    assert len(asked) >= 8
    for path, method in [*asked, ("/api/openapi.json", "get"), ("/metrics", "get")]:
        real = path.replace("{source}", "shop").replace("{key_id}", "1")
        for headers in ({}, bearer("ak_wrong"), bearer(running.key), {"authorization": "Basic eDo="}):
            answer = running.client.request(method, real, headers=headers)
            assert answer.status_code == 401, (real, method)
            assert {"code", "message", "type", "title", "status"} <= answer.json().keys()
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_health_answers_everybody(running: Running, path: str) -> None:
    assert running.client.get(path).status_code == 200


def test_a_key_may_only_what_its_scopes_say(running: Running) -> None:
    assert running.client.get("/api/v1/sources", headers=bearer(running.reader)).status_code == 200
    for method, path in (
        ("POST", "/api/v1/sources"),
        ("GET", "/api/v1/keys"),
        ("DELETE", "/api/v1/keys/1"),
        ("GET", "/metrics"),
    ):
        answer = running.client.request(
            method, path, headers=bearer(running.reader), json={"id": "x"} if method == "POST" else None
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_source_with_a_key_can_be_made_and_used(running: Running) -> None:
    made = running.client.post("/api/v1/sources", json={"id": "pos", "trusted": True}, headers=bearer(running.admin)).json()
    more = running.client.post("/api/v1/sources/pos/keys", headers=bearer(running.admin)).json()
    for number, key in enumerate((made["write_key"], more["write_key"])):
        body = {"event": "A", "userId": "u", "messageId": str(number)}
        assert running.client.post("/v1/track", json=body, auth=(key, "")).status_code == 200

    assert [(event.source, event.trusted) for event in running.events()] == [("pos", True)] * 2
    listed = running.client.get("/api/v1/sources", headers=bearer(running.reader)).json()["items"]
    assert [(source["id"], source["write_keys"]) for source in listed] == [("pos", 2), ("server", 1), ("shop", 1)]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"id": "Not Good"}, 400, "invalid_input"),
        ({"id": "a", "trustd": True}, 400, "invalid_request"),
        ([], 400, "invalid_request"),
    ],
)
def test_bad_input_is_told_as_a_problem(running: Running, body: Any, status: int, code: str) -> None:
    answer = running.client.post("/api/v1/sources", json=body, headers=bearer(running.admin))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_an_api_key_is_made_shown_once_and_closed(running: Running) -> None:
    admin = bearer(running.admin)
    key = running.client.post("/api/v1/keys", json={"name": "x", "scopes": ["metrics"]}, headers=admin).json()["api_key"]
    assert running.client.get("/metrics", headers=bearer(key)).status_code == 200
    listed = running.client.get("/api/v1/keys", headers=admin).text
    assert key not in listed
    assert running.client.delete("/api/v1/keys/3", headers=admin).status_code == 204
    assert running.client.delete("/api/v1/keys/3", headers=admin).status_code == 404

    assert running.client.get("/metrics", headers=bearer(key)).status_code == 401


def test_rejected_events_are_shown(running: Running) -> None:
    filed = [
        RejectedItem(position=i, source="shop", received_at=i, code="x", pointer="/a", message="m", raw=b"{}")
        for i in range(1, 4)
    ]
    with running.database.writing() as connection:
        record_rejected(connection, filed)
    first = running.client.get("/api/v1/rejected-events?limit=2", headers=bearer(running.reader)).json()
    rest = running.client.get(f"/api/v1/rejected-events?before={first['next']}", headers=bearer(running.reader)).json()

    assert [item["position"] for item in first["items"]] == ["3", "2"]
    assert ([item["position"] for item in rest["items"]], rest["next"]) == (["1"], None)
    assert running.client.get("/api/v1/rejected-events?limit=0", headers=bearer(running.reader)).status_code == 400


def test_figures_are_told_to_prometheus(running: Running) -> None:
    for _ in range(2):
        running.client.post("/v1/track", json={"event": "A", "userId": "u", "messageId": "m"}, auth=(running.key, ""))
    running.client.post("/v1/track", content=b"x", auth=(running.key, ""))
    told = running.client.get("/metrics", headers=bearer(running.admin)).text

    assert "relance_events_accepted_total 1.0" in told
    assert "relance_events_duplicate_total 1.0" in told
    assert 'relance_tracking_requests_total{call="track",status="200"} 2.0' in told
    assert 'relance_tracking_requests_total{call="track",status="400"} 1.0' in told


def test_unknown_paths_are_problems(running: Running) -> None:
    answer = running.client.get("/nothing", headers=bearer(running.admin))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_log_that_can_not_be_written_is_told(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        msg = "the disk is full"
        raise LogUnavailable(msg)

    body = {"event": "A", "userId": "u"}
    monkeypatch.setattr(running.log, "append", fail)
    monkeypatch.setattr(running.log, "probe", fail)
    answer = running.client.post("/v1/track", json=body, auth=(running.key, ""))
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (503, "1", "log_unavailable")
    ready = running.client.get("/readyz")
    assert (ready.status_code, ready.json()["trouble"]) == (503, {"log": "the disk is full"})
    monkeypatch.undo()

    assert running.client.post("/v1/track", json=body, auth=(running.key, "")).status_code == 200
    assert running.client.get("/readyz").status_code == 200
