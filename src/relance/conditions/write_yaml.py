"""Values written as YAML that means the same to YAML 1.1 and 1.2: conditions and the definitions around them.

What fits stands on one line, as `{type: did, event: Email Opened, within: 72h}`; a text is plain only where nobody could read
it as anything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import yaml

_WIDTH = 116  # of a mapping or list on one line
_PLAIN = re.compile(r"(?:[^\W\d_](?:[\w ,./'()-]*[\w.)])?|[0-9]+[smhdw])")
_WORDS = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"])


def as_yaml(*documents: Any) -> str:
    """Definitions, or other values, as one YAML text, three dashes between them.

    Args:
        documents: mappings, lists and plain values; what has a `to_dict`, such as conditions, may stand anywhere inside.
    """
    return "---\n".join(map(_document, map(as_plain, documents)))


def as_plain(value: Any) -> Any:
    """A value with the definition of each condition in place of the condition."""
    if hasattr(value, "to_dict"):
        return as_plain(value.to_dict())
    if isinstance(value, dict):
        return {str(name): as_plain(inner) for name, inner in value.items()}
    return [as_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _document(value: Any) -> str:
    import yaml

    text: str = yaml.serialize(_node(value, _WIDTH), Dumper=yaml.SafeDumper, allow_unicode=True, width=100_000)
    return text.removesuffix("...\n")


def _node(value: Any, room: int) -> yaml.Node:
    import yaml

    if isinstance(value, dict):
        pairs = [(_text(key, block=False), _node(inner, room - len(key) - 2)) for key, inner in value.items()]
        flow = _fits(value, room) and not _is_definition(value)
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)
    if isinstance(value, list):
        items = [_node(inner, room - 2) for inner in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=_fits(value, room))
    if isinstance(value, str):
        return _text(value, block=True)
    node: yaml.Node = yaml.SafeDumper(_Nowhere()).represent_data(value)
    return node


class _Nowhere:
    """Where a dumper writes that is only asked for nodes."""

    def write(self, text: str) -> None: ...


def _is_definition(value: Mapping[str, Any]) -> bool:
    return "kind" in value


def _text(text: str, *, block: bool) -> yaml.ScalarNode:
    import yaml

    style = None if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else '"'
    if style and block and "\n" in text and text.isprintable() and not text.startswith((" ", "\n")):
        style = "|"
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


def _fits(value: Any, room: int) -> bool:
    """Whether a value may stand on one line: short, and no group of conditions in it."""
    if isinstance(value, dict):
        inside = list(value.values())
        if value.get("type") in ("all", "any") and value.get("of"):
            return False
    else:
        inside = list(value)
    nested = [inner for inner in inside if isinstance(inner, (dict, list))]
    return len(str(value)) <= room and all(_fits(inner, room) for inner in nested)
