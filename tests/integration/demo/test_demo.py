"""The demo as a program: it opens, people live in it, and Ctrl-C closes it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A smaller shop than the real one: what is tested is that the parts play together.
_SMALL = (
    "import relance.demo.shop as shop; shop.CUSTOMERS = 160; shop.VISITS_PER_DAY = 70.0;from relance.cli import main; main()"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _SMALL, "demo", "--no-browser", *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


class Running:
    """A demo that is open."""

    def __init__(self, port: int, folder: Path) -> None:
        self.process = start("--port", str(port), "--data", str(folder), "--speed", "7200")
        self.url = f"http://127.0.0.1:{port}"
        said = ""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"ak_[\w-]+", said)
        assert found, said
        self.token = said.partition("/welcome#")[2].split()[0]
        self.client = httpx.Client(base_url=f"{self.url}/api/v1", headers={"Authorization": f"Bearer {found[0]}"}, timeout=20)

    def get(self, path: str) -> Any:
        return self.client.get(path).raise_for_status().json()

    def wait_for(self, path: str, wanted: Any, seconds: float = 40) -> Any:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.get(path)
            if wanted(found):
                return found
            time.sleep(0.5)
        pytest.fail(f"{path} never came to be: {str(found)[:2000]}")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(free_port(), tmp_path_factory.mktemp("demo") / "data")
    yield running
    running.client.close()
    running.process.send_signal(signal.SIGINT)
    assert running.process.stderr is not None
    rest = running.process.stderr.read()

    assert running.process.wait(30) == 0
    assert rest.strip() == "the shop is closed"
    running.process.stderr.close()


@pytest.mark.timeout(180)
def test_people_enter_journeys_and_get_messages(demo: Running) -> None:
    journeys = demo.wait_for("/journeys", lambda found: sum(j["entered"] > 0 for j in found["items"]) >= 3)

    assert {j["id"] for j in journeys["items"]} == {"abandoned-cart", "first-message", "welcome", "win-back"}
    for journey in journeys["items"]:
        assert (
            journey["entered"] == journey["inside"] + journey["finished"] + sum(journey["exited"].values()) + journey["failed"]
        )

    (message, *_) = demo.wait_for("/messages?status=sent", lambda found: found["items"])["items"]

    assert message["body"]
    assert demo.get(f"/profiles/{message['user_id']}/timeline")["items"]


@pytest.mark.timeout(180)
def test_reactions_come_back_and_move_people_on(demo: Running) -> None:
    hello = demo.wait_for("/journeys/first-message/report", lambda found: found["steps"]["reaction"]["left"].get("purchase"))

    assert hello["steps"]["hello"]["entered"] == hello["entered"]


def test_segments_are_full_from_the_first_minute(demo: Running) -> None:
    segments = {s["id"]: s["members"] for s in demo.get("/segments")["items"]}

    assert segments["three-cities-after-1980"] > 10
    assert sum(n > 0 for n in segments.values()) >= 5


def test_the_web_app_stands_at_the_root_and_nothing_else_answers_without_a_key(demo: Running) -> None:
    page = httpx.get(f"{demo.url}/")

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "ak_" not in page.text
    assert httpx.get(f"{demo.url}/api/v1/journeys").status_code == 401


def test_the_demo_lets_in_whoever_sits_at_this_machine(demo: Running) -> None:
    own = {"x-relance": "1"}
    with httpx.Client(base_url=demo.url, headers=own) as browser:
        assert browser.post("/api/v1/session/demo", headers={"host": "shop.example"}).status_code == 403
        assert browser.post("/api/v1/session/demo").json()["user"]["role"] == "admin"
        assert browser.get("/api/v1/journeys").status_code == 200
    with httpx.Client(base_url=demo.url, headers=own) as browser:
        assert browser.put("/api/v1/session/link", json={"token": demo.token}).json()["user"]["role"] == "admin"
        assert browser.put("/api/v1/session/link", json={"token": demo.token}).status_code == 404


def test_a_busy_port_and_a_foreign_folder_are_told(demo: Running, tmp_path: Path) -> None:
    port = demo.url.rpartition(":")[2]
    process = start("--port", port, "--data", str(tmp_path / "new"))
    said = process.communicate(timeout=60)[1]

    assert process.returncode == 1
    assert f"port {port}" in said

    (tmp_path / "mine.txt").write_text("keep me")
    process = start("--port", str(free_port()), "--data", str(tmp_path))
    said = process.communicate(timeout=60)[1]

    assert process.returncode == 1
    assert "holds something else" in said
    assert (tmp_path / "mine.txt").read_text() == "keep me"
