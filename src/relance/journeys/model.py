"""A journey or campaign, read from its frozen body and numbered for the engine.

Steps are numbered in the order of the definition; `END` stands for the implicit end. A campaign is a journey of one
step called `message`. Rules are what a version waits for: starts, exits, listeners and goals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, MINUTE, parse_duration
from relance.conditions.answers import CAMPAIGN_STEP
from relance.errors import InternalError
from relance.events.names import CAMPAIGN_REQUESTED, JOURNEY_REQUESTED

if TYPE_CHECKING:
    from collections.abc import Mapping

END = -1
RULES_PER_VERSION = 1 << 12
DEFAULT_LIFETIME = 365 * DAY


@dataclass(frozen=True, slots=True)
class Rule:
    """An event that a version waits for."""

    rule_id: int
    role: str  # entry | exit | listen | goal | conversion
    event: str
    where: tuple[Mapping[str, Any], ...]
    reason: str  # how an exit names it
    step: int | None = None  # of a listener
    rank: int = 0  # its place among the listeners of the step, or among the exits
    next: int | None = None
    message_step: int | None = None  # the step whose message the event must answer
    since: str = "step"  # step | message | enrollment
    within: int = 0  # of a goal: how long after the end of a passage it still counts; `rank` is its place among the goals


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """One channel of a message step."""

    channel: str
    template: str
    group: str  # the subscription group of the template, "" for none


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its edges as step numbers."""

    index: int
    step_id: str
    kind: str
    next: int = END
    body: Mapping[str, Any] = field(default_factory=dict)
    # wait, listen
    wait: int | None = None  # microseconds of `wait: for` and of `listen: timeout`
    timeout_next: int | None = None
    # message
    channels: tuple[ChannelChoice, ...] = ()
    first_reachable: bool = False
    marketing: bool = True
    expires_in: int | None = None
    to: str | None = None
    blocked_next: int | None = None
    failed_next: int | None = None
    # branch
    when: tuple[tuple[Mapping[str, Any], int], ...] = ()
    otherwise: int = END
    # split
    paths: tuple[tuple[float, int], ...] = ()  # percent, step


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may enter; None is no limit."""

    per_run: int | None = None  # at one occurrence of the schedule
    per_day: int | None = None  # of the workspace's zone
    total: int | None = None

    def __bool__(self) -> bool:
        return (self.per_run, self.per_day, self.total) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a schedule's audience is let in."""

    max: int
    per: int  # microseconds


NO_LIMITS = Limits()
_SPANS = {"minute": MINUTE, "hour": HOUR, "day": DAY}


@dataclass(frozen=True, slots=True)
class Version:
    """One frozen version of a journey or campaign."""

    version_id: int
    source: str  # "journey:ID" or "campaign:ID"
    kind: str
    id: str
    steps: tuple[Step, ...]
    start: int
    rules: tuple[Rule, ...]
    key_path: str | None
    reentry: str  # once | always | after
    reentry_after: int
    lifetime: int
    holdout_percent: float
    control_percent: float
    variants: tuple[Mapping[str, Any], ...]
    audience: Mapping[str, Any] | None  # who is let in by a schedule, or by a campaign's event
    schedule: Mapping[str, Any] | None
    starts_at: str | None = None  # nobody enters before
    ends_at: str | None = None  # nor from then on
    limits: Limits = NO_LIMITS
    excluded: tuple[str, ...] = ()  # segments whose members do not enter
    incremental: bool = False  # an occurrence takes in who became a member since the last
    rate: Rate | None = None


def goals_of(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The goals of a journey, the main one first."""
    given = body.get("goal")
    return list(given) if isinstance(given, list) else [given] if given else []


def _rate(given: Mapping[str, Any] | None) -> Rate | None:
    if not given:
        return None
    return Rate(int(given["max"]), _SPANS.get(given["per"]) or parse_duration(given["per"]) or DAY)


def _limits(given: Mapping[str, Any] | None) -> Limits:
    return Limits(**{name: int(value) for name, value in (given or {}).items()})


def _reentry(given: object) -> tuple[str, int]:
    if isinstance(given, dict):
        return "after", parse_duration(given["after"]) or 0
    return str(given), 0


def _listener_since(step: Mapping[str, Any]) -> str:
    named = all(spec.get("message") for spec in step["for"])
    return str(step.get("since") or ("message" if named else "step"))


class _Numbering:
    """Turns the names of one body into numbers."""

    def __init__(self, version_id: int, steps: Mapping[str, Any], groups: Mapping[str, str]) -> None:
        self.steps = steps
        self.groups = groups
        self.numbers = {name: i for i, name in enumerate(steps)}
        self.rules: list[Rule] = []
        self._first_rule = version_id * RULES_PER_VERSION

    def of(self, name: str | None) -> int:
        return END if name is None or (name == "end" and "end" not in self.numbers) else self.numbers[name]

    def optional(self, name: str | None) -> int | None:
        return None if name is None else self.of(name)

    def add_rule(self, role: str, spec: Mapping[str, Any], **more: Any) -> None:
        if "event" in spec:
            event, where, reason = str(spec["event"]), tuple(spec.get("where") or ()), str(spec["event"])
        else:
            name, segment = next((k, str(spec[k])) for k in ("segment_entered", "segment_left") if k in spec)
            event = "Segment Entered" if name == "segment_entered" else "Segment Left"
            where, reason = ({"path": "segment", "op": "eq", "value": segment},), segment
        self.rules.append(Rule(self._first_rule + len(self.rules), role, event, where, reason, **more))

    def channels(self, step: Mapping[str, Any]) -> tuple[ChannelChoice, ...]:
        pairs = step["channels"].items() if "channels" in step else [(step["channel"], step["template"])]
        return tuple(ChannelChoice(channel, template, self.groups.get(template, "")) for channel, template in pairs)

    def step(self, name: str, body: Mapping[str, Any]) -> Step:
        kind, index = str(body["type"]), self.numbers[name]
        more: dict[str, Any] = {}
        if kind == "message":
            more = {
                "channels": self.channels(body),
                "first_reachable": body.get("strategy", "all") == "first_reachable",
                "marketing": body.get("purpose", "marketing") == "marketing",
                "expires_in": parse_duration(body["expires_in"]) if "expires_in" in body else None,
                "to": body.get("to"),
                "blocked_next": self.optional(body.get("on_blocked")),
                "failed_next": self.optional(body.get("on_failed")),
            }
        elif kind == "wait":
            more = {"wait": parse_duration(body["for"]) if "for" in body else None}
        elif kind == "listen":
            since = _listener_since(body)
            for rank, spec in enumerate(body["for"]):
                self.add_rule(
                    "listen",
                    spec,
                    step=index,
                    rank=rank,
                    next=self.of(spec.get("next")),
                    message_step=self.optional(spec.get("message")),
                    since=since,
                )
            if "timeout" in body:
                more = {"wait": parse_duration(body["timeout"]), "timeout_next": self.of(body.get("on_timeout"))}
        elif kind == "branch":
            more = {
                "when": tuple((choice["where"], self.of(choice.get("next"))) for choice in body["when"]),
                "otherwise": self.of(body.get("otherwise")),
            }
        elif kind == "split":
            more = {"paths": tuple((path["percent"], self.of(path.get("next"))) for path in body["paths"])}
        return Step(index, name, kind, self.of(body.get("next")), body, **more)


def _request(event: str, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The event by which somebody asks for a start (see `requests`)."""
    return {"event": event, "where": [{"path": kind, "op": "eq", "value": str(body["id"])}]}


def read_version(version_id: int, kind: str, body: Mapping[str, Any], groups: Mapping[str, str]) -> Version:
    """Number a checked journey or campaign body.

    Args:
        version_id: unique over all versions of all sources.
        kind: `journey` or `campaign`.
        body: the definition, as it was published.
        groups: the subscription group of each template that has one.
    """
    if kind == "campaign":
        return _read_campaign(version_id, body, groups)
    if kind != "journey":
        msg = f"no engine runs a {kind}"
        raise InternalError(msg)
    names = _Numbering(version_id, body["steps"], groups)
    entry = body["entry"]
    if entry["type"] == "event":
        names.add_rule("entry", entry)
    elif entry["type"] == "segment_entered":
        names.add_rule("entry", {"segment_entered": entry["segment"]})
    elif entry["type"] == "api":
        names.add_rule("entry", _request(JOURNEY_REQUESTED, "journey", body))
    by_segment = entry["type"] in ("segment", "segment_entered")
    for rank, spec in enumerate(body.get("exit_on") or ()):
        names.add_rule("exit", spec, rank=rank)
    excluded = tuple(str(one["segment"]) for one in body.get("exclude") or ())
    for rank, segment in enumerate(excluded, start=len(body.get("exit_on") or ())):
        names.add_rule("exit", {"segment_entered": segment}, rank=rank)
    for rank, goal in enumerate(goals_of(body)):
        names.add_rule("goal", goal, rank=rank, within=parse_duration(goal.get("within")) or 0)
    steps = tuple(names.step(name, step) for name, step in body["steps"].items())
    reentry, after = _reentry(body.get("reentry", "once" if by_segment else "always"))
    scheduled = entry["type"] == "segment"
    return Version(
        version_id=version_id,
        source=f"journey:{body['id']}",
        kind=kind,
        id=str(body["id"]),
        steps=steps,
        start=names.of(body["start"]),
        rules=tuple(names.rules),
        key_path=body.get("key"),
        reentry=reentry,
        reentry_after=after,
        lifetime=parse_duration(body.get("lifetime")) or DEFAULT_LIFETIME,
        holdout_percent=body.get("holdout_percent", 0),
        control_percent=0,
        variants=(),
        audience={"type": "in_segment", "segment": entry["segment"]} if scheduled else None,
        schedule=entry.get("schedule") if scheduled else None,
        starts_at=body.get("starts_at"),
        ends_at=body.get("ends_at"),
        limits=_limits(body.get("entry_limits")),
        excluded=excluded,
        incremental=scheduled and bool(entry.get("incremental")),
        rate=_rate(entry.get("rate")) if scheduled else None,
    )


def step_names(body: Mapping[str, Any]) -> list[str]:
    """The ids of a published body's steps; a step's number is its place in this list."""
    return list(body["steps"]) if "steps" in body else [CAMPAIGN_STEP]


def _read_campaign(version_id: int, body: Mapping[str, Any], groups: Mapping[str, str]) -> Version:
    names = _Numbering(version_id, {"message": None}, groups)
    schedule = body.get("schedule") or {"api": True}
    if "event" in schedule:
        names.add_rule("entry", schedule)
    elif "api" in schedule:
        names.add_rule("entry", _request(CAMPAIGN_REQUESTED, "campaign", body))
    for rank, spec in enumerate(body.get("conversions") or ()):
        names.add_rule("conversion", spec, rank=rank)
    step = names.step("message", {**body["message"], "type": "message"})
    reentry, after = _reentry(body.get("reentry", "always"))
    return Version(
        version_id=version_id,
        source=f"campaign:{body['id']}",
        kind="campaign",
        id=str(body["id"]),
        steps=(step,),
        start=0,
        rules=tuple(names.rules),
        key_path=None,
        reentry=reentry,
        reentry_after=after,
        lifetime=parse_duration(body.get("lifetime")) or DEFAULT_LIFETIME,
        holdout_percent=body.get("holdout_percent", 0),
        control_percent=body.get("control_percent", 0),
        variants=tuple(body.get("variants") or ()),
        audience=body.get("audience") or {"type": "all", "of": []},
        schedule=schedule if "event" not in schedule else None,
    )
