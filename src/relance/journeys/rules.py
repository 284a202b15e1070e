"""What all published versions wait for: events are matched once against every rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.conditions.clauses import Clause, all_match, clause_of, first_value
from relance.events.names import OWN_NAMES, PROFILE_UPDATED
from relance.journeys.lifecycle.model import CLOSED, MIGRATED_REASON, STOPPED_REASON, Standing
from relance.journeys.lifecycle.standings import load_standings
from relance.journeys.model import END, read_version
from relance.localtime import UTC_ZONE, find_zone, parse_instant_or_date
from relance.profiles.traits import compact, split_path
from relance.store.scratch import count_anew, empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.journeys.model import Rule, Step, Version
    from relance.store import Connection
    from relance.workspace import DerivedEvent

OTHER_REASONS = ("lifetime", "merged", STOPPED_REASON, MIGRATED_REASON)
_RUNS = Standing()
_TABLES = ("w_version", "w_step", "w_fired", "w_channel", "w_action", "w_rule", "w_reason")
GOES, STANDS, RESTS, WOKE, PASSES = range(5)  # the states of walkers, see scratch.sql


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule, ready to be matched."""

    rule_id: int
    clauses: tuple[Clause, ...]
    key_path: tuple[str, ...] | None
    takes_machines: bool  # opens by privacy proxies and scanners count only where they are asked for


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived event, ready to be matched against received events."""

    name: str
    event: str  # "*" for any
    clauses: tuple[Clause, ...]
    namespace: str | None
    path: tuple[str, ...]


def key_text(value: Any) -> str:
    """A key as text that is equal for equal values only: `1` and `1.0` are one key, `1` and `"1"` are two."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _watch(rule: Rule, version: Version) -> Watch:
    clauses = tuple(clause_of(w) for w in rule.where)
    return Watch(
        rule.rule_id,
        clauses,
        tuple(version.key_path.split(".")) if version.key_path else None,
        takes_machines=rule.role != "listen" or any(c.path == ("machine",) for c in clauses),
    )


def _action_of(version: Version, step: Step) -> tuple[str, str] | None:
    """What a step does: the event that it tells, with its properties; the journey that it starts; the ad audience, and `add` or `remove`."""
    body = step.body
    if step.kind == "track":
        return str(body["event"]), compact(body.get("properties") or {})
    if step.kind == "update_profile":
        told = {version.kind: version.id, "step": step.step_id, "set": body.get("set") or {}, "unset": body.get("unset") or []}
        return PROFILE_UPDATED, compact(told)
    if step.kind == "start_journey":
        return f"journey:{body['journey']}", "{}"
    if step.kind == "audience":
        return str(body["audience"]), str(body["action"])
    return None


def _entered(step: Step) -> int:
    """The state of a walker who enters a step."""
    if step.kind != "wait" or step.wait is None:  # until when is asked
        return STANDS
    return RESTS if step.wait > 0 else PASSES


def _fired(version: Version, step: Step, *, asked: bool) -> tuple[int, int, str, int | None, int, str]:
    """What becomes of a walker whose timer fires at a step: state, step, kind; how long it waits there, whether it enters it, and why."""
    following, cause = {"wait": (step.next, "waited"), "listen": (step.timeout_next, "timeout")}.get(step.kind, (None, ""))
    if asked or following is None:
        return WOKE, step.index, step.kind, None, 0, "waited"
    if following == END:
        return GOES, END, step.kind, None, 0, cause
    entered = version.steps[following]
    return _entered(entered), following, entered.kind, entered.wait, 1, cause


def _zones_set_by(step: Step) -> list[Any]:
    changed = (step.body.get("set") or {}) if step.kind == "update_profile" else {}
    return [value for path, value in changed.items() if split_path(path) == ["timezone"]]


class Rulebook:
    """All versions that have or may get people, and the rules of their steps."""

    def __init__(
        self,
        versions: Sequence[Version],
        current: Iterable[int],
        derived: Iterable[DerivedEvent] = (),
        published: Mapping[int, int] | None = None,
        zone: ZoneInfo = UTC_ZONE,
        standings: Mapping[str, Standing] | None = None,
    ) -> None:
        """`zone` is the workspace's: dates without a time are midnight there."""
        self.versions = {v.version_id: v for v in versions}
        self.current = frozenset(current)
        self.published = published or {}  # version → since when it is in force
        self._standings = standings or {}
        gates = {v.version_id: self._standing(v).gate for v in versions}
        self.has_gates = any(gates.values())
        self.closed = frozenset(version_id for version_id, gate in gates.items() if gate == CLOSED)
        self.paused = frozenset(v.version_id for v in versions if self._standing(v).state == "paused")
        self.watches: dict[str, list[Watch]] = {}
        self.derivations = tuple(
            Derivation(d.name, d.rule_event, tuple(map(clause_of, d.where)), d.namespace, tuple((d.path or "").split(".")))
            for d in derived
        )
        for version in versions:
            for rule in version.rules:
                if rule.role != "entry" or version.version_id in self.current:
                    self.watches.setdefault(rule.event, []).append(_watch(rule, version))
        tracked = {str(s.body["event"]) for v in versions for s in v.steps if s.kind == "track"}
        self.own_names = tuple(sorted((OWN_NAMES | tracked) & self.watches.keys()))
        self.starts_journeys = any(s.kind == "start_journey" for v in versions for s in v.steps)
        # whether what a journey does may start one
        self.may_loop = self.starts_journeys or any(
            r.role == "entry" and r.event in self.own_names for v in versions for r in v.rules
        )
        # the zones that people may be in from a step on
        self.zones_set = frozenset(str(zone) for v in versions for s in v.steps for zone in _zones_set_by(s) if find_zone(zone))
        self.has_passing = any(_entered(s) == PASSES for v in versions for s in v.steps)
        self.has_keys = any(v.key_path is not None for v in versions)
        self.custom_to = any(s.to is not None for v in versions for s in v.steps)
        self.has_variants = any(v.variants for v in versions)
        self.most_channels = max((len(s.channels) for v in versions for s in v.steps), default=0)
        self.has_goals = any(r.role == "goal" for v in versions for r in v.rules)
        self.has_first_reachable = any(s.first_reachable for v in versions for s in v.steps)
        self.campaigns_by_event = frozenset(
            v.version_id for v in versions if v.kind == "campaign" and any(r.role == "entry" for r in v.rules)
        )
        # when they let people in: from, until
        self.doors = {
            v.version_id: (parse_instant_or_date(v.starts_at, zone), parse_instant_or_date(v.ends_at, zone))
            for v in versions
            if v.starts_at or v.ends_at
        }
        self.limited = {v.version_id: v.limits for v in versions if v.limits and v.version_id in self.current}
        self.excluding = {v.version_id: v.excluded for v in versions if v.excluded}
        # sources in which people may wait to be let in
        self.paced = frozenset(v.source for v in versions if v.rate)
        open_to_some = self.current - self.closed
        self.scheduled = any(
            (v.schedule and v.version_id in open_to_some) or v.source in self.paced
            for v in versions
            if v.version_id in self.current
        )
        self.scheduled_by_zone = any(
            (v.schedule or {}).get("timezone") == "profile" for v in versions if v.version_id in open_to_some
        )
        self.shares = {
            v.version_id: (v.source, v.holdout_percent, v.control_percent)
            for v in versions
            if v.holdout_percent or v.control_percent
        }

    def _standing(self, version: Version) -> Standing:
        return self._standings.get(version.source, _RUNS)

    def match(self, name: str, properties: Mapping[str, Any], at: int, zone: ZoneInfo) -> list[tuple[int, str]]:
        """The rules an event matches, each with the event's key in its journey ("" for none)."""
        found = []
        machine = properties.get("machine") is True
        for watch in self.watches.get(name, ()):
            if (machine and not watch.takes_machines) or not all_match(watch.clauses, properties, at, zone):
                continue
            key = ""
            if watch.key_path is not None:
                key = key_text(first_value({"event": name, "properties": properties}, watch.key_path))
            found.append((watch.rule_id, key))
        return found

    def derive(self, name: str, properties: Mapping[str, Any], at: int, zone: ZoneInfo) -> list[Derivation]:
        """The derived events a received event makes."""
        return [d for d in self.derivations if d.event in ("*", name) and all_match(d.clauses, properties, at, zone)]

    def write(self, connection: Connection) -> None:
        """Effects: fills the temporary tables that show versions, steps and rules to SQL."""
        versions = sorted(self.versions.values(), key=lambda v: (v.source, v.version_id))
        ranks = {source: rank for rank, source in enumerate(sorted({v.source for v in versions}))}
        empty(connection, _TABLES)
        connection.insert_rows(
            "w_version",
            ["version_id", "source", "reference", "rank", "reentry", "reentry_after", "lifetime", "starts_at", "ends_at", "start", "current",
             "gate", "still"],
            [
                (v.version_id, v.source, f'"{v.kind}": {json.dumps(v.id)}', ranks[v.source], v.reentry, v.reentry_after,
                 v.lifetime, *self.doors.get(v.version_id, (None, None)), v.start, int(v.version_id in self.current),
                 self._standing(v).gate, int(self._standing(v).is_still))
                for v in versions
            ],
        )  # fmt: skip
        end = [(v.version_id, END, "end", '"end"', "stop", END, None, None, None, None, 1, 0, None, GOES, 0) for v in versions]
        connection.insert_rows(
            "w_step",
            ["version_id", "step", "step_id", "step_json", "kind", "next", "wait", "timeout_next", "blocked_next", "failed_next",
             "marketing", "first_reachable", "expires_in", "entered", "enters"],
            end + [
                (v.version_id, s.index, s.step_id, json.dumps(s.step_id, ensure_ascii=False), s.kind, s.next, s.wait, s.timeout_next,
                 s.blocked_next, s.failed_next, int(s.marketing), int(s.first_reachable), s.expires_in,
                 _entered(s), 1)
                for v in versions for s in v.steps
            ],
        )  # fmt: skip
        connection.insert_rows(
            "w_fired",
            ["version_id", "step", "asked", "state", "next", "kind", "wait", "enters", "cause"],
            [
                (v.version_id, s.index, int(asked), *_fired(v, s, asked=asked))
                for v in versions
                for s in v.steps
                for asked in (False, True)
            ],
        )
        connection.insert_rows(
            "w_channel",
            ["version_id", "step", "rank", "channel", "template"],
            [
                (v.version_id, s.index, i, c.channel, c.template)
                for v in versions
                for s in v.steps
                for i, c in enumerate(s.channels)
            ],
        )
        acts = [(v, s, _action_of(v, s)) for v in versions for s in v.steps]
        connection.insert_rows(
            "w_action",
            ["version_id", "step", "name", "properties"],
            [(v.version_id, s.index, *action) for v, s, action in acts if action is not None],
        )
        rules = [(v, r) for v in versions for r in v.rules]
        connection.insert_rows(
            "w_rule",
            ["rule_id", "version_id", "role", "step", "rank", "next", "message_step", "since", "reason", "within"],
            [
                (r.rule_id, v.version_id, r.role, r.step, r.rank, r.next, r.message_step, r.since, r.reason, r.within)
                for v, r in rules
            ],
        )
        reasons = sorted({r.reason for _, r in rules if r.role == "exit"} | set(OTHER_REASONS))
        connection.insert_rows("w_reason", ["reason", "reason_json"], [(r, json.dumps(r, ensure_ascii=False)) for r in reasons])
        count_anew(connection, _TABLES)


def load_rulebook(
    connection: Connection, groups: Mapping[str, str], derived: Iterable[DerivedEvent], zone: ZoneInfo = UTC_ZONE
) -> Rulebook:
    """Read the published versions from the store. `zone` is the workspace's."""
    rows = connection.rows("SELECT version_id, kind, body, source, published_at FROM journey_versions ORDER BY source, version")
    standings, archived = load_standings(connection)
    newest = {source: version_id for version_id, _, _, source, _ in rows if source not in archived}
    published = {version_id: published_at for version_id, *_, published_at in rows}
    versions = [read_version(version_id, kind, json.loads(body), groups) for version_id, kind, body, *_ in rows]
    return Rulebook(versions, newest.values(), derived, published, zone, standings)
