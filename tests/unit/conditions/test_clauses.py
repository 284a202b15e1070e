"""What one clause means, operator by operator."""

from __future__ import annotations

import pytest

from relance.clock import DAY, parse_instant
from relance.conditions.clauses import clause_matches, clause_of, first_value, look_up
from relance.conditions.patterns import InvalidPattern, compile_pattern, read_pattern
from relance.localtime import find_zone

NOW = parse_instant("2026-03-10T12:00:00Z")
PARIS = find_zone("Europe/Paris")


def holds(op: str, value: object, root: object, path: str = "x", **more: object) -> bool:
    return clause_matches(clause_of({"path": path, "op": op, "value": value, **more}), root, NOW, PARIS)


@pytest.mark.parametrize(
    ("op", "value", "given", "expected"),
    [
        ("eq", 30, 30.0, True),
        ("eq", 30, "30", False),
        ("eq", 1, True, False),
        ("eq", True, 1, False),
        ("eq", True, True, True),
        ("eq", 2**53 + 1, float(2**53), False),
        ("eq", "é", "É", False),
        ("ne", 30, None, True),
        ("ne", 30, "30", True),
        ("ne", 30, [30, 1], False),
        ("eq", "a", ["b", "a"], True),
        ("in", ["a", 1], 1.0, True),
        ("not_in", ["a"], [], True),
        ("gt", 1, "2", False),
        ("gt", "b", "é", True),
        ("gte", 2, True, False),
        ("between", [1, 2], 2, True),
        ("between", ["a", "c"], 2, False),
        ("contains", "a", "cat", True),
        ("contains", "a", ["cat"], False),
        ("contains", 1, [1.0], True),
        ("not_contains", "a", 5, True),
        ("starts_with", "", "x", True),
        ("starts_with", "x", None, False),
        ("matches", "^a.c$", "abc\n", False),
        ("matches", "b", "abc", True),
        ("is_set", None, [], True),
        ("is_set", None, None, False),
        ("is_not_set", None, False, False),
        ("is_true", None, [False, True], True),
        ("is_true", None, "true", False),
        ("is_false", None, None, False),
        ("before", "2026-03-11", "2026-03-10", True),
        ("before", "2026-03-10", "2026-03-10", False),
        ("after", "2026-03-09T23:00:00Z", "2026-03-10", False),  # midnight in Paris is 23:00 the day before
        ("before", "2026-03-11", 5, False),
        ("within_last", "1d", "2026-03-09T12:00:00Z", False),
        ("within_last", "1d", "2026-03-09T12:00:00.000001Z", True),
        ("within_last", "1d", "2026-03-10T12:00:00Z", True),
        ("within_next", "1d", "2026-03-10T12:00:00Z", False),
        ("within_next", "1d", "2026-03-11T13:00:00+01:00", True),
        ("more_than_ago", "1d", "2026-03-09T12:00:00Z", True),
        ("anniversary_within", "7d", "1990-03-10", True),
        ("anniversary_within", "7d", "1990-03-17", True),
        ("anniversary_within", "7d", "1990-03-18", False),
        ("anniversary_within", "7d", "1990-03-09", False),
    ],
)
def test_operator(op: str, value: object, given: object, expected: bool) -> None:  # noqa: FBT001 - a table column
    assert expected == holds(op, value, {"x": given})


def test_ignore_case_folds_beyond_ascii() -> None:
    assert holds("eq", "STRASSE", {"x": "straße"}, ignore_case=True)
    assert holds("in", ["ǅ"], {"x": "ǆ"}, ignore_case=True)
    assert holds("contains", "SS", {"x": "aßb"}, ignore_case=True)
    assert holds("matches", "^STRASSE", {"x": "Straße 1"}, ignore_case=True)
    assert not holds("eq", "a", {"x": 1}, ignore_case=True)


def test_leap_day_has_its_anniversary_on_the_28th() -> None:
    at = parse_instant("2026-02-27T12:00:00Z")

    assert clause_matches(clause_of({"path": "x", "op": "anniversary_within", "value": "1d"}), {"x": "2000-02-29"}, at, PARIS)
    assert not clause_matches(
        clause_of({"path": "x", "op": "anniversary_within", "value": "1d"}), {"x": "2000-02-29"}, at - DAY, PARIS
    )


def test_paths_look_into_lists_one_level() -> None:
    root = {"items": [{"sku": "a"}, {"sku": None}, 3, [{"sku": "no"}], {"sku": ["b", "c"]}]}

    assert ["a", ["b", "c"]] == look_up(root, ["items", "sku"])
    assert "a" == first_value(root, ["items", "sku"])
    assert first_value(root, ["nothing", "here"]) is None
    assert holds("eq", "c", root, path="items.sku")
    assert not holds("eq", "no", root, path="items.sku")


@pytest.mark.parametrize(
    "source",
    ["(?=a)", r"(a)\1", "(?i)a", "a++", "(", ")", "*a", "[a", r"\p{L}", "a{2,1}", "[z-a]", "a{1001}", "(a{100}){11}", "\\"],
)
def test_pattern_refuses_what_readers_differ_in(source: str) -> None:
    with pytest.raises(InvalidPattern):
        compile_pattern(source)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [("a|b", "xb", True), ("a{2,3}?c", "aac", True), ("[]a]+", "]", True), (r"[\s\S]$", "\n", True), (r"^\s$", "\v", False),
     (r"\bfoo\b", "a foo", True), ("(?P<y>[0-9]{4})-", "2026-", True), ("a{,3}", "a{,3}", True), ("[^A-Z-]", "-", False)],
)  # fmt: skip
def test_pattern_is_searched(source: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table column
    assert expected == (compile_pattern(source).search(text) is not None)


def test_pattern_for_re2_says_what_the_dot_is() -> None:
    assert r"(?-s)a.\x2d\z" == read_pattern("a.-$").re2
