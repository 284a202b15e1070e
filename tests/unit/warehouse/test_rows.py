"""Rows on their way into an engine."""

from __future__ import annotations

from typing import Any

import pytest

from relance.warehouse.rows import encode_json, encode_objects

MANY_DIGITS = '{"a":' + "1" * 20 + "}"


@pytest.mark.parametrize(
    "values",
    [
        [],
        ['{"a":1}', '{"b":"é"}'],
        ['{"a":1}', MANY_DIGITS, '{"a":"\ud800"}'],
        ['{"a":' + "1" * 19 + "}", "5"],
        ['{"a":"' + "٣" * 20 + '"}'],
        [{"a": 2**70}, '{"a":1}'],
        ["1" * 10, "1" * 10],
    ],
)
def test_many_are_encoded_as_each_is(values: list[Any]) -> None:
    expected = list(map(encode_json, values))

    assert expected == encode_objects(values)
