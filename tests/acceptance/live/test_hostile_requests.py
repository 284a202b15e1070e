"""Each route of the management interface is asked for what is not there, or is none: it says so, and nothing breaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

if TYPE_CHECKING:
    from tests.acceptance.live.conftest import LiveServer

DEFINITIONS = """
{kind: segment, id: everybody, where: {type: all, of: []}}
---
{kind: template, id: hello, channel: email, status: ready, subject: Hello, body: Hello}
---
{kind: journey, id: welcome, entry: {type: event, event: Signed Up}, start: hello, steps: {hello: {type: message, channel: email, template: hello, next: end}}}
---
{kind: prediction, id: likely, target: {event: Order Completed}, window: 7d, mode: demo}
"""
HOSTILE = (
    "🦊 Žluťoučký",
    "100%25",
    "\x00",
    str(2**70),
    "-1",
    "a" * 3_000,
    "' OR 1=1 --",
    "welcome",
    "everybody",
    "likely",
    "1",
)
BODIES: tuple[Any, ...] = (
    None, True, 2**70, "🦊", [], [None], {}, {"id": 2**70}, {"definitions": [{"kind": "journey", "id": "welcome", "steps": []}]},
    {"where": {"type": "all", "of": [{"type": "not", "of": {}}]}}, {"at": "2026-02-30"}, {"user_ids": {"a": 1}, "text": 1},
)  # fmt: skip
DEEP = b'{"where": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
# What ends the key this test asks by, or an answer that does not end.
LEFT_OUT = re.compile(r"/(keys|users|session)(/|$)|stream|/live$")


def test_no_route_breaks_on_what_it_is_sent(live: LiveServer) -> None:
    live.apply(DEFINITIONS)
    key = live.write_key("web", trusted=False)
    live.send(
        key,
        {"type": "identify", "userId": "🦊 100%25", "traits": {"first_name": "Fox"}},
        {"type": "track", "userId": "🦊 100%25", "event": "Signed Up"},
    )
    headers = {"Authorization": f"Bearer {live.admin_key}"}
    # a server that refuses a body unread closes the connection after it
    alone = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=live.url, headers=headers, timeout=60, limits=alone) as client:
        paths: dict[str, dict[str, Any]] = client.get("/api/openapi.json").json()["paths"]
        asked, broken, refused = 0, [], set()
        for path, method, route in [(p, m, r) for p, methods in sorted(paths.items()) for m, r in methods.items()]:
            if LEFT_OUT.search(path):
                continue
            named = [p["name"] for p in route.get("parameters", ()) if p["in"] == "query"]
            for n, hostile in enumerate(HOSTILE if "{" in path or named else HOSTILE[:1]):
                url = re.sub(r"\{[^}]+\}", quote(hostile, safe=""), path)
                body: dict[str, Any] = {"json": BODIES[(asked + n) % len(BODIES)]} if method in {"post", "put", "patch"} else {}
                answer = client.request(method, url, params=dict.fromkeys(named, HOSTILE[-n]), **body)
                asked += 1
                refused.add(answer.status_code)
                if answer.status_code >= 500:
                    broken.append((method, url[:80], body, answer.text))
            if method in {"post", "put"}:
                answer = client.request(
                    method, re.sub(r"\{[^}]+\}", "welcome", path), content=DEEP, headers={"content-type": "application/json"}
                )
                if answer.status_code >= 500:
                    broken.append((method, path, {"json": "nested"}, answer.text))

        assert broken == []
        assert asked > 800
        assert {200, 400, 404} <= refused
        found = client.get(f"/api/v1/profiles/{quote('🦊 100%25', safe='')}")
        assert (found.status_code, found.json()["user_id"]) == (200, "🦊 100%25")
    written = (live.data / "serve.log").read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if '"exception"' in line or "Traceback" in line] == []
