"""What real clients were recorded to send, sent again: all of it is taken, each event once, none of it faulty."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from relance.events import Event

if TYPE_CHECKING:
    from tests.integration.api.conftest import Running

RECORDINGS = sorted((Path(__file__).parents[2] / "data" / "client-recordings").glob("*.json"))
OWN_HEADERS = {"content-length", "host", "connection", "transfer-encoding"}


def _with_key(value: Any, key: str) -> Any:
    for placeholder in ("WRITE_KEY", "KEY:***", "KEY:SECRET"):
        value = value.replace(placeholder, key)
    return value


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda p: p.stem)
def test_a_recorded_client_is_understood(running: Running, path: Path) -> None:
    recording = json.loads(path.read_text(encoding="utf-8"))
    sent: list[dict[str, Any]] = []
    for requests in recording["runs"].values():
        for request in requests:
            headers = {k: _with_key(v, running.key) for k, v in request["headers"].items() if k not in OWN_HEADERS}
            if "authorization" in headers:
                headers.pop("authorization")
                auth: Any = (running.key, "")
            else:
                auth = None
            body = b""
            if request["body"] is not None:
                body = _with_key(json.dumps(request["body"]), running.key).encode()
                sent += request["body"].get("batch", [request["body"]])
                if headers.get("content-encoding") == "gzip":
                    body = gzip.compress(body)
            answer = running.client.request(
                request["method"], _with_key(request["path"], running.key), content=body, headers=headers, auth=auth
            )
            assert answer.status_code == (204 if request["method"] == "OPTIONS" else 200), answer.text
            if request["method"] == "POST":
                assert answer.content == b'{"success": true}'

    found = running.parsed()
    assert all(isinstance(event, Event) for event in found), found
    ids = [event.message_id for event in found if isinstance(event, Event)]
    assert sorted(ids) == sorted({item["messageId"] for item in sent})
    by_id = {event.message_id: event for event in found if isinstance(event, Event)}
    for item in sent:
        event = by_id[item["messageId"]]
        assert (event.user_id, event.anonymous_id) == (item.get("userId") or None, item.get("anonymousId") or None)
        if event.type == "identify":
            assert event.traits["email"] == "ann@example.com"
        if event.type == "track":
            assert event.name == item["event"]


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) >= 10
