"""What there is, what its page shows, and what is said of whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relance.cli.predictions.opening import Predictions


def list_(*, place: Place = HERE, json: bool = False) -> int:
    """List predictions with their states and figures.

    Exit: 0 done; 2 the store can not be read.

    Args:
        place: where the predictions are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.predictions.opening import answer

    def ask(predictions: Predictions) -> int:
        found = predictions.list()
        tell(found, "\n".join(map(_line, found["items"])) or "there are no predictions", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def show(prediction_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Show one prediction: its state, its quality, what makes people more and less likely.

    Exit: 0 done; 2 there is none, or the store can not be read.

    Args:
        prediction_id: the id of the prediction.
        place: where the predictions are.
        json: print JSON: all that its page shows.
    """
    from relance.cli.output import tell
    from relance.cli.predictions.opening import answer

    def ask(predictions: Predictions) -> int:
        found = predictions.show(prediction_id)
        tell(found, "\n".join(_page(found)), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def check(prediction_id: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Say whether the data can teach a prediction, and how many it is about now.

    Exit: 0 usable or indicative; 1 not usable; 2 there is none, or its data can not be read.

    Args:
        prediction_id: the id of the prediction.
        place: where the predictions are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.predictions.opening import answer

    def ask(predictions: Predictions) -> int:
        found = predictions.check(prediction_id)
        text = f"{found['use']}: {'; '.join(found['why'])} ({found['audience']} people in the audience now)"
        tell(found, text, as_json=json)
        return 1 if found["use"] == "not usable" else 0

    return answer(place, ask, as_json=json)


def scores(prediction_id: str, /, *, out: Path | None = None, place: Place = HERE, json: bool = False) -> int:
    """Write the scores of everybody in the audience as CSV: user_id, probability, score, category.

    Exit: 0 done; 2 there is none, it was not built, or the store can not be read.

    Args:
        prediction_id: the id of the prediction.
        out: the file to write to. Default: standard output.
        place: where the predictions are.
        json: print JSON instead.
    """
    import csv
    import io

    from relance.cli.output import tell
    from relance.cli.predictions.opening import A_PAGE, answer

    def ask(predictions: Predictions) -> int:
        page = predictions.scores(prediction_id, limit=A_PAGE, after=0)
        items, head = list(page["items"]), page
        while page["next"]:
            page = predictions.scores(prediction_id, limit=A_PAGE, after=page["next"])
            items += page["items"]
        items.sort(key=lambda item: item["user_id"])
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["user_id", "probability", "score", "category"])
        writer.writerows((i["user_id"], f"{i['probability']:.9g}", f"{i['score']:.6f}", i["category"]) for i in items)
        if out is not None:
            out.write_text(text.getvalue(), encoding="utf-8")
        told = {"prediction": prediction_id, "version": head["version"], "base_rate": head["base_rate"], "scores": items}
        tell(told, f"{len(items)} scores written to {out}" if out is not None else text.getvalue().rstrip("\n"), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def explain(prediction_id: str, /, *, user: str, place: Place = HERE, json: bool = False) -> int:
    """Say why somebody has their score: the features that moved it most.

    Exit: 0 done; 2 there is no such prediction or person, or the person has no score.

    Args:
        prediction_id: the id of the prediction.
        user: the person's user id, or anonymous id.
        place: where the predictions are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.predictions.opening import answer

    def ask(predictions: Predictions) -> int:
        found = predictions.person(prediction_id, user)
        lines = [
            f"{user}: score {found['score']:.1f} ({found['category']}), probability {found['probability']:.3f}, as of {found['scored_at']}"
        ]
        for reason in found["reasons"]:
            value = "missing" if reason["value"] is None else f"{reason['value']:.6g}"
            lines.append(f"  {reason['makes']:11} {reason['adds']:+.3f}  {reason['feature']} = {value}")
        tell(found, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def panel(
    prediction_id: str,
    /,
    *,
    from_score: float | None = None,
    to_score: float | None = None,
    category: list[str] | None = None,
    from_percentile: float | None = None,
    to_percentile: float | None = None,
    top: int | None = None,
    from_value: float | None = None,
    to_value: float | None = None,
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Say what a selection of scores comes to: how many, and how many of them are expected to act.

    Exit: 0 done; 2 there is no such prediction, it was not built, or the selection is none.

    Args:
        prediction_id: the id of the prediction.
        from_score: the lowest score, included.
        to_score: the highest score, included.
        category: low, medium or high; several are joined.
        from_percentile: how many in a hundred must score lower at least: 90 is the upper tenth.
        to_percentile: how many in a hundred may score lower at most.
        top: so many of the highest scores.
        from_value: the lowest amount that is expected, included, where a `value` is foretold.
        to_value: the highest, included.
        place: where the predictions are.
        json: print JSON.
    """
    from relance.cli.output import tell
    from relance.cli.predictions.opening import answer

    def ask(predictions: Predictions) -> int:
        found = predictions.panel(
            prediction_id,
            selection_of(from_score, to_score, category, from_percentile, to_percentile, top, from_value, to_value),
        )
        text = (
            f"{found['says']}: {found['selected']} of {found['audience']}; {found['expected_performers']:.1f} are expected to act, "
            f"{found['expected_performers_share'] or 0:.1%} of all who are"
        )
        tell(found, text, as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def selection_of(
    from_score: float | None,
    to_score: float | None,
    category: list[str] | None,
    from_percentile: float | None = None,
    to_percentile: float | None = None,
    top: int | None = None,
    from_value: float | None = None,
    to_value: float | None = None,
) -> dict[str, Any]:
    """What was asked for, as a condition has it."""
    score, percentile = _bounds(from_score, to_score), _bounds(from_percentile, to_percentile)
    value = _bounds(from_value, to_value)
    return {"score": score, "category": category, "percentile": percentile, "top": top, "value": value}


def _bounds(low: float | None, high: float | None) -> dict[str, float] | None:
    return {op: value for op, value in (("gte", low), ("lte", high)) if value is not None} or None


def _line(found: dict[str, Any]) -> str:
    quality = f"{found['quality']:.0f} {found['quality_label']}" if found["quality"] is not None else "not measured"
    built = f"{found['people']} people, quality {quality}, scored {found['scored_at']}" if found["version"] else "not built"
    run = found["run"]
    under_way = (
        f"; {run['kind']} {run['state']}: {run['stage']} {run['percent']} %"
        if run and run["state"] in ("waiting", "running")
        else ""
    )
    failed = f"; the last {run['kind']} failed: {run['message']}" if run and run["state"] == "failed" else ""
    stale = f"; stale: {found['why_stale']}" if found["stale"] else ""
    return f"{found['id']}  {found['state']}  {built}{under_way}{failed}{stale}"


def _page(found: dict[str, Any]) -> Iterator[str]:
    yield _line(found)
    if not found["version"]:
        return
    if found.get("auc") is not None:
        yield (
            f"measured at {found['measured_at']}: AUC {found['auc']:.3f}, average precision {found['average_precision']:.3f}, "
            f"Brier {found['brier']:.4f}, calibration error {found['ece']:.3f}; {found['use']}"
        )
    for name, counted in found["histogram"]["categories"].items():
        yield f"  {name:7} {counted['people']:8} people, {counted['expected']:10.1f} expected to act"
    for side, title in (("more_likely", "more likely"), ("less_likely", "less likely")):
        for factor in (found["correlations"] or {}).get(side, ())[:5]:
            yield f"  {title}: {factor['factor']}, {factor['ratio']:.2f} times the mean"
    for moved in (found["drift"] or {}).get("features", ())[:3]:
        yield f"  moved: {moved['feature']}, stability index {moved['index']:.2f}"
    for alarm in (found["drift"] or {}).get("alarm", ()):
        yield f"alarm: {alarm}"
    for note in found["notes"] or ():
        yield f"note: {note}"
