"""`relance export-profile`: everything that is known about one person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from relance.cli.place import HERE, Place

if TYPE_CHECKING:
    from relance.cli.looks import Looks


def export_profile(user: str, /, *, out: Path | None = None, place: Place = HERE) -> int:
    """Write everything that is known about one person, as JSON: for that person, who may ask for it.

    Profile and earlier traits, events, consents, messages as they were rendered, journeys with every decision, segments,
    lists, ad audiences, scores.

    Exit: 0 done; 2 there is no such person, or the data can not be read.

    Args:
        user: the person's user id, or any other id.
        out: the file to write. Default: the output.
        place: where the data are.
    """
    from relance.cli.looks import answer

    def ask(looks: Looks) -> int:
        import msgspec

        text = msgspec.json.format(msgspec.json.encode(looks.dossier(user)))
        if out is None:
            sys.stdout.write(text.decode() + "\n")
        else:
            out.write_bytes(text + b"\n")
        return 0

    return answer(place, ask, as_json=False)
