"""What a sweep costs per run beyond the chapter's own work, beside what papermill costs: prints both and their ratio.

    python benchmarks/sweep.py [CHAPTER] [--rounds N]

The own work is the time that the chapter's cells take in a kernel that has executed them before, so that nothing is
imported or read for the first time. papermill executes the same sets of parameters into files, each with a kernel of
its own, in a process that has papermill loaded already; a sweep makes whole runs of them, one at a time. The own work
is measured beside each of the two and taken off, and the middle of the rounds is told, so that a slow spell of the
machine hits all three.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import papermill
from jupyter_client.manager import start_new_kernel

from cci.book import chapters, normalise
from cci.book.grid import grid
from cci.book.sweep import sweep

ROOT = Path(__file__).resolve().parents[1]
CHAPTER, NAME = "finance", "tenor"  # of middling length, and a number that can be swept
RUNS = 3  # of a sweep; what it does once is shared by them


def overheads(chapter: str = CHAPTER, name: str = NAME, *, rounds: int = 3) -> tuple[float, float]:
    """Return papermill's seconds per run beyond the chapter's own work, and a sweep's."""
    path = chapters.path(chapter, ROOT)
    plain, ours = [], []
    with tempfile.TemporaryDirectory(prefix="cci-sweep-") as aside, _warm(path) as execute:
        out = Path(aside) / "runs"
        sweep(grid(chapter, {name: [1]}, book=ROOT), out=out, book=ROOT)  # what is forked from is there
        for number in range(rounds):
            values = [2 + number * RUNS + run for run in range(RUNS)]
            asked = grid(chapter, {name: values}, book=ROOT)
            own = _seconds(execute)
            plain.append(_seconds(lambda value=values[0]: _papermill(path, {name: value}, Path(aside))) - own)
            ours.append(
                _seconds(lambda asked=asked: sweep(asked, out=out, book=ROOT, workers=1)) / RUNS
                - statistics.mean((own, _seconds(execute)))  # before and after
            )
    return statistics.median(plain), statistics.median(ours)


@contextmanager
def _warm(path: Path) -> Iterator[Callable[[], None]]:
    """Give a way to execute all cells of a chapter in a kernel that has executed them once."""
    manager, client = start_new_kernel(kernel_name=normalise.KERNEL["name"], cwd=str(path.parent))
    cells = [cell.source for cell in normalise.code_cells(nbformat.read(path, as_version=4))]

    def execute() -> None:
        for cell in cells:
            reply = client.execute_interactive(cell, output_hook=lambda _: None)
            assert reply["content"]["status"] == "ok", reply["content"]

    try:
        execute()
        yield execute
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _papermill(path: Path, parameters: dict[str, int], aside: Path) -> None:
    papermill.execute_notebook(
        path, aside / path.name, parameters, kernel_name="python3", cwd=path.parent, progress_bar=False
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter", nargs="?", default=CHAPTER)
    parser.add_argument("--parameter", default=NAME, help="a whole number that the chapter takes, from 1 upwards")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    plain, ours = overheads(given.chapter, given.parameter, rounds=given.rounds)
    print(f"{given.chapter}: papermill {plain:.3f} s, a sweep {ours:.3f} s per run beyond own work; {ours / plain:.3f}")
