"""How many will act, foretold from how many did."""

from __future__ import annotations

import math

from relance.predictions.levels import foretell_level

AHEAD, YEAR = 3, 36  # thirds of a month


def test_a_season_is_taken_from_a_year_ago() -> None:
    levels = {i: math.cos(2 * math.pi * i / YEAR) for i in range(AHEAD, 75)}  # now, at 0, it is at its height

    told = foretell_level(levels, 0, AHEAD, YEAR)

    assert "season" == told.way
    assert told.value > 0.85


def test_a_level_that_wanders_slowly_is_taken_from_lately() -> None:
    levels = {i: math.cos(2 * math.pi * i / 60) for i in range(AHEAD, 30)}

    told = foretell_level(levels, 0, AHEAD, YEAR)

    assert "recent" == told.way
    assert told.value > 0.5


def test_a_level_that_only_jumps_is_told_by_its_mean() -> None:
    levels = {i: (-1.0) ** (i // 3) for i in range(AHEAD, 27)}

    assert "mean" == foretell_level(levels, 0, AHEAD, YEAR).way


def test_little_history_gives_the_mean() -> None:
    told = foretell_level({3: 0.5, 4: -0.5}, 0, AHEAD, YEAR)

    assert ("mean", 0.0, ()) == (told.way, told.value, told.errors)


def test_what_is_not_known_yet_is_not_looked_at() -> None:
    levels = {i: 0.1 * (i % 5) for i in range(40)}
    later = {**levels, 0: 99.0, 1: 99.0, 2: 99.0}

    assert foretell_level(levels, 0, AHEAD, YEAR).value == foretell_level(later, 0, AHEAD, YEAR).value
