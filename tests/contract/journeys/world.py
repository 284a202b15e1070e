"""Small worlds to simulate: definitions as YAML, events as short tuples, and what came of them as short texts.

Instants are written `03-01 08:00`, of 2026, with seconds and microseconds where they are not zero. Everybody can be reached
on every channel from the first of March on, unless a test says otherwise.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from relance.clock import format_instant, parse_instant
from relance.definitions.check import check_definitions
from relance.definitions.load import load_text
from relance.simulate.run import simulate
from relance.warehouse.opening import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from relance.definitions.document import Document
    from relance.store import Database

# (when it happened, user id, event name, properties); more in `item`
Told = tuple[str, str, str] | tuple[str, str, str, dict[str, Any]] | dict[str, Any]

TEMPLATES = """
{kind: template, id: mail, channel: email, status: ready, subject: "Hello {{ profile.first_name }}", body: "<p>{{ event.properties.n }}</p>"}
---
{kind: template, id: text, channel: sms, status: ready, body: "Hello"}
---
{kind: template, id: note, channel: push, status: ready, title: "Hello", body: "there"}
"""


def instant(text: str) -> int:
    """`03-01 08:00` as microseconds."""
    day, _, clock = text.partition(" ")
    year = "" if len(day) > 5 else "2026-"
    clock = clock or "00:00"
    found = parse_instant(f"{year}{day}T{clock if clock.count(':') == 2 else clock + ':00'}Z")
    assert found is not None, text
    return found


def short(at: str | int | None) -> str | None:
    """An instant as tests write it."""
    text = format_instant(at) if isinstance(at, int) else at
    if text is None:
        return None
    return text.removeprefix("2026-").replace("T", " ").removesuffix("Z").removesuffix(":00")


def item(told: Told, n: int) -> dict[str, Any]:
    """One line of an events file. A name that begins with a capital is an event's, others are calls."""
    if isinstance(told, dict):
        return {"messageId": f"e{n}", **told}
    at, user, name, *more = told
    body: dict[str, Any] = {"messageId": f"e{n}", "timestamp": format_instant(instant(at))}
    body["anonymousId" if user.startswith("anon") else "userId"] = user
    given: dict[str, Any] = dict(more[0]) if more else {}
    arrived = given.pop("arrived", None)
    if arrived is not None:
        body["receivedAt"] = format_instant(instant(arrived))
    if name == "identify":
        token = given.pop("token", None)
        body |= {"type": "identify", "traits": given} | ({"context": {"device": {"token": token}}} if token else {})
        if "anonymousId" in given:
            body["anonymousId"] = given.pop("anonymousId")
        return body
    if name == "alias":
        return body | {"type": "alias", "previousId": given["previousId"]}
    return body | {"type": "track", "event": name, "properties": given}


def person(user: str, at: str = "03-01", consent: Iterable[str] = ("email", "sms", "push"), **traits: Any) -> list[Told]:
    """Somebody who can be reached on every channel. A trait that is given as None stays away."""
    number = f"+336{sum(user.encode()):08d}"
    known = {"email": f"{user}@example.com", "phone": number, "token": f"token-{user}", "first_name": user.title(), **traits}
    return [
        (at, user, "identify", {name: value for name, value in known.items() if value is not None}),
        *((at, user, "Subscription Changed", {"channel": channel, "state": "subscribed"}) for channel in consent),
    ]


def load(definitions: str) -> list[Document]:
    """Definitions that the check has nothing against, with a template for each channel."""
    loaded = load_text(f"{TEMPLATES}---\n{definitions}")
    problems = [*loaded.problems, *check_definitions(loaded.documents)]
    assert [] == [f"{p.path}: {p.message}" for p in problems if p.severity == "error"]
    return loaded.documents


@dataclass(frozen=True)
class Outcome:
    """What a simulation wrote."""

    messages: list[dict[str, Any]]
    enrollments: list[dict[str, Any]]
    memberships: list[dict[str, Any]]
    summary: dict[str, Any]

    def sent(self, user: str | None = None) -> list[str]:
        """Messages: when, step (or campaign) and channel; why not, for those that were not sent."""
        return [
            " ".join(
                [
                    short(m["at"]) or "",
                    *([m["user_id"]] if user is None else []),
                    m["step"] if m["source"].startswith("journey:") else m["source"],
                    m["channel"],
                    *([] if m["status"] == "sent" else [m["status"], m["reason"]]),
                ]
            )
            for m in self.messages
            if user in (None, m["user_id"])
        ]

    def passages(self, user: str | None = None, *, key: bool = False) -> list[str]:
        """Passages: when they began, the path, how and when they ended."""
        found = []
        for e in self.enrollments:
            if user in (None, e["user_id"]):
                begin = [
                    short(e["entered_at"]),
                    *([e["user_id"]] if user is None else []),
                    *([json.dumps(e["key"])] if key else []),
                ]
                path = [f"{p['step']}@{short(p['at'])}" for p in e["path"]]
                ended = [] if e["status"] == "suppressed" else [e["ended_at"] and short(e["ended_at"])]
                found.append(" ".join(str(p) for p in [*begin, *path, e["status"], e["reason"], *ended] if p is not None))
        return found

    def ends(self) -> dict[str, str]:
        """How the only passage of each person ended, and when."""
        assert max(Counter(e["user_id"] for e in self.enrollments).values()) == 1
        return {
            e["user_id"]: " ".join(
                str(p) for p in (e["path"][-1]["step"], e["status"], e["reason"], short(e["ended_at"])) if p is not None
            )
            for e in self.enrollments
        }

    def goals(self) -> dict[str, str | None]:
        """When each person's only passage reached its goal."""
        return {e["user_id"]: short(e["goal_at"]) for e in self.enrollments}


@dataclass
class World:
    """An empty store and warehouse, and a folder."""

    database: Database
    folder: Path
    warehouse: str = "memory://"

    def play(self, definitions: str, events: Sequence[Told], *, until: str, start: str | None = "03-01") -> Outcome:
        """Simulate, check what must always hold, and read what was written."""
        file = self.folder / "events.jsonl"
        lines = [json.dumps(item(told, n), ensure_ascii=False) for n, told in enumerate(events)]
        file.write_text("\n".join(lines), encoding="utf-8")
        out = self.folder / "out"
        warehouse = open_warehouse(self.warehouse)
        begin = None if start is None else instant(start)
        report = simulate(
            load(definitions), file, start=begin, until=instant(until), out=out, warehouse=warehouse, database=self.database
        )
        warehouse.close()
        assert [] == report.file.rejected
        texts = {
            name: (out / name).read_text(encoding="utf-8")
            for name in ("messages.jsonl", "enrollments.jsonl", "memberships.jsonl")
        }
        rows = {name: [json.loads(line) for line in text.splitlines()] for name, text in texts.items()}
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        check_ledger(summary)
        return Outcome(rows["messages.jsonl"], rows["enrollments.jsonl"], rows["memberships.jsonl"], summary)


def check_ledger(summary: dict[str, Any]) -> None:
    """Entered = inside + finished + exited + failed, for each journey and each step (SEMANTICS 17)."""
    for name, journey in summary["journeys"].items():
        ended = journey["finished"] + sum(journey["exited"].values()) + journey["failed"]
        assert journey["entered"] == journey["inside"] + ended, name
        for step, figures in journey["steps"].items():
            assert figures["entered"] == figures["inside"] + sum(figures["left"].values()), (name, step)
