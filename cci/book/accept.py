"""The only way outputs enter chapters/: from a whole run of the chapter as it stands, on the record as it stands."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from cci.book import chapters as book_chapters
from cci.book import inputs, lock, normalise, whole
from cci.book import stamp as stamps
from cci.book.build import SITE
from cci.book.inputs import Present
from cci.book.parameters import check, declared
from cci.book.stamp import OUT, Run
from cci.errors import NotAcceptable


@dataclass(frozen=True)
class Difference:
    """A code cell whose outputs in the run are not those in chapters/. `number` counts code cells from 1."""

    chapter: str
    number: int
    first_line: str
    what: str

    def __str__(self) -> str:
        return f"{self.chapter}, cell {self.number} ({self.first_line}): {self.what}"


@dataclass(frozen=True)
class Accepted:
    """One chapter after acceptance: the cells whose outputs changed; `written` is False when not a byte did."""

    chapter: str
    differences: tuple[Difference, ...]
    written: bool


def default_runs(chapters: Collection[str] = (), *, out: Path | None = None, book: Path | None = None) -> list[Run]:
    """Return the kept runs of chapters (none named: all) with their default parameters, in the order of the book.

    Raises UnknownName for an unknown chapter, NotAcceptable with every chapter that has no whole run.
    """
    book = book or book_chapters.root()
    runs = []
    reasons = []
    for chapter in book_chapters.chosen(chapters, book):
        notebook = normalise.read(book_chapters.path(chapter, book))
        try:
            runs.append(stamps.kept(chapter, check(declared(notebook, where=chapter), {}), out or book / OUT))
        except NotAcceptable as error:
            reasons.append(str(error))
    if reasons:
        raise NotAcceptable("\n".join(reasons))
    return runs


def accept(runs: Iterable[Run], *, book: Path | None = None) -> list[Accepted]:
    """Copy the outputs, counts and lasting stamp of runs into their chapters; sources are never copied.

    All are checked before the first is written, and no run or site is made meanwhile. Raises NotAcceptable with every
    reason: a failed run, other parameters, a record or code that has changed since, code cells that are not those of
    the chapter; Busy when another command does not end in time.
    """
    book = book or book_chapters.root()
    runs = list(runs)
    with ExitStack() as locks:
        for folder in (book / stamps.OUT.parent, *sorted({run.folder.parent for run in runs})):
            locks.enter_context(lock.held(folder, "cci accept"))
        whole.recover(book / SITE)  # a build that was killed may have left it halfway
        whole.tidy(book / "chapters")
        accepted = []
        for run, chapter, result in _merged(runs, book):
            if result is None:
                accepted.append(Accepted(run.chapter, (), written=False))
                continue
            path = book_chapters.path(run.chapter, book)
            content = normalise.text(result).encode(errors="backslashreplace")
            written = content != path.read_bytes()
            if written:
                whole.write(content, path)
            stamps.note(run, chapter=hashlib.sha256(content).hexdigest())
            accepted.append(Accepted(run.chapter, _differences(run.chapter, chapter, result), written))
    return accepted


def differences(runs: Iterable[Run], *, book: Path | None = None) -> list[Difference]:
    """Return the cells whose outputs in the runs are not those in chapters/: none when the book is fresh.

    Raises NotAcceptable as `accept` does.
    """
    book = book or book_chapters.root()
    return [
        difference
        for run, chapter, result in _merged(runs, book)
        if result is not None
        for difference in _differences(run.chapter, chapter, result)
    ]


def unlike(run: Run, chapter: NotebookNode) -> tuple[Difference, ...]:
    """Return the cells of a chapter whose outputs are not those of a run that is fresh for it."""
    return _differences(run.chapter, chapter, _with_outputs(chapter, normalise.read(run.path), run.stamp))


def _merged(runs: Iterable[Run], book: Path) -> list[tuple[Run, NotebookNode, NotebookNode | None]]:
    """Each run with its chapter as it is and as it would become, None where that is known to be not a byte else.

    Raises NotAcceptable with every reason.
    """
    present = Present()
    merged = []
    reasons = []
    for run in runs:
        path = book_chapters.path(run.chapter, book)
        chapter = normalise.read(path)
        known = stamps.noted(run).get("chapter") == _hash(path)
        executed = None if known else normalise.read(run.path)
        reason = _reason_against(run, chapter, executed, present)
        if reason:
            reasons.append(f"{run.chapter}: {reason}")
        else:
            merged.append((run, chapter, None if executed is None else _with_outputs(chapter, executed, run.stamp)))
    if reasons:
        raise NotAcceptable("\n".join(reasons))
    return merged


def _reason_against(run: Run, chapter: NotebookNode, executed: NotebookNode | None, present: Present) -> str | None:
    """Why a run cannot be accepted; `executed` is None where the chapter is known to hold its very outputs."""
    if run.failure:
        return f"the run failed, {run.failure}"
    if _hash(run.path) != run.stamp["files"].get(run.path.name):
        reason = "another run has taken the place of this one"
    elif dict(run.parameters) != check(declared(chapter, where=run.chapter), {}):
        reason = "the run has other parameters than the chapter's defaults"
    elif changed := inputs.changes(run, chapter, present):
        reason = changed[0] + (f" (and {len(changed) - 1} more)" if len(changed) > 1 else "") + " since the run"
    elif executed is None:
        return None
    else:
        ours, theirs = ([(c.id, c.source) for c in normalise.code_cells(n)] for n in (chapter, executed))
        if ours == theirs:
            return None
        reason = "the cells of the run are not those of the chapter"
    return f"{reason}; run it again: cci run {run.chapter}"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _with_outputs(chapter: NotebookNode, executed: NotebookNode, stamp: Any) -> NotebookNode:
    result = normalise.normalise(chapter)
    for cell, other in zip(normalise.code_cells(result), normalise.code_cells(executed), strict=True):
        cell.outputs, cell.execution_count = other.outputs, other.execution_count
    result.metadata["cci"] = stamps.lasting(stamp) | _changed(chapter)
    return result


def _changed(chapter: NotebookNode) -> dict[str, str]:
    """A hash of all that is written in a chapter, and the day on which it was first accepted so."""
    cells = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in chapter.cells)
    written = hashlib.sha256(cells.encode(errors="backslashreplace")).hexdigest()[:16]
    before = chapter.metadata.get("cci", {})
    if before.get("written") == written and "changed" in before:
        return {"written": written, "changed": before["changed"]}
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    return {"written": written, "changed": f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"}


def _differences(chapter: str, before: NotebookNode, after: NotebookNode) -> tuple[Difference, ...]:
    pairs = zip(normalise.code_cells(normalise.normalise(before)), normalise.code_cells(after), strict=True)
    return tuple(
        Difference(chapter, number, normalise.first_line(new), _what(old, new))
        for number, (old, new) in enumerate(pairs, 1)
        if _what(old, new)
    )


def _what(old: NotebookNode, new: NotebookNode) -> str:
    """What differs between the outputs of a cell, in words; empty when nothing does."""
    if old.outputs == new.outputs:
        return "" if old.execution_count == new.execution_count else "it has another execution count"
    if not old.outputs or not new.outputs:
        return "it has outputs only in the run" if new.outputs else "it has outputs only in chapters/"
    kinds = [f"{_kind(a)} {n}" for n, (a, b) in enumerate(zip(old.outputs, new.outputs, strict=False), 1) if a != b]
    if len(old.outputs) != len(new.outputs):
        kinds.append(f"{len(old.outputs)} outputs in chapters/, {len(new.outputs)} in the run")
    return f"other output: {', '.join(kinds)}"


def _kind(output: NotebookNode) -> str:
    if "vega" in "".join(output.get("data", {})):
        return "chart"
    if "scrapbook" in output.get("metadata", {}):
        return f"result {output.metadata.scrapbook.name!r}"
    return "table" if "application/vnd.cci+json" in output.get("data", {}) else "output"
