"""Reports are exact at once: equal to what a plain recount of all rows gives; goals, hold-outs and conversions, on both stores."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from relance.clock import HOUR
from relance.conditions.answers import REACTIONS
from relance.journeys.figures import list_reports
from relance.outbox.handoff import hash_share
from relance.warehouse import open_warehouse
from tests.contract.journeys.random_worlds import START, Run, make_definitions, make_events
from tests.contract.journeys.world import person

if TYPE_CHECKING:
    from relance.store import Connection, Database
    from tests.contract.journeys.world import Told, World

STATES = ("inside", "finished", "exited", "failed", "suppressed")


# ------------------------------------------------------------------------------------------------- recount of made worlds


def rows_of(connection: Connection, table: str, *columns: str) -> list[dict[str, Any]]:
    found = connection.rows(f"SELECT {', '.join(columns)} FROM {table}")
    return [dict(zip(columns, row, strict=True)) for row in found]


def steps_of(connection: Connection) -> dict[int, list[str]]:
    bodies = connection.rows("SELECT version_id, body FROM journey_versions")
    return {version: list(json.loads(body).get("steps") or ["message"]) for version, body in bodies}


def recount(connection: Connection, run: Run, source: str, until: int) -> dict[str, Any]:
    """The figures of one source at an instant, passage by passage and message by message."""
    names = steps_of(connection)
    passages = rows_of(
        connection, "enrollments", "enrollment_id", "version_id", "source", "status", "reason", "entered_at", "ended_at"
    )
    path = rows_of(connection, "enrollment_path", "enrollment_id", "visit", "step", "at")
    counts: Counter[str] = Counter()
    exited: Counter[str] = Counter()
    suppressed: Counter[str] = Counter()
    edges: Counter[tuple[str, str]] = Counter()
    for p in passages:
        if p["source"] != source or p["entered_at"] > until:
            continue
        state = STATES[p["status"]]
        if state == "suppressed":
            suppressed[p["reason"]] += 1
            continue
        is_open = state == "inside" or p["ended_at"] > until
        counts["inside" if is_open else state] += 1
        counts["entered"] += 1
        if not is_open and state == "exited":
            exited[p["reason"]] += 1
        visits = sorted(
            (v for v in path if v["enrollment_id"] == p["enrollment_id"] and v["at"] <= until), key=lambda v: v["visit"]
        )
        way = [names[p["version_id"]][v["step"]] for v in visits]
        last = "" if is_open else "end" if state == "finished" else p["reason"]
        edges.update(zip(way, [*way[1:], last], strict=True) if way else ())
    steps: dict[str, Any] = {
        name: {"entered": 0, "inside": 0, "left": {}} for v in names for name in names[v] if _is_of(connection, v, source)
    }
    for (step, following), n in edges.items():
        steps[step]["entered"] += n
        if following:
            steps[step]["left"][following] = n
        else:
            steps[step]["inside"] += n
    goals = {g["enrollment_id"] for g in rows_of(connection, "enrollment_goals", "enrollment_id", "at") if g["at"] <= until}
    reached = {p["enrollment_id"] for p in passages if p["source"] == source and p["entered_at"] <= until and p["status"] != 4}
    return {
        **{name: counts[name] for name in ("entered", "inside", "finished", "failed")},
        "exited": dict(exited),
        "suppressed": suppressed.total(),
        "suppressed_by": dict(suppressed),
        "goal_reached": len(goals & reached),
        "steps": steps,
        "messages": recount_messages(connection, run, source, until),
    }


def _is_of(connection: Connection, version: int, source: str) -> bool:
    return connection.value("SELECT source FROM journey_versions WHERE version_id = :v", {"v": version}) == source


def recount_messages(connection: Connection, run: Run, source: str, until: int) -> dict[str, Any]:
    columns = ("message_id", "profile_id", "source", "step_id", "channel", "status", "reason", "queued_at", "decided_at")
    messages = [m for m in rows_of(connection, "messages", *columns) if m["source"] == source]
    found: dict[str, Any] = {}
    told: dict[int, set[str]] = {m["message_id"]: set() for m in messages}
    for one in run.warehouse.people([p for (p,) in connection.rows("SELECT profile_id FROM profiles")]):
        for event in one.events:
            kind = next((kind for kind, names in REACTIONS.items() if event.name in names), None)
            properties = json.loads(event.properties) if isinstance(event.properties, str) else event.properties
            if kind is None or event.at > until or f"journey:{properties.get('journey')}" != source:
                continue
            answered = [
                m for m in messages
                if (m["profile_id"], m["step_id"], m["channel"], m["status"]) == (one.profile_id, properties["step"], "email", "sent")
                and m["decided_at"] <= event.at
            ]  # fmt: skip
            if answered:
                told[max(answered, key=lambda m: (m["decided_at"], m["message_id"]))["message_id"]].add(kind)
    for m in messages:
        if m["queued_at"] > until:
            continue
        figures = found.setdefault(m["step_id"], {}).setdefault(
            m["channel"], {"waiting": 0, "sent": 0, "expired": 0, "blocked": Counter(), "failed": Counter(), "told": Counter()}
        )
        status = m["status"] if m["decided_at"] is not None and m["decided_at"] <= until else "queued"
        if status in ("blocked", "failed"):
            figures[status][m["reason"]] += 1
        else:
            figures[status if status in ("sent", "expired") else "waiting"] += 1
        if status == "sent":
            figures["told"].update(told[m["message_id"]])
    return found


def told_alike(report: dict[str, Any]) -> dict[str, Any]:
    """The messages of a report as the recount has them."""
    plain = ("waiting", "sent", "expired", "blocked", "failed")
    return {
        step: {
            channel: {name: figures[name] for name in plain}
            | {"told": {kind: figures[kind] for kind in REACTIONS if figures[kind]}}
            for channel, figures in channels.items()
        }
        for step, channels in report.items()
    }


def test_a_report_is_what_a_recount_gives_now_and_at_any_instant(store: Database) -> None:
    r = Random(11)
    definitions, events = make_definitions(r), make_events(r, 60)
    run = Run(store, open_warehouse("memory://"), definitions)
    run.feed_slices(events, list(range(20, len(events), 20)))

    opened = 0
    with store.reading() as connection:
        for source in ("journey:cart", "journey:gifts", "campaign:news"):
            for until in (None, START + 30 * HOUR, START + 71 * HOUR):
                report = list_reports(connection, source=source, until=until)[0]
                expected = recount(connection, run, source, until if until is not None else 1 << 60)
                messages = expected.pop("messages")

                assert expected == {name: report[name] for name in expected}
                assert messages == told_alike(report["messages"])
                assert report["versions"][0]["suppressed_by"] == report["suppressed_by"]
                opened += sum(f["told"]["opened"] + f["told"]["clicked"] for step in messages.values() for f in step.values())
    assert opened > 0


# ------------------------------------------------------------------------------------------------- made by hand

PEOPLE = [f"p{n}" for n in range(30)]
JOURNEY = """
kind: journey
id: win
entry: {type: event, event: Cart}
holdout_percent: 50
goal: {event: Order, target_percent: 60, within: 1d}
start: mail
steps:
  mail: {type: message, channel: email, template: mail, next: rest}
  rest: {type: wait, for: 1d, next: end}
"""


def test_the_goal_beside_its_target_and_beside_those_who_were_held_out(world: World) -> None:
    held = {user for user in PEOPLE if hash_share("holdout:journey:win", user) < 5_000}
    buyers = (set(PEOPLE) - held) | set(sorted(held)[:2])
    events: list[Told] = [told for user in PEOPLE for told in person(user)]
    events += [("03-02", user, "Cart") for user in PEOPLE]
    events += [("03-02 06:00", user, "Order") for user in sorted(buyers)]

    outcome = world.play(JOURNEY, events, until="03-10")

    with world.database.reading() as connection:
        report = list_reports(connection, source="journey:win")[0]
        french = list_reports(connection, source="journey:win", language="fr")[0]
    treated = len(PEOPLE) - len(held)
    assert {(m["status"], m["reason"]) for m in outcome.messages} == {("sent", None), ("blocked", "holdout")}
    assert (report["goal"]["reached"], report["goal"]["entered"]) == (len(buyers), len(PEOPLE))
    assert report["goal"]["met"] is (len(buyers) / len(PEOPLE) >= 0.6)
    assert report["goal"]["certain"] is False
    compared = report["holdout"]
    assert (compared["treated"]["people"], compared["treated"]["reached"]) == (treated, treated)
    assert (compared["held_out"]["people"], compared["held_out"]["reached"]) == (len(held), 2)
    assert compared["verdict"] == "more"
    assert compared["difference"]["value"] == pytest.approx(100 * (1 - 2 / len(held)), abs=1e-4)
    assert compared["sentence"].startswith("Those treated did it more often: 100.0 % beside ")
    assert french["holdout"]["sentence"].endswith(" points de plus.")


CAMPAIGN = """
kind: campaign
id: spring
schedule: {at: 2026-03-02T09:00:00Z}
message: {channel: email, template: mail}
variants: [{id: a, template: mail, percent: 50}, {id: b, template: mail, percent: 50}]
control_percent: 50
conversions: [{event: Order, where: [{path: total, op: gt, value: 10}], within: 1d}, {event: Visit}]
"""


def test_conversions_of_a_campaign_count_within_their_time_and_beside_the_control(world: World) -> None:
    control = {user for user in PEOPLE if hash_share("control:campaign:spring", user) < 5_000}
    got = sorted(set(PEOPLE) - control)
    no_address = got[0]
    events: list[Told] = [told for user in PEOPLE for told in person(user, **({"email": None} if user == no_address else {}))]
    order = {"total": 50}
    events += [
        ("03-02 08:00", got[1], "Order", order),  # before the message
        ("03-02 10:00", got[2], "Order", order),
        ("03-02 11:00", got[2], "Order", order),  # counts once
        ("03-02 10:00", got[3], "Order", {"total": 5}),  # not what counts
        ("03-03 09:00", got[4], "Order", order),  # the end of a day is in it
        ("03-03 09:00:01", got[5], "Order", order),  # too late
        ("03-02 10:00", no_address, "Order", order),  # was sent nothing, and is none of the control
        ("03-02 10:00", min(control), "Order", order),
        ("03-09 10:00", got[6], "Visit"),  # no limit in time
    ]

    world.play(CAMPAIGN, events, until="03-10")

    with world.database.reading() as connection:
        report = list_reports(connection, source="campaign:spring")[0]
    orders, visits = report["conversions"]
    assert (orders["sent"]["people"], orders["sent"]["reached"]) == (len(got) - 1, 2)
    assert sum(v["people"] for v in orders["variants"].values()) == len(got) - 1
    assert sum(v["reached"] for v in orders["variants"].values()) == 2
    assert (orders["control"]["treated"]["people"], orders["control"]["treated"]["reached"]) == (len(got), 3)
    assert (orders["control"]["held_out"]["people"], orders["control"]["held_out"]["reached"]) == (len(control), 1)
    assert orders["control"]["verdict"] == "no_detectable_difference"
    assert orders["control"]["sentence"].startswith("No detectable difference: ")
    assert visits["sent"]["reached"] == 1
    assert report["messages"]["message"]["email"]["sent"] == len(got) - 1 == sum(v["sent"] for v in report["variants"])
    assert [("a", "email"), ("b", "email")] == sorted((v["id"], v["channel"]) for v in report["variants"])


def test_what_is_told_of_messages_by_their_ids_counts_once_a_message_and_machines_apart(world: World) -> None:
    journey = JOURNEY.replace("holdout_percent: 50\n", "")
    message = "m1"  # the first there is
    events: list[Told] = [*person("ana"), ("03-02", "ana", "Cart")]
    events += [
        ("03-02 01:00", "ana", "Email Opened", {"message_id": message}),
        ("03-02 02:00", "ana", "Email Opened", {"message_id": message}),
        ("03-02 03:00", "ana", "Email Link Clicked", {"message_id": message, "machine": True}),
        ("03-02 03:00", "ana", "Email Opened", {"message_id": message, "machine": True}),
        ("03-02 04:00", "ana", "Subscription Changed", {"message_id": message, "channel": "email", "state": "unsubscribed"}),
        ("03-02 05:00", "ana", "Email Marked as Spam", {"message_id": message}),
        ("03-02 05:00", "ana", "Email Opened", {"message_id": "m999"}),
    ]
    world.play(journey, events, until="03-03")

    with world.database.reading() as connection:
        told = list_reports(connection, source="journey:win")[0]["messages"]["mail"]["email"]
    assert {k: v for k, v in told.items() if v} == {
        "sent": 1, "opened": 1, "opened_by_machines": 1, "complained": 1, "unsubscribed": 1
    }  # fmt: skip
