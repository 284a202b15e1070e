"""People inside are moved to the newest version, step by step of a map, with a preview of who goes where.

Whoever waits, listens or stands at a message, and goes to a step of the same kind, goes on with it there: the time it has waited
counts. Everybody else enters the new step at the instant of the migration.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.errors import InvalidInput
from relance.journeys.lifecycle.model import MIGRATED_REASON
from relance.journeys.lifecycle.timing import with_timing
from relance.journeys.model import END
from relance.journeys.rules import key_text
from relance.journeys.schedule import bring_in
from relance.journeys.steps import end_passages, walk
from relance.journeys.wave import PEOPLE
from relance.problems import Problem, has_errors, pointer
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.journeys.lifecycle.model import Act
    from relance.journeys.model import Rule, Version
    from relance.journeys.wave import Wave
    from relance.store import Connection

EXIT = "exit"
KEEPS, ENTERS, LEAVES = range(3)
_HOW = ("keeps", "enters", "leaves")
_RESTING = ("wait", "listen", "message")
_sql = {
    name: with_timing(text).replace("{people}", PEOPLE)
    for name, text in load_queries("relance.journeys.lifecycle", "migration.sql").items()
}


@dataclass(slots=True)
class Preview:
    """Who would go where, and what is wrong with the map."""

    to_version: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "to_version": self.to_version,
            "people": sum(row["people"] for row in self.rows),
            "steps": self.rows,
            "problems": [p.as_json() for p in self.problems],
        }


def preview_migration(
    connection: Connection, source: str, mapping: Mapping[str, Any], from_version: int | None = None
) -> Preview:
    """Tell how many people stand where, and where each would go.

    Args:
        connection: the store, on one snapshot.
        source: `journey:ID`.
        mapping: old step to new step, or to `exit`. A step that is not named goes to the one of its name.
        from_version: people of this version alone; of all older ones otherwise.
    """
    versions = connection.rows(_sql["versions"], {"source": source})
    newest, _, body = versions[0]
    steps = _steps_of(body)
    found = Preview(newest)
    known: set[str] = set()
    for unknown in sorted({str(t) for t in mapping.values()} - {EXIT, "end", *steps}):
        old = next(name for name, t in mapping.items() if str(t) == unknown)
        says = f"version {newest} has no step `{unknown}`: name one of {', '.join(f'`{s}`' for s in steps)}, or `{EXIT}`"
        found.problems.append(Problem("unknown_step", says, pointer("map", old)))
    people = {(v, s): n for v, s, n in connection.rows(_sql["people"], {"source": source})}
    for version, version_id, text in versions[1:]:
        if from_version not in (None, version):
            continue
        old_steps = _steps_of(text)
        known |= old_steps.keys()
        for n, name in enumerate(old_steps):
            inside = people.get((version_id, n), 0)
            target = _target(name, mapping, steps)
            if inside and target is None:
                says = (
                    f"{inside} people stand at `{name}` of version {version}, which version {newest} has not: say where they go"
                )
                found.problems.append(Problem("step_not_mapped", says, pointer("map", name)))
            if inside:
                how = _HOW[_how(old_steps[name], steps.get(target), target)] if target is not None else None
                found.rows.append({"version": version, "step": name, "people": inside, "to": target, "how": how})
    for name in sorted(mapping.keys() - known):
        says = f"no older version has a step `{name}`: leave it out, or write it as it was"
        found.problems.append(Problem("unknown_step", says, pointer("map", name)))
    if not found.rows and not has_errors(found.problems):
        found.problems.append(Problem("nobody_to_move", "nobody is inside an older version", "", "warning"))
    return found


def require_migration(
    connection: Connection, source: str, mapping: Mapping[str, Any], from_version: int | None = None
) -> dict[str, Any]:
    """The detail of an act that moves people.

    Raises:
        InvalidInput: the map has errors; all of them.
    """
    found = preview_migration(connection, source, mapping, from_version)
    if has_errors(found.problems):
        msg = "the map of steps has errors"
        raise InvalidInput(msg, problems=found.problems)
    return {"map": dict(mapping), "to_version": found.to_version, "from_version": from_version}


def _steps_of(text: str) -> dict[str, Mapping[str, Any]]:
    body = json.loads(text)
    steps: dict[str, Mapping[str, Any]] = body.get("steps") or {"message": {"type": "message"}}
    return steps


def _target(name: str, mapping: Mapping[str, Any], steps: Mapping[str, Any]) -> str | None:
    """Where a step's people go; None when nobody knows."""
    given = mapping.get(name, name)
    return str(given) if given in (EXIT, "end") or given in steps else None


def _how(old: Mapping[str, Any], new: Mapping[str, Any] | None, target: str) -> int:
    if target == EXIT:
        return LEAVES
    if new is None or old.get("type") != new.get("type") or new.get("type") not in _RESTING:
        return ENTERS
    is_of_a_length = new.get("type") != "wait" or "for" in new
    return KEEPS if is_of_a_length or old.get("until") == new.get("until") else ENTERS


def move_some(wave: Wave, act: Act, at: int, most: int) -> int:
    """Move at most `most` people, one passage of each; answers how many. Nobody is moved who stands where the map says nothing."""
    connection, detail, rules = wave.connection, act.detail, wave.rules
    numbers = {v: (n, text) for n, v, text in connection.rows(_sql["versions"], {"source": act.source})}
    to = next((v for v in rules.current if rules.versions[v].source == act.source), None)
    if to is None or numbers[to][0] != detail["to_version"]:
        return 0
    new, steps = rules.versions[to], _steps_of(numbers[to][1])
    wave.clear("w_move", "w_moving", "w_handed")
    for version_id, (number, text) in numbers.items():
        if version_id != to and detail.get("from_version") in (None, number):
            _read_map(connection, rules.versions[version_id], _steps_of(text), new, steps, detail["map"])
    moving = connection.execute(_sql["choose"], {"source": act.source, "most": most})
    if not moving:
        return 0
    people = [p for (p,) in connection.rows(_sql["movers"])]
    bring_in(connection, people, at, int(connection.value("SELECT MAX(seq) FROM w_arrival")))
    connection.execute(_sql["remember"], {"to": to, "at": at})
    connection.execute(_sql["cancel_pending"], {"at": at})
    connection.execute(_sql["carry_messages"], {"to": to})
    for name in ("take_handed", "forget_handed", "carry_handed", "stop_timers"):
        connection.execute(_sql[name])
    _carry_signals(wave, new)
    connection.execute(_sql["keep"], {"to": to})
    connection.execute(_sql["keep_visit"])
    connection.execute(_sql["set_due"], {"at": at, "since": 0, "lateness": wave.lateness})
    connection.execute(_sql["start_clocks"], {"at": at, "since": 0})
    connection.execute(_sql["leave"], {"reason": MIGRATED_REASON, "at": at})
    end_passages(wave)
    connection.execute(_sql["enter"], {"to": to, "at": at, "round": wave.round})
    connection.execute(_sql["enter_version"], {"to": to})
    walk(wave)
    return moving


def _read_map(
    connection: Connection,
    old: Version,
    old_steps: Mapping[str, Any],
    new: Version,
    steps: Mapping[str, Any],
    mapping: Mapping[str, Any],
) -> None:
    numbers = {step.step_id: step.index for step in new.steps}
    rows = []
    for step in old.steps:
        target = _target(step.step_id, mapping, steps)
        if target is None:
            continue
        body = steps.get(target)
        how = _how(old_steps[step.step_id], body, target)
        is_message = int(step.kind == "message" and body is not None and body.get("type") == "message")
        until = int(step.kind == "wait" and body is not None and "until" in body)
        rows.append((old.version_id, step.index, numbers.get(target, END), how, is_message, until))
    connection.insert_rows("w_move", ["version_id", "step", "next", "how", "is_message", "keeps_deadline"], rows)


def _carry_signals(wave: Wave, new: Version) -> None:
    """What people did before counts for a rule that the new version has in common with theirs."""
    connection = wave.connection
    now = {_meaning(rule, new): rule.rule_id for rule in new.rules if rule.role != "entry"}
    pairs = []
    for (version_id,) in connection.rows(_sql["old_versions"]):
        old = wave.rules.versions[version_id]
        pairs += [(r.rule_id, now[m]) for r in old.rules if (m := _meaning(r, old)) in now]
    for before, after in pairs:
        connection.execute(_sql["carry_signals"], {"before": before, "after": after})


def _meaning(rule: Rule, version: Version) -> tuple[Any, ...]:
    step = version.steps[rule.step].step_id if rule.step is not None else None
    where: Sequence[Any] = [dict(w) for w in rule.where]
    return rule.role, rule.event, key_text(where), step if rule.role == "listen" else None, version.key_path
