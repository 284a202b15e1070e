"""The checks before a hand-off, their order and their edges (SEMANTICS 15, 18 to 25, 43 to 46)."""

from __future__ import annotations

import pytest

from tests.contract.journeys.world import Told, World, person

MAIL = """
kind: journey
id: mail
entry: {type: event, event: Go}
start: mail
steps: {mail: {type: message, channel: email, template: mail, MORE next: end}}
"""
TEXT = (
    MAIL.replace("mail: {type: message, channel: email, template: mail", "text: {type: message, channel: sms, template: text")
    .replace("start: mail", "start: text")
    .replace("id: mail", "id: text")
)
NIGHT = '{kind: settings, quiet_hours: {channels: [sms, push], from: "21:00", to: "08:00", timezone: UTC}, MORE}\n---\n'


def go(user: str, at: str, **properties: object) -> Told:
    return (at, user, "Go", properties)


def mail(more: str = "") -> str:
    return MAIL.replace("MORE ", more)


def text(more: str = "", night: str = "") -> str:
    return NIGHT.replace(", MORE", night) + TEXT.replace("MORE ", more)


# ---------------------------------------------------------------------------------------------------- while it is held


def test_an_exit_during_a_hold_blocks_the_message_at_once(world: World) -> None:
    leaving = text().replace("start:", "exit_on: [{event: Order Completed}]\nstart:")

    found = world.play(
        leaving, [*person("ana"), go("ana", "03-01 22:00"), ("03-01 23:00", "ana", "Order Completed")], until="03-05"
    )

    assert ["03-01 23:00 text sms blocked exited"] == found.sent("ana")
    assert ["03-01 22:00 text@03-01 22:00 exited Order Completed 03-01 23:00"] == found.passages("ana")


def test_who_unsubscribes_while_a_message_is_held_does_not_get_it(world: World) -> None:
    events = [
        *person("ana"),
        go("ana", "03-01 22:00"),
        ("03-02 07:00", "ana", "Subscription Changed", {"channel": "sms", "state": "unsubscribed"}),
    ]

    assert ["03-02 08:00 text sms blocked unsubscribed"] == world.play(text(), events, until="03-05").sent("ana")


def test_a_held_message_goes_to_the_address_of_its_hand_off(world: World) -> None:
    events = [*person("ana"), go("ana", "03-01 22:00"), ("03-02 07:00", "ana", "identify", {"phone": "+33 6 11 11 11 11"})]

    found = world.play(text(), events, until="03-05")

    assert [("+33611111111", "sent")] == [(m["to"], m["status"]) for m in found.messages]


@pytest.mark.parametrize(("within", "came"), [("10h", ""), ("35999s", " expired expired")])
def test_a_message_expires_after_its_last_instant(world: World, within: str, came: str) -> None:
    """Entered at 22:00, let go at 08:00: ten hours are just enough."""
    found = world.play(text(f"expires_in: {within}, "), [*person("ana"), go("ana", "03-01 22:00")], until="03-05")

    assert [f"03-02 08:00 text sms{came}"] == found.sent("ana")


def test_a_message_still_held_at_the_end_is_not_told(world: World) -> None:
    found = world.play(text(), [*person("ana"), go("ana", "03-01 22:00")], until="03-02 07:59:59.999999")

    assert [] == found.sent()
    assert {"ana": "text active"} == found.ends()


def test_caps_are_checked_again_when_the_night_is_over(world: World) -> None:
    """Two messages are held, one is let through, the older passage first."""
    two = text(night=", frequency_caps: [{channel: any, max: 1, per: 24h}]")
    two += "---\n" + TEXT.replace("MORE ", "").replace("id: text", "id: again")

    found = world.play(two, [*person("ana"), go("ana", "03-01 22:00")], until="03-05")

    assert [("campaign" not in m["source"], m["source"], m["status"]) for m in found.messages] == [
        (True, "journey:again", "sent"),
        (True, "journey:text", "blocked"),
    ]


# ---------------------------------------------------------------------------------------------------- frequency caps

CAP = "{kind: settings, frequency_caps: [{channel: any, max: 1, per: 24h}]}\n---\n"


def test_the_window_of_a_cap_rolls_to_the_microsecond(world: World) -> None:
    """What was sent exactly a day ago is out of the window; what was blocked never was in it."""
    events = [
        *person("ana"), go("ana", "03-01 08:00"), go("ana", "03-02 07:59:59.999999"), go("ana", "03-02 08:00"), go("ana", "03-02 08:00:00.000001"),
    ]  # fmt: skip

    assert world.play(CAP + mail(), events, until="03-05").sent("ana") == [
        "03-01 08:00 mail email",
        "03-02 07:59:59.999999 mail email blocked frequency_cap",
        "03-02 08:00 mail email",
        "03-02 08:00:00.000001 mail email blocked frequency_cap",
    ]


def test_a_cap_of_one_channel_and_one_of_all(world: World) -> None:
    caps = "{kind: settings, frequency_caps: [{channel: sms, max: 1, per: 1h}, {channel: any, max: 2, per: 1d}]}\n---\n"
    both = mail().replace("channel: email, template: mail,", "channels: {sms: text, email: mail}, strategy: all,")

    found = world.play(
        caps + both,
        [*person("ana"), go("ana", "03-01 08:00"), go("ana", "03-01 08:30"), go("ana", "03-01 09:00")],
        until="03-05",
    )

    assert found.sent("ana") == [
        "03-01 08:00 mail email", "03-01 08:00 mail sms",
        "03-01 08:30 mail email blocked frequency_cap", "03-01 08:30 mail sms blocked frequency_cap",
        "03-01 09:00 mail email blocked frequency_cap", "03-01 09:00 mail sms blocked frequency_cap",
    ]  # fmt: skip


def test_transactional_messages_are_neither_counted_nor_held_nor_asked_for_consent(world: World) -> None:
    """They never pass a suppression, though."""
    both = (
        NIGHT.replace(", MORE", ", frequency_caps: [{channel: any, max: 1, per: 24h}]")
        + TEXT.replace("MORE ", "purpose: transactional, ")
        + "---\n"
        + mail()
    )
    events = [
        *person("ana"), go("ana", "03-01 22:00"), go("ana", "03-01 22:10"),
        *person("bo", consent=()), go("bo", "03-01 22:00"),
    ]  # fmt: skip

    found = world.play(both, events, until="03-05")

    assert found.sent("ana") == [
        "03-01 22:00 mail email", "03-01 22:00 text sms", "03-01 22:10 mail email blocked frequency_cap", "03-01 22:10 text sms"
    ]  # fmt: skip
    assert found.sent("bo") == ["03-01 22:00 mail email blocked no_consent", "03-01 22:00 text sms"]


# ---------------------------------------------------------------------------------------------------- several channels

REACH = mail().replace(
    "channel: email, template: mail,",
    "channels: {email: mail, sms: text, push: note}, strategy: first_reachable, on_blocked: after,",
)
REACH = REACH.replace("next: end}}", "next: end}, after: {type: wait, for: 1h, next: end}}")


def test_the_first_channel_that_reaches_somebody_is_taken(world: World) -> None:
    """Reachable is address, suppression and consent, not a cap. When none is, the first is recorded as blocked."""
    events = [
        *person("all"), *person("no_mail", email=None), *person("wrong_mail", email="no-address"), *person("push", consent=["push"]),
        *person("spam"), ("03-01 01:00", "spam", "Email Marked as Spam", {"email": "SPAM@example.com"}),
        *person("none", consent=()), *person("nothing", consent=(), email=None, phone=None, token=None),
        *(go(user, "03-01 08:00") for user in ("all", "no_mail", "wrong_mail", "push", "spam", "none", "nothing")),
        go("all", "03-01 09:00"),
    ]  # fmt: skip

    found = world.play(CAP + REACH, events, until="03-05")

    assert found.sent() == [
        "03-01 08:00 all mail email", "03-01 08:00 no_mail mail sms", "03-01 08:00 none mail email blocked no_consent",
        "03-01 08:00 nothing mail email blocked no_address", "03-01 08:00 push mail push", "03-01 08:00 spam mail sms",
        "03-01 08:00 wrong_mail mail sms", "03-01 09:00 all mail email blocked frequency_cap",
    ]  # fmt: skip
    assert ["03-01 09:00 mail@03-01 09:00 after@03-01 09:00 finished 03-01 10:00"] == found.passages("all")[1:]


def test_on_blocked_is_taken_when_no_channel_sent(world: World) -> None:
    """One that is held decides later; whoever has no edge for it goes on to `next`, never out."""
    night = NIGHT.replace(", MORE", "")
    both = mail("on_blocked: after, ").replace(
        "channel: email, template: mail,", "channels: {email: mail, sms: text}, strategy: all,"
    )
    both = both.replace(
        "next: end}}", "next: fine}, fine: {type: wait, for: 1h, next: end}, after: {type: wait, for: 1h, next: end}}"
    )
    events = [*person("one", consent=["sms"]), *person("none", consent=()), go("one", "03-01 22:00"), go("none", "03-01 22:00")]

    found = world.play(night + both, events, until="03-05")

    assert ["03-01 22:00 mail@03-01 22:00 fine@03-02 08:00 finished 03-02 09:00"] == found.passages("one")
    assert ["03-01 22:00 mail@03-01 22:00 after@03-01 22:00 finished 03-01 23:00"] == found.passages("none")
    assert ["03-01 22:00 mail email blocked no_consent", "03-02 08:00 mail sms"] == found.sent("one")


# ---------------------------------------------------------------------------------------------------- suppression


def test_a_complaint_suppresses_an_address_for_all_who_share_it(world: World) -> None:
    """Also for transactional messages; other channels stay open."""
    both = mail("purpose: transactional, ") + "---\n" + TEXT.replace("MORE ", "")
    events = [
        *person("ana", email="Shared@Example.com"), *person("bo", email="shared@example.com "), *person("cy"),
        ("03-01 07:00", "ana", "Email Marked as Spam"), *(go(user, "03-01 08:00") for user in ("ana", "bo", "cy")),
    ]  # fmt: skip

    found = world.play(both, events, until="03-05")

    assert found.sent() == [
        "03-01 08:00 ana mail email blocked suppressed", "03-01 08:00 ana text sms",
        "03-01 08:00 bo mail email blocked suppressed", "03-01 08:00 bo text sms",
        "03-01 08:00 cy mail email", "03-01 08:00 cy text sms",
    ]  # fmt: skip


def test_a_suppression_is_no_older_than_its_event(world: World) -> None:
    """A message of the same batch that stands before the bounce is sent."""
    events = [
        *person("ana"),
        go("ana", "03-01 08:00"),
        ("03-01 08:00", "ana", "Email Bounced", {"bounce_type": "hard"}),
        go("ana", "03-01 08:00"),
    ]

    assert ["03-01 08:00 mail email", "03-01 08:00 mail email blocked suppressed"] == world.play(
        mail(), events, until="03-05"
    ).sent("ana")


def test_five_soft_bounces_in_a_row_suppress_and_a_delivery_breaks_the_row(world: World) -> None:
    def soft(user: str, *days: int) -> list[Told]:
        return [(f"03-{day:02} 07:00", user, "Email Bounced", {"bounce_type": "soft"}) for day in days]

    events = [
        *person("four"), *soft("four", 1, 2, 3, 4), *person("five"), *soft("five", 1, 2, 3, 4, 5),
        *person("broken"), *soft("broken", 1, 2, 3, 4), ("03-05 06:00", "broken", "Email Delivered"), *soft("broken", 5),
        *(go(user, "03-06") for user in ("four", "five", "broken")),
    ]  # fmt: skip

    found = world.play(mail(), events, until="03-07")

    assert [
        "03-06 00:00 broken mail email",
        "03-06 00:00 five mail email blocked suppressed",
        "03-06 00:00 four mail email",
    ] == found.sent()


# ---------------------------------------------------------------------------------------------------- consent and addresses


def test_consent_by_mode_channel_and_group(world: World) -> None:
    """`opt_out` asks for no unsubscription; a template's group is asked beside its channel; groups and channels are independent."""
    grouped = (
        """
{kind: settings, consent: {email: opt_out, push: none}}
---
{kind: template, id: grouped, channel: email, group: news, status: ready, subject: Hello, body: there}
---
"""
        + mail().replace("template: mail", "template: grouped")
        + "---\n"
        + TEXT.replace("MORE ", "").replace("channel: sms, template: text", "channel: push, template: note")
    )

    def change(user: str, channel: str, state: str, **more: str) -> Told:
        return ("03-01 01:00", user, "Subscription Changed", {"channel": channel, "state": state, **more})

    events = [
        *person("nothing", consent=()), *person("group_out", consent=()), change("group_out", "email", "unsubscribed", group="news"),
        *person("other_group", consent=()), change("other_group", "email", "unsubscribed", group="offers"),
        *person("all_out", consent=()), change("all_out", "email", "unsubscribed"), change("all_out", "email", "subscribed", group="news"),
        change("all_out", "push", "unsubscribed"), *person("link"), ("03-01 02:00", "link", "Unsubscribed", {}),
    ]  # fmt: skip
    users = ("nothing", "group_out", "other_group", "all_out", "link")

    found = world.play(grouped, [*events, *(go(user, "03-01 08:00") for user in users)], until="03-05")

    blocked = {m["user_id"]: m["reason"] for m in found.messages if m["status"] == "blocked"}
    assert {"group_out": "unsubscribed", "all_out": "unsubscribed", "link": "unsubscribed"} == blocked
    assert 5 == sum(m["channel"] == "push" and m["status"] == "sent" for m in found.messages)


def test_a_consent_change_older_than_the_one_in_force_is_kept_not_applied(world: World) -> None:
    events = [
        *person("ana", at="03-01 06:00"), ("03-01 05:00", "ana", "Subscription Changed", {"channel": "email", "state": "unsubscribed", "arrived": "03-01 07:00"}),
        go("ana", "03-01 08:00"),
    ]  # fmt: skip

    found = world.play(mail(), events, until="03-05")

    assert ["03-01 08:00 mail email"] == found.sent("ana")
    with world.database.reading() as connection:
        ledger = connection.rows("SELECT state, applied FROM consent_ledger WHERE channel = 'email' ORDER BY entry_id")
    assert [("subscribed", 1), ("unsubscribed", 0)] == ledger


def test_the_first_check_that_fails_is_the_reason(world: World) -> None:
    """Address, suppression, consent, cap, quiet hours: in this order."""
    night = '{kind: settings, frequency_caps: [{channel: any, max: 1, per: 1d}], quiet_hours: {channels: [email], from: "21:00", to: "08:00", timezone: UTC, when_hit: discard}}\n---\n'
    events = [
        *person("address", consent=(), email=None), *person("invalid", consent=(), email="a b@example.com"),
        *person("suppressed", consent=()), ("03-01 01:00", "suppressed", "Email Bounced", {"bounce_type": "hard"}),
        *person("consent", consent=()), *person("cap"), go("cap", "03-01 12:00"), *person("quiet"),
        *(go(user, "03-01 22:00") for user in ("address", "invalid", "suppressed", "consent", "cap", "quiet")),
    ]  # fmt: skip

    found = world.play(night + mail(), events, until="03-05")

    assert {
        "address": "no_address", "invalid": "invalid_address", "suppressed": "suppressed", "consent": "no_consent", "cap": "frequency_cap", "quiet": "quiet_hours"
    } == {m["user_id"]: m["reason"] for m in found.messages if m["status"] == "blocked"}  # fmt: skip


def test_the_address_may_come_from_the_event(world: World) -> None:
    """It is checked, and suppressed, like any."""
    events = [
        *person("ana"), go("ana", "03-01 08:00", email="gift@example.com"), go("ana", "03-01 09:00"), go("ana", "03-01 10:00", email="no"),
        ("03-01 11:00", "bo", "Email Bounced", {"bounce_type": "hard", "email": "Gift@example.com"}), go("ana", "03-01 12:00", email="gift@example.com"),
    ]  # fmt: skip

    found = world.play(mail("to: event.properties.email, "), events, until="03-05")

    assert [
        ("gift@example.com", None),
        (None, "no_address"),
        ("no", "invalid_address"),
        ("gift@example.com", "suppressed"),
    ] == [(m["to"], m["reason"]) for m in found.messages]


def test_a_template_that_can_not_be_rendered_blocks_its_message_alone(world: World) -> None:
    broken = '{kind: template, id: broken, channel: email, status: ready, subject: S, body: "{{ 1 | divided_by: event.properties.n }}"}\n---\n'

    found = world.play(
        broken + mail().replace("template: mail", "template: broken"),
        [*person("ana"), go("ana", "03-01 08:00", n=0), go("ana", "03-01 09:00", n=1)],
        until="03-05",
    )

    assert ["03-01 08:00 mail email blocked render_error", "03-01 09:00 mail email"] == found.sent("ana")
    assert ["finished", "finished"] == [e["status"] for e in found.enrollments]


# ---------------------------------------------------------------------------------------------------- experiments


def test_who_is_held_out_walks_the_path_but_gets_nothing(world: World) -> None:
    found = world.play(
        mail() + "holdout_percent: 100\n", [*person("ana", consent=(), email=None), go("ana", "03-01 08:00")], until="03-05"
    )

    assert ["03-01 08:00 mail email blocked holdout"] == found.sent("ana")


def test_so_does_a_hold_out_where_no_channel_reaches_somebody(world: World) -> None:
    first = mail().replace("channel: email, template: mail", "strategy: first_reachable, channels: {email: mail}")
    people = [*person("ana", consent=(), email=None), go("ana", "03-01 08:00")]

    found = world.play(first + "holdout_percent: 100\n", people, until="03-05")

    assert ["03-01 08:00 mail email blocked holdout"] == found.sent("ana")
    assert {"ana": "mail finished 03-01 08:00"} == found.ends()


DAILY = """
kind: campaign
id: ID
audience: {type: all, of: []}
schedule: {every: day, at: "09:00", timezone: UTC}
message: {channel: email, template: mail}
MORE
"""


def test_control_and_variants_stick_to_people_and_differ_between_campaigns(world: World) -> None:
    """A salted hash: about the asked share, the same on both days, independent of the other campaign."""
    variants = "variants: [{id: a, template: mail, percent: 30}, {id: b, template: mail, percent: 50}]\ncontrol_percent: 20"
    both = "---\n".join(DAILY.replace("ID", name).replace("MORE", variants) for name in ("one", "two"))
    users = [f"u{n}" for n in range(150)]

    found = world.play(both, [told for user in users for told in person(user, consent=["email"])], until="03-02 12:00")

    fates: dict[tuple[str, str], set[str]] = {}
    for m in found.messages:
        fates.setdefault((m["source"], m["user_id"]), set()).add(m["reason"] or m["variant"])
    assert {1} == {len(f) for f in fates.values()}
    one, two = ([next(iter(fates[f"campaign:{name}", user])) for user in users] for name in ("one", "two"))
    assert one != two
    for fate in (one, two):
        assert 15 <= fate.count("control") <= 45
        assert 20 <= fate.count("a") <= 56
        assert set(fate) == {"control", "a", "b"}


def test_a_control_of_everybody(world: World) -> None:
    found = world.play(DAILY.replace("ID", "all").replace("MORE", "control_percent: 100"), person("ana"), until="03-01 12:00")

    assert ["03-01 09:00 campaign:all email blocked control"] == found.sent("ana")


def test_a_campaign_that_an_event_starts_takes_only_its_audience(any_world: World) -> None:
    told = (
        DAILY.replace("ID", "told")
        .replace("MORE", "")
        .replace('{every: day, at: "09:00", timezone: UTC}', "{event: Go, where: [{path: n, op: gt, value: 1}]}")
    )
    vip = told.replace("{type: all, of: []}", "{type: trait, path: vip, op: is_true}")
    events = [
        *person("ana", vip=True),
        *person("bo"),
        go("ana", "03-01 08:00", n=1),
        go("ana", "03-01 09:00", n=2),
        go("bo", "03-01 09:00", n=2),
    ]

    assert ["03-01 09:00 ana campaign:told email"] == any_world.play(vip, events, until="03-05").sent()
