"""Memberships of segments within a tick: who enters and leaves, at which instant (SEMANTICS 28, 39, 41).

An instant has one membership: that after all of its events. What a change causes is applied, then people are looked at
again, before any timer of the instant. Only segments that some journey or condition waits for are watched.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from relance.events.names import SEGMENT_ENTERED, SEGMENT_LEFT
from relance.journeys.history import find_objects
from relance.segments.flow import NOTHING_WATCHED
from relance.store import load_queries
from relance.warehouse.base import FAR_SEQ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from relance.journeys.rules import Rulebook
    from relance.journeys.wave import Judge, Wave
    from relance.segments.flow import Watched
    from relance.store import Connection
    from relance.workspace import Workspace

FLOW_NAMES = (SEGMENT_ENTERED, SEGMENT_LEFT)
# A segment that is left because it was entered, and the other way round, has no end: it is left alone until the next event.
MOST_ROUNDS = 100
PEOPLE_AT_ONCE = 5_000

_sql = dict(load_queries("relance.journeys", "flows.sql"))
_sql["find_due_edges_before"] = _sql["find_due_edges"].format(
    before="JOIN w_item i ON i.n = :n AND i.lane = e.lane AND e.at < i.at"
)
_sql["find_due_edges"] = _sql["find_due_edges"].format(before="")
_log = logging.getLogger(__name__)


def watched_segments(rules: Rulebook, workspace: Workspace) -> set[str] | None:
    """The segments whose coming and going some rule waits for, or some condition asks about; None for all."""
    found: set[str] = set()
    for rule in (rule for version in rules.versions.values() for rule in version.rules if rule.event in FLOW_NAMES):
        named = [w["value"] for w in rule.where if w.get("path") == "segment" and w.get("op", "eq") == "eq"]
        if not named:
            return None
        found.update(map(str, named))
    found.update(str(v.audience["segment"]) for v in rules.versions.values() if v.incremental and v.audience is not None)
    frozen = [(version.audience, [step.body for step in version.steps]) for version in rules.versions.values()]
    conditions = [workspace.segments, workspace.journeys, workspace.campaigns, frozen]
    return None if any(_asks_for_flows(part) for part in find_objects(conditions)) else found


def _asks_for_flows(part: Mapping[str, Any]) -> bool:
    """Whether a part of a definition is a condition on who entered or left."""
    if part.get("type") == "did":
        return part.get("event") in FLOW_NAMES
    return part.get("type") == "sequence" and any(step.get("event") in FLOW_NAMES for step in part.get("steps", ()))


def watch_segments(judge: Judge, rules: Rulebook, workspace: Workspace) -> Watched:
    """What the engine has to look at for the rules in force."""
    watched = judge.watch(watched_segments(rules, workspace))
    acts = bool(watched) and any(
        step.kind in ("track", "update_profile") for version in rules.versions.values() for step in version.steps
    )
    return replace(watched, by_own=watched.by_own or acts)


def take_up(connection: Connection, judge: Judge, watched: Watched, reached: int, published: int) -> None:
    """Begin to watch segments, and forget those that are watched no more. Nobody enters or leaves by it.

    Args:
        connection: in a transaction.
        judge: knows who is in which segment.
        watched: what to watch from now on.
        reached: the instant that the engine has come to.
        published: the instant that the definitions are of; it may be later. Where some segments are watched already,
            what happens in between is still to be told of them.

    Effects: writes `watched_segments`, `segment_members`, `segment_edges`.
    """
    before = dict(connection.rows("SELECT segment, body FROM watched_segments"))
    now = dict(zip(watched.segments, watched.bodies, strict=True))
    if before == now:
        return
    at = reached if any(before.get(s) == now[s] for s in now) else max(reached, published)
    for segment in sorted(before.keys() - now.keys()) + [s for s in now if before.get(s) != now[s]]:
        since = dict(connection.rows(_sql["members_since"], {"segment": segment}))
        connection.execute("DELETE FROM segment_members WHERE segment = :segment", {"segment": segment})
        if segment in now:  # whoever was in it before does not become a member by another condition
            people = judge.members({"type": "in_segment", "segment": segment}, at, FAR_SEQ)
            rows = [(p, segment, since.get(p, at)) for p in people]
            connection.insert_rows("segment_members", ["profile_id", "segment", "since_at"], rows)
    if not watched:
        connection.execute("DELETE FROM segment_edges")
    if watched.timed:
        for profiles in _everybody(connection):
            standings = judge.standings(watched, [(p, at, FAR_SEQ) for p in profiles])
            edges = [(p, found.next_at) for p, found in standings.items() if found.next_at is not None]
            connection.execute_many(_sql["expect_edge"], edges)  # a look too many does no harm
    connection.execute("DELETE FROM watched_segments")
    connection.insert_rows("watched_segments", ["segment", "body"], now.items())


def _everybody(connection: Connection) -> Iterator[list[int]]:
    after = 0
    while profiles := [p for (p,) in connection.rows(_sql["everybody"], {"after": after, "most": PEOPLE_AT_ONCE})]:
        yield profiles
        after = profiles[-1]


class Flows:
    """Looks at those whose memberships may have changed, and tells who entered and who left."""

    def __init__(self, wave: Wave, watched: Watched = NOTHING_WATCHED, scored: Iterable[tuple[int, int]] = ()) -> None:
        """Args: `scored`: of whom predictions say something else, and from when on."""
        self._scored = scored
        self._wave = wave
        self._watched = watched
        self.next_item = 0  # the number of the received events that come next in the lanes

    def gather(self) -> None:
        """Bring those into the tick whose membership time may change."""
        if self._watched.by_lists:
            self._run("expect_list_changes")
        if self._watched.by_scores:
            self._wave.connection.execute_many(_sql["expect_edge"], self._scored)
        if self._watched:
            self._run("add_edge_members", until=self._wave.until)

    def find_edges(self) -> None:
        """Find when that may be, for all who are in the tick."""
        if self._watched:
            self._run("find_edges", until=self._wave.until)

    def mark_items(self, n: int) -> None:
        """Something was received."""
        self.next_item = n + 1
        if self._watched:
            self._run("mark_items", n=n, all=int(self._watched.by_own))

    def mark(self, movers: str) -> None:
        """Somebody moves: `mark_walkers`, `mark_doing` or `mark_own`."""
        if self._watched.by_own:
            self._run(movers)

    def put_off(self) -> None:
        """Leave to the next tick those to whom more may happen within the instant."""
        if self._watched:
            self._run("put_off")

    def pass_edges(self, cascade: Callable[[], None], n: int | None = None) -> bool:
        """Look at those for whom time has come to an edge, before their next timer and, with `n`, their next event."""
        if not self._watched:
            return False
        self._wave.clear("w_due_edge")
        if not (self._run("find_due_edges") if n is None else self._run("find_due_edges_before", n=n)):
            return False
        self._run("move_lanes_to_edges")
        self._run("mark_due_edges")
        self.refresh(cascade)
        return True

    def refresh(self, cascade: Callable[[], None]) -> None:
        """Look at all who are stale until nobody enters or leaves any more.

        Args:
            cascade: applies what is told.
        """
        if not self._watched:
            return
        for _ in range(MOST_ROUNDS):
            now = {"next_item": self.next_item, "until": self._wave.until}
            self._run("move_lanes_behind", **now)
            rows = self._wave.connection.rows(_sql["stale"], now)
            if not rows:
                return
            if self._look_at(rows):
                cascade()
        _log.warning("segments that change each other have no end: %s", ", ".join(self._watched.segments))
        self._wave.clear("w_stale")

    def _look_at(self, rows: Iterable[tuple[int, int, int, int, int]]) -> bool:
        """Answers whether anybody entered or left."""
        wave, connection = self._wave, self._wave.connection
        rows = list(rows)
        standings = wave.judge.standings(self._watched, [(profile, at, seq) for profile, at, seq, _, _ in rows])
        # Whoever came for timers alone may have more of them that wait for the next tick.
        partly = wave.last_due[0] - 1 if wave.crowded else wave.until
        wave.clear("w_seen")
        connection.insert_rows(
            "w_seen",
            ["profile_id", "lane", "next_at", "until"],
            [
                (p, lane, standings[p].next_at if p in standings else None, wave.until if whole else partly)
                for p, _, _, lane, whole in rows
            ],
        )
        before: dict[int, set[str]] = {}
        for profile, segment in connection.rows(_sql["members"]):
            before.setdefault(profile, set()).add(segment)
        told: list[tuple[int, int, str, int, str, int]] = []
        entered: list[tuple[int, str, int]] = []
        left: list[tuple[int, str, int]] = []
        for profile, at, _, lane, _ in rows:
            if profile not in standings:
                continue
            was, now = before.get(profile, set()), standings[profile].segments
            for segment in sorted(was ^ now):
                name = SEGMENT_ENTERED if segment in now else SEGMENT_LEFT
                told.append((lane, profile, name, at, json.dumps({"segment": segment}, ensure_ascii=False), 0))
                (entered if segment in now else left).append((profile, segment, at))
        self._write(entered, left)
        connection.insert_rows("w_own", ["lane", "profile_id", "name", "ts", "properties", "hits"], told)
        return bool(told)

    def _write(self, entered: list[tuple[int, str, int]], left: list[tuple[int, str, int]]) -> None:
        connection = self._wave.connection
        connection.insert_rows("segment_members", ["profile_id", "segment", "since_at"], entered)
        gone = "DELETE FROM segment_members WHERE profile_id = ? AND segment = ?"
        connection.execute_many(gone, [(profile, segment) for profile, segment, _ in left])
        for name in ("drop_stale", "drop_edges", "keep_edges", "drop_seen_edges", "find_seen_edges"):
            self._run(name)

    def _run(self, name: str, **params: int) -> int:
        return self._wave.connection.execute(_sql[name], params or None)
