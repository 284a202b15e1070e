"""From a claimed message to what a provider gets: rendered, its links signed, its way out in place."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from relance.channels import OutboundMessage
from relance.errors import RenderError
from relance.outbox.context import build_context
from relance.store import load_queries
from relance.templates import render
from relance.templates.links import Leaving
from relance.templates.tracking import add_open_picture, rewrite_html, rewrite_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.outbox.checks import Claimed
    from relance.store import Database
    from relance.templates.links import LinkSigner
    from relance.workspace import TemplateDefinition, Workspace

SQL = load_queries("relance.outbox", "delivery.sql")
REMEMBERED_TARGETS = 50_000


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready to leave, and how it is kept: without our links, so that looking at it counts as nothing."""

    message: OutboundMessage
    subject: str | None
    body: str | None


class TargetNumbers:
    """The numbers by which short links name their targets. Effects: writes `link_targets`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, int] = OrderedDict()

    def number_of(self, target: str) -> int:
        """The number of a target, given to it when it is new."""
        known = self._known.get(target)
        if known is not None:
            return known
        digest = sha256(target.encode()).hexdigest()
        with self._database.writing() as connection:
            connection.execute(SQL["add_target"], {"digest": digest, "target": target})
            number = int(connection.value(SQL["known_target"], {"digest": digest}))
        self._known[target] = number
        if len(self._known) > REMEMBERED_TARGETS:
            self._known.popitem(last=False)
        return number


class Composer:
    """Renders claimed messages."""

    def __init__(
        self,
        workspace: Callable[[], Workspace],
        links: LinkSigner,
        targets: TargetNumbers,
        *,
        prefix: str = "m",
        scores: Callable[[int], Mapping[str, Mapping[str, Any]]] | None = None,
        tracks: frozenset[str] = frozenset({"email", "sms"}),
    ) -> None:
        """Take what messages are made of.

        Args:
            workspace: the definitions in force.
            links: makes the links of messages.
            targets: the numbers of what short links lead to.
            prefix: before the number of a message, everywhere it is named.
            scores: what predictions say of a profile, by their ids.
            tracks: channels whose links are ours.
        """
        self._scores = scores
        self._workspace = workspace
        self._links = links
        self._targets = targets
        self._prefix = prefix
        self._tracks = tracks

    def compose(self, claimed: Claimed) -> Composed:
        """Render a message.

        Raises:
            RenderError: its template is gone, or can not be rendered for this person.
        """
        template = self._workspace().templates.get(claimed.template)
        if template is None:
            msg = f"there is no template {claimed.template!r} any more"
            raise RenderError(msg)
        leave = self._links.unsubscribe_url(Leaving(claimed.profile_id, claimed.message_id, claimed.channel, template.group))
        preferences = self._links.preferences_url(claimed.profile_id)
        context = build_context(
            user_id=claimed.user_id,
            traits=claimed.traits,
            source=claimed.source,
            step_id=claimed.step_id,
            event_name=claimed.event_name,
            event_properties=claimed.event_properties,
            event_at=claimed.event_at,
            unsubscribe_url=leave,
            preferences_url=preferences,
            predictions=self._predictions(template, claimed.profile_id),
        )
        said = render(template.body, context, now=claimed.at)
        body = said.body or ""
        message = OutboundMessage(
            key=f"{self._prefix}{claimed.message_id}",
            channel=claimed.channel,
            to=claimed.address or "",
            at=claimed.at,
            marketing=bool(claimed.marketing),
            user_id=claimed.user_id,
            source=claimed.source,
            step_id=claimed.step_id,
            template=claimed.template,
            subject=said.subject,
            title=said.title,
            body=self._with_links(claimed, body, html=said.html, keep=(leave, preferences)),
            text=said.text if said.html else None,
            html=said.html,
            link=said.link,
            method=said.method,
            url=said.url,
            headers=said.headers,
            unsubscribe_url=leave if claimed.marketing and claimed.channel == "email" else None,
        )
        return Composed(message, said.subject if said.subject is not None else said.title, said.body)

    def _predictions(self, template: TemplateDefinition, profile_id: int) -> Mapping[str, Mapping[str, Any]]:
        """What predictions say, for a template that may ask."""
        asks = self._scores is not None and any(
            "predictions" in text for text in template.body.values() if isinstance(text, str)
        )
        return self._scores(profile_id) if asks and self._scores is not None else {}

    def _with_links(self, claimed: Claimed, body: str, *, html: bool, keep: tuple[str, ...]) -> str:
        if claimed.channel not in self._tracks:
            return body
        if html:
            tracked = rewrite_html(body, lambda target: self._links.click_url(claimed.message_id, target), keep=keep)
            return add_open_picture(tracked, self._links.open_url(claimed.message_id))
        if claimed.channel == "sms":
            number_of, message_id = self._targets.number_of, claimed.message_id
            return rewrite_text(body, lambda target: self._links.short_click_url(message_id, number_of(target)), keep=keep)
        return body
