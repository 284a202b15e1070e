"""What the commands that publish share: read, check against what is published, then publish or only tell."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli.stores import store_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.definitions.load import Loaded
    from relance.definitions.publish import Published
    from relance.store import Database


def publish(loaded: Loaded, database: Database, *, dry: bool, as_json: bool) -> int:
    """Publish definitions in one transaction, or tell what that would do. Answers the exit code."""
    from relance.clock import SystemClock
    from relance.definitions.publish import publish as publish_loaded

    with database.reading() if dry else database.writing() as connection:
        done = publish_loaded(connection, loaded, SystemClock().now(), by="cli", dry=dry)
    return tell_published(done, dry=dry, as_json=as_json)


def tell_published(done: Published, *, dry: bool, as_json: bool) -> int:
    """Print what came of it. Answers the exit code."""
    from relance.cli.problems import tell_changes, tell_problems

    if as_json:
        tell_changes(done.changes, as_json=True, problems=done.problems)
    else:
        tell_problems(done.problems, as_json=False, to=sys.stderr)
        if done.refused:
            sys.stderr.write("nothing would be published\n" if dry else "nothing was published\n")
        else:
            tell_changes(done.changes, as_json=False, problems=())
    return 2 if done.refused else 0


def run(read: Callable[[], Loaded], *, data: Path, store: str | None, dry: bool, as_json: bool) -> int:
    """Open the store, read definitions and publish them. Answers the exit code."""
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
            return publish(read(), database, dry=dry, as_json=as_json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=as_json)
