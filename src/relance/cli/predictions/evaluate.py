"""`relance predictions evaluate`: a prediction on a file of events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relance.imports import Mapping
    from relance.predictions.evaluate import Evaluation


def evaluate(
    *,
    events: Path,
    target: str,
    window: str,
    as_of: str,
    out: Path,
    until: str | None = None,
    mapping: Path | None = None,
    where: list[str] | None = None,
    value: str | None = None,
    json: bool = False,
) -> int:
    """Train on a file of events as of an instant, score everybody known then, and measure.

    Only what was received before the instant is learnt from. Writes scores.csv (user_id, probability, score, category)
    and report.json into a folder; the figures are of a hold-out before the instant, and of the window after it where
    --until covers that.

    Exit: 0 done; 1 the history does not hold what is needed, and nothing was trained; 2 bad input.

    Args:
        events: .jsonl .csv .parquet, packed by gzip or not.
        target: the event to foretell, such as "Order Completed".
        window: how far ahead: 30d.
        as_of: the instant to look from: 2026-03-01T00:00:00Z.
        out: the folder to write to.
        until: up to where the events are complete; when the window has ended by then its outcome is measured.
        mapping: which columns make which parts of an event (as for `import`); not needed where the file has Segment's names.
        where: a clause on the event's properties, as in a condition: '{path: total, op: gt, value: 50}'. Several are AND-ed.
        value: the property whose sum over the window is foretold as well, such as total.
        json: print the report as JSON.
    """
    from relance.cli.output import fail, tell
    from relance.clock import parse_duration, parse_instant
    from relance.errors import InvalidInput, RelanceError, UserError
    from relance.imports import load_mapping

    at, end, length = parse_instant(as_of), parse_instant(until), parse_duration(window)
    problems = [
        f"--{name} {text!r} is no instant: write it as 2026-03-01T00:00:00Z"
        for name, text, instant in (("as-of", as_of, at), ("until", until, end))
        if text is not None and instant is None
    ]
    if length is None or not window[:1].isdigit():
        problems.append(f"--window {window!r} is no length of time: write it as 30d")
    if not events.is_file():
        problems.append(f"--events: there is no file {events}")
    clauses = _clauses(where or [], problems)
    if problems or at is None or length is None:
        return fail(problems, as_json=json)
    try:
        from relance.predictions.evaluate import Request, write_evaluation
        from relance.predictions.evaluate import evaluate as run
        from relance.predictions.target import parse_target

        asked = Request(parse_target(target, clauses, value), length, at, end)
        done = run(_items(events, load_mapping(mapping) if mapping else None), asked)
        write_evaluation(done, out)
    except InvalidInput as e:
        return fail([p if isinstance(p, str) else str(p.message) for p in e.problems] or [e.message], as_json=json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=json, code=2 if isinstance(e, UserError | OSError) else 1)
    tell(done.report, "\n".join(_lines(done, out)), as_json=json)
    return 0


def _items(file: Path, mapping: Mapping | None) -> Iterator[bytes]:
    """The events of a file, each as a JSON object."""
    from tempfile import TemporaryDirectory

    from relance.imports import convert

    with TemporaryDirectory(prefix="relance-") as folder:
        lines = Path(folder) / "events.jsonl"
        convert([file], mapping, lines)
        with lines.open("rb") as made:
            yield from made


def _clauses(texts: Sequence[str], problems: list[str]) -> list[Any]:
    import yaml

    found: list[Any] = []
    for text in texts:
        try:
            read = yaml.safe_load(text)
        except yaml.YAMLError:
            read = None
        if not isinstance(read, dict | list):
            problems.append(f"--where {text!r} is no clause: write it as '{{path: total, op: gt, value: 50}}'")
            continue
        found += read if isinstance(read, list) else [read]
    return found


def _lines(done: Evaluation, out: Path) -> Iterator[str]:
    report = done.report
    yield f"{report['people']} people scored by {report['chosen_model']}, {report['use']}; written to {out}"
    for name in ("holdout", "future"):
        measured = report.get(name)
        if measured and measured["auc"] is not None:
            yield (
                f"{name:8} at {measured['at'][:10]}: AUC {measured['auc']:.3f}, average precision {measured['average_precision']:.3f}, "
                f"Brier {measured['brier']:.4f}, calibration error {measured['ece']:.3f}, {measured['quality_label']} "
                f"({measured['mean_probability']:.3f} said, {measured['base_rate']:.3f} seen)"
            )
    if "value" in report:
        value = report["value"]
        held = value["holdout"]
        yield f"value: {value['predicted_total']:.2f} expected by {value['chosen_model']}" + (
            f"; hold-out predicted : actual {held['ratio']:.2f}" if held else ""
        )
    for note in report["notes"]:
        yield f"note: {note}"
