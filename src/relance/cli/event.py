"""`relance event`: events by their names, what became of the last ones, and code that sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cyclopts import App

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.looks import Looks

event = App(
    name="event",
    help="Events by their names: registered, seen, inspected; and code that sends them.",
    result_action="return_value",
)


@event.command(name="list")
def list_events(*, place: Place = HERE, json: bool = False) -> int:
    """List every event that is registered or was seen, the last seen first.

    Exit: 0 done; 2 the store can not be read.

    Args:
        place: where the data are.
        json: print JSON.
    """
    from relance.cli.looks import answer
    from relance.cli.output import tell

    def ask(looks: Looks) -> int:
        found = looks.event_types()
        tell(found, "\n".join(map(_event, found["items"])) or "no event is registered, and none was seen", as_json=json)
        return 0

    return answer(place, ask, as_json=json)


@event.command
def show(name: str, /, *, place: Place = HERE, json: bool = False) -> int:
    """Show one event: what stood in it, with types and examples, and what is not as its schema says.

    Exit: 0 done; 2 there is no such event, or the data can not be read.

    Args:
        name: its name, or the id of its definition.
        place: where the data are.
        json: print JSON.
    """
    from relance.cli.looks import answer
    from relance.cli.output import tell

    def ask(looks: Looks) -> int:
        found = looks.event_type(name)
        lines = [_event(found)]
        for one in found["properties"]:
            types = ", ".join(f"{t['type']} {t['share']:.0%}, such as {t['example']!r}" for t in one["types"])
            expected = f" (schema: {one['expected']})" if one["expected"] else ""
            lines.append(f"  {one['path']}{expected}: {types or 'never seen'}")
        lines += [f"  {fault['message']}: {fault['count']} times, last {fault['last_at']}" for fault in found["faults"]]
        tell(found, "\n".join(lines), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


@event.command
def inspect(
    *,
    name: str = "",
    source: str = "",
    user: str = "",
    limit: int = 20,
    rejected: bool = False,
    language: Literal["en", "fr"] = "en",
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Show the last events and what became of each: which rules matched, which clause failed and what it saw.

    Exit: 0 done; 2 there is nobody of that id, or the data can not be read.

    Args:
        name: of one name alone.
        source: of one source alone.
        user: of one person alone, by user id or anonymous id.
        limit: how many, at most 200.
        rejected: items alone that are no events.
        language: of the sentences: en or fr.
        place: where the data are.
        json: print JSON.
    """
    from relance.cli.looks import answer
    from relance.cli.output import fail, tell

    if not 1 <= limit <= 200:
        return fail(["--limit is between 1 and 200"], as_json=json)

    def ask(looks: Looks) -> int:
        only = "rejected" if rejected else ""
        found = looks.inspect(limit=limit, name=name, source=source, user_id=user, only=only, language=language)
        tell(
            found, "\n".join(line for item in found["items"] for line in _inspected(item)) or "nothing was found", as_json=json
        )
        return 0

    return answer(place, ask, as_json=json)


@event.command
def code(
    name: str = "",
    /,
    *,
    journey: str = "",
    language: Literal["curl", "javascript", "python"] = "curl",
    place: Place = HERE,
    json: bool = False,
) -> int:
    """Print code that sends an event, or that lets somebody into a journey; put your key in.

    Exit: 0 done; 2 there is no such event or journey, no code lets anybody into it, or the store can not be read.

    Args:
        name: the event's name, or the id of its definition.
        journey: the id of a journey, instead.
        language: curl, javascript or python.
        place: where the data are. Without a server to ask, its address is that of RELANCE_BASE_URL.
        json: print JSON, with the code in every language.
    """
    from relance.cli.looks import answer
    from relance.cli.output import fail, tell

    if bool(name) == bool(journey):
        return fail(["name an event, or a journey with --journey"], as_json=json)

    def ask(looks: Looks) -> int:
        found = looks.journey_code(journey) if journey else looks.event_code(name)
        tell(found, found["code"][language].rstrip("\n"), as_json=json)
        return 0

    return answer(place, ask, as_json=json)


def _event(found: dict[str, Any]) -> str:
    seen = found["seen"]
    told = f"{seen['count']} times, last {seen['last_at']}" if seen else "never seen"
    kind = "derived" if found["derived"] else "registered" if found["registered"] else "not registered"
    draft = ", draft" if found["registered"] and not found["published"] else ""
    faults = sum(fault["count"] for fault in found["faults"])
    return f"{found['name']}: {kind}{draft}, {told}{f', {faults} values not as the schema says' if faults else ''}"


def _inspected(item: dict[str, Any]) -> list[str]:
    if item["rejected"]:
        wrong = item["rejected"]
        return [f"{item['received_at']}  no event: {wrong['message']} ({wrong['code']} at {wrong['pointer'] or '/'})"]
    lines = [f"{item['received_at']}  {item['name']}  {item['user_id'] or item['anonymous_id']}"]
    lines += [f"  {problem['message']}" for problem in item["problems"]]
    for rule in item["derives"]:
        draft = "" if rule["published"] else " (draft)"
        lines.append(f"  rule {rule['id']}{draft}: {_truth(rule)}")
    for rule in item["waited_for"]:
        step = f" at {rule['step']}" if rule["step"] else ""
        lines.append(f"  {rule['source']} {rule['role']}{step}: {_truth(rule)}")
    lines += [
        f"  {'started' if s['started'] else 'did not start'} {s['source']}{'' if s['started'] else ', ' + s['reason']}"
        for s in item["starts"]
    ]
    return lines


def _truth(rule: dict[str, Any]) -> str:
    if rule["matched"]:
        return "matched"
    return "a machine did it" if rule.get("refused") else f"no: {rule['failed']['sentence']}"
