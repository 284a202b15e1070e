"""What uses a segment, and what it uses itself: by reading the definitions in force."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.definitions.lists import lists_in
from relance.definitions.shapes.core import Findings
from relance.definitions.shapes.kinds import KINDS
from relance.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relance.definitions.document import Document


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a definition names a segment."""

    kind: str  # of the definition: segment, journey, campaign, prediction
    id: str
    name: str
    path: str  # JSON pointer of the place
    through: tuple[str, ...]  # the segments between: empty when it names the segment itself

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": self.id, "name": self.name, "path": self.path, "through": list(self.through)}


def find_uses(documents: Sequence[Document], segment: str) -> list[Use]:
    """Every place that a segment's membership matters to: those that name it, then those that name a segment with it inside.

    Raises:
        NotFound: there is no such segment.
    """
    _find_segment(documents, segment)
    places: dict[str, list[tuple[Document, str]]] = {}
    for document in documents:
        for kind, name, path in named_by(document):
            if kind == "segment":
                places.setdefault(name, []).append((document, path))
    uses: list[Use] = []
    todo: deque[tuple[str, tuple[str, ...]]] = deque([(segment, ())])
    seen = {segment}
    while todo:
        name, through = todo.popleft()
        for document, path in places.get(name, ()):
            kind, found = document.kind or "", document.id or document.kind or ""
            uses.append(Use(kind, found, str(document.body.get("name") or found), path, through))
            if kind == "segment" and found not in seen:
                seen.add(found)
                todo.append((found, (*through, found)))
    return uses


def describe_dependencies(documents: Sequence[Document], segment: str) -> dict[str, Any]:
    """`used_by`, what a segment's membership matters to, and `uses`, what its own condition names.

    Raises:
        NotFound: there is no such segment.
    """
    document = _find_segment(documents, segment)
    return {
        "segment": segment,
        "used_by": [use.as_json() for use in find_uses(documents, segment)],
        "uses": [{"kind": kind, "id": name, "path": path} for kind, name, path in named_by(document)],
    }


def find_sources(documents: Iterable[Document], source: str) -> Iterator[tuple[str, str, str]]:
    """Every place that names a journey or campaign: kind and id of the definition, and the JSON pointer."""
    of_kind, _, of_name = source.partition(":")
    for document in documents:
        for kind, name, path in named_by(document):
            if (kind, name) == (of_kind, of_name):
                yield document.kind or "", document.id or document.kind or "", path


def _find_segment(documents: Iterable[Document], segment: str) -> Document:
    found = next((d for d in documents if (d.kind, d.id) == ("segment", segment)), None)
    if found is None:
        msg = f"there is no segment {segment!r}"
        raise NotFound(msg)
    return found


def named_by(document: Document) -> Iterator[tuple[str, str, str]]:
    """What a definition names: kind, id and place."""
    shape = KINDS.get(document.kind or "")
    if shape is None:
        return
    findings = Findings()
    shape.check(document.body, "", findings)
    for reference in findings.references:
        if reference.kind == "source":
            kind, _, name = reference.name.partition(":")
            yield kind, name, reference.path
        else:
            yield reference.kind, reference.name, reference.path
    for list_id, path in lists_in(document.body, ""):
        yield "list", list_id, path
