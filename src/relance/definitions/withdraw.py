"""Definitions that came with something are withdrawn with it: those that are still as they came, and that nobody else uses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.definitions import store
from relance.definitions.document import Document
from relance.definitions.uses import named_by
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.store import Connection

_sql = load_queries("relance.definitions", "withdraw.sql")

Name = tuple[str, str]  # kind and id


@dataclass(frozen=True, slots=True)
class Brought:
    """A definition as it came."""

    kind: str
    id: str
    version: int  # that was published; 0: it came as a draft
    at: int  # when it was published or saved


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What goes, and what stays for which reason."""

    published: list[Name]
    drafts: list[Name]
    kept: dict[Name, str]  # why: changed, published, archived or used


def plan_withdrawal(connection: Connection, brought: Iterable[Brought]) -> Withdrawal:
    """Tell what of the definitions that came is still as it came, and used by nothing that stays."""
    came = {(one.kind, one.id): one for one in brought}
    in_force = {(kind, name): (version, at) for kind, name, version, at in connection.rows(_sql["in_force"])}
    written = {(kind, name): (at, body) for kind, name, at, body in connection.rows(_sql["written"])}
    archived = store.load_archived(connection)
    kept: dict[Name, str] = {}
    going: dict[Name, Brought] = {}
    for name, one in came.items():
        if name not in in_force and name not in written:
            continue  # somebody took it away before
        if one.version == 0 and name in in_force:
            kept[name] = "published"
        elif not _is_as_it_came(one, in_force.get(name), written.get(name)):
            kept[name] = "changed"
        elif one.kind == "segment" and one.id in archived:
            kept[name] = "archived"
        else:
            going[name] = one
    documents = {_name_of(d): d for d in store.load_documents(connection) if d.body.get("kind") != "settings"}
    names = _Names(documents)
    todo = [d for name, d in documents.items() if name not in going]
    todo += [Document(json.loads(body)) for name, (_, body) in written.items() if name not in going]
    while todo:
        for name in names.used_by(todo.pop()):
            if going.pop(name, None) is not None:
                kept[name] = "used"
                todo.append(documents[name])
    return Withdrawal(
        [name for name, one in going.items() if one.version], [name for name, one in going.items() if not one.version], kept
    )


def _is_as_it_came(one: Brought, in_force: tuple[int, int] | None, written: tuple[int, str] | None) -> bool:
    if one.version:
        return in_force == (one.version, one.at) and written is None
    return written is not None and written[0] == one.at


def withdraw(connection: Connection, plan: Withdrawal) -> None:
    """Take definitions away with their history. Effects: deletes from `definitions` and `drafts`, the revision."""
    connection.execute(store.sql["next_revision"])
    connection.execute_many(_sql["drop_definition"], plan.published)
    connection.execute_many(_sql["drop_draft"], plan.drafts)


class _Names:
    """Finds definitions by what others call them: an event by its name, the rest by kind and id."""

    def __init__(self, documents: Mapping[Name, Document]) -> None:
        self._events: dict[str, Name] = {
            str(d.body.get("name")): name for name, d in documents.items() if d.body.get("kind") == "event"
        }
        self._documents = documents

    def used_by(self, document: Document) -> list[Name]:
        found = []
        for kind, called, _ in named_by(document):
            name = self._events.get(called) if kind == "event" else (kind, called)
            if name is not None and name in self._documents:
                found.append(name)
        return found


def _name_of(document: Document) -> Name:
    body: Mapping[str, Any] = document.body
    return str(body["kind"]), str(body.get("id", ""))
