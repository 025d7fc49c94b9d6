"""What chapters would say with further evidence: those that it makes stale are run aside, on the record as it would be.

A chapter loads the record that lies beside the package. So the package is copied beside the tables as they would be,
and the runs are made by a process that imports this copy; nothing of the book, its record or its runs is touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cci
from cci.book import chapters as book_chapters
from cci.book import stamp as stamps
from cci.book.outcomes import differences
from cci.book.run import Progress, run
from cci.book.stamp import Run
from cci.errors import CCIError, ChapterFailed, NotAcceptable
from cci.record.additions import Additions, lay_out

_RUN = "from cci.cli import app; app()"


@dataclass(frozen=True)
class Flip:
    """A finding with another verdict, known by its number in the chapter: its words may hold computed numbers."""

    number: int
    statement: str
    before: str
    after: str


@dataclass(frozen=True)
class Foreseen:
    """What changes in one chapter: findings that flip, everything that differs in words, or why its run failed."""

    chapter: str
    flips: tuple[Flip, ...] = ()
    differences: tuple[str, ...] = ()
    failure: str | None = None


def brought_up(*, book: Path | None = None, on_progress: Callable[[Progress], None] = lambda _: None) -> None:
    """Run the chapters whose runs are not fresh, so that there is something to compare with; a failed one stays so."""
    try:
        run(book=book, on_progress=on_progress)
    except ChapterFailed:
        return


def foreseen(added: Additions, states: Mapping[str, str], *, book: Path | None = None) -> list[Foreseen]:
    """Return what changes in each chapter that `cci.book.adding.freshness` calls stale.

    Raises CCIError where the runs could not be made at all.
    """
    book = book or book_chapters.root()
    stale = [chapter for chapter, state in states.items() if state == "stale"]
    if not stale:
        return []
    with TemporaryDirectory(prefix="cci-foreseen-") as aside:
        then = _run(stale, added, Path(aside), book)
        return [
            _compared(stamps.kept(one.chapter, one.parameters, (book / stamps.OUT).absolute()), one) for one in then
        ]


def _run(chapters: list[str], added: Additions, aside: Path, book: Path) -> list[Run]:
    shutil.copytree(Path(cci.__file__).parent, aside / "cci", ignore=lambda folder, _: _record_in(folder))
    (aside / "data").mkdir()
    lay_out(added, aside / "data")
    out = aside / "runs"
    path = os.pathsep.join([str(aside), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", _RUN, "run", *chapters, "--out", str(out)],
        cwd=book,
        # Or Python, and each that it starts, would look for the package in the working directory first.
        env=os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        errors="replace",
    )
    try:
        runs = {one.chapter: one for one in map(stamps.opened, stamps.folders(out))}
        return [runs[chapter] for chapter in chapters]
    except (KeyError, NotAcceptable) as missing:
        said = done.stderr.strip() or f"exit status {done.returncode}"
        raise CCIError(f"the chapters could not be run with the further rows: {said}") from missing


def _record_in(folder: str) -> list[str]:
    """A wheel's record, which would be found before the one beside the package."""
    return ["data"] if Path(folder) == Path(cci.__file__).parent else []


def _compared(now: Run, then: Run) -> Foreseen:
    if then.failure:
        return Foreseen(then.chapter, failure=then.failure)
    before, after = now.results, then.results
    return Foreseen(then.chapter, tuple(_flips(before, after)), tuple(differences(before, after)))


def _flips(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Flip]:
    pairs = zip(before["findings"], after["findings"], strict=False)
    return [
        Flip(number, new["statement"], old["verdict"], new["verdict"])
        for number, (old, new) in enumerate(pairs, 1)
        if old["verdict"] != new["verdict"]
    ]
