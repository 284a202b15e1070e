"""`relance segment templates` and `relance segment template`: segments that marketers expect, ready to be changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from relance.segments.templates.model import Language, SegmentTemplate


def templates(template_id: str = "", /, *, language: Literal["en", "fr"] = "en", json: bool = False) -> int:
    """List the templates of segments, or show one with all that can be set.

    Exit: 0 done; 2 there is no such template.

    Args:
        template_id: the id of one template.
        language: of names and descriptions.
        json: print JSON.
    """
    from relance.cli.output import fail, tell
    from relance.errors import NotFound
    from relance.segments.templates import TEMPLATES, find_template

    if not template_id:
        told = {"templates": [template.as_json() for template in TEMPLATES.values()]}
        tell(told, "\n".join(_lines_of_all(list(TEMPLATES.values()), language)), as_json=json)
        return 0
    try:
        found = find_template(template_id)
    except NotFound as e:
        return fail([e.message], as_json=json)
    tell(found.as_json(), "\n".join(_lines_of_one(found, language)), as_json=json)
    return 0


def template(
    template_id: str,
    /,
    *,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None,
    segment_id: Annotated[str | None, Parameter(name="--id")] = None,
    name: str | None = None,
    language: Literal["en", "fr"] = "en",
    apply: bool = False,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Write a segment from a template: YAML that can be changed, checked and applied like any other. Or publish it at once.

    `relance segment template espresso-email --set within=48h > segments/espresso.yaml`

    Exit: 0 done; 2 there is no such template, a parameter can not be so, or the segment has errors.

    Args:
        template_id: the id of the template.
        settings: a parameter, as NAME=VALUE; may be given many times. Several texts stand with commas between them.
        segment_id: the id of the segment. Default: the template's.
        name: the name of the segment. Default: the template's.
        language: of the name and the description.
        apply: publish the segment, and write no YAML.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from relance.cli.output import fail, tell
    from relance.cli.problems import tell_problems
    from relance.errors import InvalidInput, NotFound
    from relance.segments.templates import fill_template, find_template
    from relance.segments.templates.fill import parse_settings

    pairs = [setting.partition("=") for setting in settings or ()]
    wrong = [f"--set {first!r} has no value: write it as NAME=VALUE" for first, sign, _ in pairs if not sign]
    if wrong:
        return fail(wrong, as_json=json)
    try:
        found = find_template(template_id)
        given = parse_settings(found, {first: value for first, _, value in pairs})
        made = fill_template(found, given, segment_id=segment_id, name=name, language=language)
    except NotFound as e:
        return fail([e.message], as_json=json)
    except InvalidInput as e:
        if json:
            tell({"problems": [problem.as_json() for problem in e.problems]}, "", as_json=True)
        else:
            import sys

            tell_problems(e.problems, as_json=False, to=sys.stderr)
        return 2
    if apply:
        from relance.cli.publish import run
        from relance.definitions.load import load_values

        return run(lambda: load_values([made.to_dict()]), data=data, store=store, dry=False, as_json=json)
    tell(made.to_dict(), made.to_yaml().rstrip("\n"), as_json=json)
    return 0


def _lines_of_all(found: list[SegmentTemplate], language: Language) -> list[str]:
    from relance.segments.templates.model import GROUPS

    width = max(len(one.id) for one in found)
    lines: list[str] = []
    for group, words in GROUPS.items():
        lines += ["", words.said(language)] if lines else [words.said(language)]
        lines += [f"  {one.id:{width}}  {one.about.said(language)}" for one in found if one.group == group]
    return lines


def _lines_of_one(found: SegmentTemplate, language: Language) -> list[str]:
    lines = [f"{found.name.said(language)} ({found.id})", found.about.said(language), ""]
    width = max(len(p.name) for p in found.parameters)
    for p in found.parameters:
        value = f"needed, such as {_shown(p.example)}" if p.required else _shown(p.default)
        choice = f" of {', '.join(p.options)}" if p.options else ""
        lines.append(f"  {p.name:{width}}  {p.about.said(language)} [{p.kind}{choice}: {value}]")
    return lines


def _shown(value: object) -> str:
    """A value as one types it after `--set`."""
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value) or "empty"
