"""How problems speak: of places, values and the words that were meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


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


def as_sentence(text: str) -> str:
    """What the reference says of a field: a capital at its beginning, a full stop at its end."""
    return text if text.startswith("`") and text.count("`") == 2 else f"{text[:1].upper()}{text[1:].rstrip('.')}."
