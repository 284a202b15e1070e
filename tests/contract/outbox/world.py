"""A store with people and messages that are ready, a drain over a provider with scripted faults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.channels import Channel, RecordingChannel
from relance.clock import DAY, SECOND
from relance.outbox.breaker import Breaker, RetryRule
from relance.outbox.compose import Composer, TargetNumbers
from relance.outbox.drain import Drain
from relance.templates.links import LinkSigner
from relance.workspace import QuietHours, Settings, TemplateDefinition, Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.store import Connection, Database

NOW = 1_772_445_600_000_000  # 2026-03-02T10:00:00Z
LINKS = LinkSigner("https://t.example", ["a-secret-of-this-workspace"])


def make_workspace(quiet: QuietHours | None = None, group: str | None = None) -> Workspace:
    bodies: dict[str, dict[str, Any]] = {
        "t-email": {
            "channel": "email",
            "subject": "Hi {{ profile.first_name }}",
            "body": "<p>Hi <a href='https://shop.example/a'>go</a></p>",
        },
        "t-sms": {"channel": "sms", "body": "Voir https://shop.example/cart/{{ event.properties.cart_id }}"},
        "t-push": {"channel": "push", "title": "T", "body": "b"},
        "t-bad": {"channel": "email", "subject": "S", "body": "{{ 1 | divided_by: 0 }}"},
    }
    templates = {k: TemplateDefinition(k, b["channel"], "ready", group, b) for k, b in bodies.items()}
    return Workspace(settings=Settings(quiet_hours=quiet), templates=templates)


@dataclass
class FrozenClock:
    at: int = NOW

    def now(self) -> int:
        return self.at


@dataclass
class Sink:
    """Where events go."""

    events: list[Mapping[str, Any]] = field(default_factory=list)

    def append_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        self.events.extend(events)


@dataclass
class Outbox:
    """A store and what a test does with it."""

    database: Database
    clock: FrozenClock = field(default_factory=FrozenClock)
    sink: Sink = field(default_factory=Sink)
    workspace: Workspace = field(default_factory=make_workspace)
    n: int = 0

    def add(self, **given: Any) -> int:
        """A person with consent, enrolled, and a message to it that is ready."""
        with self.database.writing() as c:
            return self.add_to(c, **given)

    def add_to(self, c: Connection, **given: Any) -> int:
        """The same, in a transaction of the caller's."""
        self.n += 1
        n = self.n
        row: dict[str, Any] = {
            "message_id": n, "enrollment_id": n, "profile_id": n, "version_id": 1, "source": "journey:cart", "step": 0, "step_id": "remind",
            "visit": 1, "channel": "email", "channel_rank": 0, "template": "t-email", "marketing": 1, "status": "ready",
            "address": f"p{n}@example.com", "queued_at": NOW, "due_at": NOW, "decided_at": NOW, "decided_seq": n,
        } | given  # fmt: skip
        profile = row["profile_id"]
        if n == 1:
            c.execute(
                "INSERT INTO journey_versions (version_id, source, kind, id, version, state, published_at, body) "
                "VALUES (1, 'journey:cart', 'journey', 'cart', 1, 'current', 0, '{}')"
            )
        if c.row("SELECT 1 FROM profiles WHERE profile_id = :p", {"p": profile}) is None:
            c.execute(
                "INSERT INTO profiles (profile_id, user_id, known, created_at, updated_at, traits, timezone) "
                "VALUES (:p, :u, 1, 0, 0, :t, 'Europe/Paris')",
                {"p": profile, "u": f"user{profile}", "t": json.dumps({"first_name": f"N{profile}"})},
            )
            for channel in ("email", "sms", "push"):
                self.say(profile, "subscribed", channel, connection=c)
        c.execute(
            "INSERT INTO enrollments (enrollment_id, version_id, source, profile_id, key, status, entered_at, mark_at, mark_seq) "
            "VALUES (:e, 1, 'journey:cart', :p, :k, 0, 0, 0, 0)",
            {"e": row["enrollment_id"], "p": profile, "k": str(n)},
        )
        names = ", ".join(row)
        c.execute(f"INSERT INTO messages ({names}) VALUES ({', '.join(':' + k for k in row)})", row)
        return n

    def say(self, profile: int, state: str, channel: str = "email", group: str = "", connection: Any = None) -> None:
        sql = (
            "INSERT INTO consent (profile_id, channel, group_id, state, at) VALUES (:p, :c, :g, :s, 0) "
            "ON CONFLICT (profile_id, channel, group_id) DO UPDATE SET state = excluded.state"
        )
        params = {"p": profile, "c": channel, "g": group, "s": state}
        if connection is not None:
            connection.execute(sql, params)
        else:
            self.execute(sql, params)

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        with self.database.writing() as c:
            c.execute(sql, params)

    def states(self) -> list[tuple[str, str | None]]:
        """Status and reason of each message, in the order they were added."""
        with self.database.reading() as c:
            return [(s, r) for s, r in c.rows("SELECT status, reason FROM messages ORDER BY message_id")]

    def row(self, message_id: int, columns: str) -> tuple[Any, ...]:
        with self.database.reading() as c:
            found = c.row(f"SELECT {columns} FROM messages WHERE message_id = :m", {"m": message_id})
        assert found is not None
        return found

    def faults(self) -> list[tuple[Any, ...]]:
        with self.database.reading() as c:
            return c.rows("SELECT message_id, attempt, outcome FROM message_faults ORDER BY message_id, attempt")

    def drain(self, channels: Mapping[str, Channel] | None = None, **options: Any) -> Drain:
        """A drain of its own, as a new process would have it."""
        options = {
            "retry": RetryRule(attempts=3, first_pause=SECOND, longest_pause=DAY),
            "breaker": lambda: Breaker(failures=1_000),
            **options,
        }
        return Drain(
            self.database,
            self.clock,
            channels if channels is not None else {"email": RecordingChannel()},
            Composer(lambda: self.workspace, LINKS, TargetNumbers(self.database)),
            lambda: self.workspace,
            events=self.sink,
            **options,
        )
