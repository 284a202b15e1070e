"""Every way of a journey is gone once, by a tester made for it, on a virtual clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.simulate.trial.session import SENT, Tester, Trial
from relance.simulate.trial.shape import find_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.simulate.backtest.wanted import Wanted
    from relance.simulate.trial.shape import Way

MOST_ROUNDS = 10_000  # of a journey whose people come back again and again
_FORCED = ("branch", "split", "message")


def make_tester(n: int, traits: Mapping[str, Any] | None = None) -> Tester:
    """Somebody who can be reached on every channel."""
    name = f"tester-{n}"
    made = {"email": f"{name}@example.com", "phone": f"+3360000{n:04d}", "first_name": "Test", "last_name": f"Person {n}"}
    return Tester(name, {**made, **(traits or {})}, push_token=f"token-{name}")


def walk(
    wanted: Wanted, *, start: int, properties: Mapping[str, Any] | None = None, traits: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Send a tester along every path of a journey. Caps and quiet hours are left out: what is walked are steps.

    Args:
        wanted: the journey and what belongs to it.
        start: the instant at which its time begins.
        properties: of the event that starts it.
        traits: that all testers have, beside an address on every channel.

    Returns:
        The `paths`, each with the ways that it was to go, where its tester really went and what it got; the `coverage`; and
        whether these are `all_paths`, or as many as it takes to go every way.
    """
    body = next(d.body for d in wanted.documents if d.kind == "journey" and d.body["id"] == wanted.journey)
    paths, are_all = find_paths(body["start"], body["steps"])
    testers = [make_tester(n, traits) for n in range(1, len(paths) + 1)]
    trial = Trial(wanted, testers, start=start, checks=False)
    try:
        plans = dict(zip(trial.testers, paths, strict=True))
        for user_id, path in plans.items():
            for way in path:
                if trial.steps[way.step]["type"] in _FORCED:
                    trial.force(user_id, way.step, way.outcome)
            trial.begin(user_id, properties)
        _live(trial, plans)
        return {
            "journey": wanted.journey,
            "all_paths": are_all,
            "paths": [_tell_path(trial, user_id, path) for user_id, path in plans.items()],
            "coverage": trial.coverage(),
        }
    finally:
        trial.close()


def _live(trial: Trial, plans: Mapping[str, list[Way]]) -> None:
    """Until nobody is inside any more: whoever listens hears what it is to hear, else time passes to the next timer."""
    done: set[tuple[str, str]] = set()
    for _ in range(MOST_ROUNDS):
        inside = [p for p in trial.passages() if p["status"] == "active" and p["journey"] == trial.journey]
        if not inside:
            return
        moved = False
        for passage in inside:
            user_id, step = passage["user_id"], passage["step"]
            way = next((w for w in plans[user_id] if w.step == step), None)
            if way is None or trial.steps[step]["type"] != "listen" or (user_id, step) in done:
                continue
            done.add((user_id, step))
            if way.outcome != "timeout":
                trial.force(user_id, step, way.outcome)
                moved = True
        due = trial.next_due()
        if not moved and due is None:
            return
        if not moved and due is not None:
            trial.advance_to(max(due, trial.now))


def _tell_path(trial: Trial, user_id: str, path: list[Way]) -> dict[str, Any]:
    planned = [way.step for way in path]
    last = path[-1].to if path else None
    if last in trial.steps:  # a step that ends it
        planned.append(str(last))
    passages = [p for p in trial.passages() if p["user_id"] == user_id and p["journey"] == trial.journey]
    went = [visit["step"] for visit in passages[0]["path"]] if passages else []
    messages = trial.messages(user_id)
    return {
        "tester": user_id,
        "ways": [{"step": way.step, "outcome": way.outcome} for way in path],
        "went": went,
        "as_planned": went == planned,
        "status": passages[0]["status"] if passages else "not entered",
        "reason": passages[0]["reason"] if passages else None,
        "messages": [{k: m[k] for k in ("step", "channel", "status", "reason", "subject")} for m in messages],
        "sent": sum(m["status"] == SENT for m in messages),
    }
