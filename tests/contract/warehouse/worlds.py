"""Made worlds and conditions, for the comparison of engines: ties, missing values, wrong types, edges, late events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from relance.clock import DAY, HOUR, format_instant, parse_instant
from relance.localtime import find_zone
from relance.warehouse import (
    ConsentRow,
    EventRow,
    JourneyRow,
    ListRow,
    MessageRow,
    Moments,
    ProfileRow,
    ScoreRow,
    SuppressionRow,
)

if TYPE_CHECKING:
    from random import Random

    from relance.warehouse import Warehouse

START = parse_instant("2026-03-27T00:00:00Z")  # two days later clocks change in Europe
EVENTS = ["A", "A", "A", "B", "Order Completed"]
ZONES = [None, "Europe/Paris", "America/Havana", "Asia/Kathmandu", "America/St_Johns"]
CHANNELS = ["email", "sms", "push"]
ADDRESSES = ["x@example.com", "y@example.com"]
WORDS = [
    "a",
    "A",
    "",
    "é",
    "É",
    "straße",
    "STRASSE",
    "ǅ",
    "İ",
    "x\ny",
    'q"uote',
    "back\\slash",
    "a/b",
    "30",
    "null",
    "[",
    "\u2028",
    "😀",
    "ﬁ",
    "aa",
]
NUMBERS = [0, 1, 1, -1, 30, 30.0, 30.5, 0.1, 0.2, 0.3, 1e-7, 1e21, 2**53 + 1, float(2**53), 2**63, 2**64 - 1, -(2**63), 5e-324]
DATES = [
    "2026-03-29",
    "2026-03-28",
    "1990-03-31",
    "2000-02-29",
    "2026-11-01",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "2026-03-29T01:00",
    "2026-03-29T01:00:00",
]
FIGURES = ["sum", "avg", "min", "max", "count_distinct", "first", "last"]
PATTERNS = ["^a", "a.b", "x.y", r"[^A-Z]$", r"\d{2}", "ss|é", r"^\S+$", "(?:S){2}", "^$"]
LENGTHS = ["0s", "1d", "36h", "7d", "6h"]
REACTIONS = ["Email Opened", "Email Opened", "Email Link Clicked", "SMS Replied", "Email Bounced"]
SOURCES = ["journey:j", "journey:k", "campaign:j"]
STEPS = ["one", "two", "message"]
PATHS = ["machine", "a", "a", "n", "n", "b", "b.c", "b.0", 'b.k"y', "b.c.c"]


class World(NamedTuple):
    """What is in the warehouse, and which moments to ask about."""

    events: list[EventRow]
    profiles: list[ProfileRow]
    consents: list[ConsentRow]
    suppressions: list[SuppressionRow]
    messages: list[MessageRow]
    journeys: list[JourneyRow]
    lists: list[ListRow]
    scores: list[ScoreRow]
    moments: list[tuple[int, int, int]]

    def load(self, warehouse: Warehouse) -> None:
        warehouse.begin(1)
        warehouse.add_profile_history(self.profiles)
        warehouse.add_events(self.events)
        warehouse.add_consent_history(self.consents)
        warehouse.add_suppressions(self.suppressions)
        warehouse.add_facts("message_history", self.messages)
        warehouse.add_facts("journey_history", self.journeys)
        warehouse.add_facts("list_history", self.lists)
        warehouse.add_facts("score_history", self.scores)
        warehouse.commit()

    def asked(self) -> Moments:
        return Moments(*map(list, zip(*self.moments, strict=True)))


class Maker:
    """Makes worlds and conditions at random."""

    def __init__(self, random: Random, *, dates: bool = True) -> None:
        self.random, self.dates = random, dates

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # ------------------------------------------------------------------ worlds

    def instant(self) -> int:
        """On a coarse grid, so that there are ties and edges."""
        return START + self.random.randrange(24) * 6 * HOUR + self.pick(0, 0, 0, 0, 1, -1, HOUR)

    def instant_text(self) -> str:
        text = format_instant(self.instant()) or ""
        return text if self.chance(0.7) else text.replace("Z", "+05:30")

    def date(self) -> str:
        return self.instant_text() if self.chance(0.6) else self.random.choice(DATES)

    def scalar(self) -> Any:
        return self.pick(
            self.random.choice(WORDS), self.random.choice(NUMBERS), self.random.choice(NUMBERS), self.chance(0.5), None
        )

    def value(self) -> Any:
        kind = self.random.random()
        if kind < 0.6:
            return self.scalar()
        if kind < 0.8:
            return self.date()
        return [self.pick(self.scalar(), self.date(), [self.scalar()]) for _ in range(self.random.randrange(4))]

    def inner(self) -> dict[str, Any]:
        place = {"lat": self.pick(30, 30.5, "30", 80), "lon": self.pick(30, 30.9, True)} if self.chance(0.4) else {}
        return {k: self.value() for k in ("c", "0", 'k"y') if self.chance(0.6)} | place

    def document(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if self.chance(0.8):
            made["a"] = self.value()
        if self.chance(0.8):
            made["b"] = self.pick(
                self.value(),
                self.inner(),
                [self.pick(self.inner(), self.scalar(), [self.inner()]) for _ in range(self.random.randrange(3))],
            )
        if self.chance(0.8):
            made["n"] = self.random.choice(NUMBERS)
        if self.chance(0.1):
            made["b"] = {"c": [{"c": self.value()}, self.inner()]}
        return made

    def world(self, size: int = 150) -> World:
        n = self.random.randrange(3, 12)
        profiles, events, consents, suppressions = [], [], [], []
        messages, lists, scores = [], [], []
        for seq in range(1, size):
            who, at, received_at = self.random.randrange(1, n), self.instant(), START + 10 * DAY + seq
            kind = self.pick(
                "event", "event", "event", "event", "state", "consent", "suppression", "message", "reaction", "list", "score"
            )
            if kind == "message":
                status = self.pick("sent", "sent", "sent", "blocked", "expired", "failed")
                source, step = self.random.choice(SOURCES), self.random.choice(STEPS)
                messages.append(MessageRow(who, seq, at, f"m{seq}", source, step, status, 1))
            elif kind == "reaction":
                name = self.random.choice(REACTIONS)
                events.append(EventRow(who, seq, at, received_at, name, self.reaction(messages), seq, 1))
            elif kind == "list":
                lists.append(ListRow(who, seq, at, self.pick("l", "l", "other"), self.chance(0.6), 1))
            elif kind == "score":
                score = self.pick(0.0, 12.5, 50.0, 75.0, 100.0)
                category = "low" if score < 50 else "medium" if score < 75 else "high"
                category = self.pick(category, category, category, "")  # nothing is said any more
                place = self.pick(0, 1, 2, 3)
                among = (place, self.pick(0.0, 33.3, 90.0), self.pick(-1.0, 0.0, 12.5, 50.0)) if place else ()
                scores.append(ScoreRow(who, seq, at, self.pick("p", "p", "q"), score, category, 1, *among))
            elif kind == "event":
                events.append(EventRow(who, seq, at, received_at, self.random.choice(EVENTS), self.document(), seq, 1))
            elif kind == "state":
                zone, phone = self.random.choice(ZONES), self.pick(None, "+33612345678")
                address, token = self.pick(None, "", *ADDRESSES), self.pick(None, "token")
                known = zone if find_zone(zone) else None
                profiles.append(
                    ProfileRow(
                        who,
                        seq,
                        received_at,
                        self.document(),
                        f"u{who}",
                        known,
                        address,
                        self.chance(0.7),
                        phone,
                        phone is not None,
                        token,
                        START,
                        1,
                    )
                )
            elif kind == "consent":
                state, group = self.pick("subscribed", "unsubscribed"), self.pick("", "", "news")
                consents.append(ConsentRow(who, seq, at, received_at, self.random.choice(CHANNELS), group, state, 1))
            elif self.chance(0.5):
                suppressions.append(SuppressionRow("email", self.random.choice(ADDRESSES), seq, self.chance(0.5), 1))
        there = {row.profile_id for row in profiles}  # everybody is created at some time
        profiles += [
            ProfileRow(who, size, START + 10 * DAY + size, {}, f"u{who}", None, None, False, None, False, None, START, 1)
            for who in range(1, n)
            if who not in there
        ]
        moments = [(self.random.randrange(1, n + 1), self.instant(), self.random.randrange(size + 1)) for _ in range(60)]
        journeys = [row for number in range(size // 10) for row in self.passage(number, n, size)]
        journeys.sort(key=lambda row: row.seq)
        return World(events, profiles, consents, suppressions, messages, journeys, lists, scores, moments)

    def machine(self) -> Any:
        return self.pick(
            True, True, True, False, "true", 1, [True], [1, [True]], [None, True], ["true"], {"machine": True}, None
        )

    def reaction(self, messages: list[MessageRow]) -> dict[str, Any]:
        """What the properties of a reaction say of its message: right, wrong or nothing at all."""
        made: dict[str, Any] = {"machine": self.machine()} if self.chance(0.4) else {}
        if self.chance(0.5):
            right = [self.random.choice(messages).message_id] if messages else []
            made["message_id"] = self.pick("m1", None, 1, "", *right, *right, *right)
        if self.chance(0.7):
            named = {"journey": self.pick("j", "k", 1, ""), "campaign": self.pick("j", None)}
            made |= {name: named[name] for name in self.pick(("journey",), ("campaign",), ("journey", "campaign"))}
        if self.chance(0.7):
            made["step"] = self.pick(*STEPS, None, 1)
        return made

    def passage(self, number: int, people: int, size: int) -> list[JourneyRow]:
        """The moves of one passage, as far as it came; some at one instant, some stamped out of order."""
        who, journey = self.random.randrange(1, people), self.pick("j", "j", "k")
        way = ["", *self.random.sample(STEPS, self.random.randrange(len(STEPS) + 1))]
        seqs = sorted(self.random.randrange(1, size) for _ in way)
        start = self.instant()
        moves = [
            JourneyRow(who, seq, self.pick(start, start + HOUR, self.instant()), number, journey, step, previous, "active", 1)
            for seq, step, previous in zip(seqs[1:], way[1:], way, strict=False)
        ]
        if not moves or self.chance(0.6):
            state, last = self.pick("finished", "exited", "failed"), way[-1]
            moves.append(JourneyRow(who, max(seqs), self.instant(), number, journey, "", last, state, 1))
        return moves

    # ------------------------------------------------------------------ conditions

    def plain(self) -> Any:
        return self.pick(self.random.choice(WORDS), self.random.choice(NUMBERS), self.random.choice(NUMBERS), self.chance(0.5))

    def clause(self) -> dict[str, Any]:
        path = self.random.choice(PATHS)
        kind = self.pick(
            "equal", "list", "order", "order", "between", "text", "bare", "pattern", *(["date"] * 4 if self.dates else [])
        )
        fold = {"ignore_case": True} if self.chance(0.3) else {}
        if kind == "equal":
            return {"path": path, "op": self.pick("eq", "ne", "contains", "not_contains"), "value": self.plain(), **fold}
        if kind == "list":
            return {
                "path": path,
                "op": self.pick("in", "not_in"),
                "value": [self.plain() for _ in range(self.random.randrange(4))],
                **fold,
            }
        if kind == "order":
            return {
                "path": path,
                "op": self.pick("gt", "gte", "lt", "lte"),
                "value": self.random.choice(NUMBERS if self.chance(0.6) else WORDS),
                **fold,
            }
        if kind == "between":
            return {"path": path, "op": "between", "value": sorted([self.random.choice(NUMBERS), self.random.choice(NUMBERS)])}
        if kind == "text":
            return {"path": path, "op": self.pick("starts_with", "ends_with"), "value": self.random.choice(WORDS), **fold}
        if kind == "bare":
            return {"path": path, "op": self.pick("is_set", "is_not_set", "is_true", "is_false")}
        if kind == "pattern":
            return {"path": path, "op": "matches", "value": self.random.choice(PATTERNS), **fold}
        op = self.pick("before", "after", "within_last", "within_next", "more_than_ago", "anniversary_within")
        edge = self.pick(self.instant_text(), "2026-03-29", "2026-11-01")
        return {"path": path, "op": op, "value": edge if op in ("before", "after") else self.random.choice(LENGTHS)}

    def edge(self) -> str:
        return self.pick("2026-03-29", "2026-03-30") if self.dates and self.chance(0.3) else format_instant(self.instant())

    def window(self) -> dict[str, Any]:
        length = self.random.choice(LENGTHS)
        return self.pick(
            {},
            {},
            {},
            {"within": length},
            {"within": length},
            {"between": sorted([self.edge(), self.edge()])},
            {"since": self.edge()},
            {"before": self.edge(), "within": "7d"},
        )

    def limits(self, *choices: Any) -> dict[str, Any]:
        return {self.pick("eq", "ne", "gt", "gte", "lt", "lte"): self.pick(*choices) for _ in range(self.pick(1, 1, 2))}

    def where(self) -> list[dict[str, Any]]:
        return [self.clause() for _ in range(self.pick(0, 0, 0, 1, 2))]

    def leaf(self) -> dict[str, Any]:
        kind = self.pick(
            *("trait", "trait", "did", "did", "figure", "figure", "sequence", "can_receive", "subscribed", "other"),
            *("message", "message", "journey", "journey", "in_list", "predicted"),
        )
        event = self.random.choice(EVENTS) if self.chance(0.8) else self.random.choice(REACTIONS)
        if kind == "trait":
            return {"type": "trait", **self.clause()}
        if kind == "did":
            times = {"times": self.limits(0, 1, 2, 3)} if self.chance(0.6) else {}
            return {"type": "did", "event": event, "where": self.where(), **times, **self.window()}
        if kind == "figure":
            function = self.random.choice(FIGURES)
            wanted = [0, 1, 2, 3] if function == "count_distinct" else NUMBERS
            wanted = [*wanted, *WORDS, True] if function in ("first", "last") else wanted
            limits = self.limits(*wanted)
            limits = {op: v for op, v in limits.items() if v is not True or op in ("eq", "ne")} or {"ne": 1}
            times = {"times": self.limits(0, 1, 2)} if self.chance(0.2) else {}
            figure = {"fn": function, "path": self.random.choice(PATHS), **limits}
            return {"type": "did", "event": event, "where": self.where()[:1], "aggregate": figure, **times, **self.window()}
        if kind == "sequence":
            steps = [
                {
                    "event": self.pick(*EVENTS, *REACTIONS),
                    "where": self.where()[:1],
                    **({"within": self.random.choice(LENGTHS)} if self.chance(0.7) else {}),
                }
                for _ in range(self.pick(1, 2, 2, 3))
            ]
            return {"type": "sequence", "steps": steps, **self.window()}
        if kind == "can_receive":
            return {
                "type": "can_receive",
                "channel": self.pick(*CHANNELS, "in_app"),
                **self.pick({}, {"because": "subscribed"}),
            }
        if kind == "subscribed":
            return {
                "type": "subscribed",
                **self.pick({}, {"group": "news"}, {"channel": "email"}, {"channel": "sms", "group": "news"}),
            }
        if kind == "message":
            statuses = [
                "sent",
                "blocked",
                "expired",
                "failed",
                "opened",
                "opened",
                "clicked",
                "bounced",
                "replied",
                "delivered",
            ]
            status = {"status": self.random.sample(statuses, self.pick(1, 2, 3))} if self.chance(0.8) else {}
            step = {"step": self.random.choice(STEPS)} if self.chance(0.5) else {}
            return {"type": "message", "source": self.random.choice(SOURCES), **status, **step, **self.window()}
        if kind == "journey":
            state = self.pick({}, *({"state": s} for s in ("active", "finished", "exited", "ever", "never")))
            step = {"step": self.random.choice(STEPS)} if self.chance(0.5) else {}
            return {"type": "journey", "journey": self.pick("j", "k"), **state, **step}
        if kind == "in_list":
            return {"type": "in_list", "list": self.pick("l", "other", "none")}
        if kind == "predicted":
            wanted = self.pick(
                {"score": self.limits(0, 12.5, 50, 75, 100)},
                {"category": self.pick(["high"], ["low", "medium"])},
                {"percentile": self.limits(0, 33.3, 90)},
                {"top": self.pick(1, 2)},
                {"value": self.limits(0, 12.5, 50)},
            )
            age = {"within": self.random.choice([length for length in LENGTHS if length[0] != "0"])} if self.chance(0.4) else {}
            return {"type": "predicted", "prediction": self.pick("p", "q"), **wanted, **age}
        return self.pick(
            {"type": "bucket", "salt": self.pick("s", "é"), "from": 0, "to": self.pick(0, 5000, 10_000)},
            {"type": "near", "path": self.pick("b", "b.c"), "lat": 30, "lon": 30, "km": 100},
            {"type": "in_segment", "segment": "first"},
        )

    def condition(self, depth: int = 2) -> dict[str, Any]:
        kind = self.random.random()
        if depth == 0 or kind < 0.6:
            return self.leaf()
        if kind < 0.7:
            return {"type": "not", "of": self.condition(depth - 1)}
        return {"type": self.pick("all", "any"), "of": [self.condition(depth - 1) for _ in range(self.random.randrange(4))]}
