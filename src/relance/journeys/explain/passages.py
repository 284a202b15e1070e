"""One passage, decision by decision: what moved the person, and what that rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import FAR_FUTURE, format_instant, parse_duration, parse_instant
from relance.journeys.actions import choose_path
from relance.journeys.explain.case import SQL, as_event
from relance.journeys.explain.outcomes import explain_messages
from relance.journeys.explain.starts import why_suppressed
from relance.journeys.model import END, RULES_PER_VERSION, Step, goals_of, read_version
from relance.journeys.steps import end_of_wait
from relance.journeys.trace import STATUSES, read_key
from relance.localtime import UTC_ZONE, find_zone
from relance.outbox.handoff import hash_share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from relance.journeys.explain.case import Case
    from relance.journeys.model import Rule, Version

Answer = dict[str, Any]
_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class _Visit:
    """One step that was entered, and why."""

    visit: int
    version: Version  # that the passage was of then
    step: Step
    at: int
    seq: int | None  # None for steps of an earlier release
    cause: str
    ref: int | None
    event: Answer | None
    moved_by: str | None  # properties of the event that last moved the person, as JSON


@dataclass(frozen=True, slots=True)
class _Passage:
    """What an explanation of a passage goes by."""

    case: Case
    version: Version
    body: Mapping[str, Any]
    enrollment_id: int
    entered_at: int


def explain_passages(case: Case, source: str, limit: int) -> list[Answer]:
    """A person's passages, the newest first, each with its `decisions` in order.

    Args:
        case: the person.
        source: of one journey or campaign alone; "" for all.
        limit: how many at most.
    """
    rows = case.connection.rows(SQL["passages"], {"profile_id": case.profile_id, "source": source, "limit": limit})
    return [_explain(case, row) for row in rows]


def _explain(case: Case, row: tuple[Any, ...]) -> Answer:
    (id_, version_id, number, text, source, key, status, reason, entered_at, ended_at, step, step_at, deadline, due_at,
     name, event_at, received_at, properties) = row  # fmt: skip
    body = json.loads(text)
    version = read_version(version_id, source.partition(":")[0], body, {})
    passage = _Passage(case, version, body, id_, entered_at)
    visits = _visits(passage)
    started = (visits[0].event if visits else None) or (
        as_event(name, event_at, received_at, properties) if not visits else None
    )
    head = {
        "enrollment_id": str(id_),
        "source": source,
        "name": body.get("name") or body["id"],
        "version": number,
        "key": read_key(key),
        "status": STATUSES[status],
        "reason": reason,
        "entered_at": format_instant(entered_at),
        "ended_at": format_instant(ended_at),
    }
    if STATUSES[status] == "suppressed":
        blocking = {"enrollment_id": id_, "profile_id": case.profile_id, "source": source, "key": key}
        return {**head, "decisions": [why_suppressed(case, version, reason, entered_at, started, blocking)]}
    decisions = [_start(passage, started), *_moves(passage, visits, explain_messages(case, id_, source, body))]
    if STATUSES[status] == "finished" and visits:
        decisions += _last_move(passage, visits[-1], ended_at)
    decisions += _goals(passage)
    if STATUSES[status] == "active":
        decisions += _rest(passage, step, step_at, deadline, due_at)
    else:
        decisions.append(_end(passage, STATUSES[status], reason, ended_at))
    return {**head, "decisions": decisions}


def _visits(passage: _Passage) -> list[_Visit]:
    of = {"enrollment_id": passage.enrollment_id, "profile_id": passage.case.profile_id}
    visits: list[_Visit] = []
    moved_by = None
    versions: dict[int | None, Version] = {None: passage.version}
    for visit, step, at, seq, cause, ref, older, *told in passage.case.connection.rows(SQL["visits"], of):
        if older not in versions:
            kind, _, body = passage.case.connection.rows(SQL["version"], {"version_id": older})[0]
            versions[older] = read_version(older, kind, json.loads(body), {})
        version, event = versions[older], as_event(*told)
        moved_by = told[-1] if event is not None else moved_by
        visits.append(_Visit(visit, version, version.steps[step], at, seq, cause, ref, event, moved_by))
    return visits


# ------------------------------------------------------------------------------------------------------------ the start


def _start(passage: _Passage, event: Answer | None) -> Answer:
    """By what a passage began."""
    case, entry = passage.case, next((rule for rule in passage.version.rules if rule.role == "entry"), None)
    when = case.speaker.when(passage.entered_at)
    evidence: Answer = {"event": event}
    if event is None:
        key = "entered_schedule" if passage.version.schedule else "entered"
        evidence |= {"schedule": passage.version.schedule, "audience": passage.version.audience}
        return _decision("started", passage.entered_at, None, evidence, case.speaker.say(key, when=when))
    if event["event"] == "Segment Entered":
        segment = case.speaker.called("segment", str(event["properties"].get("segment")))
        sentence = case.speaker.say("entered_segment", when=when, segment=segment)
    elif event["event"] in ("Journey Requested", "Campaign Requested"):
        sentence = case.speaker.say("entered_request", when=when)
    else:
        sentence = case.speaker.say("entered_event", when=when, event=event["event"], event_at=_at(case, event))
    clauses = (
        case.clauses(entry.where, event["properties"], passage.entered_at) if entry and entry.event == event["event"] else []
    )
    if clauses and event["event"] not in ("Segment Entered", "Journey Requested", "Campaign Requested"):
        sentence += f" ({'; '.join(clause['sentence'] for clause in clauses)})"
    return _decision("started", passage.entered_at, None, evidence | {"clauses": clauses}, sentence)


def _at(case: Case, event: Mapping[str, Any]) -> str:
    return case.speaker.when(parse_instant(event["at"]))


def _decision(kind: str, at: int | None, step: str | None, evidence: Mapping[str, Any], sentence: str, **more: Any) -> Answer:
    return {"kind": kind, "at": format_instant(at), "step": step, **more, "evidence": dict(evidence), "sentence": sentence}


# ------------------------------------------------------------------------------------------------------- step by step


def _moves(passage: _Passage, visits: list[_Visit], messages: Mapping[int, list[Answer]]) -> Iterator[Answer]:
    """What happened at each step, and why it was left for the next."""
    for n, visit in enumerate(visits):
        yield from messages.get(visit.visit, ())
        if n + 1 == len(visits):
            return
        following = visits[n + 1]
        explained, sentence = _CAUSES.get(following.cause, _went_on)(passage, visit, following)
        more = {"cause": following.cause, "next": following.step.step_id}
        yield _decision("moved", following.at, visit.step.step_id, explained, sentence, **more)


def _last_move(passage: _Passage, visit: _Visit, ended_at: int | None) -> Iterator[Answer]:
    """Why somebody came from the last step to the end. The path does not tell: it is found out as the step would have."""
    step, case = visit.step, passage.case
    if ended_at is None or step.kind in ("message", "end"):
        return
    cause, ref, event = "next", None, None
    if step.kind == "listen":
        rules = [rule for rule in _rules_of(visit) if rule.next == END]
        deadline = _deadline(visit)
        of = {"profile_id": case.profile_id, "ended_at": ended_at, "deadline": FAR_FUTURE if deadline is None else deadline}
        heard = case.connection.rows_in(SQL["heard"], [rule.rule_id for rule in rules], of) if rules else []
        if heard:
            cause, ref, event = "heard", heard[0][0], as_event(*heard[0][1:])
        else:
            cause = "timeout"
    elif step.kind == "branch":
        truth = [case.condition(condition, visit.at, visit.seq)[0]["holds"] for condition, _ in step.when]
        cause, ref = ("branch", truth.index(True)) if True in truth else ("otherwise", None)
    elif step.kind == "split":
        salt = f"split:{passage.version.source}:{step.step_id}"
        cause, ref = "split", choose_path([percent for percent, _ in step.paths], salt, case.user_id)
    elif step.kind == "wait":
        cause = "waited"
    end = _Visit(visit.visit + 1, visit.version, Step(END, "end", "end"), ended_at, None, cause, ref, event, None)
    explained, sentence = _CAUSES.get(cause, _went_on)(passage, visit, end)
    yield _decision("moved", ended_at, step.step_id, explained, sentence, cause=cause, next="end")


def _heard(passage: _Passage, visit: _Visit, following: _Visit) -> tuple[Answer, str]:
    case, event = passage.case, following.event
    deadline = _deadline(visit)
    evidence: Answer = {"event": event, "deadline": format_instant(deadline)}
    if event is None:
        return evidence, case.speaker.say("next", step=case.speaker.step(visit.step))
    rule = next((r for r in _rules_of(visit) if r.event == event["event"]), None)
    if rule is not None:
        evidence |= {"since": rule.since, "clauses": case.clauses(rule.where, event["properties"], following.at)}
    sentence = case.speaker.say("heard", step=case.speaker.step(visit.step), event=event["event"], event_at=_at(case, event))
    if deadline is not None and following.at > deadline:
        sentence += case.speaker.say(
            "heard_late", received=case.speaker.when(following.at), deadline=case.speaker.instant(deadline)
        )
    return evidence, sentence


def _timeout(passage: _Passage, visit: _Visit, following: _Visit) -> tuple[Answer, str]:
    case = passage.case
    deadline = _deadline(visit) or following.at
    rules = _rules_of(visit)
    events = [rule.reason for rule in rules]
    late = case.connection.rows_in(
        SQL["late"], [rule.rule_id for rule in rules], {"profile_id": case.profile_id, "deadline": deadline, "since": visit.at}
    )
    came = as_event(*late[0]) if late else None
    sentence = case.speaker.say(
        "timeout",
        step=case.speaker.step(visit.step),
        events=", ".join(dict.fromkeys(events)),
        deadline=case.speaker.instant(deadline),
    )
    if came is not None:
        in_time = late[0][1] <= deadline
        received = case.speaker.when(late[0][2])
        key = "arrived_late" if in_time else "too_late"
        sentence += case.speaker.say(key, event=came["event"], event_at=_at(case, came), received=received)
    return {
        "deadline": format_instant(deadline),
        "waited_for": list(visit.step.body.get("for", ())),
        "came_late": came,
    }, sentence


def _waited(passage: _Passage, visit: _Visit, following: _Visit) -> tuple[Answer, str]:
    case, step = passage.case, visit.step
    if step.wait is not None:
        evidence = {"for": step.body.get("for"), "deadline": format_instant(_deadline(visit))}
        sentence = case.speaker.say(
            "waited_for",
            step=case.speaker.step(step),
            length=case.speaker.length(step.wait),
            when=case.speaker.when(following.at),
        )
        return evidence, sentence
    until = step.body.get("until")
    named = until.get("timezone") if isinstance(until, dict) and "path" not in until else "profile"
    clock = case.clock(visit.at, visit.seq, named)
    traits, zone_name = case.traits(visit.at, visit.seq)
    workspace_zone = find_zone(case.settings_at(visit.at).timezone) or UTC_ZONE
    entry = {"id": passage.version.id, "kind": passage.version.kind, "entered_at": format_instant(passage.entered_at)}
    deadline = end_of_wait(workspace_zone, until, visit.at, traits, zone_name, visit.moved_by, entry) if until else None
    sentence = case.speaker.say(
        "waited_until",
        step=case.speaker.step(step),
        when=case.speaker.when(following.at),
        zone=clock["zone"],
        whose=case.whose(clock),
    )
    return {"until": until, "deadline": format_instant(deadline), "clock": clock}, sentence


def _branch(passage: _Passage, visit: _Visit, following: _Visit) -> tuple[Answer, str]:
    """Each condition that was asked, in order, as of the very moment."""
    taken = following.ref if following.cause == "branch" else None
    asked: list[Answer] = []
    told: list[str] = []
    for n, (condition, _) in enumerate(visit.step.when):
        why, sentence = passage.case.condition(condition, visit.at, visit.seq)
        asked.append({"condition": condition, "held": n == taken, "why": why, "agrees": why["holds"] == (n == taken)})
        told.append(sentence)
        if n == taken:
            break
    say, step = passage.case.speaker.say, passage.case.speaker.step(visit.step)
    if taken is not None and told:
        sentence = say("branch", step=step, n=taken + 1, sentence=told[-1])
    else:
        sentence = say("otherwise", step=step, sentence="; ".join(told) or say("no_conditions"))
    return {"conditions": asked}, sentence


def _split(passage: _Passage, visit: _Visit, following: _Visit) -> tuple[Answer, str]:
    case, number = passage.case, following.ref or 0
    salt = f"split:{passage.version.source}:{visit.step.step_id}"
    place = hash_share(salt, case.user_id, _PARTS)
    percents = [percent for percent, _ in visit.step.paths]
    start = sum(percents[:number]) * _PARTS / 100
    end = start + percents[number] * _PARTS / 100 if number < len(percents) else _PARTS
    evidence = {"salt": salt, "place": place, "of": _PARTS, "path": number, "from": start, "below": end}
    sentence = case.speaker.say(
        "split", step=case.speaker.step(visit.step), place=place, n=number + 1, start=f"{start:g}", end=f"{end:g}"
    )
    return evidence, sentence


def _went_on(passage: _Passage, visit: _Visit, following: _Visit) -> tuple[Answer, str]:
    key = following.cause if following.cause in ("blocked", "failed", "migrated") else "next"
    if key == "next" and visit.step.kind == "message":
        key = "next_message"
    return {}, passage.case.speaker.say(key, step=passage.case.speaker.step(visit.step))


_CAUSES: dict[str, Callable[[_Passage, _Visit, _Visit], tuple[Answer, str]]] = {
    "heard": _heard,
    "timeout": _timeout,
    "waited": _waited,
    "branch": _branch,
    "otherwise": _branch,
    "split": _split,
}


def _deadline(visit: _Visit) -> int | None:
    return None if visit.step.wait is None else visit.at + visit.step.wait


def _rules_of(visit: _Visit) -> list[Rule]:
    return [rule for rule in visit.version.rules if rule.role == "listen" and rule.step == visit.step.index]


# -------------------------------------------------------------------------------------------------------------- the end


def _goals(passage: _Passage) -> Iterator[Answer]:
    """When each goal was first reached, and by what."""
    case, specs = passage.case, goals_of(passage.body)
    met: set[int] = set()
    of = {"profile_id": case.profile_id, "enrollment_id": passage.enrollment_id}
    for goal, at, *told in case.connection.rows(SQL["goals"], of):
        if goal in met:
            continue
        met.add(goal)
        event = as_event(*told)
        spec = specs[goal] if goal < len(specs) else {}
        name = event["event"] if event is not None else str(spec.get("event") or "")
        sentence = case.speaker.say("goal", when=case.speaker.when(at), event=name)
        yield _decision("goal", at, None, {"event": event, "goal": spec}, sentence, goal=goal)


def _rest(passage: _Passage, step: int | None, step_at: int | None, deadline: int | None, due_at: int | None) -> list[Answer]:
    """Where somebody stands now, and until when."""
    if step is None or not 0 <= step < len(passage.version.steps) or step_at is None:
        return []
    case, stood = passage.case, passage.version.steps[step]
    name = case.speaker.step(stood)
    since = case.speaker.instant(step_at)
    if deadline is None:
        sentence = case.speaker.say("rests_open", step=name, since=since)
    else:
        sentence = case.speaker.say("rests", step=name, since=since, deadline=case.speaker.instant(deadline))
    life = passage.entered_at + passage.version.lifetime
    evidence = {
        "since": format_instant(step_at),
        "deadline": format_instant(deadline),
        "due_at": format_instant(due_at),
        "lifetime_ends_at": format_instant(life),
    }
    return [_decision("rests", step_at, stood.step_id, evidence, sentence)]


def _end(passage: _Passage, status: str, reason: str | None, ended_at: int | None) -> Answer:
    case, when = passage.case, passage.case.speaker.when(ended_at)
    about = {"status": status, "reason": reason}
    if status == "finished":
        return _decision("ended", ended_at, None, {}, case.speaker.say("finished", when=when), **about)
    if status == "failed":
        return _decision("ended", ended_at, None, {}, case.speaker.say("ended_failed", when=when, reason=reason), **about)
    exits = {rule.rule_id: rule for rule in passage.version.rules if rule.role == "exit" and rule.reason == reason}
    first = passage.version.version_id * RULES_PER_VERSION
    of = {"profile_id": case.profile_id, "at": ended_at, "first_rule": first, "end_rule": first + RULES_PER_VERSION}
    for rule_id, *told in case.connection.rows(SQL["exits"], of):
        if rule_id in exits:
            event = as_event(*told)
            assert event is not None  # noqa: S101 - an event that is kept has a name
            clauses = case.clauses(exits[rule_id].where, event["properties"], ended_at or 0)
            sentence = case.speaker.say("exited_event", when=when, event=event["event"], event_at=_at(case, event))
            return _decision("ended", ended_at, None, {"event": event, "clauses": clauses}, sentence, **about)
    if reason == "lifetime":
        length = passage.body.get("lifetime") or "365d"
        evidence = {"lifetime": length, "ends_at": format_instant(passage.entered_at + passage.version.lifetime)}
        said = case.speaker.say("exited_lifetime", when=when, length=case.speaker.length(parse_duration(length) or 0))
        return _decision("ended", ended_at, None, evidence, said, **about)
    key = "exited_merged" if reason == "merged" else "exited"
    return _decision("ended", ended_at, None, {}, case.speaker.say(key, when=when, reason=reason), **about)
