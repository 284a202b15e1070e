"""YAML 1.2 with its core schema, read from the events of libyaml.

libyaml itself speaks YAML 1.1; the difference lies in what a plain scalar means, and that is decided here: `on`, `yes`
and dates are texts. PyYAML's events in C were measured against ruamel.yaml (the 80 lines of the segments scenario, one core):
1 ms against 25 ms, 80 ms against 240 ms to import on a busy machine, and `relance simulate` is started thousands of times.

Two habits of ours on top. Where only a text can stand (an id, the name of an event) a plain `7` or `true` is that text,
and keys are always texts. A whole number with zeros in front is a text too: a post code must not lose them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from relance.definitions.document import MAX_BYTES, MAX_DEPTH, MAX_VALUES, Parsed, Place, Unreadable, child, problem_at

if TYPE_CHECKING:
    from collections.abc import Iterator

if yaml.__with_libyaml__:
    from yaml import CLoader as _Loader
else:
    from yaml import Loader as _Loader  # type: ignore[assignment]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_OCTAL, _HEX = re.compile(r"0o[0-7]+"), re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_BEGINS_A_NUMBER = frozenset("+-.0123456789")
_TAG = "tag:yaml.org,2002:"
LARGEST_INTEGER = 1 << 63

# Under these keys only a text makes sense, so a plain scalar is one.
TEXT_KEYS = frozenset([
    "audience", "body", "event", "group", "id", "journey", "key", "kind", "link", "list", "message", "name", "next",
    "on_blocked", "on_failed", "on_timeout", "otherwise", "path", "prediction", "salt", "segment", "segment_entered",
    "segment_left", "source", "start", "step", "subject", "template", "title", "url",
])  # fmt: skip
TEXTS_INSIDE = frozenset(["channels"])  # template ids by channel
FREE_KEYS = frozenset(["properties", "set", "value"])  # whatever stands below these is data


class _Open:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "free", "key", "start_values", "start_weight", "texts", "value")

    def __init__(self, value: Any, anchor: str | None, counts: tuple[int, int], *, free: bool, texts: bool) -> None:
        self.value = value
        self.anchor = anchor
        self.key: str | None = None
        self.free = free  # data: nothing is known about its keys
        self.texts = texts  # every scalar directly below is a text
        self.start_values, self.start_weight = counts


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _events(text: str) -> Iterator[Any]:
    loader = _Loader(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        what = ", ".join(part for part in (e.context, e.problem) if part)
        raise Unreadable(problem_at("yaml_syntax", f"this is not YAML: {what}", _place(mark) if mark else None)) from e
    except yaml.YAMLError as e:  # the reader's, for characters that no YAML may hold
        raise Unreadable(problem_at("yaml_syntax", f"this is not YAML: {' '.join(str(e).split())}")) from e
    finally:
        loader.dispose()


def _number(text: str, place: Place) -> int | float | None:
    """The number that a plain scalar means, or None when it is a text."""
    if _INT.fullmatch(text):
        if len(text) > 20 or not -LARGEST_INTEGER <= int(text) < LARGEST_INTEGER:
            raise Unreadable(problem_at("number_too_large", f"{text[:24]} is too large for a number: put it in quotes", place))
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if number in {float("inf"), float("-inf")}:
            raise Unreadable(problem_at("number_too_large", f"{text[:24]} is too large for a number: put it in quotes", place))
        return number
    if _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        return int(text, 0) if len(text) <= 18 else None
    if _NO_NUMBER.fullmatch(text):
        raise Unreadable(
            problem_at("not_a_number", f"{text} is no number that can be compared: put it in quotes if it is a text", place)
        )
    return None


def _plain(text: str, place: Place) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _BEGINS_A_NUMBER:
        number = _number(text, place)
        return text if number is None else number
    return text


def _scalar(event: Any, *, as_text: bool) -> Any:
    text: str = event.value
    tag: str | None = event.tag
    if event.implicit[0]:
        if as_text:
            return None if text in _WORDS and _WORDS[text] is None else text
        return _plain(text, _place(event.start_mark))
    if tag is None or event.implicit[1] or tag in {"!", _TAG + "str"}:
        return text
    place = _place(event.start_mark)
    if tag in {_TAG + "int", _TAG + "float", _TAG + "bool", _TAG + "null"}:
        value = _plain(text, place)
        wanted = {"int": int, "float": (int, float), "bool": bool, "null": type(None)}[tag.removeprefix(_TAG)]
        if isinstance(value, wanted):  # type: ignore[arg-type]
            return float(value) if tag.endswith("float") else value
    raise Unreadable(
        problem_at("yaml_tag", f"{text[:40]!r} can not be read as {tag.removeprefix(_TAG)!r}: leave the tag out", place)
    )


class _Reader:
    """Builds the values of a stream of events, without recursion, and counts what it builds."""

    def __init__(self) -> None:
        self.parsed = Parsed([])
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int, int, int]] = {}  # value, values, weight, height
        self.values = 0
        self.weight = 0  # characters that aliases unfolded to

    def read(self, text: str) -> Parsed:
        for event in _events(text):
            kind = type(event)
            if kind is ScalarEvent:
                self._take_scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._begin({} if kind is MappingStartEvent else [], event)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._end()
            elif kind is AliasEvent:
                self._take_alias(event)
            elif kind is DocumentStartEvent:
                self.anchors.clear()
                self.parsed.values.append(None)
            elif kind is DocumentEndEvent:
                self.anchors.clear()
        return self.parsed

    def _count(self, n: int, event: Any) -> None:
        self.values += n
        if self.values > MAX_VALUES or self.weight > MAX_BYTES:
            msg = f"this holds more than {MAX_VALUES:,} values, its aliases unfolded: split it or use fewer aliases"
            raise Unreadable(problem_at("too_large", msg, _place(event.start_mark)))

    def _take_scalar(self, event: Any) -> None:
        around = self.open[-1] if self.open else None
        if around is not None and type(around.value) is dict and around.key is None:
            self._take_key(around, event)
            return
        as_text = around is not None and not around.free and (around.texts or around.key in TEXT_KEYS)
        try:
            value = _scalar(event, as_text=as_text)
        except Unreadable as e:  # the rest can be read: list it with the others
            self.parsed.problems.append(e.problem)
            value = event.value
        self._count(1, event)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1, len(event.value), 0)
        self._put(value)

    def _take_key(self, around: _Open, event: Any) -> None:
        key: str = event.value
        if key in around.value:
            self.parsed.problems.append(
                problem_at("duplicate_key", f"{key!r} stands here twice: keep one", _place(event.start_mark))
            )
        if key == "<<" and event.implicit[0]:
            msg = "`<<` is not part of YAML 1.2: write the fields out"
            self.parsed.problems.append(problem_at("merge_key", msg, _place(event.start_mark)))
        if event.anchor:
            self.anchors[event.anchor] = (key, 1, len(key), 0)
        self._count(1, event)
        around.key = key

    def _take_alias(self, event: Any) -> None:
        found = self.anchors.get(event.anchor)
        if found is None:
            msg = f"`*{event.anchor}` names no anchor that was finished before it: write `&{event.anchor}` on what it repeats"
            raise Unreadable(problem_at("yaml_alias", msg, _place(event.start_mark)))
        value, n, weight, height = found
        around = self.open[-1] if self.open else None
        if around is not None and type(around.value) is dict and around.key is None:
            raise Unreadable(
                problem_at("bad_key", "a key must be written out, not repeated by an alias", _place(event.start_mark))
            )
        self.weight += weight
        self._count(n, event)
        if len(self.open) + height > MAX_DEPTH:
            raise Unreadable(
                problem_at("too_deep", f"this is nested more than {MAX_DEPTH} deep: flatten it", _place(event.start_mark))
            )
        self._put(value)

    def _begin(self, value: Any, event: Any) -> None:
        around = self.open[-1] if self.open else None
        if around is not None and type(around.value) is dict and around.key is None:
            raise Unreadable(problem_at("bad_key", "a key must be a text, not a list or a mapping", _place(event.start_mark)))
        if event.tag not in {None, "!", _TAG + "map", _TAG + "seq"}:
            msg = f"the tag {event.tag!r} means nothing here: leave it out"
            raise Unreadable(problem_at("yaml_tag", msg, _place(event.start_mark)))
        if len(self.open) >= MAX_DEPTH:
            raise Unreadable(
                problem_at("too_deep", f"this is nested more than {MAX_DEPTH} deep: flatten it", _place(event.start_mark))
            )
        self._count(1, event)
        key = around.key if around is not None else None
        free = around is not None and (around.free or key in FREE_KEYS)
        texts = type(value) is dict and key in TEXTS_INSIDE
        self.open.append(_Open(value, event.anchor, (self.values, self.weight), free=free, texts=texts))

    def _end(self) -> None:
        done = self.open.pop()
        if done.anchor:
            size = self.values - done.start_values + 1
            self.anchors[done.anchor] = (done.value, size, _weight(done.value), _height(done.value))
        self._put(done.value)

    def _put(self, value: Any) -> None:
        if not self.open:
            self.parsed.values[-1] = value
            return
        around = self.open[-1]
        if type(around.value) is dict:
            around.value[around.key] = value
            around.key = None
        else:
            around.value.append(value)


def _weight(value: Any) -> int:
    """Characters of all texts inside. Called once for each anchor."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(k) + _weight(v) for k, v in value.items())
    return sum(map(_weight, value)) if isinstance(value, list) else 1


def _height(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_height, inside), default=0) if isinstance(value, (dict, list)) else 0


def parse_yaml(text: str) -> Parsed:
    """The documents of a text, an empty one as None.

    Raises:
        Unreadable: the text is not YAML, or is beyond what a definition may be.
    """
    return _Reader().read(text)


def locate_yaml(text: str) -> dict[str, Place]:
    """Where each value begins (in a mapping: its key), by JSON pointer with the number of the document in front."""
    places: dict[str, Place] = {}
    paths: list[list[Any]] = []  # pointer, key or index (None: a key comes next), is a mapping
    document = -1

    def enter(mark: Any) -> str:
        path = child(paths[-1][0], paths[-1][1]) if paths else child("", document)
        if not paths or not paths[-1][2]:
            places[path] = _place(mark)
        return path

    def leave() -> None:
        if paths:
            paths[-1][1] = None if paths[-1][2] else paths[-1][1] + 1

    for event in _events(text):
        kind = type(event)
        if kind is DocumentStartEvent:
            document += 1
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            mapping = kind is MappingStartEvent
            paths.append([enter(event.start_mark), None if mapping else 0, mapping])
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            paths.pop()
            leave()
        elif kind is ScalarEvent and paths and paths[-1][2] and paths[-1][1] is None:
            paths[-1][1] = event.value
            places[child(paths[-1][0], event.value)] = _place(event.start_mark)
        elif kind is ScalarEvent or kind is AliasEvent:
            enter(event.start_mark)
            leave()
    return places
