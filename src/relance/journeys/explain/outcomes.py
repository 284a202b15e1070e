"""One message, and what decided about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant, parse_instant
from relance.journeys.explain.case import SQL
from relance.localtime import UTC_ZONE, find_zone, local_time
from relance.outbox.handoff import hash_share
from relance.outbox.quiet import QuietClock
from relance.profiles.addresses import normalise_email

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.journeys.explain.case import Case

Answer = dict[str, Any]
_COLUMNS = (
    "message_id", "step", "visit", "channel", "template", "variant", "marketing", "status", "reason", "address", "queued_at", "due_at",
    "expires_at", "decided_at", "decided_seq",
)  # fmt: skip
_UNDECIDED = ("queued", "ready", "claimed")


def explain_messages(case: Case, enrollment_id: int, source: str, body: Mapping[str, Any]) -> dict[int, list[Answer]]:
    """The messages of a passage with their evidence, by the visit of the step that sent them."""
    prefix = case.connection.value(SQL["prefix"]) or "m"
    found: dict[int, list[Answer]] = {}
    for row in case.connection.rows(SQL["messages"], {"enrollment_id": enrollment_id}):
        message = dict(zip(_COLUMNS, row, strict=True))
        told = _explain(case, message, source, body)
        at = message["decided_at"] if message["status"] not in _UNDECIDED else message["queued_at"]
        found.setdefault(message["visit"], []).append(
            {
                "kind": "message",
                "at": format_instant(at),
                "message_id": f"{prefix}{message['message_id']}",
                **{name: message[name] for name in ("step", "channel", "template", "variant", "status", "reason")},
                "to": message["address"],
                **told,
            }
        )
    return found


def _explain(case: Case, message: Mapping[str, Any], source: str, body: Mapping[str, Any]) -> Answer:
    say, status = case.speaker.say, message["status"]
    channel = case.speaker.channel(message["channel"])
    if status in _UNDECIDED:
        if message["due_at"] > message["queued_at"] and status == "queued":
            clock = _quiet_clock(case, message["queued_at"])
            until = case.speaker.instant(message["due_at"])
            sentence = say("held", channel=channel, until=until, zone=clock["zone"], whose=case.whose(clock))
            return {"evidence": {"held_until": format_instant(message["due_at"]), "clock": clock}, "sentence": sentence}
        return {"evidence": {}, "sentence": say("waiting", channel=channel, since=case.speaker.instant(message["queued_at"]))}
    evidence: Answer = {}
    held = ""
    hold = _hold_of(case, message)
    if hold is not None:
        evidence |= hold
        held = say(
            "was_held",
            since=case.speaker.instant(message["queued_at"]),
            zone=hold["clock"]["zone"],
            whose=case.whose(hold["clock"]),
        )
    when = case.speaker.when(message["decided_at"])
    if status == "sent":
        sentence = say("sent", channel=channel, address=message["address"], when=when)
    elif status == "expired":
        evidence["expires_at"] = format_instant(message["expires_at"])
        sentence = say("message_expired", channel=channel, when=when, expires=case.speaker.instant(message["expires_at"]))
    else:
        more, why = _REASONS.get(message["reason"], _other)(case, message, source, body)
        evidence |= more
        sentence = say(f"message_{status}", channel=channel, when=when, why=why)
    return {"evidence": evidence, "sentence": sentence + held}


def _quiet_clock(case: Case, at: int) -> Answer:
    quiet = case.settings_at(at).quiet_hours
    return case.clock(at, None, quiet.timezone if quiet is not None else "profile")


def _hold_of(case: Case, message: Mapping[str, Any]) -> Answer | None:
    """Whether quiet hours held it before it was decided, as the settings of then say."""
    if message["decided_at"] is None or message["decided_at"] <= message["queued_at"] or not message["marketing"]:
        return None
    settings = case.settings_at(message["queued_at"])
    quiet = settings.quiet_hours
    if quiet is None or quiet.when_hit == "discard" or message["channel"] not in quiet.channels:
        return None
    _, zone = case.traits(message["queued_at"], None)
    until = QuietClock(quiet, settings.timezone).ends_at(message["queued_at"], zone)
    if until is None:
        return None
    return {"held_until": format_instant(until), "clock": _quiet_clock(case, message["queued_at"])}


# ------------------------------------------------------------------------------------------------- by reason of refusal


def _consent(case: Case, message: Mapping[str, Any], _source: str, _body: Mapping[str, Any]) -> tuple[Answer, str]:
    template = case.connection.value(SQL["template_group"], {"template": message["template"]})
    groups = ["", *([json.loads(template)["group"]] if template and json.loads(template).get("group") else [])]
    told = []
    for group in groups:
        row = case.connection.row(
            SQL["consent"],
            {"profile_id": case.profile_id, "channel": message["channel"], "group_id": group, "at": message["decided_at"]},
        )
        state, at, by = row or (None, None, None)
        told.append({"group": group or None, "state": state, "at": format_instant(at), "source": by})
    mode = case.settings_at(message["decided_at"]).consent.get(message["channel"], "none")
    no = next((one for one in told if one["state"] == "unsubscribed"), None)
    said = [row for row in told if row["state"] is not None]
    evidence = {"consent": told, "mode": mode}
    if message["reason"] == "unsubscribed" and no is not None:
        return evidence, case.speaker.say("unsubscribed", since=_when(case, no["at"]))
    return evidence | {"given": bool(said)}, case.speaker.say("no_consent")


def _when(case: Case, text: str | None) -> str:
    return case.speaker.when(parse_instant(text))


def _suppressed(case: Case, message: Mapping[str, Any], _source: str, _body: Mapping[str, Any]) -> tuple[Answer, str]:
    address = message["address"]
    key = normalise_email(address)[1] if message["channel"] == "email" else address
    row = case.connection.row(SQL["suppression"], {"channel": message["channel"], "address": key or address})
    reason, at, bounces = row or (None, None, 0)
    evidence = {"suppression": {"address": address, "reason": reason, "at": format_instant(at), "soft_bounces": bounces}}
    return evidence, case.speaker.say(
        "suppressed_address", address=address, since=case.speaker.instant(at), reason=reason or "?"
    )


def _cap(case: Case, message: Mapping[str, Any], _source: str, _body: Mapping[str, Any]) -> tuple[Answer, str]:
    """Which cap, and which messages used it up: the first cap that was used up, as the check asks them."""
    at, say = message["decided_at"], case.speaker.say
    prefix = case.connection.value(SQL["prefix"]) or "m"
    for cap in case.settings_at(at).frequency_caps:
        if cap.channel not in ("any", message["channel"]):
            continue
        of = {
            "profile_id": case.profile_id, "message_id": message["message_id"], "at": at, "per": cap.per, "channel": cap.channel,
            "most": max(cap.max, 1),
        }  # fmt: skip
        rows = case.connection.rows(SQL["used_up"], of)
        if len(rows) < cap.max:
            continue
        used = [
            {
                "message_id": f"{prefix}{id_}", "source": source, "step": step, "channel": channel, "at": format_instant(sent_at),
                "status": "sent" if sent else "under_way", "became": status,
            }
            for id_, source, step, channel, status, sent_at, sent in rows[: cap.max]
        ]  # fmt: skip
        told = ", ".join(
            say(
                "cap_message",
                source=case.speaker.source(u["source"]),
                step=u["step"],
                channel=case.speaker.channel(u["channel"]),
                when=_when(case, u["at"]),
            )
            for u in used
        )
        on = say("on_any") if cap.channel == "any" else case.speaker.channel(cap.channel)
        why = say("frequency_cap", max=cap.max, per=case.speaker.length(cap.per), on=on, n=len(used), messages=told or "–")  # noqa: RUF001 - of none
        return {"cap": {"channel": cap.channel, "max": cap.max, "per_seconds": cap.per // 1_000_000}, "used_up_by": used}, why
    return _other(case, message, _source, _body)


def _quiet(case: Case, message: Mapping[str, Any], source: str, body: Mapping[str, Any]) -> tuple[Answer, str]:
    at = message["decided_at"]
    quiet = case.settings_at(at).quiet_hours
    if quiet is None:
        return _other(case, message, source, body)
    clock = _quiet_clock(case, at)
    local = f"{local_time(at, find_zone(clock['zone']) or UTC_ZONE):%H:%M}"
    start, end = f"{quiet.start:%H:%M}", f"{quiet.end:%H:%M}"
    why = case.speaker.say("quiet_hours", local=local, start=start, end=end, zone=clock["zone"], whose=case.whose(clock))
    return {"quiet_hours": {"from": start, "to": end}, "local_time": local, "clock": clock}, why


def _share(case: Case, message: Mapping[str, Any], source: str, body: Mapping[str, Any]) -> tuple[Answer, str]:
    word = message["reason"]
    place = hash_share(f"{word}:{source}", case.user_id)
    limit = float(body.get(f"{word}_percent") or 0) * 100
    evidence = {"share": {"salt": f"{word}:{source}", "place": place, "below": limit, "of": 10_000}}
    return evidence, case.speaker.say("share", place=place, limit=f"{limit:g}")


def _address(case: Case, message: Mapping[str, Any], _source: str, _body: Mapping[str, Any]) -> tuple[Answer, str]:
    return {"address": message["address"]}, case.speaker.say(message["reason"], address=message["address"])


def _exited(case: Case, message: Mapping[str, Any], _source: str, _body: Mapping[str, Any]) -> tuple[Answer, str]:
    return {"held_until": format_instant(message["due_at"])}, case.speaker.say("exited_first")


def _unknown(case: Case, _message: Mapping[str, Any], _source: str, _body: Mapping[str, Any]) -> tuple[Answer, str]:
    return {}, case.speaker.say("unknown_outcome")


def _other(case: Case, message: Mapping[str, Any], _source: str, _body: Mapping[str, Any]) -> tuple[Answer, str]:
    """What a provider or a template said."""
    row = case.connection.row(SQL["fault"], {"message_id": message["message_id"]})
    reason = str(message["reason"] or message["status"])
    if row is None:
        return {}, case.speaker.say("other", reason=reason)
    provider, outcome, detail = row
    evidence = {"fault": {"provider": provider, "outcome": outcome, "detail": detail}}
    return evidence, case.speaker.say("fault", provider=provider or reason, detail=detail or outcome)


_REASONS: dict[str | None, Callable[[Case, Mapping[str, Any], str, Mapping[str, Any]], tuple[Answer, str]]] = {
    "no_consent": _consent,
    "unsubscribed": _consent,
    "suppressed": _suppressed,
    "frequency_cap": _cap,
    "quiet_hours": _quiet,
    "holdout": _share,
    "control": _share,
    "no_address": _address,
    "invalid_address": _address,
    "exited": _exited,
    "unknown_outcome": _unknown,
}
