"""Archived segments: they keep their members, say so, and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from litestar.testing import TestClient

from relance.cli import app as command_line
from relance.cli.place import Place
from relance.cli.segment import archive, count, explain, members, restore
from relance.clock import DAY, format_instant
from relance.definitions.load import load_text
from relance.definitions.publish import publish
from tests.integration.engine.conftest import Shop, identify, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.problems import Problem

JOURNEY = """
kind: journey
id: trial
entry: {type: event, event: Tried}
start: ask
steps:
  ask: {type: branch, when: [{where: {type: in_segment, segment: buyers}, next: yes}], otherwise: no}
  yes: {type: wait, for: 1h, next: end}
  no: {type: wait, for: 1h, next: end}
---
{kind: journey, id: welcome, entry: {type: segment_entered, segment: buyers}, start: w, steps: {w: {type: wait, for: 1h, next: end}}}
"""
DEFINITIONS = f"""
{{kind: segment, id: buyers, where: {{type: did, event: Order Completed, within: 1d}}}}
---
{{kind: segment, id: others, where: {{type: not, of: {{type: in_segment, segment: buyers}}}}}}
---{JOURNEY}"""


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient[Any]]:
    """Three people, of whom Ana has bought."""
    shop.apply(DEFINITIONS)
    shop.send(identify("ana"), identify("bo"), identify("cy"))
    shop.work()
    shop.send(track("ana", "Order Completed"))
    shop.work()
    with TestClient(shop.installation.make_api()) as opened:
        opened.headers["Authorization"] = f"Bearer {shop.installation.admin_key}"
        yield opened


def ask(client: TestClient[Any], path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert status == answer.status_code, answer.text
    return answer.json()


def act(client: TestClient[Any], path: str, status: int = 200) -> Any:
    answer = client.post(f"/api/v1/segments/{path}")
    assert status == answer.status_code, answer.text
    return answer.json()


def who(client: TestClient[Any], segment: str, at: str = "") -> list[str]:
    return [one["user_id"] for one in ask(client, f"segments/{segment}/members{f'?at={at}' if at else ''}")["items"]]


def entered(shop: Shop) -> list[Any]:
    return [(name, properties["segment"]) for name, properties in shop.events() if name in ("Segment Entered", "Segment Left")]


def problems_of(shop: Shop, definitions: str) -> list[Problem]:
    with shop.installation.database.reading() as connection:
        return publish(connection, load_text(definitions), shop.clock.now(), dry=True).problems


def test_an_archived_segment_keeps_its_members(shop: Shop, client: TestClient[Any]) -> None:
    flows = entered(shop)
    done = act(client, "buyers/archive")
    archived_at = shop.clock.at
    shop.send(track("bo", "Order Completed"))
    shop.work()
    shop.clock.at += 3 * DAY
    shop.send(track("ana", "Tried"), track("bo", "Tried"))
    shop.work()

    assert ({"segment": "buyers", "archived_at": format_instant(archived_at), "members": 1}).items() <= done.items()
    assert ["others", "trial", "welcome"] == sorted(use["id"] for use in done["used_by"] if not use["through"])
    assert (["ana"], ["bo", "cy"]) == (who(client, "buyers"), who(client, "others"))
    assert flows == entered(shop), "nobody enters, nobody leaves"
    steps = shop.rows(
        "SELECT p.user_id, e.step FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id WHERE e.source = 'journey:trial'"
    )
    assert {"ana": 1, "bo": 2} == dict(steps)
    # and what was before it is as it was
    assert [] == who(client, "buyers", format_instant(archived_at - DAY) or "")


def test_wherever_it_is_asked_about_it_says_so(shop: Shop, client: TestClient[Any]) -> None:
    at = act(client, "buyers/archive")["archived_at"]
    shop.work()

    for path in ("buyers", "buyers/count", "buyers/members", "buyers/sample", "buyers/explain?user_id=ana"):
        assert at == ask(client, f"segments/{path}")["archived_at"], path
    listed = {one["id"]: one.get("archived_at") for one in ask(client, "segments")["items"]}
    assert {"buyers": at, "others": None} == listed
    why = ask(client, "segments/others/explain?user_id=ana")["why"]["parts"][0]["parts"][0]
    assert {"archived_at": at} == why["seen"]
    assert "was in it when it was archived just now; an archived segment keeps its members" == why["sentence"]
    assert ask(client, "segments/buyers/explain?user_id=ana")["changes_at"] is None
    assert at == client.post("/api/v1/segments/buyers/preview", json={}).json()["archived_at"]
    overlap = client.post("/api/v1/segments/overlap", json={"segments": ["buyers", "others"]}).json()
    assert [at, None] == [one.get("archived_at") for one in overlap["segments"]]


def warned_of(shop: Shop, definitions: str) -> list[Problem]:
    """What is said of archived segments; here some events have never been seen, which is said, too."""
    return [problem for problem in problems_of(shop, definitions) if problem.code != "event_never_seen"]


def test_checks_warn_where_an_archived_segment_is_used(shop: Shop, client: TestClient[Any]) -> None:
    act(client, "buyers/archive")
    told = [(p.code, p.severity, p.kind, p.id, p.path) for p in warned_of(shop, JOURNEY)]

    assert [
        ("archived_segment", "warning", "journey", "trial", "/steps/ask/when/0/where/segment"),
        ("archived_segment", "warning", "journey", "welcome", "/entry/segment"),
    ] == told
    [own] = warned_of(shop, "{kind: segment, id: buyers, where: {type: did, event: Seen}}")
    assert ("archived_segment", "/where", "warning") == (own.code, own.path, own.severity)
    assert [] == warned_of(shop, "{kind: segment, id: new, where: {type: did, event: Order Completed}}")
    act(client, "buyers/restore")
    assert [] == warned_of(shop, JOURNEY)


def test_a_restored_segment_follows_its_condition_again(shop: Shop, client: TestClient[Any]) -> None:
    act(client, "buyers/archive")
    shop.send(track("bo", "Order Completed"))
    shop.work()
    assert "conflict" == act(client, "buyers/archive", 409)["code"]
    act(client, "buyers/restore")
    assert "conflict" == act(client, "buyers/restore", 409)["code"]
    assert "not_found" == act(client, "what/archive", 404)["code"]
    assert "not_found" == act(client, "what/restore", 404)["code"]
    shop.work()
    assert ["ana", "bo"] == who(client, "buyers")

    shop.clock.at += DAY
    act(client, "buyers/archive")  # when nobody is in it any more
    shop.send(track("cy", "Order Completed"))
    shop.work()
    assert [] == who(client, "buyers")


def test_a_warehouse_that_was_deleted_knows_it_again(embedded_shop: Shop) -> None:
    shop = embedded_shop
    shop.apply(DEFINITIONS)
    shop.send(identify("ana"), identify("bo"), track("ana", "Order Completed"))
    shop.work()
    with TestClient(shop.installation.make_api()) as client:
        client.headers["Authorization"] = f"Bearer {shop.installation.admin_key}"
        key = shop.installation.admin_key
        act(client, "buyers/archive")
    shop.send({"type": "identify", "userId": "dy", "anonymousId": "ana", "traits": {}}, track("bo", "Order Completed"))
    shop.work()
    shop.close()
    (shop.folder / "warehouse.duckdb").unlink()

    shop.open()
    shop.work()

    assert shop.installation.rebuilt
    with TestClient(shop.installation.make_api()) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        assert ["ana"] == who(client, "buyers")


def test_the_command_line_archives_without_a_server(
    embedded_shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = embedded_shop
    shop.apply(DEFINITIONS.replace(", within: 1d", ""))
    shop.send(identify("ana"), identify("bo"), track("ana", "Order Completed"))
    shop.work()
    shop.installation.stop()
    place = Place(data=shop.folder)

    assert 0 == archive("buyers", place=place)
    assert "it keeps its 1 members of" in capsys.readouterr().out
    assert 0 == count("buyers", place=place)
    said = capsys.readouterr()
    assert "1\n" == said.out
    assert "buyers is archived since" in said.err
    assert (0, "ana\n") == (members("buyers", place=place), capsys.readouterr().out)
    assert 0 == explain("buyers", user="ana", place=place)
    assert "was in it when it was archived" in capsys.readouterr().out
    file = tmp_path / "journey.yaml"
    file.write_text(JOURNEY)
    assert 0 == command_line(["check", str(file), "--data", str(shop.folder)])
    assert 2 == capsys.readouterr().out.count("archived_segment")
    assert 2 == command_line(["check", str(file), "--data", str(tmp_path / "nowhere")])
    assert "there is no store" in capsys.readouterr().err
    assert 2 == archive("buyers", place=place)
    assert "archived already" in capsys.readouterr().err
    assert 0 == restore("buyers", place=place)
    assert 2 == restore("buyers", place=place)
    shop.open()
