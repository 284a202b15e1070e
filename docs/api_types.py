"""The types of the web app's answers, `web/src/api/answers.ts`, made from the OpenAPI document: `python docs/api_types.py`."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parent.parent / "web" / "src" / "api" / "answers.ts"
_BEGINNING = """\
/** What the server answers, where it says so in its OpenAPI document. Made by `make golden`; never edited by hand. */
"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_document() -> dict[str, Any]:
    """The OpenAPI document of an installation, as it is served."""
    from litestar.testing import TestClient

    from relance.app import Installation
    from relance.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Settings(data=Path(folder)))
        try:
            with TestClient(installation.make_api()) as client:
                asked = client.get("/api/openapi.json", headers={"authorization": f"Bearer {installation.admin_key}"})
                found: dict[str, Any] = asked.json()
        finally:
            installation.stop()
    return found


def build_types(document: Mapping[str, Any]) -> str:
    """All that answers are made of, by name; what is only ever sent is left out."""
    schemas = document["components"]["schemas"]
    wanted: set[str] = set()
    todo = [name for path in document["paths"].values() for call in path.values() for name in _answers(call)]
    while todo:
        name = todo.pop()
        if name not in wanted and name in schemas:
            wanted.add(name)
            todo += _named(schemas[name])
    return "\n".join([_BEGINNING, *(_interface(name, schemas[name]) for name in sorted(wanted))])


def _answers(call: Mapping[str, Any]) -> list[str]:
    good = [answer for code, answer in (call.get("responses") or {}).items() if code.startswith("2")]
    return [name for answer in good for name in _named(answer.get("content") or {})]


def _named(value: object) -> list[str]:
    """The schemas that a part of the document refers to."""
    return re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(value))


def _interface(name: str, schema: Mapping[str, Any]) -> str:
    about = (schema.get("description") or "").strip().splitlines()
    comment = f"/** {about[0]} */\n" if about else ""
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{comment}export type {name} = {_type(schema)};\n"
    always = set(schema.get("required") or ())
    fields = [
        f"  {key if _NAME.fullmatch(key) else json.dumps(key)}{'' if key in always else '?'}: {_type(inner)};"
        for key, inner in schema["properties"].items()
    ]
    return f"{comment}export interface {name} {{\n" + "\n".join(fields) + "\n}\n"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(_type(one) for one in schema[key]))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_type({**schema, "type": one}) for one in kind)
    if kind == "array":
        inner = _type(schema.get("items") or {})
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if kind == "object":
        more = schema.get("additionalProperties")
        return f"Record<string, {_type(more) if isinstance(more, dict) else 'unknown'}>"
    return _PLAIN.get(str(kind), "unknown")


if __name__ == "__main__":
    FILE.write_text(build_types(read_document()), encoding="utf-8")
