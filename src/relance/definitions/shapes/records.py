"""Shapes of mappings with known fields, and of values that are one of several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.definitions.shapes.core import Findings, Schema, Shape
from relance.definitions.shapes.sentences import did_you_mean, show, words
from relance.problems import pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(eq=False, repr=False)
class Field:
    """One field of a record, and what the reference says of it."""

    shape: Shape
    doc: str
    required: bool = False
    default: Any = None  # as the reference shows it
    missing_code: str = "missing_field"
    missing_says: str = ""


@dataclass(eq=False, repr=False)
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


@dataclass(eq=False, repr=False)
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
        found.records.append((self.name, path, value))
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


@dataclass(eq=False, repr=False)
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


@dataclass(eq=False, repr=False)
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


@dataclass(eq=False, repr=False)
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
