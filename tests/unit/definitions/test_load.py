"""Reading definitions from texts, files and folders, however hostile."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from relance.definitions.load import load_definitions, load_text, load_values
from relance.errors import InvalidInput

SCENARIOS = Path(__file__).parents[2] / "acceptance" / "scenarios"


def bodies(text: str) -> list[Any]:
    loaded = load_text(text)

    assert loaded.problems == []
    return [document.body for document in loaded.documents]


def codes(text: str, *, is_json: bool = False) -> list[str]:
    return [problem.code for problem in load_text(text, is_json=is_json).problems]


def test_yaml_means_what_its_core_schema_says() -> None:
    assert bodies("on: yes\nno: off\nat: 2026-03-01T09:00:00Z\nday: 2026-03-01\ntime: 09:00\nsum: 1_000\n") == [
        {"on": "yes", "no": "off", "at": "2026-03-01T09:00:00Z", "day": "2026-03-01", "time": "09:00", "sum": "1_000"}
    ]
    assert bodies(
        "[{a: true, b: False, c: null, d: ~, e: , f: -7, g: +1, h: 1.5e3, i: .5, j: 0o17, k: 0xff, l: 1., m: 'true'}]"
    ) == [
        {
            "a": True,
            "b": False,
            "c": None,
            "d": None,
            "e": None,
            "f": -7,
            "g": 1,
            "h": 1500.0,
            "i": 0.5,
            "j": 15,
            "k": 255,
            "l": 1.0,
            "m": "true",
        }
    ]


def test_zeros_in_front_are_kept() -> None:
    assert bodies("code: 01234\nphone: 0612345678\nnumber: 0\n") == [{"code": "01234", "phone": "0612345678", "number": 0}]


def test_where_only_a_text_can_stand_a_plain_word_is_one() -> None:
    assert bodies(
        "id: 7\nname: true\nevent: 1e3\nsteps: {1: {next: 2}}\nchannels: {sms: 3}\nvalue: 7\nproperties: {id: 7}\ngroup: null"
    ) == [
        {
            "id": "7",
            "name": "true",
            "event": "1e3",
            "steps": {"1": {"next": "2"}},
            "channels": {"sms": "3"},
            "value": 7,
            "properties": {"id": 7},
            "group": None,
        }
    ]


def test_json_reads_the_same_in_a_file_of_either_kind(tmp_path: Path) -> None:
    text = json.dumps([{"kind": "segment", "id": "é🛒", "n": 1.5, "deep": [{"a": None}]}, {"kind": "settings"}])
    for name in ("a.json", "b.yaml"):
        (tmp_path / name).write_text(text)

    a, b = (load_definitions(tmp_path / name) for name in ("a.json", "b.yaml"))

    assert a.documents == b.documents
    assert [d.kind for d in a.documents] == ["segment", "settings"]
    assert a.documents[0].id == "é🛒"


def test_many_documents_and_lists_of_them() -> None:
    assert bodies("---\nkind: a\n---\n---\n- kind: b\n- kind: c\n...\n") == [{"kind": "a"}, {"kind": "b"}, {"kind": "c"}]


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.yml", "a.yaml", "deep/c.json", "notes.txt"):
        (tmp_path / name).write_text(json.dumps({"kind": name}))

    assert [d.kind for d in load_definitions(tmp_path).documents] == ["a.yaml", "b.yml", "deep/c.json"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb:\n  a: 1\n  a: 2\n", [("duplicate_key", 4, 3)]),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", [("merge_key", 3, 3)]),
        ("a: [1, 2\n", [("yaml_syntax", 2, 1)]),
        ("a: *missing\n", [("yaml_alias", 1, 4)]),
        ("a: &a [*a]\n", [("yaml_alias", 1, 8)]),
        ("? [a, b]\n: c\n", [("bad_key", 1, 3)]),
        ("a: .inf\nb: .nan\n", [("not_a_number", 1, 4), ("not_a_number", 2, 4)]),
        ("a: 99999999999999999999\nb: 1e999\n", [("number_too_large", 1, 4), ("number_too_large", 2, 4)]),
        ("a: !!python/object/apply:os.system [x]\n", [("yaml_tag", 1, 4)]),
        ("a: !!binary aGk=\n", [("yaml_tag", 1, 4)]),
        ("just a text\n", [("not_a_definition", 1, 1)]),
        ("kind: a\n---\n- 7\n", [("not_a_definition", 3, 3)]),
        ("a: \x07\n", [("yaml_syntax", None, None)]),
        ('{"a": 1, "a": 2}', [("duplicate_key", None, None)]),
        ('{"a": NaN}', [("not_a_number", None, None)]),
        ('{"a": 1e999}', [("number_too_large", None, None)]),
        ('{"a": "\\ud800"}', [("half_a_character", None, None)]),
    ],
)
def test_problems_have_a_code_and_a_place(text: str, expected: list[tuple[Any, ...]]) -> None:
    found = load_text(text, file="x.yaml").problems

    assert [(p.code, p.line, p.column) for p in found] == expected
    assert all(p.file == "x.yaml" and len(p.message) > 20 for p in found)


def test_broken_json_is_placed() -> None:
    assert [(p.code, p.line, p.column) for p in load_text('{\n "a": }', is_json=True).problems] == [("json_syntax", 2, 7)]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 50_000, "- " * 50_000, "{a: " * 50_000]
)
def test_what_is_nested_too_deep_is_refused_at_once(text: str) -> None:
    assert codes(text) in (["too_deep"], ["yaml_syntax"])
    assert codes(text, is_json=True) in (["too_deep"], ["json_syntax"])


@pytest.mark.parametrize("leaf", ["x", "x" * 10_000])
def test_aliases_do_not_unfold_without_bound(leaf: str) -> None:
    lines = [f"a0: &a0 [{leaf}]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))]
    started = time.monotonic()

    assert codes("\n".join(lines)) == ["too_large"]
    assert time.monotonic() - started < 10


def test_a_few_aliases_are_welcome() -> None:
    assert bodies("a: &x [{b: 1}]\nc: *x\n") == [{"a": [{"b": 1}], "c": [{"b": 1}]}]


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: é\n".encode("latin-1"))
    (tmp_path / "wide.yaml").write_bytes("a: 1\n".encode("utf-16"))
    (tmp_path / "huge.yaml").write_bytes(b"a: " + b"x" * 9_000_000)
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfkind: a\n")
    (tmp_path / "folder").mkdir()

    found = {
        name: [(p.code, p.severity, p.line) for p in load_definitions(tmp_path / name).problems]
        for name in ("latin.yaml", "wide.yaml", "huge.yaml", "empty.yaml", "bom.yaml", "folder", "missing.yaml")
    }

    assert found == {
        "latin.yaml": [("not_utf8", "error", 2)],
        "wide.yaml": [("not_utf8", "error", 1)],
        "huge.yaml": [("too_large", "error", None)],
        "empty.yaml": [("no_definitions", "warning", None)],
        "bom.yaml": [],
        "folder": [("no_definitions", "error", None)],
        "missing.yaml": [("unreadable_file", "error", None)],
    }


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("[1\n")
    (tmp_path / "b.yaml").write_text("kind: b\nx: 1\nx: 2\n")
    loaded = load_definitions(tmp_path)

    assert [p.code for p in loaded.problems] == ["yaml_syntax", "duplicate_key"]
    assert [d.kind for d in loaded.documents] == ["b"]
    with pytest.raises(InvalidInput) as refused:
        loaded.require()
    assert refused.value.problems == loaded.problems


def test_places_in_yaml_and_json() -> None:
    yaml = load_text("kind: settings\n---\nkind: journey\nsteps:\n  a/b: {type: wait}\n  list: [1, {x: 2}]\n").documents[1]
    value = {"kind": "journey", "steps": {"a/b": {"type": "wait"}, "list": [1, {"x": 2}]}}
    as_json = load_text(json.dumps([{"kind": "settings"}, value], indent=2), is_json=True).documents[1]
    paths = ["", "/kind", "/steps/a~1b/type", "/steps/list/1", "/steps/list/1/x", "/steps/list/7/gone"]

    assert [yaml.place(p) for p in paths] == [(3, 1), (3, 1), (5, 9), (6, 13), (6, 14), (6, 3)]
    assert [as_json.place(p) for p in paths] == [(5, 3), (6, 5), (9, 9), (13, 9), (14, 11), (11, 7)]


def test_values_of_the_interface() -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]

    assert [d.kind for d in load_values({"kind": "a"}).documents] == ["a"]
    assert [d.kind for d in load_values([{"kind": "a"}, {"kind": "b"}]).documents] == ["a", "b"]
    assert [p.code for p in load_values([1, "x"]).problems] == ["not_a_definition", "not_a_definition"]
    assert [p.code for p in load_values({"a": deep}).problems] == ["too_deep"]
    assert [p.code for p in load_values({"a\ud800": 1}).problems] == ["half_a_character"]


def test_loading_a_scenario_is_quick() -> None:
    """Simulations start by the thousand; a slow loader would be most of what they do."""
    path = SCENARIOS / "espresso-segments" / "definitions.yaml"
    seconds = []
    for _ in range(20):
        started = time.perf_counter()
        load_definitions(path)
        seconds.append(time.perf_counter() - started)

    assert min(seconds) < 0.02
