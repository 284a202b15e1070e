"""What the command line says: for people, or as JSON for machines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BAD_INPUT = 2


def tell(result: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """Say a result on standard output."""
    sys.stdout.write((json.dumps(result, ensure_ascii=False) if as_json else text) + "\n")


def note(text: str) -> None:
    """Say something beside the result, where no program reads it."""
    sys.stderr.write(f"{text}\n")


def fail(problems: Sequence[str], *, as_json: bool, code: int = BAD_INPUT) -> int:
    """Say what is wrong with the input, all of it, and answer the exit code."""
    if as_json:
        sys.stdout.write(json.dumps({"problems": [{"message": p} for p in problems]}, ensure_ascii=False) + "\n")
    for problem in () if as_json else problems:
        sys.stderr.write(f"{problem}\n")
    return code
