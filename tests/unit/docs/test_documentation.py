"""Whatever a user meets by name stands in the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from docs import api_types, commands_page, definitions_page, segment_templates_page
from relance.cli import app
from relance.definitions.schema import build_schema
from relance.events import names as event_names
from relance.settings import PREFIX, Settings
from tests.unit.docs import words_of_the_code as code

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def missing(words: Iterable[str], page: str) -> list[str]:
    """The words that a page of the reference does not show as code."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    shown = set(re.findall(r"`([^`\n]+)`", text)) | {word for line in re.findall(r"`([^`\n]+)`", text) for word in line.split()}
    return sorted(word for word in words if word not in shown)


def test_error_codes() -> None:
    assert [] == missing(code.error_codes(), "errors.md")


def test_problem_codes_of_definitions() -> None:
    assert [] == missing(code.codes("definitions", "conditions", "templates", "journeys"), "problems.md")


def test_codes_of_rejected_events() -> None:
    assert [] == missing(code.codes("events"), "errors.md")


def test_problem_codes_of_segment_templates() -> None:
    assert [] == missing(code.codes("segments/templates"), "segment-templates.md")


def variables_of(kind: type[msgspec.Struct], prefix: str) -> Iterable[str]:
    for field in msgspec.structs.fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from variables_of(field.type, f"{prefix}{field.name.upper()}_")
        else:
            yield prefix + field.name.upper()


def test_settings() -> None:
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")

    assert [] == [name for name in [*variables_of(Settings, PREFIX), *code.variables()] if f"`{name}`" not in text]


def test_routes() -> None:
    text = (REFERENCE / "http.md").read_text(encoding="utf-8")
    shown = {word for line in re.findall(r"`([^`\n]+)`", text) for word in line.split()}

    # a router may put a path in front
    assert [] == sorted(route for route in code.routes() if not any(word.endswith(route) for word in shown))


def test_metrics() -> None:
    assert [] == missing(code.metrics(), "http.md")


def test_event_names() -> None:
    ours = event_names.OWN_NAMES | event_names.REACTIONS | set(event_names.SENT.values())

    assert [] == missing_names(ours)


def missing_names(names: Iterable[str]) -> list[str]:
    text = (REFERENCE / "events.md").read_text(encoding="utf-8")
    return sorted(name for name in names if f"`{name}`" not in text)


def test_the_page_of_definitions_is_made_from_the_shapes_of_today() -> None:
    page = definitions_page.PAGE.read_text(encoding="utf-8")
    schema = json.loads(definitions_page.SCHEMA.read_text(encoding="utf-8"))

    assert build_schema() == schema, "run `make golden`"
    assert definitions_page.build_page(build_schema()) == page, "run `make golden`"


def test_the_page_of_commands_is_made_from_the_command_line_of_today() -> None:
    page = commands_page.PAGE.read_text(encoding="utf-8")

    assert commands_page.build_page(app) == page, "run `make golden`"


def test_the_types_of_the_web_app_are_those_of_todays_answers() -> None:
    assert api_types.build_types(api_types.read_document()) == api_types.FILE.read_text(encoding="utf-8"), "run `make golden`"


def test_the_page_of_segment_templates_is_made_from_the_templates_of_today() -> None:
    page = segment_templates_page.PAGE.read_text(encoding="utf-8")

    assert segment_templates_page.build_page() == page, "run `make golden`"
