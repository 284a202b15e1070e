"""Mapping files: YAML or JSON → a checked `Mapping`. Every problem is listed, not only the first."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from relance.clock import parse_instant
from relance.errors import InvalidInput
from relance.imports.filters import ALONE, LISTS, OPERATORS, TEXTS
from relance.imports.mapping import (
    CALLS,
    FORMATS,
    TYPES,
    Clause,
    Column,
    ColumnValue,
    ConstantValue,
    CountValue,
    CsvOptions,
    EventRule,
    Fields,
    Grouping,
    Mapping,
    RowsValue,
    Skip,
    SumValue,
    TemplateValue,
    Value,
)
from relance.localtime import find_zone
from relance.problems import Problem, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_IN_TEMPLATE = re.compile(r"\{([^{}]*)\}")
# Bytes of these stand for themselves below 128, so that rows can be told apart before they are decoded.
ENCODINGS = ("utf-8", "ascii", "latin-1", "iso-8859-1", "iso-8859-15", "cp1250", "cp1252", "windows-1252", "mac-roman")


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        InvalidInput: the file can not be read, or the mapping has problems; all of them are listed.
    """
    return parse_mapping(read_mapping_file(path))


def read_mapping_file(path: Path) -> Any:
    """What stands in a mapping file, not checked.

    Raises:
        InvalidInput: the file can not be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise InvalidInput(problems=[Problem("mapping_unreadable", f"{path} can not be read: {e}")]) from e
    return _parse_text(text, path.name)


def _parse_text(text: str, name: str) -> Any:
    if name.endswith(".json"):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as e:
            raise InvalidInput(problems=[Problem("mapping_unreadable", f"{name} is not JSON: {e}")]) from e
    from relance.definitions.document import Unreadable
    from relance.definitions.read_yaml import parse_yaml

    try:
        parsed = parse_yaml(text)
    except Unreadable as e:
        raise InvalidInput(problems=[Problem("mapping_unreadable", f"{name}: {e.problem.message}")]) from e
    if parsed.problems:
        raise InvalidInput(problems=[Problem("mapping_unreadable", f"{name}: {p.message}") for p in parsed.problems])
    if len(parsed.values) != 1:
        raise InvalidInput(problems=[Problem("mapping_unreadable", f"{name} must hold one mapping")])
    return parsed.values[0]


def parse_mapping(obj: object) -> Mapping:
    """Check a mapping and make it typed.

    Raises:
        InvalidInput: the mapping has problems; all of them are listed.
    """
    reading = _Reading()
    mapping = reading.mapping(obj)
    if reading.problems:
        msg = "the mapping has problems"
        raise InvalidInput(msg, problems=reading.problems)
    return mapping


class _Reading:
    """One walk through a mapping, which notes what is wrong and goes on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, path: str, message: str, code: str = "invalid_mapping") -> None:
        self.problems.append(Problem(code, message, path))

    def members(self, obj: object, path: str, known: Iterable[str]) -> dict[str, Any]:
        if not isinstance(obj, dict):
            self.note(path, f"this must be an object with the keys {', '.join(known)}")
            return {}
        for key in obj:
            if key not in known:
                self.note(path + pointer(key), f"unknown key {key!r}; known here: {', '.join(known)}", "unknown_field")
        return obj

    def text(self, obj: object, path: str, default: str = "") -> str:
        if isinstance(obj, str) and obj:
            return obj
        self.note(path, "this must be a text")
        return default

    def texts(self, obj: object, path: str) -> tuple[str, ...]:
        """One text or a list of them."""
        items = [obj] if isinstance(obj, str) else obj
        if isinstance(items, list) and items and all(isinstance(i, str) and i for i in items):
            return tuple(items)
        self.note(path, "this must be the name of a column, or a list of names")
        return ()

    def one_of(self, obj: object, path: str, choice: Iterable[str], default: str) -> str:
        if isinstance(obj, str) and obj in choice:
            return obj
        self.note(path, f"{obj!r} is not one of {', '.join(choice)}")
        return default

    def nulls(self, obj: object, path: str) -> frozenset[str]:
        items = [obj] if isinstance(obj, str) else obj
        if isinstance(items, list) and all(isinstance(i, str) for i in items):
            return frozenset({"", *items})
        self.note(path, "this must be a text that means no value, or a list of such texts")
        return frozenset({""})

    def zone(self, obj: object, path: str, default: str) -> str:
        if find_zone(obj) is not None:
            return str(obj)
        self.note(path, f"{obj!r} is no time zone; write a name such as Europe/London")
        return default

    # ------------------------------------------------------------------------------------------------ the mapping
    def mapping(self, obj: object) -> Mapping:
        known = ("format", "source", "time_zone", "null", "csv", "columns", "skip_when", "group", "events")
        given = self.members(obj, "", known)
        time_zone = self.zone(given["time_zone"], "/time_zone", "UTC") if "time_zone" in given else "UTC"
        null = self.nulls(given["null"], "/null") if "null" in given else frozenset({""})
        columns = {}
        described = given.get("columns", {})
        if not isinstance(described, dict):
            self.note("/columns", "this must be an object: the name of each column, and its type")
            described = {}
        for name, shape in described.items():
            columns[str(name)] = self.column(str(name), shape, "/columns" + pointer(name), time_zone, null)
        rules = given.get("events")
        if not isinstance(rules, list) or not rules:
            self.note("/events", "a mapping needs a list of events that the rows make")
            rules = []
        events = tuple(self.rule(rule, f"/events/{i}", i) for i, rule in enumerate(rules))
        for i, event in enumerate(events):
            if event.id in {e.id for e in events[:i]}:
                self.note(f"/events/{i}/id", f"the id {event.id!r} is used twice")
        for i, event in enumerate(events):
            self.stamp(event, f"/events/{i}", columns, time_zone, null)
        skips = given.get("skip_when", [])
        if not isinstance(skips, list):
            self.note("/skip_when", "this must be a list of conditions on columns")
            skips = []
        group = self.grouping(given["group"], "/group") if given.get("group") is not None else None
        return Mapping(
            events=events,
            digest=blake2b(msgspec.json.encode(_as_json(obj), order="sorted"), digest_size=16).hexdigest(),
            format=self.one_of(given["format"], "/format", FORMATS, "csv") if "format" in given else None,  # type: ignore[arg-type]
            source=self.text(given["source"], "/source", "import") if "source" in given else "import",
            time_zone=time_zone,
            columns=columns,
            csv=self.csv(given["csv"], "/csv") if "csv" in given else CsvOptions(),
            null=null,
            skip_when=tuple(self.skip(s, f"/skip_when/{i}") for i, s in enumerate(skips)),
            group=group,
        )

    def stamp(self, rule: EventRule, path: str, columns: dict[str, Column], time_zone: str, null: frozenset[str]) -> None:
        """Look that an event's time is one. A column that nothing is said of holds dates and times."""
        match rule.timestamp:
            case ColumnValue(name) if name and name not in columns:
                columns[name] = Column(name, "datetime", time_zone=time_zone, null=null)
            case ColumnValue(name) if name and columns[name].type != "datetime":
                self.note(
                    f"{path}/timestamp", f"the column {name} is of type {columns[name].type}; a time needs the type datetime"
                )
            case ConstantValue(value) if value is not None and parse_instant(value) is None:
                self.note(f"{path}/timestamp", f"{value!r} is no instant; write one such as 2026-03-01T09:00:00Z")
            case RowsValue() | CountValue():
                self.note(f"{path}/timestamp", "this is no time; name the column that tells when it happened")
            case _:
                pass

    def csv(self, obj: object, path: str) -> CsvOptions:
        given = self.members(obj, path, ("delimiter", "quote", "encoding", "header"))
        delimiter = self.text(given.get("delimiter", ","), f"{path}/delimiter", ",")
        quote = self.text(given.get("quote", '"'), f"{path}/quote", '"')
        for name, sign in (("delimiter", delimiter), ("quote", quote)):
            if len(sign) != 1:
                self.note(f"{path}/{name}", f"{sign!r} must be a single character")
        encoding = str(given.get("encoding", "utf-8")).lower()
        if encoding not in ENCODINGS:
            self.note(f"{path}/encoding", f"{encoding!r} is not one of {', '.join(ENCODINGS)}")
            encoding = "utf-8"
        header = self.texts(given["header"], f"{path}/header") if given.get("header") is not None else None
        return CsvOptions(delimiter[:1], quote[:1], encoding, header)

    def column(self, name: str, obj: object, path: str, time_zone: str, null: frozenset[str]) -> Column:
        if isinstance(obj, str):
            return Column(name, self.one_of(obj, path, TYPES, "text"), time_zone=time_zone, null=null)
        given = self.members(obj, path, ("type", "format", "time_zone", "decimal", "thousands", "null"))
        kind = self.one_of(given.get("type", "text"), f"{path}/type", TYPES, "text")
        form = self.text(given.get("format", "iso"), f"{path}/format", "iso")
        if form not in {"iso", "unix", "unix_ms"} and "%" not in form:
            self.note(f"{path}/format", f"{form!r} is not iso, unix, unix_ms or a pattern such as %d/%m/%Y %H:%M")
        for key, kinds in (
            ("format", {"datetime"}),
            ("time_zone", {"datetime"}),
            ("decimal", _NUMERIC),
            ("thousands", _NUMERIC),
        ):
            if key in given and kind not in kinds:
                self.note(f"{path}/{key}", f"a column of type {kind} has no {key}")
        return Column(
            name, kind, form,
            self.zone(given["time_zone"], f"{path}/time_zone", "UTC") if "time_zone" in given else time_zone,
            self.text(given.get("decimal", "."), f"{path}/decimal", "."),
            self.text(given["thousands"], f"{path}/thousands") if given.get("thousands") else "",
            self.nulls(given["null"], f"{path}/null") if "null" in given else null,
        )  # fmt: skip

    def grouping(self, obj: object, path: str) -> Grouping:
        given = self.members(obj, path, ("by", "within_rows"))
        within = given.get("within_rows", 1)
        if not isinstance(within, int) or isinstance(within, bool) or not 1 <= within <= 100_000:
            self.note(f"{path}/within_rows", "this must be a number of rows, from 1 to 100000")
            within = 1
        return Grouping(self.texts(given.get("by"), f"{path}/by"), within)

    # ---------------------------------------------------------------------------------------------------- clauses
    def skip(self, obj: object, path: str) -> Skip:
        if isinstance(obj, dict) and "all" in obj:
            given = self.members(obj, path, ("all", "reason"))
            clauses = self.clauses(given["all"], f"{path}/all")
        else:
            given = obj if isinstance(obj, dict) else {}
            clauses = (self.clause({k: v for k, v in given.items() if k != "reason"} if given else obj, path),)
        reason = self.text(given["reason"], f"{path}/reason") if "reason" in given else " and ".join(map(_in_words, clauses))
        return Skip(clauses, reason)

    def clauses(self, obj: object, path: str) -> tuple[Clause, ...]:
        if isinstance(obj, dict):
            return (self.clause(obj, path),)
        if not isinstance(obj, list):
            self.note(path, "this must be a list of conditions on columns")
            return ()
        return tuple(self.clause(c, f"{path}/{i}") for i, c in enumerate(obj))

    def clause(self, obj: object, path: str) -> Clause:
        given = self.members(obj, path, ("column", "op", "value"))
        column = self.text(given.get("column"), f"{path}/column", "?")
        op = self.one_of(given.get("op"), f"{path}/op", OPERATORS, "is_set")
        value = _as_json(given.get("value"))
        if op in ALONE:
            if "value" in given:
                self.note(f"{path}/value", f"{op} takes no value")
        elif op in LISTS:
            if not isinstance(value, list) or not all(isinstance(v, str | int | float) for v in value):
                self.note(f"{path}/value", f"{op} needs a list of values")
                value = []
        elif not isinstance(value, str | int | float):
            self.note(f"{path}/value", f"{op} needs a value")
            value = ""
        elif op in TEXTS and not isinstance(value, str):
            self.note(f"{path}/value", f"{op} needs a text")
            value = ""
        if op == "matches":
            try:
                re.compile(value)
            except re.error as e:
                self.note(f"{path}/value", f"this is no regular expression: {e}")
                value = ""
        return Clause(column, op, value)

    # ----------------------------------------------------------------------------------------------------- events
    def rule(self, obj: object, path: str, index: int) -> EventRule:
        known = (
            "id", "type", "event", "user_id", "anonymous_id", "previous_id", "timestamp", "message_id", "properties", "traits",
            "context", "when",
        )  # fmt: skip
        given = self.members(obj, path, known)
        if not isinstance(obj, dict):
            return EventRule(str(index))
        kind = self.one_of(given.get("type", "track"), f"{path}/type", CALLS, "track")
        values = {
            k: self.value(given[k], f"{path}/{k}")
            for k in ("user_id", "anonymous_id", "previous_id", "timestamp")
            if k in given
        }
        if not values.keys() & {"user_id", "anonymous_id"}:
            self.note(path, "an event needs a user_id or an anonymous_id", "missing_field")
        if kind == "track" and "event" not in given:
            self.note(path, "a track call needs an event: its name, or {column: ...}", "missing_field")
        if kind == "track" and "timestamp" not in given:
            self.note(path, "a track call needs a timestamp: the column that tells when it happened", "missing_field")
        if kind == "alias" and "previous_id" not in given:
            self.note(path, "an alias call needs a previous_id", "missing_field")
        if "traits" in given and kind not in {"identify", "group"}:
            self.note(f"{path}/traits", f"a {kind} call has no traits; an identify call has")
        return EventRule(
            id=self.text(given["id"], f"{path}/id") if "id" in given else str(index),
            type=kind,
            event=self.name(given["event"], f"{path}/event") if "event" in given else None,
            message_id=self.texts(given["message_id"], f"{path}/message_id") if "message_id" in given else (),
            properties=self.fields(given.get("properties", {}), f"{path}/properties"),
            traits=self.fields(given.get("traits", {}), f"{path}/traits"),
            context=self.fields(given.get("context", {}), f"{path}/context"),
            when=self.clauses(given["when"], f"{path}/when") if "when" in given else (),
            **values,
        )

    def name(self, obj: object, path: str) -> Value:
        """An event's name: a text is the name itself, elsewhere it names a column."""
        return ConstantValue(obj) if isinstance(obj, str) and obj else self.value(obj, path)

    def fields(self, obj: object, path: str) -> Fields:
        if not isinstance(obj, dict):
            self.note(path, "this must be an object: the name of each field, and where its value comes from")
            return ()
        names = {str(name) for name in obj}
        for name in sorted(names):
            above = next((other for other in names if name.startswith(f"{other}.")), None)
            if above is not None:
                self.note(path + pointer(name), f"{above!r} is a value, so no field can stand within it")
            elif not all(name.split(".")):
                self.note(path + pointer(name), f"{name!r} is no name of a field: a part of it is empty")
        return tuple((str(name), self.value(value, path + pointer(name))) for name, value in obj.items())

    def value(self, obj: object, path: str) -> Value:
        if isinstance(obj, str) and obj:
            return ColumnValue(obj)
        kinds = ("column", "value", "template", "rows", "sum", "count")
        given = self.members(obj, path, (*kinds, "when", "digits", "negate"))
        named = [k for k in kinds if k in given]
        if len(named) != 1:
            if isinstance(obj, dict):
                self.note(path, f"this needs exactly one of {', '.join(kinds)}")
            return ConstantValue(None)
        kind = named[0]
        part, here = given[kind], f"{path}/{kind}"
        for extra, kinds_with in (("when", {"rows", "sum", "count"}), ("digits", {"sum"}), ("negate", {"sum"})):
            if extra in given and kind not in kinds_with:
                self.note(f"{path}/{extra}", f"a {kind} has no {extra}")
        when = self.clauses(given["when"], f"{path}/when") if "when" in given else ()
        if kind == "column":
            return ColumnValue(self.text(part, here))
        if kind == "value":
            return ConstantValue(_as_json(part))
        if kind == "template":
            text = self.text(part, here)
            return TemplateValue(text, tuple(_IN_TEMPLATE.findall(text)))
        if kind == "rows":
            return RowsValue(self.fields(part, here), when)
        if kind == "count":
            return CountValue(when)
        digits = given.get("digits", 6)
        if not isinstance(digits, int) or not 0 <= digits <= 12:
            self.note(f"{path}/digits", "this must be a number of decimals, from 0 to 12")
            digits = 6
        return SumValue(self.texts(part, here), when, digits, negate=given.get("negate") is True)


_NUMERIC = {"number", "integer"}


def _in_words(clause: Clause) -> str:
    return f"{clause.column} {clause.op}" + ("" if clause.op in ALONE else f" {clause.value}")


def _as_json(obj: Any) -> Any:
    """What YAML read, with its dates as the text they were."""
    if isinstance(obj, dict):
        return {str(k): _as_json(v) for k, v in obj.items()}
    if isinstance(obj, list):
        return [_as_json(v) for v in obj]
    return obj if isinstance(obj, str | int | float | bool) or obj is None else str(obj)
