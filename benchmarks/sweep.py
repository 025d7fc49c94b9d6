"""What a sweep costs per run beyond the chapter's own work, beside what papermill costs: prints both and their ratio.

    python benchmarks/sweep.py [CHAPTER] [--rounds N]

The own work is the time that the chapter's cells take in a kernel that has executed them before, so that nothing is
imported or read for the first time. papermill executes the same sets of parameters into files, each with a kernel of
its own, in a process that has papermill loaded already; a sweep makes whole runs of them, one at a time. Each is
measured in turn, and the middle of the rounds is taken, so that a slow spell of the machine hits all three.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
from jupyter_client.manager import start_new_kernel

from cci.book import chapters, normalise
from cci.book.grid import grid
from cci.book.sweep import sweep

ROOT = Path(__file__).resolve().parents[1]
CHAPTER, NAME = "finance", "tenor"  # of middling length, and a number that can be swept
RUNS = 3  # of each way in a round


def overheads(chapter: str = CHAPTER, name: str = NAME, *, rounds: int = 3) -> tuple[float, float]:
    """Return papermill's seconds per run beyond the chapter's own work, and a sweep's."""
    path = chapters.path(chapter, ROOT)
    spent: dict[str, list[float]] = {"own": [], "papermill": [], "sweep": []}
    with tempfile.TemporaryDirectory(prefix="cci-sweep-") as aside:
        warm = Path(aside) / "warm"
        sweep(grid(chapter, {name: [1]}, book=ROOT), out=warm, book=ROOT)  # what is forked from is there
        for number in range(rounds):
            values = [2 + number * RUNS + run for run in range(RUNS)]
            spent["own"].append(own_work(path))
            spent["papermill"].append(
                _seconds(lambda values=values: [_papermill(path, {name: value}, Path(aside)) for value in values])
            )
            asked = grid(chapter, {name: values}, book=ROOT)
            spent["sweep"].append(_seconds(lambda asked=asked: sweep(asked, out=warm, book=ROOT, workers=1)))
    own, plain, ours = (statistics.median(times) for times in spent.values())
    return plain / RUNS - own, ours / RUNS - own


def own_work(path: Path) -> float:
    """Return the seconds of all cells of a chapter in a kernel that has executed them once."""
    manager, client = start_new_kernel(kernel_name=normalise.KERNEL["name"], cwd=str(path.parent))
    try:
        cells = [cell.source for cell in normalise.code_cells(nbformat.read(path, as_version=4))]

        def execute() -> None:
            for cell in cells:
                reply = client.execute_interactive(cell, output_hook=lambda _: None)
                assert reply["content"]["status"] == "ok", reply["content"]

        execute()
        return _seconds(execute)
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
