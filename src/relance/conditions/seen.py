"""The figures that a condition saw of one person: what an explanation shows beside yes and no.

Values are ready for JSON; instants are texts. What there is nothing of is left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from relance.clock import FAR_FUTURE, format_instant
from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.clauses import DATE_OPS, is_number, look_up
from relance.conditions.evaluate import (
    View,
    bounds,
    bucket_of,
    by_time,
    distance_km,
    last_score,
    message_instants,
    passages,
    properties_of,
)
from relance.conditions.figures import MILLION, figure_of
from relance.localtime import parse_instant_or_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.warehouse.base import EventRow

MAX_SHOWN = 5

Seen = dict[str, Any]


def figures_seen(condition: model.Condition, view: View) -> Seen:
    """What a condition, not those inside it, saw at a moment."""
    look = _SEEN.get(type(condition))
    return look(condition, view) if look else {}


def _by_trait(condition: model.Trait, view: View) -> Seen:
    values = look_up(view.traits(), condition.clause.path)
    seen: Seen = {"value": values[0] if len(values) == 1 else values[:MAX_SHOWN] or None}
    if condition.clause.op in DATE_OPS and len(values) == 1:
        at = parse_instant_or_date(values[0], view.zone())
        if at is not None:
            seen["instant"] = format_instant(at)
    return seen


def _by_did(condition: model.Did, view: View) -> Seen:
    found = view.occurrences(condition.event, condition.where, condition.window)
    seen: Seen = {"times": len(found)}
    if condition.aggregate is not None:
        values = [v for row in found for v in look_up(properties_of(row), condition.aggregate.path)]
        figure = figure_of(condition.aggregate, values)
        seen["figure"] = figure / MILLION if condition.aggregate.function == "sum" else figure
        seen["values"] = len(values)
    if found:
        seen["first_at"], seen["last_at"] = format_instant(found[0].at), format_instant(found[-1].at)
        return seen
    return seen | _why_none(condition, view)


def _why_none(condition: model.Did, view: View) -> Seen:
    """What would have counted, but for its time, its properties or its maker."""
    ever = view.occurrences(condition.event, condition.where, model.ALL_TIME)
    begin, end = bounds(condition.window, view.at, view.zone())
    seen: Seen = {}
    if earlier := [row.at for row in ever if row.at < begin]:
        seen["last_before_at"] = format_instant(max(earlier))
    if later := [row.at for row in ever if row.at >= end]:
        seen["first_after_at"] = format_instant(min(later))
    if condition.where:
        anyhow = view.occurrences(condition.event, (), condition.window)
        if BY_PEOPLE in condition.where:
            by_machines = [row for row in anyhow if _by_a_machine(row)]
            if by_machines:
                seen["by_machines"] = len(by_machines)
            anyhow = [row for row in anyhow if not _by_a_machine(row)]
        if anyhow:
            seen["others"], seen["last_other_at"] = len(anyhow), format_instant(anyhow[-1].at)
    return seen


def _by_a_machine(row: EventRow) -> bool:
    marks = look_up(properties_of(row), BY_PEOPLE.path)
    return any(mark is True or (isinstance(mark, list) and True in mark) for mark in marks)


def _by_sequence(condition: model.Sequence, view: View) -> Seen:
    """Of each step how often it happened at all, and when it last came after those before it."""
    steps: list[Seen] = []
    ends: list[EventRow] = []
    reached = 0
    for i, step in enumerate(condition.steps):
        found = view.occurrences(step.event, step.where, condition.window)
        told: Seen = {"event": step.event, "times": len(found)}
        if i:
            limit = step.within if step.within is not None else 2 * FAR_FUTURE
            found = [e for e in found if any((p.at, p.seq) < (e.at, e.seq) and e.at - p.at < limit for p in ends)]
        ends = found if reached == i else []
        if ends:
            reached += 1
            told["last_at"] = format_instant(ends[-1].at)
        steps.append(told)
    return {"reached": reached, "steps": steps}


def _by_can_receive(condition: model.CanReceive, view: View) -> Seen:
    address, valid = view.address(condition.channel)
    seen: Seen = {
        "address": address or None,
        "valid": valid,
        "suppressed": bool(address) and view.suppressed(condition.channel, address or ""),
        "consent": view.consent(condition.channel, ""),
        "consent_needed": "subscribed" if condition.because_subscribed else view.settings.mode(condition.channel),
    }
    if seen["consent_needed"] == "opt_in":
        seen["consent_needed"] = "subscribed"
    at = _consent_at(view, condition.channel, "")
    return seen if at is None else {**seen, "consent_at": at}


def _consent_at(view: View, channel: str, group: str) -> str | None:
    rows = (r for r in reversed(view.person.consents) if r.seq <= view.seq)
    return format_instant(next((r.at for r in rows if (r.channel, r.group_id) == (channel, group)), None))


def _by_subscribed(condition: model.Subscribed, view: View) -> Seen:
    channels = [condition.channel] if condition.channel else model.CHANNELS
    return {
        "consents": [
            {"channel": channel, "state": state, "at": _consent_at(view, channel, condition.group)}
            for channel in channels
            if (state := view.consent(channel, condition.group)) is not None
        ]
    }


def _by_in_list(condition: model.InList, view: View) -> Seen:
    changes = [row for row in view.known(view.person.lists) if row.list_id == condition.list_id]
    if not changes:
        return {}
    last = max(changes, key=by_time)
    return {"added_at" if last.member else "removed_at": format_instant(last.at)}


def _by_predicted(condition: model.Predicted, view: View) -> Seen:
    last = last_score(condition.prediction, view)
    if last is None or not last.category:
        return {}
    seen: Seen = {"score": last.score, "category": last.category, "scored_at": format_instant(last.at)}
    if last.percentile >= 0:
        seen["percentile"], seen["place"] = last.percentile, last.place
    if last.value >= 0:
        seen["value"] = last.value
    return seen


def _by_message(condition: model.Message, view: View) -> Seen:
    begin, end = bounds(condition.window, view.at, view.zone())
    ever = sorted(message_instants(condition, view))
    found = [at for at in ever if begin <= at < end]
    seen: Seen = {"times": len(found)}
    if found:
        seen["last_at"] = format_instant(found[-1])
    elif earlier := [at for at in ever if at < begin]:
        seen["last_before_at"] = format_instant(earlier[-1])
    decided = [
        row for row in view.known(view.person.messages) if row.source == condition.source and condition.step in (None, row.step)
    ]
    if decided:
        seen["messages"] = dict(Counter(row.status for row in decided))
    if sent := [row.at for row in decided if row.status == "sent"]:
        seen["last_sent_at"] = format_instant(max(sent))
    return seen


def _by_journey(condition: model.Journey, view: View) -> Seen:
    found = passages(condition, view)
    seen: Seen = {"passages": len(found)}
    if not found:
        return seen
    steps = [row.step for moves in found for row in moves if row.step]
    left = [row.previous for moves in found for row in moves if row.previous]
    if standing := list(Counter(steps) - Counter(left)):
        seen["at_step"] = standing
    ends = [row for moves in found for row in moves if row.state != "active"]
    if ends:
        seen["ended"] = sorted({row.state for row in ends})
    if condition.step is not None and (by_way := [row.at for moves in found for row in moves if row.step == condition.step]):
        seen["last_at_step_at"] = format_instant(max(by_way))
    seen["last_entered_at"] = format_instant(max(min(row.at for row in moves) for moves in found))
    if ends:
        seen["last_ended_at"] = format_instant(max(row.at for row in ends))
    return seen


def _by_near(condition: model.Near, view: View) -> Seen:
    values = look_up(view.traits(), condition.path)
    places = [place for value in values for place in (value if isinstance(value, list) else [value])]
    distances = [
        distance_km(condition.lat, condition.lon, float(place["lat"]), float(place["lon"]))
        for place in places
        if isinstance(place, dict) and is_number(place.get("lat")) and is_number(place.get("lon"))
    ]
    seen: Seen = {"value": values[:MAX_SHOWN] or None}
    return {**seen, "km": round(min(distances), 3)} if distances else seen


def _by_bucket(condition: model.Bucket, view: View) -> Seen:
    state = view.state()
    return {"bucket": bucket_of(condition.salt, state.user_id)} if state else {}


_SEEN: dict[type, Callable[[Any, View], Seen]] = {
    model.Trait: _by_trait,
    model.Did: _by_did,
    model.Sequence: _by_sequence,
    model.CanReceive: _by_can_receive,
    model.Subscribed: _by_subscribed,
    model.InList: _by_in_list,
    model.Predicted: _by_predicted,
    model.Message: _by_message,
    model.Journey: _by_journey,
    model.Bucket: _by_bucket,
    model.Near: _by_near,
}
