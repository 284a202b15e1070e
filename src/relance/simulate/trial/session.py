"""One test: its people, its time, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from relance.channels import OutboundMessage
from relance.clock import format_instant
from relance.conditions.answers import REACTIONS
from relance.definitions.document import Document
from relance.definitions.store import apply, load_workspace
from relance.errors import InvalidInput, NotFound
from relance.events.model import Event
from relance.events.names import JOURNEY_REQUESTED
from relance.journeys.actions import choose_path
from relance.journeys.advance import advance
from relance.journeys.engine import Engine
from relance.journeys.model import step_names
from relance.outbox.context import build_context
from relance.segments.judge import WarehouseJudge
from relance.simulate.carrier import RecordingCarrier
from relance.simulate.trial.shape import MARK, OUTCOME, make_testable, mark_of, ways_of
from relance.store import load_queries, open_database
from relance.templates import render
from relance.warehouse.opening import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.outbox.handoff import Reserved
    from relance.simulate.backtest.wanted import Wanted
    from relance.store import Connection
    from relance.workspace import Workspace

SQL = load_queries("relance.simulate.trial")
MOST_TESTERS = 100
CHANNELS = ("email", "sms", "push", "in_app", "webhook")
SENT, BLOCKED, FAILED = "sent", "blocked", "failed"
_STATUS = ("active", "finished", "exited", "failed", "suppressed")
_OUTCOMES = "UPDATE messages SET status = ?, reason = ? WHERE message_id = ?"


@dataclass(frozen=True, slots=True)
class Tester:
    """Somebody who does not exist, or a copy of somebody who does."""

    user_id: str
    traits: Mapping[str, Any] = field(default_factory=dict)
    consents: Sequence[str] = CHANNELS  # what they agreed to: channels, and with them all groups
    push_token: str | None = None


class TrialCarrier(RecordingCarrier):
    """Takes every message, but where another outcome is forced."""

    def __init__(self, workspace: Workspace, numbers: Mapping[str, str]) -> None:
        """`numbers`: the mark of each step."""
        super().__init__(workspace)
        self._numbers = numbers

    def carry(self, connection: Connection, messages: Sequence[Reserved]) -> None:
        forced: list[tuple[str, str, int]] = []
        taken: list[Reserved] = []
        for message in messages:
            marks = json.loads(message.traits).get(MARK) or {}
            outcome = marks.get(self._numbers.get(message.step_id, ""))
            if outcome in (BLOCKED, FAILED):
                forced.append((outcome, "forced", message.message_id))
            else:
                taken.append(message)
        super().carry(connection, taken)
        connection.execute_many(_OUTCOMES, list(dict.fromkeys(forced)))


class Trial:
    """One test of one journey. One thread at a time may use it."""

    def __init__(self, wanted: Wanted, testers: Sequence[Tester], *, start: int, checks: bool = True) -> None:
        """Make a world for them.

        Args:
            wanted: the journey and what belongs to it.
            testers: who goes through it.
            start: the instant at which its time begins.
            checks: whether caps and quiet hours hold, as in the workspace.
        """
        if not 0 < len({tester.user_id for tester in testers}) <= MOST_TESTERS:
            msg = f"name between 1 and {MOST_TESTERS} testers, each with an id of its own"
            raise InvalidInput(msg, problems=[msg])
        bodies = {(d.kind, d.body.get("id")): dict(d.body) for d in wanted.documents}
        self.journey = wanted.journey
        self.body = bodies["journey", wanted.journey]
        self.steps: Mapping[str, Mapping[str, Any]] = self.body["steps"]
        bodies["journey", wanted.journey] = make_testable(self.body)
        if not checks:
            bodies = {key: _without_checks(body) for key, body in bodies.items()}
        self.now = start
        self.testers = {tester.user_id: tester for tester in testers}
        self._position = 0
        self._marks: dict[str, dict[str, str]] = {}
        self._warehouse = open_warehouse("memory://")
        self._database = open_database("sqlite://")
        self._database.migrate()
        numbers = {step: mark_of(self.steps, step) for step in self.steps}

        def judge(workspace: Workspace) -> WarehouseJudge:
            return WarehouseJudge(self._warehouse, workspace)

        self._engine = Engine(self._warehouse, judge, lambda workspace: TrialCarrier(workspace, numbers), prefix="test-")
        with self._database.writing() as connection:
            apply(connection, [Document(body) for body in bodies.values()], start, by="test")
            self.workspace = load_workspace(connection)
            self._engine.use(connection, self.workspace)
        for tester in testers:
            self._introduce(tester)

    def close(self) -> None:
        self._database.close()
        self._warehouse.close()

    # ------------------------------------------------------------------------------------------ people

    def _introduce(self, tester: Tester) -> None:
        """Who they are, and what they agreed to."""
        self._marks[tester.user_id] = self._sticky_ways(tester.user_id)
        self._mark(tester)
        groups = ["", *sorted(set(self.workspace.template_groups.values()))]
        for channel in tester.consents:
            for group in groups:
                told = {"channel": channel, "state": "subscribed", **({"group": group} if group else {})}
                self._happen(tester.user_id, "Subscription Changed", told)

    def _mark(self, tester: Tester) -> None:
        token = {"device": {"token": tester.push_token}} if tester.push_token else {}
        self._tell(tester.user_id, None, traits={**tester.traits, MARK: self._marks[tester.user_id]}, context=token)

    def _sticky_ways(self, user_id: str) -> dict[str, str]:
        """The way that each split has for somebody."""
        return {
            mark_of(self.steps, name): str(
                1 + choose_path([p["percent"] for p in step["paths"]], f"split:journey:{self.journey}:{name}", user_id)
            )
            for name, step in self.steps.items()
            if step["type"] == "split"
        }

    def require(self, user_id: str) -> Tester:
        """A tester.

        Raises:
            NotFound: nobody of this test has that id.
        """
        if user_id not in self.testers:
            msg = f"there is no tester {user_id!r} in this test"
            raise NotFound(msg)
        return self.testers[user_id]

    # ------------------------------------------------------------------------------------------ what happens

    def begin(self, user_id: str, properties: Mapping[str, Any] | None = None) -> None:
        """Let a tester start: by the journey's own event, or by request."""
        self.require(user_id)
        entry, told = self.body["entry"], dict(properties or {})
        if entry["type"] == "event":
            self._happen(user_id, str(entry["event"]), told)
        else:
            self._happen(user_id, JOURNEY_REQUESTED, {**told, "journey": self.journey})

    def happen(self, user_id: str, event: str, properties: Mapping[str, Any] | None = None) -> None:
        """Something happens to a tester."""
        self.require(user_id)
        self._happen(user_id, event, dict(properties or {}))

    def react(self, user_id: str, step: str, reaction: str) -> list[str]:
        """A tester reacts to the last message of a step, on each of its channels. Answers the events.

        Raises:
            NotFound: nothing was sent there.
            InvalidInput: there is no such reaction.
        """
        self.require(user_id)
        if reaction not in REACTIONS:
            msg = f"{reaction!r} is no reaction: write one of {', '.join(REACTIONS)}"
            raise InvalidInput(msg, problems=[msg])
        channels = {m["channel"] for m in self.messages(user_id) if m["step"] == step and m["status"] == SENT}
        if not channels:
            msg = f"nothing was sent to {user_id!r} at the step {step!r}, so nobody can react to it"
            raise NotFound(msg)
        starts = {"email": "Email", "sms": "SMS", "push": "Push Notification", "in_app": "In-App Message"}
        names = [n for n in REACTIONS[reaction] if any(n.startswith(starts.get(channel, "-")) for channel in channels)]
        if not names:
            msg = f"a message on {', '.join(sorted(channels))} is not {reaction}"
            raise InvalidInput(msg, problems=[msg])
        for name in names:
            self._happen(user_id, name, {"journey": self.journey, "step": step})
        return names

    def force(self, user_id: str, step: str, outcome: str) -> None:
        """Have a tester go one way out of a step: of a listener at once, of others when it comes there.

        Raises:
            NotFound: there is no such step.
            InvalidInput: it has no such way.
        """
        tester = self.require(user_id)
        if step not in self.steps:
            msg = f"the journey has no step {step!r}"
            raise NotFound(msg)
        outcomes = [way.outcome for way in ways_of(self.steps)[step]]
        kind = self.steps[step]["type"]
        if kind == "message":
            outcomes = [SENT, BLOCKED, FAILED]
        if outcome not in outcomes:
            msg = f"the step {step!r} has no way {outcome!r}: write one of {', '.join(outcomes) or 'none'}"
            raise InvalidInput(msg, problems=[msg])
        if kind == "listen":
            self._happen(user_id, OUTCOME, {"step": step, "outcome": outcome})
        elif kind in ("branch", "split", "message"):
            self._marks[user_id][mark_of(self.steps, step)] = outcome
            self._mark(tester)

    def _happen(self, user_id: str, name: str, properties: dict[str, Any]) -> None:
        self._tell(user_id, name, properties=properties)

    def _tell(self, user_id: str, name: str | None, **more: Any) -> None:
        """One event, a microsecond after what was last."""
        self._position += 1
        self.now += 1
        event = Event(
            position=self._position, source="test", type="identify" if name is None else "track", name=name, user_id=user_id,
            anonymous_id=None, previous_id=None, at=self.now, received_at=self.now, properties=more.get("properties", {}),
            traits=more.get("traits", {}), context=more.get("context", {}), message_id=f"test-{self._position}", trusted=True, history=False,
        )  # fmt: skip
        self._advance([event])

    # ------------------------------------------------------------------------------------------ time

    def advance_to(self, at: int) -> None:
        """Let time pass. An instant that is past changes nothing."""
        if at > self.now:
            self.now = at
            self._advance([])

    def next_due(self) -> int | None:
        """When something happens next by the passing of time alone."""
        with self._database.reading() as connection:
            found = connection.value(SQL["next_due"])
        return None if found is None else int(found)

    def _advance(self, events: list[Event]) -> None:
        timezone = self.workspace.settings.timezone
        advance(self._engine, self._database.writing, events, position=self._position, until=self.now, timezone=timezone)

    # ------------------------------------------------------------------------------------------ what came of it

    def messages(self, user_id: str = "", after: int = 0) -> list[dict[str, Any]]:
        """What was sent, or was not, in order."""
        with self._database.reading() as connection:
            rows = connection.rows(SQL["messages"], {"user_id": user_id, "after": after})
        return [
            {
                "number": number, "user_id": user, "at": format_instant(at), "step": step, "channel": channel, "template": template, "to": to,
                "status": status, "reason": reason, "subject": subject, "body": body,
            }
            for number, user, at, step, channel, template, to, status, reason, subject, body in rows
        ]  # fmt: skip

    def passages(self) -> list[dict[str, Any]]:
        """Where testers are and were, in order."""
        with self._database.reading() as connection:
            names = {v: step_names(json.loads(body)) for v, body in connection.rows(SQL["versions"])}
            paths: dict[int, list[dict[str, Any]]] = {}
            for enrollment, version, step, at, cause in connection.rows(SQL["paths"]):
                told = {"step": names[version][step], "at": format_instant(at), "because": cause}
                paths.setdefault(enrollment, []).append(told)
            rows = connection.rows(SQL["passages"])
        return [
            {
                "user_id": user, "journey": source.partition(":")[2], "status": _STATUS[status], "reason": reason, "entered_at": format_instant(entered),
                "ended_at": format_instant(ended), "step": names[version][step] if status == 0 and step is not None and step >= 0 else None,
                "due_at": format_instant(due) if status == 0 else None, "path": paths.get(enrollment, []),
            }
            for enrollment, version, source, user, status, reason, entered, ended, step, due in rows
        ]  # fmt: skip

    def coverage(self) -> dict[str, Any]:
        """Which steps were entered, and which ways gone, of all that there are."""
        entered: set[str] = set()
        gone: set[tuple[str, str]] = set()
        for passage in self.passages():
            if passage["journey"] != self.journey:
                continue
            visited = [visit["step"] for visit in passage["path"]]
            entered.update(visited)
            gone.update(pairwise(visited))
            if passage["status"] == "finished" and visited and self.steps[visited[-1]]["type"] != "end":
                gone.add((visited[-1], "end"))
        ways = {(way.step, way.to) for out in ways_of(self.steps).values() for way in out}
        return {
            "steps": len(self.steps),
            "entered": sum(step in entered for step in self.steps),
            "not_entered": [step for step in self.steps if step not in entered],
            "ways": len(ways),
            "gone": len(ways & gone),
            "not_gone": [{"from": a, "to": b} for a, b in sorted(ways - gone)],
        }

    def status(self) -> dict[str, Any]:
        """All of it, as it is told."""
        return {
            "journey": self.journey,
            "now": format_instant(self.now),
            "next_at": format_instant(self.next_due()),
            "testers": sorted(self.testers),
            "passages": self.passages(),
            "messages": self.messages(),
            "coverage": self.coverage(),
        }

    def outbound(self, after: int) -> list[OutboundMessage]:
        """What was sent after a number, as a provider would get it: without our links, so that looking at it counts for nothing."""
        with self._database.reading() as connection:
            rows = connection.rows(SQL["outbound"], {"after": after})
        return [self._compose(row) for row in rows]

    def _compose(self, row: tuple[Any, ...]) -> OutboundMessage:
        number, user, at, source, step, channel, template, to, marketing, traits, name, properties, event_at = row
        context = build_context(
            user_id=user, traits=traits, source=source, step_id=step, event_name=name, event_properties=properties, event_at=event_at,
            unsubscribe_url="https://unsubscribe.invalid/test",
        )  # fmt: skip
        said = render(self.workspace.templates[template].body, context, now=at)
        return OutboundMessage(
            key=f"test-{number}", channel=channel, to=to or "", at=at, marketing=bool(marketing), user_id=user, source=source, step_id=step,
            template=template, subject=said.subject, title=said.title, body=said.body or "", text=said.text if said.html else None,
            html=said.html, link=said.link, method=said.method, url=said.url, headers=said.headers,
        )  # fmt: skip


def _without_checks(body: Mapping[str, Any]) -> dict[str, Any]:
    if body.get("kind") != "settings":
        return dict(body)
    return {name: value for name, value in body.items() if name not in ("frequency_caps", "quiet_hours")}
