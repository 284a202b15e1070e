"""People who turn out to be one, and events whose owner must be found (SEMANTICS 42, 47)."""

from __future__ import annotations

import pytest

from tests.contract.journeys.world import Told, World, person

CART = """
kind: journey
id: cart
entry: {type: event, event: Cart Abandoned}
exit_on: [{event: Order Completed}]
start: stay
steps:
  stay: {type: wait, for: 1h, next: mail}
  mail: {type: message, channel: email, template: mail, next: end}
"""


def known(user: str, anonymous: str, at: str, **traits: object) -> Told:
    return (at, user, "identify", {"anonymousId": anonymous, **traits})


def test_an_anonymous_cart_then_identify(world: World) -> None:
    """The passage goes on under the known id, and the message reaches the address that came with it."""
    events: list[Told] = [
        ("03-01 08:00", "anon-1", "Cart Abandoned"), known("ana", "anon-1", "03-01 08:30", email="ana@example.com"),
        ("03-01 08:30", "ana", "Subscription Changed", {"channel": "email", "state": "subscribed"}),
        ("03-01 08:40", "anon-1", "Cart Abandoned"),
    ]  # fmt: skip

    found = world.play(CART, events, until="03-05")

    assert [
        "03-01 08:00 ana stay@03-01 08:00 mail@03-01 09:00 finished 03-01 09:00",
        "03-01 08:40 ana suppressed already_enrolled",
    ] == found.passages()
    assert ["03-01 09:00 ana mail email"] == found.sent()


def test_who_stays_anonymous_is_named_by_the_anonymous_id(world: World) -> None:
    found = world.play(CART, [("03-01 08:00", "anon-1", "Cart Abandoned")], until="03-05")

    assert ["03-01 09:00 anon-1 mail email blocked no_address"] == found.sent()


@pytest.mark.parametrize("older", ["known", "anonymous"])
def test_of_two_passages_of_people_who_merge_the_older_stays(world: World, older: str) -> None:
    carts = [("03-01 08:00", "ana", "Cart Abandoned"), ("03-01 08:10", "anon-1", "Cart Abandoned")]
    if older == "anonymous":
        carts = [("03-01 08:00", "anon-1", "Cart Abandoned"), ("03-01 08:10", "ana", "Cart Abandoned")]

    found = world.play(CART, [*person("ana"), *carts, known("ana", "anon-1", "03-01 08:20")], until="03-05")

    assert found.passages() == [
        "03-01 08:00 ana stay@03-01 08:00 mail@03-01 09:00 finished 03-01 09:00",
        "03-01 08:10 ana stay@03-01 08:10 exited merged 03-01 08:20",
    ]


def test_the_end_of_the_younger_passage_is_told_of_whoever_stays(world: World) -> None:
    """A journey that waits for it lets in the person who is there, not the one who is no more."""
    after = """
---
kind: journey
id: sorry
entry: {type: event, event: Journey Ended, where: [{path: reason, op: eq, value: merged}]}
start: stay
steps:
  stay: {type: wait, for: 1h, next: text}
  text: {type: message, channel: sms, template: text, next: end}
"""
    carts = [("03-01 08:00", "ana", "Cart Abandoned"), ("03-01 08:10", "anon-1", "Cart Abandoned")]

    found = world.play(CART + after, [*person("ana"), *carts, known("ana", "anon-1", "03-01 08:20")], until="03-05")

    assert "03-01 09:20 ana text sms" in found.sent()
    with world.database.reading() as c:
        gone = "SELECT COUNT(*) FROM own_events WHERE profile_id IN (SELECT profile_id FROM profiles WHERE merged_into IS NOT NULL)"
        assert [0, 0] == [c.value(gone), c.value(gone.replace("own_events", "enrollments"))]


def test_passages_with_different_keys_both_go_on(world: World) -> None:
    events = [
        *person("ana"), ("03-01 08:00", "ana", "Cart Abandoned", {"cart": 1}), ("03-01 08:10", "anon-1", "Cart Abandoned", {"cart": 2}),
        known("ana", "anon-1", "03-01 08:20"),
    ]  # fmt: skip

    found = world.play(CART + "key: properties.cart\n", events, until="03-05")

    assert ["03-01 09:00 ana mail email", "03-01 09:10 ana mail email"] == found.sent()


def test_a_merge_fires_no_exit_for_what_the_other_had_done_before(world: World) -> None:
    """What the united person does afterwards counts, by either id."""
    before: list[Told] = [
        ("03-01 08:00", "ana", "Cart Abandoned"),
        ("03-01 08:10", "anon-1", "Order Completed"),
        known("ana", "anon-1", "03-01 08:20"),
    ]

    assert {"ana": "mail finished 03-01 09:00"} == world.play(CART, [*person("ana"), *before], until="03-05").ends()


def test_after_a_merge_both_ids_lead_to_one_person(world: World) -> None:
    after: list[Told] = [
        ("03-01 08:00", "ana", "Cart Abandoned"),
        known("ana", "anon-1", "03-01 08:20"),
        ("03-01 08:30", "anon-1", "Order Completed"),
    ]

    assert {"ana": "stay exited Order Completed 03-01 08:30"} == world.play(
        CART, [*person("ana"), *after], until="03-05"
    ).ends()


def test_traits_of_the_known_win_gaps_are_filled_and_an_unsubscription_of_either_side_wins(any_world: World) -> None:
    segments = """
{kind: segment, id: blue, where: {type: trait, path: colour, op: eq, value: blue}}
---
{kind: segment, id: tall, where: {type: trait, path: size, op: eq, value: tall}}
---
{kind: segment, id: two, where: {type: did, event: Cart Abandoned, times: {eq: 2}}}
---
{kind: segment, id: mail, where: {type: can_receive, channel: email, because: subscribed}}
---
{kind: segment, id: sms, where: {type: can_receive, channel: sms, because: subscribed}}
---
"""
    events = [
        *person("ana", colour="blue"), ("03-01", "anon-1", "identify", {"colour": "red", "size": "tall"}),
        ("03-01 07:00", "anon-1", "Unsubscribed", {}), ("03-01 08:00", "ana", "Cart Abandoned"), ("03-01 08:10", "anon-1", "Cart Abandoned"),
        known("ana", "anon-1", "03-01 08:20"),
    ]  # fmt: skip

    found = any_world.play(segments + CART, events, until="03-05")

    assert [("blue", "ana"), ("sms", "ana"), ("tall", "ana"), ("two", "ana")] == [
        (m["segment"], m["user_id"]) for m in found.memberships
    ]
    assert ["03-01 09:00 ana mail email blocked unsubscribed"] == found.sent()


def test_messages_to_either_side_count_for_the_caps_of_both(world: World) -> None:
    capped = (
        "{kind: settings, frequency_caps: [{channel: any, max: 1, per: 1d}], consent: {email: none}}\n---\n"
        + CART.replace("for: 1h", "for: 0s")
    )
    events = [
        ("03-01", "anon-1", "identify", {"email": "x@example.com"}), *person("ana"),
        ("03-01 08:00", "anon-1", "Cart Abandoned"), known("ana", "anon-1", "03-01 08:20"), ("03-01 09:00", "ana", "Cart Abandoned"),
    ]  # fmt: skip

    assert ["03-01 08:00 ana mail email", "03-01 09:00 ana mail email blocked frequency_cap"] == world.play(
        capped, events, until="03-05"
    ).sent()


def test_two_known_people_merge_by_alias_alone(world: World) -> None:
    events = [
        *person("ana"), *person("old"), ("03-01 08:00", "old", "Cart Abandoned"), ("03-01 08:05", "ana", "Cart Abandoned"),
        {"type": "identify", "userId": "ana", "anonymousId": "old", "timestamp": "2026-03-01T08:10:00Z"},
        ("03-01 08:20", "ana", "alias", {"previousId": "old"}),
    ]  # fmt: skip

    found = world.play(CART, events, until="03-05")

    assert found.passages() == [
        "03-01 08:00 ana stay@03-01 08:00 mail@03-01 09:00 finished 03-01 09:00",
        "03-01 08:05 ana stay@03-01 08:05 exited merged 03-01 08:20",
    ]


def test_a_chain_of_merges_in_one_batch(world: World) -> None:
    """Two devices of one person: the passages of both become the person's, the oldest stays."""
    events = [
        ("03-01 08:00", "anon-1", "Cart Abandoned"), ("03-01 08:01", "anon-2", "Cart Abandoned"), ("03-01 08:02", "ana", "Cart Abandoned"),
        known("ana", "anon-2", "03-01 08:10", email="ana@example.com"), known("ana", "anon-1", "03-01 08:11"),
        ("03-01 08:12", "new", "alias", {"previousId": "ana"}),
    ]  # fmt: skip

    found = world.play("{kind: settings, consent: {email: none}}\n---\n" + CART, events, until="03-05")

    assert found.passages() == [
        "03-01 08:00 new stay@03-01 08:00 mail@03-01 09:00 finished 03-01 09:00",
        "03-01 08:01 new stay@03-01 08:01 exited merged 03-01 08:11",
        "03-01 08:02 new stay@03-01 08:02 exited merged 03-01 08:10",
    ]


DERIVED = """
kind: event
id: purchase
name: Purchase
status: published
rule: {event: "*", where: [{path: thanks, op: is_true}]}
identity: {namespace: email, path: customer.email}
---
""" + CART.replace("event: Cart Abandoned", "event: Purchase").replace("Order Completed", "Never").replace("for: 1h", "for: 0s")


def thanks(user: str, at: str, email: object) -> Told:
    return (at, user, "Anything", {"thanks": True, "customer": {"email": email}})


def test_a_derived_event_finds_its_person_by_a_trait(world: World) -> None:
    """Only when the raw event names no user; nobody has the value: it stays where it is; several have it: the oldest."""
    events = [
        *person("ana"), *person("twin1", at="03-01 01:00", email="twin@example.com"), *person("twin2", at="03-01 00:30", email="twin@example.com"),
        thanks("anon-1", "03-01 08:00", " ANA@example.com"), thanks("bo", "03-01 08:01", "ana@example.com"),
        thanks("anon-2", "03-01 08:02", "nobody@example.com"), thanks("anon-3", "03-01 08:03", "twin@example.com"), thanks("anon-4", "03-01 08:04", None),
    ]  # fmt: skip

    found = world.play(DERIVED, events, until="03-05")

    assert ["03-01 08:00 ana", "03-01 08:01 bo", "03-01 08:02 anon-2", "03-01 08:03 twin2", "03-01 08:04 anon-4"] == [
        p[:12] + p[12:].split(" ")[0] for p in found.passages()
    ]


def test_rules_with_a_star_see_received_events_only(any_world: World) -> None:
    """Else the first message would make a purchase, which would send a message, and so on."""
    all_events = DERIVED.replace(", where: [{path: thanks, op: is_true}]", "").replace(
        "identity: {namespace: email, path: customer.email}\n", ""
    )
    counted = "{kind: segment, id: two, where: {type: did, event: Purchase, times: {eq: 2}}}\n---\n"

    found = any_world.play(counted + all_events, [("03-01 08:00", "ana", "A"), ("03-01 09:00", "ana", "B")], until="03-05")

    assert 2 == len(found.messages)
    assert [{"segment": "two", "user_id": "ana"}] == found.memberships
