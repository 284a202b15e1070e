"""Ids in pasted texts and CSV files."""

from __future__ import annotations

import pytest

from relance.lists.read_ids import read_ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ana", ["ana"]),
        ("ana\nbob\n\nana\n", ["ana", "bob"]),
        ("ana, bob ,cy", ["ana", "bob", "cy"]),
        ("ana;bob", ["ana", "bob"]),
        (" ana \r\n bob \r\n", ["ana", "bob"]),
        ("user_id\nana\n", ["ana"]),
        ("\ufeffname;User ID\nAna;ana\nBob;bob\n", ["ana", "bob"]),
        ("email,userId,plan\na@example.com,ana,pro\nb@example.com,,free\n", ["ana"]),
        ('ana,"Ana, the first"\nbob,Bob\n', ["ana", "bob"]),
        ('"an ""a""",x\nb b,y\n', ['an "a"', "b b"]),
        ("安娜\n🛒\n", ["安娜", "🛒"]),
        (",,\n \n", []),
    ],
)
def test_ids(text: str, expected: list[str]) -> None:
    assert expected == read_ids(text)
