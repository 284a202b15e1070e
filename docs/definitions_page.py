"""The reference of definitions, `reference/definitions.md`, made from the published JSON Schema: `python docs/definitions_page.py`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "src" / "relance" / "definitions" / "examples.yaml"
SCHEMA = HERE.parent / "src" / "relance" / "definitions" / "definitions.schema.json"
PAGE = HERE / "reference" / "definitions.md"
_REF = "#/$defs/"
_BEGINNING = """\
# Definitions

<!-- Made from the JSON Schema by `make golden`; change the shapes in src/relance/definitions, not this page. -->

Segments, events, templates, journeys, campaigns, predictions and settings, as YAML 1.2 (core schema: `on` is a key, not a truth value) or the same shape as JSON. One or many documents a file, a folder of files.
Unknown fields are errors. `relance check PATH` lists every [problem](problems.md) at once.

**Instants** are RFC 3339 with an offset. **Durations** are `90s`, `15m`, `72h`, `1d`, `2w`; a day is exactly 24 hours. **Ids** are 1 to 64 of `a-z`, `0-9` and `-`, unique in their kind.
**Paths** are dotted; lists match on any element; `null` is missing. They may start with `profile.` or `profile.traits.` (the same), `event.properties.`, `journey.`.
`ne`, `not_in` and `not_contains` match what is missing; no other operator does, but `is_not_set`. `between` includes both ends.

What the schema allows and this version cannot do yet is refused by `relance check` with the reason.

Conditions can be written [in Python](python.md) too, and many segments begin as a [template](segment-templates.md).

## In an editor

`relance schema relance.schema.json` writes the JSON Schema (2020-12) of this page: put the file beside the definitions and begin each definition with it (in a file of several: after each `---`)

```yaml
# yaml-language-server: $schema=relance.schema.json
```

Editors with the YAML language server (VS Code with its YAML extension, Neovim, Emacs, Helix) then complete kinds, fields, operators and the names of usual events, offer whole conditions to begin with, show what each means, and mark what is wrong.
Without these comments VS Code takes it from its settings, for whole files and for JSON as well: `"yaml.schemas": {"relance.schema.json": "definitions/*.yaml"}`, `"json.schemas": [{"fileMatch": ["definitions/*.json"], "url": "./relance.schema.json"}]`.
What one file can not tell (whether a segment that is named exists, whether a pattern can be used) only `relance check` knows.
"""
Schema = dict[str, Any]


def anchor(name: str) -> str:
    """Where a heading is linked to."""
    return name.replace("_", "-")


def title(name: str) -> str:
    """The heading of a shape."""
    return name.replace("_", " ")


def choices(shape: Schema) -> dict[str, str]:
    """Of a shape that is one of several: the shape behind each word."""
    found = {}
    for part in shape.get("allOf", ()):
        for test in part.get("if", {}).get("properties", {}).values():
            reference = part.get("then", {}).get("$ref", "")
            if "const" in test and reference:
                found[test["const"]] = reference.removeprefix(_REF)
    return found


def type_of(value: Schema) -> str:
    """What a value may be, for a table."""
    if "$ref" in value:
        name = value["$ref"].removeprefix(_REF)
        return f"[{title(name)}](#{anchor(name)})"
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if "enum" in value:
        return ", ".join(f"`{v}`" for v in value["enum"])
    if "anyOf" in value:
        return " or ".join(type_of(v) for v in value["anyOf"])
    kind = value.get("type")
    if kind == "array":
        return f"list of {type_of(value['items'])}" if value.get("items") else "list"
    if kind == "object":
        inner = value.get("additionalProperties")
        return f"mapping to {type_of(inner)}" if isinstance(inner, dict) and inner else "mapping"
    if value.get("examples"):
        return "such as " + ", ".join(f"`{e}`" for e in value["examples"])
    words = {"string": "text", "number": "number", "integer": "whole number", "boolean": "`true`, `false`"}
    kinds = kind if isinstance(kind, list) else [kind]
    return " or ".join(words.get(str(k), str(k)) for k in kinds) if kind else "any"


def cell(text: str) -> str:
    """A text that does not break its table."""
    return text.replace("|", "\\|").replace("\n", " ")


def rows(shape: Schema) -> list[str]:
    """The fields of a shape."""
    lines = ["| field | value | |", "| --- | --- | --- |"]
    for name, value in shape["properties"].items():
        note = value.get("description", "")
        if name in shape.get("required", ()):
            note = f"**needed.** {note}"
        elif "default" in value:
            note += f" Default: `{json.dumps(value['default'], ensure_ascii=False).strip(chr(34))}`."
        lines.append(f"| `{name}` | {cell(type_of(value))} | {cell(note)} |")
    return lines


def references(value: Any) -> list[str]:
    """The shapes that a part of the schema refers to, in order."""
    if isinstance(value, list):
        return [name for part in value for name in references(part)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"].removeprefix(_REF)] if "$ref" in value else []
    return own + [name for part in value.values() for name in references(part)]


def examples(kind: str) -> list[str]:
    """The examples of a kind, as they stand in the file that the tests check."""
    parts = [part.strip() for part in EXAMPLES.read_text(encoding="utf-8").split("\n---\n")]
    found = [part for part in parts if re.search(rf"^(\{{kind: {kind},|kind: {kind}$)", part, re.MULTILINE)]
    return ["```yaml", "\n---\n".join(found), "```", ""] if found else []


def meanings(shape: Schema) -> list[str]:
    """What each word of a field means, where there is more than one."""
    lines = []
    for name, value in shape["properties"].items():
        said = value.get("enumDescriptions", value.get("items", {}).get("enumDescriptions", ()))
        words = value.get("enum", value.get("items", {}).get("enum", ()))
        if len(words) > 1 and said:
            lines += [f"| `{name}` | |", "| --- | --- |"]
            lines += [f"| `{word}` | {cell(doc)} |" for word, doc in zip(words, said, strict=True)] + [""]
    return lines


def shown(shape: Schema) -> list[str]:
    """The examples that stand in the schema itself."""
    found = [snippet["label"] for snippet in shape.get("defaultSnippets", ())]
    return ["```yaml", *(f"- {line}" for line in found), "```", ""] if found else []


def section(name: str, shape: Schema) -> str:
    """One shape: what it is, and its fields."""
    lines = [f"## {title(name)}", ""]
    if shape.get("description"):
        lines += [shape["description"].rstrip(".") + ".", ""]
    words = choices(shape)
    if words:
        field = next(iter(shape["required"]))
        lines += [f"By `{field}`: " + " · ".join(f"[`{word}`](#{anchor(behind)})" for word, behind in words.items()), ""]
    elif shape.get("properties"):
        lines += [*rows(shape), "", *meanings(shape), *shown(shape)]
    elif shape.get("examples"):
        lines += ["Usual ones: " + " · ".join(f"`{example}`" for example in shape["examples"]) + ".", ""]
    return "\n".join(lines + examples(name))


def build_page(schema: Schema) -> str:
    """The whole page: kinds first, then what they refer to, in the order of the first mention."""
    shapes = schema["$defs"]
    kinds = choices(shapes["definition"])
    order: list[str] = list(kinds.values())
    for name in order:  # grows while it is read
        order += [found for found in dict.fromkeys(references(shapes[name])) if found not in order]
    contents = "Kinds: " + " · ".join(f"[`{kind}`](#{anchor(name)})" for kind, name in kinds.items())
    return "\n".join([_BEGINNING, contents, "", *(section(name, shapes[name]) for name in order)]).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(build_page(json.loads(SCHEMA.read_text(encoding="utf-8"))), encoding="utf-8")
