"""Whether each leaf holds at each moment, over the columns of a frame."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.columns.figures import figure_holds
from relance.conditions.columns.values import clause_holds, trait_holds
from relance.conditions.evaluate import is_near
from relance.conditions.figures import number_meets
from relance.localtime import midnight
from relance.warehouse.columns import ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relance.conditions.clauses import Clause
    from relance.conditions.columns.frame import Array, Frame, Pairs


def leaf_holds(leaf: model.Condition, frame: Frame) -> Array:
    """Whether a leaf of the needs holds, one truth value a moment. A bucket is asked for by `bucket_holds`."""
    return _READERS[type(leaf)](leaf, frame)


def counts_meet(limits: Iterable[model.Limit], counts: Array) -> Array:
    """Whether numbers that are not below zero meet limits."""
    limits = tuple(limits)
    met = np.fromiter((number_meets(limits, n) for n in range(int(counts.max(initial=0)) + 1)), dtype=bool)
    found: Array = met[counts]
    return found


def _did(leaf: model.Did, frame: Frame) -> Array:
    only = {(limit.op, limit.value) for limit in leaf.times}
    if leaf.aggregate is None and len(only) == 1 and only <= model.ONCE_OR_MORE | model.NOT_ONCE and _is_open(leaf.window):
        found = _has_done(leaf, frame)
        return ~found if only <= model.NOT_ONCE else found
    pairs = _occurrences(leaf.event, leaf.where, leaf.window, frame)
    times = counts_meet(leaf.times, np.bincount(pairs.moment, minlength=frame.n))
    if leaf.aggregate is None:
        return times
    figure = figure_holds(leaf.aggregate, pairs, frame)
    return times & figure


def _is_open(window: model.Window) -> bool:
    """Whether a window that holds some row of the past holds the last one."""
    return window.before is None and not isinstance(window.since, date)


def _has_done(leaf: model.Did, frame: Frame) -> Array:
    """Whether the last one that counts is in the window."""
    key = ("last", leaf.event, repr(leaf.where))
    if key not in frame.cache:
        pairs, at = _matching(leaf.event, leaf.where, frame)
        last = np.full(frame.n, -(1 << 62))
        last[pairs.moment] = at  # pairs are in order: the last one stays
        frame.cache[key] = last
    last = frame.cache[key]
    begin = np.int64(-(1 << 61)) if leaf.window.within is None else _instants(frame) - leaf.window.within + 1
    if isinstance(leaf.window.since, int):
        begin = np.maximum(begin, leaf.window.since)
    found: Array = last >= begin
    return found


def _instants(frame: Frame) -> Any:
    """The instants of the moments; one number where it is the same for all."""
    return frame.at if frame.instant is None else np.int64(frame.instant)


def _matching(event: str, where: tuple[Clause, ...], frame: Frame) -> tuple[Pairs, Array]:
    """The moments with the events that count, whatever the window; and when these were."""
    key = ("matching", event, repr(where))
    if key not in frame.cache:
        pairs = frame.pairs_of(event)
        for clause in where:
            pairs = pairs.only(_flags(clause, frame)[pairs.row])
        frame.cache[key] = pairs, frame.events["event_at"][pairs.row]
    found: tuple[Pairs, Array] = frame.cache[key]
    return found


def _flags(clause: Clause, frame: Frame) -> Array:
    """Whether a clause holds, for each event; other events than those of the name may be answered wrongly."""
    if clause is BY_PEOPLE:
        humans: Array = ~frame.events["machine"]
        return humans
    key = ("clause", repr(clause))
    if key not in frame.cache:
        frame.cache[key] = clause_holds(clause, frame.properties(clause.path[0]))
    found: Array = frame.cache[key]
    return found


def _occurrences(event: str, where: tuple[Clause, ...], window: model.Window, frame: Frame) -> Pairs:
    """The moments with the events that count in the window of each."""
    pairs, at = _matching(event, where, frame)
    inside = np.ones(len(at), dtype=bool)
    if window.within is not None:
        asked = _instants(frame) if frame.instant is not None else frame.at[pairs.moment]
        inside &= at > asked - window.within
    if window.since is not None:
        inside &= at >= _edge(window.since, frame, pairs)
    if window.before is not None:
        inside &= at < _edge(window.before, frame, pairs)
    return pairs if inside.all() else pairs.only(inside)


def _edge(edge: int | date, frame: Frame, pairs: Pairs) -> Any:
    """An instant, or the midnight of a date in the zone of each profile."""
    if not isinstance(edge, date):
        return edge
    zones = frame.states["zone"]
    midnights = np.array([midnight(edge, frame.zone(name)) for name in zones.values] or [0], dtype=np.int64)
    return midnights[zones.codes[pairs.moment]]


def _sequence(leaf: model.Sequence, frame: Frame) -> Array:
    """Step by step: an event ends the sequence so far if the last end before it is near enough."""
    ends = _occurrences(leaf.steps[0].event, leaf.steps[0].where, leaf.window, frame)
    for step in leaf.steps[1:]:
        found = _occurrences(step.event, step.where, leaf.window, frame)
        ends = found.only(_follow(ends, found, step.within, frame))
    holds = np.zeros(frame.n, dtype=bool)
    holds[ends.moment] = True
    return holds


def _follow(ends: Pairs, found: Pairs, within: int | None, frame: Frame) -> Array:
    """Which of some events come after an end at the same moment, less than `within` later."""
    at, seq = frame.events["event_at"], frame.events["event_seq"]
    row = np.concatenate([found.row, ends.row])
    moment = np.concatenate([found.moment, ends.moment])
    is_end = np.arange(len(row)) >= len(found.row)
    order = np.lexsort((is_end, seq[row], at[row], moment))  # an event comes before itself as an end: it does not follow itself
    place = np.maximum.accumulate(np.where(is_end[order], np.arange(len(order)), -1))
    before = order[place]
    follows = (place >= 0) & (moment[before] == moment[order])
    if within is not None:
        follows &= at[row[order]] - at[row[before]] < within
    answer = np.zeros(len(row), dtype=bool)
    answer[order] = follows
    found_answer: Array = answer[: len(found.row)]
    return found_answer


def _can_receive(leaf: model.CanReceive, frame: Frame) -> Array:
    channel, mode = leaf.channel, dict(frame.needs.modes).get(leaf.channel, "none")
    reachable: Array = frame.states[f"{channel}_there"].astype(bool)
    if len(frame.suppressions["low"]):
        reachable = reachable & ~_suppressed(channel, frame)
    if leaf.because_subscribed or mode == "opt_in":
        return reachable & _consented(channel, "", "subscribed", frame)
    return reachable if mode == "none" else reachable & ~_consented(channel, "", "unsubscribed", frame)


def _suppressed(channel: str, frame: Frame) -> Array:
    """At which moments the address gets nothing."""
    rows = ordered(frame.suppressions, np.flatnonzero(frame.suppressions["channel"].tested(lambda name: name == channel)))
    rows = ordered(rows, np.argsort(rows["profile_id"], kind="stable"))
    pairs = frame.match(rows["profile_id"])
    during = (rows["low"][pairs.row] <= frame.seq[pairs.moment]) & (frame.seq[pairs.moment] < rows["high"][pairs.row])
    return _at(pairs.moment[during], frame)


def _consented(channel: str | None, group: str, state: str, frame: Frame) -> Array:
    key = ("consent", channel, group, state)
    if key not in frame.cache:
        rows = frame.consents
        said = rows["group_id"].tested(lambda name: name == group) & rows["state"].tested(lambda name: name == state)
        if channel is not None:
            said &= rows["channel"].tested(lambda name: name == channel)
        frame.cache[key] = _at(rows["moment"][said], frame)
    found: Array = frame.cache[key]
    return found


def _at(moments: Array, frame: Frame) -> Array:
    found = np.zeros(frame.n, dtype=bool)
    found[moments] = True
    return found


def _last(columns: dict[str, Any], of: str, frame: Frame) -> Pairs:
    """The last row about something that is seen at each moment."""
    rows = np.flatnonzero(columns["of"].tested(lambda name: name == of))
    pairs = frame.pair_up(columns, rows)
    last = np.append(pairs.moment[1:] != pairs.moment[:-1], True) if len(pairs.moment) else np.zeros(0, dtype=bool)
    return pairs.only(last)


def _in_list(leaf: model.InList, frame: Frame) -> Array:
    last = _last(frame.lists, leaf.list_id, frame)
    return _at(last.moment[frame.lists["member"][last.row].astype(bool)], frame)


def _predicted(leaf: model.Predicted, frame: Frame) -> Array:
    last = _last(frame.scores, leaf.prediction, frame)
    wanted = leaf.categories or model.CATEGORIES  # one without a category took the one before away
    met = frame.scores["category"].tested(lambda name: name in wanted)[last.row]
    if leaf.score:
        met = met & _numbers_meet(leaf.score, frame.scores["score"][last.row])
    if leaf.percentile:
        percentile = frame.scores["percentile"][last.row]
        met = met & (percentile >= 0) & _numbers_meet(leaf.percentile, percentile)
    if leaf.top is not None:
        place = frame.scores["place"][last.row]
        met = met & (place > 0) & (place <= leaf.top)
    if leaf.value:
        value = frame.scores["value"][last.row]
        met = met & (value >= 0) & _numbers_meet(leaf.value, value)
    if leaf.within is not None:
        met = met & (frame.scores["event_at"][last.row] > frame.at[last.moment] - leaf.within)
    return _at(last.moment[met], frame)


def _numbers_meet(limits: Iterable[model.Limit], numbers: Array) -> Array:
    distinct, of = np.unique(numbers, return_inverse=True)
    found: Array = np.fromiter((number_meets(limits, float(n)) for n in distinct), dtype=bool, count=len(distinct))[of]
    return found


def bucket_holds(leaf: model.Bucket, frame: Frame, asked: Array) -> Array:
    """Whether a bucket is that of the person, at the moments that are asked about; at others the answer may be wrong."""
    numbers = frame.buckets(leaf.salt, asked)
    found: Array = (numbers >= max(leaf.start, 0)) & (numbers < leaf.end)
    return found


def _near(leaf: model.Near, frame: Frame) -> Array:
    texts = frame.traits(leaf.path[0])
    close = np.fromiter((is_near(leaf, {leaf.path[0]: value}) for value in texts.values), dtype=bool)
    found: Array = close[texts.coded.codes]
    return found


_READERS: dict[type, Callable[[Any, Frame], Array]] = {
    model.Did: _did,
    model.Sequence: _sequence,
    model.Trait: lambda leaf, frame: trait_holds(leaf.clause, frame),
    model.CanReceive: _can_receive,
    model.Subscribed: lambda leaf, frame: _consented(leaf.channel, leaf.group, "subscribed", frame),
    model.InList: _in_list,
    model.Predicted: _predicted,
    model.Near: _near,
    model.Earlier: lambda leaf, frame: frame.at < leaf.at,
}
