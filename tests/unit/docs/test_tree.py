"""The tree keeps its own rules: rooms that say what they own, names that mean something, files of readable size."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src" / "relance"
SOURCES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 500
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"}
# What a distribution is imported as, where that is another name.
IMPORTED_AS = {
    "sklearn": "scikit-learn",
    "aiosmtplib": "aiosmtplib",
    "clickhouse_connect": "clickhouse-connect",
    "ibis": "ibis-framework",
    "liquid": "python-liquid",
    "mjml": "mjml-python",
    "prometheus_client": "prometheus-client",
    "yaml": "pyyaml",
}
# Time zones for systems that have none: the standard library finds them by itself.
WITHOUT_IMPORT = {"tzdata"}
# Parts of a declared distribution, or what it cannot be without.
COMES_WITH = {"sqlglot": "ibis-framework", "markupsafe": "python-liquid", "multipart": "litestar"}


def test_files_are_of_readable_size() -> None:
    tests = [p for p in sorted((ROOT / "tests").rglob("*.py")) if "node_modules" not in p.parts]
    sizes = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in [*SOURCES, *tests]}

    assert {} == {str(p.relative_to(ROOT)): n for p, n in sizes.items() if n > MOST_LINES}


def test_no_file_is_a_dumping_ground() -> None:
    assert [] == [str(p.relative_to(ROOT)) for p in SOURCES if BANNED & set(p.relative_to(PACKAGE).with_suffix("").parts)]


def test_every_package_says_what_it_owns() -> None:
    packages = [p for p in SOURCES if p.name == "__init__.py"]

    assert [] == [str(p.relative_to(ROOT)) for p in packages if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]


def test_every_folder_with_code_is_a_package() -> None:
    assert [] == sorted({str(p.parent.relative_to(ROOT)) for p in SOURCES if not (p.parent / "__init__.py").exists()})


def declared_libraries(*, with_extras: bool) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    if with_extras:
        wanted += [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    return {re.split(r"[\[<>=;!~ ]", requirement, maxsplit=1)[0].lower() for requirement in wanted}


def imported_libraries() -> dict[str, str]:
    """Each library that is imported, as it is declared, and a place that imports it."""
    found: dict[str, str] = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            found |= {name.split(".")[0]: str(source.relative_to(ROOT)) for name in names}
    ours = sys.stdlib_module_names | {"relance"}
    return {IMPORTED_AS.get(name, name).lower(): place for name, place in found.items() if name not in ours}


def test_every_library_that_is_imported_is_declared() -> None:
    declared = declared_libraries(with_extras=True)

    assert {} == {name: place for name, place in imported_libraries().items() if COMES_WITH.get(name, name) not in declared}


def test_every_library_that_is_declared_is_imported() -> None:
    assert set() == declared_libraries(with_extras=False) - set(imported_libraries()) - WITHOUT_IMPORT
