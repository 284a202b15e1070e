"""Shares and their differences, beside the figures that the literature prints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.experiments.proportions import Estimate, Group, compare


def rounded(found: Estimate | None) -> tuple[float, float]:
    assert found is not None
    return round(found.low, 4), round(found.high, 4)


@pytest.mark.parametrize(
    ("hits", "n", "expected"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_the_interval_of_a_share_is_that_of_newcombes_first_table(hits: int, n: int, expected: tuple[float, float]) -> None:
    assert expected == rounded(Group(n, hits).share())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombes_second_table(
    one: tuple[int, int], other: tuple[int, int], expected: tuple[float, float]
) -> None:
    found = compare(Group(one[1], one[0]), Group(other[1], other[0]))

    assert found is not None
    assert expected == rounded(found.difference)


def test_the_interval_of_a_lift_is_that_of_the_ratio_less_one() -> None:
    """A hundred of a thousand beside fifty: twice as many; ln 2 ± 1.96 √(1/100 - 1/1000 + 1/50 - 1/1000)."""
    found = compare(Group(1000, 100), Group(1000, 50))

    assert found is not None
    assert found.lift is not None
    assert 1.0 == pytest.approx(found.lift.value)
    assert (0.4408, 1.7763) == rounded(found.lift)


def test_there_is_no_comparison_with_nobody_and_no_lift_over_nothing() -> None:
    none = compare(Group(10, 2), Group(10, 0))

    assert compare(Group(10, 2), Group(0, 0)) is None
    assert none is not None
    assert none.lift is None
    assert Group(0, 0).share() is None


def test_no_group_has_more_hits_than_people() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        Group(2, 3)


groups = st.integers(1, 10_000).flatmap(lambda n: st.builds(Group, st.just(n), st.integers(0, n)))


@given(groups, groups)
def test_a_difference_is_told_only_where_its_interval_leaves_zero_out(one: Group, other: Group) -> None:
    found, back = compare(one, other), compare(other, one)
    assert found is not None
    assert back is not None
    difference = found.difference

    assert -1 <= difference.low <= difference.value <= difference.high <= 1
    assert (difference.low > 0, difference.high < 0) == (found.verdict == "more", found.verdict == "fewer")
    assert back.difference.low == pytest.approx(-difference.high)
    opposite = {"more": "fewer", "fewer": "more", "no_detectable_difference": "no_detectable_difference"}
    assert opposite[found.verdict] == back.verdict
