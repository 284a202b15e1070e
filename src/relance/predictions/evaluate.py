"""A prediction on a file of events: scores of everybody known at an instant, and a report of how far they can be trusted.

Trains on what was received before the instant alone. The hold-out is a whole build one window earlier, choice and
calibration included, measured on what then happened.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.clock import DAY, format_instant
from relance.errors import InvalidInput
from relance.predictions.features import FeatureBuilder
from relance.predictions.intake import read_stream
from relance.predictions.layout import choose_layout
from relance.predictions.measures import auc_interval, categories_of, category_rates, measure, scores_of
from relance.predictions.people import persons_at
from relance.predictions.study import STEPS_A_WINDOW, Study, figures_of
from relance.predictions.value import foretell_value
from relance.predictions.verdict import NothingToLearn, features_of, use_of, why_nothing
from relance.problems import Problem
from relance.warehouse.engines.duckdb_scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from relance.predictions.intake import Stream
    from relance.predictions.study import Build
    from relance.predictions.target import Target

    Floats = NDArray[np.float64]

LONGEST = 365 * DAY


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Units: microseconds since 1970; microseconds.
    """

    target: Target
    window: int
    as_of: int
    until: int | None = None  # up to where the events are complete; the outcome is measured when the window has ended by then


@dataclass(frozen=True)
class Evaluation:
    """Scores and report.

    Shape: one entry a person known at the instant, in the order of `user_id`.
    """

    user_ids: list[str]
    probability: Floats
    score: Floats
    category: list[str]
    expected_value: Floats | None
    report: dict[str, Any]

    def scores_csv(self) -> str:
        """The file of scores."""
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n")
        head = ["user_id", "probability", "score", "category"]
        out.writerow(head if self.expected_value is None else [*head, "expected_value"])
        for i, user_id in enumerate(self.user_ids):
            row = [user_id, f"{self.probability[i]:.9g}", f"{self.score[i]:.6f}", self.category[i]]
            out.writerow(row if self.expected_value is None else [*row, f"{self.expected_value[i]:.9g}"])
        return text.getvalue()


def evaluate(items: Iterable[bytes], request: Request) -> Evaluation:
    """Read events, train, score, measure.

    Args:
        items: events as JSON objects, in the order of their file.
        request: what to foretell, and as of when.

    Raises:
        InvalidInput: the window is none, or no event of this name is there.
        NothingToLearn: there is no history before the instant, nobody acted, or everybody did.
    """
    from threadpoolctl import threadpool_limits

    if not 0 < request.window <= LONGEST:
        msg = "a window is longer than nothing and at most 365 d"
        raise InvalidInput(msg, problems=[Problem("invalid_window", msg)])
    target = request.target
    value_of = target.value_of if target.value_path else None
    stream = read_stream(items, as_of=request.as_of, is_target=target.is_met_by, value_of=value_of)
    _check(stream, request)
    history = stream.history
    layout = choose_layout(history, target_names=frozenset({target.event}), window=request.window)
    with Scratch() as scratch, threadpool_limits(1):  # more threads would add up in another order
        builder = FeatureBuilder(
            scratch, history, first_at=stream.people.first_known_at[: stream.n_subjects],
            merges=stream.people.merges[: stream.n_merges], layout=layout, window=request.window,
        )  # fmt: skip
        study = Study(builder, request.as_of, min(history.at))
        build = study.build(0)
        if build is None:
            raise NothingToLearn(why_nothing(request.as_of - study.start, request.window))
        held = study.build(STEPS_A_WINDOW)
        values = foretell_value(study) if value_of else None
        report = _report(request, stream, build, layout.notes)
        if held is not None:
            happened = study.outcomes(STEPS_A_WINDOW).happened
            report["holdout"] = {
                "at": format_instant(held.snapshot.cutoff),
                **_measured(happened, held),
                "model": "+".join(held.chosen),
            }
        report["features"] = features_of(build, builder.names)
    base = float(build.probability.mean())
    scores = scores_of(build.probability, base)
    future = None
    if request.until is not None and request.until >= request.as_of + request.window:
        happened, spent = _outcomes(stream, request, build.snapshot.person)
        future = {"at": format_instant(request.as_of), **_measured(happened, build)}
        if values is not None:
            future["value"] = {"predicted": float(values.expected.sum()), "actual": float(spent.sum()),
                               "ratio": float(values.expected.sum() / spent.sum()) if spent.sum() else None}  # fmt: skip
    report["future"] = future
    if values is not None:
        report["value"] = values.report
    # the figures of the hold-out at the top, as a table of predictions shows them
    report.update({k: (report.get("holdout") or {}).get(k) for k in _TOP})
    report["base_rate"] = base
    order = sorted(range(len(base_ids := [stream.people.user_ids[p] for p in build.snapshot.person])), key=base_ids.__getitem__)
    return Evaluation(
        [base_ids[i] for i in order], build.probability[order], scores[order], categories_of(scores[order]),
        values.expected[order] if values is not None else None, report,
    )  # fmt: skip


_TOP = ("auc", "average_precision", "brier", "ece", "lift_by_decile", "quality", "quality_label")


def write_evaluation(evaluation: Evaluation, out: Path) -> None:
    """Effects: writes scores.csv and report.json into a folder, which is made where there is none."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "scores.csv").write_text(evaluation.scores_csv(), encoding="utf-8")
    text = json.dumps(evaluation.report, indent=1, ensure_ascii=False, allow_nan=False)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")


def _check(stream: Stream, request: Request) -> None:
    columns, event = stream.history, request.target.event
    if not columns.at:
        msg = f"nothing was received before {format_instant(request.as_of)}: there is no history to learn from"
        raise NothingToLearn(msg)
    names = sorted({*columns.name, *stream.later.name})
    if event not in names:
        near = get_close_matches(event, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"the events are: {', '.join(names[:20])}"
        msg = f"no event is called {event!r}; {hint}"
        raise InvalidInput(msg, problems=[Problem("unknown_event", msg)])
    if not any(columns.target):
        msg = f"nobody did {event!r} as described before {format_instant(request.as_of)}: there is one class only, and nothing to learn"
        raise NothingToLearn(msg)


def _report(request: Request, stream: Stream, build: Build, notes: Sequence[str]) -> dict[str, Any]:
    told = list(notes)
    if stream.told_later:
        told.append(
            "most events were received more than a day after they happened: their timestamps are taken for the times they were known"
        )
    if stream.rejected:
        told.append(f"{stream.rejected} items are no events and were left out")
    return {
        "target": request.target.event, "window_days": request.window / DAY, "as_of": format_instant(request.as_of),
        "people": len(build.probability), "events": len(stream.history.at), "use": use_of(build.n_positives),
        "chosen_model": "+".join(build.chosen), "training": figures_of(build),
        "validated_at": [format_instant(c) for c in build.validations], "notes": told, "holdout": None,
    }  # fmt: skip


def _measured(happened: NDArray[np.bool_], build: Build) -> dict[str, Any]:
    figures = measure(happened, build.probability)
    if figures["auc"] is not None:
        figures["auc_interval"] = auc_interval(figures["auc"], figures["positives"], figures["people"] - figures["positives"])
    return {**figures, "categories": category_rates(happened, build.probability, float(build.probability.mean()))}


def _outcomes(stream: Stream, request: Request, persons: NDArray[np.int64]) -> tuple[NDArray[np.bool_], Floats]:
    """Who did it in the window after the instant, by whichever id they were known then."""
    n = len(stream.people.user_ids)
    stands = persons_at(n, stream.people.merges, 1 << 62) or list(range(n))
    did = np.zeros(n, bool)
    spent = np.zeros(n)
    until = request.as_of + request.window
    for columns in (stream.history, stream.later):
        for subject, at, target, value in zip(columns.subject, columns.at, columns.target, columns.value, strict=True):
            if target and request.as_of <= at < until:
                did[stands[subject]] = True
                spent[stands[subject]] += value
    ended = np.asarray(stands, np.int64)[persons]
    return did[ended], spent[ended]
