"""Run a chapter with every set of parameters of a grid, by the same runner and into the same runs as anything else.

What is fresh is not run again, so a sweep that was killed goes on where it stopped.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cci.book import chapters as book_chapters
from cci.book import lock
from cci.book.grid import Grid
from cci.book.inputs import Present
from cci.book.parameters import Value
from cci.book.run import Job, Progress, execute, variants
from cci.book.stamp import OUT, Run
from cci.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from cci.book.cluster import Cluster

MANY = 300  # runs that are made without asking: some minutes
TABLES = Path("_build/sweeps")  # below the book's folder
_BATCH = 200  # jobs that are laid out at once


def sweep(
    grid: Grid,
    *,
    out: Path | None = None,
    book: Path | None = None,
    workers: int = 2,
    cluster: Cluster | None = None,
    ask: Callable[[int, float], None] = lambda runs, seconds: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> list[Run]:
    """Return the runs of a grid, in its order and each set of parameters once; a run that failed says so.

    They are made by `workers` kernels of this machine, or by a `cluster`, and kept here all the same.
    Of more than 300 runs the first is made alone, and `ask` is told how many there are and how many seconds they
    take at most by that one; it raises what ends the sweep. The runs made by then are kept.
    """
    book = book or book_chapters.root()
    out = (out or book / OUT).absolute()
    present = Present()
    elsewhere, workers = (cluster.perform, cluster.threads) if cluster else (None, workers)
    known: dict[Path, Mapping[str, Value]] = {}

    def run(jobs: list[Job]) -> list[Run]:
        with lock.held(out, "cci sweep"):  # for some runs at a time, so that others get their turn
            return execute(
                jobs,
                out=out,
                book=book,
                present=present,
                workers=workers,
                elsewhere=elsewhere,
                on_progress=on_progress,
            )

    if len(grid) > MANY:
        for job in variants(grid.chapter, grid, book=book, present=present):  # the first that is not there already
            started = time.monotonic()
            (first,) = run([job])
            if first.again:
                ask(len(grid), (time.monotonic() - started) * len(grid) / workers)
                break
    jobs = (job for job in variants(grid.chapter, grid, book=book, present=present) if _new(job, out, known))
    runs: list[Run] = []
    while batch := list(itertools.islice(jobs, _BATCH)):
        runs += run(batch)
    return runs


def _new(job: Job, out: Path, known: dict[Path, Mapping[str, Value]]) -> bool:
    """Whether a set of parameters was not met before; draws of whole numbers repeat."""
    place = job.folder(out)
    if place in known and known[place] != job.values:
        raise ParameterError(f"two sets of parameters share the folder {place.name}; sweep the grid in two parts")
    return known.setdefault(place, job.values) is job.values


def table(runs: Iterable[Run]) -> pd.DataFrame:
    """Return one row per run, as text and numbers that a CSV can hold.

    Columns: run (name of its folder), every parameter, failure (empty: none), finding_1 … with the verdict of each
    finding in the order of the chapter, and for every quoted result figure_NAME, its words or number, with
    figure_NAME_low and figure_NAME_high where an interval is known.
    """
    import pandas as pd

    return pd.DataFrame([_row(run) for run in runs]).astype(object)


def _row(run: Run) -> dict[str, Any]:
    results = run.results
    verdicts = {f"finding_{number}": item["verdict"] for number, item in enumerate(results["findings"], 1)}
    figures = dict(_figures(results["figures"]))
    return {"run": run.folder.name, **run.parameters, "failure": run.failure, **verdicts, **figures}


def _figures(figures: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, figure in figures.items():
        yield f"figure_{name}", figure["value"]
        for end in ("low", "high"):
            if end in figure:
                yield f"figure_{name}_{end}", figure[end]


def failures(runs: Iterable[Run]) -> list[str]:
    """Return which runs failed and how, a line each."""
    return [f"{run.folder.name}: {run.failure}" for run in runs if run.failure]
