"""A segment or a campaign made of a selection of scores: prefilled, published, and linked to its prediction (FEATURES P5, P6)."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from relance.definitions import store
from relance.definitions.load import load_values
from relance.definitions.publish import publish
from relance.errors import Conflict, InvalidInput, NotFound
from relance.predictions.live import registry
from relance.predictions.live.definition import parse_prediction
from relance.predictions.live.desk import why_not_targetable, why_stale
from relance.predictions.live.page import NO_AMOUNTS, describe, parse_selection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relance.store import Connection

Create = Literal["segment", "campaign"]
LONGEST_ID = 64
# What a campaign says that has no template yet. Nothing is sent before somebody starts it.
TEMPLATE: Mapping[str, Any] = MappingProxyType({
    "kind": "template", "channel": "email", "status": "ready", "subject": "{{ profile.first_name | default: 'Hello' }}, something for you",
    "body": "<p>Hello {{ profile.first_name | default: 'there' }},</p>",
})  # fmt: skip


class PredictionNotTargetable(Conflict):
    """This prediction can be looked at, not targeted."""

    code = "prediction_not_targetable"


def target_prediction(
    connection: Connection,
    prediction_id: str,
    selection: Mapping[str, Any],
    create: Create,
    *,
    now: int,
    definition_id: str | None = None,
    name: str | None = None,
    template: str | None = None,
    by: str = "",
) -> dict[str, Any]:
    """Make the segment or the campaign of a score range or of categories, and publish it.

    A campaign is sent when somebody asks for it: it has no schedule. Without a template it gets one of its own, to be
    written before.

    Args:
        connection: for writing.
        prediction_id: of which prediction.
        selection: `{"score": {...}}`, `{"category": [...]}`, `{"percentile": {...}}`, `{"top": n}` or `{"value": {...}}`.
        create: what to make.
        now: the instant.
        definition_id: of what is made; named after the selection if none is given.
        name: what people call it.
        template: the id of the campaign's template.
        by: who makes it.

    Raises:
        NotFound: there is no such prediction.
        PredictionNotTargetable: it is a preview, a demo, or has no scores.
        InvalidInput: the selection is none, or what is made of it has problems, each listed.

    Effects: publishes definitions; writes `prediction_targets`.
    """
    documents = store.load_documents(connection)
    found = next((d.body for d in documents if d.kind == "prediction" and d.id == prediction_id), None)
    if found is None:
        msg = f"there is no prediction {prediction_id!r}"
        raise NotFound(msg)
    prediction = parse_prediction(found)
    current = registry.read_current(connection, prediction_id)
    why = why_not_targetable(prediction, current)
    if why is not None:
        msg = f"{prediction_id!r} can not be targeted: {why}"
        raise PredictionNotTargetable(msg)
    chosen = parse_selection(selection)
    if "value" in chosen and not prediction.asks_value:
        raise InvalidInput(NO_AMOUNTS, problems=[NO_AMOUNTS])
    says = f"{prediction.name}: {describe(chosen)}"
    taken = {d.id for d in documents if d.kind in (create, "template")}
    made_id = definition_id or _free_id(prediction_id, chosen, create, taken)
    if definition_id is not None and any((d.kind, d.id) == (create, definition_id) for d in documents):
        msg = f"there is a {create} {definition_id!r} already: take another id"
        raise Conflict(msg)
    where = {"type": "predicted", "prediction": prediction_id, **chosen}
    bodies: list[dict[str, Any]] = []
    warnings: list[dict[str, Any]] = []
    if create == "segment":
        bodies.append({"kind": "segment", "id": made_id, "name": name or says, "where": where})
    else:
        if template is None:
            template = made_id
            bodies.append({**TEMPLATE, "id": template, "name": says})
            warnings.append(
                _warning("template_to_be_written", f"write what it is to say into the template `{template}` before it is sent")
            )
        channel = next((d.body.get("channel") for d in documents if (d.kind, d.id) == ("template", template)), "email")
        message = {"channel": channel, "template": template}
        bodies.append(
            {
                "kind": "campaign",
                "id": made_id,
                "name": name or says,
                "audience": where,
                "schedule": {"api": True},
                "message": message,
            }
        )
    published = publish(connection, load_values(bodies), now, by=by)
    if published.refused:
        msg = f"the {create} has errors"
        raise InvalidInput(msg, problems=list(published.problems))
    row = {"prediction": prediction_id, "kind": create, "id": made_id, "selection": json.dumps(chosen), "now": now}
    connection.execute(registry.sql["add_target"], row)
    stale = why_stale(prediction, current, now, None)
    warnings += [problem.as_json() for problem in published.problems]
    if stale is not None:
        warnings.append(_warning("stale_prediction", stale))
    return {
        "created": create, "id": made_id, "prediction": prediction_id, "selection": chosen, "definition": bodies[-1],
        "template": template if create == "campaign" else None, "warnings": warnings,
    }  # fmt: skip


def _warning(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "severity": "warning", "message": message}


def _free_id(prediction_id: str, selection: Mapping[str, Any], create: str, taken: set[str | None]) -> str:
    if "category" in selection:
        part = "-".join(selection["category"])
    elif "top" in selection:
        part = f"top-{selection['top']}"
    else:
        name = next(iter(selection))
        part = "-".join(f"{op}-{value:g}".replace(".", "-") for op, value in sorted(selection[name].items()))
        part = part if name == "score" else f"{name}-{part}"
    stem = f"{prediction_id[: LONGEST_ID - 30]}-{part}"[: LONGEST_ID - 12] + ("" if create == "segment" else "-campaign")
    made, number = stem, 1
    while made in taken:
        number += 1
        made = f"{stem}-{number}"
    return made
