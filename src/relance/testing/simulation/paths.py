"""Whether each passage went a way that its journey allows, and stayed at each step as long as it says."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration

if TYPE_CHECKING:
    from relance.testing.simulation.claims import Found

END = "end"


def check_paths(rows: dict[str, list[Any]]) -> Found:
    """By the definitions as they were published."""
    bodies = {v["id"]: json.loads(v["body"]) for v in rows["versions"]}
    paths: dict[int, list[Any]] = defaultdict(list)
    for p in rows["path"]:
        paths[p["id"]].append(p)
    found: Found = []
    for e in rows["passages"]:
        body = bodies[e["version"]]
        path = paths.pop(e["id"], [])
        if e["status"] == 4:
            if path:
                found.append(("a passage that never began has a way", str(e)))
            continue
        found += [
            ("a way that the journey does not have", f"passage {e['id']} of {e['source']}: {what}")
            for what in _check_path(e, path, body)
        ]
    found += [("a way of nobody", str(i)) for i in paths]
    return found


def _check_path(e: Any, path: list[Any], body: Any) -> list[str]:
    if "steps" not in body:  # a campaign has one step
        return [] if [p["visit"] for p in path] == [1] else [f"{path}"]
    names = list(body["steps"])
    if [p["visit"] for p in path] != list(range(1, len(path) + 1)):
        return [f"visits {[p['visit'] for p in path]}"]
    if not path or names[path[0]["step"]] != body["start"]:
        return [f"it begins at {path[:1]}"]
    wrong = []
    for here, there in pairwise(path):
        step = body["steps"][names[here["step"]]]
        wrong += _check_move(names[here["step"]], step, here, names[there["step"]], there["cause"], there["at"])
    last = body["steps"][names[path[-1]["step"]]]
    if e["status"] == 0 and (e["step"], e["visit"]) != (path[-1]["step"], path[-1]["visit"]):
        wrong.append(f"it stands at {e['step']} (visit {e['visit']}), the last step entered is {path[-1]}")
    if e["status"] == 1 and END not in _targets(last).values() and not any(END in t for t in _all_targets(last)):
        wrong.append(f"it finished at {names[path[-1]['step']]}, which leads on")
    if e["status"] == 1 and last["type"] == "wait" and "for" in last:
        wrong += _check_wait(names[path[-1]["step"]], last, path[-1]["at"], e["ended_at"])
    return wrong


def _targets(step: Any) -> dict[str, str]:
    """By the cause, where there is one way for it."""
    after = step.get("next", END)
    kinds: dict[str, dict[str, str]] = {
        "wait": {"waited": after},
        "listen": {"timeout": step.get("on_timeout", END)},
        "branch": {"otherwise": step.get("otherwise", END)},
        "message": {"next": after, "blocked": step.get("on_blocked", after), "failed": step.get("on_failed", after)},
    }
    return kinds.get(step["type"], {"next": after})


def _all_targets(step: Any) -> list[set[str]]:
    ways = (
        [part["next"] for part in [*step.get("for", ()), *step.get("when", ())] if isinstance(part, dict)]
        if step["type"] in {"listen", "branch"}
        else []
    )
    return [set(ways)]


def _check_move(name: str, step: Any, here: Any, to: str, cause: str, at: int) -> list[str]:
    expected = _targets(step).get(cause)
    if expected is not None and expected != to:
        return [f"from {name} by {cause} to {to}"]
    if expected is None and not (cause in {"heard", "branch"} and any(to in t for t in _all_targets(step))):
        return [f"from {name} by {cause} to {to}"]
    if at < here["at"]:
        return [f"from {name} at {here['at']} back in time to {to} at {at}"]
    if step["type"] == "wait" and "for" in step:
        return _check_wait(name, step, here["at"], at)
    if cause == "timeout":
        return _check_wait(name, {"for": step["timeout"]}, here["at"], at)
    if step["type"] in {"branch", "update_profile", "track"} and at != here["at"]:
        return [f"{name} took from {here['at']} until {at}"]
    return []


def _check_wait(name: str, step: Any, since: int, until: int) -> list[str]:
    length = parse_duration(step["for"]) or 0
    return [] if until == since + length else [f"{name} waited from {since} until {until}, not {step['for']}"]
