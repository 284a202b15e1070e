"""Why a start did not happen, and why somebody never started."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant
from relance.conditions.clauses import all_match, clause_of
from relance.conditions.evaluate import properties_of
from relance.journeys.explain.case import SQL
from relance.journeys.model import read_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.journeys.explain.case import Case
    from relance.journeys.model import Version
    from relance.warehouse.base import EventRow

Answer = dict[str, Any]
_SIMPLE = ("entry_limit", "excluded", "no_longer_member", "paused", "closed")
_SHOWN = 5


def why_suppressed(
    case: Case, version: Version, reason: str | None, at: int, event: Answer | None, blocking: Mapping[str, Any]
) -> Answer:
    """A start that did not happen: which passage or rule stood in its way."""
    say = case.speaker.say
    evidence: Answer = {"event": event, "reason": reason}
    why = say(reason, since="") if reason in _SIMPLE else say("other", reason=reason)
    before = case.connection.row(SQL["before"], blocking) if reason in ("already_enrolled", "reentry") else None
    if before is not None:
        number, entered_at, ended_at, _, _ = before
        evidence["passage"] = {
            "enrollment_id": str(number),
            "entered_at": format_instant(entered_at),
            "ended_at": format_instant(ended_at),
        }
        since = case.speaker.instant(entered_at)
        if reason == "already_enrolled":
            why = say("already_enrolled", since=since)
        elif version.reentry == "after":
            again = entered_at + version.reentry_after
            evidence["again_from"] = format_instant(again)
            why = say("reentry_after", since=case.speaker.when(entered_at), until=case.speaker.instant(again))
        else:
            why = say("reentry_once", since=case.speaker.when(entered_at))
    if reason == "excluded":
        asked = [
            (segment, case.condition({"type": "in_segment", "segment": segment}, at, None)[0]) for segment in version.excluded
        ]
        evidence["excluded_by"] = [{"segment": segment, "why": found} for segment, found in asked if found["holds"]]
    sentence = say("suppressed", when=case.speaker.when(at), why=why)
    return {
        "kind": "suppressed",
        "at": format_instant(at),
        "step": None,
        "reason": reason,
        "evidence": evidence,
        "sentence": sentence,
    }


def why_not(case: Case, source: str, now: int) -> Answer:
    """Why somebody is not in a journey or campaign and never was: how people enter it, and what there was of that.

    Shape: `reason`, `evidence`, `sentence`.
    """
    say = case.speaker.say
    row = case.connection.row(SQL["published"], {"source": source})
    if row is None:
        return _answer("not_published", {}, say("never_published"))
    version_id, number, state, published_at, text = row
    if state != "published":
        return _answer("state", {"state": state, "version": number}, say("state", state=case.speaker.state(state)))
    body = json.loads(text)
    version = read_version(version_id, source.partition(":")[0], body, {})
    entry = next((rule for rule in version.rules if rule.role == "entry"), None)
    if entry is None:
        return _not_in_audience(case, source, version, now)
    if entry.event == "Segment Entered":
        return _no_member(case, str(body["entry"]["segment"]), now)
    if entry.event in ("Journey Requested", "Campaign Requested"):
        return _answer("not_requested", {}, say("no_request"))
    rows = [event for event in case.person.events if event.name == entry.event]
    if not rows:
        return _answer("no_event", {"event": entry.event}, say("no_event", event=entry.event))
    return _refused(case, version, rows, published_at)


def _answer(reason: str, evidence: Mapping[str, Any], sentence: str) -> Answer:
    return {"reason": reason, "evidence": dict(evidence), "sentence": sentence}


def _refused(case: Case, version: Version, rows: list[EventRow], published_at: int) -> Answer:
    """Events of the name that lets people in were there, and none of them did: which clause failed, or what else."""
    say = case.speaker.say
    entry = next(rule for rule in version.rules if rule.role == "entry")
    clauses = [clause_of(spec) for spec in entry.where]
    last = sorted(rows, key=lambda event: event.seq)[-_SHOWN:][::-1]
    shown = []
    for event in last:
        properties = properties_of(event)
        zone = case.zone(event.received_at, event.seq)
        asked = case.clauses(entry.where, properties, event.received_at)
        for clause, told in zip(clauses, asked, strict=True):
            told["holds"] = all_match([clause], properties, event.received_at, zone)
        failed = next((told for told in asked if not told["holds"]), None)
        shown.append(
            {
                "at": format_instant(event.at),
                "received_at": format_instant(event.received_at),
                "properties": properties,
                "clauses": asked,
                "failed": failed,
                "before_publication": event.received_at < published_at,
            }
        )
    newest = shown[0]
    evidence = {"event": entry.event, "times": len(rows), "last": shown, "published_at": format_instant(published_at)}
    when = case.speaker.when(last[0].at)
    if newest["failed"] is not None:
        sentence = say("events_refused", event=entry.event, n=len(rows), when=when, sentence=newest["failed"]["sentence"])
        return _answer("refused", evidence, sentence)
    if newest["before_publication"]:
        published = case.speaker.instant(published_at)
        return _answer("too_early", evidence, say("events_early", event=entry.event, published=published, when=when))
    return _answer("ignored", evidence, say("events_history", event=entry.event, when=when))


def _no_member(case: Case, segment: str, now: int) -> Answer:
    why, sentence = case.condition({"type": "in_segment", "segment": segment}, now, None)
    inner = why.get("parts", [{}])[0].get("sentence", sentence)
    key = "member" if why["holds"] else "not_member"
    return _answer(
        key,
        {"segment": segment, "why": why},
        case.speaker.say(key, segment=case.speaker.called("segment", segment), sentence=inner),
    )


def _not_in_audience(case: Case, source: str, version: Version, now: int) -> Answer:
    ran_at = case.connection.value(SQL["last_run"], {"source": source})
    if ran_at is None:
        return _answer("not_fired", {"schedule": version.schedule}, case.speaker.say("not_fired"))
    why, sentence = case.condition(version.audience or {"type": "all", "of": []}, min(ran_at, now), None)
    key = "in_audience" if why["holds"] else "not_in_audience"
    evidence = {"schedule": version.schedule, "ran_at": format_instant(ran_at), "why": why}
    return _answer(key, evidence, case.speaker.say(key, when=case.speaker.when(ran_at), sentence=sentence))
