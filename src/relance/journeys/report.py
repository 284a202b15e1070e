"""The figures of a journey: who entered, where people stand, how they left.

The ledger balances by construction: a step's last visit of an open passage is "inside", every other visit has left.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypedDict

from relance.clock import FAR_FUTURE, format_instant
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.store import Connection

CAMPAIGN_STEP = "message"
END = "end"

_ACTIVE, _FINISHED, _EXITED, _FAILED, _SUPPRESSED = range(5)


class StepReport(TypedDict):
    """Figures of one step: `entered` = `inside` + the sum of `left`."""

    entered: int
    inside: int
    left: dict[str, int]  # by the next step, `end`, or the reason that ended the passage here


class JourneyReport(TypedDict):
    """Figures of one journey: `entered` = `inside` + `finished` + the sum of `exited` + `failed`."""

    entered: int
    inside: int
    finished: int
    exited: dict[str, int]  # by reason
    failed: int
    suppressed: int  # starts that did not happen; not part of `entered`
    goal_reached: int
    steps: dict[str, StepReport]


class MessageReport(TypedDict):
    """What became of the messages of one step on one channel."""

    waiting: int
    sent: int
    blocked: dict[str, int]  # by reason
    expired: int
    failed: dict[str, int]  # by reason


def step_names(body: Mapping[str, Any]) -> list[str]:
    """The ids of a published body's steps; a step's number is its place in this list."""
    return list(body["steps"]) if "steps" in body else [CAMPAIGN_STEP]


def journey_report(connection: Connection, source: str, until: int | None = None) -> JourneyReport:
    """Count the passages of one journey or campaign, over all its versions, as they stood at `until`.

    Args:
        connection: the store, on one snapshot.
        source: `journey:ID` or `campaign:ID`.
        until: an instant, inclusive; now when there is none.
    """
    query = load_queries("relance.journeys", "report.sql")
    params = {"source": source, "until": FAR_FUTURE if until is None else until}
    names = {
        version: step_names(json.loads(body)) for version, body in connection.rows(query["report_versions"], {"source": source})
    }
    states: Counter[int] = Counter()
    exited: Counter[str] = Counter()
    for status, reason, n in connection.rows(query["report_enrollments"], params):
        states[status] += n
        if status == _EXITED:
            exited[reason or "exited"] += n
    return {
        "entered": states.total() - states[_SUPPRESSED],
        "inside": states[_ACTIVE],
        "finished": states[_FINISHED],
        "exited": dict(sorted(exited.items())),
        "failed": states[_FAILED],
        "suppressed": states[_SUPPRESSED],
        "goal_reached": connection.value(query["report_goals"], params) or 0,
        "steps": _count_steps(connection.rows(query["report_steps"], params), names),
    }


def _count_steps(rows: list[tuple[Any, ...]], names: Mapping[int, list[str]]) -> dict[str, StepReport]:
    """Sum the moves of all versions by the steps' names, the newest version's steps first."""
    steps: dict[str, StepReport] = {
        name: {"entered": 0, "inside": 0, "left": {}} for version in names.values() for name in version
    }
    for version, step, next_step, status, reason, n in rows:
        figures = steps[names[version][step]]
        figures["entered"] += n
        if next_step is not None:
            way = names[version][next_step]
        elif status == _ACTIVE:
            figures["inside"] += n
            continue
        elif status == _FINISHED:
            way = END
        else:
            way = reason or ("failed" if status == _FAILED else "exited")
        figures["left"][way] = figures["left"].get(way, 0) + n
    for figures in steps.values():
        figures["left"] = dict(sorted(figures["left"].items()))
    return steps


def message_report(connection: Connection, source: str, until: int | None = None) -> dict[str, dict[str, MessageReport]]:
    """Count the messages of one journey or campaign, by step and channel."""
    query = load_queries("relance.journeys", "report.sql")
    params = {"source": source, "until": FAR_FUTURE if until is None else until}
    steps: dict[str, dict[str, MessageReport]] = {}
    for step, channel, status, reason, n in connection.rows(query["report_messages"], params):
        figures = steps.setdefault(step, {}).setdefault(
            channel, {"waiting": 0, "sent": 0, "blocked": {}, "expired": 0, "failed": {}}
        )
        if status in {"blocked", "failed"}:
            by_reason = figures["blocked"] if status == "blocked" else figures["failed"]
            by_reason[reason or status] = by_reason.get(reason or status, 0) + n
        elif status == "sent":
            figures["sent"] += n
        elif status == "expired":
            figures["expired"] += n
        else:
            figures["waiting"] += n
    return steps


def summary(connection: Connection, until: int | None = None) -> dict[str, dict[str, JourneyReport]]:
    """The figures of all journeys (not campaigns), as `summary.json` of a simulation has them."""
    query = load_queries("relance.journeys", "report.sql")
    sources = [source for (source,) in connection.rows(query["report_sources"], {"kind": "journey"})]
    return {"journeys": {s.removeprefix("journey:"): journey_report(connection, s, until) for s in sources}}


def list_reports(connection: Connection, kind: str = "", source: str = "") -> list[dict[str, Any]]:
    """Every journey and campaign as last published, with its figures.

    Args:
        connection: the store, on one snapshot.
        kind: `journey` or `campaign` alone.
        source: this one alone.
    """
    query = load_queries("relance.journeys", "report.sql")
    return [_published(connection, row) for row in connection.rows(query["report_published"], {"kind": kind, "source": source})]


def _published(connection: Connection, row: tuple[Any, ...]) -> dict[str, Any]:
    source, kind, name, version, state, published_at, text = row
    body = json.loads(text)
    report = journey_report(connection, source)
    goal = body.get("goal")
    reached = 100 * report["goal_reached"] / report["entered"] if report["entered"] else None
    return {
        "id": name,
        "kind": kind,
        "name": body.get("name") or name,
        "version": version,
        "state": state,
        "published_at": format_instant(published_at),
        **report,
        "goal": goal and {**goal, "reached_percent": None if reached is None else round(reached, 1)},
        "messages": message_report(connection, source),
        "definition": body,
    }
