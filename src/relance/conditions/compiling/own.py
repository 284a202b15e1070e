"""What relance itself knows of people, compiled: lists, scores, messages and journeys.

Each answers a relation that holds the key of every moment at which the condition is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from relance.conditions import model
from relance.conditions.answers import CAMPAIGN_STEP, DECIDED, reactions_of
from relance.conditions.compiling.aggregates import meets_limits
from relance.conditions.compiling.did import events_of, reads_zone, seen_in_window
from relance.conditions.compiling.relations import JOURNEYS, LISTS, MESSAGES, SCORES, value_key, value_text
from relance.conditions.compiling.state import Hits
from relance.conditions.compiling.values import is_set
from relance.conditions.scores import columns_of

if TYPE_CHECKING:
    from relance.conditions.compiling.moments import Moments

OwnState = model.InList | model.Predicted | model.Message | model.Journey


def own_hits(moments: Moments, name: str, condition: OwnState) -> Hits:
    """The moments at which a condition of these kinds is true; of `never`, those at which it is not."""
    if isinstance(condition, model.InList):
        rows = _on_list(moments, condition)
    elif isinstance(condition, model.Predicted):
        rows = _scored(moments, condition)
    elif isinstance(condition, model.Message):
        rows = _messaged(moments, condition)
    else:
        rows = _in_journey(moments, condition)
    found = rows.select(**{f"{name}_key": rows[moments.key]}).distinct()
    return Hits(name, found.mutate(**{f"{name}_yes": ibis.literal(True)}), moments.key, f"{name}_key", lasting=False)


def _seen(moments: Moments, rows: Any, *columns: str, window: model.Window = model.ALL_TIME) -> Any:
    return seen_in_window(moments, rows, columns, window, zoned=False)


def _last(moments: Moments, rows: Any, *columns: str, window: model.Window = model.ALL_TIME) -> Any:
    """Of the rows that are seen at a moment, in a window that ends there, the last one: by time, then by place."""
    rows = _seen(moments, rows, *columns, window=window)
    later = ibis.row_number().over(group_by=moments.key, order_by=[rows.event_at.desc(), rows.event_seq.desc()])
    rows = rows.mutate(n_later=later)
    return rows.filter(rows.n_later == 0)


def _on_list(moments: Moments, condition: model.InList) -> Any:
    last = _last(moments, LISTS.filter(LISTS.list_id == condition.list_id), "member")
    return last.filter(last.member)


def _scored(moments: Moments, condition: model.Predicted) -> Any:
    rows = SCORES.filter(SCORES.prediction == condition.prediction)
    last = _last(moments, rows, *columns_of(condition), window=model.Window(within=condition.within))
    last = last.filter(last.category != "")  # one without a category took the one before away
    met = [meets_limits(condition.score, last.score)]
    if condition.categories:
        met.append(last.category.isin(condition.categories))
    if condition.percentile:
        met += [last.percentile >= 0, meets_limits(condition.percentile, last.percentile)]
    if condition.top is not None:
        met += [last.place > 0, last.place <= condition.top]
    if condition.value:
        met += [last.value >= 0, meets_limits(condition.value, last.value)]
    return last.filter(ibis.and_(*met) if len(met) > 1 else met[0])


def _in_journey(moments: Moments, condition: model.Journey) -> Any:
    rows = _seen(moments, JOURNEYS.filter(JOURNEYS.journey == condition.journey), "enrollment_id", "step", "previous", "state")
    step, state = condition.step, condition.state
    if state in ("ever", "never"):
        return rows if step is None else rows.filter(rows.step == step)
    ends = rows.state != "active" if state == "active" else rows.state == state
    counts = {"ends": rows.count(where=ends)}
    if step is not None:
        counts |= {"entered": rows.count(where=rows.step == step), "left": rows.count(where=rows.previous == step)}
    passages = rows.group_by([moments.key, "enrollment_id"]).agg(**counts)
    if state == "active":
        return passages.filter(passages.ends == 0 if step is None else passages.entered > passages.left)
    ended = passages.ends > 0
    return passages.filter(ended if step is None else ended & (passages.entered > 0))


def _messaged(moments: Moments, condition: model.Message) -> Any:
    messages = MESSAGES.filter(MESSAGES.source == condition.source)
    if condition.step is not None:
        messages = messages.filter(messages.step == condition.step)
    zoned = reads_zone((), condition.window)
    key, found = moments.key, []
    decided = [status for status in condition.statuses if status in DECIDED]
    if decided:
        rows = seen_in_window(moments, messages.filter(messages.status.isin(decided)), (), condition.window, zoned)
        found.append(rows.select(key))
    names = reactions_of(condition.statuses)
    if names:
        reactions = _reactions(moments, events_of(moments, names, condition.window, zoned))
        sent = messages.filter(messages.status == "sent")
        sent = _seen(moments, sent, "message_id", "source", "step")
        sent = sent.select(
            sent_key=sent[key], sent_at=sent.event_at, sent_id=sent.message_id, sent_source=sent.source, sent_step=sent.step
        )
        pairs = reactions.join(sent, reactions[key] == sent.sent_key)
        by_name = pairs.sent_at <= pairs.event_at
        by_name = by_name & (pairs.answers_source == pairs.sent_source) & (pairs.answers_step == pairs.sent_step)
        answers = ibis.cases((pairs.by_id, pairs.answers_id == pairs.sent_id), else_=by_name)
        found.append(pairs.filter(answers.fill_null(False)).select(key))
    return found[0] if len(found) == 1 else ibis.union(*found)


def _reactions(moments: Moments, events: Any) -> Any:
    """What reactions say of their message, as `answers.read_answer` reads it."""

    def text(name: str) -> Any:
        return value_text(value_key(events.properties, name))

    journey, campaign, step = text("journey"), text("campaign"), text("step")
    is_journey = journey.notnull()
    human = (value_key(events.properties, "machine") != "true").fill_null(True)
    return events.filter(human).select(
        moments.key,
        "event_at",
        by_id=is_set(value_key(events.properties, "message_id")).fill_null(False),
        answers_id=text("message_id"),
        answers_source=ibis.cases((is_journey, ibis.literal("journey:") + journey), else_=ibis.literal("campaign:") + campaign),
        answers_step=ibis.cases((is_journey, step), else_=step.fill_null(CAMPAIGN_STEP)),
    )
