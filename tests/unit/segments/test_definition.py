"""Segments written in Python become files that `relance apply` takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from relance.conditions import did, everyone, in_segment
from relance.definitions.check import check_definitions
from relance.definitions.load import load_definitions
from relance.segments import Segment, write_definitions

BUYERS = Segment("buyers", name="Buyers", description="Who bought:\n- once\n- or more", where=did("Order Completed"))


def test_a_segment_is_a_definition() -> None:
    assert {"kind": "segment", "id": "all", "where": {"type": "all", "of": []}} == Segment("all", where=everyone).to_dict()
    assert ["kind", "id", "name", "description", "where"] == list(BUYERS.to_dict())


@pytest.mark.parametrize("name", ["made.yaml", "made.json"])
def test_a_file_holds_segments_and_other_definitions(tmp_path: Path, name: str) -> None:
    campaign = {
        "kind": "campaign",
        "id": "thanks",
        "audience": in_segment(BUYERS),
        "message": {"channel": "email", "template": "thanks"},
    }
    template = {"kind": "template", "id": "thanks", "channel": "email", "subject": "Thank you", "body": "<p>Thank you</p>\n"}
    write_definitions(tmp_path / name, BUYERS, template, campaign)
    loaded = load_definitions(tmp_path / name)

    assert [] == [*loaded.problems, *check_definitions(loaded.documents)]
    assert [BUYERS.to_dict(), template, {**campaign, "audience": {"type": "in_segment", "segment": "buyers"}}] == [
        document.body for document in loaded.documents
    ]
