"""Each scenario folder, through the command as a user would run it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.acceptance.scenarios.check_scenarios import HERE, check_scenario, scenario_folders


@pytest.mark.parametrize("folder", scenario_folders(HERE), ids=lambda folder: folder.name)
def test_a_scenario_comes_out_as_expected_and_twice_the_same(folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("relance"))]

    assert [] == check_scenario(command, folder)
