"""What a mapping says: which columns of a file make which parts of an event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Format = Literal["csv", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet")

TYPES = ("text", "number", "integer", "boolean", "datetime", "json")
CALLS = ("track", "identify", "page", "screen", "group", "alias")

# How many rows may lie between two rows of one group; 1 means that they stand together.
WITHIN_ROWS = 1


@dataclass(frozen=True)
class Column:
    """How the text of one column becomes a value."""

    name: str
    type: str = "text"
    format: str = "iso"  # of a datetime: iso, unix, unix_ms or a pattern such as %d/%m/%Y %H:%M
    time_zone: str = "UTC"  # of a datetime that names no offset
    decimal: str = "."
    thousands: str = ""
    null: frozenset[str] = frozenset({""})  # texts that mean "no value"


@dataclass(frozen=True)
class Clause:
    """One question about one column, with the words of the condition language."""

    column: str
    op: str
    value: Any = None


@dataclass(frozen=True)
class Skip:
    """Rows that are left out on purpose: all of the clauses hold."""

    clauses: tuple[Clause, ...]
    reason: str


@dataclass(frozen=True)
class ColumnValue:
    """The value of a column, in the first row of a group."""

    column: str


@dataclass(frozen=True)
class ConstantValue:
    """The same value for every event."""

    value: Any


@dataclass(frozen=True)
class TemplateValue:
    """A text with `{column}` in it; no value where one of its columns has none."""

    text: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class RowsValue:
    """A list with one object for each row of the group."""

    fields: tuple[tuple[str, Value], ...]
    when: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class SumValue:
    """The sum over the group's rows of the product of some columns."""

    columns: tuple[str, ...]
    when: tuple[Clause, ...] = ()
    digits: int = 6
    negate: bool = False


@dataclass(frozen=True)
class CountValue:
    """How many rows of the group there are."""

    when: tuple[Clause, ...] = ()


Value = ColumnValue | ConstantValue | TemplateValue | RowsValue | SumValue | CountValue
Fields = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class EventRule:
    """One event that a row, or a group of rows, makes."""

    id: str
    type: str = "track"
    event: Value | None = None
    user_id: Value | None = None
    anonymous_id: Value | None = None
    previous_id: Value | None = None
    timestamp: Value | None = None
    message_id: tuple[str, ...] = ()  # columns that name the event for good; else the row's content and number do
    properties: Fields = ()
    traits: Fields = ()
    context: Fields = ()
    when: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Grouping:
    """Which rows make one event together."""

    by: tuple[str, ...]
    within_rows: int = WITHIN_ROWS


@dataclass(frozen=True)
class CsvOptions:
    """How a CSV file is written."""

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    header: tuple[str, ...] | None = None  # the names, where the file has no header row


@dataclass(frozen=True)
class Mapping:
    """A whole mapping. `digest` changes when its meaning may have changed."""

    events: tuple[EventRule, ...]
    digest: str
    format: Format | None = None
    source: str = "import"
    time_zone: str = "UTC"
    columns: dict[str, Column] = field(default_factory=dict)
    csv: CsvOptions = field(default_factory=CsvOptions)
    null: frozenset[str] = frozenset({""})
    skip_when: tuple[Skip, ...] = ()
    group: Grouping | None = None

    def column(self, name: str) -> Column:
        """How to read a column; those that the mapping does not describe are text."""
        return self.columns.get(name) or Column(name, time_zone=self.time_zone, null=self.null)

    def columns_used(self) -> list[str]:
        """Every column the mapping asks for, in the order of first use."""
        names: dict[str, None] = dict.fromkeys(self.group.by if self.group else ())
        for skip in self.skip_when:
            names.update(dict.fromkeys(clause.column for clause in skip.clauses))
        for rule in self.events:
            names.update(dict.fromkeys(clause.column for clause in rule.when))
            names.update(dict.fromkeys(rule.message_id))
            parts = (rule.event, rule.user_id, rule.anonymous_id, rule.previous_id, rule.timestamp)
            fields = (*rule.properties, *rule.traits, *rule.context)
            for value in (*parts, *(v for _, v in fields)):
                names.update(dict.fromkeys(_columns_of(value)))
        return list(names)


def _columns_of(value: Value | None) -> list[str]:
    match value:
        case ColumnValue(column):
            return [column]
        case TemplateValue(_, columns):
            return list(columns)
        case RowsValue(fields, when):
            return [name for _, inner in fields for name in _columns_of(inner)] + [clause.column for clause in when]
        case SumValue(columns, when):
            return [*columns, *(clause.column for clause in when)]
        case CountValue(when):
            return [clause.column for clause in when]
        case _:
            return []
