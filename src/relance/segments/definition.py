"""Segments written in Python, and the file that `relance apply` takes."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.conditions.dsl.tree import Condition
from relance.conditions.dsl.values import as_id, as_text, refuse, show
from relance.conditions.write_yaml import as_plain, as_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Segment:
    """A segment: a condition over profiles, with a name.

    Raises:
        InvalidCondition: something in it can not be so.
    """

    id: str
    _: KW_ONLY
    where: Condition
    name: str | None = None  # how people call it
    description: str | None = None  # what it is for

    def __post_init__(self) -> None:
        as_id(self.id, "segment")
        if not isinstance(self.where, Condition):
            refuse(getattr(self.where, "unfinished", None) or f"`where` is a condition, not {show(self.where)}")
        if self.name is not None:
            as_text(self.name, "a name", most=500)
        if self.description is not None:
            as_text(self.description, "a description", most=10_000, empty=True)

    def to_dict(self) -> dict[str, Any]:
        """The definition, ready for JSON."""
        words = {"name": self.name, "description": self.description}
        said = {name: text for name, text in words.items() if text is not None}
        return {"kind": "segment", "id": self.id, **said, "where": self.where.to_dict()}

    def to_yaml(self) -> str:
        """The definition as YAML."""
        return as_yaml(self)


def write_definitions(path: str | Path, *definitions: Segment | Mapping[str, Any]) -> None:
    """Write a file for `relance check`, `plan` and `apply`: YAML, or JSON when it is called so.

    Args:
        path: the file; what it held before is gone.
        definitions: segments, or mappings of any kind, in which conditions may stand as they are.
    """
    place = Path(path)
    if place.suffix.lower() == ".json":
        import json

        text = json.dumps(as_plain(list(definitions)), indent=1, ensure_ascii=False) + "\n"
    else:
        text = as_yaml(*definitions)
    place.write_text(text, encoding="utf-8")
