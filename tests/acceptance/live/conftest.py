"""A real server in a process of its own, a real SMTP server, and what a test says to them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

START_SECONDS = 180.0
# For requests without end: `httpx.get` makes a client for each, and reads all certificates of the machine for it.
ASKING = httpx.Client(timeout=30, verify=False, limits=httpx.Limits(max_keepalive_connections=0))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """Everything the SMTP server was given."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@dataclass
class LiveServer:
    """`relance serve` on 127.0.0.1."""

    data: Path
    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None
    admin_key: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [
            sys.executable,
            "-c",
            "from relance.cli import main; main()",
            "serve",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
        ]
        with (self.data / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, env=self.environment)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.data / "serve.log").read_text()
            try:
                if ASKING.get(f"{self.url}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        else:
            pytest.fail("the server did not start")
        found = re.search(r"ak_[\w-]+", (self.data / "serve.log").read_text())
        assert found is not None
        self.admin_key = found[0]

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)

    def get(self, path: str) -> Any:
        answer = ASKING.get(f"{self.url}/api/v1/{path}", headers={"Authorization": f"Bearer {self.admin_key}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def write_key(self, source: str, *, trusted: bool) -> str:
        answer = ASKING.post(
            f"{self.url}/api/v1/sources",
            json={"id": source, "trusted": trusted},
            headers={"Authorization": f"Bearer {self.admin_key}"},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["write_key"])

    def apply(self, definitions: str) -> None:
        file = self.data / "definitions.yaml"
        file.write_text(definitions, encoding="utf-8")
        store = (
            ["--store", self.environment["RELANCE_STORE_URL"]]
            if "RELANCE_STORE_URL" in self.environment
            else ["--data", str(self.data)]
        )
        command = [sys.executable, "-c", "from relance.cli import main; main()", "apply", str(file), *store]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.environment)
        assert done.returncode == 0, done.stdout + done.stderr

    def send(self, key: str, *items: dict[str, Any]) -> None:
        answer = ASKING.post(f"{self.url}/v1/batch", json={"batch": list(items)}, auth=(key, ""))
        assert (answer.status_code, answer.json()) == (200, {"success": True})


def wait_for(what: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Ask again until the answer is true."""
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < deadline, f"still {found!r} after {seconds} s"
        time.sleep(0.05)


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, int(controller.port)
    controller.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def live(request: pytest.FixtureRequest, tmp_path: Path, mailbox: tuple[Mailbox, int]) -> Iterator[LiveServer]:
    """A fresh installation, once on each store."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RELANCE_")} | {
        "RELANCE_SMTP_HOST": "127.0.0.1",
        "RELANCE_SMTP_PORT": str(mailbox[1]),
        "RELANCE_SMTP_SECURITY": "none",
        "RELANCE_SMTP_FROM_ADDRESS": "shop@example.com",
    }
    if request.param == "postgresql":
        environment["RELANCE_STORE_URL"] = request.getfixturevalue("postgres_url")
    server = LiveServer(tmp_path, environment, free_port())
    server.start()
    yield server
    server.kill(signal.SIGTERM)
