"""Memberships are kept behind the engine: they say the same as what journeys are told, and time passes for them too."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from litestar.testing import TestClient

from relance.clock import DAY, HOUR, SECOND, SystemClock, format_instant
from tests.integration.engine.conftest import Shop, identify, track

if TYPE_CHECKING:
    from pathlib import Path

    from relance.warehouse import EventRow

SEGMENTS = """
{kind: segment, id: recent, where: {type: did, event: Order Completed, within: 1d}}
---
{kind: segment, id: gone, where: {type: did, event: Order Completed, times: {eq: 0}, within: 1d}}
"""
# A journey that waits for a segment makes the engine tell of it in the log.
WAITING = """
---
{kind: journey, id: j, reentry: always, entry: {type: segment_entered, segment: recent}, start: w, steps: {w: {type: wait, for: 1h, next: end}}}
---
{kind: journey, id: k, reentry: always, entry: {type: segment_entered, segment: gone}, start: w, steps: {w: {type: wait, for: 1h, next: end}}}
"""


def work(shop: Shop) -> None:
    shop.work()
    shop.installation.segment_loop.work()


def told(shop: Shop) -> list[tuple[int, str, str, int]]:
    """What the log tells of memberships: who, which segment, whether entered, when."""
    people = shop.installation.warehouse.people(range(1, 10))
    return sorted(
        (event.profile_id, _segment_of(event), event.name, event.at)
        for person in people
        for event in person.events
        if event.name in ("Segment Entered", "Segment Left")
    )


def _segment_of(event: EventRow) -> str:
    properties = json.loads(event.properties) if isinstance(event.properties, str) else event.properties
    return str(properties["segment"])


def kept(shop: Shop) -> list[tuple[Any, ...]]:
    """The same, as it is kept."""
    warehouse = shop.installation.warehouse
    return sorted(
        (profile, segment, "Segment Entered" if entered else "Segment Left", at)
        for profile in range(1, 10)
        for segment, at, entered in warehouse.kept_changes_of(profile, 100)
    )


def test_what_is_kept_is_what_journeys_are_told(shop: Shop) -> None:
    shop.apply(SEGMENTS + WAITING)
    work(shop)
    shop.send(identify("ana"), identify("bo"), {"type": "track", "anonymousId": "x", "event": "Order Completed"})
    work(shop)
    shop.clock.at += HOUR
    shop.send(track("ana", "Order Completed"), track("bo", "Page Viewed"))
    work(shop)
    shop.clock.at += HOUR
    shop.send({"type": "identify", "userId": "bo", "anonymousId": "x", "traits": {}})
    work(shop)
    for hours in (20, 1, 1, 12, 14):
        shop.clock.at += hours * HOUR
        shop.send(track("ana", "Order Completed" if hours == 12 else "Page Viewed"))
        work(shop)
    shop.clock.at += 3 * DAY
    work(shop)
    ana = next(iter(shop.installation.warehouse.find_profiles("ana")))
    of_ana = [row for row in told(shop) if row[0] == ana]
    assert len(of_ana) >= 6
    assert of_ana == [row for row in kept(shop) if row[0] == ana]


def test_a_restart_goes_on(shop: Shop) -> None:
    shop.apply(SEGMENTS)
    shop.send(identify("ana"), track("ana", "Order Completed"))
    work(shop)
    shop.close()
    shop.clock.at += 2 * DAY
    shop.open()
    shop.installation.engine_loop.refresh()
    work(shop)
    assert {"gone": 1, "recent": 0} == shop.installation.keeper.counted.members
    assert 3 == len([row for row in kept(shop) if row[0] == 1])


def test_a_life_tells_of_segments_that_nobody_waits_for(embedded_shop: Shop) -> None:
    shop = embedded_shop
    shop.apply(SEGMENTS)
    work(shop)
    shop.send(identify("ana"))
    work(shop)
    shop.clock.at += HOUR
    shop.send(track("ana", "Order Completed"))
    at = shop.clock.at
    work(shop)
    with TestClient(shop.installation.make_api()) as client:
        client.headers["Authorization"] = f"Bearer {shop.installation.admin_key}"
        items = client.get("/api/v1/profiles/ana/timeline").json()["items"]
        counted = {s["id"]: s["members"] for s in client.get("/api/v1/segments").json()["items"]}
        page = client.get("/api/v1/segments/recent/members").json()["items"]
        sizes = client.get("/api/v1/segments/recent/sizes", params={"every": "hour"}).json()["points"]
        many = client.post("/api/v1/segments/sizes", json={"segments": ["recent", "gone"], "every": "hour"}).json()["items"]
        unknown = client.post("/api/v1/segments/sizes", json={"segments": ["recent", "nothing"]})
        none = client.post("/api/v1/segments/sizes", json={"segments": []})
    changes = [
        (i["name"], i["properties"]["segment"]) for i in items if i["kind"] == "event" and i["name"].startswith("Segment")
    ]
    assert {("Segment Entered", "recent"), ("Segment Left", "gone"), ("Segment Entered", "gone")} == set(changes)
    assert {"recent": 1, "gone": 0} == counted
    assert format_instant(at) == page[0]["since"]
    assert (1, 1) == (sizes[-1]["members"], sizes[-1]["entered"])
    assert [("recent", sizes), ("gone", 0)] == [
        (many[0]["id"], many[0]["points"]),
        (many[1]["id"], many[1]["points"][-1]["members"]),
    ]
    assert (404, 400) == (unknown.status_code, none.status_code)


def test_time_alone_moves_people_while_the_server_runs(tmp_path: Path) -> None:
    shop = Shop(tmp_path, clock=SystemClock())  # type: ignore[arg-type]  # the real one
    shop.apply("{kind: segment, id: now, where: {type: did, event: Order Completed, within: 2s}}")
    installation = shop.installation
    installation.start()
    try:
        shop.send(identify("ana"))
        _until(lambda: installation.keeper.counted.members == {"now": 0})
        shop.send(track("ana", "Order Completed"))
        _until(lambda: len(installation.shared_warehouse.kept_changes_of(1, 9)) == 2)
    finally:
        shop.close()
    (_, left, is_in), (_, entered, was_in) = shop_changes(tmp_path)
    assert (False, True) == (is_in, was_in)
    assert 2 * SECOND == left - entered


def shop_changes(folder: Path) -> list[tuple[str, int, bool]]:
    from relance.warehouse import open_warehouse

    warehouse = open_warehouse(f"duckdb:///{folder}/warehouse.duckdb")
    try:
        return warehouse.kept_changes_of(1, 9)
    finally:
        warehouse.close()


def _until(found: Any) -> None:
    for _ in range(600):
        if found():
            return
        time.sleep(0.1)
    msg = "it never came"
    raise AssertionError(msg)
