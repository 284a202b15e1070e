"""Steps that act at once and keep nobody: split, update_profile, track, audience, start_journey."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relance.conditions.clauses import first_value
from relance.consent.returned import take_back
from relance.ids import SEQ_BITS
from relance.journeys.lifecycle import gates
from relance.journeys.limits import refuse_beyond_limits, refuse_excluded
from relance.journeys.rules import GOES, key_text
from relance.journeys.wave import ENTER
from relance.outbox.handoff import hash_share
from relance.profiles.traits import TraitChange, apply_traits
from relance.store import load_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.journeys.wave import Wave

_SQL = load_queries("relance.journeys", "actions.sql")
_AT_SPLIT = """SELECT w.lane, w.version_id, w.step, p.user_id FROM w_walker w JOIN profiles p ON p.profile_id = w.profile_id
    WHERE w.state = 1 AND w.kind = 'split'"""
_AT_AUDIENCE = """SELECT w.lane, w.version_id, p.user_id FROM w_walker w JOIN profiles p ON p.profile_id = w.profile_id
    WHERE w.state = 1 AND w.kind = 'audience'"""
PARTS = 10_000  # of a whole, as `hash_share` counts
# How often one event or timer may let one person into one journey with one key. Loops alone come that far.
MOST_STARTS = 100


def split(wave: Wave) -> None:
    """Each person goes its own sticky way."""
    chosen: list[tuple[int, int, int, int | None, str, int | None]] = []
    for lane, version_id, number, user_id in wave.connection.rows(_AT_SPLIT):
        version = wave.rules.versions[version_id]
        step = version.steps[number]
        place = choose_path([percent for percent, _ in step.paths], f"split:{version.source}:{step.step_id}", user_id)
        chosen.append((lane, GOES, step.paths[place][1], None, "split", place))
    wave.answer(chosen)


def choose_path(percents: Sequence[float], salt: str, user_id: str) -> int:
    """Which of several shares a person falls into."""
    place, top = hash_share(salt, user_id, PARTS), 0.0
    for n, percent in enumerate(percents):
        top += percent * PARTS / 100
        if place < top:
            return n
    return len(percents) - 1  # percents such as 33.3 may leave a crumb


def update_profiles(wave: Wave) -> None:
    """Traits change; the log is told what changed. Effects: updates `profiles`, writes `own_events`."""
    connection = wave.connection
    connection.execute(_SQL["pass_seq"])
    connection.execute(_SQL["follow_seq"])
    wave.last_own += connection.execute(_SQL["keep_updates"], {"base": wave.last_own, "tick": wave.tick})
    changes = []
    for profile_id, seq, at, version_id, number in connection.rows(_SQL["updates"]):
        body = wave.rules.versions[version_id].steps[number].body
        changes.append(TraitChange(profile_id, seq, at, paths=body.get("set") or {}, unset=tuple(body.get("unset") or ())))
    states = apply_traits(connection, changes)
    wave.output.profile_history(states)
    returned = take_back(connection, states)
    wave.output.suppressions(returned.suppressions)
    wave.output.consent_history(returned.consents)
    _go_on(wave, "update_profile")


def track(wave: Wave) -> None:
    """Events of our own, told right after what moved the person."""
    wave.connection.execute(_SQL["track"])
    _go_on(wave, "track")


def change_audiences(wave: Wave) -> None:
    """People come into ad audiences or go out of them; whoever is kept out of the journey for comparison stays as it is."""
    connection = wave.connection
    if wave.rules.shares:
        wave.clear("w_spared")
        rows = connection.rows(_AT_AUDIENCE)
        connection.insert_rows("w_spared", ["lane"], [(lane,) for lane, v, user_id in rows if _is_held_out(wave, v, user_id)])
    for name in ("tell_audiences", "join_audiences", "leave_audiences"):
        connection.execute(_SQL[name])
    _go_on(wave, "audience")


def _is_held_out(wave: Wave, version_id: int, user_id: str) -> bool:
    source, holdout, _ = wave.rules.shares.get(version_id, ("", 0, 0))
    return bool(holdout) and hash_share(f"holdout:{source}", user_id, PARTS) < holdout * PARTS / 100


def _go_on(wave: Wave, kind: str) -> None:
    wave.connection.execute(_SQL["go_on"].format(enter=ENTER), {"kind": kind, "round": wave.round})


def start_journeys(wave: Wave) -> None:
    """The other journey is walked first; whoever started it is parked meanwhile, one above another."""
    wave.clear("w_doing")
    wave.connection.execute(_SQL["start_others"])
    wave.connection.execute(_SQL["park"])
    wave.connection.execute(_SQL["make_way"])
    _read_keys(wave)
    begin_passages(wave)


def _read_keys(wave: Wave) -> None:
    if not wave.rules.has_keys:
        return
    found = []
    for lane, version_id, name, properties in wave.connection.rows(_SQL["starting_events"]):
        path = wave.rules.versions[version_id].key_path
        if path is not None:
            event = {"event": name, "properties": json.loads(properties)}
            found.append((key_text(first_value(event, path.split("."))), lane))
    wave.connection.execute_many("UPDATE w_doing SET key = ? WHERE lane = ?", found)


def begin_passages(wave: Wave) -> None:
    """Let those in whom `w_doing` starts, and no rule refuses. Effects: writes `enrollments`; tells `Journey Entered`."""
    if wave.rules.has_gates:
        gates.hold_starts(wave.connection)
    wave.run("refuse_starts", base=wave.next_id("enrollments", "enrollment_id"))
    if wave.rules.has_gates:
        gates.refuse_starts(wave.connection)
    if wave.rules.may_loop:
        wave.connection.execute(_SQL["refuse_loops"], {"most": MOST_STARTS, "seq_bits": SEQ_BITS})
    if wave.rules.excluding:
        refuse_excluded(wave)
    if wave.rules.limited:
        refuse_beyond_limits(wave)
    if wave.run("start"):
        wave.enter("walk_started")
        wave.run("emit_entered")


def take_up(wave: Wave) -> bool:
    """Whoever was parked last goes on where nobody walks any more. Answers whether there was anybody."""
    if not wave.connection.execute(_SQL["take_up"], {"round": wave.round}):
        return False
    wave.connection.execute(_SQL["forget_parked"])
    return True
