"""A condition written as Python: what `repr` shows, ready to be pasted into a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_SIGNS = {"eq": "==", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_TIMES = {"eq": "exactly", "gte": "at_least", "lte": "at_most"}
_WINDOW = ("within", "between", "since", "before")


def as_python(source: Mapping[str, Any]) -> str:
    """A condition, as `relance.conditions` writes it."""
    kind = source["type"]
    if kind == "not":
        return f"~{_bracketed(source['of'])}"
    if kind in ("all", "any"):
        return _group(kind, source["of"])
    return _LEAVES[kind](source)


def filters_as_python(clauses: Iterable[Mapping[str, Any]]) -> str:
    """What a `where` holds."""
    made = [_comparison("prop", clause) for clause in clauses]
    return made[0] if len(made) == 1 else f"[{', '.join(made)}]"


def step_as_python(step: Mapping[str, Any]) -> str:
    """One event of a sequence."""
    if set(step) == {"event"}:
        return repr(step["event"])
    return _call("then", repr(step["event"]), **_where(step), **_named(step, "within"))


def _group(kind: str, parts: list[Mapping[str, Any]]) -> str:
    if not parts:
        return "everyone" if kind == "all" else "nobody"
    if not _is_joined({"type": kind, "of": parts}):  # operators would not keep these apart
        return _call(f"{kind}_of", *map(as_python, parts))
    return (" & " if kind == "all" else " | ").join(map(_bracketed, parts))


def _bracketed(source: Mapping[str, Any]) -> str:
    """In brackets where `&`, `|` and `~` would take it apart."""
    return f"({as_python(source)})" if _is_joined(source) or _is_compared(source) else as_python(source)


def _is_joined(source: Mapping[str, Any]) -> bool:
    kind = source["type"]
    return kind in ("all", "any") and len(source["of"]) > 1 and all(part["type"] != kind for part in source["of"])


def _is_compared(source: Mapping[str, Any]) -> bool:
    """Whether it ends in a sign and a value."""
    kind = source["type"]
    if kind == "trait":
        return source["op"] in _SIGNS
    if kind == "predicted":
        asked = next((source[name] for name in (*_SCORES, "category") if name in source), ())
        return len(asked) == 1
    if kind != "did":
        return False
    if "aggregate" in source:
        return len(_limits(source["aggregate"])) == 1
    return len(source.get("times", ())) == 1 and not set(source["times"]) <= set(_TIMES)


def _limits(figure: Mapping[str, Any]) -> dict[str, Any]:
    return {op: value for op, value in figure.items() if op in _SIGNS}


def _call(name: str, *given: str, **named: str) -> str:
    return f"{name}({', '.join([*given, *(f'{key}={value}' for key, value in named.items())])})"


def _named(source: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {name: repr(tuple(source[name]) if name == "between" else source[name]) for name in names if name in source}


def _where(source: Mapping[str, Any]) -> dict[str, str]:
    return {"where": filters_as_python(source["where"])} if source.get("where") else {}


def _comparison(word: str, clause: Mapping[str, Any]) -> str:
    place = _call(word, repr(clause["path"]), **({"ignore_case": "True"} if clause.get("ignore_case") else {}))
    op = clause["op"]
    if op in _SIGNS:
        return f"{place} {_SIGNS[op]} {clause['value']!r}"
    if op == "between":
        return f"{place}.between({clause['value'][0]!r}, {clause['value'][1]!r})"
    return f"{place}.{'in_' if op == 'in' else op}({repr(clause['value']) if 'value' in clause else ''})"


def _limited(figure: str, limits: Mapping[str, Any]) -> str:
    if len(limits) == 1:
        op, value = next(iter(limits.items()))
        return f"{figure} {_SIGNS[op]} {value!r}"
    if list(limits) == ["gte", "lte"]:
        return f"{figure}.between({limits['gte']!r}, {limits['lte']!r})"
    return _call(f"{figure}.meets", **{op: repr(value) for op, value in limits.items()})


def _did(source: Mapping[str, Any]) -> str:
    times = source.get("times", {})
    event = repr(source["event"])
    if times == {"eq": 0}:
        text = _call("did_not", event, **_where(source), **_named(source, *_WINDOW))
    elif set(times) <= set(_TIMES):
        often = {_TIMES[op]: repr(value) for op, value in times.items()}
        text = _call("did", event, **_where(source), **often, **_named(source, *_WINDOW))
    else:
        text = _limited(_call("did", event, **_where(source), **_named(source, *_WINDOW)) + ".times", times)
    aggregate = source.get("aggregate")
    if aggregate is None:
        return text
    text = text if text.endswith(")") else f"({text})"
    return _limited(f"{text}.{aggregate['fn']}({aggregate['path']!r})", _limits(aggregate))


_SCORES = ("score", "percentile", "value")


def _predicted(source: Mapping[str, Any]) -> str:
    prediction = _call("predicted", repr(source["prediction"]), **_named(source, "within"))
    if "top" in source:
        return _call(f"{prediction}.top", repr(source["top"]))
    for name in _SCORES:
        if name in source:
            return _limited(f"{prediction}.{name}", source[name])
    chosen = source["category"]
    return f"{prediction}.category == {chosen[0]!r}" if len(chosen) == 1 else f"{prediction}.category.in_({chosen!r})"


def _subscribed(source: Mapping[str, Any]) -> str:
    given = [repr(source["group"])] if "group" in source else []
    return _call("subscribed", *given, **_named(source, "channel"))


_LEAVES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "trait": lambda s: _comparison("trait", s),
    "did": _did,
    "sequence": lambda s: _call("sequence", *map(step_as_python, s["steps"]), **_named(s, *_WINDOW)),
    "can_receive": lambda s: _call("can_receive", repr(s["channel"]), **_named(s, "because")),
    "subscribed": _subscribed,
    "in_segment": lambda s: _call("in_segment", repr(s["segment"])),
    "in_list": lambda s: _call("in_list", repr(s["list"])),
    "predicted": _predicted,
    "message": lambda s: _call("message", repr(s["source"]), **_named(s, "step", "status", *_WINDOW)),
    "journey": lambda s: _call("journey", repr(s["journey"]), **_named(s, "state", "step")),
    "near": lambda s: _call("near", repr(s["path"]), **_named(s, "lat", "lon", "km")),
    "bucket": lambda s: _call("bucket", repr(s["salt"]), repr(s["from"]), repr(s["to"])),
}
