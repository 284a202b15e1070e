"""Events by their names: what was seen, what is not as registered, webhooks of anybody, and the inspector; on both stores."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import pytest
from litestar.testing import TestClient

from relance.channels.signing import signed_headers
from relance.clock import SECOND
from relance.ingest import create_write_key, ensure_source
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = """
{kind: template, id: mail, channel: email, status: ready, subject: "{{ event.properties.product }}", body: there}
---
kind: event
id: purchase
name: Purchase
schema: {product: string, price: number, bought: datetime, lines.sku: string, pieces: integer}
rule: {event: "*", where: [{path: purchaseMessage, op: eq, value: thank you}, {path: price, op: gt, value: 10}]}
identity: {namespace: email, path: customer.email}
---
kind: event
id: refund
name: Refund
status: draft
rule: {where: [{path: refund, op: is_true}]}
---
kind: event
id: visit
name: Visit
schema: {page: string}
---
kind: journey
id: thanks
entry: {type: event, event: Purchase, where: [{path: price, op: lt, value: 100}]}
reentry: once
start: mail
steps: {mail: {type: message, channel: email, template: mail, next: end}}
"""
BOUGHT = {"purchaseMessage": "thank you", "price": 20, "product": "cup", "customer": {"email": " Ana@Example.com "}}


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient[Any]]:
    yield from _opened(shop)


def _opened(shop: Shop) -> Iterator[TestClient[Any]]:
    shop.apply(DEFINITIONS)
    shop.send(identify("ana"), subscribe("ana"))
    shop.work()
    with TestClient(shop.installation.make_api()) as opened:
        opened.headers["Authorization"] = f"Bearer {shop.installation.admin_key}"
        yield opened


@pytest.fixture
def embedded(embedded_shop: Shop) -> Iterator[TestClient[Any]]:
    """The same for what does not depend on the store."""
    yield from _opened(embedded_shop)


def get(client: TestClient[Any], path: str, **params: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def key_of(shop: Shop, source: str) -> str:
    now = shop.clock.now()
    with shop.installation.database.writing() as connection:
        ensure_source(connection, source, now=now)
        return create_write_key(connection, source, now=now)


def test_what_was_seen_is_counted_once_with_types_and_examples_from_the_log(shop: Shop, client: TestClient[Any]) -> None:
    shop.send(*(track("ana", "Visit", page=f"/{n}", depth=n, at="2026-03-01", tags=[{"k": 1}, {"k": "x"}]) for n in range(60)))
    shop.work()
    shop.clock.at += SECOND
    shop.send(track("bo", "Visit", page="/last", depth=1.5), track("bo", "Other", nothing=None))
    shop.work()

    found = {one["name"]: one for one in get(client, "event-types")["items"]}
    visit = get(client, "event-types/Visit")
    by_path = {p["path"]: {t["type"]: (t["count"], t["example"]) for t in p["types"]} for p in visit["properties"]}
    assert (found["Visit"]["seen"]["count"], found["Other"]["seen"]["count"], found["Purchase"]["seen"]) == (61, 1, None)
    assert found["Visit"]["seen"]["first_at"] < found["Visit"]["seen"]["last_at"]
    assert [(True, True), (False, False)] == [(found[n]["registered"], found[n]["published"]) for n in ("Visit", "Other")]
    assert visit["looked_at"] == 51  # at most 50 of a name in one tick
    assert by_path == {
        "at": {"date": (50, "2026-03-01")},
        "depth": {"integer": (50, 49), "number": (1, 1.5)},
        "page": {"string": (51, "/last")},
        "tags": {"array": (50, [{"k": 1}, {"k": "x"}])},
        "tags.k": {"integer": (50, 1), "string": (50, "x")},
    }
    assert [] == get(client, "event-types/Other")["properties"]
    assert client.get("/api/v1/event-types/Nothing").status_code == 404


def test_after_a_restart_counting_goes_on(embedded_shop: Shop) -> None:
    shop = embedded_shop
    for _ in range(2):
        shop.send(track("ana", "Visit", page="/"))
        shop.work()
        shop.close()
        shop.open()
        shop.work()

    assert [("Visit", 2, 2)] == shop.rows("SELECT name, n, looked_at FROM events_seen")
    assert [("page", "string", 2)] == shop.rows("SELECT path, type, n FROM properties_seen")


def test_our_own_events_are_counted_too(embedded_shop: Shop, embedded: TestClient[Any]) -> None:
    embedded_shop.send(track("ana", "Anything", **BOUGHT))
    embedded_shop.work()

    found = {one["name"]: one for one in get(embedded, "event-types")["items"]}
    assert [1, 1, 1, 1] == [found[n]["seen"]["count"] for n in ("Anything", "Purchase", "Journey Entered", "Email Sent")]


def test_values_of_another_type_are_kept_and_told_and_lose_nothing(shop: Shop, client: TestClient[Any]) -> None:
    shop.send(
        track("ana", "Purchase", product="cup", price="20", bought="yesterday", lines=[{"sku": "a"}, {"sku": 5}], pieces=2.0),
        track("ana", "Purchase", product="cup", price=20, bought="2026-03-01", pieces=None),
        track("ana", "Purchase", product=None, price=True, pieces=2.5),
    )
    shop.work()

    faults = get(client, "event-types/purchase")["faults"]
    problems = get(client, "event-problems", name="Purchase", limit=2)
    older = get(client, "event-problems", name="Purchase", before=problems["next"])
    assert {(f["path"], f["expected"], f["found"], f["count"]) for f in faults} == {
        ("price", "number", "string", 1),
        ("price", "number", "boolean", 1),
        ("bought", "datetime", "string", 1),
        ("lines.sku", "string", "integer", 1),
        ("pieces", "integer", "number", 1),
    }
    assert [
        ("pieces", "`pieces` is a number; the schema says integer"),
        ("price", "`price` is a truth value; the schema says number"),
    ] == [(p["path"], p["message"]) for p in problems["items"]]
    assert {"bought", "lines.sku", "price"} == {p["path"] for p in older["items"]}
    assert 3 == get(client, "event-types/purchase")["seen"]["count"]
    assert [
        ("ana@example.com", "cup")
    ] == shop.to()  # the second one let her in: the first price is no number, the third none below 100


def test_a_webhook_becomes_an_event_and_a_rule_finds_whose_it_is(shop: Shop, client: TestClient[Any]) -> None:
    key, other = key_of(shop, "till"), key_of(shop, "other")
    ways: list[dict[str, Any]] = [
        {"headers": {"Authorization": f"Bearer {key}"}},
        {"headers": {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}},
        {"headers": {"Authorization": "", "X-Write-Key": key}},
        {"headers": {"Authorization": ""}, "params": {"key": key}},
    ]
    answers = [client.post("/hooks/custom/till", json={**BOUGHT, "n": n}, **way) for n, way in enumerate(ways)]
    strangers = [{"purchaseMessage": "thank you", "price": 20, "customer": {"email": "new@example.com"}}, 7]
    answers.append(client.post("/hooks/custom/till", json=strangers, **ways[0]))
    refused = [
        client.post("/hooks/custom/till", json={}, headers={"Authorization": f"Bearer {other}"}),
        client.post("/hooks/custom/till", json={}, headers={"Authorization": ""}),
        client.post("/hooks/custom/nobody", json={}, **ways[0]),
        client.post("/hooks/custom/till", content=b"{", **ways[0]),
    ]
    shop.work()

    assert [(200, 1)] * 4 + [(200, 2)] == [(a.status_code, a.json().get("new")) for a in answers]
    assert [401, 401, 404, 400] == [a.status_code for a in refused]
    assert [("ana@example.com", "cup")] == shop.to()
    seen = {one["name"]: one["seen"]["count"] for one in get(client, "event-types")["items"] if one["seen"]}
    assert (seen["Webhook Received"], seen["Purchase"]) == (6, 5)
    people = {user for (user,) in shop.rows("SELECT user_id FROM profiles WHERE known = 0")}
    assert len(people) == 3  # Ana's webhooks, the stranger's, and what says nothing of anybody
    assert "hook-till" in people


def test_a_webhook_is_let_in_by_its_signature(embedded_shop: Shop, embedded: TestClient[Any]) -> None:
    key_of(embedded_shop, "till")
    settings = {
        "signed": True, "event": "Till Rang", "user_id_path": "who.id", "message_id_path": "nr", "timestamp_path": "at",
    }  # fmt: skip
    made = embedded.put("/api/v1/sources/till/hook", json=settings).json()
    body = json.dumps({"who": {"id": 5}, "nr": "n1", "at": embedded_shop.clock.now() // SECOND - 60}).encode()
    at = embedded_shop.clock.now() // SECOND
    signed = signed_headers(made["secret"], "d1", at, body)
    answers = [embedded.post("/hooks/custom/till", content=body, headers={"Authorization": "", **signed}) for _ in range(2)]
    answers.append(embedded.post("/hooks/custom/till", content=body + b" ", headers={"Authorization": "", **signed}))

    own = embedded.put(
        "/api/v1/sources/till/hook", json={**settings, "secret": "s3", "signature_header": "X-Hub-Signature-256"}
    ).json()
    digest = hmac.digest(b"s3", body, hashlib.sha256)
    stamp = hmac.digest(b"s3", f"{at}.".encode() + body, hashlib.sha256).hex()
    old = hmac.digest(b"s3", f"{at - 301}.".encode() + body, hashlib.sha256).hex()
    signatures = [
        f"sha256={digest.hex()}",
        base64.b64encode(digest).decode(),
        f"t={at},v1={stamp}",
        f"t={at - 301},v1={old}",
        "é",
    ]
    answers += [
        embedded.post("/hooks/custom/till", content=body, headers={b"Authorization": b"", b"x-hub-signature-256": one.encode()})
        for one in signatures
    ]
    embedded_shop.work()

    assert made["url"].endswith("/hooks/custom/till")
    assert "secret" not in own
    assert [200, 200, 403, 200, 200, 200, 403, 403] == [a.status_code for a in answers]
    assert [1, 0] == [a.json()["new"] for a in answers[:2]]  # told twice, counted once
    assert get(embedded, "sources/till/hook")["signed"] is True
    (event,) = get(embedded, "events/inspect", name="Till Rang")["items"]
    assert (event["user_id"], event["at"]) == ("5", "2026-03-02T09:59:00Z")
    assert embedded.delete("/api/v1/sources/till/hook").status_code == 204
    assert embedded.post("/hooks/custom/till", content=body, headers={"Authorization": "", **signed}).status_code == 401


def test_what_is_said_of_webhooks_is_checked(embedded_shop: Shop, embedded: TestClient[Any]) -> None:
    key_of(embedded_shop, "till")
    bad = {"event": "Email Sent", "user_id_path": "a..b", "signature_header": "no header", "timestamp_path": ".x"}
    answer = embedded.put("/api/v1/sources/till/hook", json=bad)

    assert (answer.status_code, len(answer.json()["errors"])) == (400, 4)
    assert embedded.put("/api/v1/sources/nobody/hook", json={}).status_code == 404


def test_the_inspector_shows_what_matched_what_failed_and_what_was_no_event(shop: Shop, client: TestClient[Any]) -> None:
    shop.send(
        track("ana", "Anything", purchaseMessage="thank you", price=5, refund=True),
        track("ana", "Anything", **BOUGHT),
        {"type": "track", "event": "Nobody's"},
        track("ana", "Purchase", price=250),
        track("ana", "Purchase", price=30),
    )
    shop.work()

    items = get(client, "events/inspect", limit=5, source="backend")["items"]
    again, dear, rejected, bought, cheap = items
    assert (rejected["rejected"]["code"], rejected["rejected"]["pointer"]) == ("missing_identity", "/userId")
    purchase, refund = cheap["derives"]
    assert (purchase["matched"], purchase["failed"]["path"], purchase["failed"]["seen"]) == (False, "price", 5)
    assert purchase["failed"]["sentence"] == "price is 5; asked: price is more than 10"
    assert [True, False] == [clause["holds"] for clause in purchase["clauses"]]
    assert (refund["matched"], refund["published"]) == (True, False)
    assert bought["derives"][0]["owner"] == {"namespace": "email", "path": "customer.email", "value": " Ana@Example.com "}
    assert [("journey:thanks", "entry", True)] == [
        (w["source"], w["role"], w["matched"]) for w in bought["derives"][0]["waited_for"]
    ]
    assert bought["starts"] == [{"source": "journey:thanks", "started": True}]
    assert (dear["waited_for"][0]["matched"], dear["waited_for"][0]["failed"]["seen"], dear["starts"]) == (False, 250, [])
    assert again["starts"] == [{"source": "journey:thanks", "started": False, "reason": "already_enrolled"}]
    french = get(client, "events/inspect", name="Purchase", source="backend", language="fr")["items"]
    assert french[1]["waited_for"][0]["failed"]["sentence"].endswith("price est inférieur à 100")
    assert [rejected["position"]] == [one["position"] for one in get(client, "events/inspect", only="rejected")["items"]]
    assert [] == get(client, "events/inspect", user_id="ana", source="nowhere")["items"]


def test_pages_of_the_inspector_show_every_item_once(embedded_shop: Shop, embedded: TestClient[Any]) -> None:
    for first in range(0, 40, 8):
        embedded_shop.send(*(track("ana", "Visit", page=str(n)) for n in range(first, first + 8)))
    embedded_shop.work()
    pages, before = [], ""
    while before is not None:
        page = get(embedded, "events/inspect", limit=7, name="Visit", before=before)
        pages.append([int(item["properties"]["page"]) for item in page["items"]])
        before = page["next"]

    assert list(range(39, -1, -1)) == [n for page in pages for n in page]
    assert max(map(len, pages)) == 7


def test_an_event_is_tried_out_without_being_sent(embedded_shop: Shop, embedded: TestClient[Any]) -> None:
    before = embedded_shop.installation.log.last_position()
    found = embedded.post("/api/v1/events/inspect", json={"event": "Purchase", "properties": {"price": "9"}}).json()

    assert before == embedded_shop.installation.log.last_position()
    assert [("thanks", False)] == [(w["source"].removeprefix("journey:"), w["matched"]) for w in found["waited_for"]]
    assert ["`price` is a text; the schema says number"] == [p["message"] for p in found["problems"]]
