"""Templates that are being written: how they look for a person, and one sent to an address to be looked at.

Also a message of our own, by which somebody sees whether a channel is set up well.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.audit import Entry, record
from relance.channels import OutboundMessage
from relance.clock import SECOND
from relance.errors import ChannelError, Conflict, InvalidInput, RenderError
from relance.outbox.context import build_context
from relance.profiles.read import find_profile, read_profile
from relance.templates import render
from relance.templates.check import check_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.clock import Clock
    from relance.outbox.drain import Drain
    from relance.store import Database
    from relance.templates.model import Rendered

SENT_BY_HAND = frozenset({"email", "sms", "push"})
WAIT = 30 * SECOND  # for the provider
TRIED = frozenset({*SENT_BY_HAND, "webhook"})
# What a channel is tried with, by language: a title, and a body.
_TRIAL = {
    "en": ("A test from relance", "This is a test from relance: it arrived, so this channel works."),
    "fr": ("Un test de relance", "Ceci est un test de relance : il est arrivé, ce canal fonctionne."),
}
_PLACE = re.compile(r"(?:\w+: )?line (\d+), column (\d+): ")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is looked at: a template, as whom, after which event.

    Args:
        template: the fields of a definition, saved or not.
        user_id: as whom; nobody in particular if none is given.
        event_name: the event that the message would follow, if any.
        event_properties: of that event.
    """

    template: Mapping[str, Any]
    user_id: str | None = None
    event_name: str | None = None
    event_properties: Mapping[str, Any] | None = None


class DraftDesk:
    """Answers for screens where templates are written. May be asked from any thread."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        drain: Drain,
        *,
        public_url: str,
        scores: Callable[[int], Mapping[str, Mapping[str, Any]]],
    ) -> None:
        """Args: `scores`: what predictions say of a profile, by their ids."""
        self._database = database
        self._clock = clock
        self._drain = drain
        self._public_url = public_url
        self._scores = scores

    def preview(self, draft: Draft) -> dict[str, Any]:
        """How the template looks for a person: `rendered`, or None with the `problems` that keep it from being rendered.

        Raises:
            NotFound: nobody has this id.
        """
        problems = [_problem(pointer, sentence) for pointer, sentence in check_template(draft.template)]
        rendered = None
        if not problems:
            try:
                rendered = self._render(draft)
            except RenderError as e:
                problems = [_problem(e.path or "", e.message)]
        return {"rendered": None if rendered is None else _as_json(rendered), "problems": problems}

    def send(self, draft: Draft, to: str, *, template_id: str, by: str) -> dict[str, Any]:
        """Send the template as it is now to an address, and answer what the provider says of it.

        It counts for nobody: no consent is asked, nothing is kept of it but an entry of the audit.

        Args:
            draft: what is sent, rendered for its person.
            to: the address.
            template_id: which template it is, for the audit.
            by: who sends it.

        Raises:
            InvalidInput: the address is none, or the channel reaches no address.
            RenderError: it can not be rendered.
            Conflict: nothing carries this channel.

        Effects: hands a message to a provider; writes `audit_entries`.
        """
        channel = str(draft.template.get("channel", ""))
        to = to.strip()
        _require_address(channel, to, SENT_BY_HAND, "look at its preview")
        said = self._render(draft)
        message = OutboundMessage(
            key=f"test-{secrets.token_hex(8)}", channel=channel, to=to, at=self._clock.now(), marketing=False,
            user_id=draft.user_id or "test", source="test:template", step_id="test", template=template_id, subject=said.subject,
            title=said.title, body=said.body or "", text=said.text if said.html else None, html=said.html, link=said.link,
        )  # fmt: skip
        return self._hand_over(message, Entry(by, "send_test", "template", template_id, detail={"to": to, "channel": channel}))

    def try_channel(self, channel: str, to: str, *, language: str, by: str) -> dict[str, Any]:
        """Send a message of our own over a channel, and answer what the provider says of it.

        It counts for nobody: nothing is kept of it but an entry of the audit.

        Args:
            channel: one that reaches an address: email, sms, push or webhook.
            to: the address; of a webhook, its URL.
            language: `en` or `fr`.
            by: who tries it.

        Raises:
            InvalidInput: the address is none, or the channel reaches no address.
            Conflict: nothing carries this channel.

        Effects: hands a message to a provider; writes `audit_entries`.
        """
        to = to.strip()
        _require_address(channel, to, TRIED, "there is nothing to set up for it")
        title, body = _TRIAL[language]
        is_webhook = channel == "webhook"
        message = OutboundMessage(
            key=f"test-{secrets.token_hex(8)}", channel=channel, to=to, at=self._clock.now(), marketing=False, user_id="test",
            source="test:channel", step_id="test", template="test", subject=title if channel == "email" else None,
            title=title if channel == "push" else None, body=json.dumps({"test": True, "message": body}) if is_webhook else body,
            method="POST" if is_webhook else None, url=to if is_webhook else None,
            headers={"content-type": "application/json"} if is_webhook else {},
        )  # fmt: skip
        return self._hand_over(message, Entry(by, "send_test", "channel", channel, detail={"to": to, "channel": channel}))

    def _hand_over(self, message: OutboundMessage, entry: Entry) -> dict[str, Any]:
        channel, to = message.channel, message.to
        try:
            receipt = self._drain.deliver_apart(message, WAIT / SECOND)
        except ChannelError as e:
            return {"sent": False, "to": to, "channel": channel, "code": e.code, "message": e.message}
        if receipt is None:
            msg = f"no provider of {channel} is running here; name one in the settings of the installation"
            raise Conflict(msg)
        with self._database.writing() as connection:
            record(connection, message.at, [entry])
        return {"sent": True, "to": to, "channel": channel, "provider_ref": receipt.provider_ref}

    def _render(self, draft: Draft) -> Rendered:
        traits, user_id, scores = "{}", "", {}
        if draft.user_id:
            with self._database.reading() as connection:
                profile_id = find_profile(connection, draft.user_id)
                profile = read_profile(connection, profile_id)
            traits, user_id, scores = json.dumps(profile["traits"]), profile["user_id"], dict(self._scores(profile_id))
        now = self._clock.now()
        context = build_context(
            user_id=user_id, traits=traits, source="journey:preview", step_id="preview", event_name=draft.event_name,
            event_properties=json.dumps(draft.event_properties or {}), event_at=now, unsubscribe_url=f"{self._public_url}/#unsubscribe",
            predictions=scores,
        )  # fmt: skip
        return render(draft.template, context, now=now)


def _require_address(channel: str, to: str, reached: frozenset[str], instead: str) -> None:
    msg = ""
    if channel not in reached:
        msg = f"a test of {channel or 'this'} can not be sent to an address; {instead}"
    elif not to or (channel == "email" and "@" not in to):
        msg = "write the address the test is to go to"
    elif channel == "webhook" and not to.startswith(("https://", "http://")):
        msg = "write the URL the test is to call, with https://"
    if msg:
        raise InvalidInput(msg, problems=[msg], path="/to")


def _problem(pointer: str, sentence: str) -> dict[str, Any]:
    found = _PLACE.match(sentence)
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    return {"code": RenderError.code, "pointer": pointer, "message": sentence, "line": line, "column": column}


def _as_json(said: Rendered) -> dict[str, Any]:
    return {
        "channel": said.channel, "subject": said.subject, "title": said.title, "body": said.body, "html": said.html,
        "text": said.text, "link": said.link, "method": said.method, "url": said.url, "headers": dict(said.headers),
    }  # fmt: skip
