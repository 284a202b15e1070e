"""Templates of segments over HTTP: what there is, and a definition made from one."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from relance.ingest.scopes import READ
from relance.segments.templates import TEMPLATES, fill_template, find_template
from relance.segments.templates.model import GROUPS

Answer = dict[str, Any]


class Filling(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody sets; what is left out, or null, takes its default."""

    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    id: str | None = None  # of the segment; the template's by default
    name: str | None = None  # of the segment; the template's by default
    language: Literal["en", "fr"] = "en"  # of the name and the description


def segment_template_router() -> Router:
    """The routes for templates of segments. They change nothing: the definition they answer is published like any other."""

    @get("/segment-templates", opt={"scope": READ}, sync_to_thread=False, summary="Templates of segments")
    def list_segment_templates() -> Answer:
        groups = [{"id": group, "name": words.as_json()} for group, words in GROUPS.items()]
        return {"items": [template.as_json() for template in TEMPLATES.values()], "groups": groups}

    @get("/segment-templates/{name:str}", opt={"scope": READ}, sync_to_thread=False, summary="One template of segments")
    def show_segment_template(name: FromPath[str]) -> Answer:
        return find_template(name).as_json()

    @post(
        "/segment-templates/{name:str}",
        opt={"scope": READ},
        status_code=HTTP_200_OK,
        sync_to_thread=False,
        summary="A segment's definition, made from a template",
    )
    def fill_segment_template(name: FromPath[str], data: JSONBody[Filling]) -> Answer:
        template = find_template(name)
        made = fill_template(template, data.parameters, segment_id=data.id, name=data.name, language=data.language)
        return {"definition": made.to_dict(), "yaml": made.to_yaml()}

    handlers = [list_segment_templates, show_segment_template, fill_segment_template]
    return Router("/api/v1", route_handlers=handlers, tags=["segment templates"])
