from __future__ import annotations

from typing import Any

import pytest

from relance.imports.filters import compile_clause, compile_clauses
from relance.imports.mapping import Clause


@pytest.mark.parametrize(
    ("op", "wanted", "value", "expected"),
    [
        ("eq", 30, 30, True),
        ("eq", 30, 30.0, True),
        ("eq", 30, "30", False),
        ("eq", 1, True, False),
        ("eq", "a", None, False),
        ("ne", "a", None, True),
        ("ne", 30, "30", True),
        ("ne", "a", "a", False),
        ("in", ["a", "b"], "b", True),
        ("in", [1], True, False),
        ("in", ["a"], None, False),
        ("in", ["a"], ["a"], False),
        ("not_in", ["a"], None, True),
        ("not_in", ["a"], "a", False),
        ("gt", 2, 3, True),
        ("gt", 2, "3", False),
        ("gt", 2, None, False),
        ("lte", 0, 0, True),
        ("lte", 0, -1.5, True),
        ("gte", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z", True),
        ("lt", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59.999999Z", True),
        ("lt", "2024-01-01T00:00:00Z", None, False),
        ("contains", "b", "abc", True),
        ("contains", "b", ["a", "b"], True),
        ("contains", "b", None, False),
        ("not_contains", "b", None, True),
        ("starts_with", "C", "C536379", True),
        ("starts_with", "C", 5, False),
        ("ends_with", "9", "C536379", True),
        ("matches", "^[0-9]", "536379", True),
        ("matches", "^[0-9]", None, False),
        ("is_set", None, 0, True),
        ("is_set", None, None, False),
        ("is_not_set", None, None, True),
        ("is_true", None, True, True),
        ("is_true", None, 1, False),
        ("is_false", None, False, True),
    ],
)
def test_a_clause_means_what_it_means_in_conditions(op: str, wanted: Any, value: Any, *, expected: bool) -> None:
    assert compile_clause(Clause("c", op, wanted), 0)([value]) is expected


def test_several_clauses_must_all_hold() -> None:
    test = compile_clauses([Clause("a", "gt", 1), Clause("b", "is_set")], {"a": 0, "b": 1})

    assert test is not None
    assert test([2, "x"])
    assert not test([2, None])
    assert compile_clauses([], {}) is None
