"""Have a prediction built or scored anew, and make something of its scores."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

from relance.cli.place import HERE, Place
from relance.cli.predictions.look import selection_of

if TYPE_CHECKING:
    from relance.cli.predictions.opening import Predictions


def build(prediction_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Build a prediction now: learn from the past, measure, and score everybody in its audience.

    Exit: 0 done; 1 it failed and says why, the last good model serves on; 2 there is no such prediction, or it can not be built.

    Args:
        prediction_id: the id of the prediction.
        place: where the predictions are.
        json: print JSON.
    """
    return _run(prediction_id, "build", place, as_json=json)


def rescore(prediction_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Score everybody anew with the model that serves.

    Exit: 0 done; 1 it failed and says why; 2 there is no such prediction, or it was not built.

    Args:
        prediction_id: the id of the prediction.
        place: where the predictions are.
        json: print JSON.
    """
    return _run(prediction_id, "rescore", place, as_json=json)


def cancel(prediction_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Take back a build or a rescoring that waits or is under way.

    Exit: 0 done; 2 there is no such prediction, or nothing is under way.

    Args:
        prediction_id: the id of the prediction.
        place: where the predictions are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.predictions.opening import answer

    def ask(predictions: Predictions) -> int:
        found = predictions.cancel(prediction_id)
        tell(found, f"took back {found['kind']} {found['run']}", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def target(
    prediction_id: str,
    /,
    *,
    create: Literal["segment", "campaign"],
    from_score: float | None = None,
    to_score: float | None = None,
    category: list[str] | None = None,
    from_percentile: float | None = None,
    to_percentile: float | None = None,
    top: int | None = None,
    from_value: float | None = None,
    to_value: float | None = None,
    id: str | None = None,  # noqa: A002 - the option is called so
    name: str | None = None,
    template: str | None = None,
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Make a segment or a campaign of a selection of scores, and publish it.

    A preview and a demo can be looked at, not targeted.

    Exit: 0 done; 2 it can not be targeted, the selection is none, or there is no such prediction.

    Args:
        prediction_id: the id of the prediction.
        create: what to make.
        from_score: the lowest score, included.
        to_score: the highest score, included.
        category: low, medium or high; several are joined.
        from_percentile: how many in a hundred must score lower at least: 90 is the upper tenth.
        to_percentile: how many in a hundred may score lower at most.
        top: so many of the highest scores.
        from_value: the lowest amount that is expected, included, where a `value` is foretold.
        to_value: the highest, included.
        id: of what is made. Default: named after the selection.
        name: what people call it.
        template: of the campaign. Default: a draft to be written.
        place: where the predictions are.
        json: print JSON.
    """
    from relance.cli.output import note, tell
    from relance.cli.predictions.opening import answer

    def ask(predictions: Predictions) -> int:
        asked: dict[str, Any] = {
            **selection_of(from_score, to_score, category, from_percentile, to_percentile, top, from_value, to_value),
            "create": create,
        }
        asked |= {key: value for key, value in (("id", id), ("name", name), ("template", template)) if value is not None}
        made = predictions.target(prediction_id, asked)
        for warning in made["warnings"]:
            note(f"warning: {warning['message']}")
        tell(made, f"made the {made['created']} {made['id']}", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def _run(prediction_id: str, kind: str, place: Place, *, as_json: bool) -> int:
    from relance.cli.output import tell
    from relance.cli.predictions.opening import answer

    def show_progress(run: dict[str, Any]) -> None:
        if not as_json and sys.stderr.isatty():
            sys.stderr.write(f"\r{run['stage']:12} {int(run['percent']):3} %")

    def ask(predictions: Predictions) -> int:
        done = predictions.run(prediction_id, kind, show_progress)
        found = predictions.show(prediction_id) if done["state"] == "done" else {}
        text = f"{kind} {done['state']}" + (f": {done['message']}" if done["message"] else "")
        if found:
            text += f": {found['people']} people scored by version {found['version']}, {found['use']}"
        tell({**done, "version": found.get("version"), "use": found.get("use")}, text, as_json=as_json)
        return 0 if done["state"] == "done" else 1

    return answer(place, ask, as_json=as_json)
