"""Waits, schedules and quiet hours by the clock on the wall (SEMANTICS 10, 14, 23, 41)."""

from __future__ import annotations

import pytest

from tests.contract.journeys.world import Told, World, person

WAIT = """
kind: journey
id: wait
entry: {type: event, event: Go}
start: stay
steps:
  stay: {type: wait, UNTIL, next: mail}
  mail: {type: message, channel: email, template: mail, next: end}
"""


def go(user: str, at: str, timezone: str | None = None, **properties: object) -> list[Told]:
    return [*person(user, timezone=timezone), (at, user, "Go", properties)]


def mails(world: World, until: str, events: list[Told], end: str, settings: str = "") -> dict[str, str]:
    found = world.play(settings + WAIT.replace("UNTIL", until), events, until=end)
    return {line.split(" ")[-3]: " ".join(line.split(" ")[:-3]) for line in found.sent()}


@pytest.mark.parametrize(
    ("zone", "at", "entered", "goes_on"),
    [
        # summer time begins in Europe on 29 March at 01:00 UTC and ends on 25 October
        ("Europe/Paris", "09:00", "03-27 20:00", "03-28 08:00"),
        ("Europe/Paris", "09:00", "03-28 20:00", "03-29 07:00"),
        ("Europe/Paris", "09:00", "10-23 20:00", "10-24 07:00"),
        ("Europe/Paris", "09:00", "10-24 20:00", "10-25 08:00"),
        # a skipped time is the next valid instant, a doubled one the first
        ("Europe/Paris", "02:30", "03-28 20:00", "03-29 01:00"),
        ("Europe/Paris", "02:30", "10-24 20:00", "10-25 00:30"),
        # who comes between the two 02:30 of one day waits for the next day's
        ("Europe/Paris", "02:30", "10-25 00:45", "10-26 01:30"),
        # in America it begins on 8 March at 02:00 local time
        ("America/New_York", "09:00", "03-07 20:00", "03-08 13:00"),
        ("America/New_York", "09:00", "03-06 20:00", "03-07 14:00"),
        # half an hour, on Lord Howe Island, on 5 April at 02:00
        ("Australia/Lord_Howe", "09:00", "04-03 23:00", "04-04 22:30"),
        ("Australia/Lord_Howe", "09:00", "04-02 23:00", "04-03 22:00"),
        # clocks in Havana skip midnight
        ("America/Havana", "00:00", "03-07 20:00", "03-08 05:00"),
        # that very instant is not past
        ("Asia/Kathmandu", "09:00", "03-02 03:15", "03-02 03:15"),
        ("Asia/Kathmandu", "09:00", "03-02 03:15:00.000001", "03-03 03:15"),
    ],
)
def test_a_time_of_day_stays_that_time_over_changes_of_the_clock(
    embedded_world: World, zone: str, at: str, entered: str, goes_on: str
) -> None:
    found = mails(embedded_world, f'until: {{at: "{at}", timezone: profile}}', go("ana", entered, zone), "12-01")

    assert {"ana": goes_on} == found


def test_without_a_usable_time_zone_the_workspaces_counts(world: World) -> None:
    """09:00 in Tokyo is midnight UTC."""
    events = [
        *go("none", "03-01 08:00"),
        *go("wrong", "03-01 08:00", "Mars/Olympus"),
        *go("paris", "03-01 10:00", "Europe/Paris"),
    ]

    found = mails(
        world, 'until: {at: "09:00", timezone: profile}', events, "03-05", "{kind: settings, timezone: Asia/Tokyo}\n---\n"
    )

    assert {"none": "03-02 00:00", "wrong": "03-02 00:00", "paris": "03-02 08:00"} == found


def test_days_of_the_week_and_named_zones(world: World) -> None:
    """The first of March 2026 is a Sunday. The zone of the wait rules, not the person's."""
    events = [*go("ana", "03-01 12:00", "Asia/Tokyo"), *go("bo", "03-02 08:00:00.000001")]

    found = mails(world, 'until: {at: "09:00", on: [mon, wed], timezone: Europe/Paris}', events, "03-10")

    assert {"ana": "03-02 08:00", "bo": "03-04 08:00"} == found


def test_a_wait_until_what_is_past_or_missing_goes_on_at_once(world: World) -> None:
    """Dates without a time are midnight in the person's zone; offsets are durations."""
    traits: list[Told] = [
        ("03-01", "future", "identify", {"renewal": "2026-03-15", "timezone": "Europe/Paris"}),
        ("03-01", "instant", "identify", {"renewal": "2026-03-15T12:00:00+02:00"}),
        ("03-01", "past", "identify", {"renewal": "2026-03-08"}),
        ("03-01", "wrong", "identify", {"renewal": 20260315}),
    ]
    events = [
        *traits,
        *(told for user in ("future", "instant", "past", "wrong", "missing") for told in go(user, "03-01 08:00")),
    ]

    found = mails(world, "until: {path: profile.traits.renewal, offset: -7d}", events, "04-01")

    assert {
        "future": "03-07 23:00", "instant": "03-08 10:00", "past": "03-01 08:00", "wrong": "03-01 08:00", "missing": "03-01 08:00"
    } == found  # fmt: skip


def test_a_wait_until_a_date_of_the_event_or_an_instant(world: World) -> None:
    assert {"ana": "03-04 06:00"} == mails(
        world, "until: {path: event.properties.due}", go("ana", "03-01 08:00", due="2026-03-04T06:00:00Z"), "03-10"
    )


def test_a_wait_until_a_fixed_instant(world: World) -> None:
    events = [*go("ana", "03-01 08:00"), *go("bo", "03-03 08:00")]

    assert {"ana": "03-02 12:00", "bo": "03-03 08:00"} == mails(world, "until: 2026-03-02T12:00:00Z", events, "03-10")


@pytest.mark.parametrize(
    ("until", "goes_on"),
    [
        ("for: 90s", "03-28 22:01:30"),
        ("for: 15m", "03-28 22:15"),
        ("for: 1.5h", "03-28 23:30"),
        ("for: 1d", "03-29 22:00"),  # 24 hours, though the day has 23
        ("for: 2w", "04-11 22:00"),
        ("until: 2026-03-30", "03-29 22:00"),  # a date is its midnight on the person's clock
        ("until: {path: profile.renewal, offset: 6h}", "04-02 04:00"),
        ("until: {path: profile.traits.renewal, offset: -1d}", "03-31 22:00"),
        ("until: {path: event.properties.due, offset: -2h}", "04-04 04:00"),
        ("until: {path: journey.entered_at, offset: 3d}", "03-31 22:00"),
        ('until: {at: "07:30:15", on: [tuesday], timezone: Europe/Paris}', "03-31 05:30:15"),
        ('until: {at: "23:30"}', "03-28 23:30"),  # the workspace's clock
    ],
)
def test_each_form_of_a_wait(embedded_world: World, until: str, goes_on: str) -> None:
    """In Paris, two hours and more before its clocks go forward."""
    events = [
        *go("ana", "03-28 22:00", "Europe/Paris", due="2026-04-04T06:00:00Z"),
        ("03-28", "ana", "identify", {"renewal": "2026-04-02"}),
    ]

    assert {"ana": goes_on} == mails(embedded_world, until, events, "05-01")


def test_a_wait_of_no_time_goes_on_at_once(world: World) -> None:
    assert {"ana": "03-01 08:00"} == mails(world, "for: 0s", go("ana", "03-01 08:00"), "03-10")


QUIET = """
kind: settings
timezone: ZONE
quiet_hours: {channels: [sms, push], from: "21:00", to: "08:00", timezone: profile, when_hit: HIT}
---
kind: journey
id: quiet
entry: {type: event, event: Go}
start: text
steps:
  text: {type: message, channel: sms, template: text, next: hear}
  hear: {type: listen, for: [{event: SMS Link Clicked, message: text, next: end}], timeout: 1h, on_timeout: mail}
  mail: {type: message, channel: email, template: mail, next: end}
"""


def quiet(zone: str = "UTC", hit: str = "hold") -> str:
    return QUIET.replace("ZONE", zone).replace("HIT", hit)


@pytest.mark.parametrize(
    ("entered", "sent"),
    [
        ("03-01 20:59:59.999999", "03-01 20:59:59.999999"),
        ("03-01 21:00", "03-02 08:00"),
        ("03-02 07:59:59.999999", "03-02 08:00"),
        ("03-02 08:00", "03-02 08:00"),
    ],
)
def test_quiet_hours_hold_from_their_first_instant_and_let_go_at_their_end(world: World, entered: str, sent: str) -> None:
    """The time the listener gives begins when the message is handed over; email knows no quiet hours here."""
    found = world.play(quiet(), go("ana", entered), until="03-05")

    hour_later = sent.replace("20:59:59", "21:59:59").replace("08:00", "09:00")
    assert [f"{sent} text sms", f"{hour_later} mail email"] == found.sent("ana")


def test_quiet_hours_follow_each_persons_clock(world: World) -> None:
    """A missing zone is the workspace's and never disables the rule. The night of 28 March is an hour shorter in Paris."""
    events = [
        *go("paris", "03-28 20:00", "Europe/Paris"), *go("utc", "03-28 20:00", "UTC"), *go("none", "03-28 20:00"), *go("wrong", "03-28 20:00", "Nowhere")
    ]  # fmt: skip

    found = world.play(quiet("Asia/Tokyo"), events, until="03-30")

    texts = {line.split(" ")[2]: " ".join(line.split(" ")[:2]) for line in found.sent() if line.endswith("sms")}
    assert {"paris": "03-29 06:00", "utc": "03-28 20:00", "none": "03-28 23:00", "wrong": "03-28 23:00"} == texts


def test_quiet_hours_that_discard_block(world: World) -> None:
    found = world.play(quiet(hit="discard"), go("ana", "03-01 22:00"), until="03-05")

    assert ["03-01 22:00 text sms blocked quiet_hours", "03-01 23:00 mail email"] == found.sent("ana")


CAMPAIGN = """
kind: campaign
id: news
audience: {type: trait, path: news, op: is_true}
schedule: SCHEDULE
message: {channel: email, template: mail}
"""


def campaign(world: World, schedule: str, events: list[Told], until: str, more: str = "", settings: str = "") -> list[str]:
    return world.play(settings + CAMPAIGN.replace("SCHEDULE", schedule) + more, events, until=until).sent("ana")


def reader() -> list[Told]:
    return person("ana", at="02-20", news=True)


def test_on_the_31st_is_on_the_last_day_of_a_shorter_month(world: World) -> None:
    """A recurring campaign starts its audience afresh each time. 09:00 in Paris is 07:00 UTC in summer, 08:00 in winter."""
    found = campaign(world, '{every: month, on: [31], at: "09:00", timezone: Europe/Paris}', reader(), "2027-03-01")

    days = [
        "03-31",
        "04-30",
        "05-31",
        "06-30",
        "07-31",
        "08-31",
        "09-30",
        "10-31",
        "11-30",
        "12-31",
        "2027-01-31",
        "2027-02-28",
    ]
    assert [f"{day} {'08' if n > 6 else '07'}:00 campaign:news email" for n, day in enumerate(days)] == found


def test_weeks_follow_the_calendar_over_the_change_of_the_clock(world: World) -> None:
    found = campaign(world, '{every: week, on: [mon], at: "09:00", timezone: Europe/Paris}', reader(), "04-07")

    assert [
        f"{at}:00 campaign:news email" for at in ("03-02 08", "03-09 08", "03-16 08", "03-23 08", "03-30 07", "04-06 07")
    ] == found


def test_reentry_holds_for_recurring_campaigns_too(world: World) -> None:
    weekly = '{every: week, on: [mon], at: "09:00", timezone: UTC}'

    assert ["03-02 09:00 campaign:news email"] == campaign(world, weekly, reader(), "03-20", "reentry: once\n")


def test_every_week_but_no_sooner_than_two_weeks_after_the_last(world: World) -> None:
    weekly = '{every: week, on: [mon], at: "09:00", timezone: UTC}'

    found = campaign(world, weekly, reader(), "04-01", "reentry: {after: 2w}\n")

    assert ["03-02 09:00 campaign:news email", "03-16 09:00 campaign:news email", "03-30 09:00 campaign:news email"] == found


@pytest.mark.parametrize(
    ("at", "n"), [("2026-03-01T00:00:00Z", 1), ("2026-02-28T23:59:59.999999Z", 0), ("2026-03-05T00:00:00Z", 1)]
)
def test_a_schedule_at_exactly_the_start_or_the_end_fires_an_earlier_one_never(world: World, at: str, n: int) -> None:
    assert n == len(campaign(world, f"{{at: {at}}}", reader(), "03-05"))


def test_a_schedule_sees_what_arrives_at_its_instant_and_lateness_does_not_delay_it(world: World) -> None:
    events = person("ana", at="03-02 09:00", news=True)

    found = campaign(
        world, "{at: 2026-03-02T09:00:00Z}", events, "03-02 09:00", settings="{kind: settings, lateness: 1h}\n---\n"
    )

    assert ["03-02 09:00 campaign:news email"] == found


def test_a_schedule_by_each_persons_clock(world: World) -> None:
    """09:00 comes to Tokyo first; who has no zone lives in the workspace's."""
    events = [
        told
        for user, zone in (("tokyo", "Asia/Tokyo"), ("paris", "Europe/Paris"), ("none", None))
        for told in person(user, news=True, timezone=zone)
    ]
    daily = CAMPAIGN.replace("SCHEDULE", '{every: day, at: "09:00", timezone: profile}')

    found = world.play("{kind: settings, timezone: America/New_York}\n---\n" + daily, events, until="03-02 14:00")

    assert [
        "03-01 00:00 tokyo campaign:news email", "03-01 08:00 paris campaign:news email", "03-01 14:00 none campaign:news email", "03-02 00:00 tokyo campaign:news email",
        "03-02 08:00 paris campaign:news email", "03-02 14:00 none campaign:news email"
    ] == found.sent()  # fmt: skip


def test_timers_of_an_instant_fire_before_its_schedules(world: World) -> None:
    """The first passage finishes at 09:00, so that the schedule of 09:00 can let the person in again."""
    daily = """
kind: segment
id: all
where: {type: all, of: []}
---
kind: journey
id: daily
entry: {type: segment, segment: all, schedule: {every: day, at: "09:00", timezone: UTC}}
reentry: always
start: stay
steps: {stay: {type: wait, for: 1d, next: end}}
"""
    found = world.play(daily, person("ana"), until="03-03 12:00")

    assert found.passages("ana") == [
        "03-01 09:00 stay@03-01 09:00 finished 03-02 09:00",
        "03-02 09:00 stay@03-02 09:00 finished 03-03 09:00",
        "03-03 09:00 stay@03-03 09:00 active",
    ]
