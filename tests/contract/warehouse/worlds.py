"""Made worlds and conditions, for the comparison of engines: ties, missing values, wrong types, edges, late events."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from relance.clock import DAY, HOUR, format_instant, parse_instant
from relance.localtime import find_zone
from relance.warehouse import ConsentRow, EventRow, Moments, ProfileRow, SuppressionRow, Warehouse

START = parse_instant("2026-03-27T00:00:00Z")  # two days later clocks change in Europe
EVENTS = ["A", "B", "Order Completed"]
ZONES = [None, "Europe/Paris", "America/Havana", "Asia/Kathmandu", "America/St_Johns"]
GROUPS = ["", "news"]
CHANNELS = ["email", "sms", "push"]

instants = st.builds(
    lambda hours, edge: START + hours * 6 * HOUR + edge, st.integers(0, 24), st.sampled_from([0, 0, 0, 1, -1, HOUR])
)
texts = st.sampled_from(["a", "A", "", "é", "É", "straße", "STRASSE", "ǅ", "İ", "x\ny", 'q"uote', "back\\slash", "a/b", "30", "null", "[", "\u2028", "😀", "ﬁ", "2026-03-29"])
numbers = st.sampled_from([0, 1, -1, 30, 30.0, 30.5, 0.1, 1e-7, 1e21, 2**53 + 1, float(2**53), 2**63, 2**64 - 1, -(2**63), 5e-324])
scalars = st.one_of(texts, numbers, st.booleans(), st.none())
dates = st.one_of(
    st.sampled_from(["2026-03-29", "2026-03-28", "1990-03-31", "2000-02-29", "2026-11-01", "9999-12-31", "0001-01-01", "2026-02-30", "2026-03-29T01:00", "2026-03-29T01:00:00"]),
    instants.map(format_instant),
    instants.map(lambda at: format_instant(at).replace("Z", "+05:30")),
)
values = st.one_of(scalars, scalars, dates, st.lists(st.one_of(scalars, dates), max_size=3), st.lists(st.lists(scalars, max_size=2), max_size=2))
inner = st.dictionaries(st.sampled_from(["c", "0", 'k"y', "lat", "lon"]), values, max_size=3)
documents = st.fixed_dictionaries({}, optional={"a": values, "b": st.one_of(values, inner, st.lists(st.one_of(inner, scalars, st.lists(inner, max_size=1)), max_size=3)), "n": numbers})


class World(NamedTuple):
    """What is in the warehouse, and which moments to ask about."""

    events: list[EventRow]
    profiles: list[ProfileRow]
    consents: list[ConsentRow]
    suppressions: list[SuppressionRow]
    moments: list[tuple[int, int, int]]

    def load(self, warehouse: Warehouse) -> None:
        warehouse.begin(1)
        warehouse.add_profile_history(self.profiles)
        warehouse.add_events(self.events)
        warehouse.add_consent_history(self.consents)
        warehouse.add_suppressions(self.suppressions)
        warehouse.commit()

    def asked(self) -> Moments:
        return Moments(*map(list, zip(*self.moments, strict=True)))


@st.composite
def worlds(draw: Any) -> World:
    """Some people, each with states, events, consents."""
    seqs = iter(range(1, 10_000))
    n = draw(st.integers(1, 4))
    profiles, events, consents, suppressions = [], [], [], []
    for _ in range(draw(st.integers(n, 24))):
        who = draw(st.integers(1, n))
        seq, at = next(seqs), draw(instants)
        kind = draw(st.sampled_from(["event", "event", "event", "state", "consent", "suppression"]))
        received_at = START + 10 * DAY + seq
        if kind == "event":
            events.append(EventRow(who, seq, at, received_at, draw(st.sampled_from(EVENTS)), draw(documents), seq, 1))
        elif kind == "state":
            zone = draw(st.sampled_from(ZONES))
            email = draw(st.sampled_from([None, "", "x@example.com", "y@example.com"]))
            phone = draw(st.sampled_from([None, "+33612345678"]))
            profiles.append(
                ProfileRow(
                    who, seq, received_at, draw(documents), f"u{who}", zone if find_zone(zone) else None, email, draw(st.booleans()),
                    phone, phone is not None, draw(st.sampled_from([None, "token"])), START, 1,
                )
            )  # fmt: skip
        elif kind == "consent":
            state = draw(st.sampled_from(["subscribed", "unsubscribed"]))
            group = draw(st.sampled_from(GROUPS))
            consents.append(ConsentRow(who, seq, at, received_at, draw(st.sampled_from(CHANNELS)), group, state, 1))
        else:
            suppressions.append(SuppressionRow("email", draw(st.sampled_from(["x@example.com", "y@example.com"])), seq, draw(st.booleans()), 1))
    last = next(seqs)
    asked = st.tuples(st.integers(1, n + 1), instants, st.integers(0, last))
    return World(events, profiles, consents, suppressions, draw(st.lists(asked, min_size=1, max_size=8)))


paths = st.sampled_from(["a", "b", "b.c", "b.0", 'b.k"y', "n", "b.c.c"])
lengths = st.sampled_from(["0s", "1d", "36h", "7d", "6h"])
plain_values = st.one_of(texts, numbers, st.booleans())


@st.composite
def clauses(draw: Any, *, with_dates: bool = True) -> dict[str, Any]:
    """One clause; any operator."""
    path = draw(paths)
    kind = draw(st.sampled_from(["equal", "list", "order", "between", "text", "bare", "pattern", "date" if with_dates else "order"]))
    fold = draw(st.sampled_from([{}, {}, {"ignore_case": True}]))
    if kind == "equal":
        return {"path": path, "op": draw(st.sampled_from(["eq", "ne", "contains", "not_contains"])), "value": draw(plain_values), **fold}
    if kind == "list":
        return {"path": path, "op": draw(st.sampled_from(["in", "not_in"])), "value": draw(st.lists(plain_values, max_size=3)), **fold}
    if kind == "order":
        value = draw(st.one_of(texts, numbers))
        return {"path": path, "op": draw(st.sampled_from(["gt", "gte", "lt", "lte"])), "value": value, **fold}
    if kind == "between":
        return {"path": path, "op": "between", "value": [draw(numbers), draw(numbers)]}
    if kind == "text":
        return {"path": path, "op": draw(st.sampled_from(["starts_with", "ends_with"])), "value": draw(texts), **fold}
    if kind == "bare":
        return {"path": path, "op": draw(st.sampled_from(["is_set", "is_not_set", "is_true", "is_false"]))}
    if kind == "pattern":
        pattern = draw(st.sampled_from(["^a", "a.b", "x.y", r"[^A-Z]$", r"\d{2}", "ss|é", r"^\S+$", "(?:S){2}"]))
        return {"path": path, "op": "matches", "value": pattern, **fold}
    op = draw(st.sampled_from(["before", "after", "within_last", "within_next", "more_than_ago", "anniversary_within"]))
    if op in ("before", "after"):
        return {"path": path, "op": op, "value": draw(st.one_of(instants.map(format_instant), st.sampled_from(["2026-03-29", "2026-11-01"])))}
    return {"path": path, "op": op, "value": draw(lengths)}


@st.composite
def windows(draw: Any, *, with_dates: bool = True) -> dict[str, Any]:
    """A time limit, or none."""
    edge = st.one_of(instants.map(format_instant), st.sampled_from(["2026-03-29", "2026-03-30"])) if with_dates else instants.map(format_instant)
    return draw(
        st.one_of(
            st.just({}),
            st.builds(lambda w: {"within": w}, lengths),
            st.builds(lambda a, b: {"between": [a, b]}, edge, edge),
            st.builds(lambda a: {"since": a}, edge),
            st.builds(lambda a, w: {"before": a, "within": w}, edge, lengths),
        )
    )


@st.composite
def limits(draw: Any, value: Any = numbers) -> dict[str, Any]:
    """One or two limits."""
    return draw(st.dictionaries(st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"]), value, min_size=1, max_size=2))


@st.composite
def leaves(draw: Any, *, with_dates: bool = True) -> dict[str, Any]:
    """One condition without others inside."""
    kind = draw(st.sampled_from(["trait", "trait", "did", "did", "figure", "sequence", "can_receive", "subscribed", "bucket", "near", "in_segment"]))
    where = st.lists(clauses(with_dates=with_dates), max_size=2)
    event = st.sampled_from(EVENTS)
    window = draw(windows(with_dates=with_dates))
    if kind == "trait":
        return {"type": "trait", **draw(clauses(with_dates=with_dates))}
    if kind == "did":
        times = draw(st.one_of(st.just({}), st.builds(lambda t: {"times": t}, limits(st.integers(0, 3)))))
        return {"type": "did", "event": draw(event), "where": draw(where), **times, **window}
    if kind == "figure":
        function = draw(st.sampled_from(["sum", "avg", "min", "max", "count_distinct", "first", "last"]))
        wanted = {"count_distinct": st.integers(0, 4), "first": st.one_of(numbers, texts), "last": st.one_of(numbers, texts)}.get(function, numbers)
        figure = {"fn": function, "path": draw(paths), **draw(limits(wanted))}
        return {"type": "did", "event": draw(event), "where": draw(where), "aggregate": figure, **window}
    if kind == "sequence":
        steps = st.builds(lambda e, w, l: {"event": e, "where": w, **({"within": l} if l else {})}, event, where, st.one_of(st.none(), lengths))
        return {"type": "sequence", "steps": draw(st.lists(steps, min_size=1, max_size=3)), **window}
    if kind == "can_receive":
        return {"type": "can_receive", "channel": draw(st.sampled_from([*CHANNELS, "in_app"])), **draw(st.sampled_from([{}, {"because": "subscribed"}]))}
    if kind == "subscribed":
        return {"type": "subscribed", **draw(st.sampled_from([{}, {"group": "news"}, {"channel": "email"}, {"channel": "sms", "group": "news"}]))}
    if kind == "bucket":
        return {"type": "bucket", "salt": draw(st.sampled_from(["s", "é"])), "from": 0, "to": draw(st.sampled_from([0, 5000, 10000]))}
    if kind == "near":
        return {"type": "near", "path": "b", "lat": 30, "lon": 30, "km": 100}
    return {"type": "in_segment", "segment": "first"}


def conditions(*, with_dates: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Any condition."""
    return st.recursive(
        leaves(with_dates=with_dates),
        lambda inside: st.one_of(
            st.builds(lambda t, of: {"type": t, "of": of}, st.sampled_from(["all", "any"]), st.lists(inside, max_size=3)),
            st.builds(lambda of: {"type": "not", "of": of}, inside),
        ),
        max_leaves=4,
    )
