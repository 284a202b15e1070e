"""The journeys of simulated worlds: every kind of step, the rules for re-entry, keys, caps, quiet hours, segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_TEXT = """
{kind: settings, timezone: UTC, lateness: LATENESS, consent: {email: CONSENT, sms: none, push: none}CAPS QUIET}
---
{kind: template, id: mail, channel: email, status: ready, subject: "Hello {{ profile.first_name }}", body: "<p>there</p>"}
---
{kind: template, id: text, channel: sms, status: ready, body: "Hello"}
---
{kind: template, id: note, channel: push, status: ready, title: "Hello", body: "there"}
---
{kind: segment, id: buyers, where: {type: did, event: Order, within: 1h}}
---
{kind: segment, id: shoppers, where: {type: did, event: Cart, within: 30m}}
---
kind: journey
id: cart
entry: {type: event, event: Cart}
RULES
exit_on: [{event: Order}, {event: Left}]
goal: {event: Order, target_percent: 10, within: 30m}
lifetime: 80m
start: who
steps:
  who: {type: branch, when: [{where: {type: in_segment, segment: buyers}, next: note}, {where: {type: did, event: Cart, times: {gte: 2}}, next: mail}], otherwise: pause}
  pause: {type: wait, for: 10m, next: mail}
  mail: {type: message, channel: email, template: mail, purpose: PURPOSE, EXPIRY next: heard, on_failed: text}
  heard: {type: listen, for: [{event: Email Opened, message: mail, next: note}, {event: Email Link Clicked, message: mail, next: again}], timeout: 20m, on_timeout: text}
  text: {type: message, channel: sms, template: text, purpose: PURPOSE, next: again, on_blocked: note}
  again: {type: listen, for: [{event: Cart, next: note}], since: SINCE, timeout: 15m, on_timeout: note}
  note: {type: message, channel: push, template: note, purpose: PURPOSE, next: known}
  known: {type: branch, when: [{where: {type: message, source: "journey:cart", step: mail, status: [sent]}, next: mark}], otherwise: end}
  mark: {type: update_profile, set: {plan: gold}, next: end}
---
kind: journey
id: after
entry: {type: event, event: Journey Ended, where: [{path: journey, op: eq, value: cart}]}
reentry: always
start: moment
steps:
  moment: {type: wait, for: 5m, next: text}
  text: {type: message, channel: sms, template: text, purpose: transactional, next: end}
---
kind: journey
id: lost
entry: {type: segment_entered, segment: shoppers}
reentry: always
start: gone
steps:
  gone: {type: listen, for: [{segment_left: shoppers, next: note}], timeout: 40m, on_timeout: end}
  note: {type: message, channel: push, template: note, purpose: transactional, next: end}
---
kind: campaign
id: news
audience: {type: not, of: {type: in_segment, segment: buyers}}
schedule: {every: hour}
message: {channel: push, template: note, purpose: PURPOSE}
"""


ASKS = '{type: message, source: "journey:cart", step: mail, status: [sent]}'  # what the warehouse is told of once it is asked
_ASKS_NOT = "{type: trait, path: plan, op: eq, value: pro}"


def change_definitions(text: str) -> str:
    """The next version: another wait, and a condition on what journeys did, whose past must be told."""
    return text.replace("for: 10m", "for: 12m").replace(_ASKS_NOT, ASKS)


def write_definitions(r: Random, *, transactional: bool) -> str:
    """One world's. With `transactional` messages alone no crash leaves an unknown outcome."""
    rules = r.choice(("reentry: always", "reentry: {after: 30m}", "key: properties.key", "key: properties.key\nreentry: once"))
    caps = ", frequency_caps: [{channel: any, max: 2, per: 1h}]" if r.random() < 0.5 else ""
    quiet = ', quiet_hours: {channels: [sms], from: "09:00", to: "09:40", timezone: UTC}' if r.random() < 0.4 else ""
    words = {
        "LATENESS": r.choice(("0s", "0s", "2m")),
        "CONSENT": r.choice(("opt_out", "opt_out", "none")),
        "CAPS": caps,
        "QUIET": quiet,
        "RULES": rules,
        "PURPOSE": "transactional" if transactional or r.random() < 0.2 else "marketing",
        "EXPIRY": "" if r.random() < 0.7 else "expires_in: 30m,",
        "SINCE": r.choice(("step", "enrollment")),
    }
    text = _TEXT if r.random() < 0.6 else _TEXT.replace(ASKS, _ASKS_NOT)
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text
