"""The waves of a tick: people are independent, so each wave takes at most one thing a lane, all lanes at once.

Within a lane the order is exact (SEMANTICS 2, 39): received events by position, before timers of the same instant; each is
applied fully, what it emits included, before the next.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relance.consent.changes import apply_changes
from relance.consent.returned import take_back
from relance.journeys.actions import begin_passages
from relance.journeys.lifecycle.gates import find_late_exits
from relance.journeys.steps import end_passages, wake, walk
from relance.journeys.wave import SQL
from relance.profiles.merge import SQL as MERGE_SQL
from relance.profiles.merge import merge_people
from relance.profiles.traits import TraitChange, apply_traits

if TYPE_CHECKING:
    from relance.journeys.arrivals import Arrivals
    from relance.journeys.flows import Flows
    from relance.journeys.output import Output
    from relance.journeys.wave import Wave

_AWAITED = "SELECT 1 FROM w_own WHERE hits = 1 LIMIT 1"
_TURN_EFFECTS = "SELECT i.seq, i.profile_id FROM w_item i WHERE i.n = :n AND i.effect = 1 ORDER BY i.seq"
_MERGED = "SELECT profile_id, traits, push_token, created_at FROM profiles WHERE profile_id IN {values}"


class Waves:
    """Runs the lanes of one tick to its end."""

    def __init__(self, wave: Wave, arrivals: Arrivals, output: Output, flows: Flows) -> None:
        self._wave = wave
        self._flows = flows
        self._arrivals = arrivals
        self._all_timers = "fire_timers" if arrivals.marks else "fire_timers_undisturbed"
        self._output = output

    def run(self) -> None:
        """Take turns until no lane has an event or a timer left."""
        for n in range(self._arrivals.most_items):
            while self._flows.pass_edges(self.cascade, n) or self._fire_timers("fire_timers_before", n=n):
                pass
            self._wave.clear("w_turn")
            self._wave.run("pick_items", n=n)
            self._flows.mark_items(n)
            self._wave.run("move_lanes")
            self._change_people(n)
            self._apply_events()
            self.cascade()
            self.refresh()
        self.run_timers()

    def run_timers(self) -> None:
        """Fire all timers that are due within the tick; memberships change on the way."""
        while self._flows.pass_edges(self.cascade) or self._fire_timers(self._all_timers):
            pass

    def refresh(self) -> None:
        """Look at those whose memberships of segments may have changed."""
        self._flows.refresh(self.cascade)

    def _fire_timers(self, name: str, **params: int) -> bool:
        """The first timer of each lane, or of those with an event later than it. Answers whether there was any."""
        wave = self._wave
        if not wave.has_timers or not (self._fire_due() if wave.comes_alone else self._fire_found(name, **params)):
            return False
        self._flows.mark("mark_walkers")
        if wave.run("end_lifetimes"):
            end_passages(wave)
        wake(wave)
        self.cascade()
        self.refresh()
        return True

    def _fire_due(self) -> bool:
        wave = self._wave
        wave.enter("fire_due", **wave.due)
        wave.run("take_due", **wave.due)
        wave.run("open_fired_lanes")
        wave.comes_alone = wave.has_timers = False
        return True

    def _fire_found(self, name: str, **params: int) -> bool:
        wave = self._wave
        timers, lanes = wave.connection.rows(SQL["count_timers"])[0]
        fired = wave.enter(f"{name}_alone" if timers == lanes else name, **params)
        if not fired:
            return False
        wave.run("move_lanes_on")
        wave.has_timers = fired < timers
        if wave.has_timers:
            wave.run("drop_fired")
        else:
            wave.clear("w_timer", rows=timers)
        return True

    def cascade(self) -> None:
        """Everything that follows from a turn, until each lane is still."""
        while True:
            while self._do_next():
                pass
            if not self._take_own():
                return

    # ------------------------------------------------------------ what an event changes

    def _change_people(self, n: int) -> None:
        if not self._arrivals.effects:
            return
        connection = self._wave.connection
        effects = [(seq, self._arrivals.effects[seq, p]) for seq, p in connection.rows(_TURN_EFFECTS, {"n": n})]
        merges = [(e.merge_from, seq) for seq, e in effects if e.merge_from is not None]
        traits = [e.traits for _, e in effects if e.traits is not None]
        consents = [e.consent for _, e in effects if e.consent is not None]
        if merges:
            self._merge(merges)
        if traits:
            states = apply_traits(connection, traits)
            self._output.profile_history(states)
            returned = take_back(connection, states)
            self._output.suppressions(returned.suppressions)
            self._output.consent_history(returned.consents)
        if consents:
            self._output.consent_history(apply_changes(connection, consents))

    def _merge(self, merges: list[tuple[int, int]]) -> None:
        """Two lives become one: passages twice open end, traits and consent fill gaps, all rows get the kept id."""
        wave, connection = self._wave, self._wave.connection
        turns = {seq: (profile_id, at) for seq, profile_id, at in connection.rows("SELECT seq, profile_id, at FROM w_turn")}
        pairs = [(merged, *turns[seq], seq) for merged, seq in merges]
        connection.execute("DELETE FROM w_merge")
        connection.insert_rows("w_merge", ["merged_id", "kept_id", "at", "seq"], pairs)
        twins = connection.rows(MERGE_SQL["twins"])
        if twins:
            lanes = dict(
                connection.rows_in("SELECT profile_id, lane FROM w_member WHERE profile_id IN {values}", [p[1] for p in pairs])
            )
            ends = [(e, lanes[kept], 2, "merged", at) for e, kept, at in twins]
            connection.insert_rows("w_end", ["enrollment_id", "lane", "status", "reason", "at"], ends)
            end_passages(wave)
        old = {row[0]: row for row in connection.rows_in(_MERGED, [p[0] for p in pairs])}
        merge_people(connection, pairs)
        wave.run("give_own")
        changes = []
        for merged, kept, at, seq in pairs:
            _, traits, token, created_at = old[merged]
            changes.append(
                TraitChange(kept, seq, at, defaults=json.loads(traits), default_push_token=token, created_at=created_at)
            )
        self._output.unite([(merged, kept) for merged, kept, _, _ in pairs])
        self._output.profile_history(apply_traits(connection, changes))
        self._output.consent_history(connection.rows(MERGE_SQL["consent_states"]))

    # ------------------------------------------------------------ what an event does to journeys

    def _apply_events(self) -> None:
        """Exits first, then listeners and starts in their order (goals are measured at the end of the tick)."""
        wave = self._wave
        if wave.run("find_exits"):
            end_passages(wave)
        wave.run("find_listeners")
        wave.run("find_starts")

    def _do_next(self) -> bool:
        """The next listener or start of each lane. Answers whether there was any."""
        wave = self._wave
        wave.clear("w_doing")
        if not wave.run("take_todo"):
            return False
        wave.run("drop_taken")
        self._flows.mark("mark_doing")
        if wave.enter("hear"):
            wave.run("stop_timers")
            if wave.has_timers:
                wave.run("drop_fired")
        if wave.rules.campaigns_by_event:
            self._drop_outside_audience()
        begin_passages(wave)
        if wave.starts_late and find_late_exits(wave):
            end_passages(wave)
        walk(wave)
        return True

    def _drop_outside_audience(self) -> None:
        """A campaign that an event starts lets in only who is in its audience then."""
        wave = self._wave
        groups: dict[int, list[tuple[int, int, int]]] = {}
        rows = wave.connection.rows(
            "SELECT version_id, profile_id, at, seq, event_seq, lane FROM w_doing WHERE phase = 1 AND event_seq IS NOT NULL ORDER BY lane"
        )
        lanes: dict[int, list[int]] = {}
        for version_id, profile_id, at, seq, _, lane in rows:
            if version_id in wave.rules.campaigns_by_event:
                groups.setdefault(version_id, []).append((profile_id, at, seq))
                lanes.setdefault(version_id, []).append(lane)
        for version_id, moments in groups.items():
            truth = wave.judge.ask(wave.rules.versions[version_id].audience or {"type": "all", "of": []}, moments)
            outside = [(lane,) for lane, yes in zip(lanes[version_id], truth, strict=True) if not yes]
            wave.connection.execute_many("DELETE FROM w_doing WHERE lane = ?", outside)

    # ------------------------------------------------------------ events of our own

    def _take_own(self) -> bool:
        """What the engine emitted comes right after its cause; what some rule waits for is applied. Answers whether any was."""
        wave = self._wave
        self._flows.mark("mark_own")
        if wave.rules.own_names:
            self._match_own()
        if not wave.rules.own_names or wave.connection.row(_AWAITED) is None:
            events, lanes, first, last = wave.connection.rows(SQL["count_own"])[0]
            if events:
                how = "alone" if events == lanes else "at_once"
                wave.run(f"keep_own_{how}", before=wave.last_own - first + 1, tick=wave.tick)
                wave.run(f"move_lanes_own_{how}")
                wave.clear("w_own", rows=events)
                wave.last_own += last - first + 1
            return False
        wave.clear("w_own_turn")
        wave.run("pick_own")
        wave.last_own += wave.run("keep_own", base=wave.last_own, tick=wave.tick)
        wave.run("move_lanes_own")
        wave.clear("w_turn")
        applied = wave.run("turn_own") > 0
        if applied:
            wave.run("hit_own")
            wave.run("keep_own_events")
            wave.run("keep_own_signals")
            wave.run("drop_own_hits")
        wave.run("drop_own")
        if applied:
            self._apply_events()
        return True

    def _match_own(self) -> None:
        wave = self._wave
        hits: list[tuple[int, int, str]] = []
        rows = wave.connection.rows_in(
            "SELECT o.own_id, o.name, o.properties, o.ts FROM w_own o WHERE o.hits = 0 AND o.name IN {values}",
            wave.rules.own_names,
        )
        for own_id, name, properties, at in rows:
            hits += [(own_id, rule_id, key) for rule_id, key in wave.rules.match(name, json.loads(properties), at, wave.zone)]
        if hits:
            wave.connection.insert_rows("w_own_hit", ["own_id", "rule_id", "key"], hits)
            wave.run("wait_own")
