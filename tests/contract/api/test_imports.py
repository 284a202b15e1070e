"""Imports over HTTP, on both engines of the store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from relance.api.imports import import_router
from relance.api.problems import on_relance_error
from relance.clock import SystemClock
from relance.errors import RelanceError
from relance.eventlog import open_log
from relance.imports.desk import ImportDesk
from relance.imports.uploads import Order, Uploads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from relance.eventlog import EventLog
    from relance.store import Database

ORDERS = "customer_id;order date;total;paid\n" + "".join(f"c{n};{1 + n % 28:02}/03/2026;{n},50;true\n" for n in range(400))
PEOPLE = "Email,First name,Signed up\nana@example.com,Ana,2026-01-02\nbo@example.com,Bo,2026-01-03\n"


@pytest.fixture
def log() -> Iterator[EventLog]:
    opened = open_log("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def desk(database: Database, log: EventLog, tmp_path: Path) -> Iterator[ImportDesk]:
    made = ImportDesk(database, log, SystemClock(), tmp_path / "uploads")
    yield made
    made.stop()


@pytest.fixture
def client(desk: ImportDesk) -> Iterator[TestClient[Litestar]]:
    app = Litestar([import_router(desk)], exception_handlers={RelanceError: on_relance_error})
    with TestClient(app, base_url="http://127.0.0.1") as opened:
        yield opened


def send(client: TestClient[Litestar], name: str, text: str | bytes) -> str:
    answer = client.post("/api/v1/imports/files", params={"name": name}, content=text)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["file"])


def post(client: TestClient[Litestar], path: str, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.post(f"/api/v1/imports{path}", json=body).json()
    return found


def wait_for(client: TestClient[Litestar], number: int) -> dict[str, Any]:
    for _ in range(1_000):
        found: dict[str, Any] = client.get(f"/api/v1/imports/{number}").json()
        if found["state"] != "running":
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def test_a_file_is_sent_looked_at_and_imported(
    client: TestClient[Litestar], desk: ImportDesk, log: EventLog, tmp_path: Path
) -> None:
    file = send(client, "C:\\exports\\orders 2026.csv", ORDERS)
    seen = post(client, "/look", file=file)
    assert (seen["file"], seen["guessed"], seen["problems"]) == ("orders 2026.csv", True, [])
    assert seen["columns"] == ["customer_id", "order date", "total", "paid"]
    assert seen["rows"][1] == ["c1", "02/03/2026", "1,50", "true"]
    first = seen["events"][1]
    assert (first["userId"], first["event"], first["timestamp"]) == ("c1", "Order Completed", "2026-03-02T00:00:00Z")
    assert first["properties"] == {"total": 1.5, "paid": True}

    desk.start()
    asked = post(client, "", file=file, mapping=seen["mapping"], source="shop")
    done = wait_for(client, asked["id"])
    assert {n: done[n] for n in ("state", "rows", "events", "rejected", "progress", "source", "live")} == {
        "state": "done", "rows": 400, "events": 400, "rejected": 0, "progress": 1, "source": "shop", "live": False,
    }  # fmt: skip
    assert log.last_position() == 400
    assert client.get("/api/v1/imports").json()["items"] == [done]
    assert [*(tmp_path / "uploads").iterdir()] == []

    again = post(client, "", file=send(client, "orders.csv", ORDERS), mapping=seen["mapping"], source="shop")
    assert (again["id"], again["already_done"]) == (done["id"], True)


def test_people_become_identifies_and_their_address_is_kept(client: TestClient[Litestar]) -> None:
    seen = post(client, "/look", file=send(client, "people.csv", PEOPLE))
    assert [(e["type"], e["userId"], e["traits"]) for e in seen["events"]] == [
        ("identify", "ana@example.com", {"email": "ana@example.com", "First name": "Ana", "Signed up": "2026-01-02T00:00:00Z"}),
        ("identify", "bo@example.com", {"email": "bo@example.com", "First name": "Bo", "Signed up": "2026-01-03T00:00:00Z"}),
    ]


def test_what_tells_itself_needs_no_mapping(client: TestClient[Litestar], desk: ImportDesk) -> None:
    lines = '{"type":"track","userId":"a","event":"E","timestamp":"2026-03-01T00:00:00Z"}\nnonsense\n'
    file = send(client, "events.jsonl", lines)
    seen = post(client, "/look", file=file)
    assert (seen["mapping"], seen["guessed"], len(seen["events"])) == (None, False, 1)
    assert [r["code"] for r in seen["rejects"]] == ["not_json"]
    desk.start()
    done = wait_for(client, post(client, "", file=file)["id"])
    assert (done["events"], done["rejected"]) == (1, 1)
    rejects = client.get(f"/api/v1/imports/{done['id']}/rejects").json()["items"]
    assert [(r["row"], r["code"], r["excerpt"]) for r in rejects] == [(2, "not_json", "nonsense")]
    assert client.get(f"/api/v1/imports/{done['id']}/rejects", params={"after": 1}).json()["items"] == []


def test_what_can_not_be_is_told(client: TestClient[Litestar], tmp_path: Path) -> None:
    answers = [
        client.post("/api/v1/imports/files", params={"name": "orders.xlsx"}, content=b"x"),
        client.post("/api/v1/imports/files", params={"name": "orders.csv"}, content=b""),
        client.post("/api/v1/imports", json={"file": "0123456789abcdef"}),
        client.post("/api/v1/imports", json={"file": "../../etc"}),
        client.get("/api/v1/imports/77"),
    ]
    assert [a.status_code for a in answers] == [400, 400, 404, 404, 404]
    assert "must end in .csv, .jsonl or .parquet" in answers[0].json()["message"]
    assert [*(tmp_path / "uploads").iterdir()] == []

    file = send(client, "visits.csv", "when,what\n2026-03-01,x\n")
    assert post(client, "/look", file=file)["problems"][0]["code"] == "mapping_needed"
    refused = client.post("/api/v1/imports", json={"file": file, "mapping": {"events": [{"user_id": "who", "event": "E"}]}})
    assert refused.status_code == 400
    assert any(e["code"] == "missing_column" or "timestamp" in e["message"] for e in refused.json()["errors"])


def test_a_server_that_starts_again_goes_on(database: Database, log: EventLog, tmp_path: Path) -> None:
    """The first was asked and never began; the second one does, with the mapping that was given."""
    first = ImportDesk(database, log, SystemClock(), tmp_path)
    with first.receive("orders.csv") as arriving:
        arriving.write(ORDERS.encode())
        upload = arriving.finish()
    asked = first.ask(upload.id, mapping=first.look(upload.id)["mapping"])
    assert asked["state"] == "running"

    second = ImportDesk(database, log, SystemClock(), tmp_path)
    second.start()
    for _ in range(1_000):
        if second.read(asked["id"])["state"] == "done":
            break
        time.sleep(0.02)
    second.stop()
    assert (second.read(asked["id"])["events"], log.last_position()) == (400, 400)


def test_one_that_was_taken_back_is_stopped(
    client: TestClient[Litestar], desk: ImportDesk, log: EventLog, tmp_path: Path
) -> None:
    file = send(client, "orders.csv", ORDERS)
    asked = post(client, "", file=file, mapping=post(client, "/look", file=file)["mapping"])
    assert client.post(f"/api/v1/imports/{asked['id']}/cancel").json()["state"] == "stopped"
    desk.start()
    for _ in range(1_000):
        if not [*(tmp_path / "uploads").iterdir()]:
            break
        time.sleep(0.02)
    assert client.get(f"/api/v1/imports/{asked['id']}").json()["state"] == "stopped"


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(ConnectionError), uploads.receive("orders.csv") as arriving:
        arriving.write(b"half")
        raise ConnectionError
    assert [*tmp_path.iterdir()] == []


def test_old_files_that_nobody_imported_are_dropped(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    kept = []
    for ordered in (False, True):
        with uploads.receive("orders.csv") as arriving:
            arriving.write(b"x")
            kept.append(arriving.finish())
        if ordered:
            kept[-1].keep_order(Order(1))
    uploads.tidy(SystemClock().now())
    assert uploads.find(kept[0].id).path.exists()
    uploads.tidy(SystemClock().now() + 8 * 86_400_000_000)
    assert not kept[0].path.exists()
    assert [upload.id for upload in uploads.ordered()] == [kept[1].id]
