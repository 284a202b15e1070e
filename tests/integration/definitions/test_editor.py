"""An editor's own language server completes, explains and checks definitions with the published schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from relance.cli.schema import schema as write_schema
from relance.conditions.clauses import OPERATORS
from relance.conditions.read import _READERS
from relance.definitions.shapes.condition_examples import EXAMPLES
from relance.definitions.shapes.conditions import CONDITIONS
from relance.definitions.shapes.journeys import STEPS
from relance.definitions.shapes.kinds import KINDS
from relance.definitions.shapes.records import in_one_line
from relance.events.names import SEGMENT_SPEC
from tests.integration.definitions.language_server import MODELINE, ROOT, LanguageServer, running

SEGMENT = "kind: segment\nid: a\nwhere:\n"


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    folder = tmp_path_factory.mktemp("editor")
    assert 0 == write_schema(folder / "relance.schema.json")
    with running(folder) as opened:
        yield opened


def test_kinds_and_types_are_offered_with_what_they_mean(editor: LanguageServer) -> None:
    kinds = editor.completions("kind: |")
    types = editor.completions(f"{SEGMENT}  type: |")
    steps = editor.completions("kind: journey\nid: a\nentry: {type: api}\nstart: x\nsteps:\n  x:\n    type: |")

    assert (set(KINDS), "A segment: a condition over profiles.") == (set(kinds), kinds["segment"])
    assert {kind: record.doc for kind, record in CONDITIONS.items()} == types
    assert {"all", "any", "not", *_READERS} == set(types)
    assert set(STEPS) == set(steps)
    assert all(steps.values())


def test_fields_follow_the_type(editor: LanguageServer) -> None:
    fields = editor.completions(f"{SEGMENT}  type: did\n  |")

    assert {"event", "where", "times", "aggregate", "within", "between", "since", "before"} <= set(fields)
    assert {"channel", "path", "segment"} & set(fields) == set()
    assert "now - within < timestamp <= now" in fields["within"]


def test_operators_and_usual_events_are_offered(editor: LanguageServer) -> None:
    operators = editor.completions(f"{SEGMENT}  type: trait\n  path: a\n  op: |")
    events = editor.completions(f"{SEGMENT}  type: did\n  event: |")

    assert set(OPERATORS) == set(operators)
    assert "It lies less than this long before now, and not after now." == operators["within_last"]
    assert set(SEGMENT_SPEC) <= set(events)
    assert {"72h", "7d", "30d"} <= set(editor.completions(f"{SEGMENT}  type: did\n  event: A\n  within: |"))


def test_whole_conditions_are_offered(editor: LanguageServer) -> None:
    offered = editor.completions(f"{SEGMENT}  type: all\n  of:\n    - |")
    short = {label.removesuffix("...") for label in offered}

    for examples in EXAMPLES.values():
        line = in_one_line(examples[0])
        assert any(line.startswith(label) for label in short), line


def test_words_are_explained_under_the_pointer(editor: LanguageServer) -> None:
    assert "Only what happened in this time before now" in editor.hover(f"{SEGMENT}  type: did\n  event: A\n  with|in: 1d\n")
    assert "The exact opposite of" in editor.hover(f"{SEGMENT}  type: trait\n  path: a\n  op: n|e\n  value: 1\n")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("kind: segmnt\nid: a\n", 1, "Value is not accepted"),
        ("kind: segment\nid: a\n", 1, 'Missing property "where"'),
        ("kind: segment\nid: A B\nwhere: {type: all, of: []}\n", 2, "this must be an id: 1 to 64 of a-z, 0-9 and `-`"),
        (f"{SEGMENT}  type: did\n  evnt: A\n", 5, "Property evnt is not allowed"),
        (f"{SEGMENT}  type: did\n  event: A\n  within: 3 days\n", 6, "such as 90s, 15m, 72h, 1d or 2w"),
        (
            f"{SEGMENT}  type: did\n  event: A\n  within: 1d\n  between: [2026-01-01, 2026-02-01]\n",
            7,
            "write only one of `within` and `between`",
        ),
        (f"{SEGMENT}  type: trait\n  path: a\n  op: is_set\n  value: 1\n", 7, "compares with nothing"),
        (f"{SEGMENT}  type: trait\n  path: a\n  op: in\n  value: Paris\n", 7, 'Expected "array"'),
        (f"kind: settings\n---\n{MODELINE}\nkind: settings\nlateness: soon\n", 5, "this must be a duration"),
    ],
)
def test_mistakes_are_marked_on_their_line(editor: LanguageServer, text: str, line: int, says: str) -> None:
    complaints = editor.complaints_about(text)

    assert [line] == [at for at, words in complaints if says in words], complaints


@pytest.mark.parametrize(
    "file",
    [
        "src/relance/definitions/examples.yaml",
        *(str(p.relative_to(ROOT)) for p in sorted(ROOT.glob("examples/*/definitions.yaml"))),
    ],
)
def test_what_is_right_is_not_marked(editor: LanguageServer, file: str) -> None:
    text = Path(ROOT, file).read_text(encoding="utf-8")

    # each document of a file names its schema
    assert [] == editor.complaints_about(text.replace("\n---\n", f"\n---\n{MODELINE}\n"))
