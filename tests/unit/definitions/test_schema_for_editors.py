"""The published schema helps whoever writes: every word is explained, examples are right, mistakes are found where they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from relance.cli.schema import schema as write
from relance.conditions import from_dict
from relance.conditions.clauses import OPERATORS
from relance.conditions.model import AGGREGATES, JOURNEY_STATES
from relance.conditions.read import _READERS, parse_condition
from relance.definitions.check import check_definitions
from relance.definitions.load import load_definitions, load_text
from relance.definitions.playbooks import fill_playbook, find_playbook, load_playbooks
from relance.definitions.schema import load_schema
from relance.definitions.shapes.clauses import OPERANDS, OPERATOR_DOCS
from relance.definitions.shapes.condition_examples import EXAMPLES
from relance.definitions.shapes.journeys import STEPS
from relance.definitions.shapes.step_examples import STEP_EXAMPLES
from relance.segments.templates import TEMPLATES, fill_template

ROOT = Path(__file__).parents[3]
FILES = sorted(
    file
    for place in ("examples", "src/relance", "tests/acceptance")
    for file in (ROOT / place).rglob("*.yaml")
    if not {"node_modules", "__pycache__", "playbooks"} & set(file.parts) and "kind:" in file.read_text(encoding="utf-8")
)
SCHEMA = load_schema()
SHAPES: dict[str, Any] = SCHEMA["$defs"]
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def faults(body: Any) -> list[str]:
    """The places of what is wrong, deepest first."""
    return sorted({"/".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(body)}, key=len, reverse=True)


def valid(shape: str, value: Any) -> bool:
    return jsonschema.Draft202012Validator({**SCHEMA, "if": False, "else": {"$ref": f"#/$defs/{shape}"}}).is_valid(value)


# ------------------------------------------------------------------------------------------------ what is right is taken


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_all_definitions_of_the_repository_are_valid(file: Path) -> None:
    loaded = load_definitions(file)

    assert loaded.documents
    assert [] == [(document.id, faults(document.body)) for document in loaded.documents if faults(document.body)]


def test_a_search_finds_definitions_in_every_place() -> None:
    assert {"examples", "src", "tests"} == {file.relative_to(ROOT).parts[0] for file in FILES}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))
def test_segments_made_from_templates_are_valid(template: Any) -> None:
    made = fill_template(template, {p.name: p.example for p in template.parameters if p.required})

    assert [] == faults(made.to_dict())


@pytest.mark.parametrize("name", load_playbooks())
def test_definitions_made_from_playbooks_are_valid(name: str) -> None:
    bodies = fill_playbook(find_playbook(name), {"prediction": "buys-30d"})

    assert [] == [(body["id"], faults(body)) for body in bodies if faults(body)]


# ------------------------------------------------------------------------------------------ what is wrong is found there

WRONG: list[tuple[str, str]] = [
    ("{kind: segmnt, id: a}", "kind"),
    ("{id: a}", ""),
    ("{kind: segment, id: a}", ""),
    ("{kind: segment, id: A B, where: {type: all, of: []}}", "id"),
    ("{kind: segment, id: a, where: {type: all, of: []}, colour: red}", ""),
    ("{kind: segment, id: a, where: {type: dd, event: A}}", "where/type"),
    ("{kind: segment, id: a, where: {type: did, evnt: A}}", "where"),
    ("{kind: segment, id: a, where: {type: all, of: [{type: did, event: A, within: 3 days}]}}", "where/of/0/within"),
    ("{kind: segment, id: a, where: {type: did, event: A, times: {gte: -1}}}", "where/times/gte"),
    ("{kind: segment, id: a, where: {type: did, event: A, times: {}}}", "where/times"),
    ("{kind: segment, id: a, where: {type: did, event: A, within: 1d, between: [2026-01-01, 2026-02-01]}}", "where"),
    ("{kind: segment, id: a, where: {type: did, event: A, aggregate: {fn: total, path: b, gt: 1}}}", "where/aggregate/fn"),
    ("{kind: segment, id: a, where: {type: did, event: A, where: [{path: b, op: like, value: 1}]}}", "where/where/0/op"),
    ("{kind: segment, id: a, where: {type: trait, path: b, op: in, value: 1}}", "where/value"),
    ("{kind: segment, id: a, where: {type: trait, path: b, op: is_set, value: 1}}", "where"),
    ("{kind: segment, id: a, where: {type: trait, path: b, op: eq}}", "where"),
    ("{kind: segment, id: a, where: {type: trait, path: b..c, op: is_set}}", "where/path"),
    ("{kind: segment, id: a, where: {type: not, of: [{type: all, of: []}]}}", "where/of"),
    ("{kind: segment, id: a, where: {type: can_receive, channel: fax}}", "where/channel"),
    ("{kind: segment, id: a, where: {type: predicted, prediction: p, score: {gte: 101}}}", "where/score/gte"),
    ("{kind: segment, id: a, where: {type: message, source: welcome}}", "where/source"),
    ("{kind: segment, id: a, where: {type: journey, journey: j, state: done}}", "where/state"),
    ("{kind: segment, id: a, where: {type: near, path: l, lat: 91, lon: 0, km: 1}}", "where/lat"),
    ("{kind: segment, id: a, where: {type: bucket, salt: s, from: 0, to: 10001}}", "where/to"),
    ("{kind: segment, id: a, where: {type: sequence, steps: []}}", "where/steps"),
    ("{kind: settings, timezone: 1}", "timezone"),
    ("[{kind: settings}, {kind: segment, id: a}]", "1"),
    ("just a text", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place"), WRONG, ids=[text for text, _ in WRONG])
def test_mistakes_are_found_where_they_are(text: str, place: str) -> None:
    from relance.definitions.read_yaml import parse_yaml

    [body] = parse_yaml(text).values

    assert place in faults(body)


# --------------------------------------------------------------------------------------------------- everything is explained


def records() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, shape in SHAPES.items():
        if shape.get("properties"):
            yield name, shape


def test_everything_has_a_title_and_is_described() -> None:
    bare = [name for name, shape in SHAPES.items() if not shape.get("title")]
    silent = [f"{name}.{field}" for name, shape in records() for field, value in shape["properties"].items() if not told(value)]

    assert ([], []) == (bare, silent)


def told(value: Any) -> bool:
    return bool(value.get("description") or value.get("enumDescriptions"))


def test_every_word_that_has_a_meaning_is_explained() -> None:
    def words(shape: str, field: str) -> dict[str, str]:
        value = SHAPES[shape]["properties"][field]
        value = value.get("items", value)
        return dict(zip(value["enum"], value["enumDescriptions"], strict=True))

    assert {"all", "any", "not", *_READERS} == set(words("condition", "type"))
    assert set(OPERATORS) == set(OPERANDS) == set(words("clause", "op")) == set(words("condition_trait", "op"))
    assert set(OPERATORS) == set(OPERATOR_DOCS)
    assert set(AGGREGATES) == set(words("aggregate", "fn"))
    assert set(JOURNEY_STATES) == set(words("condition_journey", "state"))
    for shape in SHAPES.values():
        for value in shape.get("properties", {}).values():
            assert all(value.get("enumDescriptions", ["-"])), shape["title"]
            assert len(value.get("enumDescriptions", ())) in (0, len(value.get("enum", ())))


def test_defaults_are_right() -> None:
    """What an editor fills in is valid."""
    for name, shape in records():
        for field, value in shape["properties"].items():
            if "default" in value:
                one = jsonschema.Draft202012Validator({"$defs": SHAPES, **value})
                assert [] == [error.message for error in one.iter_errors(value["default"])], (name, field)


def test_every_kind_of_condition_has_examples_that_pass_the_check() -> None:
    assert {"all", "any", "not", *_READERS} == set(EXAMPLES)
    for kind, examples in EXAMPLES.items():
        shown = SHAPES[f"condition_{kind}"]["examples"]
        assert list(examples) == shown
        for example in shown:
            loaded = load_text(json.dumps({"kind": "segment", "id": "x", "where": example}), is_json=True)
            found = [
                p for p in check_definitions(loaded.documents) if p.severity == "error" and not p.code.startswith("unknown_")
            ]
            assert ([], kind) == (found, example["type"])
            assert valid("condition", example)
            assert parse_condition(example) == from_dict(example).tree


def test_every_kind_of_step_has_examples() -> None:
    assert set(STEPS) == set(STEP_EXAMPLES)
    for kind, examples in STEP_EXAMPLES.items():
        assert list(examples) == SHAPES[f"step_{kind}"]["examples"]
        assert all(valid("step", example) and kind == example["type"] for example in examples)


def test_what_editors_offer_is_what_it_says() -> None:
    """The line that is offered, read as YAML, is what is put into the file; and it is valid."""
    from relance.definitions.read_yaml import parse_yaml

    n = 0
    for name, shape in records():
        for snippet in shape.get("defaultSnippets", ()):
            assert [snippet["body"]] == parse_yaml(snippet["label"]).values
            assert valid(name, snippet["body"])
            n += 1
    assert n >= len(_READERS)


def test_patterns_say_what_is_wanted() -> None:
    def patterns(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str):
                yield value
            for inner in value.values():
                yield from patterns(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from patterns(inner)

    assert [] == [one for one in patterns(SHAPES) if not one.get("patternErrorMessage", "").startswith("this must be ")]


# ------------------------------------------------------------------------------------------------------------ how to get it


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == write(tmp_path / "relance.schema.json")
    assert SCHEMA == json.loads((tmp_path / "relance.schema.json").read_text(encoding="utf-8"))
    assert 0 == write()
    assert SCHEMA == json.loads(capsys.readouterr().out)
    assert 2 == write(tmp_path / "nowhere" / "x.json")
    assert "can not be written" in capsys.readouterr().err


def test_a_file_may_say_which_schema_is_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    line = "# yaml-language-server: $schema=relance.schema.json\n"
    file.write_text(f"{line}kind: settings\n---\n{line}kind: segment\nid: a\nwhere: {{type: all, of: []}}\n", encoding="utf-8")
    loaded = load_definitions(file)

    assert [] == [*loaded.problems, *check_definitions(loaded.documents)]
    assert line.strip() in (ROOT / "docs" / "reference" / "definitions.md").read_text(encoding="utf-8")
