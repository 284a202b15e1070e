"""Webhooks of anybody: a JSON body becomes an event whose properties it is; rules make of it what it means.

Owns `source_hooks`. A body that names no user gets an anonymous profile by what the identity rules read from it, so that all
that comes about one stranger is of one profile.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import SECOND, format_instant, parse_instant
from relance.conditions.clauses import first_value
from relance.errors import InvalidInput, NotFound
from relance.events.names import OWN_NAMES, REQUESTS
from relance.ids import make_secret
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relance.store import Connection

SQL = load_queries("relance.registry")
DEFAULT_EVENT = "Webhook Received"
STANDARD_HEADER = "webhook-signature"
MAX_ITEMS = 5_000
MAX_TEXT = 255
_MOST_SECONDS = 4_102_444_800  # 2100; greater numbers are milliseconds
# Where providers put the id of a delivery, which they repeat with it.
ID_HEADERS = ("webhook-id", "idempotency-key", "x-github-delivery", "x-shopify-webhook-id", "x-request-id")


@dataclass(frozen=True, slots=True)
class HookSettings:
    """How the webhooks of one source are read."""

    source: str
    secret: str = ""  # none: a write key is needed
    signature_header: str = STANDARD_HEADER
    event: str = DEFAULT_EVENT
    user_id_path: str = ""
    message_id_path: str = ""
    timestamp_path: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the HTTP interface shows it, without the secret."""
        return {
            "source": self.source,
            "signed": bool(self.secret),
            "signature_header": self.signature_header,
            "event": self.event,
            "user_id_path": self.user_id_path or None,
            "message_id_path": self.message_id_path or None,
            "timestamp_path": self.timestamp_path or None,
        }


def load_hook(connection: Connection, source: str) -> HookSettings | None:
    """How the webhooks of a source are read; None where nothing was said of it."""
    row = connection.row(SQL["hook"], {"source": source})
    return None if row is None else HookSettings(*row)


def save_hook(connection: Connection, hook: HookSettings, *, now: int) -> HookSettings:
    """Keep how webhooks are read. Effects: writes `source_hooks`.

    Raises:
        NotFound: there is no such source.
        InvalidInput: with every problem.
    """
    if connection.row(SQL["is_source"], {"source": hook.source}) is None:
        msg = f"there is no source {hook.source!r}"
        raise NotFound(msg)
    problems = list(_check(hook))
    if problems:
        raise InvalidInput(problems[0], problems=problems)
    values = {
        "source": hook.source, "secret": hook.secret, "signature_header": hook.signature_header.lower(), "event": hook.event,
        "user_id_path": hook.user_id_path, "message_id_path": hook.message_id_path, "timestamp_path": hook.timestamp_path, "now": now,
    }  # fmt: skip
    connection.execute(SQL["save_hook"], values)
    return hook


def delete_hook(connection: Connection, source: str) -> None:
    """Read its webhooks as by default again, with a key alone. Effects: writes `source_hooks`.

    Raises:
        NotFound: nothing was said of it.
    """
    if not connection.execute(SQL["delete_hook"], {"source": source}):
        msg = f"nothing is set for webhooks of {source!r}"
        raise NotFound(msg)


def make_hook_secret() -> str:
    """A secret for signatures."""
    return make_secret("hs")


def _check(hook: HookSettings) -> Iterable[str]:
    if not hook.event.strip() or len(hook.event) > MAX_TEXT or "\x00" in hook.event:
        yield f"`event` is the name that its events get: between 1 and {MAX_TEXT} characters"
    if hook.event in OWN_NAMES | REQUESTS:
        yield f"`event`: {hook.event!r} is said by relance itself; choose another name"
    for name in ("user_id_path", "message_id_path", "timestamp_path"):
        path = getattr(hook, name)
        if path and (len(path) > MAX_TEXT or not all(path.split("."))):
            yield f"`{name}`: {path!r} is no path; write names with dots between them, such as `customer.id`"
    header = hook.signature_header
    if not header or len(header) > MAX_TEXT or not header.replace("-", "").isalnum() or not header.isascii():
        yield "`signature_header` is the name of an HTTP header, such as `X-Hub-Signature-256`"
    if len(hook.secret) > MAX_TEXT or not hook.secret.isprintable():
        yield f"`secret` has at most {MAX_TEXT} printable characters"


def read_payloads(body: bytes) -> list[Any]:
    """What a body says: one thing, or the things of a list.

    Raises:
        InvalidInput: it is no JSON, or there are too many things.
    """
    try:
        told = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as e:
        msg = f"the body is no JSON: {e}"
        raise InvalidInput(msg, problems=[msg]) from e
    payloads = told if isinstance(told, list) else [told]
    if len(payloads) > MAX_ITEMS:
        msg = f"at most {MAX_ITEMS} things in one body"
        raise InvalidInput(msg, problems=[msg])
    return payloads


def make_items(
    payloads: Sequence[Any], hook: HookSettings, identities: Sequence[tuple[str, str]], delivery: str = ""
) -> list[dict[str, Any]]:
    """The events that a body becomes, as items of the tracking API.

    Args:
        payloads: what it says.
        hook: how it is read.
        identities: of the published rules, the trait and the path that say whose something is.
        delivery: the provider's id of it; with the same one again nothing is added.
    """
    return [_item(payload, hook, identities, f"{delivery}-{n}" if delivery else "") for n, payload in enumerate(payloads)]


def _item(payload: Any, hook: HookSettings, identities: Sequence[tuple[str, str]], delivery: str) -> dict[str, Any]:
    properties: Mapping[str, Any] = payload if isinstance(payload, dict) else {"value": payload}
    told = {"type": "track", "event": hook.event, "properties": properties, "context": {"library": {"name": "webhook"}}}
    user_id = _scalar(properties, hook.user_id_path)
    if user_id:
        told["userId"] = user_id
    else:
        told["anonymousId"] = _stranger(properties, hook.source, identities)
    message_id = _scalar(properties, hook.message_id_path) or delivery
    if message_id:
        told["messageId"] = f"hook-{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"
    at = _instant(properties, hook.timestamp_path)
    return told | ({"timestamp": format_instant(at)} if at is not None else {})


def _stranger(properties: Mapping[str, Any], source: str, identities: Sequence[tuple[str, str]]) -> str:
    """Whose it is as long as nobody is known for it."""
    for namespace, path in identities:
        value = _scalar(properties, path)
        if value:
            digest = hashlib.sha256(f"{namespace}\x1f{value.strip().casefold()}".encode()).hexdigest()
            return f"hook-{source}-{digest[:24]}"
    return f"hook-{source}"


def _scalar(properties: Mapping[str, Any], path: str) -> str:
    value = first_value(properties, path.split(".")) if path else None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def _instant(properties: Mapping[str, Any], path: str) -> int | None:
    value = first_value(properties, path.split(".")) if path else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < _MOST_SECONDS * 1000:
        return int(value * SECOND if value < _MOST_SECONDS else value * SECOND / 1000)
    return parse_instant(value)
