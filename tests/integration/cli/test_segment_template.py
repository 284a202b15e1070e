"""`relance segment template` writes what `relance check` and `apply` take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relance.cli import check
from relance.cli.segment_template import template, templates
from relance.segments.templates import TEMPLATES


def test_all_are_listed_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == templates()
    said = capsys.readouterr().out.splitlines()

    assert "Espresso shots" == said[0]
    assert said[1].startswith("  espresso-email")
    assert 0 == templates(json=True)
    assert list(TEMPLATES) == [one["id"] for one in json.loads(capsys.readouterr().out)["templates"]]


def test_one_is_shown_with_what_can_be_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == templates("category-lovers", language="fr")
    said = capsys.readouterr().out

    assert "Amateurs d'une catégorie (category-lovers)" in said
    assert "[text: needed, such as Shoes]" in said
    assert "[choice of any, email, sms, push: any]" in said
    assert 0 == templates("in-places")
    assert "[texts: needed, such as Atlanta,Seattle]" in capsys.readouterr().out
    assert 0 == templates("discount-hunters")
    assert "[truth: false]" in capsys.readouterr().out
    assert 2 == templates("catgory-lovers")
    assert "did you mean 'category-lovers'" in capsys.readouterr().err


def test_what_is_written_can_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "made.yaml"
    settings = ["within=48h", "also=sms", "collection=Shoes, red", "incentive=used"]

    assert 0 == template("espresso-email", settings=settings, segment_id="espresso-48h", name="Two days")
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert 0 == check.check(file)
    assert "1 definition, 0 errors, 0 warnings" in capsys.readouterr().out
    assert "id: espresso-48h\nname: Two days\n" in file.read_text(encoding="utf-8")
    assert 0 == template("in-places", settings=["places=Lyon,Paris"], json=True)
    made = json.loads(capsys.readouterr().out)
    assert {"type": "trait", "path": "address.city", "op": "in", "value": ["Lyon", "Paris"], "ignore_case": True} == made[
        "where"
    ]


def test_what_can_not_be_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == template("vip", settings=["spent=much", "colour=red"])
    said = capsys.readouterr().err
    assert "`spent` is a number, not 'much'" in said
    assert "vip has no parameter 'colour': there are spent, at_least" in said
    assert 2 == template("vip", settings=["spent=-1"], json=True)
    assert ["out_of_range"] == [p["code"] for p in json.loads(capsys.readouterr().out)["problems"]]
    assert 2 == template("vip", settings=["spent"])
    assert "write it as NAME=VALUE" in capsys.readouterr().err
    assert 2 == template("nothing")
    assert "there is no segment template 'nothing'" in capsys.readouterr().err


def test_one_is_published_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == template("espresso-email", settings=["within=48h"], segment_id="espresso-48h", apply=True, data=tmp_path)
    assert "espresso-48h" in capsys.readouterr().out
    assert 0 == template(
        "espresso-email", settings=["within=48h"], segment_id="espresso-48h", apply=True, data=tmp_path, json=True
    )
    assert ["unchanged"] == [change["action"] for change in json.loads(capsys.readouterr().out)["changes"]]
