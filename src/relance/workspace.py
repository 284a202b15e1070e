"""Everything that is defined in a workspace, typed where the engine needs it. Frozen.

These are words for all floors: `definitions` fills them, the engine, the checks of messages and the templates read them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast

from relance.clock import parse_duration
from relance.errors import InvalidDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ConsentMode = Literal["opt_in", "opt_out", "none"]
DEFAULT_CONSENT: Mapping[str, ConsentMode] = MappingProxyType(
    {"email": "opt_in", "sms": "opt_in", "push": "opt_in", "in_app": "none", "webhook": "none"}
)
CHANNELS = tuple(DEFAULT_CONSENT)
_LOCAL_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")


@dataclass(frozen=True, slots=True)
class FrequencyCap:
    """At most `max` marketing messages in any window of `per`."""

    channel: str  # or "any"
    max: int
    per: int  # microseconds


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When marketing messages are not sent: start <= local time < end, which may lie past midnight."""

    channels: tuple[str, ...]
    start: time
    end: time
    timezone: str = "profile"  # or an IANA name
    when_hit: Literal["hold", "discard"] = "hold"


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole workspace."""

    timezone: str = "UTC"
    lateness: int = 0  # microseconds
    consent: Mapping[str, ConsentMode] = field(default_factory=lambda: DEFAULT_CONSENT)
    frequency_caps: tuple[FrequencyCap, ...] = ()
    quiet_hours: QuietHours | None = None


@dataclass(frozen=True, slots=True)
class TemplateDefinition:
    """The content of a message on one channel."""

    id: str
    channel: str
    status: str
    group: str | None
    body: Mapping[str, Any]  # the whole definition


@dataclass(frozen=True, slots=True)
class DerivedEvent:
    """An event that is made out of others."""

    id: str
    name: str
    rule_event: str  # "*" for any that was received
    where: tuple[Mapping[str, Any], ...]
    namespace: str | None = None  # the trait that says whose it is, when the raw event names no user
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """All definitions, by id, in the order of their ids."""

    settings: Settings = field(default_factory=Settings)
    segments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the condition of each
    archived: Mapping[str, int] = field(default_factory=dict)  # segments, and since when
    templates: Mapping[str, TemplateDefinition] = field(default_factory=dict)
    derived_events: tuple[DerivedEvent, ...] = ()  # published ones
    event_names: frozenset[str] = frozenset()  # of registered and derived events
    event_schemas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of published events by name: path → type
    journeys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the whole definition of each
    campaigns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the whole definition of each
    predictions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the whole definition of each
    names: Mapping[str, str] = field(default_factory=dict)  # how people call a definition: `segment:vip` → "Best customers"

    @property
    def template_groups(self) -> dict[str, str]:
        """The subscription group of each template that has one."""
        return {t.id: t.group for t in self.templates.values() if t.group}


def _duration(text: object) -> int:
    found = parse_duration(text)
    if found is None:
        msg = f"{text!r} is no duration"
        raise InvalidDefinition(msg)
    return found


def parse_local_time(text: object) -> time | None:
    """Read `HH:MM` or `HH:MM:SS`; None when `text` is none."""
    found = _LOCAL_TIME.fullmatch(text) if isinstance(text, str) else None
    return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def build_settings(body: Mapping[str, Any]) -> Settings:
    """Settings from a checked definition."""
    quiet = body.get("quiet_hours")
    return Settings(
        timezone=body.get("timezone") or "UTC",
        lateness=_duration(body.get("lateness") or "0s"),
        consent=MappingProxyType({**DEFAULT_CONSENT, **(body.get("consent") or {})}),
        frequency_caps=tuple(
            FrequencyCap(cap.get("channel", "any"), cap["max"], _duration(cap["per"]))
            for cap in body.get("frequency_caps") or ()
        ),
        quiet_hours=_build_quiet_hours(quiet) if quiet else None,
    )


def _build_quiet_hours(body: Mapping[str, Any]) -> QuietHours:
    start, end = parse_local_time(body["from"]), parse_local_time(body["to"])
    if start is None or end is None:
        msg = "quiet hours need `from` and `to` as HH:MM"
        raise InvalidDefinition(msg)
    return QuietHours(
        channels=tuple(body.get("channels") or CHANNELS),
        start=start,
        end=end,
        timezone=body.get("timezone") or "profile",
        when_hit=body.get("when_hit") or "hold",
    )


def _build_derived_event(body: Mapping[str, Any]) -> DerivedEvent:
    rule, identity = body["rule"], body.get("identity") or {}
    return DerivedEvent(
        id=body["id"],
        name=body["name"],
        rule_event=rule.get("event", "*"),
        where=tuple(rule.get("where") or ()),
        namespace=identity.get("namespace"),
        path=identity.get("path"),
    )


def build_workspace(documents: Iterable[object]) -> Workspace:
    """Put checked definitions together: their bodies, or documents that have one as `body`.

    Raises:
        InvalidDefinition, KeyError: a definition was not checked before.
    """
    bodies = [cast("Mapping[str, Any]", d if isinstance(d, dict) else getattr(d, "body", d)) for d in documents]
    of_kind: dict[str, list[Mapping[str, Any]]] = {}
    for body in bodies:
        of_kind.setdefault(body["kind"], []).append(body)
    for kind, found in of_kind.items():
        if kind != "settings":
            found.sort(key=lambda body: body["id"])

    def by_id(kind: str) -> Mapping[str, Mapping[str, Any]]:
        return MappingProxyType({body["id"]: body for body in of_kind.get(kind, ())})

    templates = {
        body["id"]: TemplateDefinition(body["id"], body["channel"], body.get("status", "ready"), body.get("group"), body)
        for body in of_kind.get("template", ())
    }
    events = [body for body in of_kind.get("event", ()) if body.get("status", "published") == "published"]
    settings: dict[str, Any] = {}
    for body in of_kind.get("settings", ()):
        settings.update(body)
    return Workspace(
        settings=build_settings(settings),
        segments=MappingProxyType({body["id"]: body["where"] for body in of_kind.get("segment", ())}),
        templates=MappingProxyType(templates),
        derived_events=tuple(_build_derived_event(body) for body in events if body.get("rule")),
        event_names=frozenset(body["name"] for body in events),
        event_schemas=MappingProxyType({body["name"]: body["schema"] for body in events if body.get("schema")}),
        journeys=by_id("journey"),
        campaigns=by_id("campaign"),
        predictions=by_id("prediction"),
        names=MappingProxyType({f"{b['kind']}:{b['id']}": b["name"] for b in bodies if b.get("id") and b.get("name")}),
    )
