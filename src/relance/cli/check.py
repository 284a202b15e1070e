"""`relance check`: what is wrong with definitions."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relance.definitions.load import Loaded
    from relance.problems import Problem


def check(path: Path, /, *, data: Path | None = None, store: str | None = None, json: bool = False) -> int:
    """List every problem of definitions, each with its place and a way to mend it.

    Exit: 0 there is no error (warnings may be there); 2 there is.

    Args:
        path: a YAML or JSON file of definitions, or a folder of them.
        data: the folder of embedded stores: what is published there may be named, and lists and archived segments are known.
        store: the URL of a store, for the same.
        json: print the problems as a JSON list.
    """
    from relance.cli.output import fail
    from relance.cli.problems import summarise, tell_problems
    from relance.clock import SystemClock
    from relance.definitions.check import check_definitions
    from relance.definitions.load import load_definitions
    from relance.errors import RelanceError
    from relance.problems import has_errors

    loaded = load_definitions(path)
    if data is None and store is None:
        problems = [*loaded.problems, *check_definitions(loaded.documents, now=SystemClock().now())]
    else:
        try:
            problems = _check_beside_published(loaded, data, store)
        except (RelanceError, OSError) as e:
            return fail([str(e)], as_json=json)
    tell_problems(problems, as_json=json)
    if not json:
        sys.stdout.write(summarise(problems, len(loaded.documents)) + "\n")
    return 2 if has_errors(problems) else 0


def _check_beside_published(loaded: Loaded, data: Path | None, store: str | None) -> list[Problem]:
    from relance.cli.stores import store_url
    from relance.clock import SystemClock
    from relance.definitions.publish import publish
    from relance.errors import NotFound
    from relance.store import open_database

    url = store_url(data or Path(), store)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        msg = f"there is no store in {data}: name its folder with --data, or leave it out"
        raise NotFound(msg)
    with closing(open_database(url)) as database, database.reading() as connection:
        return publish(connection, loaded, SystemClock().now(), dry=True).problems
