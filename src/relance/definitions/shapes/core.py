"""What a definition may look like, as data: the check, the JSON Schema and the reference tables are all read from it.

A shape answers three questions: what is wrong with a value (`check`), how a JSON Schema says it (`schema`), and how a
sentence calls it (`says`).

Shapes never change, but are no frozen classes: those take twice as long to make, and every `relance simulate` makes them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from relance.definitions.shapes.sentences import as_sentence, is_number, name_of, show, suggest, words
from relance.problems import Problem, Severity, pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """A place where a definition names something else."""

    kind: str  # of what is named: segment, template, event, ...
    name: str
    path: str


@dataclass(slots=True)
class Findings:
    """What a check came by: what is wrong, and what the checks that see more than one definition go on with."""

    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    records: list[tuple[str, str, Mapping[str, Any]]] = field(
        default_factory=list
    )  # each mapping that was met: shape, place, value
    conditions: list[tuple[Any, str]] = field(default_factory=list)  # outermost conditions, and their places
    filters: list[tuple[Any, str]] = field(default_factory=list)  # lists of clauses, and their places

    def add(self, code: str, message: str, path: str, severity: Severity = "error") -> None:
        self.problems.append(Problem(code, message, path, severity))


class Shape(ABC):
    """One kind of value."""

    says: str  # "must be ..."

    @abstractmethod
    def check(self, value: Any, path: str, found: Findings) -> None:
        """Add what is wrong with a value to `found`."""

    @abstractmethod
    def schema(self, named: dict[str, Schema]) -> Schema:
        """The JSON Schema of this shape; shapes with a name are added to `named` and referred to."""

    def refuse(self, value: Any, path: str, found: Findings, code: str = "wrong_type") -> None:
        found.add(code, f"{name_of(path)} must be {self.says}, not {show(value)}", path)


@dataclass(eq=False, repr=False)
class Text(Shape):
    """A text, with a form of its own where `pattern` or `test` say so."""

    says: str = "a text"
    code: str = "bad_value"
    pattern: str | None = None
    test: Callable[[str], bool] | None = None  # beyond what a pattern can tell
    least: int = 1
    most: int | None = None
    format: str | None = None
    examples: tuple[str, ...] = ()
    refers: str | None = None  # the kind of what it names
    name: str = ""  # in the JSON Schema, where it is too long to be repeated

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile(self.pattern) if self.pattern else None

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, str):
            self.refuse(value, path, found)
        elif len(value) < self.least:
            found.add("empty", f"{name_of(path)} must not be empty", path)
        elif self.most is not None and len(value) > self.most:
            found.add("too_long", f"{name_of(path)} has {len(value):,} characters: {self.most:,} is the most", path)
        elif (self._pattern and not self._pattern.fullmatch(value)) or (self.test and not self.test(value)):
            self.refuse(value, path, found, self.code)
        elif self.refers:
            found.references.append(Reference(self.refers, value, path))

    def schema(self, named: dict[str, Schema]) -> Schema:
        if not self.name:
            return self._schema()
        named.setdefault(
            self.name, {"title": self.name.replace("_", " "), "description": as_sentence(self.says), **self._schema()}
        )
        return {"$ref": f"#/$defs/{self.name}"}

    def _schema(self) -> Schema:
        made: Schema = {"type": "string"}
        if self.pattern:
            made["pattern"] = f"^(?:{self.pattern})$"
            made["patternErrorMessage"] = f"this must be {self.says}"  # read by editors
        elif self.least:
            made["minLength"] = self.least
        if self.most is not None:
            made["maxLength"] = self.most
        if self.format:
            made["format"] = self.format
        if self.examples:
            made["examples"] = list(self.examples)
        return made


@dataclass(eq=False, repr=False)
class Number(Shape):
    """A number within bounds, both included."""

    says: str = "a number"
    least: float | None = None
    most: float | None = None
    whole: bool = False

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not is_number(value) or (self.whole and value != int(value)):
            self.refuse(value, path, found)
        elif (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            self.refuse(value, path, found, "out_of_range")

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002
        made: Schema = {"type": "integer" if self.whole else "number"}
        if self.least is not None:
            made["minimum"] = self.least
        if self.most is not None:
            made["maximum"] = self.most
        return made


@dataclass(eq=False, repr=False)
class Truth(Shape):
    """True or false."""

    says: str = "true or false"
    only: bool | None = None

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, bool) or self.only not in {None, value}:
            self.refuse(value, path, found)

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return {"type": "boolean"} if self.only is None else {"const": self.only}


def words_schema(words: Mapping[str, str]) -> Schema:
    """The JSON Schema of some words, and what each means (`enumDescriptions` is read by editors)."""
    made: Schema = {"enum": list(words)}
    if any(words.values()):
        made["enumDescriptions"] = list(words.values())
    return made


@dataclass(eq=False, repr=False)
class Choice(Shape):
    """One of a few words."""

    options: tuple[str, ...]
    code: str = "bad_value"
    synonyms: Mapping[str, str] = field(default_factory=dict)  # what other tools call them
    docs: Mapping[str, str] = field(default_factory=dict)  # what each means, for editors

    @property
    def says(self) -> str:  # type: ignore[override]
        return words(self.options)

    def check(self, value: Any, path: str, found: Findings) -> None:
        if value in self.options and isinstance(value, str):
            return
        close = (self.synonyms.get(value) or suggest(value, self.options)) if isinstance(value, str) else ""
        if close:
            found.add(self.code, f"{name_of(path)} can not be {show(value)}: did you mean `{close}`?", path)
        else:
            found.add(self.code, f"{name_of(path)} must be {self.says}, not {show(value)}", path)

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return words_schema({option: self.docs.get(option, "") for option in self.options})


@dataclass(eq=False, repr=False)
class Anything(Shape):
    """Any JSON value."""

    says: str = "any value"

    def check(self, value: Any, path: str, found: Findings) -> None:
        pass

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return {}


@dataclass(eq=False, repr=False)
class ListOf(Shape):
    """A list of one kind of values."""

    item: Shape
    least: int = 0
    most: int | None = None
    empty_code: str = "empty"
    empty_says: str = ""

    @property
    def says(self) -> str:  # type: ignore[override]
        return "a list"

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, list):
            self.refuse(value, path, found)
            return
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            wanted = self.empty_says or (
                f"needs exactly {self.least} items" if self.least == self.most else f"needs at least {self.least} item"
            )
            found.add(self.empty_code, f"{name_of(path)} {wanted}", path)
        for n, item in enumerate(value):
            self.item.check(item, path + f"/{n}", found)

    def schema(self, named: dict[str, Schema]) -> Schema:
        made: Schema = {"type": "array", "items": self.item.schema(named)}
        if self.least:
            made["minItems"] = self.least
        if self.most is not None:
            made["maxItems"] = self.most
        return made


@dataclass(eq=False, repr=False)
class MapOf(Shape):
    """A mapping whose keys are the writer's own."""

    value: Shape
    key: Text | Choice | None = None
    least: int = 0

    @property
    def says(self) -> str:  # type: ignore[override]
        return "a mapping"

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, dict):
            self.refuse(value, path, found)
            return
        if len(value) < self.least:
            found.add("empty", f"{name_of(path)} must not be empty", path)
        for name, inner in value.items():
            at = path + pointer(name)
            if self.key is not None:
                self._check_key(self.key, name, at, found)
            self.value.check(inner, at, found)

    def _check_key(self, key: Text | Choice, name: str, at: str, found: Findings) -> None:
        wrong = Findings()
        key.check(name, at, wrong)
        if wrong.problems:
            found.add("bad_key", f"the key `{name[:60]}` must be {key.says}", at)

    def schema(self, named: dict[str, Schema]) -> Schema:
        made: Schema = {"type": "object", "additionalProperties": self.value.schema(named)}
        if self.key is not None:
            made["propertyNames"] = self.key.schema(named)
        if self.least:
            made["minProperties"] = self.least
        return made
