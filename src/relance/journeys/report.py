"""The figures of a journey: who entered, where people stand, how they left, what became of messages.

The ledger balances by construction: a step's last visit of an open passage is "inside", every other visit has left.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypedDict

from relance.clock import FAR_FUTURE
from relance.journeys.model import step_names
from relance.journeys.reactions import KINDS
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relance.store import Connection

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


class VersionReport(JourneyReport):
    """The same of one version, with why starts did not happen."""

    suppressed_by: dict[str, int]  # by reason


class MessageReport(TypedDict):
    """What became of the messages of one step on one channel. From `delivered` on: of how many of those `sent` it was told."""

    waiting: int
    sent: int
    blocked: dict[str, int]  # by reason
    expired: int
    failed: dict[str, int]  # by reason
    delivered: int
    opened: int  # by people
    opened_by_machines: int
    clicked: int
    replied: int
    bounced: int
    complained: int
    unsubscribed: int


MessageReports = dict[str, dict[str, MessageReport]]  # by step, then by channel


def version_reports(connection: Connection, source: str, until: int | None = None) -> dict[int, VersionReport]:
    """Count the passages of one journey or campaign as they stood at `until`, by version, the newest first.

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
    states: dict[int, Counter[int]] = {version: Counter() for version in names}
    reasons: dict[int, dict[int, Counter[str]]] = {v: {_EXITED: Counter(), _SUPPRESSED: Counter()} for v in names}
    for version, status, reason, n in connection.rows(query["report_enrollments"], params):
        states[version][status] += n
        if status in reasons[version]:
            reasons[version][status][reason or ("exited" if status == _EXITED else "suppressed")] += n
    goals = dict(connection.rows(query["report_goals"], params))
    moves: dict[int, list[tuple[Any, ...]]] = {version: [] for version in names}
    for row in connection.rows(query["report_steps"], params):
        moves[row[0]].append(row)
    return {
        version: {
            "entered": states[version].total() - states[version][_SUPPRESSED],
            "inside": states[version][_ACTIVE],
            "finished": states[version][_FINISHED],
            "exited": dict(sorted(reasons[version][_EXITED].items())),
            "failed": states[version][_FAILED],
            "suppressed": states[version][_SUPPRESSED],
            "suppressed_by": dict(sorted(reasons[version][_SUPPRESSED].items())),
            "goal_reached": goals.get(version, 0),
            "steps": _count_steps(moves[version], names[version], names),
        }
        for version in names
    }


def journey_report(connection: Connection, source: str, until: int | None = None) -> JourneyReport:
    """Count the passages of one journey or campaign, over all its versions, as they stood at `until`."""
    total = add_up(version_reports(connection, source, until).values())
    return {  # as a simulation's `summary.json` has it
        "entered": total["entered"],
        "inside": total["inside"],
        "finished": total["finished"],
        "exited": total["exited"],
        "failed": total["failed"],
        "suppressed": total["suppressed"],
        "goal_reached": total["goal_reached"],
        "steps": total["steps"],
    }


def add_up(reports: Iterable[VersionReport]) -> VersionReport:
    """The sum of the versions; steps of one name are one step, those of the newest version come first."""
    total: VersionReport = {
        "entered": 0, "inside": 0, "finished": 0, "exited": {}, "failed": 0, "suppressed": 0, "suppressed_by": {},
        "goal_reached": 0, "steps": {},
    }  # fmt: skip
    for report in reports:
        _add(total, report)
    return total


def _add(total: Any, figures: Mapping[str, Any]) -> None:
    """Add numbers to numbers, by name, at every depth. Reasons stand in the order of their names."""
    for name, value in figures.items():
        if isinstance(value, dict):
            _add(total.setdefault(name, {}), value)
            if name in {"exited", "suppressed_by", "left", "blocked", "failed"}:
                total[name] = dict(sorted(total[name].items()))
        else:
            total[name] = total.get(name, 0) + value


def _count_steps(rows: list[tuple[Any, ...]], own: list[str], names: Mapping[int, list[str]]) -> dict[str, StepReport]:
    """Sum the moves from the steps of one version; whoever was moved to another one left for a step of that."""
    steps: dict[str, StepReport] = {name: {"entered": 0, "inside": 0, "left": {}} for name in own}
    for version, step, next_version, next_step, status, reason, n in rows:
        figures = steps[names[version][step]]
        figures["entered"] += n
        if next_step is not None:
            way = names[next_version][next_step]
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


def message_reports(
    connection: Connection, source: str, until: int | None = None, *, by_variant: bool = False
) -> dict[int, MessageReports]:
    """Count the messages of one journey or campaign, by version, step and channel; a variant stands as `CHANNEL/VARIANT`."""
    query = load_queries("relance.journeys", "report.sql")
    params = {"source": source, "until": FAR_FUTURE if until is None else until}
    versions: dict[int, MessageReports] = {}

    def figures_of(version: int, step: str, channel: str, variant: str) -> Any:
        name = f"{channel}/{variant}" if by_variant and variant else channel
        return versions.setdefault(version, {}).setdefault(step, {}).setdefault(name, _no_messages())

    for version, step, channel, variant, status, reason, n in connection.rows(query["report_messages"], params):
        figures = figures_of(version, step, channel, variant)
        if status in {"blocked", "failed"}:
            figures[status][reason or status] = figures[status].get(reason or status, 0) + n
        else:
            figures[status if status in {"sent", "expired"} else "waiting"] += n
    for version, step, channel, variant, kind, machine, n in connection.rows(query["report_reactions"], params):
        if machine:  # of what scanners and proxies do only opens are worth a figure
            kind = "opened_by_machines" if kind == "opened" else None  # noqa: PLW2901 - by another name
        if kind is not None:
            figures_of(version, step, channel, variant)[kind] += n
    return versions


def _no_messages() -> MessageReport:
    none: Any = {"waiting": 0, "sent": 0, "blocked": {}, "expired": 0, "failed": {}, "opened_by_machines": 0}
    return none | dict.fromkeys(KINDS, 0)  # type: ignore[no-any-return] # the kinds are its other fields


def message_report(connection: Connection, source: str, until: int | None = None) -> MessageReports:
    """Count the messages of one journey or campaign, by step and channel."""
    return add_messages(message_reports(connection, source, until).values())


def add_messages(versions: Iterable[MessageReports]) -> MessageReports:
    """The sum of the versions."""
    total: MessageReports = {}
    for version in versions:
        _add(total, version)
    return total


def summary(connection: Connection, until: int | None = None) -> dict[str, dict[str, JourneyReport]]:
    """The figures of all journeys (not campaigns), as `summary.json` of a simulation has them."""
    query = load_queries("relance.journeys", "report.sql")
    sources = [source for (source,) in connection.rows(query["report_sources"], {"kind": "journey"})]
    return {"journeys": {s.removeprefix("journey:"): journey_report(connection, s, until) for s in sources}}
