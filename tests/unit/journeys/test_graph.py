"""The steps of a journey as a graph, on made-up ones and on broken ones."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relance.clock import DAY
from relance.journeys.check import check_journey
from relance.journeys.graph import StepGraph

NAMES = ["a", "b", "c", "d", "e", "end"]
GRAPHS = st.fixed_dictionaries(
    {
        "start": st.sampled_from(NAMES),
        "steps": st.dictionaries(
            st.sampled_from(NAMES[:-1]),
            st.one_of(
                st.fixed_dictionaries(
                    {"type": st.just("wait"), "for": st.sampled_from(["1d", "2d"]), "next": st.sampled_from(NAMES)}
                ),
                st.fixed_dictionaries(
                    {
                        "type": st.just("listen"),
                        "for": st.lists(
                            st.fixed_dictionaries({"event": st.just("Go"), "next": st.sampled_from(NAMES)}), max_size=2
                        ),
                        "timeout": st.just("1d"),
                        "on_timeout": st.sampled_from(NAMES),
                    }
                ),
            ),
        ),
    }
)


def walk(graph: StepGraph, step: str, at: int, way: tuple[str, ...], found: dict[str, int]) -> bool:
    """Every way there is, by plain recursion: the earliest arrivals, and whether one leads in a circle."""
    found[step] = min(at, found.get(step, at))
    circle = False
    for edge in graph.edges[step]:
        if edge.target in graph.steps:
            circle |= edge.target in (*way, step) or walk(graph, edge.target, at + edge.at_least, (*way, step), found)
    return circle


@given(GRAPHS)
@settings(max_examples=150, deadline=None)
def test_arrivals_and_circles_are_those_of_a_plain_walk(body: dict[str, Any]) -> None:
    graph = StepGraph(body)
    found: dict[str, int] = {}
    if graph.start in graph.steps:
        walk(graph, str(graph.start), 0, (), found)
    circle = any(walk(graph, step, 0, (), {}) for step in graph.steps)

    assert found == graph.least_time_to()
    assert set(found) == graph.reachable(graph.start)
    assert circle == bool(graph.cycles())
    for way in graph.cycles():
        assert way[0] == way[-1]
        assert all(b in graph.following(a) for a, b in pairwise(way))


def test_a_wait_takes_its_time_and_a_listener_may_not() -> None:
    graph = StepGraph(
        {
            "start": "a",
            "steps": {
                "a": {"type": "wait", "for": "2d", "next": "b"},
                "b": {"type": "listen", "for": [{"event": "Go", "next": "d"}], "timeout": "1d", "on_timeout": "c"},
                "c": {"type": "end"},
                "d": {"type": "end"},
            },
        }
    )

    assert graph.least_time_to() == {"a": 0, "b": 2 * DAY, "c": 3 * DAY, "d": 2 * DAY}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(["wait", "listen", "a", "end", "1d"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["start", "steps", "a", "type", "for", "next", "message", "since", "paths"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
@settings(max_examples=200, deadline=None)
def test_no_body_breaks_the_check(value: Any) -> None:
    body = value if isinstance(value, dict) else {"start": "a", "steps": value}

    assert isinstance(check_journey(body, now=0), list)
