"""`relance explain`: why somebody is where they are, or is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.looks import Looks


def explain(
    *,
    user: str,
    journey: str = "",
    campaign: str = "",
    segment: str = "",
    prediction: str = "",
    at: str | None = None,
    language: Literal["en", "fr"] = "en",
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Say why somebody is where they are in journeys, or is not in one, decision by decision; or why they are in a segment, or have their score.

    Without a journey, campaign, segment or prediction: all passages of the person.

    Exit: 0 has entered, is in the segment, or has a score; 1 has not, or is not; 2 there is no such person, journey, segment or prediction, no score, or the data can not be read.

    Args:
        user: the person's user id, or anonymous id.
        journey: the id of one journey.
        campaign: the id of one campaign.
        segment: the id of a segment, instead.
        prediction: the id of a prediction, instead: the features that moved the person's score most.
        at: as of which instant, for a segment: 2026-03-01T09:00:00Z. Default: now.
        language: of the sentences: en or fr.
        place: where the data are.
        json: print JSON.
    """
    from relance.cli.looks import answer
    from relance.cli.output import fail, tell

    if sum(map(bool, (journey, campaign, segment, prediction))) > 1:
        return fail(["name one of --journey, --campaign, --segment and --prediction"], as_json=json)
    if segment:
        from relance.cli.segment.people import explain as explain_member

        return explain_member(segment, user=user, at=at, language=language, place=place, json=json)
    if prediction and at is None:
        from relance.cli.predictions.look import explain as explain_score

        return explain_score(prediction, user=user, place=place, json=json)
    if at is not None:
        return fail(["--at goes with --segment: what journeys decided is told as it was decided"], as_json=json)
    source = f"journey:{journey}" if journey else f"campaign:{campaign}" if campaign else ""

    def ask(looks: Looks) -> int:
        found = looks.explain(user, source=source, language=language)
        tell(found, "\n".join(_lines(found)), as_json=json)
        return 0 if found["entered"] else 1

    return answer(place, ask, as_json=json)


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['user_id']}, by the clock of {found['clock']['zone']}"]
    for passage in found["passages"]:
        ended = f", {passage['reason']}" if passage["reason"] else ""
        key = f" ({passage['key']})" if passage["key"] is not None else ""
        lines.append(f"{passage['source']}{key}, version {passage['version']}: {passage['status']}{ended}")
        lines += [f"  {decision['at']}  {decision['sentence']}" for decision in passage["decisions"]]
    if found["why_not"]:
        lines.append(f"not in {found['source']}: {found['why_not']['sentence']}")
    elif not found["passages"]:
        lines.append("was never in a journey or campaign")
    return lines
