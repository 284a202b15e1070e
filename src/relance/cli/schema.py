"""`relance schema`: the JSON Schema of definitions, for editors."""

from __future__ import annotations

from pathlib import Path


def schema(file: Path | None = None, /) -> int:
    """Write the JSON Schema of definitions, with which editors complete, explain and check.

    Begin a YAML file with `# yaml-language-server: $schema=relance.schema.json`, the path to the schema from there.

    Exit: 0 done; 2 the file can not be written.

    Args:
        file: where to write it. Default: standard output.
    """
    import json
    import sys

    from relance.cli.output import fail
    from relance.definitions.schema import load_schema

    text = json.dumps(load_schema(), indent=1, ensure_ascii=False) + "\n"
    if file is None:
        sys.stdout.write(text)
        return 0
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as e:
        return fail([f"{file} can not be written: {e.strerror or e}"], as_json=False)
    return 0
