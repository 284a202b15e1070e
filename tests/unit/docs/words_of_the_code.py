"""What the code names that a user meets: read from its syntax, so that nothing has to be started for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "src" / "relance"
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
VARIABLE = re.compile(r"RELANCE(_[A-Z0-9]+)+")
ROUTE = re.compile(r"/[A-Za-z0-9_/{}:.-]*")
# Calls whose argument at that place is the code of a problem.
_FIRST = ("Problem", "problem_at", "ConditionProblem", "_Fault", "_fail", "_problem", "add", "report")
CODE_ARGUMENT = dict.fromkeys(_FIRST, 0) | {"refuse": 3, "Text": 1}
COMMON_NAMES = {"add": 3, "report": 3}  # calls of many kinds: only those with so many arguments
DECORATORS = {"get", "post", "put", "delete", "patch", "head", "route", "asgi"}
METRIC = re.compile(r"relance(_[a-z]+)+")


@cache
def syntax(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def nodes(*folders: str) -> Iterator[ast.AST]:
    """Every node of the code under some folders of the package; of all of it without one."""
    for folder in folders or (".",):
        place = PACKAGE / folder
        for source in [place] if place.suffix == ".py" else sorted(place.rglob("*.py")):
            if source.exists():
                yield from ast.walk(syntax(source))


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def texts(node: ast.AST | None) -> list[str]:
    """The text of a constant, or both of a choice between two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [*texts(node.body), *texts(node.orelse)] if isinstance(node, ast.IfExp) else []


def codes(*folders: str) -> set[str]:
    """Codes of problems: handed to what makes one, or set as a default of something that does."""
    found: list[str] = []
    for node in nodes(*folders):
        if isinstance(node, ast.Call):
            place = CODE_ARGUMENT.get(called(node))
            enough = len(node.args) >= COMMON_NAMES.get(called(node), 0)
            found += texts(node.args[place]) if place is not None and enough and len(node.args) > place else []
            found += [t for k in node.keywords if k.arg and re.fullmatch(r"(\w+_)?code", k.arg) for t in texts(k.value)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found += texts(node.value) if re.fullmatch(r"(\w+_)?code", node.target.id) else []
        elif isinstance(node, ast.FunctionDef):
            known = node.args.args[len(node.args.args) - len(node.args.defaults) :] + node.args.kwonlyargs
            defaults = zip(known, [*node.args.defaults, *node.args.kw_defaults], strict=True)
            found += [t for argument, default in defaults if argument.arg == "code" for t in texts(default)]
    return {code for code in found if CODE.fullmatch(code)}


def error_codes() -> set[str]:
    """Codes of the error classes, wherever one stands."""
    found: list[str] = []
    for node in nodes():
        if not isinstance(node, ast.ClassDef):
            continue
        for part in node.body:
            if isinstance(part, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "code" for t in part.targets):
                found += texts(part.value)
            elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.target.id == "code":
                found += texts(part.value) if "ClassVar" in ast.unparse(part.annotation) else []
    return set(found)


def variables() -> set[str]:
    """Environment variables that the code reads."""
    return {text for node in nodes() for text in texts(node) if VARIABLE.fullmatch(text)}


def routes() -> set[str]:
    """Paths that the HTTP door answers."""
    found = [
        text
        for node in nodes("api")
        if isinstance(node, ast.Call) and called(node) in DECORATORS
        for argument in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "path")]
        for part in (argument.elts if isinstance(argument, ast.List | ast.Tuple) else [argument])
        for text in texts(part)
    ]
    return {re.sub(r":\w+\}", "}", path) for path in found if ROUTE.fullmatch(path)}


def metrics() -> set[str]:
    """Metrics that are exported."""
    return {text for node in nodes("api", "runtime", "app.py") for text in texts(node) if METRIC.fullmatch(text)}
