"""Starts: keys, re-entry, what is refused and why, replays, history (SEMANTICS 3, 5, 6, 46)."""

from __future__ import annotations

import pytest

from tests.contract.journeys.world import Told, World, person

STAY = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
exit_on: [{event: Order Completed}]
start: stay
steps: {stay: {type: wait, for: 1d, next: end}}
"""
KEYED = f"{STAY}key: properties.cart_id\n"


def cart(at: str, **properties: object) -> Told:
    return (at, "ana", "Cart Abandoned", properties)


def test_a_second_cart_while_the_first_waits_is_recorded_as_suppressed(world: World) -> None:
    found = world.play(STAY, [cart("03-01 08:00", cart_id=1), cart("03-01 09:00", cart_id=2)], until="03-05")

    assert ["03-01 08:00 stay@03-01 08:00 finished 03-02 08:00", "03-01 09:00 suppressed already_enrolled"] == found.passages(
        "ana"
    )
    assert (1, 1) == (found.summary["journeys"]["cart"]["entered"], found.summary["journeys"]["cart"]["suppressed"])


def test_with_a_key_both_carts_are_in_and_an_order_concerns_its_own(world: World) -> None:
    events = [
        cart("03-01 08:00", cart_id=1),
        cart("03-01 09:00", cart_id=2),
        ("03-01 10:00", "ana", "Order Completed", {"cart_id": 2}),
    ]

    found = world.play(KEYED, events, until="03-05")

    assert found.passages("ana", key=True) == [
        "03-01 08:00 1 stay@03-01 08:00 finished 03-02 08:00",
        "03-01 09:00 2 stay@03-01 09:00 exited Order Completed 03-01 10:00",
    ]


def test_an_order_without_a_key_concerns_all_carts(world: World) -> None:
    events = [
        cart("03-01 08:00", cart_id=1),
        cart("03-01 09:00", cart_id=2),
        cart("03-01 09:30"),
        ("03-01 10:00", "ana", "Order Completed"),
    ]

    found = world.play(KEYED, events, until="03-05")

    assert {"exited"} == {e["status"] for e in found.enrollments}
    assert {1, 2, None} == {e["key"] for e in found.enrollments}


def test_keys_are_equal_when_their_values_are(world: World) -> None:
    """1 and 1.0 are one number; "1" is a text, true is neither; texts may be of any script, and empty."""
    values = [1, "1", 1.0, True, "clé 🛒", "cle\u0301 🛒", "clé 🛒", "", 'O\'Brien "%s" :x', 10**15, 0.5, None]

    found = world.play(KEYED, [cart(f"03-01 08:{n:02}", cart_id=value) for n, value in enumerate(values)], until="03-05")

    refused = [e["key"] for e in found.enrollments if e["status"] == "suppressed"]
    assert [1, "clé 🛒"] == refused
    kept = [e["key"] for e in found.enrollments if e["status"] != "suppressed"]
    assert [repr(v) for v in (1, "1", True, "clé 🛒", "cle\u0301 🛒", "", 'O\'Brien "%s" :x', 10**15, 0.5, None)] == [
        repr(v) for v in kept
    ]


def test_user_ids_may_be_of_any_script(world: World) -> None:
    users = ["Ana", "ana", "ана", "安娜", "🛒", "a b", "O'Brien", "%s:x", "null", "1"]
    events = [told for user in users for told in ((f"03-01 08:{users.index(user):02}", user, "Cart Abandoned"),)]

    found = world.play(STAY, events, until="03-05")

    assert users == [e["user_id"] for e in found.enrollments]
    assert {"finished"} == {e["status"] for e in found.enrollments}


@pytest.mark.parametrize(
    ("rule", "entered"),
    [
        ("always", ["03-01 08:00", "03-02 07:59:59.999999", "03-03 09:00"]),
        ("once", ["03-01 08:00"]),
        ("{after: 1d}", ["03-01 08:00", "03-02 08:00", "03-03 09:00"]),
    ],
)
def test_reentry(world: World, rule: str, entered: list[str]) -> None:
    """`after: 1d` lets in at exactly a day after the last entry; a start that was refused is no entry."""
    times = ["03-01 08:00", "03-02 07:59:59.999999", "03-02 08:00", "03-03 09:00"]
    short_stay = STAY.replace("for: 1d", "for: 1h").replace("start: stay", f"reentry: {rule}\nstart: stay")

    found = world.play(short_stay, [cart(at) for at in times], until="03-05")

    was = [e["entered_at"] for e in found.enrollments if e["status"] == "finished"]
    assert [f"2026-{at.replace(' ', 'T')}{':00' if at.count(':') == 1 else ''}Z" for at in entered] == was
    reasons = {e["reason"] for e in found.enrollments if e["status"] == "suppressed"}
    assert reasons <= ({"already_enrolled"} if rule == "always" else {"reentry"})


def test_once_is_once_for_each_key(world: World) -> None:
    once = KEYED.replace("for: 1d", "for: 1h") + "reentry: once\n"
    events = [cart("03-01 08:00", cart_id="a"), cart("03-01 10:00", cart_id="b"), cart("03-01 12:00", cart_id="a")]

    found = world.play(once, events, until="03-05")

    assert [("a", "finished"), ("b", "finished"), ("a", "suppressed")] == [(e["key"], e["status"]) for e in found.enrollments]


def test_the_same_message_id_twice_changes_nothing(world: World) -> None:
    """A replay is known by its id for 30 days; after that the event is another."""
    short_stay = STAY.replace("for: 1d", "for: 1h")
    once = {"type": "track", "userId": "ana", "event": "Cart Abandoned", "messageId": "same"}
    events = [{**once, "timestamp": f"2026-{at}T08:00:00Z"} for at in ("03-01", "03-02", "03-31", "04-02")]

    found = world.play(short_stay, events, until="04-05")

    assert [
        "03-01 08:00 stay@03-01 08:00 finished 03-01 09:00",
        "04-02 08:00 stay@04-02 08:00 finished 04-02 09:00",
    ] == found.passages("ana")


def test_what_arrived_before_the_start_is_history(any_world: World) -> None:
    """It starts nobody and is no event to a listener, but conditions see it."""
    branched = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: often
steps:
  often: {type: branch, when: [{where: {type: did, event: Cart Abandoned, times: {gte: 3}}, next: thrice}], otherwise: less}
  thrice: {type: wait, for: 1h, next: end}
  less: {type: wait, for: 1h, next: end}
"""
    events = [
        cart("02-10 08:00"), cart("02-28 23:59:59.999999"), ("02-20", "bo", "Cart Abandoned"),
        cart("03-01 00:00"), ("03-01 00:00", "bo", "Cart Abandoned"),
    ]  # fmt: skip

    found = any_world.play(branched, events, until="03-05")

    assert ["03-01 00:00 often@03-01 00:00 thrice@03-01 00:00 finished 03-01 01:00"] == found.passages("ana")
    assert ["03-01 00:00 often@03-01 00:00 less@03-01 00:00 finished 03-01 01:00"] == found.passages("bo")


def test_an_entry_filter_does_not_take_texts_for_numbers(world: World) -> None:
    over_50 = STAY.replace("event: Cart Abandoned}", "event: Cart Abandoned, where: [{path: total, op: gt, value: 50}]}")
    events = [
        (f"03-01 08:0{n}", f"u{n}", "Cart Abandoned", {"total": total})
        for n, total in enumerate([50, 50.01, "80", None, [1, 51]])
    ]

    found = world.play(over_50, events, until="03-05")

    assert ["u1", "u4"] == [e["user_id"] for e in found.enrollments]


def test_our_own_events_start_and_move_journeys_right_after_their_cause(world: World) -> None:
    """One journey listens for the end of the other, a third starts with the message of the second (SEMANTICS 48)."""
    chain = """
kind: journey
id: a-first
entry: {type: event, event: Cart Abandoned}
start: stay
steps: {stay: {type: wait, for: 1h, next: end}}
---
kind: journey
id: b-second
entry: {type: event, event: Journey Entered, where: [{path: journey, op: eq, value: a-first}]}
start: hear
steps:
  hear: {type: listen, for: [{event: Journey Ended, where: [{path: journey, op: eq, value: a-first}], next: mail}], timeout: 1d, on_timeout: end}
  mail: {type: message, channel: email, template: mail, next: end}
---
kind: journey
id: c-third
entry: {type: event, event: Email Sent, where: [{path: step, op: eq, value: mail}]}
start: text
steps: {text: {type: message, channel: sms, template: text, next: end}}
"""
    found = world.play(chain, [*person("ana"), cart("03-01 08:00")], until="03-05")

    assert ["03-01 09:00 mail email", "03-01 09:00 text sms"] == found.sent("ana")
    assert found.passages("ana")[1] == "03-01 08:00 hear@03-01 08:00 mail@03-01 09:00 finished 03-01 09:00"


def test_branches_see_what_came_in_the_same_request_before_them(any_world: World) -> None:
    """A trait change that stands before the event in the log is visible, one that stands behind it is not (SEMANTICS 1)."""
    branched = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: plan
steps:
  plan: {type: branch, when: [{where: {type: trait, path: plan, op: eq, value: pro}, next: pro}, {where: {type: trait, path: plan, op: is_set}, next: other}], otherwise: none}
  pro: {type: wait, for: 1h, next: end}
  other: {type: wait, for: 1h, next: end}
  none: {type: wait, for: 1h, next: end}
"""
    at = "03-01 08:00"
    events: list[Told] = [
        (at, "ana", "identify", {"plan": "pro"}), (at, "ana", "Cart Abandoned"),
        (at, "bo", "Cart Abandoned"), (at, "bo", "identify", {"plan": "pro"}),
        (at, "cy", "identify", {"plan": "pro"}), (at, "cy", "identify", {"plan": "free"}), (at, "cy", "Cart Abandoned"),
    ]  # fmt: skip

    found = any_world.play(branched, events, until="03-05")

    assert {"ana": "pro", "bo": "none", "cy": "other"} == {user: end.split()[0] for user, end in found.ends().items()}
