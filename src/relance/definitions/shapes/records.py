"""Shapes of mappings with known fields, and of values that are one of several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from relance.definitions.shapes.core import Findings, Schema, Shape, words_schema
from relance.definitions.shapes.sentences import as_sentence, did_you_mean, show, words
from relance.problems import pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


_TAGGED = frozenset(["condition", "entry", "schedule", "step", "target", "template"])  # what is one of several kinds


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
        {"allOf": [_excludes(*pair) for pair in pairs]},
    )


def _excludes(one: str, other: str) -> Schema:
    """Said so that an editor points at the second of them."""
    wrong = f"write only one of `{one}` and `{other}`"
    return {"if": {"required": [one]}, "then": {"properties": {other: False}, "errorMessage": wrong}}


def needs(name: str, other: str, says: str, code: str = "missing_field") -> Rule:
    """Where the one field is, the other must be too."""
    return Rule(code, lambda body: name in body and other not in body, says, {"dependentRequired": {name: [other]}}, name)


def snippets(doc: str, examples: Iterable[Mapping[str, Any]]) -> list[Schema]:
    """The examples as editors offer them; an empty list would be lost on the way into the file."""
    whole = [example for example in examples if all(value != [] for value in example.values())]
    return [{"label": in_one_line(example), "description": doc, "body": example} for example in whole]


def in_one_line(value: Any) -> str:
    """A value as YAML writes it in one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {in_one_line(inner)}' for name, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_one_line, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) and ":" in value and value[0].isdigit() else str(value)  # a time of day


@dataclass(eq=False, repr=False)
class Record(Shape):
    """A mapping with known fields; any other is an error."""

    name: str  # in the JSON Schema, and in the reference
    doc: str
    fields: Mapping[str, Field]
    rules: tuple[Rule, ...] = ()
    noun: str = "a mapping"
    examples: tuple[Mapping[str, Any], ...] = ()

    @property
    def title(self) -> str:
        """How an editor calls it: `did condition`, `message step`, `frequency cap`."""
        kind, _, name = self.name.partition("_")
        return f"{name} {kind}" if kind in _TAGGED and name else self.name.replace("_", " ")

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
                made["description"] = as_sentence(known.doc)
                if known.default is not None:
                    made["default"] = known.default
                if len(made.get("enum", ())) == 1:
                    made["enumDescriptions"] = [self.doc]  # the word that says which of several this is
                properties[name] = made
            made = {"title": self.title, "description": self.doc, "type": "object"}
            made |= {"properties": properties, "additionalProperties": False}
            if self.examples:
                made["examples"] = list(self.examples)
                made["defaultSnippets"] = snippets(self.doc, self.examples)
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
    doc: str = ""

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
            tags = words_schema({tag: record.doc for tag, record in self.records.items()})
            named[self.name] = {
                "title": self.name.replace("_", " "),
                **({"description": self.doc} if self.doc else {}),
                "type": "object",
                "required": [self.tag],
                "properties": {self.tag: tags},
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
