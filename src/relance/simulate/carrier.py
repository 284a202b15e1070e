"""The recording carrier: renders what a message would say, and says it was sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.errors import RenderError
from relance.templates import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.outbox.handoff import Reserved
    from relance.store import Connection
    from relance.workspace import Workspace

_SENT = "UPDATE messages SET status = 'sent', resolved = 1, subject = ?, body = ? WHERE message_id = ?"
_BLOCKED = "UPDATE messages SET status = 'blocked', resolved = 1, reason = 'render_error' WHERE message_id = ?"


def message_context(message: Reserved, unsubscribe_url: str) -> dict[str, Any]:
    """What a template sees: `profile`, `event`, `journey` (or `campaign`), `predictions`, `unsubscribe_url`."""
    kind, _, name = message.source.partition(":")
    event: dict[str, Any] | None = None
    if message.event_name is not None:
        event = {
            "event": message.event_name,
            "name": message.event_name,
            "properties": json.loads(message.event_properties or "{}"),
            "timestamp": format_instant(message.event_at),
        }
    return {
        "profile": {**json.loads(message.traits), "user_id": message.user_id},
        "event": event or {"properties": {}},
        "journey": {"id": name, "kind": kind, "step": message.step_id},
        "predictions": {},
        "unsubscribe_url": unsubscribe_url,
    }


class RecordingCarrier:
    """Takes every message; nothing leaves."""

    def __init__(self, workspace: Workspace) -> None:
        self._templates = workspace.templates

    def carry(self, connection: Connection, messages: Sequence[Reserved]) -> None:
        sent: list[tuple[Any, ...]] = []
        failed: list[tuple[int]] = []
        for message in {m.message_id: m for m in messages}.values():
            context = message_context(message, f"https://unsubscribe.invalid/u/{message.message_id}")
            try:
                said = render(self._templates[message.template].body, context, now=message.at)
            except RenderError:
                failed.append((message.message_id,))
            else:
                sent.append((said.subject if said.subject is not None else said.title, said.body, message.message_id))
        connection.execute_many(_SENT, sent)
        connection.execute_many(_BLOCKED, failed)
