"""What can be written but not run yet. The table shrinks: take a line out when the engine has learned it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# The name of a record's shape: what it is, for the sentence.
NOT_YET: Mapping[str, str] = {}


# The same for a field that may as well be left as it is by default: the shape, the field, the value that can not be run.
FIELDS_NOT_YET: Mapping[tuple[str, str], tuple[object, str]] = {}


def check_supported(records: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Iterator[Problem]:
    """An error for each thing that this release does not run.

    Args:
        records: the shapes that were met, where, and their values.
    """
    for name, path, value in records:
        if name in NOT_YET:
            says = f"{NOT_YET[name]} can not be run by this release yet: leave it out for now"
            yield Problem("not_supported_yet", says, path)
        for (shape, field), (refused, noun) in FIELDS_NOT_YET.items():
            if name == shape and value.get(field) is refused:
                says = f"{noun} can not be run by this release yet: leave it out for now"
                yield Problem("not_supported_yet", says, path + pointer(field))
