"""`relance report` and `relance passages`: the figures of a journey or campaign, and the people behind them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.looks import Looks

A_PAGE = 10_000
_OUTCOMES = ("sent", "expired", "waiting", "delivered", "opened", "clicked", "replied", "bounced", "complained", "unsubscribed")


def report(
    name: str,
    /,
    *,
    at: str | None = None,
    language: Literal["en", "fr"] = "en",
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Show the figures of a journey or campaign: who entered and where they went, messages, goals, conversions, and what it brought.

    Exit: 0 done; 2 there is no such journey, or the store can not be read.

    Args:
        name: the id of a journey, or campaign:ID.
        at: as it stood at an instant: 2026-03-01T09:00:00Z. Default: now.
        language: of the sentences: en or fr.
        place: where the data are.
        json: print JSON, with every version.
    """
    from relance.cli.asking import source_of
    from relance.cli.looks import answer
    from relance.cli.output import tell

    def ask(looks: Looks) -> int:
        found = looks.report(source_of(name), at=at, language=language)
        tell(found, "\n".join(_lines(found)), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def passages(
    name: str,
    /,
    *,
    step: str = "",
    state: Literal["", "inside", "left", "active", "finished", "exited", "failed", "suppressed"] = "",
    way: str = "",
    reason: str = "",
    version: int | None = None,
    out: Path | None = None,
    format: Literal["csv", "parquet"] = "csv",  # noqa: A002 - the name of the option
    bom: bool = False,
    place: Place = HERE,
    json: bool = False,
) -> int:
    """List the people behind a figure of a report, or write them to a file.

    Exit: 0 done; 2 there is no such journey or step, or the store can not be read.

    Args:
        name: the id of a journey, or campaign:ID.
        step: each visit of this step. Without one: each passage.
        state: of a step inside or left; of passages active, finished, exited, failed or suppressed.
        way: who left the step for this one, for end, or for this reason.
        reason: why the passage ended, or the start did not happen.
        version: of this version alone.
        out: write a file; `-` is standard output. It is there whole, or not at all.
        format: csv or parquet.
        bom: begin CSV with the mark by which Excel knows UTF-8.
        place: where the data are.
        json: print JSON.
    """
    from relance.cli.asking import source_of
    from relance.cli.looks import answer
    from relance.cli.output import tell
    from relance.cli.segment.export import whole_file

    chosen = {"step": step, "state": state, "way": way, "reason": reason, "version": version}

    def write(looks: Looks, file: Path) -> int:
        with whole_file(file) as opened:
            rows = looks.export(source_of(name), opened, form=format, bom=bom, **chosen)
        if str(file) != "-":
            tell({"rows": rows, "file": str(file)}, f"wrote {rows} rows to {file}", as_json=json)
        return 0

    def show(looks: Looks) -> int:
        if out is not None:
            return write(looks, out)
        items: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            page = looks.passages(source_of(name), limit=A_PAGE, after=after, **chosen)
            items += page["items"]
            after = page["next"]
        tell({"source": source_of(name), "items": items}, "\n".join(map(_person, items)) or "nobody", as_json=json)
        return 0

    return answer(place, show, as_json=json)


def _person(one: dict[str, Any]) -> str:
    where = f"{one['step'] or '-'} {one['step_at'] or one['entered_at']}"
    went = (
        f"-> {one['left_to']} {one['left_at']}"
        if one["left_to"]
        else f"{one['status']}{' ' + one['reason'] if one['reason'] else ''}"
    )
    return f"{one['user_id']}  {where}  {went}"


def _lines(found: dict[str, Any]) -> list[str]:
    exited = "".join(f", {n} left by {reason}" for reason, n in found["exited"].items())
    lines = [
        f"{found['kind']}:{found['id']}, version {found['version']}, {found['state']}",
        f"{found['entered']} entered: {found['inside']} inside, {found['finished']} finished{exited}, {found['failed']} failed",
    ]
    if found["suppressed"]:
        lines.append(f"{found['suppressed']} starts did not happen: {_counts(found['suppressed_by'])}")
    for step, figures in found["steps"].items():
        lines.append(
            f"  {step}: {figures['entered']} entered, {figures['inside']} inside, left for {_counts(figures['left']) or 'nothing'}"
        )
        for channel, told in found["messages"].get(step, {}).items():
            shown = [f"{told[name]} {name}" for name in _OUTCOMES if told[name]]
            shown += [f"{n} {kind} ({reason})" for kind in ("blocked", "failed") for reason, n in told[kind].items()]
            lines.append(f"    {channel}: {', '.join(shown) or 'nothing yet'}")
    for goal in found["goals"]:
        name = goal.get("event") or goal.get("segment_entered") or goal.get("segment_left")
        lines.append(f"goal {name}: {goal['reached']} of {goal['entered']}{_share(goal['percent'])}{_target(goal)}")
    if found.get("holdout"):
        lines.append(found["holdout"]["sentence"])
    for conversion in found.get("conversions", ()):
        sent = conversion["sent"]
        lines.append(f"conversion {conversion['event']}: {sent['reached']} of {sent['people']}{_share(sent['percent'])}")
        if conversion["control"]:
            lines.append(f"  {conversion['control']['sentence']}")
    return lines


def _counts(figures: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in figures.items())


def _share(percent: dict[str, float] | None) -> str:
    return "" if percent is None else f" ({percent['value']:.1f} %, {percent['low']:.1f} to {percent['high']:.1f})"


def _target(goal: dict[str, Any]) -> str:
    target = f"{goal['target_percent']} %" if goal.get("target_percent") is not None else goal.get("target_count")
    if target is None or goal["met"] is None:
        return ""
    return f"; target {target} {'met' if goal['met'] else 'not met'}{'' if goal['certain'] else ', not certain yet'}"
