"""Playbooks: what is done with the scores of a prediction, as definitions with parameters, each with a hold-out.

Owns nothing: what is made of a playbook is published like any other definitions. Called by the command line and the API.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from relance.clock import parse_duration
from relance.definitions.load import load_text, load_values
from relance.definitions.publish import publish
from relance.errors import InvalidInput, NotFound
from relance.ids import DEFINITION_ID
from relance.problems import Problem
from relance.segments.templates.model import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relance.definitions.publish import Published
    from relance.store import Connection

_NAME = re.compile(r"\$([a-z_]+)")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_PATH = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")
_HEADER_ENDS = "\n---\n"
_LANGUAGES = {"en", "fr"}


@dataclass(frozen=True)
class Parameter:
    """One thing that can be set."""

    name: str
    kind: str  # prediction | event | group | id | text | path | length | whole | percent
    about: Words
    default: Any = None  # None: it must be given
    least: int = 0
    most: int = 1_000_000

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "about": self.about.as_json(),
            "least": self.least,
            "most": self.most,
            "default": self.default,
            "required": self.default is None,
        }


@dataclass(frozen=True)
class Playbook:
    """Definitions with gaps, and what goes into these."""

    id: str
    goal: str  # nudge | persuade | win_back | stay_in_touch
    name: Words
    about: Words
    parameters: tuple[Parameter, ...]
    bodies: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        made = [
            {"kind": body["kind"], "id": body["id"]} | ({"channel": body["channel"]} if "channel" in body else {})
            for body in self.bodies
        ]
        return {
            "id": self.id, "goal": self.goal, "name": self.name.as_json(), "about": self.about.as_json(), "parameters": [p.as_json() for p in self.parameters], "makes": made,
        }  # fmt: skip


@cache
def load_playbooks() -> dict[str, Playbook]:
    """All that there are, by their ids."""
    found = {}
    for file in sorted(files("relance.definitions.playbooks").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            made = _read(file.read_text(encoding="utf-8"))
            found[made.id] = made
    return found


def find_playbook(name: str) -> Playbook:
    """One of them.

    Raises:
        NotFound: there is none.
    """
    found = load_playbooks().get(name)
    if found is None:
        msg = f"there is no playbook {name!r}: take one of {', '.join(load_playbooks())}"
        raise NotFound(msg)
    return found


def fill_playbook(playbook: Playbook, given: Mapping[str, Any], language: str = "en") -> list[dict[str, Any]]:
    """The definitions a playbook makes with some parameters, their names and texts in `en` or `fr`.

    Raises:
        InvalidInput: a parameter is missing, unknown, or can not be so; each is listed.
    """
    known = {p.name: p for p in playbook.parameters}
    says = "the playbook has no parameter"
    problems = [
        Problem("unknown_parameter", f"{says} {name!r}: take some of {', '.join(known)}", f"/{name}")
        for name in given
        if name not in known
    ]
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        told = given.get(name, parameter.default)
        if told is None:
            problems.append(Problem("missing_parameter", f"{name} is needed: {parameter.about.en}", f"/{name}"))
            continue
        read = _KINDS[parameter.kind](told, parameter)
        if read is None:
            problems.append(Problem("bad_parameter", f"{name}: {told!r} is no {_SAYS[parameter.kind]}", f"/{name}"))
        values[name] = read
    if problems:
        msg = "the playbook can not be filled"
        raise InvalidInput(msg, problems=problems)
    return [_filled(body, values, language) for body in playbook.bodies]


def apply_playbook(
    connection: Connection,
    playbook: Playbook,
    given: Mapping[str, Any],
    *,
    now: int,
    by: str = "",
    dry: bool = False,
    language: str = "en",
) -> Published:
    """Publish what a playbook makes, all of it or nothing.

    Raises:
        InvalidInput: a parameter can not be so.

    Effects: publishes definitions, unless `dry`.
    """
    return publish(connection, load_values(fill_playbook(playbook, given, language)), now, by=by, dry=dry)


def _read(text: str) -> Playbook:
    head, _, rest = text.partition(_HEADER_ENDS)
    told = load_text(head).require()[0].body
    parameters = tuple(
        Parameter(
            name,
            p["kind"],
            Words(**p["about"]),
            p.get("default"),
            p.get("least", 0),
            p.get("most", 100 if p["kind"] == "percent" else 1_000_000),
        )
        for name, p in told["parameters"].items()
    )
    bodies = tuple(dict(document.body) for document in load_text(rest).require())
    return Playbook(told["id"], told["goal"], Words(**told["name"]), Words(**told["about"]), parameters, bodies)


def _filled(value: Any, values: Mapping[str, Any], language: str) -> Any:
    """A value with the parameters in their places, in one language; a parameter that is all there is keeps its type."""
    if isinstance(value, dict):
        if value.keys() == _LANGUAGES:
            return _filled(value[language], values, language)
        return {key: _filled(inner, values, language) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values, language) for inner in value]
    if not isinstance(value, str):
        return value
    whole = _NAME.fullmatch(value)
    return values[whole[1]] if whole else _NAME.sub(lambda found: str(values[found[1]]), value)


def _read_whole(told: Any, parameter: Parameter) -> int | None:
    if isinstance(told, bool) or not _WHOLE.fullmatch(str(told)):
        return None
    return int(told) if parameter.least <= int(told) <= parameter.most else None


def _read_text(told: Any, _: Parameter) -> str | None:
    return told if isinstance(told, str) and 0 < len(told) <= 500 else None


def _matching(test: Callable[[str], object]) -> Callable[[Any, Parameter], str | None]:
    return lambda told, _: told if isinstance(told, str) and test(told) else None


_KINDS: Mapping[str, Callable[[Any, Parameter], Any]] = {
    "prediction": _matching(DEFINITION_ID.fullmatch),
    "group": _matching(DEFINITION_ID.fullmatch),
    "id": _matching(DEFINITION_ID.fullmatch),
    "path": _matching(_PATH.fullmatch),
    "length": _matching(lambda text: (parse_duration(text) or 0) > 0),
    "event": _read_text,
    "text": _read_text,
    "whole": _read_whole,
    "percent": _read_whole,
}
_ID = "id: 1 to 64 of a-z, 0-9 and `-`"
_SAYS: Mapping[str, str] = {
    "prediction": _ID,
    "group": _ID,
    "id": _ID,
    "event": "name of an event of at most 500 characters",
    "path": "path of a trait, such as address.city",
    "length": "length of time, such as 30d",
    "text": "text of at most 500 characters",
    "whole": "whole number within the limits",
    "percent": "whole number from 0 to 100",
}
