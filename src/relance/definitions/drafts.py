"""Drafts: what is being written and not yet published. A draft may be faulty; nobody but its authors sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.audit import Entry, record
from relance.clock import format_instant
from relance.definitions import store
from relance.definitions.document import Document
from relance.definitions.load import Loaded, load_values
from relance.definitions.publish import publish
from relance.errors import Conflict, InvalidInput, NotFound
from relance.ids import DEFINITION_ID
from relance.journeys.lifecycle.asking import ask
from relance.journeys.lifecycle.performing import end_act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.definitions.publish import Sizes
    from relance.journeys.lifecycle.model import Act
    from relance.problems import Problem
    from relance.store import Connection


def save_draft(
    connection: Connection,
    kind: str,
    definition_id: str,
    body: Mapping[str, Any],
    *,
    now: int,
    actor: str,
    sizes: Sizes | None = None,
) -> dict[str, Any]:
    """Keep what is being written, in place of what was kept before; answers what is wrong with it.

    Raises:
        InvalidInput: `kind` or `id` of the body say something else, or the id can not be one.

    Effects: writes `drafts` and the audit.
    """
    wrong = []
    if not DEFINITION_ID.fullmatch(definition_id):
        wrong.append(f"{definition_id!r} is no id: 1 to 64 of a-z 0-9 -")
    for name, value in (("kind", kind), ("id", definition_id)):
        if body.get(name, value) != value:
            wrong.append(f"`{name}` is {body[name]!r} here, and {value!r} in the address: write one of them")
    if wrong:
        raise InvalidInput(wrong[0], problems=wrong)
    whole = {**body, "kind": kind, "id": definition_id}
    values = {"kind": kind, "id": definition_id, "body": json.dumps(whole, ensure_ascii=False), "now": now, "by": actor}
    connection.execute(store.sql["save_draft"], values)
    record(connection, now, [Entry(actor, "save-draft", kind, definition_id)])
    return {**_shown(whole, now, actor), "problems": [p.as_json() for p in check_draft(connection, whole, now, sizes)]}


def read_draft(connection: Connection, kind: str, definition_id: str) -> dict[str, Any] | None:
    """What is being written, by whom and since when; None when nothing is."""
    row = connection.row(store.sql["draft"], {"kind": kind, "id": definition_id})
    return None if row is None else _shown(json.loads(row[0]), row[1], row[2])


def _shown(body: Mapping[str, Any], at: int, by: str) -> dict[str, Any]:
    return {"definition": body, "saved_at": format_instant(at), "saved_by": by}


def list_drafts(connection: Connection, kind: str) -> list[dict[str, Any]]:
    """The ids and names of what is being written."""
    return [
        {"id": name, "name": json.loads(body).get("name") or name, "saved_at": format_instant(at), "saved_by": by}
        for name, at, by, body in connection.rows(store.sql["drafts"], {"kind": kind})
    ]


def drop_draft(connection: Connection, kind: str, definition_id: str, *, now: int, actor: str) -> None:
    """Throw away what was being written.

    Raises:
        NotFound: nothing was.
    """
    if not connection.execute(store.sql["drop_draft"], {"kind": kind, "id": definition_id}):
        msg = f"there is no draft of the {kind} {definition_id!r}"
        raise NotFound(msg)
    record(connection, now, [Entry(actor, "drop-draft", kind, definition_id)])


def check_draft(connection: Connection, body: Mapping[str, Any], now: int, sizes: Sizes | None = None) -> list[Problem]:
    """What is wrong with a definition, beside all that is in force and all that the installation knows."""
    return publish(connection, load_values(dict(body)), now, dry=True, sizes=sizes).problems


def check_newest(connection: Connection, kind: str, definition_id: str, now: int, sizes: Sizes | None = None) -> dict[str, Any]:
    """The same of the draft, or of what is in force where there is none.

    Raises:
        NotFound: there is neither.
    """
    draft = read_draft(connection, kind, definition_id)
    bodies = [draft["definition"]] if draft else [v.body for v in store.load_versions(connection, kind, definition_id)]
    if not bodies:
        msg = f"there is no {kind} {definition_id!r}"
        raise NotFound(msg)
    found = check_draft(connection, bodies[0], now, sizes)
    return {"of": "draft" if draft else "published", "problems": [p.as_json() for p in found]}


def publish_draft(
    connection: Connection,
    kind: str,
    definition_id: str,
    *,
    now: int,
    actor: str,
    at: str | None = None,
    sizes: Sizes | None = None,
) -> dict[str, Any]:
    """Publish what was written, now or at an instant to come: what it says now is what is published then.

    Raises:
        NotFound: there is no draft.
        Conflict: it says what is in force already.
        InvalidInput: it has errors; all of them.

    Effects: those of publishing, and the draft is gone; or adds to `journey_acts`.
    """
    draft = read_draft(connection, kind, definition_id)
    if draft is None:
        msg = f"there is no draft of the {kind} {definition_id!r}: save one first"
        raise NotFound(msg)
    body = draft["definition"]
    if at is not None:
        problems = _require_sound(check_draft(connection, body, now, sizes))
        act = ask(connection, f"{kind}:{definition_id}", "publish", now=now, actor=actor, at=at, detail={"body": body})
        return {**act, "problems": [p.as_json() for p in problems]}
    done = publish(connection, load_values(body), now, by=actor, sizes=sizes)
    _require_sound(done.problems)
    connection.execute(store.sql["drop_draft"], {"kind": kind, "id": definition_id})
    change = done.changes[0]
    if change.action == "unchanged":
        msg = f"the draft of the {kind} {definition_id!r} says what is in force already"
        raise Conflict(msg)
    return {**change.as_json(), "problems": [p.as_json() for p in done.problems]}


def _require_sound(problems: list[Problem]) -> list[Problem]:
    if any(p.severity == "error" for p in problems):
        msg = "the draft has errors"
        raise InvalidInput(msg, problems=problems)
    return problems


def publish_at_its_instant(connection: Connection, act: Act, at: int) -> None:
    """Publish what was to be published at an instant that has come; where it no longer can be, say why.

    Effects: those of publishing; `journey_acts`.
    """
    done = publish(connection, Loaded([Document(dict(act.detail["body"]))]), at, by=act.actor)
    if done.refused:
        end_act(connection, act, "void", {"problems": [p.as_json() for p in done.problems]}, at=at)
        return
    kind, _, name = act.source.partition(":")
    draft = read_draft(connection, kind, name)
    if draft is not None and store.same_body(draft["definition"], act.detail["body"]):
        connection.execute(store.sql["drop_draft"], {"kind": kind, "id": name})
    end_act(connection, act, "done", done.changes[0].as_json(), at=at)
