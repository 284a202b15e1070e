"""Segments in conditions: each stands for its own condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.conditions import model
from relance.errors import InvalidCondition

if TYPE_CHECKING:
    from collections.abc import Mapping


def put_segments(condition: model.Condition, segments: Mapping[str, model.Condition]) -> model.Condition:
    """The condition with the conditions of segments in place of their names."""
    if isinstance(condition, model.InSegment):
        return put_segments(segments[condition.segment], segments)
    if isinstance(condition, model.Frozen):
        return put_segments(condition.spelt_out, segments)
    if isinstance(condition, model.Not):
        return model.Not(put_segments(condition.of, segments))
    if isinstance(condition, (model.All, model.AnyOf)):
        return type(condition)(tuple(put_segments(part, segments) for part in condition.of))
    return condition


def check_segments(condition: model.Condition, segments: Mapping[str, model.Condition], inside: tuple[str, ...]) -> None:
    """See that the segments that a condition names are there, and lead to no circle.

    Args:
        condition: what names them.
        segments: all there are, by their ids.
        inside: the segments on the way to it.

    Raises:
        InvalidCondition: they are not, or do.
    """
    for part in model.walk(condition):
        if not isinstance(part, model.InSegment):
            continue
        if part.segment in inside:
            msg = f"segments go round in circles: {' → '.join((*inside, part.segment))}"
            raise InvalidCondition(msg)
        if part.segment not in segments:
            msg = f"there is no segment {part.segment!r}"
            raise InvalidCondition(msg)
        check_segments(segments[part.segment], segments, (*inside, part.segment))
