"""`relance segment` over the stores of a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from relance.cli import apply
from relance.cli.place import Place
from relance.cli.segment import count, explain, members
from relance.clock import DAY, SystemClock
from relance.warehouse import EventRow, ProfileRow, open_warehouse

if TYPE_CHECKING:
    from pathlib import Path

DEFINITIONS = """
kind: segment
id: buyers
where: {type: did, event: Order Completed, within: 30d}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    definitions = tmp_path / "definitions.yaml"
    definitions.write_text(DEFINITIONS, encoding="utf-8")
    assert apply.apply(definitions, data=folder, json=True) == 0
    now = SystemClock().now()
    warehouse = open_warehouse(f"duckdb:///{folder}/warehouse.duckdb")
    warehouse.begin(1)
    warehouse.add_profile_history(
        [
            ProfileRow(n, n, now - 9 * DAY, {}, name, None, None, False, None, False, None, 0, 1)
            for n, name in ((1, "bob"), (2, "ana"))
        ]
    )
    warehouse.add_events([EventRow(n, 2 + n, now - n * DAY, now - n * DAY, "Order Completed", {}, 2 + n, 1) for n in (1, 2)])
    warehouse.commit()
    warehouse.close()
    return folder


def test_count_and_members(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert (0, "2\n") == (count("buyers", place=Place(data=data)), capsys.readouterr().out)
    assert (0, "ana\nbob\n") == (members("buyers", place=Place(data=data)), capsys.readouterr().out)
    assert 0 == members("buyers", place=Place(data=data), at="2020-01-01T00:00:00Z", json=True)
    assert [] == json.loads(capsys.readouterr().out)["members"]


def test_explain_says_yes_or_no(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert 0 == explain("buyers", user="ana", place=Place(data=data))
    said = capsys.readouterr().out
    assert "ana is in buyers" in said
    assert "yes Order Completed: once in the last 30 days, on " in said
    assert "; needs at least 1\n" in said
    assert "by itself this changes at" in said
    assert 1 == explain("buyers", user="ana", place=Place(data=data), at="2020-01-01T00:00:00Z", json=True)
    assert json.loads(capsys.readouterr().out)["member"] is False


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"segment_id": "nothing"}, "no segment 'nothing'"),
        ({"segment_id": "buyers", "at": "yesterday"}, "no instant"),
        ({"segment_id": "buyers", "warehouse": "nonsense"}, "no warehouse URL"),
    ],
)
def test_bad_input(data: Path, capsys: pytest.CaptureFixture[str], arguments: dict[str, Any], expected: str) -> None:
    place = Place(data=data, warehouse=arguments.pop("warehouse", None))
    assert 2 == count(arguments.pop("segment_id"), place=place, **arguments)
    assert expected in capsys.readouterr().err


def test_a_folder_without_stores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == count("buyers", place=Place(data=tmp_path))
    assert "there is no store in" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())
