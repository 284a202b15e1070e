"""Segments over HTTP and on the command line, of an installation that runs."""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pyarrow.parquet as pq
import pytest
from litestar.testing import TestClient

from relance.api.server import ServerThread
from relance.cli.place import Place
from relance.cli.segment import count, explain, export, members, overlap, preview, sample, uses
from relance.errors import QuestionDropped
from relance.segments.desk import SegmentDesk
from tests.integration.engine.conftest import START, Shop, identify, subscribe, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.warehouse.asking import Asking

DEFINITIONS = """
{kind: segment, id: pro, name: Pros, where: {type: trait, path: plan, op: eq, value: pro}}
---
{kind: segment, id: buyers, where: {type: did, event: Order Completed, within: 30d}}
---
{kind: segment, id: quiet-pros, where: {type: all, of: [{type: in_segment, segment: pro}, {type: not, of: {type: in_segment, segment: buyers}}]}}
---
{kind: template, id: mail, channel: email, status: ready, subject: Hi, body: there}
---
kind: campaign
id: news
audience: {type: in_segment, segment: quiet-pros}
schedule: {api: true}
message: {channel: email, template: mail}
"""
PRO = {"type": "trait", "path": "plan", "op": "eq", "value": "pro"}


@pytest.fixture
def lived(shop: Shop) -> Shop:
    """Four people, two of them on the plan `pro`, one of these a buyer."""
    shop.apply(DEFINITIONS)
    shop.send(identify("ana", plan="pro", first_name="Ana"), subscribe("ana"), identify("bo", plan="pro", note="=1+1"))
    shop.send(identify("cy", plan="free"), track("cy", "Order Completed"), track("ana", "Order Completed", total=5))
    shop.send({"type": "track", "anonymousId": "anon", "event": "Seen"})
    shop.work()
    return shop


@pytest.fixture
def client(lived: Shop) -> Iterator[TestClient[Any]]:
    with TestClient(lived.installation.make_api()) as opened:
        opened.headers["Authorization"] = f"Bearer {lived.installation.admin_key}"
        yield opened


def get(client: TestClient[Any], path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1/segments/{path}")

    assert status == answer.status_code, answer.text
    return answer.json()


def post(client: TestClient[Any], path: str, body: Any, status: int = 200) -> Any:
    answer = client.post(f"/api/v1/segments/{path}", json=body)

    assert status == answer.status_code, answer.text
    return answer.json()


def test_a_condition_is_previewed_before_it_is_saved(client: TestClient[Any]) -> None:
    told = post(client, "preview", {"where": PRO, "sample": 5})

    assert (2, 2, 2, 4, True, []) == tuple(told[name] for name in ("members", "low", "high", "people", "exact", "warnings"))
    assert {"email": 1, "sms": 0, "push": 0} == {channel: reached["members"] for channel, reached in told["reach"].items()}
    assert {"ana", "bo"} == {person["user_id"] for person in told["sample"]}
    same = post(client, "pro/preview", {"exact": True})
    assert ("pro", 2, told["reach"]) == (same["segment"], same["members"], same["reach"])


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"where": {"type": "trait", "path": "plan"}}, 400, "missing_field", "/where"),
        ({"where": {"type": "in_segment", "segment": "pors"}}, 400, "unknown_segment", "/where/segment"),
        ({"where": 5}, 400, "wrong_type", "/where"),
        ({"where": PRO, "at": "soon"}, 400, None, None),
        ({"where": PRO, "sample": 1000}, 400, None, None),
        ({"where": PRO, "typo": 1}, 400, None, None),
        ({}, 400, None, None),
    ],
)
def test_what_is_no_condition_is_told_with_its_place(
    client: TestClient[Any], body: Any, status: int, code: str | None, pointer: str | None
) -> None:
    told = post(client, "preview", body, status)

    if code is not None:
        assert [(code, pointer)] == [(e["code"], e["path"]) for e in told["errors"]]


def test_members_come_in_pages(client: TestClient[Any]) -> None:
    first = get(client, "pro/members?limit=1")
    second = get(client, f"pro/members?limit=1&after={first['next']}")

    assert ["ana", "bo"] == [page["items"][0]["user_id"] for page in (first, second)]
    assert {"user_id": "ana", "name": "Ana", "email": "ana@example.com", "phone": None}.items() <= first["items"][0].items()
    assert (2, None) == (first["members"], second["next"])
    assert 0 == get(client, "pro/members?at=2020-01-01T00:00:00Z")["members"]
    assert ["ana", "bo"] == sorted(one["user_id"] for one in get(client, "pro/sample?n=5")["items"])
    assert 2 == get(client, "pro/count")["members"]


def test_bad_questions_are_problems_with_a_code(client: TestClient[Any]) -> None:
    for path in (
        "what/count",
        "what/members",
        "what/sample",
        "what/export",
        "what",
        "what/dependencies",
        "what/explain?user_id=ana",
    ):
        assert "not_found" == get(client, path, 404)["code"]
    for path in (
        "pro/members?limit=0",
        "pro/members?after=x",
        "pro/export?format=xls",
        "pro/export?traits=a..b",
        "pro/sample?n=0",
        "pro/count?at=x",
    ):
        get(client, path, 400)
    get(client, "pro/explain?user_id=nobody", 404)
    post(client, "overlap", {"segments": ["pro"]}, 400)
    del client.headers["Authorization"]
    for path in ("pro", "pro/members", "pro/export"):
        get(client, path, 401)


def test_overlap(client: TestClient[Any]) -> None:
    told = post(client, "overlap", {"segments": ["pro", "buyers"]})

    assert (1, 3, 0.333333) == (told["both"], told["either"], told["share"])


def test_why_somebody_is_in_or_not(client: TestClient[Any]) -> None:
    told = get(client, "quiet-pros/explain?user_id=ana")
    told_french = get(client, "quiet-pros/explain?user_id=ana&language=fr")

    assert (False, "2026-04-01T10:00:00Z") == (told["member"], told["changes_at"][:19] + "Z")
    bought = told["why"]["parts"][1]["parts"][0]["parts"][0]
    assert "Order Completed: once in the last 30 days, just now; needs at least 1" == bought["sentence"]
    assert (
        "Order Completed\u00a0: une fois en 30 jours, à l\u2019instant\u00a0; il faut au moins 1"
        == (told_french["why"]["parts"][1]["parts"][0]["parts"][0]["sentence"])
    )
    assert not get(client, "pro/explain?user_id=anon")["member"]


def test_what_uses_it(client: TestClient[Any]) -> None:
    told = get(client, "pro/dependencies")

    assert [("segment", "quiet-pros", []), ("campaign", "news", ["quiet-pros"])] == [
        (use["kind"], use["id"], use["through"]) for use in told["used_by"]
    ]
    assert {"kind": "segment", "id": "pro", "name": "Pros", "where": PRO}.items() <= get(client, "pro").items()


def test_all_members_as_a_file(client: TestClient[Any]) -> None:
    answer = client.get("/api/v1/segments/pro/export?traits=plan,note&bom=true")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert [
        ["user_id", "email", "phone", "plan", "note"],
        ["ana", "ana@example.com", "", "pro", ""],
        ["bo", "bo@example.com", "", "pro", "'=1+1"],
    ] == rows
    assert ("text/csv; charset=utf-8", 'attachment; filename="pro.csv"', str(len(answer.content)), "2") == tuple(
        answer.headers[name] for name in ("content-type", "content-disposition", "content-length", "x-relance-members")
    )
    answer = client.get("/api/v1/segments/pro/export?format=parquet&traits=note")
    assert [None, "=1+1"] == pq.read_table(io.BytesIO(answer.content))["note"].to_pylist()


@contextmanager
def served(shop: Shop) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ServerThread(shop.installation.make_api(), "127.0.0.1", port)
    server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


def test_the_command_line_asks_a_server(
    lived: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELANCE_KEY", str(lived.installation.admin_key))
    condition = tmp_path / "condition.yaml"
    condition.write_text("{kind: segment, id: x, where: {type: trait, path: plan, op: is_set}}")
    file = tmp_path / "pro.csv"
    with served(lived) as url:
        place = Place(url=url)
        assert (0, "2\n") == (count("pro", place=place), capsys.readouterr().out)
        assert (0, "ana\nbo\n") == (members("pro", place=place), capsys.readouterr().out)
        assert (0, "2 of 2\n") == (sample("pro", place=place), capsys.readouterr().out[-7:])
        assert (0, "3 of 4 people\n") == (preview(str(condition), place=place), capsys.readouterr().out[:14])
        assert 0 == overlap("pro", "buyers", place=place)
        assert "pro and buyers: 1 in both, 3 in either (33.3%; 50.0% of pro, 50.0% of buyers)" in capsys.readouterr().out
        assert 1 == explain("quiet-pros", user="ana", place=place, language="fr")
        assert "needs" not in capsys.readouterr().out
        assert 0 == uses("pro", place=place)
        assert "campaign news /audience/segment (through quiet-pros)" in capsys.readouterr().out
        assert 0 == export("pro", out=file, traits="plan", place=place, json=True)
        assert {"segment": "pro", "members": 2, "file": str(file)}.items() <= json.loads(capsys.readouterr().out).items()
        assert 3 == len(file.read_text().splitlines())
        assert (2, "there is no segment 'what'\n") == (
            export("what", out=tmp_path / "no.csv", place=place),
            capsys.readouterr().err,
        )
        assert not (tmp_path / "no.csv").exists()
        monkeypatch.setenv("RELANCE_URL", url)
        assert (0, "2\n") == (count("pro"), capsys.readouterr().out)
        monkeypatch.setenv("RELANCE_KEY", "ak_wrong")
        assert 2 == count("pro", place=place)
        assert "unknown or revoked" in capsys.readouterr().err
    monkeypatch.delenv("RELANCE_KEY")
    assert 2 == count("pro", place=place)
    assert "set RELANCE_KEY" in capsys.readouterr().err
    monkeypatch.setenv("RELANCE_KEY", "ak_x")
    assert 2 == count("pro", place=place)
    assert "does not answer" in capsys.readouterr().err


def test_while_a_server_has_the_stores_the_command_line_says_how_to_ask_it(lived: Shop) -> None:
    run = "import relance.cli, sys; sys.argv[0] = 'relance'; relance.cli.main()"
    store = ["--store", lived.store_url] if lived.store_url else []
    command = [sys.executable, "-c", run, "segment", "count", "pro", "--data", str(lived.folder), *store]
    done = subprocess.run(command, capture_output=True, check=False, text=True)

    assert 2 == done.returncode
    assert "another process has it open" in done.stderr
    assert "--url (or RELANCE_URL) and set RELANCE_KEY" in done.stderr


def test_who_goes_away_takes_the_question_back(lived: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended, errors = threading.Event(), threading.Event(), []

    class Endless:
        """A question that is not answered in our time."""

        def sql(self, _dialect: str, _shape: str) -> str:
            many = " CROSS JOIN ".join(f"range(1000) AS r{n}(v{n})" for n in range(6))
            return f"SELECT sum(v0 * v1 + v5) AS profile_id FROM {many}"

        def holds(self, *_: object) -> bool:
            raise NotImplementedError

    def ask_for_ever(self: SegmentDesk, *_: Any, asking: Asking, **__: Any) -> Any:
        begun.set()
        try:
            return self._warehouse.member_ids(Endless(), START, None, asking)
        except QuestionDropped as e:
            errors.append(e)
            raise
        finally:
            ended.set()

    monkeypatch.setattr(SegmentDesk, "preview", ask_for_ever)
    body = json.dumps({"where": PRO}).encode()
    with served(lived) as url:
        port = int(url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            head = (
                f"POST /api/v1/segments/preview HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {lived.installation.admin_key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode() + body)
            assert begun.wait(30)
        assert ended.wait(30)
        monkeypatch.undo()
        answer = httpx.post(
            f"{url}/api/v1/segments/preview",
            json={"where": PRO},
            headers={"authorization": f"Bearer {lived.installation.admin_key}"},
        )

    assert ([1], 2) == ([len(errors)], answer.json()["members"])
