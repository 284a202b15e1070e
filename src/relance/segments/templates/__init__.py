"""Templates of segments: what marketers expect, with windows, channels and amounts as parameters.

`model` says what a template is, one file a group holds the templates, `fill` makes a normal segment of one. Nothing here is
looked up once a segment is made. Owns no tables. Called by the command line and the management interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relance.errors import NotFound
from relance.segments.templates import engagement, espresso, interest, lifecycle, occasion, reach, value
from relance.segments.templates.fill import fill_template

if TYPE_CHECKING:
    from relance.segments.templates.model import SegmentTemplate

__all__ = ["TEMPLATES", "fill_template", "find_template"]

_GROUPS = (espresso, lifecycle, value, interest, engagement, reach, occasion)
TEMPLATES: dict[str, SegmentTemplate] = {template.id: template for group in _GROUPS for template in group.TEMPLATES}


def find_template(template_id: str) -> SegmentTemplate:
    """The template with an id.

    Raises:
        NotFound: there is none.
    """
    found = TEMPLATES.get(template_id)
    if found is None:
        from difflib import get_close_matches

        close = get_close_matches(template_id, TEMPLATES, n=1)
        msg = f"there is no segment template {template_id!r}: " + (
            f"did you mean {close[0]!r}?" if close else "`relance segment templates` lists them"
        )
        raise NotFound(msg)
    return found
