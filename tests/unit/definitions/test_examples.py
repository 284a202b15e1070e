"""The examples of the reference: right, and complete."""

from __future__ import annotations

from importlib.resources import as_file, files

from relance.definitions.check import check_definitions
from relance.definitions.load import load_definitions
from relance.definitions.schema import build_schema
from relance.definitions.shapes.core import Findings
from relance.definitions.shapes.kinds import KINDS

with as_file(files("relance.definitions") / "examples.yaml") as _path:
    DOCUMENTS = load_definitions(_path).require()

# The same in every template; shown for email.
ELSEWHERE = {(f"template_{c}", f) for c in ("sms", "push", "in_app", "webhook") for f in ("name", "description", "status")}


def test_the_examples_are_right() -> None:
    not_built = {"not_supported_yet"}

    assert [] == [p for p in check_definitions(DOCUMENTS) if p.code not in not_built]


def test_every_field_has_an_example() -> None:
    shown: set[tuple[str, str]] = set()
    for document in DOCUMENTS:
        findings = Findings()
        KINDS[str(document.kind)].check(document.body, "", findings)
        shown |= {(name, field) for name, _, value in findings.records for field in value}
    shapes = {
        name: shape["properties"]
        for name, shape in build_schema()["$defs"].items()
        if shape.get("additionalProperties") is False
    }
    there = {(name, field) for name, fields in shapes.items() for field in fields}

    assert set() == there - shown - ELSEWHERE
