"""`relance import`: events or profiles from files."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relance.imports import ConvertReport, ImportOptions, ImportReport, Mapping, Reject

    Progress = Callable[[Path, int, int, Any], None]

SHOWN_REJECTS = 10
SHOWN_AS_JSON = 1_000


def import_files(
    files: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    mapping: Path | None = None,
    data: Path | None = None,
    store: str | None = None,
    log: str | None = None,
    source: str | None = None,
    live: bool = False,
    again: bool = False,
    dry_run: bool = False,
    to_jsonl: Path | None = None,
    rejects: Path | None = None,
    url: str | None = None,
    json: bool = False,
) -> int:
    """Import events or profiles from JSON Lines, CSV or Parquet files.

    An import that was stopped, however rudely, goes on where it stopped when the command is given again. Rows with a
    fault are left out and listed; the others count.

    Args:
        files: .jsonl .csv .parquet; the first two may be packed by gzip or zstd.
        mapping: which columns make which parts of an event (YAML or JSON); not needed where the file has Segment's names.
        data: the folder of the embedded store and log (default: relance-data). While `relance serve` uses them, name its --url.
        store: the URL of the store, where it is not embedded (postgresql://USER@HOST/NAME).
        log: the URL of the log, where it is not embedded.
        source: the source the events are counted under; default: what the mapping says, else `import`.
        live: let the events start journeys; without it they are history: they build profiles and segments only.
        again: import a file once more that was imported to its end (events that are there already change nothing).
        dry_run: read and check everything, write nothing.
        to_jsonl: write the events to this file, one a line, instead of importing them (for `relance simulate --events`).
        url: the address of a running server, which takes the files and imports them: http://127.0.0.1:8420. Its key is read
            from RELANCE_KEY. Default: RELANCE_URL, unless a store or a log is named.
        rejects: write the faulty rows to this CSV file, with their reasons; also those of a file that was imported before.
        json: print the report as JSON.
    """
    from relance.cli.asking import find_server
    from relance.cli.output import fail
    from relance.errors import InvalidInput, RelanceError
    from relance.imports import ImportOptions, load_mapping
    from relance.settings import load_settings

    server = find_server(url, is_local=any((data, store, log)))
    try:
        settings = load_settings(data=data, store_url=store, log_url=log)
        known = load_mapping(mapping) if mapping else None
        with _progress(quiet=json) as on_progress:
            if dry_run or to_jsonl:
                reports: list[dict[str, Any]] = [_convert(files, known, None if dry_run else to_jsonl, rejects, on_progress)]
            elif server is not None:
                reports = _send(files, mapping, server, ImportOptions(source, live=live, again=again), rejects, on_progress)
            else:
                reports = _import(
                    files,
                    known,
                    (settings.store, settings.log),
                    ImportOptions(source, live=live, again=again),
                    rejects,
                    on_progress,
                )
    except InvalidInput as e:
        if json:
            _print_json({"problems": [{"message": p} if isinstance(p, str) else p.as_json() for p in e.problems]})
        else:
            sys.stderr.writelines(f"{_as_line(p)}\n" for p in e.problems)
        return 2
    except (RelanceError, OSError) as e:  # a log in use, a full disk: the same command goes on when that is mended
        return fail([str(e)], as_json=json, code=1)
    if json:
        _print_json({"files": reports})
    else:
        for report in reports:
            _print_report(report, dry_run=dry_run)
    return 0 if any(r["events"] or not r["rejected"] for r in reports) else 1


def _convert(
    files: Sequence[Path], mapping: Mapping | None, out: Path | None, rejects: Path | None, on_progress: Progress
) -> dict[str, Any]:
    from relance.imports import convert

    report: ConvertReport = convert(files, mapping, out, on_progress=on_progress)
    _write_rejects(rejects, report.rejects)
    return {
        "file": ", ".join(path.name for path in files), "rows": report.n_rows, "events": report.n_events,
        "rejected": report.n_rejected, "skipped": dict(report.skipped), "rejects": _first_rejects(r for _, r in report.rejects),
    }  # fmt: skip


def _import(
    files: Sequence[Path], mapping: Mapping | None, urls: tuple[str, str], options: ImportOptions, rejects: Path | None,
    on_progress: Progress,
) -> list[dict[str, Any]]:  # fmt: skip
    from contextlib import closing

    from relance.eventlog import open_log
    from relance.imports import all_rejects_of
    from relance.imports import import_files as import_into
    from relance.store import open_database

    with closing(open_database(urls[0])) as database, closing(open_log(urls[1])) as log:
        database.migrate()
        done = import_into(files, mapping, log, database, options, on_progress=on_progress)
        _write_rejects(
            rejects, ((report.file, reject) for report in done for reject in all_rejects_of(database, report.import_id))
        )
    return [_as_json(report) for report in done]


def _send(
    files: Sequence[Path], mapping: Path | None, server: tuple[str, str], options: ImportOptions, rejects: Path | None,
    on_progress: Progress,
) -> list[dict[str, Any]]:  # fmt: skip
    from relance.cli.import_sent import send_files
    from relance.imports import Reject, read_mapping_file

    reports = send_files(files, read_mapping_file(mapping) if mapping else None, server, options, on_progress)
    found = ((report["file"], r) for report in reports for r in report["rejects"])
    _write_rejects(rejects, ((name, Reject(**{**r, "column": r["column"] or ""})) for name, r in found))
    for report in reports:
        report["rejects"] = report["rejects"][:SHOWN_AS_JSON]
    return reports


def _as_json(report: ImportReport) -> dict[str, Any]:
    return {
        "file": report.file, "import_id": report.import_id, "rows": report.n_rows, "events": report.n_events,
        "already_there": report.n_known, "rejected": report.n_rejected, "rejects_kept": report.n_rejects_kept, "skipped": dict(report.skipped),
        "resumed_at_row": report.resumed_at_row or None, "already_done": report.already_done,
        "seconds": round(report.seconds, 3), "rejects": _first_rejects(report.rejects),
    }  # fmt: skip


def _first_rejects(rejects: Any) -> list[dict[str, Any]]:
    from itertools import islice

    return [
        {"row": r.row, "line": r.line, "column": r.column or None, "code": r.code, "message": r.message, "excerpt": r.excerpt}
        for r in islice(rejects, SHOWN_AS_JSON)
    ]


def _write_rejects(path: Path | None, rejects: Iterable[tuple[str, Reject]]) -> None:
    if path is None:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["file", "row", "line", "column", "code", "message", "excerpt"])
        for name, r in rejects:
            out.writerow([_guarded(str(v)) for v in (name, r.row, r.line, r.column, r.code, r.message, r.excerpt)])


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 1.2.10)."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r\0" and cell else cell


# ------------------------------------------------------------------------------------------------------------ showing
def _progress(*, quiet: bool) -> Any:
    """A bar on the terminal; nothing where nobody looks."""
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Any:
        if quiet or not sys.stderr.isatty():
            yield lambda *_: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.fields[counts]}"),
        )  # fmt: skip
        with Progress(*columns, console=Console(stderr=True)) as bar:
            tasks: dict[Path, TaskID] = {}

            def on_progress(path: Path, done: int, total: int, report: Any) -> None:
                if path not in tasks:
                    tasks[path] = bar.add_task(path.name, total=total, counts="")
                counts = f"{report.n_rows:,} rows · {report.n_events:,} events"
                if report.n_rejected:
                    counts += f" · [red]{report.n_rejected:,} rejected[/red]"
                bar.update(tasks[path], completed=done, counts=counts)

            yield on_progress

    return shown()


def _print_report(report: dict[str, Any], *, dry_run: bool) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    if report.get("already_done"):
        console.print(f"{escape(report['file'])} was imported to its end before; give --again to import it once more")
    else:
        verb = "would make" if dry_run else "made"
        console.print(f"[bold]{escape(report['file'])}[/bold]: {report['rows']:,} rows {verb} {report['events']:,} events")
    if report.get("resumed_at_row"):
        console.print(f"  went on at row {report['resumed_at_row']:,}, where it had stopped")
    if report.get("seconds", 0) >= 1 and not report["already_done"]:
        pace = "" if report["resumed_at_row"] else f", {report['events'] / report['seconds']:,.0f} events/s"
        console.print(f"  in {report['seconds']:,.1f} s{pace}; the engine takes them from the log when it runs")
    if report.get("already_there"):
        console.print(f"  {report['already_there']:,} of them were in the log already and changed nothing")
    for reason, n in Counter(report["skipped"]).most_common():
        console.print(f"  {n:,} rows skipped: {escape(reason)}")
    if report["rejected"]:
        console.print(f"  [red]{report['rejected']:,} faults[/red]:")
        for reject in report["rejects"][:SHOWN_REJECTS]:
            column = f", column {reject['column']}" if reject["column"] else ""
            console.print(f"    row {reject['row']}{escape(column)}: {escape(reject['message'])}")
        if report["rejected"] > SHOWN_REJECTS:
            kept = report.get("rejects_kept", report["rejected"])
            told = "them all" if kept >= report["rejected"] else f"the first {kept:,}"
            console.print(f"    … (--rejects FILE writes {told})")


def _as_line(problem: Any) -> str:
    if isinstance(problem, str):
        return problem
    return f"{problem.path}: {problem.message}" if problem.path else str(problem.message)


def _print_json(value: Any) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value)).decode() + "\n")
