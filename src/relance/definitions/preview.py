"""A condition or a prediction that is not saved: is it one, and does it name what is there?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.definitions.check import require_valid
from relance.definitions.document import Document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relance.problems import Problem

NOBODYS_ID = "preview-of-a-condition"


def require_condition(where: Any, published: Sequence[Document]) -> list[Problem]:
    """Check the condition of a segment that is being written, and answer the warnings.

    Args:
        where: the condition, as JSON gives it.
        published: what it may name.

    Raises:
        InvalidInput: with every problem; their places begin with `/where`.
    """
    return require_valid([Document({"kind": "segment", "id": NOBODYS_ID, "where": where})], published=published)


def require_prediction(told: Mapping[str, Any], published: Sequence[Document]) -> dict[str, Any]:
    """Check a prediction that is being written, and answer it as a definition.

    Args:
        told: `target`, `window` and `audience`, none of which stands for everybody.
        published: what it may name.

    Raises:
        InvalidInput: with every problem; their places begin with `/target`, `/window` or `/audience`.
    """
    asked = {name: value for name, value in told.items() if value is not None}
    body = {"kind": "prediction", "id": NOBODYS_ID, "mode": "draft", **asked}
    require_valid([Document(body)], published=published)
    return body
