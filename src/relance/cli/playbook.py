"""`relance playbook`: what is done with the scores of a prediction, ready to be changed and published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

playbook = App(name="playbook", help="What is done with the scores of a prediction.", result_action="return_value")


def list_(playbook_id: str = "", /, *, json: bool = False) -> int:
    """List the playbooks, or show one with all that can be set.

    Exit: 0 done; 2 there is no such playbook.

    Args:
        playbook_id: the id of one playbook.
        json: print JSON.
    """
    from relance.cli.output import fail, tell
    from relance.definitions.playbooks import find_playbook, load_playbooks
    from relance.errors import NotFound

    if not playbook_id:
        found = load_playbooks().values()
        width = max(len(p.id) for p in found)
        tell(
            {"playbooks": [p.as_json() for p in found]}, "\n".join(f"{p.id:{width}}  {p.about.en}" for p in found), as_json=json
        )
        return 0
    try:
        one = find_playbook(playbook_id)
    except NotFound as e:
        return fail([e.message], as_json=json)
    lines = [f"{one.name.en} ({one.id})", one.about.en, ""]
    width = max(len(p.name) for p in one.parameters)
    lines += [
        f"  {p.name:{width}}  {p.about.en} [{p.kind}: {'needed' if p.default is None else p.default}]" for p in one.parameters
    ]
    tell(one.as_json(), "\n".join(lines), as_json=json)
    return 0


def apply(
    playbook_id: str,
    /,
    *,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None,
    write: bool = False,
    dry: bool = False,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Publish what a playbook makes, or write it as YAML to be changed and kept with the other definitions.

    `relance playbook apply sliding-scale --set prediction=buys-30d --write > playbooks/sliding-scale.yaml`

    Exit: 0 done; 2 there is no such playbook, a parameter can not be so, or what it makes has errors.

    Args:
        playbook_id: the id of the playbook.
        settings: a parameter, as NAME=VALUE; may be given many times.
        write: write YAML, and publish nothing.
        dry: tell what would change, and publish nothing.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one.
        json: print JSON.
    """
    from contextlib import closing

    from relance.cli.output import fail, tell
    from relance.cli.publish import tell_published
    from relance.cli.stores import store_url
    from relance.clock import SystemClock
    from relance.definitions.playbooks import apply_playbook, fill_playbook, find_playbook
    from relance.errors import InvalidInput, RelanceError
    from relance.store import open_database

    pairs = [setting.partition("=") for setting in settings or ()]
    wrong = [f"--set {first!r} has no value: write it as NAME=VALUE" for first, sign, _ in pairs if not sign]
    if wrong:
        return fail(wrong, as_json=json)
    given = {first: value for first, _, value in pairs}
    try:
        found = find_playbook(playbook_id)
        if write:
            import yaml

            bodies = fill_playbook(found, given)
            text = "---\n".join(yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=140) for body in bodies)
            tell({"definitions": bodies}, text.rstrip("\n"), as_json=json)
            return 0
        with closing(open_database(store_url(data, store))) as database:
            database.migrate()
            with database.writing() as connection:
                done = apply_playbook(connection, found, given, now=SystemClock().now(), by="cli", dry=dry)
    except InvalidInput as e:
        return fail([p.message for p in e.problems], as_json=json)
    except (RelanceError, OSError) as e:
        return fail([str(e)], as_json=json)
    return tell_published(done, dry=dry, as_json=json)


playbook.command(list_, name="list")
playbook.command(apply)
