"""`relance predictions evaluate` and `relance uplift evaluate`: files in, files out, exit codes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from relance.cli.predictions import evaluate as evaluate_prediction
from relance.cli.uplift import evaluate as evaluate_uplift
from relance.clock import format_instant
from tests.unit.predictions.made_shop import ORDER, day, made_shop
from tests.unit.predictions.test_uplift import made_experiment

AS_OF = str(format_instant(day(100)))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    events = [e for e in made_shop(people=80, days=110) if e["type"] == "track"]
    (folder / "events.jsonl").write_text("".join(json.dumps(e) + "\n" for e in events), encoding="utf-8")
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["userId", "event", "timestamp", "properties.total"])
        out.writerows([e["userId"], e["event"], e["timestamp"], e["properties"].get("total")] for e in events)
    with (folder / "experiment.csv").open("w", encoding="utf-8", newline="") as file:
        table = made_experiment(400, moved=0.0)
        csv.writer(file).writerows([list(table), *zip(*table.values(), strict=True)])
    return folder


@pytest.mark.parametrize("name", ["events.jsonl", "events.csv"])
def test_scores_of_a_file(files: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = evaluate_prediction(events=files / name, target=ORDER, window="10d", as_of=AS_OF, out=tmp_path / "out")

    assert 0 == code
    assert "people scored by" in capsys.readouterr().out
    rows = list(csv.DictReader((tmp_path / "out" / "scores.csv").read_text(encoding="utf-8").splitlines()))
    assert ["user_id", "probability", "score", "category"] == list(rows[0])
    assert [r["user_id"] for r in rows] == sorted(r["user_id"] for r in rows)
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert len(rows) == report["people"]
    assert {"auc", "average_precision", "brier", "ece", "lift_by_decile", "quality", "base_rate", "holdout", "future"} <= set(
        report
    )


def test_all_that_is_wrong_is_said_at_once(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = evaluate_prediction(
        events=files / "none.jsonl", target=ORDER, window="soon", as_of="yesterday", out=tmp_path, where=["total > 5"]
    )

    assert 2 == code
    assert 4 == len(capsys.readouterr().err.splitlines())


def test_an_unknown_event_and_a_faulty_clause_are_bad_input(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(target: str, where: list[str]) -> tuple[int, str]:
        code = evaluate_prediction(
            events=files / "events.jsonl", target=target, window="10d", as_of=AS_OF, out=tmp_path, where=where
        )
        return code, capsys.readouterr().err

    assert (2, "no event is called 'Order Compleded'; did you mean 'Order Completed'?\n") == run("Order Compleded", [])
    code, said = run(ORDER, ["{path: total, op: above, value: 5}"])
    assert 2 == code
    assert "`op` is one of eq" in said
    assert not list(tmp_path.iterdir())


def test_one_class_is_answered_with_no(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["{path: total, op: gt, value: 1000000}"]

    assert 1 == evaluate_prediction(
        events=files / "events.jsonl", target=ORDER, window="10d", as_of=AS_OF, out=tmp_path, where=where, json=True
    )
    assert "one class only" in json.loads(capsys.readouterr().out)["problems"][0]["message"]


def test_an_experiment_without_effect(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = files / "experiment.csv"

    assert 0 == evaluate_uplift(table=table, treatment="treated", outcome="acted", out=tmp_path, ignore=["paid"])
    assert "no detectable difference between customers" in capsys.readouterr().out
    assert ["report.json"] == [p.name for p in tmp_path.iterdir()]
    assert 2 == evaluate_uplift(table=table, treatment="arm", outcome="acted")
    assert "there is no column 'arm'" in capsys.readouterr().err


def test_the_command_line_starts_without_the_learners() -> None:
    code = "import sys, relance.cli, relance.cli.predictions, relance.cli.uplift; sys.exit(any(m in sys.modules for m in ('lightgbm', 'sklearn', 'scipy', 'numpy')))"

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
