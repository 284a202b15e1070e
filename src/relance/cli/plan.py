"""`relance plan`: what publishing would change."""

from __future__ import annotations

from pathlib import Path


def plan(
    path: Path,
    /,
    *,
    data: Path = Path("relance-data"),
    store: str | None = None,
    json: bool = False,
) -> int:
    """Tell what `apply` would change, and how many people are inside what changes. Nothing is written.

    Exit: 0 done; 2 the definitions have errors, which are listed.

    Args:
        path: a YAML or JSON file of definitions, or a folder of them.
        data: the folder of the embedded stores.
        store: the URL of the store, instead of the embedded one: postgresql://USER@HOST/NAME or sqlite:///FILE.
        json: print the changes and problems as JSON.
    """
    from relance.cli.publish import run
    from relance.definitions.load import load_definitions

    return run(lambda: load_definitions(path), data=data, store=store, dry=True, as_json=json)
