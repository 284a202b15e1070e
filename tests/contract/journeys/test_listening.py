"""Listeners: deadlines to the microsecond, late arrivals, `since`, groups (SEMANTICS 10 to 13, 40, 41)."""

from __future__ import annotations

import pytest

from tests.contract.journeys.world import Told, World, person

CART = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
exit_on: [{event: Order Completed}]
start: remind
steps:
  remind: {type: message, channel: email, template: mail, next: opened}
  opened: {type: listen, for: [{event: Email Opened, message: remind, next: thanks}], timeout: 1d, on_timeout: text}
  text: {type: message, channel: sms, template: text, next: end}
  thanks: {type: message, channel: push, template: note, next: end}
"""
LATE = "{kind: settings, lateness: 10m}\n---" + CART


def cart(user: str, at: str = "03-01 08:00") -> list[Told]:
    return [*person(user), (at, user, "Cart Abandoned")]


def opened(user: str, at: str, arrived: str | None = None, step: str = "remind") -> Told:
    return (at, user, "Email Opened", {"journey": "cart", "step": step} | ({"arrived": arrived} if arrived else {}))


def test_an_open_counts_until_the_very_microsecond_of_the_deadline(world: World) -> None:
    """The message is handed over at 08:00, so the deadline is 08:00 of the next day, inclusive."""
    events = [
        *cart("before"), *cart("exactly"), *cart("after"),
        opened("before", "03-02 07:59:59.999999"), opened("exactly", "03-02 08:00"), opened("after", "03-02 08:00:00.000001"),
    ]  # fmt: skip

    found = world.play(CART, events, until="03-05")

    assert found.passages("before") == [
        "03-01 08:00 remind@03-01 08:00 opened@03-01 08:00 thanks@03-02 07:59:59.999999 finished 03-02 07:59:59.999999"
    ]
    assert found.passages("exactly") == [
        "03-01 08:00 remind@03-01 08:00 opened@03-01 08:00 thanks@03-02 08:00 finished 03-02 08:00"
    ]
    assert found.passages("after") == [
        "03-01 08:00 remind@03-01 08:00 opened@03-01 08:00 text@03-02 08:00 finished 03-02 08:00"
    ]


def test_without_lateness_an_open_that_arrives_after_the_deadline_comes_too_late(world: World) -> None:
    """Late events never rewind a step (SEMANTICS 3)."""
    found = world.play(CART, [*cart("ana"), opened("ana", "03-02 07:00", arrived="03-02 08:00:30")], until="03-05")

    assert found.sent("ana") == ["03-01 08:00 remind email", "03-02 08:00 text sms"]


def test_with_lateness_the_time_of_an_event_decides_and_the_step_is_stamped_with_the_deadline(world: World) -> None:
    """Timers wait ten minutes. An open from before the deadline moves when it arrives; one from after it does not."""
    events = [
        *cart("early"), opened("early", "03-02 08:00", arrived="03-02 08:00:30"),
        *cart("edge"), opened("edge", "03-02 07:00", arrived="03-02 08:10"),
        *cart("late"), opened("late", "03-02 08:00:00.000001", arrived="03-02 08:00:30"),
        *cart("none"),
        *cart("bought"), ("03-02 08:05", "bought", "Order Completed"),
    ]  # fmt: skip

    found = world.play(LATE, events, until="03-05")

    assert found.sent("early")[1:] == ["03-02 08:00:30 thanks push"]
    assert found.sent("edge")[1:] == ["03-02 08:10 thanks push"]  # at one instant an event beats a timer
    assert found.sent("late")[1:] == ["03-02 08:00 text sms"]
    assert found.sent("none")[1:] == ["03-02 08:00 text sms"]
    assert found.ends()["bought"] == "opened exited Order Completed 03-02 08:05"


def test_a_timer_that_is_held_back_past_the_end_does_not_fire(world: World) -> None:
    found = world.play(LATE, cart("ana"), until="03-02 08:09:59.999999")

    assert found.ends() == {"ana": "opened active"}


def test_a_late_open_after_the_time_out_changes_nothing(world: World) -> None:
    """It happened in time, but the step was left; nor does it satisfy anything later."""
    more = CART.replace("next: end}\n  thanks", "next: again}\n  again: {type: wait, for: 1d, next: end}\n  thanks")
    found = world.play(more, [*cart("ana"), opened("ana", "03-01 09:00", arrived="03-02 20:00")], until="03-05")

    assert found.passages("ana") == [
        "03-01 08:00 remind@03-01 08:00 opened@03-01 08:00 text@03-02 08:00 again@03-02 08:00 finished 03-03 08:00"
    ]


@pytest.mark.parametrize("first", ["open", "order"])
def test_open_and_exit_in_one_batch_are_taken_in_their_order(world: World, first: str) -> None:
    """Both have one instant: the open that stands first moves, then the purchase exits; a purchase that stands first leaves nobody to move."""
    both = [opened("ana", "03-01 12:00"), ("03-01 12:00", "ana", "Order Completed")]
    waiting = CART.replace(
        "thanks: {type: message, channel: push, template: note, next: end}", "thanks: {type: wait, for: 1d, next: end}"
    )

    found = world.play(waiting, [*cart("ana"), *(both if first == "open" else reversed(both))], until="03-05")

    path = "03-01 08:00 remind@03-01 08:00 opened@03-01 08:00"
    assert found.passages("ana") == [
        path + (" thanks@03-01 12:00" if first == "open" else "") + " exited Order Completed 03-01 12:00"
    ]


SINCE = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: remind
steps:
  remind: {type: message, channel: email, template: mail, next: pause}
  pause: {type: wait, for: 1h, next: bought}
  bought: {type: listen, for: [{event: Order Completed, MESSAGE next: thanks}], SINCE timeout: 1h, on_timeout: end}
  thanks: {type: message, channel: push, template: note, next: end}
"""


@pytest.mark.parametrize(
    ("since", "thanked"),
    [
        ("", {"at_listener"}),
        ("since: step,", {"at_listener"}),
        ("since: enrollment,", {"at_start", "in_pause", "at_listener"}),
    ],
    ids=["default", "step", "enrollment"],
)
def test_who_buys_before_the_listener_is_thanked_at_once_if_since_says_so(world: World, since: str, thanked: set[str]) -> None:
    """Enrolled at 08:00, the listener is entered at 09:00. `since` is a mark in the log: what stood before it does not count."""
    events: list[Told] = []
    for user in ("before", "at_start", "in_pause", "at_listener"):
        events += person(user)
    events.append(("03-01 08:00", "before", "Order Completed"))
    for user in ("before", "at_start", "in_pause", "at_listener"):
        events.append(("03-01 08:00", user, "Cart Abandoned"))
    events += [
        ("03-01 08:00", "at_start", "Order Completed"),
        ("03-01 08:30", "in_pause", "Order Completed"),
        ("03-01 09:30", "at_listener", "Order Completed"),
    ]

    found = world.play(SINCE.replace("SINCE", since).replace("MESSAGE ", ""), events, until="03-05")

    when = {"at_start": "03-01 09:00", "in_pause": "03-01 09:00", "at_listener": "03-01 09:30"}
    assert [m for m in found.sent() if m.endswith("push")] == sorted(f"{when[u]} {u} thanks push" for u in thanked)


def test_with_a_message_named_the_hand_off_is_the_mark(world: World) -> None:
    """The open during the pause satisfies the listener on entry; one that names another message does not."""
    of_message = SINCE.replace("Order Completed, MESSAGE", "Email Opened, message: remind,").replace("SINCE ", "")
    events = [
        *person("ana"), *person("bo"), ("03-01 08:00", "ana", "Cart Abandoned"), ("03-01 08:00", "bo", "Cart Abandoned"),
        opened("ana", "03-01 08:30"), opened("bo", "03-01 08:30", step="other"),
    ]  # fmt: skip

    found = world.play(of_message, events, until="03-05")

    assert found.sent("ana") == ["03-01 08:00 remind email", "03-01 09:00 thanks push"]
    assert found.sent("bo") == ["03-01 08:00 remind email"]


BOTH = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
start: remind
steps:
  remind: {type: message, channels: {email: mail, push: note}, strategy: all, next: opened}
  opened:
    type: listen
    for: [{event: Push Notification Tapped, message: remind, next: by_push}, {event: Email Opened, message: remind, next: by_email}]
    timeout: 1d
    on_timeout: end
  by_push: {type: wait, for: 1d, next: end}
  by_email: {type: wait, for: 1d, next: end}
"""


def test_push_and_email_opened_at_one_instant_the_first_in_the_log_wins(world: World) -> None:
    """One match moves, the other listener is cancelled with it; their order in the definition does not matter."""
    email, push = (
        opened("ana", "03-01 09:00"),
        ("03-01 09:00", "bo", "Push Notification Tapped", {"journey": "cart", "step": "remind"}),
    )
    events = [
        *cart("ana"), *cart("bo"),
        email, ("03-01 09:00", "ana", "Push Notification Tapped", {"journey": "cart", "step": "remind"}),
        push, opened("bo", "03-01 09:00"),
    ]  # fmt: skip

    found = world.play(BOTH, events, until="03-05")

    assert found.ends() == {"ana": "by_email finished 03-02 09:00", "bo": "by_push finished 03-02 09:00"}


def test_of_two_events_that_wait_in_the_log_the_earlier_timestamp_wins(world: World) -> None:
    """Both arrive before the listener is entered, the later one first; the listener asks the log and takes the earlier."""
    later = SINCE.replace(
        "{event: Order Completed, MESSAGE next: thanks}", "{event: A, next: thanks}, {event: B, next: end}"
    ).replace("SINCE", "since: enrollment,")
    events = [
        *person("ana"),
        ("03-01 08:00", "ana", "Cart Abandoned"),
        ("03-01 08:20", "ana", "B"),
        ("03-01 08:10", "ana", "A", {"arrived": "03-01 08:40"}),
    ]

    found = world.play(later, events, until="03-05")

    assert found.sent("ana") == ["03-01 08:00 remind email", "03-01 09:00 thanks push"]


def test_a_listener_without_a_time_out_waits_for_the_lifetime(world: World) -> None:
    forever = CART.replace("timeout: 1d, on_timeout: text", "").replace("next: thanks}], ", "next: thanks}]") + "lifetime: 2d\n"

    found = world.play(forever, [*cart("ana"), *cart("bo"), opened("bo", "03-03 08:00")], until="03-05")

    assert found.ends() == {"ana": "opened exited lifetime 03-03 08:00", "bo": "thanks finished 03-03 08:00"}


def test_what_a_machine_opens_counts_only_where_it_is_asked_for(world: World) -> None:
    machines = CART.replace("message: remind,", "message: remind, where: [{path: machine, op: is_true}],").replace(
        "id: cart", "id: machines"
    )
    told: Told = ("03-01 09:00", "ana", "Email Opened", {"journey": "cart", "step": "remind", "machine": True})
    told_too: Told = ("03-01 09:00", "ana", "Email Opened", {"journey": "machines", "step": "remind", "machine": True})

    found = world.play(f"{CART}---\n{machines}", [*cart("ana"), told, told_too], until="03-05")

    assert [m for m in found.sent() if "remind" not in m] == ["03-01 09:00 ana thanks push", "03-02 08:00 ana text sms"]


def test_a_reaction_may_name_its_message_by_id(world: World) -> None:
    """`m1` is the first message of all; an id that is none of this passage's moves nobody."""
    events = [
        *cart("ana"),
        *cart("bo"),
        ("03-01 09:00", "ana", "Email Opened", {"message_id": "m1"}),
        ("03-01 09:00", "bo", "Email Opened", {"message_id": "m1"}),
    ]

    found = world.play(CART, events, until="03-05")

    assert found.sent("ana")[1:] == ["03-01 09:00 thanks push"]
    assert found.sent("bo")[1:] == ["03-02 08:00 text sms"]
