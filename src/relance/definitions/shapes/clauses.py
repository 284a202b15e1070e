"""`{path, op, value}`: the filters of `where`, and the condition on a trait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relance.definitions.shapes.core import Anything, Choice, Findings, ListOf, Number, Schema, Shape, Text
from relance.definitions.shapes.records import Either, Field, Record
from relance.definitions.shapes.sentences import is_number
from relance.definitions.shapes.words import DURATION, INSTANT_OR_DATE, PATH, TRUTH

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Scalar(Shape):
    """A text, a number or a truth value."""

    says = "a text, a number, true or false"

    def check(self, value: Any, path: str, found: Findings) -> None:
        if not isinstance(value, (str, int, float, bool)):
            self.refuse(value, path, found)

    def schema(self, named: dict[str, Schema]) -> Schema:  # noqa: ARG002 - one shape for all
        return {"type": ["string", "number", "boolean"]}


SCALAR = _Scalar()
_ANY_TEXT, _ANY_NUMBER = Text(least=0), Number()
ORDERED = Either(
    (_ANY_NUMBER, _ANY_TEXT),
    lambda value: _ANY_NUMBER if is_number(value) else _ANY_TEXT if isinstance(value, str) else None,
    "a number or a text",
)
# What each operator compares with; None where it needs nothing.
OPERANDS: Mapping[str, Shape | None] = {
    "eq": SCALAR,
    "ne": SCALAR,
    "in": ListOf(SCALAR),
    "not_in": ListOf(SCALAR),
    "gt": ORDERED,
    "gte": ORDERED,
    "lt": ORDERED,
    "lte": ORDERED,
    "between": ListOf(ORDERED, 2, 2),
    "contains": SCALAR,
    "not_contains": SCALAR,
    "starts_with": _ANY_TEXT,
    "ends_with": _ANY_TEXT,
    "matches": _ANY_TEXT,
    "is_set": None,
    "is_not_set": None,
    "is_true": None,
    "is_false": None,
    "before": INSTANT_OR_DATE,
    "after": INSTANT_OR_DATE,
    "within_last": DURATION,
    "within_next": DURATION,
    "more_than_ago": DURATION,
    "anniversary_within": DURATION,
}
# What each asks, for editors and the reference.
OPERATOR_DOCS: Mapping[str, str] = {
    "eq": "It is this, and of the same type.",
    "ne": "The exact opposite of `eq`: holds for what is missing too.",
    "in": "It is one of these.",
    "not_in": "The exact opposite of `in`: holds for what is missing too.",
    "gt": "It is greater: numbers with numbers, texts with texts.",
    "gte": "It is greater or the same.",
    "lt": "It is less: numbers with numbers, texts with texts.",
    "lte": "It is less or the same.",
    "between": "It lies between two numbers or two texts, both included.",
    "contains": "It has this as an element of a list, or as a part of a text.",
    "not_contains": "The exact opposite of `contains`: holds for what is missing too.",
    "starts_with": "It is a text that begins so.",
    "ends_with": "It is a text that ends so.",
    "matches": "It is a text in which this regular expression finds something.",
    "is_set": "There is something; compares with nothing.",
    "is_not_set": "There is nothing; compares with nothing.",
    "is_true": "It is true; compares with nothing.",
    "is_false": "It is false, not missing; compares with nothing.",
    "before": "It is a date or instant before this one.",
    "after": "It is a date or instant after this one.",
    "within_last": "It lies less than this long before now, and not after now.",
    "within_next": "It lies after now, at most this far.",
    "more_than_ago": "It lies this long before now, or longer.",
    "anniversary_within": "Its next anniversary is at most this far; the day itself counts.",
}
# What others call our operators.
SYNONYMS = {
    "=": "eq", "==": "eq", "equals": "eq", "equal": "eq", "is": "eq", "!=": "ne", "<>": "ne", "not_equals": "ne", "is_not": "ne",
    ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "exists": "is_set", "not_exists": "is_not_set", "regex": "matches",
    "one_of": "in", "like": "contains", "begins_with": "starts_with", "in_last": "within_last", "in_next": "within_next",
}  # fmt: skip


class Clause(Record):
    """A record whose `op` says what its `value` must be."""

    def __init__(
        self, name: str, doc: str, more: Mapping[str, Field], path_doc: str, examples: tuple[Mapping[str, Any], ...]
    ) -> None:
        fields = {
            **more,
            "path": Field(PATH, path_doc, required=True),
            "op": Field(Choice(tuple(OPERANDS), "bad_operator", SYNONYMS, OPERATOR_DOCS), "The operator.", required=True),
            "value": Field(Anything(), "What to compare with; what it must be depends on the operator."),
            "ignore_case": Field(TRUTH, "Compare texts without regard to case.", default=False),
        }
        super().__init__(name, doc, fields, noun="a filter `{path, op, value}`", examples=examples)

    def check(self, value: Any, path: str, found: Findings) -> None:
        super().check(value, path, found)
        op = value.get("op") if isinstance(value, dict) else None
        if not isinstance(op, str) or op not in OPERANDS:
            return
        operand = OPERANDS[op]
        if operand is None:
            if "value" in value:
                found.add("unknown_field", f"`{op}` compares with nothing: leave `value` out", path + "/value")
        elif "value" not in value:
            found.add("missing_field", f"`value` is missing: `{op}` compares with {operand.says}", path)
        else:
            operand.check(value["value"], path + "/value", found)

    def schema(self, named: dict[str, Schema]) -> Schema:
        known = self.name in named
        reference = super().schema(named)
        if not known:
            named[self.name]["allOf"] = [*self._demands(named)]
        return reference

    @staticmethod
    def _demands(named: dict[str, Schema]) -> list[Schema]:
        """One `if ... then` for all operators that compare with the same."""
        groups: dict[int, tuple[Shape | None, list[str]]] = {}
        for op, operand in OPERANDS.items():
            groups.setdefault(id(operand), (operand, []))[1].append(op)
        demands = []
        for operand, ops in groups.values():
            then: Schema = {"properties": {"value": False}, "errorMessage": "this operator compares with nothing"}
            if operand is not None:
                says = f"`{'`, `'.join(ops)}`: {operand.says}."
                then = {
                    "title": "value",
                    "properties": {"value": {**operand.schema(named), "description": says}},
                    "required": ["value"],
                }
            demands.append({"if": {"properties": {"op": {"enum": ops}}, "required": ["op"]}, "then": then})
        return demands


CLAUSE = Clause(
    "clause",
    "A filter over the properties of an event.",
    {},
    "Which property: a dotted path; lists match on any element.",
    (
        {"path": "total", "op": "gte", "value": 100},
        {"path": "products.category", "op": "eq", "value": "Shoes", "ignore_case": True},
        {"path": "coupon", "op": "is_set"},
    ),
)


class _Filters(ListOf):
    """A list of clauses, kept for the checks of `relance.conditions`."""

    def check(self, value: Any, path: str, found: Findings) -> None:
        super().check(value, path, found)
        found.filters.append((value, path))


WHERE = _Filters(CLAUSE)
WHERE_FIELD = Field(WHERE, "Filters over the event's properties; all must hold.")
