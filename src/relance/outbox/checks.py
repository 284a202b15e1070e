"""The last look at a message, in the transaction that claims it: what came in since the engine decided still counts.

The engine has run every check (see `handoff`); a message may have waited since. An exit, an unsubscription or a
suppression that is committed before the claim always wins (SEMANTICS 15 and 20), and so does a pause or a stop (8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.outbox.quiet import QuietClock
    from relance.workspace import ConsentMode


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message on its way to a provider, with what its rendering needs."""

    message_id: int
    profile_id: int
    source: str
    step_id: str
    template: str
    variant: str | None
    marketing: int
    address: str | None
    expires_at: int | None
    attempt: int  # 1 for the first
    enrollment_status: int
    version_state: str
    user_id: str
    known: int
    traits: str  # JSON
    timezone: str | None
    event_name: str | None
    event_properties: str | None  # JSON
    event_at: int | None
    channel: str
    at: int  # when it was claimed: the instant of its hand-off


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the people and addresses of one claim."""

    consent_mode: ConsentMode
    suppressed: frozenset[str]  # addresses, by their key
    consents: Mapping[tuple[int, str], str]  # (profile, group or "") → state
    groups: Mapping[str, str]  # template → subscription group
    quiet: QuietClock | None = None


def find_refusal(message: Claimed, address_key: str | None, standing: Standing) -> str | None:
    """Why a message may not be handed over any more; the first reason in the order of SEMANTICS 18, or None."""
    if message.enrollment_status != 0 or message.version_state == "stopped":
        return "exited"
    if not message.address:
        return "no_address"
    if address_key in standing.suppressed:
        return "suppressed"
    if message.marketing:
        refusal = _find_dissent(message, standing)
        if refusal is not None:
            return refusal
    if message.expires_at is not None and message.at > message.expires_at:
        return "expired"
    return None


def _find_dissent(message: Claimed, standing: Standing) -> str | None:
    if standing.consent_mode == "none":
        return None
    group = standing.groups.get(message.template)
    for group_id in ("",) if not group else ("", group):
        state = standing.consents.get((message.profile_id, group_id))
        if state == "unsubscribed":
            return "unsubscribed"
        if standing.consent_mode == "opt_in" and state != "subscribed":
            return "no_consent"
    return None


def find_hold(message: Claimed, standing: Standing) -> int | None:
    """Until when quiet hours keep a message that waited into them, or None."""
    if standing.quiet is None or not message.marketing or message.channel not in standing.quiet.channels:
        return None
    return standing.quiet.ends_at(message.at, message.timezone)
