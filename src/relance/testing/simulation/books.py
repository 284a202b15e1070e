"""What must be true of a world at its end, by the log, the provider's ledger and the rows alone: no code of the engine's."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from relance.clock import HOUR, MINUTE
from relance.testing.simulation.claims import LEASE, check_calls
from relance.testing.simulation.definitions import ASKS
from relance.testing.simulation.ledgers import read_log
from relance.testing.simulation.paths import check_paths

if TYPE_CHECKING:
    from relance.testing.simulation.claims import Found
    from relance.testing.simulation.ledgers import Logged, People
    from relance.testing.simulation.run import World

_ROWS = {
    "passages": """SELECT e.enrollment_id, p.user_id, e.profile_id, e.source, e.version_id, e.key, e.status, e.reason, e.entered_at, e.ended_at, e.mark_at,
        e.mark_seq, e.step, e.visit, e.due_at, e.event_seq FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id ORDER BY e.enrollment_id""",
    "path": "SELECT enrollment_id, visit, step, at, cause FROM enrollment_path ORDER BY enrollment_id, visit",
    "goals": "SELECT enrollment_id, at FROM enrollment_goals ORDER BY 1, 2",
    "timers": "SELECT enrollment_id, profile_id, due_at FROM timers",
    "versions": "SELECT version_id, source, body FROM journey_versions",
    "messages": """SELECT m.message_id, p.user_id, m.enrollment_id, m.source, m.step_id, m.channel, m.marketing, m.status, m.reason, m.queued_at, m.due_at,
        m.decided_at, CASE WHEN m.status IN ('sent', 'blocked', 'expired', 'failed') AND NOT EXISTS (
            SELECT 1 FROM message_outcomes o WHERE o.message_id = m.message_id) THEN 1 ELSE 0 END, m.attempts, m.claimed_at, m.subject FROM messages m JOIN profiles p ON p.profile_id = m.profile_id ORDER BY m.message_id""",
    "doubted": "SELECT DISTINCT message_id FROM message_faults WHERE outcome = 'unknown_outcome'",
    "profiles": "SELECT user_id, known, traits, email, timezone, profile_id FROM profiles WHERE merged_into IS NULL",
    "merged": "SELECT profile_id, merged_into FROM profiles WHERE merged_into IS NOT NULL",
    "consent": "SELECT p.user_id, c.channel, c.state FROM consent c JOIN profiles p ON p.profile_id = c.profile_id",
    "suppressions": "SELECT channel, address, reason, suppressed FROM suppressions",
    "members": "SELECT p.user_id, m.segment, m.since_at FROM segment_members m JOIN profiles p ON p.profile_id = m.profile_id",
    "own": "SELECT own_id FROM own_events",
    "engine": "SELECT position, tick, at FROM engine_state",
}


@dataclass
class Books:
    """Everything there is to be read."""

    rows: dict[str, list[Any]]  # by the name of the query, each row as a dict by its columns
    log: list[Logged]
    people: People

    @property
    def received(self) -> list[Logged]:
        return [x for x in self.log if not x.own]


_COLUMNS = {
    "passages": "id user profile source version key status reason entered_at ended_at mark_at mark_seq step visit due_at event_seq",
    "path": "id visit step at cause", "goals": "id at", "timers": "id profile due_at", "versions": "id source body",
    "messages": "id user passage source step channel marketing status reason queued_at due_at decided_at resolved attempts claimed_at subject",
    "doubted": "id", "profiles": "user known traits email timezone id", "merged": "id into", "consent": "user channel state",
    "suppressions": "channel address reason suppressed", "members": "user segment since_at", "own": "id", "engine": "position tick at",
}  # fmt: skip


def read_books(world: World) -> Books:
    """Read the store and the log."""
    with world.main.database.reading() as connection:
        rows = {
            name: [dict(zip(_COLUMNS[name].split(), row, strict=True)) for row in connection.rows(sql)]
            for name, sql in _ROWS.items()
        }
    return Books(rows, *read_log(world.main.log))


def check(world: World) -> Found:
    """Everything that is wrong."""
    books = read_books(world)
    return [
        *_check_log(world, books),
        *_check_rest(world, books),
        *_check_warehouse(world, books),
        *check_paths(books.rows),
        *_check_ledger(books),
        *_check_starts(books),
        *_check_exits(books),
        *_check_told(books),
        *_check_messages(world, books),
        *_check_caps(world, books),
        *check_calls(world.ledger),
    ]


def _check_log(world: World, books: Books) -> Found:
    """Each acknowledged item stands in the log once, in order."""
    found: Found = []
    times = Counter((x.source, x.item["messageId"]) for x in books.log)
    lost = [key for key in world.acknowledged if not times[key]]
    twice = [key for key, n in times.items() if n > 1]
    if lost:
        found.append(("lost an acknowledged event", str(lost)))
    if twice:
        found.append(("an event stands twice in the log", str(twice)))
    if any(a.received_at > b.received_at or a.position >= b.position for a, b in pairwise(books.log)):
        found.append(("the log is out of order", ""))
    return found


def _check_rest(world: World, books: Books) -> Found:
    """Nothing is left that should have been done."""
    rows, found = books.rows, []
    [engine] = rows["engine"]
    now = world.now + world.skew
    if books.log and engine["position"] < books.log[-1].position:
        found.append(("the engine stands still", f"at {engine['position']} of {books.log[-1].position}"))
    if rows["own"]:
        found.append(("own events do not reach the log", str(rows["own"])))
    open_ = {e["id"]: e for e in rows["passages"] if e["status"] == 0}
    late = [t for t in rows["timers"] if t["due_at"] <= engine["at"]]
    if late:
        found.append(("timers do not fire", str(late)))
    stray = [
        t
        for t in rows["timers"]
        if t["id"] not in open_ or open_[t["id"]]["due_at"] != t["due_at"] or open_[t["id"]]["profile"] != t["profile"]
    ]
    if stray:
        found.append(("timers of nobody", str(stray)))
    stuck = [e for e in open_.values() if e["id"] not in {t["id"] for t in rows["timers"]}]
    if stuck:
        found.append(("nobody wakes them", str(stuck)))
    for m in rows["messages"]:
        if m["status"] in {"sent", "blocked", "expired", "failed"} and not m["resolved"] and m["decided_at"] <= engine["at"]:
            found.append(("an outcome that no journey learns of", str(m)))
        if m["status"] == "claimed" and m["claimed_at"] <= now - HOUR:
            found.append(("claimed for ever", str(m)))
        if m["status"] == "ready" and m["due_at"] <= now - HOUR:
            found.append(("ready for ever", str(m)))
        if m["status"] == "queued" and m["due_at"] <= engine["at"] - HOUR:
            found.append(("held for ever", str(m)))
        if m["status"] in {"queued", "ready"} and m["passage"] not in open_:
            found.append(("a message of an ended passage waits", str(m)))
    if [e for e in open_.values() if e["entered_at"] < engine["at"] - 4 * HOUR]:
        found.append(("inside for ever", str([e for e in open_.values() if e["entered_at"] < engine["at"] - 4 * HOUR])))
    return found


def _check_warehouse(world: World, books: Books) -> Found:
    """Each event of the log, ours too, stands in the warehouse once, with the person whose it is."""
    users = {p["id"]: p["user"] for p in books.rows["profiles"]}
    warehouse = world.disk.warehouse
    people = warehouse.people([*users, *(m["id"] for m in books.rows["merged"])])
    kept = Counter((users.get(p.profile_id, f"profile {p.profile_id}"), e.name, e.at, e.seq) for p in people for e in p.events)
    logged: Counter[tuple[str, str, int, int]] = Counter()
    merged = {m["id"]: m["into"] for m in books.rows["merged"]}
    for x in books.log:
        if x.own:
            place = x.item["context"]["relance"]
            profile = place["profile_id"]
            while profile in merged:
                profile = merged[profile]
            logged[users.get(profile, "?"), str(x.name), x.at, place["seq"]] += 1
        elif x.name is not None:
            logged[books.people.root(x.owner), x.name, x.at, x.position << 20] += 1
    found: Found = []
    if logged - kept:
        found.append(("the warehouse lacks events", str(list((logged - kept).items())[:4])))
    if kept - logged:
        found.append(("the warehouse has events twice, or of nobody", str(list((kept - logged).items())[:4])))
    roots = {books.people.root(name) for name in books.people.persons}
    if roots != set(users.values()):
        found.append(("people are not who they are", f"{sorted(roots)} in the log, {sorted(users.values())} in the store"))
    [engine] = books.rows["engine"]
    if warehouse.last_tick() != engine["tick"]:
        found.append(("the warehouse is not at the store's tick", f"{warehouse.last_tick()} and {engine['tick']}"))
    return found + _check_facts(world, books, people)


def _check_facts(world: World, books: Books, people: list[Any]) -> Found:
    """What the warehouse was told of the journey's messages: each outcome once, as soon as a condition asks about them."""
    if ASKS not in (world.plan.changed or world.plan.definitions):
        return []
    told = Counter(row.message_id for p in people for row in p.messages)
    wanted = Counter(f"m{m['id']}" for m in books.rows["messages"] if m["resolved"] and m["source"] == "journey:cart")
    late = {f"m{d['id']}" for d in books.rows["doubted"]}  # told as failed, then as sent
    wrong = [key for key in told | wanted if told[key] != wanted[key] and not (key in late and 1 <= told[key] <= 2)]
    return [("the warehouse knows not the messages that there are", str(wrong))] if wrong else []


def _check_ledger(books: Books) -> Found:
    """Entered = inside + finished + exited + failed, for each journey; nobody is in two passages with one key at once."""
    found: Found = []
    lives: dict[Any, list[Any]] = defaultdict(list)
    for e in books.rows["passages"]:
        if e["status"] not in {0, 1, 2, 3, 4} or (e["status"] == 0) != (e["ended_at"] is None):
            found.append(("the ledger does not balance", f"neither inside nor ended: {e}"))
        if e["status"] == 2 and not e["reason"]:
            found.append(("the ledger does not balance", f"exited for no reason: {e}"))
        if e["status"] != 4:
            lives[e["user"], e["source"], e["key"]].append(e)
    for (user, source, key), those in lives.items():
        if sum(e["status"] == 0 for e in those) > 1:
            found.append(("two open passages", f"{user} {source} {key}"))
        if user in books.people.merged:
            continue  # two lives, told as one
        for a, b in pairwise(those):
            if a["ended_at"] is None or a["ended_at"] > b["entered_at"]:
                found.append(("two open passages", f"{user} {source} {key}: {a['id']} and {b['id']}"))
    return found


def _check_starts(books: Books) -> Found:
    """Each event that starts something has started it once, or it is told why not."""
    started = Counter((e["source"], e["mark_seq"]) for e in books.rows["passages"])
    wanted = {("journey:cart", x.position << 20) for x in books.received if x.name == "Cart"}
    found = [("a start was lost", str(place)) for place in wanted if not started[place]]
    found += [("started twice", str(place)) for place in wanted if started[place] > 1]
    strange = [place for place in started if place[0] == "journey:cart" and place not in wanted]
    return found + [("started by nothing", str(place)) for place in strange]


def _check_exits(books: Books) -> Found:
    """Nobody is inside after an event that ends the passage."""
    found: Found = []
    entries = {x.position: x for x in books.received}
    keyed = any('"key"' in v["body"] for v in books.rows["versions"] if v["source"] == "journey:cart")
    for x in books.received:
        if x.name not in {"Order", "Left"}:
            continue
        key = (x.item.get("properties") or {}).get("key")
        for e in books.rows["passages"]:
            if e["source"] != "journey:cart" or e["status"] == 4:
                continue
            begun = entries[e["mark_seq"] >> 20]
            if (
                begun.owner != x.owner
                or begun.position > x.position
                or (e["mark_at"], e["mark_seq"]) >= (x.at, x.position << 20)
            ):
                continue
            if keyed and key is not None and e["key"] != json.dumps(key):
                continue
            if e["ended_at"] is None or e["ended_at"] > x.received_at:
                found.append(("inside after the exit", f"passage {e['id']} of {e['user']}, {x.name} at position {x.position}"))
    return found


def _check_told(books: Books) -> Found:
    """Each beginning, each end and each outcome was told once."""
    told = Counter(
        (x.name, x.item["properties"].get("journey"), x.item["properties"].get("message_id")) for x in books.log if x.own
    )
    wanted: Counter[Any] = Counter()
    for e in books.rows["passages"]:
        kind, _, name = e["source"].partition(":")
        journey = name if kind == "journey" else None
        if e["status"] != 4:
            wanted["Journey Entered", journey, None] += 1
        if e["status"] in {1, 2, 3}:
            wanted["Journey Ended", journey, None] += 1
    sent = {"email": "Email Sent", "sms": "SMS Sent", "push": "Push Notification Sent"}
    for m in books.rows["messages"]:
        kind, _, name = m["source"].partition(":")
        if m["resolved"] and m["status"] in {"sent", "blocked"}:
            event = sent[m["channel"]] if m["status"] == "sent" else "Message Blocked"
            wanted[event, name if kind == "journey" else None, f"m{m['id']}"] += 1
    names = {name for name, *_ in wanted} | {"Journey Entered", "Journey Ended", *sent.values(), "Message Blocked"}
    told = Counter({key: n for key, n in told.items() if key[0] in names})
    found: Found = []
    if wanted - told:
        found.append(("it was never told", str(list((wanted - told).items())[:4])))
    if told - wanted:
        found.append(("it was told twice, or is not so", str(list((told - wanted).items())[:4])))
    return found


def _check_messages(world: World, books: Books) -> Found:
    """What the store says of a message is what the provider knows of it."""
    found: Found = []
    calls: dict[str, list[Any]] = defaultdict(list)
    for call in world.ledger.calls:
        calls[call.key].append(call)
    opened = {x.item["properties"]["message_id"] for x in books.received if x.source == "relance-links" and "message_id" in x.item.get("properties", {})
              and x.name in {"Email Opened", "Email Link Clicked", "Email Delivered"}}  # fmt: skip
    for m in books.rows["messages"]:
        key = f"m{m['id']}"
        those = calls.pop(key, [])
        accepted = any(c.accepted for c in those)
        sure = [c for c in those if c.answer == "sent" and c.recorded and world.plan.workers == 1]
        if m["status"] == "sent" and not accepted:
            found.append(("sent, but nobody took it", str(m)))
        if sure and m["status"] != "sent":
            found.append(("taken, but not sent", str(m)))
        if m["reason"] == "unknown_outcome" and not m["attempts"]:
            found.append(("unknown, but never tried", str(m)))
        if key in opened and m["status"] not in {"sent", "claimed"}:
            found.append(("a reaction was forgotten", f"{m}, {those}"))
    if calls:
        found.append(("handed over without a message", str(list(calls))))
    return found


def _check_caps(world: World, books: Books) -> Found:
    """Never more than two in an hour, where the plan says so."""
    if "frequency_caps" not in world.plan.definitions or any(f.kind == "jump" for f in world.plan.faults):
        return []
    doubted = {d["id"] for d in books.rows["doubted"]}
    sent: dict[str, list[int]] = defaultdict(list)
    for m in books.rows["messages"]:
        if m["status"] == "sent" and m["marketing"] and m["id"] not in doubted and m["user"] not in books.people.merged:
            sent[m["user"]].append(m["decided_at"])
    return [
        ("the cap is broken", f"{user}: {times}")
        for user, times in sent.items()
        if any(sum(t - HOUR < s <= t for s in times) > 2 for t in times)
    ]


def effects(world: World) -> dict[str, list[str]]:
    """What people could tell apart, without numbers that are given in the order of work."""
    books = read_books(world)
    rows = books.rows
    paths: dict[int, list[Any]] = defaultdict(list)
    for p in rows["path"]:
        paths[p["id"]].append((p["step"], p["at"], p["cause"]))
    goals: dict[int, list[int]] = defaultdict(list)
    for g in rows["goals"]:
        goals[g["id"]].append(g["at"])
    told: dict[str, list[Any]] = {
        "passages": [
            (
                e["user"],
                e["source"],
                e["key"],
                e["entered_at"],
                e["status"],
                e["reason"],
                e["ended_at"],
                paths[e["id"]],
                goals[e["id"]],
            )
            for e in rows["passages"]
        ],
        "messages": [
            tuple(m[k] for k in ("user", "source", "step", "channel", "status", "reason", "queued_at", "decided_at", "subject"))
            for m in rows["messages"]
        ],
        "profiles": [(p["user"], p["known"], json.loads(p["traits"]), p["email"]) for p in rows["profiles"]],
        **{name: [tuple(row.values()) for row in rows[name]] for name in ("consent", "suppressions", "members")},
        "received": [(x.item["messageId"], x.received_at) for x in books.received if x.source != "relance-links"],
    }
    return {name: sorted(json.dumps(row) for row in part) for name, part in told.items()}


__all__ = ["LEASE", "MINUTE", "Books", "check", "effects"]
