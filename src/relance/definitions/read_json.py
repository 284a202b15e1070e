"""JSON definitions: strict, without the numbers and texts that JSON should not hold."""

from __future__ import annotations

import json
import re
from typing import Any

from relance.definitions.document import MAX_DEPTH, MAX_VALUES, Parsed, Place, Unreadable, child, problem_at

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def _integer(text: str) -> int:
    if len(text) > 20 or not -(1 << 63) <= int(text) < 1 << 63:
        raise Unreadable(problem_at("number_too_large", f"{text[:24]} is too large for a number: make it a text"))
    return int(text)


def _real(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise Unreadable(problem_at("number_too_large", f"{text[:24]} is too large for a number: make it a text"))
    return number


def _no_constant(text: str) -> float:
    raise Unreadable(problem_at("not_a_number", f"{text} is no number that can be compared: make it a text or leave it out"))


def check_value(value: object) -> None:
    """Refuse what is too deep, too large, or holds half a character.

    Raises:
        Unreadable: it is.
    """
    todo: list[tuple[object, int]] = [(value, 0)]
    n = 0
    while todo:
        item, depth = todo.pop()
        n += 1
        if isinstance(item, str):
            if not item.isascii():
                _check_text(item)
        elif isinstance(item, (dict, list)):
            if depth >= MAX_DEPTH:
                raise Unreadable(problem_at("too_deep", f"this is nested more than {MAX_DEPTH} deep: flatten it"))
            if isinstance(item, dict):
                for key in item:
                    _check_text(key)
            todo.extend((inner, depth + 1) for inner in (item.values() if isinstance(item, dict) else item))
    if n > MAX_VALUES:
        raise Unreadable(problem_at("too_large", f"this holds more than {MAX_VALUES:,} values: split it"))


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as e:
        msg = f"a text holds half a character (a lone surrogate, \\u{ord(text[e.start]):04x}): write the whole character"
        raise Unreadable(problem_at("half_a_character", msg)) from e


def parse_json(text: str) -> Parsed:
    """The definitions of a JSON text: one object, or a list of them.

    Raises:
        Unreadable: the text is not JSON, or is beyond what a definition may be.
    """
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            twice.extend(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return found

    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=_no_constant, parse_int=_integer, parse_float=_real)
    except json.JSONDecodeError as e:
        raise Unreadable(problem_at("json_syntax", f"this is not JSON: {e.msg}", (e.lineno, e.colno))) from e
    except RecursionError as e:
        raise Unreadable(problem_at("too_deep", f"this is nested more than {MAX_DEPTH} deep: flatten it")) from e
    check_value(value)
    parsed = Parsed(value if isinstance(value, list) else [value])
    parsed.problems += [problem_at("duplicate_key", f"{key!r} stands twice in one object: keep one") for key in twice]
    return parsed


def locate_json(text: str) -> dict[str, Place]:
    """Where each value begins (in an object: its key), by JSON pointer with the number of the document in front."""
    places: dict[str, Place] = {}
    line_starts = [0, *(m.end() for m in re.finditer("\n", text))]
    line = 0
    paths: list[list[Any]] = []  # pointer, key or index (None: a key comes next), is an object
    top_is_list = text.lstrip().startswith("[")

    for found in _TOKEN.finditer(text):
        word, start = found.group(), found.start()
        while line + 1 < len(line_starts) and line_starts[line + 1] <= start:
            line += 1
        place = (line + 1, start - line_starts[line] + 1)
        around = paths[-1] if paths else None
        if word in "}]":
            paths.pop()
        elif word == ",":
            if around is not None:
                around[1] = None if around[2] else around[1] + 1
        elif word == ":":
            continue
        elif around is not None and around[2] and around[1] is None:
            around[1] = str(json.loads(word))
            places[child(around[0], str(around[1]))] = place
        else:
            path = child(around[0], around[1]) if around is not None else "" if top_is_list else "/0"
            places.setdefault(path, place)
            if word in "{[":
                paths.append([path, None if word == "{" else 0, word == "{"])
    return places
