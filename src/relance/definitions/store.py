"""Publish definitions, keep every version, and read the workspace back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from relance.audit import Entry, record
from relance.definitions.document import Document
from relance.definitions.workspace import Workspace, build_workspace
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relance.store import Connection

Action = Literal["created", "changed", "unchanged"]

SETTINGS_ID = "settings"
RUN_BY_THE_ENGINE = frozenset(["journey", "campaign"])  # their versions are frozen for the people inside
ORDER_MATTERS = frozenset(["channels"])  # the mapping whose order means something: the first reachable channel

sql = load_queries("relance.definitions")


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing does to one definition."""

    kind: str
    id: str
    action: Action
    version: int  # the one in force afterwards
    people_inside: int = 0  # who are in the journey now and finish on the version they entered

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "action": self.action,
            "version": self.version,
            "people_inside": self.people_inside,
        }


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version of a definition, in force or not."""

    version: int
    state: str  # current | superseded
    body: Mapping[str, Any]
    created_at: int
    created_by: str


def _name(body: Mapping[str, Any]) -> tuple[str, str]:
    return str(body["kind"]), SETTINGS_ID if body["kind"] == "settings" else str(body["id"])


def _ordered(value: Any, key: str | None = None) -> Any:
    """The value with its mappings in one order, where theirs means nothing."""
    if isinstance(value, dict):
        pairs = [(name, _ordered(inner, name)) for name, inner in value.items()]
        return dict(pairs if key in ORDER_MATTERS else sorted(pairs))
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _write(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def same_body(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """True when two bodies say the same, in whatever order their fields stand."""
    return _write(_ordered(dict(a))) == _write(_ordered(dict(b)))


def load_documents(connection: Connection) -> list[Document]:
    """Every definition in force."""
    return [Document(json.loads(body)) for _, _, _, body in connection.rows(sql["current"])]


def load_workspace(connection: Connection) -> Workspace:
    """Everything in force, typed for the engine."""
    return replace(build_workspace(load_documents(connection)), archived=load_archived(connection))


def load_archived(connection: Connection) -> dict[str, int]:
    """The segments that are archived, and since when. In a store of an earlier release, that is only looked at, none are."""
    if not connection.value(sql["knows_archives"]):
        return {}
    return dict(connection.rows(sql["archived"]))


def load_versions(connection: Connection, kind: str, definition_id: str) -> list[StoredVersion]:
    """The history of one definition, the newest version first."""
    rows = connection.rows(sql["versions"], {"kind": kind, "id": definition_id})
    return [StoredVersion(version, state, json.loads(body), at, by) for version, state, body, at, by in rows]


def load_revision(connection: Connection) -> int:
    """How often something was published: when it changes, `load_workspace` has news."""
    return int(connection.value(sql["revision"]))


def plan(connection: Connection, documents: Iterable[Document]) -> list[Change]:
    """What `apply` would do. What is in force but not among the documents stays as it is."""
    in_force = {(kind, name): (version, body) for kind, name, version, body in connection.rows(sql["current"])}
    inside = dict(connection.rows(sql["people_inside"]))
    changes = []
    for document in documents:
        kind, name = _name(document.body)
        version, body = in_force.get((kind, name), (0, None))
        action: Action = "created" if body is None else "changed"
        if body is not None and same_body(json.loads(body), document.body):
            action = "unchanged"
        people = int(inside.get(f"{kind}:{name}", 0)) if action == "changed" else 0
        changes.append(Change(kind, name, action, version + (action != "unchanged"), people))
    return changes


def apply(connection: Connection, documents: Sequence[Document], now: int, *, by: str = "") -> list[Change]:
    """Publish checked definitions, all of them in the caller's transaction.

    Only what changed gets a new version. Nothing is taken away: what the documents do not name stays in force.

    Effects: writes `definitions` and the audit; adds frozen rows to `journey_versions`.
    """
    connection.execute(sql["next_revision"])
    changes = plan(connection, documents)
    version_id = int(connection.value(sql["last_version_id"]))
    for change, document in zip(changes, documents, strict=True):
        if change.action == "unchanged":
            continue
        name = {"kind": change.kind, "id": change.id}
        row = {**name, "version": change.version, "body": _write(document.body), "now": now}
        connection.execute(sql["supersede"], name)
        connection.execute(sql["add_version"], {**row, "by": by})
        if change.kind in RUN_BY_THE_ENGINE:
            version_id += 1
            source = f"{change.kind}:{change.id}"
            state = connection.value(sql["last_state"], {"source": source}) or "published"
            connection.execute(sql["freeze"], {**row, "source": source, "version_id": version_id, "state": state})
    made = [c for c in changes if c.action != "unchanged"]
    record(connection, now, [Entry(by, "publish", c.kind, c.id, c.version, {"people_inside": c.people_inside}) for c in made])
    return changes
