"""Everything that is known of a journey or campaign: its figures by version, its goals, its conversions, and what it brought.

Shares come with the interval in which the truth lies. People who were held out are told by the same sticky hash that held them
out, whether or not a message came to be refused for it: so both sides are those who entered, and nothing else differs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.audiences.members import count_by_step
from relance.clock import FAR_FUTURE, format_instant, parse_duration
from relance.experiments.proportions import CONFIDENCE, Group, compare
from relance.journeys.figures_words import say_comparison
from relance.journeys.model import goals_of, read_version
from relance.journeys.report import add_messages, add_up, message_reports, version_reports
from relance.journeys.ways import add_ways, shared_ways
from relance.outbox.handoff import hash_share
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.experiments.proportions import Comparison
    from relance.store import Connection

SQL = load_queries("relance.journeys", "figures.sql")
REPORT = load_queries("relance.journeys", "report.sql")
_PERCENT = 100.0
_OCCURRENCES = 20


def list_reports(
    connection: Connection, kind: str = "", source: str = "", *, until: int | None = None, language: str = "en"
) -> list[dict[str, Any]]:
    """Every journey and campaign as last published, with its figures.

    Args:
        connection: the store, on one snapshot.
        kind: `journey` or `campaign` alone.
        source: this one alone; then it is told in full, with each version, its hold-out and its conversions.
        until: as it stood at an instant, inclusive; now when there is none.
        language: of the sentences: `en` or `fr`.
    """
    rows = connection.rows(REPORT["report_published"], {"kind": kind, "source": source})
    return [_published(connection, row, until, language, whole=bool(source)) for row in rows]


def _published(
    connection: Connection, row: tuple[Any, ...], until: int | None, language: str, *, whole: bool
) -> dict[str, Any]:
    source, kind, name, version, state, published_at, text = row
    body = json.loads(text)
    reports = version_reports(connection, source, until)
    messages = message_reports(connection, source, until)
    total = add_up(reports.values())
    last = FAR_FUTURE if until is None else until
    goals = [_goal(connection, source, n, goal, total["entered"], last) for n, goal in enumerate(goals_of(body))]
    found = {
        "id": name,
        "kind": kind,
        "name": body.get("name") or name,
        "version": version,
        "state": state,
        "published_at": format_instant(published_at),
        "at": format_instant(until),
        **total,
        "goal": goals[0] if goals else None,
        "goals": goals,
        "messages": add_messages(messages.values()),
        "audiences": count_by_step(connection, source, until),
        "variants": _variants(connection, source, until) if body.get("variants") else [],
        "definition": body,
    }
    if whole:
        ways = shared_ways(connection, source, until)
        found["ways"] = add_ways(ways.values())
        found["versions"] = [
            {
                "ways": ways.get(version_id, {}),
                "version": number,
                "state": state_of,
                "published_at": format_instant(at),
                **reports[version_id],
                "messages": messages.get(version_id, {}),
            }
            for version_id, number, state_of, at, _ in connection.rows(REPORT["report_history"], {"source": source})
        ]
        found["schedule"] = _schedule(connection, source, last)
        found["holdout"] = _holdout(connection, source, last, language) if goals else None
        found["conversions"] = _conversions(connection, source, last, language) if kind == "campaign" else []
    return found


def _variants(connection: Connection, source: str, until: int | None) -> list[dict[str, Any]]:
    """What became of the messages of each variant, channel by channel."""
    steps = add_messages(message_reports(connection, source, until, by_variant=True).values())
    named = [(*name.partition("/")[::2], figures) for step in steps.values() for name, figures in step.items()]
    return [{"id": variant, "channel": channel, **figures} for channel, variant, figures in named if variant]


def _schedule(connection: Connection, source: str, until: int) -> dict[str, Any] | None:
    """The last occurrences of a schedule, and who waits for their turn now; None where none was."""
    runs = connection.rows(SQL["figures_occurrences"], {"source": source, "until": until, "most": _OCCURRENCES})
    if not runs:
        return None
    waiting, next_at = connection.rows(SQL["figures_waiting"], {"source": source})[0]
    return {
        "waiting": waiting,
        "next_turn_at": format_instant(next_at) if waiting else None,
        "occurrences": [{"at": format_instant(at), "timezone": zone or None, "found": n} for at, zone, n in runs],
    }


# ---------------------------------------------------------------------------------------------------------------- goals


def _goal(connection: Connection, source: str, place: int, goal: Mapping[str, Any], entered: int, until: int) -> dict[str, Any]:
    """How far a goal is: passages that reached it, against its target. Of earlier versions the goal at the same place counts."""
    reached = sum(n for _, n in connection.rows(SQL["figures_goals"], {"source": source, "goal": place, "until": until}))
    share = Group(entered, reached).share()
    percent, count = goal.get("target_percent"), goal.get("target_count")
    found = {
        **goal,
        "reached": reached,
        "entered": entered,
        "reached_percent": None if share is None else round(_PERCENT * share.value, 1),
        "percent": None if share is None else share.as_json(_PERCENT),
        "confidence": CONFIDENCE,
        "met": None,
        "certain": None,
    }
    if percent is not None and share is not None:
        low, high = share.low * _PERCENT, share.high * _PERCENT
        found["met"] = bool(share.value * _PERCENT >= percent)
        found["certain"] = bool(low >= percent or high < percent)
    elif count is not None:
        found["met"], found["certain"] = reached >= count, True
    return found


def _holdout(connection: Connection, source: str, until: int, language: str) -> dict[str, Any] | None:
    """The goal among those who were held out and the others, by people; None where nobody is."""
    percents = {
        version_id: float(json.loads(body).get("holdout_percent") or 0)
        for version_id, _, _, _, body in connection.rows(REPORT["report_history"], {"source": source})
    }
    if not any(percents.values()):
        return None
    people = {True: [0, 0], False: [0, 0]}
    for user_id, version_id, reached in connection.rows(SQL["figures_people"], {"source": source, "until": until}):
        percent = percents[version_id]
        side = people[bool(percent) and hash_share(f"holdout:{source}", user_id) < percent * _PERCENT]
        side[0] += 1
        side[1] += reached
    return compare_groups(Group(*people[False]), Group(*people[True]), language)


def compare_groups(treated: Group, held: Group, language: str) -> dict[str, Any]:
    """Two groups beside each other, their difference, and whether there is one, as data and as a sentence."""
    found: Comparison | None = compare(treated, held)
    return {
        "treated": _group(treated),
        "held_out": _group(held),
        "difference": None if found is None else found.difference.as_json(_PERCENT),  # in percentage points
        "lift": None if found is None or found.lift is None else found.lift.as_json(_PERCENT),  # percent of the other share
        "more": None if found is None else found.difference.as_json(treated.n),  # people who would not have done it
        "verdict": None if found is None else found.verdict,
        "confidence": CONFIDENCE,
        "sentence": say_comparison(treated, held, found, language),
    }


def _group(group: Group) -> dict[str, Any]:
    share = group.share()
    return {"people": group.n, "reached": group.hits, "percent": None if share is None else share.as_json(_PERCENT)}


# ---------------------------------------------------------------------------------------------------------- conversions


def _conversions(connection: Connection, source: str, until: int, language: str) -> list[dict[str, Any]]:
    """What people did within its time after a campaign's message, by what counts as success; over all versions that count it alike."""
    counted: dict[str, list[tuple[int, int, str, int, int]]] = {}
    shown: dict[str, Mapping[str, Any]] = {}
    for version_id, _, _, _, text in connection.rows(REPORT["report_history"], {"source": source}):
        body = json.loads(text)
        rules = [rule for rule in read_version(version_id, "campaign", body, {}).rules if rule.role == "conversion"]
        for spec, rule in zip(body.get("conversions") or (), rules, strict=True):
            within = parse_duration(spec["within"]) if spec.get("within") else FAR_FUTURE
            of = {"version_id": version_id, "rule_id": rule.rule_id, "within": within, "until": until}
            same = json.dumps(spec, sort_keys=True)
            shown.setdefault(same, spec)
            counted.setdefault(same, []).extend(connection.rows(SQL["figures_conversions"], of))
    return [_conversion(shown[same], rows, language) for same, rows in counted.items()]


def _conversion(spec: Mapping[str, Any], rows: Sequence[tuple[int, int, str, int, int]], language: str) -> dict[str, Any]:
    def group(*, held: bool | None = None, sent: bool | None = None, variant: str | None = None) -> Group:
        chosen = [
            (n, int(converted))
            for is_held, was_sent, name, n, converted in rows
            if held in (None, bool(is_held)) and sent in (None, bool(was_sent)) and variant in (None, name)
        ]
        return Group(sum(n for n, _ in chosen), sum(hits for _, hits in chosen))

    held = group(held=True)
    variants = sorted({name for _, _, name, _, _ in rows if name})
    return {
        **spec,
        "sent": _group(group(sent=True)),
        "variants": {name: _group(group(sent=True, variant=name)) for name in variants},
        # who was held out is refused before anything else is asked: beside them stand all others, whether a message reached them or not
        "control": compare_groups(group(held=False), held, language) if held.n else None,
    }
