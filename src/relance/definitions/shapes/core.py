"""What a definition may look like, as data: the check, the JSON Schema and the reference tables are all read from it.

A shape answers three questions: what is wrong with a value (`check`), how a JSON Schema says it (`schema`), and how a
sentence calls it (`says`).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from relance.problems import Problem, Severity, pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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
    records: list[tuple[str, str]] = field(default_factory=list)  # the name of each record that was met, and its place
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


def name_of(path: str) -> str:
    """How a sentence calls the place of a problem."""
    names = path.split("/")
    last = names[-1].replace("~1", "/").replace("~0", "~")
    if not last:
        return "this"
    return f"item {int(last) + 1} of `{names[-2]}`" if last.isdecimal() and len(names) > 2 else f"`{last}`"


def show(value: Any) -> str:
    """A value as a sentence shows it."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f'the text "{value if len(value) <= 60 else value[:57] + "..."}"'
    return f"the number {value}"


def is_number(value: object) -> bool:
    """True for a JSON number; a truth value is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def suggest(word: str, known: Iterable[str], *, closeness: float = 0.6) -> str:
    """The known word that was meant, or ''. A closeness of 1 is the same."""
    from difflib import get_close_matches

    folded = {k.lower(): k for k in known}
    close = get_close_matches(word.lower()[:80], folded, n=1, cutoff=closeness)
    return folded[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence: what was meant, or what there is."""
    known = list(known)
    close = suggest(word, known)
    if close:
        return f"did you mean `{close}`?"
    if len(known) > 24:
        return f"there are {len(known)}, none is close to it"
    return f"there {'is' if len(known) == 1 else 'are'} {words(known, 'and')}" if known else "there is none"


def words(names: Iterable[str], last: str = "or") -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{n}`" for n in names]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


@dataclass(frozen=True, eq=False)
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

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002 - one shape for all
        made: Schema = {"type": "string"}
        if self.pattern:
            made["pattern"] = f"^(?:{self.pattern})$"
        elif self.least:
            made["minLength"] = self.least
        if self.most is not None:
            made["maxLength"] = self.most
        if self.format:
            made["format"] = self.format
        if self.examples:
            made["examples"] = list(self.examples)
        return made


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class Truth(Shape):
    """True or false."""

    says: str = "true or false"
    only: bool | None = None

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, bool) or self.only not in {None, value}:
            self.refuse(value, path, found)

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return {"type": "boolean"} if self.only is None else {"const": self.only}


@dataclass(frozen=True, eq=False)
class Choice(Shape):
    """One of a few words."""

    options: tuple[str, ...]
    code: str = "bad_value"
    synonyms: Mapping[str, str] = field(default_factory=dict)  # what other tools call them

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
        return {"enum": list(self.options)}


@dataclass(frozen=True, eq=False)
class Anything(Shape):
    """Any JSON value."""

    says: str = "any value"

    def check(self, value: Any, path: str, found: Findings) -> None:
        pass

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002
        return {}


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a record, and what the reference says of it."""

    shape: Shape
    doc: str
    required: bool = False
    default: Any = None  # as the reference shows it
    missing_code: str = "missing_field"
    missing_says: str = ""


@dataclass(frozen=True, eq=False)
class Rule:
    """What fields of one record demand of each other."""

    code: str
    broken: Callable[[Mapping[str, Any]], bool]
    says: str  # the sentence
    as_schema: Schema
    field: str = ""  # where the problem is shown; the record when there is none of that name


def exactly_one(*names: str, code: str = "choose_one") -> Rule:
    """One of the fields must be there, and no other of them."""
    return Rule(
        code,
        lambda body: sum(n in body for n in names) != 1,
        f"write exactly one of {words(names, 'and')}",
        {"oneOf": [{"required": [n]} for n in names]},
    )


def at_most_one(*names: str, code: str = "choose_one") -> Rule:
    """The fields exclude each other."""
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    return Rule(
        code,
        lambda body: sum(n in body for n in names) > 1,
        f"write only one of {words(names, 'and')}",
        {"allOf": [{"not": {"required": list(pair)}} for pair in pairs]},
    )


def needs(name: str, other: str, says: str, code: str = "missing_field") -> Rule:
    """Where the one field is, the other must be too."""
    return Rule(code, lambda body: name in body and other not in body, says, {"dependentRequired": {name: [other]}}, name)


@dataclass(frozen=True, eq=False)
class Record(Shape):
    """A mapping with known fields; any other is an error."""

    name: str  # in the JSON Schema, and in the reference
    doc: str
    fields: Mapping[str, Field]
    rules: tuple[Rule, ...] = ()
    noun: str = "a mapping"

    @property
    def says(self) -> str:  # type: ignore[override]
        return self.noun

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, dict):
            self.refuse(value, path, found)
            return
        found.records.append((self.name, path))
        for name, inner in value.items():
            known = self.fields.get(name)
            at = path + pointer(name)
            if known is None:
                hint = did_you_mean(name, [n for n in self.fields if n not in value] or self.fields)
                found.add("unknown_field", f"`{name[:60]}` is no field of {self.name_in_words}: {hint}", at)
            else:
                known.shape.check(inner, at, found)
        for name, wanted in self.fields.items():
            if wanted.required and name not in value:
                says = wanted.missing_says or f"`{name}` is missing: {wanted.doc}"
                found.add(wanted.missing_code, says, path)
        for rule in self.rules:
            if rule.broken(value):
                at = path + pointer(rule.field) if rule.field in value else path
                found.add(rule.code, rule.says, at)

    @property
    def name_in_words(self) -> str:
        text = self.name.replace("_", " ")
        return f"{'an' if text[0] in 'aeiou' else 'a'} {text}" if not text.endswith("s") else f"the {text}"

    def schema(self, named: dict[str, Schema]) -> Schema:
        if self.name not in named:
            named[self.name] = {}  # against recursion
            properties = {}
            for name, known in self.fields.items():
                made = dict(known.shape.schema(named))
                made["description"] = known.doc
                if known.default is not None:
                    made["default"] = known.default
                properties[name] = made
            made = {"description": self.doc, "type": "object", "properties": properties, "additionalProperties": False}
            required = [n for n, f in self.fields.items() if f.required]
            if required:
                made["required"] = required
            demands = [rule.as_schema for rule in self.rules if rule.as_schema]
            if demands:
                made["allOf"] = demands
            named[self.name] = made
        return {"$ref": f"#/$defs/{self.name}"}


@dataclass(frozen=True, eq=False)
class Tagged(Shape):
    """One of several records, told apart by the word in one field."""

    name: str
    tag: str
    records: Mapping[str, Record]
    noun: str
    unknown_code: str = "unknown_type"

    @property
    def says(self) -> str:  # type: ignore[override]
        return self.noun

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, dict):
            self.refuse(value, path, found)
            return
        tag = value.get(self.tag)
        record = self.records.get(tag) if isinstance(tag, str) else None
        if record is not None:
            record.check(value, path, found)
        elif self.tag not in value:
            says = f"`{self.tag}` is missing: write {words(self.records)}"
            found.add("missing_field", says, path)
        else:
            hint = did_you_mean(str(tag), self.records)
            says = f"{show(tag)} is no `{self.tag}` of {self.noun}: {hint}"
            found.add(self.unknown_code, says, path + pointer(self.tag))

    def schema(self, named: dict[str, Schema]) -> Schema:
        if self.name not in named:
            named[self.name] = {}
            named[self.name] = {
                "type": "object",
                "required": [self.tag],
                "properties": {self.tag: {"enum": list(self.records)}},
                "allOf": [
                    {"if": {"properties": {self.tag: {"const": tag}}, "required": [self.tag]}, "then": record.schema(named)}
                    for tag, record in self.records.items()
                ],
            }
        return {"$ref": f"#/$defs/{self.name}"}


@dataclass(frozen=True, eq=False)
class Either(Shape):
    """One of several shapes; `choose` picks the one that the writer seems to mean."""

    shapes: tuple[Shape, ...]
    choose: Callable[[Any], Shape | None]
    says: str

    def check(self, value: Any, path: str, found: Findings) -> None:
        meant = self.choose(value)
        if meant is None:
            self.refuse(value, path, found)
        else:
            meant.check(value, path, found)

    def schema(self, named: dict[str, Schema]) -> Schema:
        return {"anyOf": [shape.schema(named) for shape in self.shapes]}


@dataclass(frozen=True, eq=False)
class Lazy(Shape):
    """A shape that is made later: for conditions inside conditions."""

    make: Callable[[], Shape]
    says: str = "a mapping"
    _made: list[Shape] = field(default_factory=list)

    def _shape(self) -> Shape:
        if not self._made:
            self._made.append(self.make())
        return self._made[0]

    def check(self, value: Any, path: str, found: Findings) -> None:
        self._shape().check(value, path, found)

    def schema(self, named: dict[str, Schema]) -> Schema:
        return self._shape().schema(named)


def by_field(value: Any, shapes: Mapping[str, Shape]) -> Shape | None:
    """The first shape whose field a mapping has."""
    if isinstance(value, dict):
        for name, shape in shapes.items():
            if name in value:
                return shape
    return None
