"""A build and a rescoring, once everything is gathered: no warehouse, no store, no clock."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY, format_instant
from relance.predictions.features import FeatureBuilder
from relance.predictions.fitted import with_repeat
from relance.predictions.layout import choose_layout
from relance.predictions.live.columns import PartColumns, are_told_later
from relance.predictions.live.correlations import correlations_of
from relance.predictions.live.model import Model
from relance.predictions.live.next_event import days_to_next
from relance.predictions.live.spread import choose_edges, count_spread, rows_watched
from relance.predictions.measures import auc_interval, category_rates, measure
from relance.predictions.study import STEPS_A_WINDOW, Build, Study, figures_of
from relance.predictions.value import foretell_value
from relance.predictions.verdict import NothingToLearn, features_of, use_of, why_nothing
from relance.warehouse.engines.duckdb_scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from relance.predictions.features import Snapshot
    from relance.predictions.live.definition import Goal
    from relance.predictions.live.gather import Part

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


A_BLOCK = 4_096  # people whose features the models read at once: what fits beside a processor is read fastest


@dataclass(frozen=True)
class Lesson:
    """What is to be learnt from."""

    goal: Goal
    window: int
    as_of: int
    start: int  # of all events
    part: Part
    audience: Mapping[int, Ints] | None = None  # profiles by cut-off; everybody if none


@dataclass(frozen=True)
class Learnt:
    """A model and what can be said of it."""

    model: Model
    report: dict[str, Any]
    data_digest: str


@dataclass
class Scored:
    """Chances of some people.

    Shape: one entry a person, in the order of `ids`.
    """

    ids: Ints
    probability: Floats
    value: Floats | None = None  # the amounts that are expected, where such are foretold
    next_in: Floats | None = None  # days until the next event, not a number where that can not be told
    spread: Ints | None = None  # of the features that are watched, as `spread.count_spread` tells


def learn(lesson: Lesson, tell: Callable[[str, float], None]) -> Learnt:
    """Learn from a sample.

    Args:
        lesson: what to learn from.
        tell: told the stage and the share of it that is done.

    Raises:
        NothingToLearn: the history does not hold what is needed.
    """
    from threadpoolctl import threadpool_limits

    part, as_of = lesson.part, lesson.as_of
    if not part.events.num_rows:
        msg = f"nothing was received before {format_instant(as_of)}: there is no history to learn from"
        raise NothingToLearn(msg)
    told_later = are_told_later(part)
    columns = PartColumns(part, lesson.goal, told_later)
    if not (columns.masks != 0).any():
        msg = f"nobody did {' or '.join(sorted(lesson.goal.names))} as described: there is one class only, and nothing to learn"
        raise NothingToLearn(msg)
    lists = columns.as_lists()
    layout = choose_layout(lists, target_names=lesson.goal.names, window=lesson.window)
    tell("features", 0.1)
    audience = None
    if lesson.audience is not None:
        audience = {c: np.searchsorted(columns.ids, np.intersect1d(who, columns.ids)) for c, who in lesson.audience.items()}
    columns = replace(columns, keys=frozenset(t.key for t in layout.traits))
    with Scratch() as scratch, threadpool_limits(1):
        builder = FeatureBuilder(
            scratch, columns, first_at=columns.first_at, merges=(), layout=layout, window=lesson.window,
            rule=lesson.goal.rule, audience=audience,
        )  # fmt: skip
        study = Study(builder, as_of, lesson.start)
        tell("learning", 0.2)
        build = study.build(0)
        if build is None:
            raise NothingToLearn(why_nothing(as_of - lesson.start, lesson.window))
        tell("measuring", 0.8)
        held = study.build(STEPS_A_WINDOW)
        model = Model(
            layout, tuple(builder.windows), lesson.window, told_later, build.fitted, study.repeat_models[0], build.chosen,
            build.slope, build.shift, build.level, weights=build.weights,
        )  # fmt: skip
        report = _report(lesson, build, layout.notes, told_later=told_later)
        watched = with_repeat(build.snapshot.matrix, study.repeat(0))[:, build.fitted.usable]
        model = replace(model, edges=choose_edges(build.fitted.names, watched, build.gains))
        if lesson.goal.value_path:
            tell("amounts", 0.9)
            values = foretell_value(study)
            model, report["value"] = replace(model, values=values.model), values.report
        report["features"] = features_of(build, builder.names)
        if held is not None:
            happened = study.outcomes(STEPS_A_WINDOW).happened
            report["holdout"] = {
                "at": format_instant(held.snapshot.cutoff), **_measured(happened, held), "model": "+".join(held.chosen),
            }  # fmt: skip
        report["correlations"] = correlations_of(build.snapshot, build.probability, builder.names)
    return Learnt(model, report, _digest(part, lesson))


def score(model: Model, goal: Goal, part: Part, as_of: int) -> Scored:
    """The chances of the people of one part, as of an instant."""
    from threadpoolctl import threadpool_limits

    with Scratch() as scratch, threadpool_limits(1):
        builder = builder_of(scratch, model, goal, part)
        snapshot = builder.snapshot(as_of)
        watched = snapshot.only(rows_watched(len(snapshot.person)))
        matrix = with_repeat(watched.matrix, model.repeat_odds(watched))[:, model.fitted.usable]
        spread = count_spread(model.edges, model.fitted.names, matrix)
        ids = part.people["profile_id"].to_numpy()[snapshot.person]
        found = Scored(ids, np.zeros(len(ids)), None if model.values is None else np.zeros(len(ids)), None, spread)
        next_in = []
        for start in range(0, len(ids), A_BLOCK):
            rows = slice(start, start + A_BLOCK)
            some = snapshot.only(rows)
            found.probability[rows] = model.probability(some)
            if found.value is not None and model.values is not None:
                found.value[rows] = model.values.amounts(some, found.probability[rows])
            if (told := _next_in(model, goal, some, builder.names)) is not None:
                next_in.append(told)
        found.next_in = np.concatenate(next_in) if next_in else None
        return found


def _next_in(model: Model, goal: Goal, snapshot: Snapshot, names: Sequence[str]) -> Floats | None:
    """Days to the next event, where one event that people do again and again is foretold."""
    if not goal.rule.is_plain or model.repeat is None or not len(snapshot.person):
        return None
    return days_to_next(snapshot, names, model.repeat)


def builder_of(scratch: Scratch, model: Model, goal: Goal, part: Part) -> FeatureBuilder:
    """What makes the features that a model reads."""
    columns = PartColumns(part, goal, model.told_later, frozenset(t.key for t in model.layout.traits))
    return FeatureBuilder(
        scratch, columns, first_at=columns.first_at, merges=(), layout=model.layout, window=model.window,
        windows=model.windows, rule=goal.rule,
    )  # fmt: skip


def names_with_properties(model: Model, goal: Goal) -> frozenset[str]:
    """The events whose properties are read."""
    found = {p.name for p in model.layout.properties if p.name is not None} | goal.reads_properties
    return frozenset(found | goal.names) if any(p.name is None for p in model.layout.properties) else frozenset(found)


def _report(lesson: Lesson, build: Build, notes: tuple[str, ...], *, told_later: bool) -> dict[str, Any]:
    told = list(notes)
    if told_later:
        told.append(
            "most events were received more than a day after they happened: their timestamps are taken for the times they were known"
        )
    return {
        "as_of": format_instant(lesson.as_of), "window_days": lesson.window / DAY, "people": len(build.probability),
        "events": lesson.part.events.num_rows, "use": use_of(build.n_positives), "chosen_model": "+".join(build.chosen),
        "training": figures_of(build), "validated_at": [format_instant(c) for c in build.validations], "notes": told, "holdout": None,
    }  # fmt: skip


def _measured(happened: NDArray[np.bool_], build: Build) -> dict[str, Any]:
    figures = measure(happened, build.probability)
    if figures["auc"] is not None:
        figures["auc_interval"] = auc_interval(figures["auc"], figures["positives"], figures["people"] - figures["positives"])
    figures["categories"] = category_rates(happened, build.probability, float(build.probability.mean()))
    return figures


def _digest(part: Part, lesson: Lesson) -> str:
    """What two builds from the same data share."""
    found = hashlib.sha256(f"{lesson.as_of} {lesson.window}".encode())
    for table, by in (
        (part.people, ("profile_id",)),
        (part.events, ("profile_id", "seq")),
        (part.traits, ("profile_id", "seq")),
    ):
        order = np.lexsort([table[name].to_numpy() for name in reversed(by)])
        for name in table.column_names:
            column = table[name].take(order)
            if column.type == "string":
                found.update("\0".join(column.to_pylist()).encode())
            else:
                found.update(column.to_numpy().tobytes())
    return found.hexdigest()[:16]
