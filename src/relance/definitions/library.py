"""The library of definitions: what is in force, read and published by people at a screen and by programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

from relance.clock import format_instant
from relance.definitions import store
from relance.definitions.load import load_text, load_values
from relance.definitions.publish import publish
from relance.errors import Conflict, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.clock import Clock
    from relance.definitions.load import Loaded
    from relance.definitions.publish import Published, Sizes
    from relance.store import Connection, Database

Answer = dict[str, Any]
# What reaches nobody by itself: somebody has to publish a journey or a campaign that uses it.
QUIET_KINDS = frozenset({"event", "segment", "template", "prediction"})


class PublishedDefinition(TypedDict):
    """A definition that is in force."""

    kind: str
    id: str
    name: str
    version: int
    published_at: str
    by: str
    definition: dict[str, Any]


class PublishedPage(TypedDict):
    """What is in force."""

    items: list[PublishedDefinition]


class DefinitionLibrary:
    """Reads definitions of every kind, and publishes them: all that are given, or none. May be asked from any thread."""

    def __init__(self, database: Database, clock: Clock, sizes: Sizes | None = None) -> None:
        """`sizes`: how many are in each segment, where somebody counts them."""
        self._database = database
        self._clock = clock
        self._sizes = sizes

    def list(self, kind: str = "") -> PublishedPage:
        """What is in force, of one kind or of all, by kind and id."""
        with self._database.reading() as connection:
            rows = connection.rows(store.sql["listed"], {"kind": kind})
        return {"items": [_shown(*row) for row in rows]}

    def show(self, kind: str, name: str) -> Answer:
        """One definition with its history, the newest version first.

        Raises:
            NotFound: nothing of that kind and id was ever published.
        """
        with self._database.reading() as connection:
            versions = store.load_versions(connection, kind, name)
        current = next((v for v in versions if v.state == "current"), None)
        if current is None:
            msg = f"there is no {kind} {name!r}"
            raise NotFound(msg)
        shown = _shown(kind, name, current.version, current.body, current.created_at, current.created_by)
        told = [
            {"version": v.version, "published_at": format_instant(v.created_at), "by": v.created_by, "definition": v.body}
            for v in versions
        ]
        return {**shown, "versions": told}

    def check(self, definitions: Sequence[Any], text: str = "") -> Answer:
        """What publishing would change, and every problem."""
        with self._database.reading() as connection:
            done = publish(connection, _load(definitions, text), self._clock.now(), dry=True, sizes=self._sizes)
        return _told(done)

    def publish(
        self,
        definitions: Sequence[Any],
        text: str = "",
        *,
        expect: Mapping[str, int] | None = None,
        actor: str,
        may_reach: bool = True,
    ) -> Answer:
        """Publish definitions, all of them or none; what they do not name stays as it is.

        Args:
            definitions: as JSON values.
            text: more of them, as YAML.
            expect: by `kind:id`, the version that the author looked at, 0 for none.
            actor: who publishes.
            may_reach: whether they may also publish what reaches people by itself.

        Raises:
            NotAllowed: they may not, and some would.
            InvalidInput: some have errors; all problems.
            Conflict: another version than the expected one is in force.

        Effects: those of publishing, the audit among them.
        """
        loaded = _load(definitions, text)
        reaching = sorted({str(d.kind) for d in loaded.documents} - QUIET_KINDS)
        if reaching and not may_reach:
            msg = f"an editor publishes {', '.join(sorted(QUIET_KINDS))}; {', '.join(reaching)} wants the scope `definitions:write`"
            raise NotAllowed(msg)
        with self._database.writing() as connection:
            _require_versions(connection, expect or {})
            done = publish(connection, loaded, self._clock.now(), by=actor, sizes=self._sizes)
            if done.refused:
                msg = "the definitions have errors: nothing was published"
                raise InvalidInput(msg, problems=done.problems)
        return _told(done)


def _load(definitions: Sequence[Any], text: str) -> Loaded:
    loaded = load_values(list(definitions))
    if text:
        more = load_text(text)
        loaded.documents += more.documents
        loaded.problems += more.problems
    if not loaded.documents and not loaded.problems:
        msg = "there is nothing to publish: give `definitions`, a list of objects, or `yaml`, a text"
        raise InvalidInput(msg, problems=[msg])
    return loaded


def _require_versions(connection: Connection, expect: Mapping[str, int]) -> None:
    for name, version in expect.items():
        kind, _, definition_id = name.partition(":")
        found = next((v for v in store.load_versions(connection, kind, definition_id) if v.state == "current"), None)
        if (found.version if found else 0) == version:
            continue
        if found is None:
            msg = f"there is no {kind} {definition_id!r} any more"
        elif version == 0:
            msg = f"there is a {kind} {definition_id!r} already: choose another id"
        else:
            by = f" by {found.created_by}" if found.created_by else ""
            msg = (
                f"the {kind} {definition_id!r} was published{by} meanwhile, as version {found.version}: look at it, "
                "then publish yours over it or leave it"
            )
        raise Conflict(msg, path="/expect")


def _told(done: Published) -> Answer:
    return {"changes": [c.as_json() for c in done.changes], "problems": [p.as_json() for p in done.problems]}


def _shown(kind: str, name: str, version: int, body: Mapping[str, Any] | str, at: int, by: str) -> PublishedDefinition:
    whole = json.loads(body) if isinstance(body, str) else dict(body)
    return {
        "kind": kind,
        "id": name,
        "name": whole.get("name") or name,
        "version": version,
        "published_at": format_instant(at),
        "by": by,
        "definition": whole,
    }
