"""Commands that are answered by the stores of this machine, or by a server that runs: who it is, and what goes wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

URL_VARIABLE = "RELANCE_URL"
KEY_VARIABLE = "RELANCE_KEY"

T = TypeVar("T")


def find_server(url: str | None, *, is_local: bool) -> tuple[str, str] | None:
    """Address and key of the server to ask; None when the stores of this machine answer.

    Args:
        url: the address that was named.
        is_local: whether a store was named.
    """
    address = url or (None if is_local else os.environ.get(URL_VARIABLE))
    return (address, os.environ.get(KEY_VARIABLE, "")) if address else None


def answer(opening: Callable[[], AbstractContextManager[T]], ask: Callable[[T], int], *, as_json: bool) -> int:
    """Ask whoever `opening` opens; what goes wrong is told, all of it. Answers the exit code."""
    from relance.cli.output import fail
    from relance.errors import InvalidInput, RelanceError

    try:
        with opening() as opened:
            return ask(opened)
    except InvalidInput as e:
        return fail([getattr(p, "message", str(p)) for p in e.problems] or [e.message], as_json=as_json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=as_json)


def source_of(name: str) -> str:
    """`ID` is a journey's, `campaign:ID` a campaign's."""
    return name if name.startswith(("journey:", "campaign:")) else f"journey:{name}"
