"""Whether an installation's data can teach a prediction, before anything is built (SEMANTICS 37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.clock import DAY, format_instant
from relance.conditions.read import parse_condition
from relance.predictions.verdict import INDICATIVE, USABLE, use_of
from relance.segments.judge import make_compiler
from relance.store import load_queries

if TYPE_CHECKING:
    from relance.predictions.live.definition import Prediction
    from relance.warehouse.base import ReadableWarehouse
    from relance.workspace import Workspace

WINDOWS = 4  # of the past that are counted
LEAST = 10
_sql = load_queries("relance.predictions.live", "gather.sql")


def check_data(warehouse: ReadableWarehouse, workspace: Workspace, prediction: Prediction, now: int) -> dict[str, Any]:
    """`use` (usable, indicative, not usable) with why, the size of the audience now, and who acted in the last windows."""
    compiler = make_compiler(workspace)
    everybody: dict[str, Any] = {"type": "all", "of": []}
    audience = dict(prediction.audience) if prediction.audience is not None else everybody
    asked = parse_condition(audience)
    size = warehouse.count(compiler.compile(asked), now)
    begun = warehouse.read_table(_sql["begun"].format(as_of=now))["at"][0].as_py()
    history = max(now - begun, 0) if begun else 0
    acted = []
    yes = prediction.goal.conditions(prediction.window_text)
    for n in range(WINDOWS):
        at = now - n * prediction.window
        if not begun or at - prediction.window < begun:
            break
        seq = warehouse.seq_known_at(at) if n else None
        both = compiler.compile(parse_condition({"type": "all", "of": [audience, yes]}))
        acted.append(
            {
                "until": format_instant(at),
                "people": warehouse.count(compiler.compile(asked), at, seq),
                "acted": warehouse.count(both, at, seq),
            }
        )
    use, why, reason = _judge(history, prediction, acted)
    return {
        "use": use, "why": why, "reason": reason, "audience": size, "history_days": history / DAY, "window_days": prediction.window / DAY, "windows": acted,
        "as_of": format_instant(now),
    }  # fmt: skip


def _judge(history: int, prediction: Prediction, windows: list[dict[str, Any]]) -> tuple[str, list[str], dict[str, Any]]:
    """How far it can be used, why in a sentence, and the same as a code with its figures, for screens in other languages."""
    days, window = history / DAY, prediction.window / DAY
    if not history:
        return "not usable", ["there are no events yet: there is no history to learn from"], {"code": "no_events"}
    if days < 2 * window:
        shorter = "take a shorter window, or import more of the past"
        return (
            "not usable",
            [f"the history is {days:.0f} days long; a window of {window:g} days needs at least {2 * window:g}: {shorter}"],
            {"code": "short_history", "days": int(days), "needed": 2 * window},
        )
    acted, others = sum(w["acted"] for w in windows), sum(w["people"] - w["acted"] for w in windows)
    looked = f"in the last {len(windows)} windows" if len(windows) > 1 else "in the last window"
    if acted < LEAST:
        few = f"{acted} acted {looked}; at least {LEAST} must: take a longer window or a more frequent event"
        return "not usable", [few], {"code": "few_acted", "acted": acted, "needed": LEAST, "windows": len(windows)}
    if others < LEAST:
        return (
            "not usable",
            [f"all but {others} acted {looked}: there is nothing to tell apart; narrow the event or the window"],
            {"code": "few_others", "others": others, "windows": len(windows)},
        )
    least = min(acted, others)
    use = use_of(least)
    figures = {"acted": acted, "others": others, "windows": len(windows)}
    if use == "usable":
        return use, [f"{acted} acted and {others} did not {looked}"], {"code": "enough", **figures}
    verb = "acted" if least == acted else "did not act"
    return (
        use,
        [f"{least} {verb} {looked}: from {USABLE} on scores are usable, from {INDICATIVE} on they show a direction"],
        {
            "code": "some",
            **figures,
            "usable": USABLE,
        },
    )
