"""A log file is written by one process; others may look."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from relance.eventlog import LogUnavailable, NewChunk, open_log

if TYPE_CHECKING:
    from pathlib import Path

OTHER = """
import sys
from relance.eventlog import NewChunk, open_log
log = open_log(sys.argv[1])
log.append([NewChunk(source="s", body=b'{"messageId": "a"}', call="track", message_ids=["a"])])
print("written", flush=True)
sys.stdin.readline()
"""


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/log.db"
    early = open_log(url)
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "written\n"
        chunks = [NewChunk(source="s", body=b"{}", call="track", message_ids=[i]) for i in ("a", "b")]

        with pytest.raises(LogUnavailable, match="another process writes the log"):
            early.append(chunks)
        assert early.last_position() == 1
        batch = early.read_after(0, 10)
        assert (batch.last_position, batch.complete_until) == (1, batch.chunks[0].received_at)
        other.communicate("\n")

    assert early.append(chunks) == [0, 1]
    assert early.read_after(1, 10).last_position == 2
    early.close()
