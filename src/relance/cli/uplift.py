"""`relance uplift`: whom a treatment moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

uplift = App(name="uplift", help="Whom a treatment moves, by a randomised experiment.", result_action="return_value")


@uplift.command
def evaluate(
    *,
    table: Path,
    treatment: str,
    outcome: str,
    treated: str | None = None,
    control: str | None = None,
    ignore: list[str] | None = None,
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Say whether customers differ in what a treatment does to them, and who is moved most.

    The table has one row a person of a randomised experiment. Learners are compared on people that they have not seen;
    where the interval of the figure covers zero, the answer is: no detectable difference between customers.

    Exit: 0 done; 1 the treated were not drawn at random, and nothing is said; 2 bad input.

    Args:
        table: .csv or .parquet, packed by gzip or not.
        treatment: the column that says who was treated: 0 and 1, or with --treated and --control any values.
        outcome: the column of what came of it: yes or no, or an amount.
        treated: the value of the treatment column that means treated.
        control: the value that means not treated; rows with other values are left out.
        ignore: a column that is no feature, such as another outcome. May be given several times.
        out: a folder to write report.json and uplift.csv into.
        json: print the report as JSON.
    """
    from relance.cli.output import fail, tell
    from relance.errors import InvalidInput, RelanceError

    if not table.is_file():
        return fail([f"--table: there is no file {table}"], as_json=json)
    try:
        from relance.predictions.uplift.evaluate import evaluate_uplift, write_uplift
        from relance.predictions.uplift.table import read_columns, read_experiment

        read = read_experiment(
            read_columns(table), treatment=treatment, outcome=outcome, treated=treated, control=control, ignore=ignore or []
        )
        if not read.drawn:
            message = (
                "the treated differ from the others in what was known before: this was no random draw, so no uplift can be told"
            )
            return fail([message, *read.notes], as_json=json, code=1)
        done = evaluate_uplift(read)
        if out is not None:
            write_uplift(done, out)
    except InvalidInput as e:
        return fail([p if isinstance(p, str) else str(p.message) for p in e.problems] or [e.message], as_json=json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=json, code=1)
    tell(done.report, "\n".join(_lines(done.report)), as_json=json)
    return 0


def _lines(report: dict[str, Any]) -> Iterator[str]:
    effect = report["effect"]
    yield f"{report['people']} people, {report['treated']} treated: {effect['treated']:.4f} against {effect['control']:.4f}"
    low, high = report["interval"]
    chosen = f" ({report['chosen']})" if report["chosen"] else ""
    yield f"{report['verdict']}{chosen}: Qini x 1000 per treated {report['qini_x1000']:.1f}, between {low:.1f} and {high:.1f}"
    for name, figures in sorted(report["learners"].items(), key=lambda p: -p[1]["qini_x1000"]):
        yield f"  {name:14} {figures['qini_x1000']:6.1f}"
    for note in report["notes"]:
        yield f"note: {note}"
