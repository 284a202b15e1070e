"""Mapped files as JSON Lines of events, for `relance simulate` and for a look before an import."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relance.clock import SystemClock, format_instant
from relance.imports.opening import check_files, open_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from relance.clock import Clock
    from relance.imports.mapping import Mapping
    from relance.imports.rejects import Reject

KEPT_REJECTS = 10_000


@dataclass
class ConvertReport:
    """What became of the rows."""

    n_rows: int = 0
    n_events: int = 0
    n_rejected: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    rejects: list[tuple[str, Reject]] = field(default_factory=list)  # with the file's name; the first 10,000


def convert(
    files: Sequence[Path],
    mapping: Mapping | None,
    out_jsonl: Path | None,
    *,
    clock: Clock | None = None,
    on_progress: Callable[[Path, int, int, ConvertReport], None] | None = None,
) -> ConvertReport:
    """Write the events of mapped files, one a line, in the order of the files.

    Args:
        files: the files.
        mapping: how their rows become events; None when they are events, or when their columns tell it.
        out_jsonl: the file to write; None to write nothing and only tell what would come of it.
        clock: tells the timestamp of events whose mapping names none.
        on_progress: is told how much of a file was read, of how much.

    Raises:
        InvalidInput: a file can not be read; the file that was being written is removed.
    """
    default_at = format_instant((clock or SystemClock()).now()) or ""
    report = ConvertReport()
    check_files(files, mapping)
    part = out_jsonl.with_name(out_jsonl.name + ".part") if out_jsonl else None
    try:
        out = part.open("wb") if part else None
        for path in files:
            with open_reading(path, mapping, default_at) as (source, reading):
                for batch in reading.batches():
                    if out and batch.items:
                        out.write(batch.lines())
                    report.n_rows += batch.n_rows
                    report.n_events += len(batch.items)
                    report.n_rejected += len({r.row for r in batch.rejects})
                    report.skipped += batch.skipped
                    report.rejects += [(path.name, r) for r in batch.rejects[: KEPT_REJECTS - len(report.rejects)]]
                    if on_progress is not None:
                        on_progress(path, source.done(), source.size, report)
        if out and part and out_jsonl:
            out.close()
            part.replace(out_jsonl)
    finally:
        if part:
            part.unlink(missing_ok=True)
    return report
