"""`relance report`, `passages`, `explain` and `event`: over the stores of a folder, and beside a server that runs. Both say the same."""

from __future__ import annotations

import csv
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from relance.api.server import ServerThread
from relance.app import Installation
from relance.cli import app
from relance.settings import Settings
from tests.integration.engine.conftest import Shop, identify, subscribe, track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEFINITIONS = """
{kind: template, id: mail, channel: email, status: ready, subject: "Hello", body: there}
---
{kind: event, id: cart, name: Cart, schema: {total: number}}
---
{kind: segment, id: buyers, where: {type: did, event: Order}}
---
kind: journey
id: cart
entry: {type: event, event: Cart, where: [{path: total, op: gt, value: 50}]}
goal: {event: Order, target_percent: 10}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: rest}
  rest: {type: wait, for: 1d, next: end}
---
kind: journey
id: asked
entry: {type: api}
start: rest
steps: {rest: {type: wait, for: 1d, next: end}}
"""


class LiveShop(Shop):
    """One that listens."""

    def open(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.installation = Installation(Settings(data=self.folder, port=self.port), clock=self.clock, channels=self.channels)
        self.server = ServerThread(self.installation.make_api(), "127.0.0.1", self.port)
        self.server.start()

    def close(self) -> None:
        self.server.stop()
        super().close()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveShop]:
    shop = LiveShop(tmp_path / "data")
    shop.apply(DEFINITIONS)
    shop.send(identify("ana"), subscribe("ana"), track("ana", "Cart", total=80), track("ana", "Order"))
    shop.send(
        identify("bo"), track("bo", "Cart", total="90"), track("bo", "Cart", total=20), {"type": "track", "event": "No one's"}
    )
    shop.work()
    yield shop
    shop.close()


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = app(list(words), exit_on_error=False)
    said = capsys.readouterr()
    return code or 0, said.out, said.err


def test_a_server_is_asked_and_a_folder_says_the_same(
    live: LiveShop, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, server = ["--data", str(tmp_path / "data")], ["--url", f"http://127.0.0.1:{live.port}"]
    monkeypatch.setenv("RELANCE_KEY", live.installation.admin_key or "")
    asked: list[tuple[int, list[str]]] = [
        (0, ["report", "cart"]),
        (0, ["passages", "cart", "--step", "mail", "--way", "rest"]),
        (0, ["passages", "cart", "--state", "suppressed"]),
        (0, ["explain", "--user", "ana"]),
        (1, ["explain", "--user", "bo", "--journey", "cart", "--language", "fr"]),
        (1, ["explain", "--user", "bo", "--segment", "buyers", "--at", "2026-03-02T10:00:00Z"]),
        (2, ["export-profile", "nobody"]),
        (0, ["event", "list"]),
        (0, ["event", "show", "cart"]),
        (0, ["event", "inspect", "--name", "Cart"]),
        (0, ["event", "inspect", "--rejected"]),
        (2, ["report", "nothing"]),
        (2, ["passages", "cart", "--step", "nothing"]),
        (2, ["explain", "--user", "nobody"]),
        (2, ["event", "show", "Nothing"]),
    ]
    remote = {tuple(words): run(capsys, *words, *server) for _, words in asked}

    assert [code for code, _ in asked] == [answer[0] for answer in remote.values()]
    live.close()
    try:
        for words, answer in remote.items():
            assert answer == run(capsys, *words, *data), words
    finally:
        live.open()
    told = {" ".join(words): out for words, (_, out, _) in remote.items()}
    assert told["report cart"].splitlines()[:2] == [
        "journey:cart, version 1, published",
        "1 entered: 1 inside, 0 finished, 0 failed",
    ]
    assert "    email: 1 sent\n" in told["report cart"]
    assert "goal Order: 1 of 1 (100.0 %, 20.7 to 100.0); target 10 % met\n" in told["report cart"]
    assert told["passages cart --step mail --way rest"].startswith("ana  mail ")
    assert "email to ana@example.com was handed over" in told["explain --user ana"]
    assert "total vaut 20 ; demandé : total dépasse 50" in told["explain --user bo --journey cart --language fr"].replace(
        "\u202f", " "
    ).replace("\xa0", " ")
    assert "Cart: registered, 3 times" in told["event list"]
    assert "total (schema: number): integer 67%, such as 20, string 33%, such as '90'" in told["event show cart"]
    assert "  journey:cart entry: no: total is 20; asked: total is more than 50" in told["event inspect --name Cart"]
    assert "(missing_identity at /userId)" in told["event inspect --rejected"]


def test_people_are_written_to_a_file_and_code_is_printed(
    live: LiveShop, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, server = ["--data", str(tmp_path / "data")], ["--url", f"http://127.0.0.1:{live.port}"]
    monkeypatch.setenv("RELANCE_KEY", live.installation.admin_key or "")
    monkeypatch.setenv("RELANCE_BASE_URL", f"http://127.0.0.1:{live.port}")
    assert 0 == run(capsys, "export-profile", "ana", "--out", str(tmp_path / "ana.json"), *server)[0]
    known, shown = json.loads((tmp_path / "ana.json").read_text()), json.loads(run(capsys, "export-profile", "ana", *data)[1])
    assert known | {"exported_at": ""} == shown | {"exported_at": ""}
    assert [m["to"] for m in known["messages"]] == ["ana@example.com"]
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file, place in zip(files, (data, server), strict=True):
        assert run(capsys, "passages", "cart", "--out", str(file), *place)[:2] == (0, f"wrote 1 rows to {file}\n")
    rows: list[dict[str, Any]] = list(csv.DictReader(files[0].read_text(encoding="utf-8").splitlines()))

    assert files[0].read_bytes() == files[1].read_bytes()
    assert [("ana", "active", "rest")] == [(row["user_id"], row["status"], row["step"]) for row in rows]
    for words in (["event", "code", "cart", "--language", "python"], ["event", "code", "--journey", "asked"]):
        printed = run(capsys, *words, *server)
        assert printed == run(capsys, *words, *data)
        assert f"http://127.0.0.1:{live.port}/" in printed[1]
        assert set(json.loads(run(capsys, *words, "--json", *data)[1])["code"]) == {"curl", "javascript", "python"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["explain", "--user", "a", "--journey", "b", "--segment", "c"], "name one of"),
        (["explain", "--user", "a", "--at", "2026-03-01T00:00:00Z"], "--at goes with --segment"),
        (["event", "code"], "name an event, or a journey"),
        (["event", "inspect", "--limit", "0"], "--limit is between"),
        (["report", "a", "--data", "/nowhere-at-all"], "there is no store in"),
    ],
)
def test_bad_input(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RELANCE_URL", raising=False)
    code, _, said = run(capsys, *words)

    assert (code, expected in said) == (2, True)
