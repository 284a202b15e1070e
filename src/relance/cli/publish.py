"""What `relance apply` and `relance plan` share: read, check against what is published, then publish or only tell."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli.stores import store_url

if TYPE_CHECKING:
    from relance.store import Database


def publish(path: Path, database: Database, *, dry: bool, as_json: bool) -> int:
    """Publish the definitions of a file or folder in one transaction, or tell what that would do. Answers the exit code."""
    from relance.cli.problems import tell_changes, tell_problems
    from relance.clock import SystemClock
    from relance.definitions.load import load_definitions
    from relance.definitions.publish import publish as publish_loaded

    loaded = load_definitions(path)
    with database.reading() if dry else database.writing() as connection:
        done = publish_loaded(connection, loaded, SystemClock().now(), by="cli", dry=dry)
    if as_json:
        tell_changes(done.changes, as_json=True, problems=done.problems)
    else:
        tell_problems(done.problems, as_json=False, to=sys.stderr)
        if done.refused:
            sys.stderr.write("nothing would be published\n" if dry else "nothing was published\n")
        else:
            tell_changes(done.changes, as_json=False, problems=())
    return 2 if done.refused else 0


def run(path: Path, *, data: Path, store: str | None, dry: bool, as_json: bool) -> int:
    """Open the store and publish. Answers the exit code."""
    from relance.cli.output import fail
    from relance.errors import RelanceError
    from relance.store import open_database

    url = store_url(data, store)
    if dry and url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        url = "sqlite://"  # nothing is published yet, and looking makes no file
    try:
        with closing(open_database(url)) as database:
            if not dry or url == "sqlite://":
                database.migrate()
            return publish(path, database, dry=dry, as_json=as_json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=as_json)
