"""How long the book's work takes against the plain way, in one run on this machine: prints a table, writes speed.json.

    python benchmarks/speed.py [PART ...]      none named: all; parts that were not measured keep their last figures

Every figure is the middle of several times of whole processes, ours and the plain way in turn, so that a slow spell
hits both. Ratios may be compared between machines, seconds may not. The floor of a row is the work that no way can
spare: the chapters' own cells, in kernels that have executed them before.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import datetime as dt
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel

HERE = Path(__file__).parent
KEPT = HERE / "speed.json"
ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Memory:
    """The greatest memory of any process of a command, what is aimed at, and that of all processes at once, in MB."""

    what: str
    megabytes: float
    at_most: float
    together: float


@dataclass(frozen=True)
class Row:
    """One line of the table: what, the plain way and ours in seconds, what is aimed at, our greatest memory in MB."""

    what: str
    plain: float
    ours: float
    at_most: float
    megabytes: float
    floor: float | None = None  # seconds

    @property
    def ratio(self) -> float:
        return self.ours / self.plain


def timed(commands: list[list[str]], folder: Path = ROOT, **environment: str) -> tuple[float, float]:
    """Run commands one after the other; return the seconds, and the greatest memory of any process in MB."""
    started = time.perf_counter()
    most = 0.0
    for command in commands:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, **QUIET)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}; repair that first")
        most = max(most, usage.ru_maxrss / 1024)
    return time.perf_counter() - started, most


def held(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command; return the greatest memory of any of its processes, kernels too, and of all at once, in MB.

    What processes share counts once in the second. It is looked at ten times a second; the greatest of the first
    process the system itself keeps.
    """
    largest = together = 0
    process = subprocess.Popen(command, cwd=folder, **QUIET)
    first = psutil.Process(process.pid)
    while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
        found = []
        with contextlib.suppress(psutil.Error):  # one that has just ended
            found = [one.memory_full_info() for one in (first, *first.children(recursive=True))]
        largest = max([largest, *(one.rss for one in found)])
        together = max(together, sum(one.pss for one in found))
        time.sleep(0.1)
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}; repair that first")
    return max(largest / 2**20, ended[2].ru_maxrss / 2**10), together / 2**20


def compared(
    what: str,
    plain: Callable[[], float],
    ours: Callable[[], tuple[float, float]],
    at_most: float,
    times: int,
    floor: float | None = None,
) -> Row:
    """Return the row of a comparison, both ways in turn `times` times."""
    seconds: tuple[list[float], list[float]] = ([], [])
    megabytes = 0.0
    for _ in range(times):
        seconds[0].append(plain())
        spent, most = ours()
        seconds[1].append(spent)
        megabytes = max(megabytes, most)
    return Row(what, statistics.median(seconds[0]), statistics.median(seconds[1]), at_most, megabytes, floor)


def papermill(aside: Path, book: Path = ROOT, **environment: str) -> float:
    """The plain way with chapters: papermill's command line, a process and a stock kernel for each."""
    run = [str(BIN / "papermill"), "--cwd", str(book / "chapters"), "-k", "python3"]
    return timed([[*run, str(path), str(aside / path.name)] for path in CHAPTERS], book, **environment)[0]


@cache
def own_work() -> float:
    """Seconds of all cells of all chapters, one after the other, each in a kernel that has executed them before."""
    total = 0.0
    for path in CHAPTERS:
        cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(path.parent))
        try:
            for _ in range(2):
                started = time.perf_counter()
                for cell in cells:
                    client.execute_interactive(cell, output_hook=lambda _: None)
            total += time.perf_counter() - started
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return total


def chapters(aside: Path, times: int) -> Iterator[Row]:
    run = [str(BIN / "cci"), "run", "--out", str(aside / "runs")]
    yield compared(
        "all chapters, nothing cached",
        lambda: papermill(aside),
        lambda: timed([[*run, "--force"]]),
        0.30,
        times,
        own_work(),
    )
    yield compared("all chapters again, nothing changed", lambda: papermill(aside), lambda: timed([run]), 0.03, 1)


def nbval(aside: Path, times: int) -> Iterator[Row]:
    # Without the book's conftest.py nbval starts kernels in its own way.
    bare = aside / "bare"
    shutil.copytree(ROOT / "chapters", bare / "chapters")
    shutil.copytree(ROOT / "data", bare / "data")
    stock = [str(BIN / "pytest"), "-q", "--nbval", "chapters", "-p", "no:cacheprovider", "--rootdir", str(bare)]
    ours = [str(BIN / "pytest"), "-q", "--nbval", "chapters", "-n", "2", "--dist", "loadfile"]
    yield compared(
        "nbval over all chapters", lambda: timed([stock], bare)[0], lambda: timed([ours]), 0.45, times, own_work()
    )


def copied(to: Path, mode: str = "off") -> Path:
    """Copy the book without what was built or installed; `mode` says whether a build of it executes the notebooks."""
    ignored = shutil.ignore_patterns("_build", ".venv", ".git", "tests", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, to, ignore=ignored)
    config = (to / "_config.yml").read_text("utf-8")
    config = config.replace('execute_notebooks: "off"', f'execute_notebooks: "{mode}"')
    (to / "_config.yml").write_text(config, "utf-8")
    return to


JUPYTER_BOOK = [str(BIN / "jupyter-book"), "build", ".", "-n", "--keep-going", "--quiet", "--all"]
BUILD = [str(BIN / "cci"), "build"]


def site(aside: Path, times: int) -> Iterator[Row]:
    ours, forced = copied(aside / "ours"), copied(aside / "forced", "force")
    timed([BUILD], ours)  # charts drawn once
    shutil.copytree(ours / "_build" / "aside" / "_build" / ".chart-cache", forced / "_build" / ".chart-cache")
    floor = own_work()
    plain = [timed([JUPYTER_BOOK], forced)[0] for _ in range(times)]
    found = [timed([[*BUILD, "--all"]], ours) for _ in range(times)]
    whole = statistics.median(seconds for seconds, _ in found)
    stock, megabytes = statistics.median(plain), max(most for _, most in found)
    # One build answers for both rows: the chapters and hand-written pages come with every evidence page.
    yield Row("site of chapters and hand-written pages, charts cached", stock, whole, 0.35, megabytes, floor)
    yield Row("whole site with every evidence page, charts cached", stock, whole, 1.2, megabytes, floor)
    again, most = timed([BUILD], ours)
    yield Row("whole site, nothing changed", stock, again, 0.08, most)


def addition(aside: Path, times: int) -> Iterator[Row]:
    """One more figure of one series: run and accept what reads it, rebuild its pages; beside doing all of it anew."""
    book = copied(aside / "book")
    here = {"PYTHONPATH": str(book)}  # the copy's own record and code
    ours = [[str(BIN / "cci"), "run"], [str(BIN / "cci"), "accept"], BUILD]
    timed(ours, book, **here)  # as it was before the addition
    bare = copied(aside / "bare")
    shutil.copytree(book / "_build" / "aside" / "_build" / ".chart-cache", bare / "_build" / ".chart-cache")
    (aside / "runs").mkdir()

    def plain() -> float:
        bare_here = {"PYTHONPATH": str(bare)}
        return papermill(aside / "runs", bare, **bare_here) + timed([JUPYTER_BOOK], bare, **bare_here)[0]

    def added() -> tuple[float, float]:
        _add_figure(book / "data" / "observations.csv")
        return timed(ours, book, **here)

    yield compared("one row added to one series: its chapters, its pages", plain, added, 0.15, times, floor=None)


def _add_figure(table: Path, indicator: str = "weekly_flights", scope: str = "route-ckg-sin") -> None:
    """Append another statement of the last figure of a series, as a later page might repeat it."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = [row for row in rows if (row["indicator"], row["scope"]) == (indicator, scope)][-1]
    head, _, number = last["obs_id"].rpartition("-")
    with table.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(last)).writerow(last | {"obs_id": f"{head}-{int(number) + 1}"})


def record(aside: Path, times: int) -> Iterator[Row]:
    def loop(setup: str, body: str) -> Callable[[], float]:
        timing = f"s = time.perf_counter()\nfor _ in range(20): {body}\nprint((time.perf_counter() - s) / 20)"
        code = f"import time\n{setup}\n{body}\n{timing}"
        return lambda: float(
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT).stdout
        )

    read = "import pandas as pd\nfrom pathlib import Path"
    plain = loop(read, "[pd.read_csv(p) for p in sorted(Path('data').glob('*.csv'))]")
    ours = loop("import cci", "cci.load()")
    yield compared("cci.load() of the record", plain, lambda: (ours(), 0.0), 1.5, times)
    frictionless = [[str(BIN / "frictionless"), "validate", "data/datapackage.json"]]
    yield compared(
        "cci check", lambda: timed(frictionless)[0], lambda: timed([[str(BIN / "cci"), "check"]]), 0.3, times
    )


def memory(aside: Path, times: int) -> Iterator[Memory]:
    cci, runs = str(BIN / "cci"), ["--out", str(aside / "runs")]
    book = copied(aside / "book")
    commands = {
        "cci build --all": ([*BUILD, "--all"], book, 700),
        "cci check": ([cci, "check"], ROOT, 350),
        "cci show": ([cci, "show", "weekly_flights"], ROOT, 350),
        "cci audit": ([cci, "audit"], ROOT, 350),
        "cci run": ([cci, "run", *runs], ROOT, 350),
        "cci sweep": ([cci, "sweep", "finance", "--grid", "tenor=1,3", *runs], book, 350),
        "cci edition": ([cci, "edition", "as-of-2021"], book, 350),
    }
    for what, (command, folder, at_most) in commands.items():
        largest, together = held(command, folder)
        yield Memory(what, largest, at_most, together)


# Rows whose measurement has a module of its own: its function returns the plain way's seconds and ours.
JOINED = {
    "sweep": ("overheads", "sweep, per run beyond the chapter's own work", 0.10),
    "serve": ("edited_sentence", "edit a sentence to page reloaded", 0.5),
}


def joined(name: str) -> Callable[[Path, int], Iterator[Row]]:
    def rows(aside: Path, times: int) -> Iterator[Row]:
        function, what, at_most = JOINED[name]
        measure = getattr(import_module(name), function)
        plain, ours = measure(aside, times) if name == "serve" else measure(rounds=times)
        yield Row(what, plain, ours, at_most, 0.0)

    return rows


PARTS: dict[str, Callable[[Path, int], Iterator[Row | Memory]]] = {
    "record": record,
    "chapters": chapters,
    "nbval": nbval,
    "site": site,
    "addition": addition,
    "memory": memory,
    **{name: joined(name) for name in JOINED if (HERE / f"{name}.py").is_file()},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--times", type=int, default=3, help="how often each is measured (default 3)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cci-speed-") as aside:
        for name in given.parts or PARTS:
            (Path(aside) / name).mkdir()
            found = []
            for row in PARTS[name](Path(aside) / name, given.times):
                found.append(row)
                print(shown(row), flush=True)
            keep(name, found)
    print(f"speed: written to {KEPT.relative_to(ROOT)}")


def shown(row: Row | Memory) -> str:
    if isinstance(row, Memory):
        return f"{row.what:55} {row.megabytes:8.0f} MB of {row.at_most:.0f}, {row.together:.0f} MB at once"
    floor = f"  (floor {row.floor:.3f} s)" if row.floor else ""
    seconds = f"{row.plain:9.3f} s {row.ours:9.3f} s"
    return f"{row.what:55} {seconds}  {row.ratio:6.3f} of {row.at_most:5.2f}{floor}"


def keep(part: str, rows: list[Row | Memory]) -> None:
    """Put the rows of a part into speed.json, with the day and the machine on which they were measured."""
    told = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
    told["parts"] = told.get("parts", {}) | {
        part: {
            "day": dt.date.today().isoformat(),
            "python": platform.python_version(),
            "system": platform.system(),
            "cores": os.cpu_count(),
            "rows": [asdict(row) for row in rows],
        }
    }
    KEPT.write_text(json.dumps({"parts": told["parts"]}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
