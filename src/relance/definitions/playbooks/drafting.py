"""What a playbook makes, kept so that nothing of it reaches anybody before somebody has looked at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.definitions.drafts import read_draft, save_draft
from relance.definitions.load import load_values
from relance.definitions.playbooks import apply_playbook, fill_playbook
from relance.definitions.publish import publish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.definitions.playbooks import Playbook
    from relance.problems import Problem
    from relance.store import Connection

_REACHING = ("journey", "campaign")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a playbook would make: the definitions, what each would change, and all that is wrong with them."""

    definitions: list[dict[str, Any]]
    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        problems = [problem.as_json() for problem in self.problems]
        return {"definitions": self.definitions, "changes": self.changes, "problems": problems}


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of it: what was made, or problems of which one at least is an error."""

    made: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan_playbook(connection: Connection, playbook: Playbook, given: Mapping[str, Any], *, now: int, language: str) -> Planned:
    """Tell what a playbook would make, beside all that is in force; it changes nothing.

    Raises:
        InvalidInput: a parameter can not be so.
    """
    bodies = fill_playbook(playbook, given, language)
    done = apply_playbook(connection, playbook, given, now=now, dry=True, language=language)
    changes = [
        {**change.as_json(), "draft": change.kind in _REACHING and read_draft(connection, change.kind, change.id) is not None}
        for change in done.changes
    ]
    return Planned(bodies, changes, done.problems)


def draft_playbook(
    connection: Connection,
    playbook: Playbook,
    given: Mapping[str, Any],
    *,
    now: int,
    by: str,
    language: str = "en",
    replace: bool = False,
) -> Drafted:
    """Keep journeys and campaigns as drafts, and messages as ones that are not ready to be sent; segments are made.

    What is there already, a draft too, stays as it is unless `replace` says otherwise.

    Raises:
        InvalidInput: a parameter can not be so.

    Effects: publishes segments and templates, writes `drafts` and the audit; nothing at all where there is an error.
    """
    planned = plan_playbook(connection, playbook, given, now=now, language=language)
    if any(problem.severity == "error" for problem in planned.problems):
        return Drafted(problems=planned.problems)
    made = []
    bodies = {(body["kind"], body["id"]): body for body in planned.definitions}
    quiet = []
    for change in planned.changes:
        kind, name = change["kind"], change["id"]
        body = bodies[kind, name]
        if not replace and (change["draft"] or change["action"] != "created"):
            made.append({"kind": kind, "id": name, "action": "kept"})
        elif kind in _REACHING:
            save_draft(connection, kind, name, body, now=now, actor=by)
            made.append({"kind": kind, "id": name, "action": "drafted"})
        else:
            quiet.append({**body, "status": "draft"} if kind == "template" else body)
    if quiet:
        done = publish(connection, load_values(quiet), now, by=by)
        made += [{"kind": change.kind, "id": change.id, "action": change.action} for change in done.changes]
    return Drafted(made, planned.problems)
