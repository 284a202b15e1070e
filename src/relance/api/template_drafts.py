"""Templates that are being written, over HTTP: looked at as a person, and sent to an address. And channels, tried with a message."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Router, post
from litestar.params import FromPath, JSONBody

from relance.api.auth import actor_of
from relance.ingest.scopes import DEFINITIONS_DRAFT, DEFINITIONS_WRITE, READ
from relance.outbox.drafts import Draft, DraftDesk

Answer = dict[str, Any]


class WrittenTemplate(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The fields of a template that are filled in."""

    channel: Literal["email", "sms", "push", "in_app", "webhook"]
    subject: str | None = None
    title: str | None = None
    body: Any = None
    link: str | None = None
    url: str | None = None
    method: str | None = None
    headers: dict[str, str] | None = None


class AfterEvent(msgspec.Struct, forbid_unknown_fields=True):
    """The event that the message follows."""

    name: str
    properties: dict[str, Any] = msgspec.field(default_factory=dict)


class TemplatePreview(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A template, as whom it is looked at, and after which event."""

    template: WrittenTemplate
    user_id: Annotated[str | None, msgspec.Meta(description="as whom; without it, nobody in particular")] = None
    event: AfterEvent | None = None

    def as_draft(self) -> Draft:
        event = self.event
        fields = msgspec.to_builtins(self.template)
        return Draft(fields, self.user_id, event.name if event else None, event.properties if event else None)


class TemplateTest(TemplatePreview, forbid_unknown_fields=True, kw_only=True):
    """The same, and where it goes."""

    to: Annotated[str, msgspec.Meta(description="an email address, a number in E.164, a device token")]
    id: Annotated[str, msgspec.Meta(description="of the template, for the audit")] = "draft"


class ChannelTest(msgspec.Struct, forbid_unknown_fields=True):
    """Where a channel is tried."""

    to: Annotated[str, msgspec.Meta(description="an email address, a number in E.164, a device token, the URL of a webhook")]
    language: Annotated[Literal["en", "fr"], msgspec.Meta(description="of what the message says")] = "en"


def template_draft_router(desk: DraftDesk) -> Router:
    """The routes for templates that are being written, and for channels that are tried."""

    @post("/templates/preview", opt={"scope": READ}, status_code=200, sync_to_thread=True, summary="How a template looks")
    def preview(data: JSONBody[TemplatePreview]) -> Answer:
        """Rendered for a person, with the limits of every message; or the problems, each with its field, line and column."""
        return desk.preview(data.as_draft())

    @post("/templates/test", opt={"scope": DEFINITIONS_DRAFT}, status_code=200, sync_to_thread=True, summary="Send a test")
    def send_test(request: Request[Any, Any, Any], data: JSONBody[TemplateTest]) -> Answer:
        """To one address, through the provider of its channel; it counts for nobody, and stands in the audit."""
        return desk.send(data.as_draft(), data.to, template_id=data.id, by=actor_of(request))

    @post(
        "/channels/{channel:str}/test",
        opt={"scope": DEFINITIONS_WRITE},
        status_code=200,
        sync_to_thread=True,
        summary="Try a channel",
    )
    def try_channel(request: Request[Any, Any, Any], channel: FromPath[str], data: JSONBody[ChannelTest]) -> Answer:
        """A message of our own to one address, through the provider as it is set up; `sent: false` with what the provider said when it did not take it."""
        return desk.try_channel(channel, data.to, language=data.language, by=actor_of(request))

    return Router("/api/v1", route_handlers=[preview, send_test, try_channel], tags=["templates"])
