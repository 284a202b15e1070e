"""Read definitions from files, folders, texts and JSON values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.definitions.document import MAX_BYTES, Document, Parsed, SourceText, Unreadable
from relance.definitions.read_json import check_value, locate_json, parse_json
from relance.errors import InvalidInput
from relance.problems import Problem, has_errors, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIXES = frozenset([".yaml", ".yml", ".json"])


@dataclass(slots=True)
class Loaded:
    """What was read, and what could not be."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def require(self) -> list[Document]:
        """The documents, when all could be read.

        Raises:
            InvalidInput: with every problem.
        """
        if has_errors(self.problems):
            msg = "the definitions can not be read"
            raise InvalidInput(msg, problems=self.problems)
        return self.documents


def load_definitions(path: Path | str) -> Loaded:
    """Read a file, or every `.yaml`, `.yml` and `.json` file below a folder, in the order of their names."""
    path = Path(path)
    loaded = Loaded()
    if path.is_dir():
        files = sorted(f for f in path.rglob("*") if f.suffix.lower() in SUFFIXES and f.is_file())
        if not files:
            msg = "this folder holds no .yaml, .yml or .json file: name the folder that holds the definitions"
            loaded.problems.append(Problem("no_definitions", msg, file=str(path)))
    else:
        files = [path]
    for file in files:
        _load_file(file, loaded)
    return loaded


def _load_file(file: Path, loaded: Loaded) -> None:
    try:
        if file.stat().st_size > MAX_BYTES:
            msg = f"this file is larger than {MAX_BYTES // 1024 // 1024} MiB: split it"
            loaded.problems.append(Problem("too_large", msg, file=str(file)))
            return
        raw = file.read_bytes()
    except OSError as e:
        msg = f"this file can not be read: {e.strerror or e}"
        loaded.problems.append(Problem("unreadable_file", msg, file=str(file)))
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        msg = f"this file is not UTF-8 (byte {e.start + 1} is 0x{raw[e.start]:02x}): save it as UTF-8"
        loaded.problems.append(Problem("not_utf8", msg, file=str(file), line=line))
        return
    found = load_text(text, file=str(file), is_json=file.suffix.lower() == ".json")
    loaded.documents += found.documents
    loaded.problems += found.problems


def _parse(text: str, *, is_json: bool) -> tuple[Parsed, SourceText]:
    looks_like_json = text.lstrip()[:1] in {"{", "["}
    if is_json or looks_like_json:
        try:
            return parse_json(text), SourceText(None, text, locate_json)
        except Unreadable as e:
            if is_json or e.problem.code != "json_syntax":
                raise
    from relance.definitions.read_yaml import locate_yaml, parse_yaml

    return parse_yaml(text), SourceText(None, text, locate_yaml)


def load_text(text: str, *, file: str | None = None, is_json: bool = False) -> Loaded:
    """Read the documents of one text. JSON is read as such in a YAML file too, being a part of YAML 1.2."""
    loaded = Loaded()
    if len(text) > MAX_BYTES:
        msg = f"this is larger than {MAX_BYTES // 1024 // 1024} MiB: split it"
        loaded.problems.append(Problem("too_large", msg, file=file))
        return loaded
    try:
        parsed, source = _parse(text, is_json=is_json)
    except Unreadable as e:
        loaded.problems.append(replace(e.problem, file=file))
        return loaded
    source.file = file
    loaded.problems += [replace(problem, file=file) for problem in parsed.problems]
    _add_documents(parsed.values, source, loaded)
    if not loaded.documents and not loaded.problems:
        loaded.problems.append(Problem("no_definitions", "this file is empty", severity="warning", file=file))
    return loaded


def _add_documents(values: Iterable[Any], source: SourceText | None, loaded: Loaded) -> None:
    """Keep what is a mapping; a list stands for its items."""
    for n, value in enumerate(values):
        items = [(pointer(n, i), item) for i, item in enumerate(value)] if isinstance(value, list) else [(pointer(n), value)]
        for root, item in items:
            if item is None:
                continue
            if isinstance(item, dict):
                loaded.documents.append(Document(item, source, root))
                continue
            line, column = Document({}, source, root).place() or (None, None)
            msg = "a definition is a mapping that begins with `kind:`"
            file = source.file if source else None
            loaded.problems.append(Problem("not_a_definition", msg, file=file, line=line, column=column))


def load_values(values: Any) -> Loaded:
    """Take definitions that came as JSON values, one or a list."""
    loaded = Loaded()
    try:
        check_value(values)
    except Unreadable as e:
        loaded.problems.append(e.problem)
        return loaded
    _add_documents(values if isinstance(values, list) else [values], None, loaded)
    return loaded
