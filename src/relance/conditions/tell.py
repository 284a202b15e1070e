"""One plain sentence for each condition of an explanation: what was seen, and what would be needed. English and French."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from relance.clock import DAY, HOUR, MINUTE, SECOND, WEEK, parse_instant
from relance.conditions import model
from relance.conditions.answers import BY_PEOPLE
from relance.conditions.clauses import BARE_OPS, INSTANT_OPS, LENGTH_OPS
from relance.conditions.tell_words import WORDS, Words
from relance.localtime import local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from relance.conditions.clauses import Clause
    from relance.conditions.seen import Seen

MOST_VALUES = 10  # of a list that is told whole


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells in one language, as of an instant, with days as they are where the person is."""

    words: Words
    at: int
    zone: ZoneInfo
    names: Mapping[str, str] = field(default_factory=dict)  # how people call a definition, by `segment:vip`

    def sentence(self, condition: model.Condition, seen: Seen, parts: Sequence[bool], *, holds: bool) -> str:
        """What a condition saw, and what it needs.

        Args:
            condition: the condition.
            seen: its figures, as `seen.figures_seen` answers them.
            parts: whether the conditions right below it hold.
            holds: whether it does.
        """
        if isinstance(condition, (model.All, model.AnyOf)):
            return self._group(condition, parts)
        if isinstance(condition, model.Not):
            return self.words.phrase("not_yes" if holds else "not_no")
        if isinstance(condition, model.InSegment):
            return self.words.phrase(
                "in_segment" if holds else "not_in_segment", segment=self.called("segment", condition.segment)
            )
        if isinstance(condition, model.Frozen):
            return self.words.phrase("archived_in" if holds else "archived_out", when=self.when(seen["archived_at"]))
        return _SENTENCES[type(condition)](self, condition, seen)

    # ------------------------------------------------------------------ the pieces

    def called(self, kind: str, id_: str) -> str:
        """A definition by its name; by its id where it has none."""
        return self.source(f"{kind}:{id_}").removeprefix(f"{kind}:")

    def source(self, source: str) -> str:
        """A definition written as `journey:welcome` by its name; as it is written where it has none."""
        name = self.names.get(source)
        return name.join(self.words.quotes) if name else source

    def join(self, *pieces: str) -> str:
        return self.words.semicolon.join(piece for piece in pieces if piece)

    def length(self, length: int) -> str:
        """A length of time, in the largest unit that it is whole in."""
        for unit, name in ((WEEK, "w"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
            if length and length % unit == 0:
                n = length // unit
                return self.words.units[f"1{name}"] if n == 1 else self.words.units[name].format(n=n)
        return self.words.units["s"].format(n=self.number(length / SECOND))

    def when(self, text: str | None) -> str:
        """How long ago an instant is, or on which day it was."""
        at = parse_instant(text)
        if at is None:
            return ""
        ago, words = self.at - at, self.words
        if 0 <= ago < MINUTE:
            return words.phrase("now")
        for unit, below, name in ((MINUTE, HOUR, "m"), (HOUR, DAY, "h")):
            if 0 <= ago < below:
                return words.phrase("ago", length=words.units[name].format(n=ago // unit))
        day = local_date(at, self.zone)
        if 0 <= (local_date(self.at, self.zone) - day).days < 7:
            return words.phrase("on_weekday", weekday=words.weekdays[day.weekday()])
        return words.phrase("on_date", day=self.date(day))

    def day(self, edge: int | date) -> str:
        """The day of a limit in time."""
        return self.date(edge if isinstance(edge, date) else local_date(edge, self.zone))

    def date(self, day: date) -> str:
        return f"{self.words.first if day.day == 1 else day.day} {self.words.months[day.month - 1]} {day.year}"

    def times(self, n: int) -> str:
        return self.words.phrase("never" if n == 0 else "once" if n == 1 else "times", n=n)

    def number(self, value: Any) -> str:
        text = f"{round(value, 6):g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
        return text.replace(".", self.words.decimal) if isinstance(value, float) else text

    def value(self, value: Any) -> str:
        """A value of a trait, a property or a definition."""
        if isinstance(value, (list, tuple)):
            shown = [self.value(item) for item in value[:MOST_VALUES]]
            return ", ".join([*shown, *(["…"] if len(value) > MOST_VALUES else [])])
        if isinstance(value, str):
            return value.join(self.words.quotes)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.number(value)
        return json.dumps(value, ensure_ascii=False)

    def limits(self, limits: Iterable[model.Limit]) -> str:
        return self.words.and_.join(self.words.limits[limit.op].format(n=self.value(limit.value)) for limit in limits)

    def needs(self, limits: Sequence[model.Limit]) -> str:
        """What a number of times must be; nothing when nothing is said of it."""
        if not limits:
            return ""
        if limits == (model.Limit("eq", 0),):
            return self.words.phrase("needs_none")
        return self.words.phrase("needs", limits=self.limits(limits))

    def window(self, window: model.Window) -> str:
        pieces = [self.words.phrase("within", length=self.length(window.within))] if window.within is not None else []
        for word, edge in (("since", window.since), ("before", window.before)):
            if edge is not None:
                pieces.append(self.words.phrase(word, day=self.day(edge)))
        return "".join(f" {piece}" for piece in pieces)

    def clause(self, clause: Clause) -> str:
        path = ".".join(clause.path)
        if clause.op in BARE_OPS:
            return self.words.clauses[clause.op].format(path=path)
        if clause.op in LENGTH_OPS:
            value = self.length(clause.length)
        elif clause.op in INSTANT_OPS:
            value = str(clause.value)
        elif clause.op == "between":
            value = self.words.and_.join(map(self.value, clause.value))
        else:
            value = self.value(clause.value)
        return self.words.clauses[clause.op].format(path=path, value=value)

    def seen_by(self, clause: Clause, value: Any) -> str:
        """What a clause saw at its path, and what it asks."""
        path = ".".join(clause.path)
        told = (
            self.words.phrase("missing", path=path)
            if value is None
            else self.words.phrase("trait", path=path, value=self.value(value))
        )
        return self.join(told, self.words.phrase("asked", clause=self.clause(clause)))

    def where(self, clauses: Iterable[Clause]) -> str:
        told = self.words.and_.join(self.clause(clause) for clause in clauses if clause is not BY_PEOPLE)
        return self.words.phrase("where", clauses=told) if told else ""

    # ------------------------------------------------------------------ groups

    def _group(self, condition: model.All | model.AnyOf, parts: Sequence[bool]) -> str:
        is_all, n, holding = isinstance(condition, model.All), len(parts), sum(parts)
        if not n:
            return self.words.phrase("everyone" if is_all else "nobody")
        if is_all and holding == n:
            return self.words.phrase("all_hold", n=n)
        return self.words.phrase("all" if is_all else "any", holding=holding, n=n)


def _trait(tell: Teller, condition: model.Trait, seen: Seen) -> str:
    path, value = ".".join(condition.clause.path), seen["value"]
    asked = tell.words.phrase("asked", clause=tell.clause(condition.clause))
    if value is None:
        return tell.join(tell.words.phrase("missing", path=path), asked)
    if "instant" in seen:
        return tell.join(
            tell.words.phrase("trait_when", path=path, value=tell.value(value), when=tell.when(seen["instant"])), asked
        )
    return tell.join(tell.words.phrase("trait", path=path, value=tell.value(value)), asked)


def _did(tell: Teller, condition: model.Did, seen: Seen) -> str:
    words = tell.words
    event = condition.event + tell.where(condition.where)
    told = words.phrase("did", event=event, times=tell.times(seen["times"]), window=tell.window(condition.window))
    if "last_at" in seen:
        last = tell.when(seen["last_at"])
        told += f", {last if seen['times'] == 1 else words.phrase('last', when=last)}"
    aside = [
        words.phrase(key, when=tell.when(seen[name]), n=seen.get("others"))
        for key, name in (("before_window", "last_before_at"), ("after_window", "first_after_at"), ("others", "last_other_at"))
        if name in seen
    ]
    if "by_machines" in seen:
        aside.append(words.phrase("by_machines", n=seen["by_machines"]))
    if aside:
        told += f" ({', '.join(aside)})"
    return tell.join(told, *_figure(tell, condition, seen), tell.needs(condition.times))


def _figure(tell: Teller, condition: model.Did, seen: Seen) -> list[str]:
    wanted = condition.aggregate
    if wanted is None:
        return []
    function, path = tell.words.functions[wanted.function], ".".join(wanted.path)
    if seen["figure"] is None:
        told = tell.words.phrase("no_figure", function=function, path=path)
    else:
        told = tell.words.phrase("figure", function=function, path=path, figure=tell.value(seen["figure"]))
    return [told, tell.words.phrase("needs", limits=tell.limits(wanted.limits))]


def _sequence(tell: Teller, condition: model.Sequence, seen: Seen) -> str:
    words, steps, reached = tell.words, seen["steps"], seen["reached"]
    told = words.phrase("sequence", reached=reached, n=len(steps)) + tell.window(condition.window)
    pieces = [words.phrase("step_done", event=s["event"], when=tell.when(s["last_at"])) for s in steps[:reached]]
    if reached < len(steps):
        missing, step = steps[reached], condition.steps[reached]
        later = words.phrase("later", length=tell.length(step.within)) if step.within is not None and reached else ""
        event = step.event + tell.where(step.where) + later
        elsewhere = missing["times"] and reached
        key = "step_elsewhere" if elsewhere else "step_missing"
        pieces.append(words.phrase(key, event=event, times=tell.times(missing["times"])))
    return f"{told}{words.colon}{', '.join(pieces)}"


def _can_receive(tell: Teller, condition: model.CanReceive, seen: Seen) -> str:
    words, channel, address = tell.words, tell.words.channels[condition.channel], seen["address"]
    key = (
        "no_address"
        if not address
        else "bad_address"
        if not seen["valid"]
        else "suppressed"
        if seen["suppressed"]
        else "reachable"
    )
    told = words.phrase(key, channel=channel, address=address)
    needed = seen["consent_needed"]
    if needed == "none":
        return told
    return tell.join(told, _consent(tell, channel, seen["consent"], seen.get("consent_at")), words.phrase(
        "needs_yes" if needed == "subscribed" else "needs_no_no"
    ))  # fmt: skip


def _consent(tell: Teller, channel: str, state: str | None, at: str | None) -> str:
    if state is None:
        return tell.words.phrase("no_consent", channel=channel)
    return tell.words.phrase("consent", channel=channel, state=tell.words.states.get(state, state), when=tell.when(at))


def _subscribed(tell: Teller, condition: model.Subscribed, seen: Seen) -> str:
    what = condition.group or tell.words.channels[condition.channel or ""]
    told = [
        _consent(
            tell,
            f"{condition.group} ({tell.words.channels[one['channel']]})"
            if condition.group
            else tell.words.channels[one["channel"]],
            one["state"],
            one["at"],
        )
        for one in seen["consents"]
    ]
    return tell.join(*(told or [tell.words.phrase("no_consents", what=what)]), tell.words.phrase("needs_yes"))


def _in_list(tell: Teller, condition: model.InList, seen: Seen) -> str:
    key = "on_list" if "added_at" in seen else "off_list" if seen else "never_on_list"
    return tell.words.phrase(key, list=condition.list_id, when=tell.when(next(iter(seen.values()), None)))


def _predicted(tell: Teller, condition: model.Predicted, seen: Seen) -> str:
    words, prediction = tell.words, tell.called("prediction", condition.prediction)
    needs = [_needed_of_score(tell, condition)]
    if condition.within is not None:
        needs.append(words.phrase("needs_age", length=tell.length(condition.within)))
    if not seen:
        return tell.join(words.phrase("no_score", prediction=prediction), *needs)
    category = words.categories[seen["category"]]
    score = tell.number(seen["score"])
    told = [words.phrase("score", score=score, category=category, prediction=prediction, when=tell.when(seen["scored_at"]))]
    if condition.percentile or condition.top is not None:
        told.append(
            words.phrase("score_place", place=seen["place"], percentile=tell.number(seen["percentile"]))
            if "place" in seen
            else words.phrase("no_place")
        )
    if condition.value:
        told.append(words.phrase("value", value=tell.number(seen["value"])) if "value" in seen else words.phrase("no_value"))
    return tell.join(*told, *needs)


def _needed_of_score(tell: Teller, condition: model.Predicted) -> str:
    words = tell.words
    if condition.categories:
        return words.phrase("needs_category", categories=words.or_.join(words.categories[c] for c in condition.categories))
    if condition.percentile:
        return words.phrase("needs_percentile", limits=tell.limits(condition.percentile))
    if condition.top is not None:
        return words.phrase("needs_top", n=condition.top)
    if condition.value:
        return words.phrase("needs_value", limits=tell.limits(condition.value))
    return words.phrase("needs_score", limits=tell.limits(condition.score))


def _message(tell: Teller, condition: model.Message, seen: Seen) -> str:
    words = tell.words
    source = tell.source(condition.source) + (words.phrase("step", step=condition.step) if condition.step is not None else "")
    statuses = words.or_.join(words.states[status] for status in condition.statuses)
    told = words.phrase(
        "message", source=source, statuses=statuses, times=tell.times(seen["times"]), window=tell.window(condition.window)
    )
    if "last_at" in seen:
        told += f", {words.phrase('last', when=tell.when(seen['last_at']))}"
    elif "last_before_at" in seen:
        told += f" ({words.phrase('before_window', when=tell.when(seen['last_before_at']))})"
    decided = ", ".join(
        words.phrase("status_count", n=n, status=words.states[status]) for status, n in seen.get("messages", {}).items()
    )
    sent = f", {words.phrase('sent', when=tell.when(seen['last_sent_at']))}" if "last_sent_at" in seen else ""
    return tell.join(told, words.phrase("messages", statuses=decided) + sent if decided else words.phrase("no_messages"))


def _journey(tell: Teller, condition: model.Journey, seen: Seen) -> str:
    words, journey = tell.words, tell.called("journey", condition.journey)
    step = words.phrase("step", step=condition.step) if condition.step is not None else ""
    asked = words.phrase(f"state_{condition.state}", step=step)
    if not seen["passages"]:
        return tell.join(words.phrase("journey_never_in", journey=journey), asked)
    pieces = [words.phrase("journey", journey=journey, times=tell.times(seen["passages"]))]
    pieces.append(words.phrase("entered", when=tell.when(seen["last_entered_at"])))
    if "at_step" in seen:
        pieces.append(words.phrase("at_step", steps=", ".join(seen["at_step"])))
    if "ended" in seen:
        states = ", ".join(words.states[state] for state in seen["ended"])
        pieces.append(words.phrase("ended", states=states, when=tell.when(seen["last_ended_at"])))
    return tell.join(", ".join(pieces), asked)


def _near(tell: Teller, condition: model.Near, seen: Seen) -> str:
    path = ".".join(condition.path)
    if "km" not in seen:
        return tell.words.phrase("nowhere" if seen["value"] is not None else "missing", path=path)
    return tell.words.phrase("near", path=path, km=tell.number(seen["km"]), wanted=tell.number(float(condition.km)))


def _bucket(tell: Teller, condition: model.Bucket, seen: Seen) -> str:
    bucket = seen.get("bucket", "–")  # noqa: RUF001 - of nobody
    return tell.words.phrase("bucket", bucket=bucket, salt=condition.salt, start=condition.start, end=condition.end - 1)


_SENTENCES: dict[type, Callable[[Teller, Any, Seen], str]] = {
    model.Trait: _trait,
    model.Did: _did,
    model.Sequence: _sequence,
    model.CanReceive: _can_receive,
    model.Subscribed: _subscribed,
    model.InList: _in_list,
    model.Predicted: _predicted,
    model.Message: _message,
    model.Journey: _journey,
    model.Near: _near,
    model.Bucket: _bucket,
}


def make_teller(language: str, at: int, zone: ZoneInfo, names: Mapping[str, str] | None = None) -> Teller:
    """Who tells in a language, English for one that is not known; `names` is how people call a definition, by `segment:vip`."""
    return Teller(WORDS.get(language, WORDS["en"]), at, zone, names or {})
