"""Code that sends an event, or lets somebody into a journey: for curl, JavaScript and Python, ready to be copied.

All that is to be put in is the key. Nothing but what each language brings is needed: `fetch`, `urllib`.
"""

from __future__ import annotations

import json
import shlex
from copy import copy
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

SnippetLanguage = Literal["curl", "javascript", "python"]
LANGUAGES: tuple[SnippetLanguage, ...] = get_args(SnippetLanguage)
WRITE_KEY = "YOUR_WRITE_KEY"
API_KEY = "YOUR_API_KEY"
SOMEBODY = "user-123"

_VALUES: Mapping[str, Any] = {
    "string": "text", "number": 9.99, "integer": 1, "boolean": True, "datetime": "2026-03-01T09:00:00Z", "date": "2026-03-01",
    "object": {}, "array": [],
}  # fmt: skip


def example_properties(schema: Mapping[str, str]) -> dict[str, Any]:
    """A value of its type for each property of a schema; a dotted path lies in objects."""
    found: dict[str, Any] = {}
    for path, kind in sorted(schema.items(), key=lambda pair: pair[0].count(".")):
        *above, name = path.split(".")
        inner: Any = found
        for part in above:
            if isinstance(inner.get(part), list):  # a list of objects
                inner[part] = inner[part] or [{}]
                inner = inner[part][0]
            else:
                inner = inner.setdefault(part, {})
            if not isinstance(inner, dict):
                break
        else:
            inner.setdefault(name, copy(_VALUES[kind]))
    return found


def event_snippets(url: str, event: str, schema: Mapping[str, str]) -> dict[str, str]:
    """Code that tells the server at an address that somebody did something, by language."""
    body = {"type": "track", "event": event, "userId": SOMEBODY, "properties": example_properties(schema)}
    return _snippets(f"{url}/v1/track", WRITE_KEY, body, "The event is on disk when the server answers 200.")


def start_snippets(url: str, journey: str, properties: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Code that lets somebody into a journey that is entered by request, by language."""
    body = {"user_ids": [SOMEBODY], "properties": dict(properties or {})}
    note = "The key needs the scope profiles:write. Repeat a request with the same `request_id` and nothing happens twice."
    return _snippets(f"{url}/api/v1/journeys/{journey}/start", API_KEY, body, note)


def _snippets(url: str, key: str, body: Mapping[str, Any], note: str) -> dict[str, str]:
    return {
        "curl": _curl(url, key, body, note),
        "javascript": _javascript(url, key, body, note),
        "python": _python(url, key, body, note),
    }


def _curl(url: str, key: str, body: Mapping[str, Any], note: str) -> str:
    data = shlex.quote(json.dumps(body, ensure_ascii=False, indent=2))
    return (
        f"# {note}\n"
        f"curl --fail-with-body --request POST {shlex.quote(url)} \\\n"
        f"  --header 'Authorization: Bearer {key}' \\\n"
        "  --header 'Content-Type: application/json' \\\n"
        f"  --data {data}\n"
    )


def _javascript(url: str, key: str, body: Mapping[str, Any], note: str) -> str:
    data = json.dumps(body, ensure_ascii=False, indent=2).replace("\n", "\n  ")
    return (
        f"// {note}\n"
        f"const response = await fetch({json.dumps(url)}, {{\n"
        '  method: "POST",\n'
        f'  headers: {{ "Authorization": "Bearer {key}", "Content-Type": "application/json" }},\n'
        f"  body: JSON.stringify({data}),\n"
        "});\n"
        "if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);\n"
    )


def _python(url: str, key: str, body: Mapping[str, Any], note: str) -> str:
    return (
        f"# {note}\n"
        "import json\n"
        "import urllib.request\n\n"
        f"body = {_literal(body)}\n"
        "request = urllib.request.Request(\n"
        f"    {json.dumps(url)},\n"
        "    data=json.dumps(body).encode(),\n"
        f'    headers={{"Authorization": "Bearer {key}", "Content-Type": "application/json"}},\n'
        ")\n"
        "with urllib.request.urlopen(request, timeout=10) as response:\n"
        "    print(response.status, response.read().decode())\n"
    )


def _literal(value: Any, indent: int = 0) -> str:
    """A JSON value as Python writes it."""
    pad, inner = " " * (4 * indent), " " * (4 * indent + 4)
    if isinstance(value, dict) and value:
        lines = [
            f"{inner}{json.dumps(name, ensure_ascii=False)}: {_literal(item, indent + 1)},\n" for name, item in value.items()
        ]
        return "{\n" + "".join(lines) + pad + "}"
    if isinstance(value, list) and value:
        return "[\n" + "".join(f"{inner}{_literal(item, indent + 1)},\n" for item in value) + pad + "]"
    if value is None or isinstance(value, bool):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)
