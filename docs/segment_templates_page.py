"""The reference of segment templates, `reference/segment-templates.md`, made from them: `python docs/segment_templates_page.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from relance.segments.templates import TEMPLATES, fill_template
from relance.segments.templates.model import GROUPS, Parameter, SegmentTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).parent / "reference" / "segment-templates.md"
_BEGINNING = """\
# Segment templates

<!-- Made from the templates by `make golden`; change src/relance/segments/templates, not this page. -->

Segments that marketers expect. Each gives a segment like any other, to be changed, checked and applied; what was made from a template has no tie to it any more.

```
relance segment templates                          # what there is; with an ID, what can be set
relance segment template espresso-email --set within=48h --set also=sms --id espresso-48h > segments/espresso.yaml
relance apply segments
```

Over HTTP: `GET /api/v1/segment-templates` lists them, `POST /api/v1/segment-templates/{name}` with `{parameters, id, name, language}` answers the `definition`, and the same as `yaml`. In Python a template gives a [segment](python.md) whose condition can be combined with others:

```python
from relance.conditions import in_list
from relance.segments import Segment
from relance.segments.templates import fill_template, find_template

vip = fill_template(find_template("vip"), {"spent": 1000, "reach": "email"})
beta = Segment("vip-testers", name="VIP testers", where=vip.where & in_list("beta-testers"))
```

**Kinds of parameters.** A *length* is a time such as `72h` or `30d`. *Whole* and *number* are numbers. A *choice* is one of the words that are listed. An *event* is the name of an event, a *path* a dotted path to a property or trait. *Texts* are a list, on the command line with commas between them.
A *day* is a date or an instant. The names of events and properties are those of Segment's specs; set them where yours are called otherwise.

**`reach`** asks beside everything else for a *yes* to a channel and a usable address on it; `any` leaves it out. Of what proxies and scanners open and click, nothing counts.

| problem | means |
| --- | --- |
| `unknown_parameter` | The template has no such parameter. |
| `missing_parameter` | A parameter without a default was not given. |
| `bad_parameter` | The value is of another kind, or two parameters contradict each other (then the pointer is `/parameters`). |
| `out_of_range` | The value is beyond the least or the most. |
| `bad_id`, `bad_value` | The id or the name of the segment can not be so. |
"""


def cell(text: str) -> str:
    """A text that does not break its table."""
    return text.replace("|", "\\|").replace("\n", " ")


def code(value: object) -> str:
    """A value as one types it."""
    if isinstance(value, (list, tuple)):
        return f"`{','.join(map(str, value))}`"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`" if value != "" else "empty"


def kind_of(parameter: Parameter) -> str:
    """The kind, with its limits."""
    if parameter.options:
        return ", ".join(f"`{option}`" for option in parameter.options)
    limits = "" if parameter.least is None else f", {parameter.least} to {parameter.most}"
    return f"{parameter.kind}{limits}"


def section(template: SegmentTemplate) -> Iterable[str]:
    """One template: what it is for, what can be set, and what comes of it as it is."""
    yield f"### {template.id}"
    yield ""
    yield f"**{template.name.en}** · *{template.name.fr}*. {template.about.en}"
    yield ""
    yield "| parameter | kind | default | |"
    yield "| --- | --- | --- | --- |"
    for p in template.parameters:
        default = f"**needed**, such as {code(p.example)}" if p.required else code(p.default)
        yield f"| `{p.name}` | {cell(kind_of(p))} | {cell(default)} | {cell(p.about.en)} |"
    yield ""
    yield "```yaml"
    yield fill_template(template, {p.name: p.example for p in template.parameters if p.required}).to_yaml().rstrip("\n")
    yield "```"
    yield ""


def build_page() -> str:
    """The whole page, by group."""
    lines = [_BEGINNING]
    for group, words in GROUPS.items():
        found = [template for template in TEMPLATES.values() if template.group == group]
        lines += [f"**{words.en}**: " + " · ".join(f"[{t.name.en}](#{t.id})" for t in found), ""]
    for group, words in GROUPS.items():
        lines += [f"## {words.en}", ""]
        for template in TEMPLATES.values():
            if template.group == group:
                lines += section(template)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(build_page(), encoding="utf-8")
