"""Runs, their freshness and their progress as lines of a terminal, where control characters are shown, not obeyed."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cci.book.chapters import root, shown
from cci.errors import Problem, RecordError

if TYPE_CHECKING:
    import pandas as pd

    from cci.book.accept import Accepted, Difference
    from cci.book.foreseen import Foreseen
    from cci.book.freshness import Listed, Status
    from cci.book.grid import Grid
    from cci.book.run import Progress
    from cci.book.stamp import Run
    from cci.record.additions import Additions
    from cci.record.csvfile import Sheet

ALIKE = 5  # problems of one kind that are told one by one
REASONS = 8  # of a stale chapter that are told one by one


def plain(text: object) -> str:
    """Return a text with every character that a terminal would obey, or hide, written as an escape."""
    return "".join(c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape").decode() for c in str(text))


def of_refusal(refusal: Exception) -> list[str]:
    """Return what a command refuses or what the system refused it, line by line, with what to do."""
    if isinstance(refusal, RecordError):
        return of_problems(refusal.problems)
    if isinstance(refusal, shutil.Error) and (code := _CODE.search(str(refusal))):  # of many files, told as text
        refusal = OSError(int(code[1]), os.strerror(int(code[1])), refusal.args[0][0][1])
    if isinstance(refusal, OSError) and refusal.strerror:
        where = refusal.filename2 or refusal.filename  # a copy fails where it goes
        advice = _ADVICE.get(refusal.errno or 0, "correct it and give the command again")
        return [plain(f"{f'{where}: ' if where else ''}{refusal.strerror}; {advice}")]
    return [plain(line) for line in str(refusal).splitlines()]


def of_problems(problems: Sequence[Problem]) -> list[str]:
    """Return the problems of tables, one a line; of one kind in one column only the first few and how many follow."""
    kinds = Counter(map(_kind, problems))
    told: Counter[Any] = Counter()
    lines = []
    for problem in problems:
        kind = _kind(problem)
        told[kind] += 1
        if told[kind] <= ALIKE or kinds[kind] == ALIKE + 1:  # a line that says "1 more" is no shorter than the one
            lines.append(plain(problem))
        elif told[kind] == ALIKE + 1:
            rest = kinds[kind] - ALIKE
            lines.append(plain(f"{problem.file}: {problem.column or 'lines'}: {rest:,} more problems like the last"))
    return lines


def _kind(problem: Problem) -> tuple[str, str | None, str]:
    """What problems have in common that one slip in a column or file makes; advice names the value in quotes."""
    return problem.file, problem.column, _QUOTED.sub("", problem.advice)


_QUOTED = re.compile(r"'[^']*'|[0-9][0-9.,]*")
_CODE = re.compile(r"\[Errno ([0-9]+)\]")
_FULL = "free some space and give the command again; what was there before is whole"
_RIGHTS = "change the rights of that place, or name another"
_ADVICE = {
    errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL, errno.EACCES: _RIGHTS, errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS, errno.ENOENT: "something has taken it away meanwhile; give the command again",
}  # fmt: skip


def problems_as_json(problems: Sequence[Problem]) -> str:
    """Return every problem as JSON: a list of objects with file, line, column, value and advice."""
    return json.dumps([asdict(problem) for problem in problems], indent=1, ensure_ascii=False)


def of_record(data: Path, sheets: Mapping[str, Sheet], problems: Sequence[Problem]) -> list[str]:
    """Return the lines on a checked record: its problems as `of_problems` tells them, then how many of what it has."""
    here = data.relative_to(Path.cwd()) if data.is_relative_to(Path.cwd()) else data
    if problems:
        files = len({problem.file for problem in problems})
        return [*of_problems(problems), f"{here}: {counted(len(problems), 'problem')} in {counted(files, 'file')}"]
    rows = sum(sheet.rows for sheet in sheets.values())
    return [f"{here}: {counted(len(sheets), 'table')}, {counted(rows, 'row')}, no problem"]


def of_additions(added: Additions, folder: Path, found: pd.DataFrame, chapters: Mapping[str, str]) -> list[str]:
    """Return what a folder adds, table by table, a line per consequence under its kind, and the chapters by state."""
    from cci.audit.silence import years_words  # needs pandas, for which `cci check` does not wait

    lines = []
    paths = {table.name: table.path for table in added.schema.tables}
    for name, rows in added.rows.items():
        there = added.identical[name]
        skipped = f"; skipped, as the record has them: line {years_words(there)}" if there else ""
        lines.append(f"{folder / paths[name]}: {counted(len(rows), 'new row')}{skipped}")
    for kind, rows in found.groupby("kind", sort=False):
        lines.append(f"{_HEADINGS[str(kind)]} ({len(rows)})")
        for row in rows.itertuples():
            change = " -> ".join(
                "none" if state is None or state != state else state for state in (row.before, row.after)
            )
            figures = f" [{', '.join(row.obs_ids)}]" if row.obs_ids else ""
            lines.append(f"  {row.what}: {change}. {row.message}{figures}")
    for state, words in _STATES.items():
        named = [chapter for chapter, now in chapters.items() if now == state]
        lines += [f"{words} ({len(named)}): {', '.join(named)}"] if named else []
    return [plain(line) for line in lines]


def of_foreseen(found: Sequence[Foreseen]) -> list[str]:
    """Return a line per finding that flips, then a line per other difference of the chapters that were run."""
    flips = [
        f"  {one.chapter} {flip.number}: {flip.before} -> {flip.after}. {flip.statement}"
        for one in found
        for flip in one.flips
    ]
    other = [f"  {one.chapter}: {said}" for one in found for said in one.differences]
    failed = [f"  {one.chapter}: {one.failure}" for one in found if one.failure]
    lines = [f"findings that flip ({len(flips) or 'none'})", *flips] if found else []
    lines += [f"chapters that would fail ({len(failed)})", *failed] if failed else []
    lines += [f"what these chapters would say otherwise ({len(other)})", *other] if other else []
    return [plain(line) for line in lines]


_STATES = {
    "stale": "chapters whose runs become stale",
    "fresh": "chapters whose runs stay fresh",
    "unknown": "chapters without a fresh run, which cannot be told",
}
_HEADINGS = {
    "series": "series extended",
    "figure": "figures of a period that another observation now gives",
    "repeat": "rows that the record seems to have under another name",
    "relation": "relations with a new outcome",
    "candidate": "candidates of the detectors",
    "disagreement": "disagreements touched",
    "prediction": "predictions scored",
}


def of_written(added: Additions, files: Sequence[Path]) -> str:
    """Return a summary line: what was added, or how to add it."""
    if files:
        return f"added {counted(added.count, 'row')} to {', '.join(plain(file) for file in files)}"
    if not added.count:
        return f"nothing to add: {'the record has every row' if added.rows else 'the tables have no rows'}"
    return f"nothing is written yet: give the command again with --yes to add {counted(added.count, 'row')}"


def of_runs(runs: Sequence[Run], name: str = "") -> list[str]:
    """Return a line per run, with where it is kept, and whether it was fresh and so not made again.

    `name` is that of the set of parameters, told first where there is one.
    """
    width = max((len(run.chapter) for run in runs), default=0)
    fresh = {True: "", False: "  (fresh, not run again)"}
    lines = [f"{run.chapter:{width}}  {shown(run.path, root())}{fresh[run.again]}" for run in runs]
    return [*([f"{plain(name)}:"] if name else []), *lines]


def of_statuses(statuses: Sequence[Status]) -> list[str]:
    """Return a line per chapter, fresh or stale, the reasons below it, and a summary line."""
    lines = []
    width = max((len(one.chapter) for one in statuses), default=0)
    for one in statuses:
        lines.append(f"{one.chapter:{width}}  {'fresh' if one.fresh else 'stale'}")
        lines += _reasons(one.reasons)
    stale = sum(not one.fresh for one in statuses)
    return [*lines, f"{counted(len(statuses), 'chapter')}: {stale or 'none'} stale"]


def of_listed(runs: Sequence[Listed]) -> list[str]:
    """Return a line per folder of a run: its parameters, fresh or stale, and why."""
    lines = []
    width = max((len(one.folder.name) for one in runs), default=0)
    for one in runs:
        values = dict(one.run.parameters) if one.run else {}
        said = " ".join(f"{name}={'none' if value is None else value}" for name, value in sorted(values.items()))
        state = "not trusted" if one.run is None else "stale" if one.reasons else "fresh"
        lines.append(f"{one.folder.name:{width}}  {state}  {plain(said)}".rstrip())
        lines += _reasons(one.reasons)
    return [*lines, counted(len(runs), "run")]


def _reasons(reasons: Sequence[str]) -> list[str]:
    told = [f"    {plain(reason)}" for reason in reasons[:REASONS]]
    return [*told, f"    and {len(reasons) - REASONS} more"] if len(reasons) > REASONS else told


def of_accepted(accepted: Sequence[Accepted]) -> list[str]:
    """Return a line per chapter, with the cells whose outputs changed."""
    lines = []
    for one in accepted:
        cells = ", ".join(str(difference.number) for difference in one.differences)
        what = f"{counted(len(one.differences), 'cell')} changed ({cells})" if cells else "no output changed"
        lines.append(f"{one.chapter}: {what}{'' if one.written else ', nothing to write'}")
    return lines


def of_differences(differences: Sequence[Difference], runs: Sequence[Run]) -> list[str]:
    """Return a line per cell whose outputs differ, and a summary line."""
    stale = len({difference.chapter for difference in differences})
    what = f"{counted(len(differences), 'cell')} differ in {stale}" if stale else "no output differs"
    return [*(plain(difference) for difference in differences), f"{counted(len(runs), 'chapter')}: {what}"]


@contextmanager
def progress() -> Iterator[Callable[[Progress], None]]:
    """Show how far chapters are on standard error: bars on a terminal, else a line as each ends."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    errors = Console(stderr=True)
    lock = threading.Lock()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    bars = Bars(*columns, console=errors)
    tasks: dict[str, Any] = {}

    def show(step: Progress) -> None:
        ended = "" if step.run is None else "failed" if step.run.failure else "done"
        if step.run is not None and not step.run.again:
            return
        with lock:
            if not errors.is_terminal:
                if ended:
                    errors.print(Text(f"{step.chapter}: {ended}, {step.done} of {counted(step.cells, 'cell')}"))
                return
            if step.chapter not in tasks:
                tasks[step.chapter] = bars.add_task(step.chapter, total=step.cells, state="")
            task = tasks[step.chapter]
            bars.update(task, completed=step.done, state=ended or f"cell {step.done + 1} of {step.cells}")
            if ended:
                bars.stop_task(task)

    if not errors.is_terminal:
        yield show
        return
    with bars:
        yield show


def of_sweep(runs: Sequence[Run], written: Sequence[Path]) -> list[str]:
    """Return a line per run that failed, how many were made, and a line per file that was written."""
    again, failed = sum(run.again for run in runs), [run for run in runs if run.failure]
    lines = [f"{run.folder.name}: {plain(run.failure)}" for run in failed[:REASONS]]
    lines += [f"and {len(failed) - REASONS} more failed"] if len(failed) > REASONS else []
    lines.append(f"{counted(len(runs), 'run')}: {again} made now, {len(runs) - again} fresh, {len(failed)} failed")
    return [*lines, *(plain(shown(place.absolute(), root())) for place in written)]


def of_stability(found: Mapping[str, Any], chapters: Collection[str]) -> list[str]:
    """Return a line per finding of these chapters (none: all): in how many specifications it holds, and what moves it.

    `found` is what `cci.book.stability.stability` returned.
    """
    from cci.book.stability import counted_words, moved_by

    lines = []
    for chapter, entry in found.items():
        for finding in entry["findings"] if chapter in chapters or not chapters else ():
            moving = moved_by(entry, finding)
            by = f"; moved by {', '.join(moving)}" if moving else ""
            lines.append(plain(f"{chapter} {finding['number']}: {counted_words(finding)}{by}"))
    return lines


def ask_nobody(runs: int, seconds: float) -> None:
    """Go on whatever a sweep takes."""


def ask_whether(runs: int, seconds: float) -> None:
    """Say how long a sweep takes and ask whether to go on; ends the command where the answer is not yes."""
    import typer

    question = (
        f"{counted(runs, 'run')}, at most {duration(seconds)} by the first; those that are fresh take none. Go on?"
    )
    typer.confirm(question, abort=True, err=True)


def duration(seconds: float) -> str:
    """Return a time in the largest unit that fits: 40 seconds, 3 minutes, 5 hours, 12 days."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return counted(round(seconds / size), unit)
    return counted(max(1, round(seconds)), "second")


@contextmanager
def sweep_progress(grid: Grid) -> Iterator[Callable[[Progress], None]]:
    """Show how many runs of one grid have ended; see `sweeps_progress`."""
    with sweeps_progress() as started:
        yield started(grid)


@contextmanager
def sweeps_progress() -> Iterator[Callable[[Grid], Callable[[Progress], None]]]:
    """Show how many runs of each grid have ended on standard error: a line at each twentieth of them."""
    from rich.console import Console
    from rich.text import Text

    errors = Console(stderr=True)
    lock = threading.Lock()

    def started(grid: Grid) -> Callable[[Progress], None]:
        ended: set[Path] = set()
        step = max(1, len(grid) // 20)

        def show(progress: Progress) -> None:
            if progress.run is None:
                return
            with lock:
                before = len(ended)
                ended.add(progress.run.folder)
                if len(ended) > before and (len(ended) % step == 0 or len(ended) == len(grid)):
                    errors.print(Text(f"{grid.chapter}: {len(ended):,} of {counted(len(grid), 'run')}"))

        return show

    yield started


def counted(number: int, thing: str) -> str:
    """Return a number with its noun: 1 chapter, 2 chapters."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
