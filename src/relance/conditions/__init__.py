"""Conditions: one language for segments, branches, audiences and filters.

`read` reads a definition into a frozen tree (`model`) and lists what is wrong with it, `dsl` makes the same tree in Python,
`clauses` evaluates `{path, op, value}` against one JSON object in plain Python, `compiling` turns a tree into a question about
moments for a warehouse engine. Owns no tables. Called by segments, journeys, definitions.

The Python form is meant to be imported from here, and is loaded with the first of its names:

>>> from relance.conditions import can_receive, did, did_not, prop
>>> can_receive("email") & did("Order Completed", where=prop("total") > 100, within="30d")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relance.conditions.dsl.leaves import (
        bucket,
        can_receive,
        did,
        did_not,
        everyone,
        in_list,
        in_segment,
        journey,
        message,
        near,
        nobody,
        predicted,
        prop,
        sequence,
        subscribed,
        then,
        trait,
    )
    from relance.conditions.dsl.paths import Filter
    from relance.conditions.dsl.read import from_dict
    from relance.conditions.dsl.tree import Condition, all_of, any_of

_PLACES = {
    "Condition": "dsl.tree",
    "Filter": "dsl.paths",
    "all_of": "dsl.tree",
    "any_of": "dsl.tree",
    "from_dict": "dsl.read",
}

__all__ = [
    "Condition",
    "Filter",
    "all_of",
    "any_of",
    "bucket",
    "can_receive",
    "did",
    "did_not",
    "everyone",
    "from_dict",
    "in_list",
    "in_segment",
    "journey",
    "message",
    "near",
    "nobody",
    "predicted",
    "prop",
    "sequence",
    "subscribed",
    "then",
    "trait",
]


if not TYPE_CHECKING:  # a name that is none shall be none for the type checker too

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_PLACES.get(name, 'dsl.leaves')}"), name)

    def __dir__() -> list[str]:
        return [*globals(), *__all__]
