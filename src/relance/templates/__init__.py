"""What a message says: Liquid in HTML, MJML or text, turned into a subject, a body and links for one person.

Owns no table; reads nothing but what it is given. Called by `definitions` (to check templates), by `outbox` (to render
at hand-off) and by `simulate`. Every failure is a `RenderError`; a hostile template costs bounded time and memory.
"""

from relance.templates.check import check_template
from relance.templates.model import Rendered
from relance.templates.render import render

__all__ = ["Rendered", "check_template", "render"]
