"""Lists in conditions: known to the engine at once, at moments, after merges and rebuilds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar.testing import TestClient

from relance.lists.members import add_members, create_list, remove_members
from relance.segments.judge import WarehouseJudge
from tests.integration.engine.conftest import Shop, identify, track

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 3_600_000_000
TRIAL = """
kind: journey
id: trial
entry: {type: event, event: Tried}
start: ask
steps:
  ask: {type: branch, when: [{where: {type: in_list, list: beta}, next: yes}], otherwise: no}
  yes: {type: wait, for: 1h, next: end}
  no: {type: wait, for: 1h, next: end}
"""
DEFINITIONS = f"{{kind: segment, id: testers, where: {{type: in_list, list: beta}}}}\n---{TRIAL}"


def on_list(shop: Shop, at: int | None = None) -> list[str]:
    installation = shop.installation
    judge = WarehouseJudge(installation.warehouse, installation.workspace())
    users = dict(shop.rows("SELECT profile_id, user_id FROM profiles"))
    found = judge.members({"type": "in_segment", "segment": "testers"}, shop.clock.at if at is None else at, 1 << 61)
    return sorted(users[p] for p in found)


def put(shop: Shop, *users: str) -> None:
    with shop.installation.database.writing() as connection:
        add_members(connection, "beta", users, now=shop.clock.now())


def fill(shop: Shop) -> None:
    shop.apply(DEFINITIONS)
    shop.send(identify("ana"), identify("bo"), {"type": "track", "anonymousId": "anon", "event": "Seen"})
    shop.work()
    with shop.installation.database.writing() as connection:
        create_list(connection, "beta", "", now=shop.clock.now())
    put(shop, "ana", "anon")
    shop.work()  # nothing came in: the change alone is work


def test_a_list_is_known_at_each_moment(shop: Shop) -> None:
    fill(shop)
    added_at = shop.clock.at
    shop.clock.at += HOUR
    with shop.installation.database.writing() as connection:
        remove_members(connection, "beta", ["ana"], now=shop.clock.now())
    shop.work()

    assert ["anon"] == on_list(shop)
    assert ["ana", "anon"] == on_list(shop, added_at)
    assert [] == on_list(shop, added_at - HOUR)


def test_a_branch_asks_for_a_list(shop: Shop) -> None:
    fill(shop)
    shop.send(track("ana", "Tried"), track("bo", "Tried"))
    shop.work()

    assert {"ana": 1, "bo": 2} == dict(
        shop.rows("SELECT p.user_id, e.step FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id")
    )


def test_memberships_unite_when_people_merge(shop: Shop) -> None:
    fill(shop)
    shop.send({"type": "identify", "userId": "bo", "anonymousId": "anon", "traits": {}})
    put(shop, "ana")
    shop.work()

    assert ["ana", "bo"] == on_list(shop)
    assert ["ana", "bo"] == members_in_store(shop)


def test_a_warehouse_that_was_deleted_knows_lists_again(shop: Shop) -> None:
    fill(shop)
    shop.send({"type": "identify", "userId": "bo", "anonymousId": "anon", "traits": {}})
    shop.work()
    before = on_list(shop), on_list(shop, shop.clock.at - HOUR)
    shop.close()
    (shop.folder / "warehouse.duckdb").unlink()

    shop.open()
    shop.work()

    assert shop.installation.rebuilt
    assert before == (on_list(shop), on_list(shop, shop.clock.at - HOUR))
    assert before[0] == ["ana", "bo"]


def members_in_store(shop: Shop) -> Sequence[str]:
    from relance.lists.members import read_members

    with shop.installation.database.reading() as connection:
        return [found["user_id"] for found in read_members(connection, "beta", limit=100)]


def test_lists_over_http(shop: Shop) -> None:
    shop.apply(DEFINITIONS)
    shop.send(identify("ana"), identify("bo"), identify("cy"))
    shop.work()
    with TestClient(shop.installation.make_api()) as client:
        client.headers["Authorization"] = f"Bearer {shop.installation.admin_key}"
        made = client.post("/api/v1/lists", json={"id": "beta", "name": "Beta"})
        again = client.post("/api/v1/lists", json={"id": "beta"})
        added = client.post("/api/v1/lists/beta/members", json={"user_ids": ["ana", "zoe"], "text": "user_id\nbo\ncy\n"})
        removed = client.post("/api/v1/lists/beta/members/remove", json={"text": "cy, zoe"})
        nobody = client.post("/api/v1/lists/beta/members", json={})
        shop.work()
        page = client.get("/api/v1/lists/beta/members", params={"limit": 1}).json()
        rest = client.get("/api/v1/lists/beta/members", params={"limit": 1, "after": page["next"]}).json()
        lists = client.get("/api/v1/lists").json()["items"]
        inside = on_list(shop)
        named = client.delete("/api/v1/lists/beta")
        shop.apply(
            "{kind: segment, id: testers, where: {type: any, of: []}}\n---\n"
            + TRIAL.replace("in_list, list: beta", "any, of: []")
        )
        gone = client.delete("/api/v1/lists/beta")
        missing = client.get("/api/v1/lists/beta")
        shop.work()

    assert (201, 0) == (made.status_code, made.json()["members"])
    assert (409, "conflict") == (again.status_code, again.json()["code"])
    assert {"added": 3, "unchanged": 0, "unknown": ["zoe"]} == added.json()
    assert {"removed": 1, "unchanged": 0, "unknown": ["zoe"]} == removed.json()
    assert 400 <= nobody.status_code < 500
    assert ["ana", "bo"] == [found["user_id"] for found in [*page["items"], *rest["items"]]]
    assert [("beta", "Beta", 2)] == [(found["id"], found["name"], found["members"]) for found in lists]
    assert ["ana", "bo"] == inside
    assert (409, "the list 'beta' is named by") == (named.status_code, named.json()["message"][:27])
    assert "segment testers" in named.json()["message"]
    assert "journey trial" in named.json()["message"]
    assert (204, 404, []) == (gone.status_code, missing.status_code, on_list(shop))


def test_lists_want_a_key_that_may_write(shop: Shop) -> None:
    with TestClient(shop.installation.make_api()) as client:
        assert 401 == client.post("/api/v1/lists", json={"id": "beta"}).status_code


def test_going_on_and_off_a_list_is_told_at_its_instant(shop: Shop) -> None:
    shop.apply(
        DEFINITIONS.replace(
            "entry: {type: event, event: Tried}",
            "entry: {type: segment_entered, segment: testers}\nexit_on: [{segment_left: testers}]",
        )
    )
    shop.send(identify("ana"), identify("bo"))
    shop.work()
    with shop.installation.database.writing() as connection:
        create_list(connection, "beta", "", now=shop.clock.now())
    put(shop, "ana")
    entered_at = shop.clock.now()
    shop.work()
    shop.clock.at += HOUR // 2
    with shop.installation.database.writing() as connection:
        remove_members(connection, "beta", ["ana"], now=shop.clock.now())
    left_at = shop.clock.now()
    shop.clock.at += 1
    shop.work()

    assert shop.rows("SELECT entered_at, ended_at, reason FROM enrollments") == [(entered_at, left_at, "testers")]
