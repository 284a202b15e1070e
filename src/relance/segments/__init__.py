"""Segments: who is in, how many, and why; the judge that answers the engine's conditions; templates to begin with.

Owns nothing yet. Reads the warehouse. Called by the engine, the command line and the management interface.

>>> from relance.segments import Segment, write_definitions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relance.segments.definition import Segment, write_definitions

__all__ = ["Segment", "write_definitions"]

if not TYPE_CHECKING:  # a name that is none shall be none for the type checker too

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        from relance.segments import definition

        return getattr(definition, name)

    def __dir__() -> list[str]:
        return [*globals(), *__all__]
