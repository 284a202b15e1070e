"""Steps that act at once: split, update_profile, track, start_journey (SEMANTICS 2, 5, 25, 48)."""

from __future__ import annotations

from collections import Counter

from relance.journeys.actions import MOST_STARTS
from relance.journeys.trace import trace_profile
from relance.outbox.handoff import hash_share
from tests.contract.journeys.world import Told, World, person

CART: Told = ("03-01 08:00", "ana", "Cart", {"cart_id": 1})


def test_a_split_is_sticky_and_independent_of_other_splits(world: World) -> None:
    definitions = """
kind: journey
id: test
entry: {type: event, event: Cart}
start: way
steps:
  way: {type: split, paths: [{percent: 12.5, next: one}, {percent: 37.5, next: two}, {percent: 50}]}
  one: {type: wait, for: 1m, next: end}
  two: {type: wait, for: 1m, next: end}
"""
    users = [f"user-{n}" for n in range(60)]
    events: list[Told] = [(f"03-0{day} 08:00", user, "Cart") for day in (1, 2) for user in users]

    found = world.play(definitions, events, until="03-05")

    def way(user: str) -> list[str]:
        place = hash_share("split:journey:test:way", user)
        return ["way", "one"] if place < 1250 else ["way", "two"] if place < 5000 else ["way"]

    assert {(u, tuple(way(u))) for u in users} == {
        (e["user_id"], tuple(p["step"] for p in e["path"])) for e in found.enrollments
    }
    assert {2} == set(Counter(e["user_id"] for e in found.enrollments).values())
    assert 3 == len({len(way(u)) * 10 + len(way(u)[-1]) + ord(way(u)[-1][0]) for u in users})  # each way is taken by some


def test_a_trace_tells_which_way_of_a_split_was_taken(world: World) -> None:
    definitions = """
kind: journey
id: test
entry: {type: event, event: Cart}
start: way
steps:
  way: {type: split, paths: [{percent: 0, next: end}, {percent: 100, next: stay}]}
  stay: {type: wait, for: 1d, next: end}
"""
    world.play(definitions, [CART], until="03-02")

    with world.database.reading() as connection:
        path = trace_profile(connection, int(connection.value("SELECT profile_id FROM profiles")))[0]["path"]
    assert {"cause": "split", "from": "way", "number": 1, "percent": 100} == path[1]["why"]


UPDATE = """
kind: journey
id: mark
entry: {type: event, event: Cart}
start: ask
steps:
  ask: {type: branch, when: [{where: {type: trait, path: plan.name, op: eq, value: pro}, next: end}], otherwise: mark}
  mark: {type: update_profile, set: {plan.name: pro, profile.traits.seen: [1, 2], first_name: Ada}, unset: [old.inner, profile.gone], next: again}
  again: {type: branch, when: [{where: {type: trait, path: plan.name, op: eq, value: pro}, next: mail}], otherwise: end}
  mail: {type: message, channel: email, template: mail, next: end}
---
kind: segment
id: pros
where: {type: trait, path: plan.name, op: eq, value: pro}
"""


def test_traits_that_a_step_changes_are_seen_by_all_that_follows(any_world: World) -> None:
    events = [*person("ana", plan={"level": 3}, gone=1, old={"inner": 1, "outer": 2}), CART]

    found = any_world.play(UPDATE, events, until="03-02")

    assert ["03-01 08:00 ask@03-01 08:00 mark@03-01 08:00 again@03-01 08:00 mail@03-01 08:00 finished 03-01 08:00"] == (
        found.passages("ana")
    )
    assert "Hello Ada" == found.messages[0]["subject"]
    assert [{"segment": "pros", "user_id": "ana"}] == found.memberships
    with any_world.database.reading() as connection:
        text = connection.value("SELECT traits FROM profiles WHERE user_id = 'ana'")
    assert '"plan":{"level":3,"name":"pro"}' in text
    assert '"seen":[1,2]' in text
    assert '"old":{"outer":2}' in text
    assert "gone" not in text


def test_an_update_may_change_the_address_of_the_next_message(world: World) -> None:
    definitions = """
kind: journey
id: move
entry: {type: event, event: Cart}
start: mark
steps:
  mark: {type: update_profile, set: {email: New@Example.com}, next: mail}
  mail: {type: message, channel: email, template: mail, next: end}
"""

    found = world.play(definitions, [*person("ana"), CART], until="03-02")

    assert ["New@Example.com"] == [m["to"] for m in found.messages]


def test_what_was_asked_in_the_same_place_before_does_not_see_the_update(any_world: World) -> None:
    definitions = """
kind: journey
id: first
entry: {type: event, event: Cart}
start: mark
steps:
  mark: {type: update_profile, set: {plan: pro}, next: end}
---
kind: journey
id: a-before
entry: {type: event, event: Cart}
start: ask
steps:
  ask: {type: branch, when: [{where: {type: trait, path: plan, op: eq, value: pro}, next: late}], otherwise: soon}
  late: {type: wait, for: 1h, next: end}
  soon: {type: wait, for: 1h, next: end}
---
kind: journey
id: z-after
entry: {type: event, event: Cart}
start: ask
steps:
  ask: {type: branch, when: [{where: {type: trait, path: plan, op: eq, value: pro}, next: late}], otherwise: soon}
  late: {type: wait, for: 1h, next: end}
  soon: {type: wait, for: 1h, next: end}
"""

    found = any_world.play(definitions, [*person("ana"), CART], until="03-02")

    ways = {e["journey"]: [p["step"] for p in e["path"]] for e in found.enrollments}
    assert {"first": ["mark"], "a-before": ["ask", "soon"], "z-after": ["ask", "late"]} == ways


def test_a_schedule_follows_the_time_zone_that_a_step_has_set(world: World) -> None:
    definitions = """
kind: journey
id: move
entry: {type: event, event: Cart}
start: mark
steps: {mark: {type: update_profile, set: {profile.timezone: Asia/Tokyo}, next: end}}
---
kind: campaign
id: evening
schedule: {every: day, at: "20:00", timezone: profile}
message: {channel: email, template: mail}
"""
    events = [*person("ana"), CART, *person("bo")]

    found = world.play(definitions, events, until="03-02 00:00")

    assert ["03-01 11:00 ana campaign:evening email", "03-01 20:00 bo campaign:evening email"] == found.sent()


def test_what_a_step_changes_or_tells_may_let_somebody_into_a_segment(any_world: World) -> None:
    definitions = """
{kind: segment, id: pros, where: {type: trait, path: plan, op: eq, value: pro}}
---
{kind: segment, id: visitors, where: {type: did, event: Visit, within: 2h}}
---
kind: journey
id: act
entry: {type: event, event: Cart}
start: hour
steps:
  hour: {type: wait, for: 1h, next: mark}
  mark: {type: update_profile, set: {plan: pro}, next: half}
  half: {type: wait, for: 30m, next: tell}
  tell: {type: track, event: Visit, next: end}
---
kind: journey
id: greet
entry: {type: segment_entered, segment: pros}
reentry: always
exit_on: [{segment_left: visitors}]
start: hear
steps:
  hear: {type: listen, for: [{segment_entered: visitors, next: stay}]}
  stay: {type: wait, for: 1d, next: end}
"""

    found = any_world.play(definitions, [*person("ana"), CART], until="03-03")

    greeted = [e for e in found.enrollments if e["journey"] == "greet"]
    assert [("2026-03-01T09:00:00Z", "exited", "visitors", "2026-03-01T11:30:00Z")] == [
        (e["entered_at"], e["status"], e["reason"], e["ended_at"]) for e in greeted
    ]
    assert ["2026-03-01T09:00:00Z", "2026-03-01T09:30:00Z"] == [p["at"] for p in greeted[0]["path"]]


TRACK = """
kind: journey
id: teller
entry: {type: event, event: Cart}
start: tell
steps:
  tell: {type: track, event: Visit, properties: {kind: "a", cart_id: 7}, next: stay}
  stay: {type: wait, for: 1h, next: end}
---
kind: journey
id: visited
entry: {type: event, event: Visit, where: [{path: kind, op: eq, value: a}]}
key: properties.cart_id
start: ask
steps:
  ask: {type: branch, when: [{where: {type: did, event: Visit, times: {eq: 1}}, next: seen}], otherwise: end}
  seen: {type: wait, for: 1h, next: end}
---
kind: journey
id: waiting
entry: {type: event, event: Start}
goal: {event: Visit}
start: hear
steps:
  hear: {type: listen, for: [{event: Visit, where: [{path: kind, op: eq, value: a}], next: heard}]}
  heard: {type: wait, for: 1h, next: end}
---
kind: journey
id: leaving
entry: {type: event, event: Start}
exit_on: [{event: Visit}]
start: stay
steps: {stay: {type: wait, for: 1d, next: end}}
"""


def test_a_tracked_event_starts_exits_is_heard_and_reaches_goals(any_world: World) -> None:
    events: list[Told] = [*person("ana"), ("03-01 07:00", "ana", "Start"), CART]

    found = any_world.play(TRACK, events, until="03-02")

    by_journey = {e["journey"]: e for e in found.enrollments}
    assert ["hear", "heard"] == [p["step"] for p in by_journey["waiting"]["path"]]
    assert "2026-03-01T08:00:00Z" == by_journey["waiting"]["goal_at"]
    assert ("exited", "Visit") == (by_journey["leaving"]["status"], by_journey["leaving"]["reason"])
    assert (7, ["ask", "seen"]) == (by_journey["visited"]["key"], [p["step"] for p in by_journey["visited"]["path"]])
    assert "finished" == by_journey["teller"]["status"]


PARENT = """
kind: journey
id: parent
entry: {type: event, event: Cart}
start: open
steps:
  open: {type: start_journey, journey: child, next: ask}
  ask: {type: branch, when: [{where: {type: trait, path: by, op: eq, value: child}, next: told}], otherwise: untold}
  told: {type: start_journey, journey: child, next: mail}
  untold: {type: wait, for: 1h, next: end}
  mail: {type: message, channel: email, template: mail, next: end}
---
kind: journey
id: child
entry: {type: event, event: Never}
key: properties.cart_id
REENTRY
start: text
steps:
  text: {type: message, channel: sms, template: text, next: grand}
  grand: {type: start_journey, journey: grandchild, next: mark}
  mark: {type: update_profile, set: {by: child}, next: REST}
  stay: {type: wait, for: 1d, next: end}
---
kind: journey
id: grandchild
entry: {type: event, event: Never}
start: note
steps:
  note: {type: message, channel: push, template: note, next: end}
"""


def start_child(world: World, reentry: str, rest: str) -> list[str]:
    definitions = PARENT.replace("REENTRY", reentry).replace("REST", rest)
    found = world.play(definitions, [*person("ana"), CART], until="03-01 12:00")
    order = sorted(found.messages, key=lambda m: int(m["message_id"].lstrip("m")))
    assert {"parent": [None], "grandchild": [None]} == {
        j: [e["key"] for e in found.enrollments if e["journey"] == j][:1] for j in ("parent", "grandchild")
    }
    assert {1} == {e["key"] for e in found.enrollments if e["journey"] == "child"}
    passages = [f"{e['journey']} {e['status']} {e['reason']}" for e in found.enrollments if e["journey"] == "child"]
    return [*[m["step"] for m in order], *sorted(passages)]


def test_a_started_journey_walks_until_it_rests_before_its_starter_goes_on(any_world: World) -> None:
    assert start_child(any_world, "", "stay") == [
        *("text", "note", "mail"),
        "child active None",
        "child suppressed already_enrolled",
    ]


def test_a_started_journey_that_ends_at_once_may_be_started_again(world: World) -> None:
    assert start_child(world, "", "end") == [
        *("text", "note", "text", "note", "mail"),
        *["child finished None"] * 2,
    ]


def test_the_reentry_rule_of_the_started_journey_holds(world: World) -> None:
    assert start_child(world, "reentry: once", "end") == [
        *("text", "note", "mail"),
        "child finished None",
        "child suppressed reentry",
    ]


def test_a_journey_may_be_started_when_a_timer_fires_and_end_with_its_starter(world: World) -> None:
    definitions = """
kind: journey
id: parent
entry: {type: event, event: Cart}
start: hour
steps:
  hour: {type: wait, for: 1h, next: open}
  open: {type: start_journey, journey: child, next: end}
---
kind: journey
id: child
entry: {type: event, event: Never}
exit_on: [{event: Cart}]
start: half
steps:
  half: {type: wait, for: 30m, next: end}
"""
    users = ("ana", "bo", "cy")
    events: list[Told] = [*(("03-01 08:00", user, "Cart") for user in users), ("03-01 09:10", "bo", "Cart")]

    found = world.play(definitions, events, until="03-01 10:00")

    children = [e for e in found.enrollments if e["journey"] == "child"]
    assert {"ana": "finished", "bo": "exited", "cy": "finished"} == {e["user_id"]: e["status"] for e in children}
    assert {"2026-03-01T09:00:00Z"} == {e["entered_at"] for e in children}
    assert 3 == found.summary["journeys"]["parent"]["finished"]


def test_a_loop_that_no_check_can_see_comes_to_an_end(world: World) -> None:
    definitions = """
kind: journey
id: round
entry: {type: event, event: Cart}
start: ask
steps:
  ask: {type: branch, when: [{where: {type: trait, path: email, op: is_set}, next: tell}], otherwise: far}
  far: {type: wait, for: 1d, next: end}
  tell: {type: track, event: Cart, next: again}
  again: {type: split, paths: [{percent: 100, next: end}]}
"""

    found = world.play(definitions, [*person("ana"), CART], until="03-02")

    assert {"finished": MOST_STARTS, "suppressed": 1} == Counter(e["status"] for e in found.enrollments)
    assert {None, "entry_limit"} == {e["reason"] for e in found.enrollments}
