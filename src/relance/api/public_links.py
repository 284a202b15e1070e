"""The signed links of messages: `/o` opened, `/c` clicked, `/u` leaving, `/p` preferences. They answer without a key.

A GET never changes what a person gets (mail programs and scanners follow links by themselves), and a HEAD never counts.
Everything that happens becomes an ordinary event in the log.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import structlog
from litestar import HttpMethod, Request, Response, post, route
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from relance.api import pages
from relance.api.auth import PUBLIC
from relance.api.machines import is_machine, is_machine_click
from relance.clock import Clock
from relance.errors import StoreError
from relance.events import names
from relance.outbox.reactions import EventSink, MessageFacts, Person, build_event, find_message, find_person, find_target
from relance.store import Database, load_queries
from relance.templates.links import Click, Leaving, LinkSigner
from relance.workspace import Workspace

PICTURE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
MAX_FORM_BYTES = 20_000
_NO_STORE = {"Cache-Control": "no-store, private, max-age=0", "X-Robots-Tag": "noindex"}
_READ = [HttpMethod.GET, HttpMethod.HEAD]
_CHOSEN_CHANNELS = ("email", "sms", "push")
SQL = load_queries("relance.outbox", "delivery.sql")

_log = structlog.get_logger()

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class LinkDesk:
    """What the links' handlers use."""

    database: Database
    links: LinkSigner
    sink: EventSink
    clock: Clock
    workspace: Callable[[], Workspace]
    prefix: str = "m"  # before the number of a message

    def facts(self, message_id: int | None) -> MessageFacts | None:
        """The message of a link."""
        if message_id is None:
            return None
        with self.database.reading() as connection:
            return find_message(connection, message_id)

    def person(self, profile_id: int) -> Person | None:
        """Whom a link names."""
        with self.database.reading() as connection:
            return find_person(connection, profile_id)

    def consents(self, profile_id: int) -> dict[tuple[str, str], str]:
        """What a person said, by channel and group."""
        with self.database.reading() as connection:
            return {(c, g): s for c, g, s in connection.rows(SQL["choices"], {"profile_id": profile_id})}

    def build(self, name: str, person: Person, facts: MessageFacts | None, properties: Mapping[str, Any]) -> dict[str, Any]:
        """An event of now."""
        return build_event(name, person, at=self.clock.now(), facts=facts, prefix=self.prefix, properties=properties)


def link_routes(desk: LinkDesk) -> list[Any]:
    """The handlers of the signed links."""

    @route("/o/{token:str}", http_method=_READ, opt=PUBLIC, include_in_schema=False)
    async def opened(token: FromPath[str], request: AnyRequest) -> Response[bytes]:
        if request.method == "GET":
            await asyncio.to_thread(_tell_opened, desk, token, request.headers.get("user-agent", ""))
        return Response(PICTURE, media_type="image/gif", headers=_NO_STORE)

    @route("/c/{token:str}", http_method=_READ, opt=PUBLIC, include_in_schema=False)
    async def clicked(token: FromPath[str], request: AnyRequest) -> Response[Any]:
        click = desk.links.read_click(token)
        target = await asyncio.to_thread(_find_target, desk, click)
        if click is None or target is None:
            return _page(pages.no_link_page(_language(request)), 404)
        if request.method == "GET":
            await asyncio.to_thread(_tell_clicked, desk, click, target, request.headers.get("user-agent", ""))
        return Response(b"", status_code=302, headers={"Location": target, "Referrer-Policy": "no-referrer", **_NO_STORE})

    @route("/u/{token:str}", http_method=_READ, opt=PUBLIC, include_in_schema=False)
    async def leaving(token: FromPath[str], request: AnyRequest) -> Response[Any]:
        found = desk.links.read_unsubscribe(token)
        if found is None:
            return _page(pages.no_link_page(_language(request)), 404)
        url = desk.links.preferences_url(found.profile_id)
        return _page(pages.leaving_page(_language(request), channel=found.channel, group=found.group, preferences_url=url))

    @post("/u/{token:str}", opt=PUBLIC, status_code=HTTP_200_OK, include_in_schema=False)
    async def left(token: FromPath[str], request: AnyRequest) -> Response[Any]:
        found = desk.links.read_unsubscribe(token)
        language = _language(request)
        if found is None:
            return _page(pages.no_link_page(language), 404)
        form = await _read_form(request)
        # Mail programs post `List-Unsubscribe=One-Click` (RFC 8058); our own page posts a choice.
        by_hand = form.get("choice", [""])[0]
        try:
            await asyncio.to_thread(_leave, desk, found, whole_channel=by_hand == "channel", one_click=not by_hand)
        except StoreError:
            return _page(pages.later_page(language), 503, {"Retry-After": "5"})
        if not by_hand:
            return Response(b"", headers=_NO_STORE, media_type="text/plain")
        return _page(pages.left_page(language, preferences_url=desk.links.preferences_url(found.profile_id)))

    @route("/p/{token:str}", http_method=_READ, opt=PUBLIC, include_in_schema=False)
    async def preferences(token: FromPath[str], request: AnyRequest) -> Response[Any]:
        choices = await asyncio.to_thread(_find_choices, desk, token)
        if choices is None:
            return _page(pages.no_link_page(_language(request)), 404)
        return _page(pages.preferences_page(_language(request), choices))

    @post("/p/{token:str}", opt=PUBLIC, status_code=HTTP_200_OK, include_in_schema=False)
    async def chosen(token: FromPath[str], request: AnyRequest) -> Response[Any]:
        language = _language(request)
        form = await _read_form(request)
        try:
            kept = await asyncio.to_thread(_keep_choices, desk, token, frozenset(form))
        except StoreError:
            return _page(pages.later_page(language), 503, {"Retry-After": "5"})
        return _page(pages.saved_page(language)) if kept else _page(pages.no_link_page(language), 404)

    return [opened, clicked, leaving, left, preferences, chosen]


# ---------------------------------------------------------------------------------------------------- what they tell


def _tell_opened(desk: LinkDesk, token: str, user_agent: str) -> None:
    with _unless_the_store_fails():
        facts = desk.facts(desk.links.read_open(token))
        if facts is not None:
            machine = {"machine": True} if is_machine(user_agent) else {}
            desk.sink.append_events([desk.build(names.EMAIL_OPENED, facts.person, facts, machine)])


def _tell_clicked(desk: LinkDesk, click: Click, target: str, user_agent: str) -> None:
    with _unless_the_store_fails():
        facts = desk.facts(click.message_id)
        if facts is None:
            return
        name = {"sms": names.SMS_LINK_CLICKED}.get(facts.channel, names.EMAIL_LINK_CLICKED)
        machine = {"machine": True} if is_machine_click(user_agent, facts.decided_at, desk.clock.now()) else {}
        desk.sink.append_events([desk.build(name, facts.person, facts, {"link": target, **machine})])


@contextmanager
def _unless_the_store_fails() -> Iterator[None]:
    """A person who follows a link gets there, whatever our disk says."""
    try:
        yield
    except StoreError as e:
        _log.warning("a reaction was not kept", error=e.message)


def _find_target(desk: LinkDesk, click: Click | None) -> str | None:
    if click is None:
        return None
    target = click.target if click.target_id is None else find_target(desk.database, click.target_id)
    is_web = target is not None and target.lower().startswith(("http://", "https://"))
    if not is_web or target is None or any(ord(c) < 33 or ord(c) == 127 for c in target):
        return None
    # A header is ASCII: what is not is written in percent, as browsers do.
    return target if target.isascii() else "".join(c if c.isascii() else _percent(c) for c in target)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode(errors="replace"))


def _leave(desk: LinkDesk, leaving: Leaving, *, whole_channel: bool, one_click: bool) -> None:
    person = desk.person(leaving.profile_id)
    if person is None:  # erased: there is nobody left to write to
        return
    facts = desk.facts(leaving.message_id)
    group = None if whole_channel else leaving.group
    about: dict[str, Any] = {
        "channel": leaving.channel,
        "state": "unsubscribed",
        "source": "one_click" if one_click else "unsubscribe_page",
    }
    if group:
        about["group"] = group
    whole_email = leaving.channel == "email" and not group
    name = names.UNSUBSCRIBED if whole_email else names.SUBSCRIPTION_CHANGED
    desk.sink.append_events([desk.build(name, person, facts, about)])


def _find_owner(desk: LinkDesk, token: str) -> Person | None:
    profile_id = desk.links.read_preferences(token)
    return None if profile_id is None else desk.person(profile_id)


def _find_choices(desk: LinkDesk, token: str) -> list[pages.Choice] | None:
    person = _find_owner(desk, token)
    return None if person is None else _choices(desk, person)


def _choices(desk: LinkDesk, person: Person) -> list[pages.Choice]:
    workspace = desk.workspace()
    said = desk.consents(person.profile_id)
    modes = workspace.settings.consent

    def is_on(channel: str, group: str) -> bool:
        state = said.get((channel, group))
        return state == "subscribed" if modes.get(channel, "none") == "opt_in" else state != "unsubscribed"

    channels = [pages.Choice(c, c, is_on(c, ""), is_group=False) for c in _CHOSEN_CHANNELS if modes.get(c, "none") != "none"]
    groups = sorted(
        {(t.channel, t.group) for t in workspace.templates.values() if t.group and modes.get(t.channel, "none") != "none"}
    )
    return channels + [pages.Choice(f"{c}:{g}", g, is_on(c, g), is_group=True) for c, g in groups]


def _keep_choices(desk: LinkDesk, token: str, ticked: frozenset[str]) -> bool:
    person = _find_owner(desk, token)
    if person is None:
        return False
    changes: list[dict[str, Any]] = []
    for choice in _choices(desk, person):
        on = choice.name in ticked
        if on == choice.on:
            continue
        channel, _, group = choice.name.partition(":")
        about = {"channel": channel, "state": "subscribed" if on else "unsubscribed", "source": "preferences_page"}
        changes.append(desk.build(names.SUBSCRIPTION_CHANGED, person, None, about | ({"group": group} if group else {})))
    if changes:
        desk.sink.append_events(changes)
    return True


async def _read_form(request: AnyRequest) -> Mapping[str, Sequence[str]]:
    """The fields of a form; what is no form, or too large for one of ours, has none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            return {}
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=500)
    except ValueError:
        return {}


def _language(request: AnyRequest) -> pages.Language:
    return pages.pick_language(request.headers.get("accept-language", ""))


def _page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[Any]:
    return Response(
        html, status_code=status, media_type="text/html; charset=utf-8", headers={**pages.HEADERS, **(headers or {})}
    )
