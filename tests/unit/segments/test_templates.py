"""Every template gives a segment that passes the check, whatever its parameters are within their limits."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from relance.definitions.check import check_definitions
from relance.definitions.load import load_text
from relance.errors import InvalidInput, NotFound
from relance.segments import Segment
from relance.segments.templates import TEMPLATES, fill_template, find_template
from relance.segments.templates.check import MOST_TEXTS
from relance.segments.templates.fill import parse_settings
from relance.segments.templates.model import GROUPS, LANGUAGES, Parameter, SegmentTemplate

ALL = pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))


def required(template: SegmentTemplate) -> dict[str, Any]:
    return {p.name: p.example for p in template.parameters if p.required}


def edges(parameter: Parameter) -> Iterator[Any]:
    """Values that are just allowed."""
    yield from parameter.options
    yield from (edge for edge in (parameter.least, parameter.most) if edge is not None)
    if parameter.kind == "truth":
        yield from (True, False)
    elif parameter.kind in ("event", "text", "group"):
        yield from ("é 'x': \"y\" {{z}}", "x" * 200, *([""] if parameter.may_be_empty else []))
    elif parameter.kind == "path":
        yield from ("a.b.c", "é")
    elif parameter.kind == "texts":
        yield ["x"] * MOST_TEXTS
    elif parameter.kind == "day":
        yield from ("2025-11-20T00:00:00+02:00", "2025-11-21")


def beyond(parameter: Parameter) -> Iterator[Any]:
    """Values that are just not allowed."""
    yield from ([], {}, "\ud800") if parameter.kind != "texts" else ({}, [], [1], ["x"] * (MOST_TEXTS + 1))
    if parameter.kind == "length":
        yield from ("0s", "-1d", "3 days", 3, "1000000d")
    elif parameter.kind in ("whole", "number"):
        yield from ("x", True, float("nan"), parameter.least - 1, parameter.most + 1)
    elif parameter.kind == "truth":
        yield from (1, "true")
    elif parameter.kind in ("choice", "path", "day"):
        yield from ("", "..", 1)
    elif not parameter.may_be_empty:
        yield from ("", 1, "x" * 501)


def problems(template: SegmentTemplate, **given: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        fill_template(template, required(template) | given)
    return [(p.code, p.path) for p in caught.value.problems]


def found_by_check(text: str) -> list[str]:
    loaded = load_text(text)
    return [str(p) for p in [*loaded.problems, *check_definitions(loaded.documents)]]


@ALL
@pytest.mark.parametrize("language", LANGUAGES)
def test_defaults_pass_the_check(template: SegmentTemplate, language: Any) -> None:
    made = fill_template(template, required(template), language=language)

    assert (template.id, template.name.said(language)) == (made.id, made.name)
    assert [] == found_by_check(made.to_yaml())


@ALL
def test_edges_pass_the_check(template: SegmentTemplate) -> None:
    for parameter in template.parameters:
        for value in edges(parameter):
            given = required(template) | {parameter.name: value}
            made = made_of(template, given)
            if made is None:
                assert [("bad_parameter", "/parameters")] == problems(template, **given), given
                assert parameter.kind in ("length", "day")  # only where two parameters contradict each other
                continue
            found = [line for line in found_by_check(made.to_yaml()) if "unknown_event" not in line]
            assert ([], given) == (found, given)


@ALL
def test_what_is_beyond_is_told_with_its_place(template: SegmentTemplate) -> None:
    for parameter in template.parameters:
        for value in beyond(parameter):
            codes = problems(template, **{parameter.name: value})
            assert f"/parameters/{parameter.name}" in [path for _, path in codes], (parameter.name, value, codes)
            assert {code for code, _ in codes} <= {"bad_parameter", "out_of_range"}


@ALL
def test_a_template_says_all_about_itself(template: SegmentTemplate) -> None:
    words = [template.name, template.about, *(p.about for p in template.parameters)]
    names = [p.name for p in template.parameters]

    assert template.group in GROUPS
    assert all(text and text == text.strip() for word in words for text in (word.en, word.fr))
    assert all(word.en.endswith(".") and word.fr.endswith(".") for word in words[1:])
    assert len(names) == len(set(names))
    inspect.signature(template.build).bind(**template.defaults())  # its parameters are those of the builder
    for p in template.parameters:
        assert (p.default is None) == (p.example is not None)
        assert p.kind != "choice" or p.default in p.options
        assert p.kind not in ("whole", "number", "length") or None not in (p.least, p.most)
        assert made_of(template, {p.name: p.example if p.default is None else p.default}) is not None


def made_of(template: SegmentTemplate, given: dict[str, Any]) -> Segment | None:
    """The segment, or None when it is refused."""
    try:
        return fill_template(template, required(template) | given)
    except InvalidInput:
        return None


@ALL
def test_every_parameter_matters(template: SegmentTemplate) -> None:
    """With another value the condition is another; some do so only where one of the choices is set."""
    switches: list[dict[str, Any]] = [{}]
    switches += [{p.name: o} for p in template.parameters for o in p.options]
    switches += [{p.name: True} for p in template.parameters if p.kind == "truth"]
    switches += [{p.name: "x"} for p in template.parameters if p.may_be_empty]
    for parameter in template.parameters:
        differs = False
        for switch in switches:
            before = made_of(template, switch)
            differs = differs or any(
                made_of(template, switch | {parameter.name: value}) not in (before, None) for value in edges(parameter)
            )
        assert differs, parameter.name


def test_names_are_different() -> None:
    for language in LANGUAGES:
        names = [template.name.said(language) for template in TEMPLATES.values()]
        assert len(names) == len(set(names))
    assert len(TEMPLATES) >= 23


def test_all_problems_are_told_at_once() -> None:
    template = find_template("category-lovers")
    with pytest.raises(InvalidInput) as caught:
        fill_template(template, {"at_least": 0, "within": 3, "colour": "red"}, segment_id="A B", name="")

    assert [
        ("unknown_parameter", "/parameters/colour"),
        ("missing_parameter", "/parameters/category"),
        ("out_of_range", "/parameters/at_least"),
        ("bad_parameter", "/parameters/within"),
        ("bad_id", "/id"),
        ("bad_value", "/name"),
    ] == [(p.code, p.path) for p in caught.value.problems]


def test_none_stands_for_the_default() -> None:
    template = find_template("espresso-email")

    assert fill_template(template, {"within": None}) == fill_template(template, {})


def test_lengths_that_contradict_each_other() -> None:
    assert [("bad_parameter", "/parameters")] == problems(find_template("about-to-lapse"), quiet="90d")
    assert [("bad_parameter", "/parameters")] == problems(find_template("seasonal-buyers"), ends="2025-11-20")


def test_settings_written_as_texts() -> None:
    template = find_template("in-places")
    given = parse_settings(template, {"places": "Atlanta, Seattle", "reach": "sms"})
    assert {"places": ["Atlanta", "Seattle"], "reach": "sms"} == given

    vip = find_template("vip")
    assert {"spent": 99.5, "at_least": 3, "other": "1"} == parse_settings(vip, {"spent": "99.5", "at_least": "3", "other": "1"})
    assert {"at_least": "many"} == parse_settings(vip, {"at_least": "many"})
    hunters = find_template("discount-hunters")
    assert {"only": True} == parse_settings(hunters, {"only": "yes"})


def test_a_template_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="did you mean 'espresso-email'"):
        find_template("espreso-email")
    with pytest.raises(NotFound, match="lists them"):
        find_template("zzz")
