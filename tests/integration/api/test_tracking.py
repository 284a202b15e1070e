"""The tracking API: what it accepts, what it answers, what it never does."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from relance.events import RejectedItem

if TYPE_CHECKING:
    from tests.integration.api.conftest import Running

SUCCESS = b'{"success": true}'


def item(**more: object) -> dict[str, Any]:
    return {"type": "track", "event": "A", "userId": "u", "messageId": "m", **more}


def test_every_call_has_its_routes(running: Running) -> None:
    calls = ["track", "identify", "page", "screen", "group", "alias"]
    expected = []
    for prefix in ("/v1", "/beacon/v1", "/api/s"):
        for call in calls:
            for path in (f"{prefix}/{call}", f"{prefix}/{call}/", f"{prefix}/{call[0]}"):
                body = {"userId": "u", "previousId": "p", "event": "A", "messageId": path}
                answer = running.client.post(path, json=body, auth=(running.key, ""))
                assert (answer.status_code, answer.content) == (200, SUCCESS), path
                expected.append(call)

    assert [event.type for event in running.events()] == expected


def test_a_batch_is_written_as_a_whole(running: Running) -> None:
    for path in ("/v1/batch", "/v1/b", "/v1/batch/", "/beacon/v1/batch"):
        items = [item(messageId=f"{path}{i}") for i in range(3)]
        answer = running.client.post(path, json={"batch": items}, auth=(running.key, ""))
        assert (answer.status_code, answer.content) == (200, SUCCESS)

    assert [(chunk.n, chunk.call) for chunk in running.log.read_after(0, 100).chunks] == [(3, "batch")] * 4


def test_an_empty_batch_is_a_success(running: Running) -> None:
    assert running.client.post("/v1/batch", json={"batch": []}, auth=(running.key, "")).content == SUCCESS


def test_the_key_may_stand_in_many_places(running: Running) -> None:
    post, key = running.client.post, running.key
    answers = [
        post("/v1/track", json=item(messageId="1"), auth=(key, "")),
        post("/v1/track", json=item(messageId="2", writeKey=key)),
        post("/v1/track", json=item(messageId="3"), headers={"authorization": f"Bearer {key}"}),
        post("/v1/track", json=item(messageId="4"), headers={"x-write-key": f"{key}:secret"}),
        post(f"/v1/track?writeKey={key}", json=item(messageId="5")),
        post("/v1/batch", json={"batch": [item(messageId="6")], "writeKey": key}, auth=("somebody-else", "x")),
        # Without the colon that Basic wants: one client of old did so.
        post("/v1/track", json=item(messageId="7"), headers={"authorization": "Basic " + _base64(key)}),
    ]

    assert [answer.status_code for answer in answers] == [200] * 7
    assert [event.source for event in running.events()] == ["shop"] * 7


def _base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(text.encode()).decode()


def test_a_key_in_the_body_is_not_kept(running: Running) -> None:
    running.client.post("/v1/track", json=item(writeKey=running.key))

    (chunk,) = running.log.read_after(0, 10).chunks
    assert running.key.encode() not in chunk.body
    assert len(running.events()) == 1


def test_a_short_word_in_the_place_of_the_key_harms_nothing(running: Running) -> None:
    running.client.post("/v1/track", json=item(writeKey="t"), auth=(running.key, ""))

    assert [event.name for event in running.events()] == ["A"]


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Basic ???"}, {"authorization": "Bearer wk_nobody"}, {"authorization": "Digest x"}]
)
def test_an_unknown_key_is_refused(running: Running, headers: dict[str, str]) -> None:
    answer = running.client.post("/v1/track", json=item(), headers=headers)

    assert answer.status_code == 401
    assert answer.json()["code"] == "unknown_write_key"
    assert answer.json()["message"]
    assert running.events() == []


def test_a_revoked_key_is_refused_at_once(running: Running) -> None:
    assert running.client.post("/v1/track", json=item(), auth=(running.key, "")).status_code == 200
    admin = {"authorization": f"Bearer {running.admin}"}
    assert running.client.delete("/api/v1/write-keys/1", headers=admin).status_code == 204

    assert running.client.post("/v1/track", json=item(), auth=(running.key, "")).status_code == 401


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"]
)
def test_json_is_read_whatever_the_content_type(running: Running, content_type: str) -> None:
    body = json.dumps(item()).encode()
    answer = running.client.post("/v1/track", content=body, headers={"content-type": content_type}, auth=(running.key, ""))

    assert answer.content == SUCCESS


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [(gzip.compress, "gzip"), (gzip.compress, "x-gzip"), (zlib.compress, "deflate"), (gzip.compress, None)],
)
def test_packed_bodies_are_unpacked(running: Running, pack: Any, encoding: str | None) -> None:
    headers = {"content-encoding": encoding} if encoding else {}
    answer = running.client.post(
        "/v1/batch", content=pack(json.dumps({"batch": [item()]}).encode()), headers=headers, auth=(running.key, "")
    )

    assert answer.content == SUCCESS
    assert len(running.events()) == 1


def test_a_body_of_several_packed_parts_is_one(running: Running) -> None:
    body = json.dumps({"batch": [item()]}).encode()
    packed = gzip.compress(body[:10]) + gzip.compress(body[10:])

    assert (
        running.client.post("/v1/batch", content=packed, headers={"content-encoding": "gzip"}, auth=(running.key, "")).content
        == SUCCESS
    )


def test_bombs_are_refused(running: Running) -> None:
    def status(body: bytes) -> tuple[int, str]:
        answer = running.client.post("/v1/batch", content=body, headers={"content-encoding": "gzip"}, auth=(running.key, ""))
        assert answer.json()["message"]
        return answer.status_code, answer.json()["code"]

    packer = zlib.compressobj(1, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    assert len(bomb) < 4 << 20
    assert status(bomb) == (413, "body_too_large")
    assert status(gzip.compress(b"") * 1000) == (400, "not_gzip")
    assert status(gzip.compress(b"[]")[:-4]) == (400, "not_gzip")
    assert status(b"{}") == (400, "not_gzip")


def test_sizes_are_bounded(running: Running) -> None:
    def status(body: bytes) -> tuple[int, str]:
        answer = running.client.post("/v1/batch", content=body, auth=(running.key, ""))
        return answer.status_code, answer.json().get("code", "")

    text = json.dumps({"batch": [item(properties={"a": "x" * (4 * 1024 * 1024 - 200)})]}).encode()
    assert status(text + b" " * (4 * 1024 * 1024 - len(text))) == (200, "")
    assert status(text + b" " * (4 * 1024 * 1024 - len(text) + 1)) == (413, "body_too_large")
    assert status(b'{"batch": [' + b"{}," * 25_000 + b"{}]}") == (413, "too_many_items")

    def in_pieces() -> Any:
        for _ in range(100):
            yield b" " * 100_000

    answer = running.client.post("/v1/batch", content=in_pieces(), auth=(running.key, ""))
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"not json", b'{"batch": [', b"\x00\x01", b"NaN}"])
def test_what_is_not_json_is_refused(running: Running, body: bytes) -> None:
    answer = running.client.post("/v1/batch", content=body, auth=(running.key, ""))

    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")
    assert answer.json()["message"]


def test_faulty_items_fail_nothing(running: Running) -> None:
    deep = "[" * 2000 + "]" * 2000
    items = [
        json.dumps(item(messageId="a")),
        "5",
        '{"a": NaN}',
        f'{{"a": {deep}}}',
        '{"a": "\\ud800"}',
        json.dumps(item(messageId="b")),
    ]
    body = f'{{"batch": [{", ".join(items)}]}}'
    answer = running.client.post("/v1/batch", content=body.encode(), auth=(running.key, ""))

    assert answer.content == SUCCESS
    rejected = [i.code if isinstance(i, RejectedItem) else i.message_id for i in running.parsed()]
    assert rejected == ["a", "not_an_object", "not_finite", "too_deep", "invalid_text", "b"]


def test_a_request_sent_again_counts_once(running: Running) -> None:
    for _ in range(3):
        answer = running.client.post(
            "/v1/batch", json={"batch": [item(messageId=f"m{i}") for i in range(5)]}, auth=(running.key, "")
        )
        assert answer.content == SUCCESS
    running.client.post("/v1/track", json=item(messageId="m0"), auth=(running.server_key, ""))

    assert [(event.source, event.message_id) for event in running.events()] == [
        *(("shop", f"m{i}") for i in range(5)),
        ("server", "m0"),
    ]


def test_trust_and_clock_are_those_of_the_source(running: Running) -> None:
    said = {"timestamp": "2020-01-01T00:00:00Z", "sentAt": "2020-01-01T00:00:10Z"}
    for key in (running.key, running.server_key):
        running.client.post("/v1/track", json=item(**said), auth=(key, ""))

    browser, server = running.events()
    assert (browser.trusted, server.trusted) == (False, True)
    assert browser.received_at - browser.at == 10_000_000
    assert server.at == 1_577_836_800_000_000


def test_the_time_of_sending_may_stand_in_a_header(running: Running) -> None:
    headers = {"sentAt": "2020-01-01T00:00:10.000Z", "anonymousId": "abc"}
    running.client.post(
        "/v1/track", json=item(originalTimestamp="2020-01-01T00:00:00Z"), headers=headers, auth=(running.key, "")
    )

    (event,) = running.events()
    assert event.received_at - event.at == 10_000_000


def test_preflights_are_answered(running: Running) -> None:
    asked = "authorization, content-type, x-retry-count, anonymousid, sentat"
    for path in ("/v1/t", "/v1/track", "/v1/projects/x/settings", "/sourceConfig/", "/api/s/track"):
        answer = running.client.options(
            path,
            headers={
                "origin": "https://shop.example",
                "access-control-request-method": "POST",
                "access-control-request-headers": asked,
            },
        )
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == asked
        assert "POST" in answer.headers["access-control-allow-methods"]

    answer = running.client.post("/v1/track", content=b"x")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_browser_clients_get_their_settings(running: Running) -> None:
    segment = running.client.get(f"/v1/projects/{running.key}/settings").json()
    rudder = running.client.get(f"/sourceConfig/?p=npm&writeKey={running.key}").json()

    assert segment["integrations"]["Segment.io"]["apiKey"] == running.key
    assert segment["integrations"]["Segment.io"]["apiHost"] == f"127.0.0.1:{running.port}/v1"
    assert rudder["source"]["writeKey"] == running.key
    assert rudder["source"]["enabled"] is True
    assert running.client.get("/v1/projects/nobody/settings").status_code == 404
    assert running.client.get("/sourceConfig/", auth=(running.key, "")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/track", 405), ("POST", "/v1/nothing", 404), ("GET", "/v1/", 404), ("PUT", "/v1/batch", 405)],
)
def test_other_requests_are_refused_in_words(running: Running, method: str, path: str, status: int) -> None:
    answer = running.client.request(method, path, auth=(running.key, ""))

    assert answer.status_code == status
    assert {"code", "message"} <= answer.json().keys()


def test_telemetry_of_clients_is_taken_and_dropped(running: Running) -> None:
    assert running.client.post("/v1/m", content=b"{}").status_code == 200
    assert running.parsed() == []
