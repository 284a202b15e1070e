"""`/hooks/{provider}`: what providers tell later about messages. Signed, of now, and each told thing counts once.

Shape: one object or a list of them:
`{"id": "evt-1", "type": "delivered" | "bounced" | "complained" | "replied" | "opened" | "clicked" | "tapped",
"message_id": "m12", "bounce_type": "hard" | "soft", "from": "+33612345678", "text": "STOP", "link": "https://...",
"at": "2026-03-02T10:00:00Z"}`
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Request, post
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from relance.api.auth import PUBLIC
from relance.channels.signing import is_signed
from relance.clock import SECOND, Clock, parse_instant
from relance.errors import InvalidInput, NotAllowed, NotFound
from relance.events import names
from relance.outbox.reactions import EventSink, MessageFacts, Person, build_event, find_message
from relance.profiles.addresses import normalise_phone
from relance.store import Connection, Database, load_queries

MAX_BODY_BYTES = 1_000_000
MAX_ITEMS = 5_000
SQL = load_queries("relance.outbox", "delivery.sql")

# By channel, what a told thing is called in the log.
MEANINGS: dict[str, dict[str, str]] = {
    "email": {
        "delivered": names.EMAIL_DELIVERED,
        "bounced": names.EMAIL_BOUNCED,
        "complained": names.EMAIL_MARKED_AS_SPAM,
        "opened": names.EMAIL_OPENED,
        "clicked": names.EMAIL_LINK_CLICKED,
    },
    "sms": {"delivered": names.SMS_DELIVERED, "replied": names.SMS_REPLIED, "clicked": names.SMS_LINK_CLICKED},
    "push": {
        "delivered": names.PUSH_NOTIFICATION_RECEIVED,
        "bounced": names.PUSH_NOTIFICATION_BOUNCED,
        "tapped": names.PUSH_NOTIFICATION_TAPPED,
    },
}
# One word, whatever its case, is the whole message.
STOP_WORDS = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "end",
        "quit",
        "cancel",
        "revoke",
        "optout",
        "opt-out",
        "arret",
        "arrêt",
        "remove",
        "td",
        "désabonner",
        "desabonner",
    ]
)
START_WORDS = frozenset({"start", "unstop", "subscribe"})


class BadSignature(NotAllowed):
    """The callback is not signed with this provider's secret, or not of now."""

    code = "bad_signature"


@dataclass(frozen=True)
class HookDesk:
    """What the handler uses."""

    database: Database
    sink: EventSink
    clock: Clock
    secrets: Mapping[str, str] = field(default_factory=dict)  # of each provider
    prefix: str = "m"


def hook_routes(desk: HookDesk) -> list[Any]:
    """The handler of callbacks."""

    @post("/hooks/{provider:str}", opt=PUBLIC, status_code=HTTP_200_OK, request_max_body_size=MAX_BODY_BYTES)
    async def take_callbacks(provider: FromPath[str], request: Request[Any, Any, Any]) -> dict[str, int]:
        """What a provider tells about messages: deliveries, bounces, complaints, replies."""
        secret = desk.secrets.get(provider)
        if not secret:
            msg = f"there is no provider {provider[:64]!r} that calls back"
            raise NotFound(msg)
        body = await request.body()
        if not is_signed(secret, request.headers, body, now_seconds=desk.clock.now() // SECOND):
            raise BadSignature
        items = read_items(body)
        events = await asyncio.to_thread(read_callbacks, desk, provider, items)
        if events:
            await asyncio.to_thread(desk.sink.append_events, events)
        return {"received": len(items), "understood": len({e["properties"]["callback"] for e in events})}

    return [take_callbacks]


def read_items(body: bytes) -> list[Mapping[str, Any]]:
    """The callbacks of a body.

    Raises:
        InvalidInput: it is no JSON object or list.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as e:
        msg = "the body is no JSON"
        raise InvalidInput(msg, problems=[msg]) from e
    items = told if isinstance(told, list) else [told]
    if len(items) > MAX_ITEMS:
        msg = f"at most {MAX_ITEMS} callbacks in one body"
        raise InvalidInput(msg, problems=[msg])
    return [item for item in items if isinstance(item, dict)]


def read_callbacks(desk: HookDesk, provider: str, items: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The events that callbacks mean; what is not understood, or about nobody we know, means none."""
    events: list[dict[str, Any]] = []
    with desk.database.reading() as connection:
        for item in items:
            # Providers repeat themselves; the id makes the log take each thing once.
            told = item.get("id") if isinstance(item.get("id"), (str, int)) else json.dumps(item, sort_keys=True, default=str)
            digest = hashlib.sha256(f"{provider}\0{told}".encode(errors="replace")).hexdigest()[:32]
            events += _read_one(desk, connection, item, f"hook-{digest}")
    return events


def _read_one(desk: HookDesk, connection: Connection, item: Mapping[str, Any], callback: str) -> list[dict[str, Any]]:
    kind = item.get("type")
    facts = _find_facts(desk, connection, item.get("message_id"))
    at = min(parse_instant(item.get("at")) or desk.clock.now(), desk.clock.now())
    if kind == "replied":
        return _read_reply(desk, connection, item, facts, at, callback)
    name = MEANINGS.get(facts.channel, {}).get(str(kind)) if facts is not None else None
    if facts is None or name is None:
        return []
    about: dict[str, Any] = {"callback": callback}
    if name == names.EMAIL_BOUNCED:
        about["bounce_type"] = "soft" if item.get("bounce_type") == "soft" else "hard"
    if facts.channel == "email" and facts.address:
        about["email"] = facts.address
    if isinstance(item.get("link"), str):
        about["link"] = item["link"][:4_000]
    if item.get("machine") is True:
        about["machine"] = True
    return [build_event(name, facts.person, at=at, facts=facts, prefix=desk.prefix, properties=about, event_id=callback)]


def _read_reply(
    desk: HookDesk, connection: Connection, item: Mapping[str, Any], facts: MessageFacts | None, at: int, callback: str
) -> list[dict[str, Any]]:
    """A text that somebody sent back. It is of all who share the number it came from."""
    text = item.get("text")
    said = text[:2_000] if isinstance(text, str) else ""
    phone, is_phone = normalise_phone(item.get("from"))
    people: list[Person] = []
    if is_phone:
        people = [Person(p, u, bool(k)) for p, u, k in connection.rows(SQL["people_of_phone"], {"phone": phone})]
    if facts is not None and facts.person.profile_id not in {p.profile_id for p in people}:
        people.append(facts.person)
    word = said.strip().strip(".!").casefold()
    state = "unsubscribed" if word in STOP_WORDS else "subscribed" if word in START_WORDS else None
    events = []
    for n, person in enumerate(people):
        own = facts if facts is not None and facts.person.profile_id == person.profile_id else None
        about = {"callback": callback, "text": said, "from": phone}
        events.append(
            build_event(
                names.SMS_REPLIED, person, at=at, facts=own, prefix=desk.prefix, properties=about, event_id=f"{callback}-{n}"
            )
        )
        if state is not None:
            change = {"callback": callback, "channel": "sms", "state": state, "source": "sms_reply"}
            event_id = f"{callback}-{n}-consent"
            events.append(build_event(names.SUBSCRIPTION_CHANGED, person, at=at, properties=change, event_id=event_id))
    return events


def _find_facts(desk: HookDesk, connection: Connection, told: object) -> MessageFacts | None:
    number = str(told).removeprefix(desk.prefix) if isinstance(told, (str, int)) else ""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    return find_message(connection, int(number))
