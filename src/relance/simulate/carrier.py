"""The recording carrier: renders what a message would say, and says it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.errors import RenderError
from relance.outbox.context import build_context
from relance.templates import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.outbox.handoff import Reserved
    from relance.store import Connection
    from relance.workspace import Workspace

_SENT = "UPDATE messages SET status = 'sent', subject = ?, body = ? WHERE message_id = ?"
_BLOCKED = "UPDATE messages SET status = 'blocked', reason = 'render_error' WHERE message_id = ?"


class RecordingCarrier:
    """Takes every message; nothing leaves."""

    keeps = True  # what messages say; else only whether they can be said

    def __init__(self, workspace: Workspace) -> None:
        self._templates = workspace.templates

    def carry(self, connection: Connection, messages: Sequence[Reserved]) -> None:
        sent: list[tuple[Any, ...]] = []
        failed: list[tuple[int]] = []
        for message in {m.message_id: m for m in messages}.values():
            context = build_context(
                user_id=message.user_id,
                traits=message.traits,
                source=message.source,
                step_id=message.step_id,
                event_name=message.event_name,
                event_properties=message.event_properties,
                event_at=message.event_at,
                unsubscribe_url=f"https://unsubscribe.invalid/u/{message.message_id}",
            )
            try:
                said = render(self._templates[message.template].body, context, now=message.at, layout=self.keeps)
            except RenderError:
                failed.append((message.message_id,))
            else:
                subject = said.subject if said.subject is not None else said.title
                sent.append((subject, said.body, message.message_id) if self.keeps else (None, None, message.message_id))
        connection.execute_many(_SENT, sent)
        connection.execute_many(_BLOCKED, failed)


class ForgettingCarrier(RecordingCarrier):
    """The same for very many messages, of which nobody will read one."""

    keeps = False
