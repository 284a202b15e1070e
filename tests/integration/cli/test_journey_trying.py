"""`relance journey backtest` and `relance journey test`, on the stores of this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from relance.app import Installation
from relance.cli import app
from relance.definitions.load import load_text
from relance.definitions.store import apply
from relance.eventlog import NewChunk
from relance.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHED = """
{kind: template, id: mail, channel: email, status: ready, subject: Hello, body: there}
---
{kind: template, id: text, channel: sms, status: ready, body: Hello}
"""
DRAFT = """
kind: journey
id: cart
entry: {type: event, event: Cart}
goal: {event: Order, within: 1d}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, on_blocked: text, next: heard}
  heard: {type: listen, for: [{event: Email Opened, message: mail, next: end}], timeout: 1d, on_timeout: text}
  text: {type: message, channel: sms, template: text, next: end}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of an installation in which Ana left a cart and bought."""
    folder = tmp_path / "data"
    installation = Installation(Settings(data=folder))
    with installation.database.writing() as connection:
        apply(connection, load_text(PUBLISHED).require(), 0)
    items = [
        {"type": "identify", "userId": "ana", "messageId": "1", "traits": {"email": "ana@example.com"}},
        {"type": "track", "userId": "ana", "messageId": "2", "event": "Subscription Changed", "properties": {"channel": "email", "state": "subscribed"}},
        {"type": "track", "userId": "ana", "messageId": "3", "event": "Cart"},
        {"type": "track", "userId": "ana", "messageId": "4", "event": "Order"},
    ]  # fmt: skip
    body = json.dumps({"batch": items}).encode()
    installation.committer.commit_now(NewChunk(source="backend", body=body, message_ids=["1", "2", "3", "4"], trusted=True))
    installation.engine_loop.refresh()
    while installation.engine_loop.work():
        pass
    installation.stop()
    (tmp_path / "draft.yaml").write_text(DRAFT)
    return folder


def test_backtest(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["journey", "backtest", "cart", "--days", "1", "--definitions", f"{tmp_path}/draft.yaml", "--data", str(data)]

    assert 0 == app([*asked, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert 0 == app(asked)
    text = capsys.readouterr().out

    assert (1, 1, 1) == (found["entered"], found["sent"], found["goal_reached"])
    assert "1 of 1 came to the goal Order by themselves" in text


def test_what_is_wrong_is_told(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == app(["journey", "backtest", "nobody", "--days", "1", "--data", str(data)])
    assert "no journey 'nobody'" in capsys.readouterr().err
    assert 2 == app(["journey", "backtest", "nobody", "--days", "1", "--data", str(tmp_path / "elsewhere")])
    assert "there is no store" in capsys.readouterr().err
    assert 2 == app(["journey", "test", "nobody", "--data", str(data), "--properties", "{"])
    assert "not JSON" in capsys.readouterr().err


def test_every_path_is_walked_without_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "all.yaml").write_text(f"{PUBLISHED}---\n{DRAFT}")

    assert 0 == app(["journey", "test", "cart", "--definitions", f"{tmp_path}/all.yaml", "--data", str(tmp_path / "none")])

    text = capsys.readouterr().out
    assert 3 == text.count("as planned")
    assert "3 of 3 steps entered" in text
    assert not (tmp_path / "none").exists()
