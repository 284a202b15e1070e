"""Lists in conditions: they are no definitions, so the store says whether they are there, and definitions whether they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.definitions import store
from relance.definitions.shapes.sentences import did_you_mean
from relance.errors import Conflict
from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relance.definitions.document import Document
    from relance.store import Connection


def check_lists(connection: Connection, documents: Iterable[Document]) -> Iterator[Problem]:
    """A warning for each list in a condition that is not there: nobody is on it."""
    named = [(document, list_id, path) for document in documents for list_id, path in lists_in(document.body, "")]
    if not named:
        return
    known = {list_id for (list_id,) in connection.rows("SELECT list_id FROM lists")}
    for document, list_id, path in named:
        if list_id not in known:
            says = f"there is no list `{list_id}` yet, so nobody is on it: {did_you_mean(list_id, sorted(known))}"
            yield document.problem(Problem("unknown_list", says, path, "warning"))


def require_unused(connection: Connection, list_id: str) -> None:
    """Check that no definition in force names a list.

    Raises:
        Conflict: some do; the message says which.
    """
    users = [
        f"{document.kind} {document.id}"
        for document in store.load_documents(connection)
        if any(found == list_id for found, _ in lists_in(document.body, ""))
    ]
    if users:
        msg = f"the list {list_id!r} is named by {', '.join(users)}: change that first"
        raise Conflict(msg)


def lists_in(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The lists that conditions name, wherever they stand, with their places."""
    if isinstance(value, dict):
        if value.get("type") == "in_list" and "list" in value:
            yield str(value["list"]), path + pointer("list")
        for name, part in value.items():
            yield from lists_in(part, path + pointer(str(name)))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from lists_in(part, f"{path}/{number}")
