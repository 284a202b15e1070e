"""Whatever is made in Python passes the check, comes back from its definition, and reaches all that a definition can say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relance import conditions
from relance.conditions import (
    Condition,
    all_of,
    any_of,
    bucket,
    can_receive,
    did,
    did_not,
    from_dict,
    in_list,
    in_segment,
    journey,
    message,
    near,
    predicted,
    prop,
    sequence,
    subscribed,
    then,
    trait,
)
from relance.conditions.answers import STATUSES
from relance.conditions.clauses import BARE_OPS, INSTANT_OPS, LENGTH_OPS, OPERATORS, ORDER_OPS, TEXT_OPS
from relance.conditions.dsl.read import ask
from relance.conditions.model import AGGREGATES, CATEGORIES, CHANNELS, JOURNEY_STATES
from relance.conditions.read import parse_condition
from relance.conditions.read_fields import LIMIT_OPS
from relance.conditions.write_yaml import as_yaml
from relance.definitions.check import check_definitions
from relance.definitions.load import load_text
from relance.errors import InvalidCondition
from tests.contract.warehouse.worlds import Maker

NAMES = {name: getattr(conditions, name) for name in conditions.__all__}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
anything = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 5), st.sampled_from([1 << 62, 1 << 63, -(1 << 63), 1e21, float("inf"), float("nan")]),
    st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=4), texts,
    st.sampled_from(["2026-03-01", "2026-03-01T09:00:00Z", "2026-W01-1", "1d", "72h", "0s", "1e3", "0x1f", "yes", "~", "a: b", "- a"]),
    st.dates(), st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(-2), timedelta(days=40_000)),
    st.lists(st.one_of(texts, st.integers(-3, 3), st.booleans()), max_size=3),
)  # fmt: skip
paths = st.one_of(st.sampled_from(["a", "a.b", "profile.a", "event.properties.total", "a b", "é"]), st.text(max_size=6))
events = st.one_of(st.sampled_from(["A", "Email Opened", "SMS Link Clicked"]), texts)
ids = st.one_of(st.sampled_from(["vip", "a-1", "7", "true"]), texts)
lengths = st.one_of(st.none(), st.sampled_from(["1d", "72h", "0s", "1.5h"]), anything)
instants = st.one_of(
    st.none(), st.sampled_from(["2026-03-01", date(2026, 1, 1), datetime(2026, 1, 1, 2, tzinfo=UTC)]), anything
)


@st.composite
def clauses(draw: st.DrawFn) -> dict[str, Any]:
    op = draw(st.sampled_from(OPERATORS))
    if op in BARE_OPS:
        return {"op": op}
    fitting: st.SearchStrategy[Any] = st.one_of(texts, st.integers(-3, 3), st.booleans(), st.floats())
    if op in ("in", "not_in"):
        fitting = st.lists(fitting, max_size=4)
    elif op == "between":
        fitting = st.tuples(st.integers(), st.integers()) | st.tuples(texts, texts)
    elif op in ORDER_OPS:
        fitting = st.floats() | texts | st.integers()
    elif op in TEXT_OPS:
        fitting = texts
    elif op in INSTANT_OPS:
        fitting = instants
    elif op in LENGTH_OPS:
        fitting = lengths
    value = draw(fitting | anything)
    if op == "between" and not (isinstance(value, (list, tuple)) and len(value) == 2):
        value = (value, value)
    return {"op": op, "value": value}


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    made = {
        name: draw(lengths if name == "within" else instants)
        for name in draw(st.sets(st.sampled_from(["within", "since", "before"])))
    }
    if draw(st.integers(0, 4)) == 0:
        made["between"] = (draw(instants), draw(instants))
    return made


@st.composite
def filters(draw: st.DrawFn) -> Any:
    return [
        ask(prop(draw(paths), ignore_case=draw(st.booleans())), draw(clauses()))
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]


@st.composite
def leaves(draw: st.DrawFn) -> Any:
    """A leaf with any arguments; those that are refused are tried again with others."""
    kind = draw(
        st.sampled_from(
            ["trait", "did", "did_not", "figure", "sequence", "reach", "named", "predicted", "message", "near", "bucket"]
        )
    )
    if kind == "trait":
        return ask(trait(draw(paths), ignore_case=draw(st.booleans())), draw(clauses()))
    if kind in ("did", "figure"):
        often = {
            name: draw(anything) for name in draw(st.sets(st.sampled_from(["at_least", "at_most", "exactly"]), max_size=2))
        }
        made = did(draw(events), where=draw(filters()), **often, **draw(windows()))
        if draw(st.booleans()):
            made = made.times.meets(**draw(st.dictionaries(st.sampled_from(LIMIT_OPS), st.integers(-1, 9), min_size=1)))
        if kind == "did":
            return made
        limits = draw(st.dictionaries(st.sampled_from(LIMIT_OPS), anything, min_size=1))
        return getattr(made, draw(st.sampled_from(AGGREGATES)))(draw(paths)).meets(**limits)
    if kind == "did_not":
        return did_not(draw(events), where=draw(filters()), **draw(windows()))
    if kind == "sequence":
        steps = [then(draw(events), where=draw(filters()), within=draw(lengths)) for _ in range(draw(st.integers(0, 3)))]
        return sequence(*steps, **draw(windows()))
    if kind == "reach":
        channel = draw(st.sampled_from([*CHANNELS, "fax", None]))
        return draw(st.sampled_from([can_receive, lambda c: can_receive(c, because="subscribed"), lambda c: subscribed(draw(st.none() | texts), channel=c)]))(channel)  # fmt: skip
    if kind == "named":
        state: Any = draw(st.sampled_from([None, *JOURNEY_STATES, "x"]))
        step = draw(st.none() | ids)
        return draw(st.sampled_from([in_segment, in_list, lambda i: journey(i, state=state, step=step)]))(draw(ids))
    if kind == "predicted":
        asked = predicted(draw(ids), within=draw(st.none() | lengths))
        how = draw(st.sampled_from(["score", "percentile", "value", "category", "top"]))
        if how == "category":
            return asked.category.in_(draw(st.lists(st.sampled_from([*CATEGORIES, "x"]))))
        if how == "top":
            return asked.top(draw(st.integers(-1, 10_000) | anything))
        return getattr(asked, how).meets(
            **draw(st.dictionaries(st.sampled_from(LIMIT_OPS), st.floats(-1, 101) | anything, min_size=1))
        )
    if kind == "message":
        source = draw(st.sampled_from(["journey:", "campaign:", ""])) + draw(ids)
        status = draw(st.none() | st.lists(st.sampled_from([*STATUSES, "x"])))
        return message(source, step=draw(st.none() | ids), status=status, **draw(windows()))
    if kind == "near":
        return near(draw(paths), lat=draw(st.floats(-91, 91)), lon=draw(anything | st.floats(-181, 181)), km=draw(anything))
    return bucket(draw(texts), draw(st.integers(-1, 10_001)), draw(st.integers(-1, 10_001) | anything))


@st.composite
def made_conditions(draw: st.DrawFn) -> Condition:
    def leaf() -> Condition:
        for _ in range(5):
            try:
                return draw(leaves())
            except InvalidCondition:
                continue
        return all_of()

    made = leaf()
    for _ in range(draw(st.integers(0, 5))):
        how = draw(st.sampled_from(["&", "|", "~", "all", "any"]))
        if how == "~":
            made = ~made
        else:
            join: Any = {"&": Condition.__and__, "|": Condition.__or__, "all": all_of, "any": any_of}[how]
            made = join(made, leaf())
    return made


def errors(source: Any, *, text: str | None = None) -> list[str]:
    """What the check of a segment finds, but for names of things that are not there."""
    loaded = load_text(
        text if text is not None else json.dumps({"kind": "segment", "id": "x", "where": source}), is_json=text is None
    )
    problems = [*loaded.problems, *check_definitions(loaded.documents)]
    return [
        str(p)
        for p in problems
        if (p.severity == "error" and not p.code.startswith("unknown_")) or p.code in ("unknown_field", "unknown_type")
    ]


@settings(max_examples=100)
@given(made=made_conditions())
def test_what_is_made_passes_the_check_and_comes_back(made: Condition) -> None:
    source = made.to_dict()

    assert [] == errors(source)
    assert parse_condition(source) == made.tree
    assert made == from_dict(source) == from_dict(json.loads(json.dumps(source)))
    assert made == eval(repr(made), dict(NAMES))


@settings(max_examples=100)
@given(made=made_conditions())
def test_its_yaml_says_the_same(made: Condition) -> None:
    definition = {"kind": "segment", "id": "x", "where": made}
    text = as_yaml(definition, definition)
    loaded = load_text(text)

    assert [] == loaded.problems
    assert [json.dumps(made.to_dict())] * 2 == [json.dumps(document.body["where"]) for document in loaded.documents]


@settings(max_examples=100)
@given(seed=st.integers(0, 1 << 60))
def test_every_condition_of_the_made_worlds_can_be_written_in_python(seed: int) -> None:
    """The check of definitions and the Python form take and refuse the same."""
    maker = Maker(Random(seed))
    source = maker.condition()
    found = errors(source)
    try:
        made = from_dict(source)
    except InvalidCondition:
        made = None

    assert (made is None) == bool(found), source
    if made is None:
        return
    assert parse_condition(source) == made.tree
    assert made == from_dict(made.to_dict()) == eval(repr(made), dict(NAMES))


@given(value=st.recursive(st.one_of(texts, st.booleans(), st.none(), st.integers(-(1 << 63) + 1, (1 << 63) - 1), st.floats(allow_nan=False, allow_infinity=False)), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8))  # fmt: skip
def test_any_value_survives_yaml(value: Any) -> None:
    """Under `properties`, where whatever stands is data."""
    loaded = load_text(as_yaml({"kind": "x", "properties": value}))

    assert [] == loaded.problems
    assert value == loaded.documents[0].body["properties"]
