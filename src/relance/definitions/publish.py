"""Publish what was read: checked together with what is in force, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relance.definitions import store
from relance.definitions.archive import check_archived
from relance.definitions.check import check_definitions
from relance.definitions.installed import StoreFacts, check_installed, knows_facts
from relance.definitions.lists import check_lists
from relance.problems import Problem, has_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.definitions.load import Loaded
    from relance.definitions.store import Change
    from relance.store import Connection

    Sizes = Callable[[], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: changes, or problems of which one at least is an error."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return has_errors(self.problems)


def publish(
    connection: Connection, loaded: Loaded, now: int, *, by: str = "", dry: bool = False, sizes: Sizes | None = None
) -> Published:
    """Check definitions and publish them in the caller's transaction, when none has an error.

    Args:
        connection: for writing; for reading is enough when `dry`.
        loaded: what was read, with its problems.
        now: microseconds.
        by: who publishes.
        dry: only tell what would change.
        sizes: how many are in each segment, where somebody has counted them.
    """
    published = store.load_documents(connection)
    problems = [*loaded.problems, *check_definitions(loaded.documents, published=published, now=now)]
    if has_errors(problems):
        return Published(problems=problems)
    problems += check_lists(connection, loaded.documents)
    if knows_facts(connection):
        problems += check_installed(loaded.documents, StoreFacts(connection, sizes))
    problems += check_archived(loaded.documents, store.load_archived(connection), published=published)
    if dry:
        return Published(store.plan(connection, loaded.documents), problems)
    return Published(store.apply(connection, loaded.documents, now, by=by), problems)
