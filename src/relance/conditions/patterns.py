r"""Regular expressions of `matches`: the subset that RE2 and Python read alike.

A pattern is read once and written twice, for RE2 (the warehouses) and for Python, so that both find the same:
`\\d \\w \\s \\b` are ASCII, `.` is no line break, `$` is the very end of the text. Anything where the two part company
(look-around, back references, possessive quantifiers, inline flags, Unicode classes) is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_PATTERN = 1000
MAX_REPEAT = 1000  # what RE2 takes

_ESCAPED_SPACE = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_SPACES = r"\t\n\f\r "
_REPEAT = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}", re.ASCII)
_GROUP_NAME = re.compile(r"\?P<[A-Za-z_][A-Za-z0-9_]*>", re.ASCII)


class InvalidPattern(ValueError):
    """The regular expression can not be used."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One regular expression, written for both readers."""

    re2: str
    python: str


def compile_pattern(source: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """The pattern for Python. Under `ignore_case` it is to be searched in case-folded text.

    Raises:
        InvalidPattern: what is wrong, in a sentence.
    """
    return _compile(source, ignore_case)


@lru_cache(maxsize=1024)
def _compile(source: str, ignore_case: bool) -> re.Pattern[str]:  # noqa: FBT001 - a cache key
    try:
        return re.compile(read_pattern(source, ignore_case=ignore_case).python, re.ASCII)
    except re.error as e:
        msg = f"it is no regular expression: {e}"
        raise InvalidPattern(msg) from e


def read_pattern(source: str, *, ignore_case: bool = False) -> Pattern:
    """Read a regular expression.

    Raises:
        InvalidPattern: what is wrong, in a sentence.
    """
    if len(source) > MAX_PATTERN:
        msg = f"it is longer than {MAX_PATTERN} characters"
        raise InvalidPattern(msg)
    return _Reader(source, ignore_case=ignore_case).read()


class _Reader:
    def __init__(self, source: str, *, ignore_case: bool) -> None:
        self.source, self.place, self.ignore_case = source, 0, ignore_case
        self.re2: list[str] = []
        self.python: list[str] = []
        self.repeats = [1]  # of each open group, how often its innermost part can be asked for; RE2 bounds the product
        self.last_repeats = 1  # the same of what was read last

    def read(self) -> Pattern:
        depth = 0
        repeatable = False
        while self.place < len(self.source):
            char = self._take()
            if char == "(":
                self._open_group()
                self.repeats.append(1)
                depth += 1
                repeatable = False
            elif char == ")":
                depth -= 1
                if depth < 0:
                    self._fail("a `)` closes nothing")
                self._emit(")")
                self._note_repeats(self.repeats.pop())
                repeatable = True
            elif char in "*+?" or (char == "{" and _REPEAT.match(self.source, self.place - 1)):
                if not repeatable:
                    self._fail(f"`{char}` repeats nothing")
                self._repeat(char)
                repeatable = False
            elif char in "^$|":
                self._emit({"^": "^", "$": r"\z", "|": "|"}[char], {"^": "^", "$": r"\Z", "|": "|"}[char])
                repeatable = False
            else:
                repeatable = self._atom(char)
                self._note_repeats(1)
        if depth:
            self._fail("a `(` is not closed")
        return Pattern("(?-s)" + "".join(self.re2), "".join(self.python))

    def _fail(self, what: str) -> None:
        msg = f"{what} (character {self.place})"
        raise InvalidPattern(msg)

    def _take(self) -> str:
        if self.place >= len(self.source):
            self._fail("it ends too early")
        self.place += 1
        return self.source[self.place - 1]

    def _emit(self, re2: str, python: str | None = None) -> None:
        self.re2.append(re2)
        self.python.append(re2 if python is None else python)

    def _open_group(self) -> None:
        if self.source.startswith("?:", self.place):
            self.place += 2
        elif named := _GROUP_NAME.match(self.source, self.place):
            self.place = named.end()
        elif self.source.startswith("?", self.place):
            self._fail("groups that start with `(?` are not available, but `(?:` and `(?P<name>`")
        self._emit("(?:")

    def _repeat(self, char: str) -> None:
        text = char
        if char == "{":
            found = _REPEAT.match(self.source, self.place - 1)
            assert found is not None  # noqa: S101 - the tokens were told apart by this very pattern
            low = int(found[1])
            high = int(found[3]) if found[3] else None if found[2] else low
            if low > MAX_REPEAT or (high or 0) > MAX_REPEAT:
                self._fail(f"a repetition of more than {MAX_REPEAT} is not available")
            if high is not None and high < low:
                self._fail("a repetition ends below its beginning")
            self.place = found.end()
            text = found[0]
            self._note_repeats(self.last_repeats * max(1, low, high or 0))
        if self.source.startswith("?", self.place):
            self.place += 1
            text += "?"
        elif self.source.startswith("+", self.place):
            self._fail("possessive repetition is not available")
        self._emit(text)

    def _note_repeats(self, n: int) -> None:
        if n > MAX_REPEAT:
            self._fail(f"repetitions inside repetitions come to more than {MAX_REPEAT}")
        self.last_repeats = n
        self.repeats[-1] = max(self.repeats[-1], n)

    def _atom(self, char: str) -> bool:
        if char == "[":
            self._class()
        elif char == ".":
            self._emit(".")
        elif char == "\\":
            return self._escape()
        else:
            self._literal(char)
        return True

    def _literal(self, char: str) -> None:
        text = char.casefold() if self.ignore_case else char
        quoted = "".join(_quote(c) for c in text)
        self._emit(quoted if len(text) == 1 else f"(?:{quoted})")

    def _escape(self) -> bool:
        char = self._take()
        if char in "bB":
            self._emit("\\" + char)
            return False
        if char in "dDwW":
            self._emit("\\" + char)
        elif char in "sS":
            self._emit(f"[{_SPACES}]" if char == "s" else f"[^{_SPACES}]")
        else:
            self._literal(self._escaped_literal(char))
        return True

    def _escaped_literal(self, char: str) -> str:
        if char in _ESCAPED_SPACE:
            return _ESCAPED_SPACE[char]
        if char == "x":
            digits = self.source[self.place : self.place + 2]
            if not re.fullmatch(r"[0-9A-Fa-f]{2}", digits):
                self._fail("`\\x` needs two hexadecimal digits")
            self.place += 2
            return chr(int(digits, 16))
        if char.isascii() and char.isalnum():
            self._fail(f"`\\{char}` is not available")
        return char

    def _class(self) -> None:
        negated = self.source.startswith("^", self.place)
        self.place += negated
        parts: list[str] = []
        first = True
        while True:
            char = self._take()
            if char == "]" and not first:
                break
            first = False
            if char == "[" and self.source.startswith(":", self.place):
                self._fail("classes such as `[:alpha:]` are not available")
            if char == "\\":
                char = self._take()
                if char in "dDwWsS":
                    parts.append({"s": _SPACES, "S": r"\S\v"}.get(char, "\\" + char))
                    continue
                char = self._escaped_literal(char)
            parts.append(self._range(char))
        body = "".join(parts)
        self._emit(f"[{'^' * negated}{body}]")

    def _range(self, low: str) -> str:
        high = low
        if self.source.startswith("-", self.place) and not self.source.startswith("]", self.place + 1):
            self.place += 1
            high = self._take()
            if high == "\\":
                high = self._take()
                if high in "dDwWsS":
                    self._fail("a range ends in a class")
                high = self._escaped_literal(high)
        if high < low:
            self._fail("a range ends below its beginning")
        text = _quote(low) if low == high else f"{_quote(low)}-{_quote(high)}"
        if not self.ignore_case:
            return text
        if not high.isascii():
            self._fail("a class with letters beyond ASCII is not available together with ignore_case")
        upper_low, upper_high = max(low, "A"), min(high, "Z")
        return text + (f"{upper_low.lower()}-{upper_high.lower()}" if upper_low <= upper_high else "")


def _quote(char: str) -> str:
    """One character as both readers take it, inside a class and outside."""
    if char.isascii() and not char.isalnum() and char != "_":
        return f"\\x{ord(char):02x}"
    return char
