"""What would have come of a journey: who enters, where they go, what they get, and who comes to the goal without it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from relance.clock import MINUTE, format_instant, from_micros
from relance.definitions.store import load_workspace
from relance.experiments.proportions import CONFIDENCE, Group
from relance.journeys.model import goals_of
from relance.journeys.report import journey_report, message_report
from relance.localtime import UTC_ZONE, find_zone
from relance.simulate.backtest.stage import STORE
from relance.workspace import build_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.simulate.backtest.stage import Task
    from relance.store import Connection, Database

QUARTER = 15 * MINUTE  # what days of every zone are made of
_STATUSES = ("sent", "blocked", "expired", "failed")


def count(connection: Connection, task: Task) -> dict[str, Any]:
    """Count what came of a past that was lived again, from its store: numbers alone, so that those of several shares add up."""
    source = f"journey:{task.journey}"
    zone = find_zone(load_workspace(connection).settings.timezone) or UTC_ZONE
    of = {"source": source}
    people = "SELECT COUNT(DISTINCT profile_id) FROM enrollments WHERE source = :source AND status <> 4"
    return {
        "people": connection.value(people, of),
        **journey_report(connection, source, task.until),
        "suppressed_by_reason": {str(reason): n for reason, n in connection.rows(STORE["suppressed_starts"], of)},
        "goals": {str(goal): n for goal, n in connection.rows(STORE["goals"], of)},
        "entries_per_day": _per_day(connection.rows(STORE["entries_per_day"], of), zone),
        "messages": message_report(connection, source, task.until),
        "messages_per_day": _messages_per_day(connection.rows(STORE["per_day"], of), zone),
    }


def add_up(shares: Sequence[Any]) -> Any:
    """The figures of several shares as those of the whole: numbers are added, name by name."""
    if isinstance(shares[0], dict):
        names = {name: None for share in shares for name in share}
        return {name: add_up([share[name] for share in shares if name in share]) for name in names}
    return sum(shares)


def tell_figures(counted: dict[str, Any], task: Task) -> dict[str, Any]:
    """The figures as they are told: in order, with what follows from them."""
    workspace = build_workspace(task.documents)
    channels = [figures for step in counted["messages"].values() for figures in step.values()]
    blocked: Counter[str] = Counter()
    for figures in channels:
        blocked.update(figures["blocked"])
    goals = goals_of(workspace.journeys[task.journey])
    days = counted["messages_per_day"]
    return {
        "journey": task.journey,
        "since": format_instant(task.start),
        "until": format_instant(task.until),
        "timezone": workspace.settings.timezone,
        **{name: figures for name, figures in counted.items() if name != "goals"},
        "exited": dict(sorted(counted["exited"].items())),
        "suppressed_by_reason": dict(sorted(counted["suppressed_by_reason"].items())),
        "steps": {name: {**step, "left": dict(sorted(step["left"].items()))} for name, step in counted["steps"].items()},
        "messages": {step: dict(sorted(counted["messages"][step].items())) for step in sorted(counted["messages"])},
        "entries_per_day": dict(sorted(counted["entries_per_day"].items())),
        "messages_per_day": [{"day": day, "channel": c, **days[day][c]} for day in sorted(days) for c in sorted(days[day])],
        "sent": sum(figures["sent"] for figures in channels),
        "expired": sum(figures["expired"] for figures in channels),
        "blocked": dict(sorted(blocked.items())),
        "baseline": [_baseline(goal, counted["goals"].get(str(n), 0), counted["entered"]) for n, goal in enumerate(goals)],
    }


def _day(quarter: int, zone: ZoneInfo) -> str:
    return from_micros(quarter * QUARTER).astimezone(zone).date().isoformat()


def _per_day(rows: Iterable[Sequence[Any]], zone: ZoneInfo) -> dict[str, int]:
    days: Counter[str] = Counter()
    for quarter, n in rows:
        days[_day(quarter, zone)] += n
    return dict(sorted(days.items()))


def _messages_per_day(rows: Iterable[Sequence[Any]], zone: ZoneInfo) -> dict[str, dict[str, dict[str, int]]]:
    """By day and channel how many messages came to which end."""
    days: dict[str, dict[str, dict[str, int]]] = {}
    for _, channel, status, quarter, n in rows:
        figures = days.setdefault(_day(quarter, zone), {}).setdefault(channel, dict.fromkeys(_STATUSES, 0))
        figures[status] += n
    return days


def _baseline(goal: Mapping[str, Any], reached: int, entered: int) -> dict[str, Any]:
    """How many came to a goal although no message of the journey went out: what it has to beat."""
    share = Group(entered, reached).share()
    return {
        **goal,
        "entered": entered,
        "reached": reached,
        "rate": None if share is None else share.value,
        "low": None if share is None else share.low,
        "high": None if share is None else share.high,
        "confidence": CONFIDENCE,
    }


def read_overlap(live: Database, user_ids: Sequence[str], *, source: str, since: int, until: int) -> dict[str, Any]:
    """What else really happened to some people meanwhile: other journeys, messages that went out.

    Args:
        live: the installation's store.
        user_ids: the people, by userId or anonymousId.
        source: the journey itself, which is left out of the journeys.
        since: microseconds.
        until: the last instant, inclusive.
    """
    if not user_ids:
        return {"journeys": [], "messages": [], "people_reached": 0}
    bounds = {"since": since, "until": until}
    with live.reading() as connection:
        found = {alias: merged or profile for alias, profile, merged in connection.rows_in(STORE["ids_of"], list(user_ids))}
        people = sorted(set(found.values()))
        inside = connection.rows_in(STORE["also_inside"], people, {**bounds, "source": source})
        sent = connection.rows_in(STORE["really_sent"], people, bounds)
        reached = connection.rows_in(STORE["really_reached"], people, bounds)
    return {
        "journeys": [{"source": other, "people": n} for other, n in inside],
        "messages": [{"source": other, "channel": c, "sent": n, "people": p} for other, c, n, p in sent],
        "people_reached": reached[0][0] if reached else 0,
    }
