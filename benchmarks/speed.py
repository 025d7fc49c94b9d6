"""How long the book's work takes against the plain way, in one run on this machine: prints a table, writes speed.json.

    python benchmarks/speed.py [ROW ...]      rows: chapters nbval site record sweep; none named: all

Every figure is the middle of several times of whole processes, ours and the plain way in turn, so that a slow spell
hits both. Ratios may be compared between machines, seconds may not.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Row:
    """One line of the table: what, the plain way and ours in seconds, what is aimed at, our greatest memory in MB."""

    what: str
    plain: float
    ours: float
    at_most: float
    megabytes: float

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


def compared(
    what: str, plain: Callable[[], float], ours: Callable[[], tuple[float, float]], at_most: float, times: int
):
    """Return the row of a comparison, both ways in turn `times` times."""
    seconds: tuple[list[float], list[float]] = ([], [])
    megabytes = 0.0
    for _ in range(times):
        seconds[0].append(plain())
        spent, most = ours()
        seconds[1].append(spent)
        megabytes = max(megabytes, most)
    return Row(what, statistics.median(seconds[0]), statistics.median(seconds[1]), at_most, megabytes)


def papermill(aside: Path) -> float:
    """The plain way with chapters: papermill's command line, a process and a stock kernel for each."""
    run = [str(BIN / "papermill"), "--cwd", str(ROOT / "chapters"), "-k", "python3"]
    return timed([[*run, str(path), str(aside / path.name)] for path in CHAPTERS])[0]


def chapters(aside: Path, times: int) -> Iterator[Row]:
    run = [str(BIN / "cci"), "run", "--out", str(aside / "runs")]
    yield compared(
        "all chapters, nothing cached", lambda: papermill(aside), lambda: timed([[*run, "--force"]]), 0.30, times
    )
    yield compared("all chapters again, nothing changed", lambda: papermill(aside), lambda: timed([run]), 0.03, 1)


def nbval(aside: Path, times: int) -> Iterator[Row]:
    # Without the book's conftest.py nbval starts kernels in its own way.
    bare = aside / "bare"
    shutil.copytree(ROOT / "chapters", bare / "chapters")
    shutil.copytree(ROOT / "data", bare / "data")
    stock = [str(BIN / "pytest"), "-q", "--nbval", "chapters", "-p", "no:cacheprovider", "--rootdir", str(bare)]
    ours = [str(BIN / "pytest"), "-q", "--nbval", "chapters", "-n", "2", "--dist", "loadfile"]
    yield compared("nbval over all chapters", lambda: timed([stock], bare)[0], lambda: timed([ours]), 0.45, times)


def site(aside: Path, times: int) -> Iterator[Row]:
    def copy(name: str, mode: str) -> Path:
        book = aside / name
        ignored = shutil.ignore_patterns("_build", ".venv", ".git", "tests", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, book, ignore=ignored)
        config = (book / "_config.yml").read_text("utf-8")
        (book / "_config.yml").write_text(
            config.replace('execute_notebooks: "off"', f'execute_notebooks: "{mode}"'), "utf-8"
        )
        return book

    build = [str(BIN / "jupyter-book"), "build", ".", "-n", "--keep-going", "--quiet"]
    ours, forced = copy("ours", "off"), copy("forced", "force")
    timed([[*build, "--all"]], ours)  # charts drawn once
    shutil.copytree(ours / "_build" / ".chart-cache", forced / "_build" / ".chart-cache")
    plain = lambda: timed([[*build, "--all"]], forced)[0]  # noqa: E731
    yield compared("whole site, charts cached", plain, lambda: timed([[*build, "--all"]], ours), 1.2, times)
    yield compared("whole site, nothing changed", plain, lambda: timed([build], ours), 0.08, 1)


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


ROWS = {"record": record, "chapters": chapters, "nbval": nbval, "site": site}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], default=[])
    parser.add_argument("--times", type=int, default=3, help="how often each is measured (default 3)")
    given = parser.parse_args()
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="cci-speed-") as aside:
        for name in given.rows or ROWS:
            (Path(aside) / name).mkdir()
            for row in ROWS[name](Path(aside) / name, given.times):
                found.append(row)
                print(
                    f"{row.what:40} {row.plain:9.3f} s {row.ours:9.3f} s  {row.ratio:6.3f} of {row.at_most:5.2f}",
                    flush=True,
                )
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    told = {
        "day": dt.date.today().isoformat(),
        **machine,
        "greatest_mb": round(own),
        "rows": [asdict(row) for row in found],
    }
    (Path(__file__).parent / "speed.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"speed: {len(found)} rows, written to benchmarks/speed.json")


if __name__ == "__main__":
    main()
