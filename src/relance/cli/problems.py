"""Problems of definitions as the command line shows them: a table for people, lines for pipes, JSON for machines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relance.definitions.document import Document
    from relance.problems import Problem


def tell_problems(problems: Sequence[Problem], *, as_json: bool, to: TextIO | None = None) -> None:
    """Show problems, each with its place and code; as JSON, a list of them."""
    out = to or sys.stdout
    if as_json:
        out.write(json.dumps([problem.as_json() for problem in problems], ensure_ascii=False, indent=1) + "\n")
    elif problems and out.isatty():
        _show_table(problems, out)
    else:
        out.writelines(f"{as_line(problem)}\n" for problem in problems)


def as_line(problem: Problem) -> str:
    """One line, in the form that editors can jump from."""
    place = ":".join(str(part) for part in (_short(problem.file), problem.line, problem.column) if part is not None)
    return " ".join(
        part
        for part in (
            f"{place}:" if place else "",
            f"{problem.severity}:",
            _subject(problem),
            problem.message,
            f"[{problem.code}]",
        )
        if part
    )


def summarise(problems: Sequence[Problem], n_documents: int) -> str:
    """A last line: how many definitions, errors and warnings."""
    errors = sum(problem.severity == "error" for problem in problems)
    parts = [_count(n_documents, "definition"), _count(errors, "error"), _count(len(problems) - errors, "warning")]
    return ", ".join(parts)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _short(file: str | None) -> str | None:
    """A file's name as seen from here."""
    if file is None:
        return None
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_absolute() and path.is_relative_to(Path.cwd()) else file


def _subject(problem: Problem) -> str:
    name = f"{problem.kind} {problem.id}" if problem.kind and problem.id else problem.kind or ""
    return f"{name}{' ' if name and problem.path else ''}{problem.path}" + (":" if name or problem.path else "")


def _show_table(problems: Sequence[Problem], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out, highlight=False)
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(_short(problem.file) or "", []).append(problem)
    for file, found in by_file.items():
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), title=Text(file, style="bold"), title_justify="left")
        for justify in ("right", "left", "left", "left"):
            table.add_column(justify=justify, vertical="top")
        for problem in found:
            style = "red" if problem.severity == "error" else "yellow"
            message = Text(problem.message)
            message.append(f"  {problem.code}", style="dim")
            line = Text(str(problem.line or ""), style="dim")
            table.add_row(line, Text(problem.severity, style=style), Text(_subject(problem).rstrip(":"), style="cyan"), message)
        console.print(table)


def _name(change: Any) -> str:
    return "settings" if change.kind == "settings" else f"{change.kind} {change.id}"


def tell_changes(changes: Sequence[Any], *, as_json: bool, problems: Sequence[Problem]) -> None:
    """Show what publishing does, or would do, to each definition."""
    if as_json:
        told = {"changes": [change.as_json() for change in changes], "problems": [problem.as_json() for problem in problems]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    colours = {"created": "\033[32m", "changed": "\033[33m"} if sys.stdout.isatty() else {}
    width = max((len(_name(c)) for c in changes), default=0)
    for change in changes:
        if change.action == "unchanged":
            continue
        colour, plain = colours.get(change.action, ""), "\033[0m" if colours else ""
        people = (
            f"  {_count(change.people_inside, 'person').replace('persons', 'people')} inside stay on the version they entered"
            if change.people_inside
            else ""
        )
        sys.stdout.write(f"{colour}{change.action:8}{plain} {_name(change):{width}}  version {change.version}{people}\n")
    n = {action: sum(change.action == action for change in changes) for action in ("created", "changed", "unchanged")}
    sys.stdout.write(", ".join(f"{count} {action}" for action, count in n.items()) + "\n")


def read_checked(path: Path, *, as_json: bool, now: int | None = None) -> list[Document] | None:
    """The documents of a file or folder, checked; None when they have errors. Problems are told as they are found."""
    from relance.definitions.check import check_definitions
    from relance.definitions.load import load_definitions
    from relance.problems import has_errors

    loaded = load_definitions(path)
    problems = [*loaded.problems, *check_definitions(loaded.documents, now=now)]
    wrong = has_errors(problems)
    if as_json and wrong:
        sys.stdout.write(json.dumps({"problems": [p.as_json() for p in problems]}, ensure_ascii=False) + "\n")
    elif not as_json:
        tell_problems(problems, as_json=False, to=sys.stderr)
    return None if wrong else loaded.documents
