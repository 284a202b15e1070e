"""Who is let in besides re-entry: new members alone, at a rate, within limits, between dates, and nobody who is excluded."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from zoneinfo import ZoneInfo

from relance.clock import DAY, MINUTE
from relance.events.model import Event
from relance.journeys.figures import list_reports
from relance.localtime import local_date
from relance.store import Database
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import START, Run
from tests.contract.journeys.world import Told, World, person
from tests.made_store import open_made

SEGMENT = """
kind: segment
id: fans
where: {type: trait, path: fan, op: is_true}
---
"""
JOURNEY = """
kind: journey
id: j
entry: ENTRY
start: stay
steps: {stay: {type: wait, for: 1h, next: end}}
"""
BY_EVENT = JOURNEY.replace("ENTRY", "{type: event, event: Go}")
DAILY = 'schedule: {every: day, at: "09:00", timezone: UTC}'


def scheduled(more: str, rest: str = "") -> str:
    return SEGMENT + JOURNEY.replace("ENTRY", f"{{type: segment, segment: fans, {more}}}") + rest


def fan(user: str, at: str, *, is_fan: bool = True) -> Told:
    return (at, user, "identify", {"fan": is_fan})


def entered(world: World, definitions: str, events: list[Told], until: str) -> list[str]:
    """When each start was, of whom, and why it did not happen."""
    found = world.play(definitions, events, until=until).passages()
    return [re.sub(r" \w+@\S+ \S+(?= )| (suppressed|active)\b", "", line) for line in found]


# ------------------------------------------------------------------ incremental


def test_an_incremental_schedule_takes_in_who_became_a_member_since_the_last_time(world: World) -> None:
    """Who is one already when it begins is taken in the first time; who leaves and comes back, once more."""
    events: list[Told] = [
        fan("ana", "02-20"), fan("bo", "03-02 08:59"), fan("cy", "03-02 09:00"), fan("di", "03-02 09:00:00.000001"),
        fan("ana", "03-03 10:00", is_fan=False), fan("ana", "03-03 11:00"),
        fan("bo", "03-03 10:00", is_fan=False), fan("cy", "03-03 10:00", is_fan=False), fan("cy", "03-05 08:00"),
    ]  # fmt: skip
    daily = scheduled(f"{DAILY}, incremental: true", "reentry: always\n").replace("for: 1h", "for: 1m")

    found = world.play(daily, events, until="03-06").passages()

    assert [
        "03-01 09:00 ana", "03-02 09:00 bo", "03-02 09:00 cy", "03-03 09:00 di", "03-04 09:00 ana", "03-05 09:00 cy"
    ] == [" ".join(line.split()[:3]) for line in found]  # fmt: skip


def test_the_passing_of_time_makes_new_members_too(world: World) -> None:
    """Carts of more than a day ago without an order: each is taken in by the first occurrence after that."""
    lost = """
kind: segment
id: fans
where: {type: all, of: [{type: did, event: Cart}, {type: did, event: Cart, times: {eq: 0}, within: 1d}]}
---
""" + JOURNEY.replace("ENTRY", f"{{type: segment, segment: fans, {DAILY}, incremental: true}}")
    events: list[Told] = [("03-01 08:00", "ana", "Cart"), ("03-01 10:00", "bo", "Cart"), ("03-02 12:00", "bo", "Cart")]

    found = world.play(lost, events, until="03-06").passages()

    assert ["03-02 09:00 ana", "03-04 09:00 bo"] == [" ".join(line.split()[:3]) for line in found]


def test_in_everyones_own_zone_each_membership_is_considered_once(world: World) -> None:
    """Somebody who moves from Paris to Tokyo is neither taken in twice nor forgotten."""
    daily = scheduled('schedule: {every: day, at: "09:00", timezone: profile}, incremental: true', "reentry: always\n")
    events: list[Told] = [
        ("03-01 07:00", "ana", "identify", {"fan": True, "timezone": "Europe/Paris"}),
        ("03-01 12:00", "ana", "identify", {"timezone": "Asia/Tokyo"}),
        ("03-02 07:00", "bo", "identify", {"fan": True, "timezone": "Asia/Tokyo"}),
        ("03-02 12:00", "bo", "identify", {"timezone": "Europe/Paris"}),
    ]

    found = world.play(daily, events, until="03-06").passages()

    assert ["03-01 08:00 ana", "03-03 08:00 bo"] == [" ".join(line.split()[:3]) for line in found]


# ------------------------------------------------------------------ at a rate

FIVE = [fan(user, "02-20") for user in ("eve", "di", "ana", "cy", "bo")]


def test_a_rate_lets_the_audience_in_by_slices_in_the_order_of_their_ids(world: World) -> None:
    """Whose turn comes who is no member any more is left out; who became one later waits for the next occurrence."""
    once = scheduled("schedule: {at: 2026-03-01T09:00:00Z}, rate: {max: 2, per: hour}")
    events = [*FIVE, fan("cy", "03-01 10:00", is_fan=False), fan("flo", "03-01 09:30")]

    assert [
        "03-01 09:00 ana finished 03-01 10:00", "03-01 09:00 bo finished 03-01 10:00", "03-01 10:00 cy no_longer_member",
        "03-01 10:00 di finished 03-01 11:00", "03-01 11:00 eve finished 03-01 12:00"
    ] == entered(world, once, events, "03-02")  # fmt: skip


def test_occurrences_at_a_rate_queue_up_and_nobody_waits_twice(world: World) -> None:
    """Five at two a day take longer than a day: the second occurrence stands behind the first, within the same rate."""
    daily = scheduled(f"{DAILY}, rate: {{max: 2, per: 24h}}", "reentry: always\n")

    found = entered(world, daily, [*FIVE, fan("flo", "03-01 12:00")], "03-05")

    assert ["03-01 ana", "03-01 bo", "03-02 cy", "03-02 di", "03-03 ana", "03-03 eve", "03-04 bo", "03-04 flo"] == [
        f"{line.split()[0]} {line.split()[2]}" for line in found
    ]


def test_the_report_tells_who_waits(world: World) -> None:
    once = scheduled("schedule: {at: 2026-03-01T09:00:00Z}, rate: {max: 2, per: hour}")

    world.play(once, FIVE, until="03-01 09:30")

    with world.database.reading() as connection:
        (report,) = list_reports(connection, source="journey:j")
    expected = {"at": "2026-03-01T09:00:00Z", "timezone": None, "found": 5}
    assert {"waiting": 3, "next_turn_at": "2026-03-01T10:00:00Z", "occurrences": [expected]} == report["schedule"]


def test_a_short_last_slice_does_not_make_the_next_occurrence_faster(world: World) -> None:
    twice = scheduled(
        'schedule: {every: hour, at: "00:30", from: 2026-03-01T09:00:00Z, until: 2026-03-01T10:45:00Z}, rate: {max: 3, per: 45m}',
        "reentry: always\n",
    )
    events = [fan("ana", "02-20"), fan("bo", "03-01 09:45")]

    found = entered(world, twice.replace("for: 1h", "for: 1m"), events, "03-02")

    assert ["03-01 09:30 ana", "03-01 10:30 ana", "03-01 10:30 bo"] == [" ".join(line.split()[:3]) for line in found]


# ------------------------------------------------------------------ limits


def goes(*times: str) -> list[Told]:
    return [(f"03-01 {at}" if len(at) < 6 else at, user, "Go") for at, user in (t.rsplit(" ", 1) for t in times)]


def test_limits_in_total_and_per_day_of_the_workspaces_zone(world: World) -> None:
    """Whom re-entry refuses does not count. In Paris the day ends at 23:00 UTC."""
    limited = "{kind: settings, timezone: Europe/Paris}\n---\n" + BY_EVENT + "entry_limits: {per_day: 2, total: 3}\n"
    events = goes("08:00 ana", "08:30 ana", "09:00 bo", "10:00 cy", "22:59 di", "23:00 eve", "23:30 flo", "03-04 09:00 gus")

    assert [
        "03-01 08:00 ana finished 03-01 09:00", "03-01 08:30 ana already_enrolled", "03-01 09:00 bo finished 03-01 10:00",
        "03-01 10:00 cy entry_limit", "03-01 22:59 di entry_limit", "03-01 23:00 eve finished 03-02 00:00",
        "03-01 23:30 flo entry_limit", "03-04 09:00 gus entry_limit"
    ] == entered(world, limited, events, "03-05")  # fmt: skip


def test_of_one_instant_the_log_decides_who_came_first(world: World) -> None:
    limited = BY_EVENT + "entry_limits: {total: 2}\n"

    found = entered(world, limited, goes("08:00 di", "08:00 ana", "08:00 cy", "08:00 bo"), "03-01 08:30")

    assert ["ana", "bo entry_limit", "cy entry_limit", "di"] == [line.removeprefix("03-01 08:00 ") for line in found]


def test_a_tick_that_is_tried_again_in_parts_leaves_nothing_twice_in_the_warehouse(any_world: World) -> None:
    """The second visit of those who were let in finds two of them there, not more."""
    asks = BY_EVENT.replace(
        "steps: {stay: {type: wait, for: 1h, next: end}}",
        """
steps:
  stay: {type: branch, when: [{where: {type: did, event: Go, times: {gte: 3}}, next: three}, {where: {type: did, event: Go, times: {eq: 2}}, next: two}], otherwise: end}
  two: {type: message, channel: email, template: mail}
  three: {type: message, channel: sms, template: text}
""",
    )
    events = [
        *person("ana"),
        *person("bo"),
        *goes("08:00 ana", "08:00 bo", "08:00 ana", "08:30 bo", "08:30 cy", "08:30 ana", "09:00 di"),
    ]

    found = any_world.play(asks + "entry_limits: {total: 5}\n", events, until="03-02")

    assert ["03-01 08:00 ana two email", "03-01 08:30 bo two email"] == [m.replace("mail email", "email") for m in found.sent()]
    assert ["ana", "di"] == [e["user_id"] for e in found.enrollments if e["reason"] == "entry_limit"]


def test_a_limit_per_run_lets_in_the_first_by_their_ids_each_time(world: World) -> None:
    daily = scheduled(DAILY, "reentry: always\nentry_limits: {per_run: 2}\n").replace("for: 1h", "for: 36h")

    found = world.play(daily, FIVE, until="03-02 10:00").passages()

    first, second = (
        [
            line.split()[2]
            for line in found
            if line.startswith(f"03-0{n}") and "entry_limit" not in line and "already" not in line
        ]
        for n in (1, 2)
    )
    assert (["ana", "bo"], ["cy", "di"]) == (first, second)


def test_a_limit_per_run_holds_over_all_slices_of_a_rate(world: World) -> None:
    once = scheduled("schedule: {at: 2026-03-01T09:00:00Z}, rate: {max: 2, per: hour}", "entry_limits: {per_run: 3}\n")

    found = entered(world, once, FIVE, "03-01 11:30")

    assert ["ana", "bo", "cy", "di entry_limit", "eve entry_limit"] == [
        " ".join(line.split()[2:4]).removesuffix(" finished") for line in found
    ]


PARIS = "{kind: settings, timezone: Europe/Paris}\n---"
LIMITED = """
kind: segment
id: goers
where: {type: did, event: Go, within: 8h}
---
kind: journey
id: a-first
entry: {type: event, event: Go}
reentry: always
entry_limits: {per_day: 7, total: 23}
start: stay
steps: {stay: {type: wait, for: 20m, next: more}, more: {type: start_journey, journey: b-second, next: end}}
---
kind: journey
id: b-second
entry: {type: api}
entry_limits: {per_day: 4}
reentry: always
start: stay
steps: {stay: {type: wait, for: 30m, next: end}}
---
kind: journey
id: c-third
entry: {type: event, event: Journey Ended, where: [{path: journey, op: eq, value: a-first}]}
entry_limits: {total: 9}
reentry: always
start: stay
steps: {stay: {type: wait, for: 5m, next: end}}
---
kind: journey
id: d-fourth
entry: {type: segment_entered, segment: goers}
entry_limits: {total: 6}
reentry: always
start: stay
steps: {stay: {type: wait, for: 5m, next: end}}
---
kind: journey
id: e-fifth
entry: {type: segment, segment: goers, schedule: {every: day, at: "18:30", timezone: UTC}, rate: {max: 2, per: 10m}, incremental: true}
entry_limits: {per_run: 3, per_day: 8}
exclude: [{segment: many}]
reentry: always
start: stay
steps: {stay: {type: wait, for: 5m, next: end}}
---
kind: segment
id: many
where: {type: did, event: Go, times: {gte: 4}, within: 1d}
"""


def crowd(r: Random) -> list[Event]:
    """Nine people who go again and again over two days, many of them at one instant."""
    told = sorted((START + r.randrange(2 * 24 * 4) * 15 * MINUTE, r.random(), r.randrange(9)) for _ in range(80))
    return [
        Event(
            position=n, source="file", type="track", name="Go", user_id=f"user-{user}", anonymous_id=None, previous_id=None, at=at,
            received_at=at, properties={}, traits={}, context={}, message_id=f"m{n}", trusted=True, history=False,
        )
        for n, (at, _, user) in enumerate(told, start=1)
    ]  # fmt: skip


def test_batches_do_not_matter_to_limits(store: Database) -> None:
    """One batch for two days, where each limit is reached within it, or one event at a time: the same people are in."""
    events = crowd(Random(0))
    states = []
    for cuts in ([], list(range(1, len(events))), list(range(29, len(events), 29))):
        database = open_made() if cuts else store
        run = Run(database, open_warehouse("memory://"), LIMITED)
        run.feed_slices(events, cuts)
        states.append(run.state())

    assert {"entry_limit", "excluded"} <= {reason for row in states[0]["passages"] for reason in row.split('"')}
    assert states[0]["passages"] == states[1]["passages"] == states[2]["passages"]
    assert states[0] == states[1] == states[2]


def test_a_limit_lets_in_whom_a_plain_reading_of_the_log_would(store: Database) -> None:
    """Twenty minutes each, nobody twice at a time; seven on a day in Paris, where the clock changes on the third, 16 in all."""
    events = crowd(Random(1))
    limited = BY_EVENT.replace("for: 1h", "for: 20m") + "reentry: always\nentry_limits: {per_day: 7, total: 16}\n"
    run = Run(store, open_warehouse("memory://"), PARIS + limited)
    inside: dict[str | None, int] = {}
    per_day: Counter[object] = Counter()
    expected = []
    for event in events:
        day = local_date(event.at, ZoneInfo("Europe/Paris"))
        reason = None
        if inside.get(event.user_id, -DAY) + 20 * MINUTE >= event.at:
            reason = "already_enrolled"
        elif per_day[day] == 7 or per_day.total() == 16:
            reason = "entry_limit"
        else:
            per_day[day] += 1
            inside[event.user_id] = event.at
        expected.append((event.user_id, event.at, reason))

    run.feed(events, until=events[-1].at + DAY)

    sql = """SELECT p.user_id, e.entered_at, e.reason FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id"""
    with store.reading() as connection:
        assert sorted(expected, key=str) == sorted(map(tuple, connection.rows(sql)), key=str)
    assert (16, 2) == (per_day.total(), sum(n == 7 for n in per_day.values()))


def test_a_score_starts_a_journey_by_its_event(world: World) -> None:
    likely = JOURNEY.replace(
        "ENTRY",
        "{type: event, event: Prediction Scored, where: [{path: prediction, op: eq, value: buys-30d}, {path: category, op: in, value: [high, medium]}]}",
    )
    events: list[Told] = [
        ("03-01 08:00", user, "Prediction Scored", {"prediction": prediction, "score": score, "category": category})
        for user, prediction, score, category in [("ana", "buys-30d", 80, "high"), ("bo", "buys-30d", 10, "low"), ("cy", "leaves", 80, "high")]
    ]  # fmt: skip

    assert ["03-01 08:00 ana finished 03-01 09:00"] == entered(world, likely, events, "03-02")


# ------------------------------------------------------------------ dates


def test_nobody_enters_before_a_journey_begins_nor_from_its_end_on_and_people_inside_go_on(world: World) -> None:
    """A date is its midnight in the workspace's zone."""
    dated = (
        "{kind: settings, timezone: Europe/Paris}\n---\n" + BY_EVENT + "starts_at: 2026-03-02\nends_at: 2026-03-02T12:00:00Z\n"
    )
    events = goes("03-01 22:59 ana", "03-01 23:00 bo", "03-02 11:59 cy", "03-02 12:00 di")

    assert [
        "03-01 22:59 ana closed", "03-01 23:00 bo finished 03-02 00:00", "03-02 11:59 cy finished 03-02 12:59",
        "03-02 12:00 di closed"
    ] == entered(world, dated, events, "03-05")  # fmt: skip


def test_schedules_fire_between_the_dates_alone(world: World) -> None:
    daily = scheduled(DAILY, "reentry: always\nstarts_at: 2026-03-02T09:00:00Z\nends_at: 2026-03-04T09:00:00Z\n")

    assert ["03-02 09:00 ana finished 03-02 10:00", "03-03 09:00 ana finished 03-03 10:00"] == entered(
        world, daily, [fan("ana", "02-20")], "03-06"
    )


# ------------------------------------------------------------------ exclusion

EXCLUDING = """
kind: segment
id: buyers
where: {type: did, event: Order, within: 1d}
---
kind: segment
id: staff
where: {type: trait, path: staff, op: is_true}
---
kind: journey
id: j
entry: {type: event, event: Go}
exclude: [{segment: staff}, {segment: buyers}]
exit_on: [{event: Left}]
start: stay
steps:
  stay: {type: wait, for: 1h, next: mail}
  mail: {type: message, channels: {sms: text, email: mail}, next: more}
  more: {type: wait, for: 1h, next: end}
"""


def test_members_of_an_excluded_segment_do_not_enter_and_leave_when_they_become_one(world: World) -> None:
    events: list[Told] = [
        *(told for user in ("ana", "bo", "cy", "di") for told in person(user)),
        ("03-01 07:00", "ana", "identify", {"staff": True}), ("03-01 07:00", "bo", "Order"),
        *goes("08:00 ana", "08:00 bo", "08:00 cy", "08:00 di", "03-02 07:00 bo"),
        ("03-01 08:30", "cy", "Order"), ("03-01 09:30", "di", "identify", {"staff": True}),
    ]  # fmt: skip

    found = world.play(EXCLUDING, events, until="03-02 10:00")

    assert [
        "03-01 08:00 ana suppressed excluded", "03-01 08:00 bo suppressed excluded",
        "03-01 08:00 cy stay@03-01 08:00 exited buyers 03-01 08:30",
        "03-01 08:00 di stay@03-01 08:00 mail@03-01 09:00 more@03-01 09:00 exited staff 03-01 09:30",
        "03-02 07:00 bo stay@03-02 07:00 mail@03-02 08:00 more@03-02 08:00 finished 03-02 09:00"
    ] == found.passages()  # fmt: skip
    assert {"buyers": 1, "staff": 1} == found.summary["journeys"]["j"]["exited"]


def test_a_message_is_not_handed_over_to_whom_the_instant_itself_excludes(world: World) -> None:
    """Somebody who goes and buys in one request is not told of it first and put out then."""
    at_once = EXCLUDING.replace(
        "stay: {type: wait, for: 1h, next: mail}", "stay: {type: listen, for: [{event: Order, next: mail}]}"
    )
    events: list[Told] = [*person("ana"), *goes("08:00 ana"), ("03-01 09:00", "ana", "Order")]

    found = world.play(at_once, events, until="03-02")

    assert ["03-01 09:00 mail email blocked exited", "03-01 09:00 mail sms blocked exited"] == found.sent("ana")
    assert ["03-01 08:00 stay@03-01 08:00 mail@03-01 09:00 exited buyers 03-01 09:00"] == found.passages("ana")


def test_a_held_message_goes_with_the_passage(world: World) -> None:
    quiet = '{kind: settings, quiet_hours: {channels: [sms, email], from: "08:00", to: "12:00", when_hit: hold}}\n---\n'
    events: list[Told] = [*person("ana"), *goes("08:00 ana"), ("03-01 09:30", "ana", "Order")]

    found = world.play(quiet + EXCLUDING, events, until="03-02")

    assert ["03-01 09:30 mail email blocked exited", "03-01 09:30 mail sms blocked exited"] == found.sent("ana")
    assert ["03-01 08:00 stay@03-01 08:00 mail@03-01 09:00 exited buyers 03-01 09:30"] == found.passages("ana")
