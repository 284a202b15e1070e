"""The published JSON Schema of definitions (2020-12), for editors and other programs.

It is made from the same shapes as the check. `python -m relance.definitions.schema` writes it anew.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from relance.definitions.shapes.core import words_schema
from relance.definitions.shapes.kinds import KINDS

FILE = "definitions.schema.json"
_KIND_DOCS = {kind: shape.doc for kind, shape in KINDS.items()}


def build_schema() -> dict[str, Any]:
    """The schema of one definition, or of a list of them."""
    named: dict[str, Any] = {}
    kinds = [shape.schema(named) for shape in KINDS.values()]
    one: dict[str, Any] = {
        "title": "definition",
        "description": "One definition.",
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {**words_schema(_KIND_DOCS), "description": "What is defined."}},
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": shape}
            for kind, shape in zip(KINDS, kinds, strict=True)
        ],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:relance:definitions",
        "title": "relance definitions",
        "description": "Segments, events, templates, journeys, campaigns, predictions and settings of a workspace.",
        # An editor completes and complains best when it need not guess which of two is meant.
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/definition"}},
        "else": {"$ref": "#/$defs/definition"},
        "$defs": {"definition": one, **dict(sorted(named.items()))},
    }


def load_schema() -> dict[str, Any]:
    """The schema as it is published."""
    return dict(json.loads(files("relance.definitions").joinpath(FILE).read_text(encoding="utf-8")))


def write_schema(path: Path) -> None:
    """Write the schema to a file."""
    path.write_text(json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schema(Path(__file__).with_name(FILE))
