"""Estimates from samples: their bounds hold the truth about 95 times in 100, and never say what can not be."""

from __future__ import annotations

from array import array
from random import Random

import pytest

from relance.segments.choice import choose
from relance.segments.estimate import EXACT_UP_TO, LEAST_SAMPLED, Count, estimate, exactly, halvings_for


@pytest.mark.parametrize("share", [0.002, 0.03, 0.3, 0.7, 0.99])
def test_the_bounds_hold_the_truth(share: float) -> None:
    random, people, asked, rounds = Random(1), 20_000, 2_500, 400
    members = round(share * people)
    held = 0
    for _ in range(rounds):
        hits = sum(person < members for person in random.sample(range(people), asked))
        found = estimate(hits, asked, people)
        assert found.low <= found.n <= found.high
        held += found.low <= members <= found.high

    assert 0.92 * rounds <= held  # 0.95; three standard deviations are 0.03


@pytest.mark.parametrize("hits", [0, 1, 100])
def test_the_bounds_never_say_what_can_not_be(hits: int) -> None:
    found = estimate(hits, 100, 1000)

    assert hits <= found.low <= found.high <= 1000 - (100 - hits)
    assert found.low < found.high


def test_who_was_asked_whole_is_known_exactly() -> None:
    assert exactly(7) == estimate(7, 100, 100) == Count(7, 7, 7)
    assert exactly(0) == estimate(0, 0, 0)


def test_few_people_are_all_counted_and_samples_are_large_enough() -> None:
    assert 0 == halvings_for(0) == halvings_for(EXACT_UP_TO)
    for people in (EXACT_UP_TO + 1, 1_000_000, 1_048_576, 10_000_000, 123_456_789):
        assert LEAST_SAMPLED <= people / 2 ** halvings_for(people) < 2 * LEAST_SAMPLED + 1


def test_a_choice_does_not_depend_on_who_else_is_there() -> None:
    everybody = array("q", range(1000))
    some = array("q", [person for person in everybody if person % 3])
    chosen = choose(everybody, 50)

    assert 50 == len(set(chosen))
    assert [person for person in chosen if person % 3] == [p for p in choose(some, 50) if p in set(chosen)]
    assert chosen[:10] == choose(everybody, 10)
    assert sorted(choose(array("q", [5, 7]), 50)) == [5, 7]
    assert [] == choose(array("q"), 5)
    assert 300 < sum(chosen) / 50 < 700  # not the first ones
