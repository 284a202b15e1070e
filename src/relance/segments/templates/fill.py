"""From a template and what somebody set to a segment like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.conditions.dsl.values import as_id
from relance.errors import InvalidCondition, InvalidInput
from relance.problems import Problem, pointer
from relance.segments.definition import Segment
from relance.segments.templates.check import check_parameter, parse_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.segments.templates.model import Language, SegmentTemplate


def fill_template(
    template: SegmentTemplate,
    given: Mapping[str, Any],
    *,
    segment_id: str | None = None,
    name: str | None = None,
    language: Language = "en",
) -> Segment:
    """The segment that a template gives with these parameters.

    Args:
        template: which.
        given: parameters by name; what is not given, or None, takes its default.
        segment_id: the segment's id. Default: the template's.
        name: the segment's name. Default: the template's, in the language.
        language: of the name and the description.

    Raises:
        InvalidInput: `problems` lists all that is wrong, each with a pointer into `{id, name, parameters}`.
    """
    problems = [*_check_names(template, given)]
    values = template.defaults() | {name: value for name, value in given.items() if value is not None}
    for parameter in template.parameters:
        if parameter.name in given:
            problems += check_parameter(parameter, given[parameter.name])
    problems += _check_id(segment_id)
    if name is not None and not 0 < len(name) <= 500:
        problems.append(Problem("bad_value", "a name has 1 to 500 characters", "/name"))
    if problems:
        raise _refused(template, problems)
    try:
        where = template.build(**values)
        return Segment(
            segment_id or template.id,
            name=name or template.name.said(language),
            description=template.about.said(language),
            where=where,
        )
    except InvalidCondition as e:
        raise _refused(template, [Problem("bad_parameter", e.message, "/parameters")]) from e


def parse_settings(template: SegmentTemplate, given: Mapping[str, str]) -> dict[str, Any]:
    """Parameters written as texts (`--set within=48h`), each read as its kind has it."""
    return {name: parse_text(template.parameter(name), text) for name, text in given.items()}


def _check_names(template: SegmentTemplate, given: Mapping[str, Any]) -> list[Problem]:
    there = ", ".join(p.name for p in template.parameters)
    unknown = [
        Problem("unknown_parameter", f"{template.id} has no parameter {name!r}: there are {there}", pointer("parameters", name))
        for name in given
        if template.parameter(name) is None
    ]
    missing = [
        Problem(
            "missing_parameter",
            f"{template.id} needs `{p.name}`, such as {p.example!r}: {p.about.en}",
            pointer("parameters", p.name),
        )
        for p in template.parameters
        if p.required and given.get(p.name) is None
    ]
    return unknown + missing


def _check_id(segment_id: str | None) -> list[Problem]:
    try:
        if segment_id is not None:
            as_id(segment_id, "segment")
    except InvalidCondition as e:
        return [Problem("bad_id", e.message, "/id")]
    return []


def _refused(template: SegmentTemplate, problems: list[Problem]) -> InvalidInput:
    msg = f"the template {template.id} can not be filled: {problems[0].message}"
    return InvalidInput(msg, problems=problems)
