"""Steps of the type `audience`: who is in an ad audience, every change, and what is shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.audiences import audience_router
from relance.api.problems import on_relance_error
from relance.audiences.members import read_audiences_of, read_changes, read_members
from relance.errors import RelanceError
from relance.journeys.figures import list_reports
from tests.contract.journeys.world import Told, short

if TYPE_CHECKING:
    from tests.contract.journeys.world import World

ADS = """
kind: journey
id: ads
entry: {type: event, event: Go}
reentry: always
exit_on: [{event: Order}]
start: add
steps:
  add: {type: audience, audience: returning, action: add, next: stay}
  stay: {type: listen, for: [{event: Back, next: remove}], timeout: 1d, on_timeout: again}
  again: {type: audience, audience: returning, action: add, next: end}
  remove: {type: audience, audience: returning, action: remove, next: twice}
  twice: {type: audience, audience: returning, action: remove, next: end}
"""
EVENTS: list[Told] = [
    ("03-01 08:00", "bo", "Go"), ("03-01 09:00", "ana", "Go"), ("03-01 09:00", "anon-1", "Go"), ("03-01 10:00", "bo", "Back"),
    ("03-01 11:00", "ana", "Order"), ("03-01 12:00", "bo", "Go"), ("03-01 13:00", "bo", "Order"),
]  # fmt: skip


@pytest.fixture
def played(world: World) -> World:
    found = world.play(ADS, EVENTS, until="03-03")
    assert found.passages("bo") == [
        "03-01 08:00 add@03-01 08:00 stay@03-01 08:00 remove@03-01 10:00 twice@03-01 10:00 finished 03-01 10:00",
        "03-01 12:00 add@03-01 12:00 stay@03-01 12:00 exited Order 03-01 13:00",
    ]
    return world


def test_who_is_in_an_audience_and_how_they_came_and_went(played: World) -> None:
    """To add somebody twice, or take out who is not in it, changes nothing. To leave the journey is not to leave the audience."""
    with played.database.reading() as connection:
        members = read_members(connection, "returning", limit=10)
        changes = read_changes(connection, "returning", limit=10)
        (report,) = list_reports(connection, "journey")

    assert [("ana", "03-01 09:00"), ("anon-1", "03-01 09:00"), ("bo", "03-01 12:00")] == [
        (m["user_id"], short(m["since"])) for m in members
    ]
    assert ["03-01 08:00 add add", "03-01 10:00 remove remove", "03-01 12:00 add add"] == [
        f"{short(c['at'])} {c['action']} {c['step']}" for c in changes if c["user_id"] == "bo"
    ]
    assert [
        {"step": "add", "audience": "returning", "added": 4, "removed": 0},
        {"step": "remove", "audience": "returning", "added": 0, "removed": 1},
    ] == report["audiences"]


def test_people_who_merge_are_in_it_once(world: World) -> None:
    events: list[Told] = [*EVENTS[:3], ("03-01 10:00", "ana", "alias", {"previousId": "anon-1"})]

    world.play(ADS, events, until="03-01 12:00")

    with world.database.reading() as connection:
        members = read_members(connection, "returning", limit=10)
        profile_id = int(connection.value("SELECT profile_id FROM profiles WHERE user_id = 'ana'"))
        assert ["returning"] == [one["audience"] for one in read_audiences_of(connection, profile_id)]
    assert ["ana", "bo"] == [m["user_id"] for m in members]


def test_whoever_is_held_out_for_comparison_stays_out_of_the_audience(world: World) -> None:
    everybody = ADS + "holdout_percent: 100\n"

    found = world.play(everybody, EVENTS[:3], until="03-03")

    assert {"finished"} == {e["status"] for e in found.enrollments}
    with world.database.reading() as connection:
        assert [] == read_changes(connection, "returning", limit=10)


def test_routes(played: World) -> None:
    app = Litestar([audience_router(played.database)], exception_handlers={RelanceError: on_relance_error})
    with TestClient(app) as client:
        first = client.get("/api/v1/audiences/returning/members", params={"limit": 2}).json()
        rest = client.get("/api/v1/audiences/returning/members", params={"limit": 2, "after": first["next"]}).json()
        changes = client.get("/api/v1/audiences/returning/changes", params={"limit": 4}).json()
        last = client.get("/api/v1/audiences/returning/changes", params={"limit": 4, "after": changes["next"]}).json()

        assert ("anon-1", ["bo"], None) == (first["next"], [m["user_id"] for m in rest["items"]], rest["next"])
        assert (4, ["bo"]) == (len(changes["items"]), [c["user_id"] for c in last["items"]])
        assert [(3, 4, 1)] == [
            (one["members"], one["added"], one["removed"]) for one in client.get("/api/v1/audiences").json()["items"]
        ]
        assert ["add", "remove"] == [s["step"] for s in client.get("/api/v1/audiences/returning").json()["steps"]]
        assert 404 == client.get("/api/v1/audiences/none/members").status_code
