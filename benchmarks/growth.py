"""How the work grows with the record and with the book: prints a table, writes growth.json.

    python benchmarks/growth.py [--sizes 1000,10000,100000,1000000] [--pages 10,100,1000]

Every figure is of a process of its own, on a synthetic record or book (see synthetic.py): processor seconds, as other
work on the machine would bend the line, and the greatest memory. A book starts with no drawing kept. The exponent is
the slope of the least-squares line through the logarithms of size and seconds: 1 is linear. `last` is the slope between
the two largest sizes, which fixed costs hide least. Sizes that were not asked for keep the figures measured before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import synthetic

HERE = Path(__file__).parent
ROOT = HERE.parent
KEPT = HERE / "growth.json"
SIZES, PAGES = "1000,10000,100000,1000000", "10,100,1000"
ASKED = 200  # series that are asked for, spread over the whole record


def check(data: Path) -> Callable[[], object]:
    from cci.record.tables import problems

    return lambda: problems(data)


def load(data: Path) -> Callable[[], object]:
    import cci

    return lambda: cci.load(data=data)


def series(data: Path) -> Callable[[], object]:
    import cci

    record = cci.load(data=data)

    def ask() -> None:
        pairs = list(record.series_list[["indicator", "scope"]].itertuples(index=False, name=None))
        for indicator, scope in pairs[:: max(1, len(pairs) // ASKED)][:ASKED]:
            record.series(indicator, scope=scope)

    return ask


def audit(data: Path) -> Callable[[], object]:
    import cci
    from cci.audit.report import report

    record = cci.load(data=data)
    return lambda: report(record)


def build(book: Path) -> Callable[[], object]:
    from cci.book.build import build as make

    return lambda: make(book)


RECORD: dict[str, Callable[[Path], Callable[[], object]]] = {
    "check": check,
    "load": load,
    "series": series,
    "audit": audit,
}
FEW = 10  # chapters beside many evidence pages, and the reverse
# The chapters and the evidence pages of a book of a size: as many of both, and each beside few of the other.
BOOK: dict[str, Callable[[int], tuple[int, int]]] = {
    "build": lambda size: (size, size),
    "chapters": lambda size: (size, FEW),
    "evidence": lambda size: (FEW, size),
}


def book(parts: Callable[[int], tuple[int, int]], to: Path, size: int) -> None:
    synthetic.book(ROOT, to, *parts(size))


def alone(what: str, folder: Path) -> dict[str, Any]:
    """Measure one thing in a process of its own: seconds without imports, and the greatest memory in MB."""
    command = [sys.executable, __file__, "--alone", what, str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{what} of {folder.name} ended with {done.returncode}; repair that first")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def told(what: str, folder: Path) -> str:
    work = RECORD.get(what, build)(folder)
    started = time.process_time()
    work()
    seconds = time.process_time() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return json.dumps({"seconds": seconds, "megabytes": megabytes})


def exponents(found: dict[int, float]) -> dict[str, float]:
    """The slope of the least-squares line through the logarithms, and that between the two largest sizes."""
    points = [(math.log(size), math.log(seconds)) for size, seconds in sorted(found.items())]
    if len(points) < 2:
        return {}
    slope = statistics.linear_regression(*zip(*points, strict=True)).slope
    (x0, y0), (x1, y1) = points[-2:]
    return {"exponent": round(slope, 2), "last": round((y1 - y0) / (x1 - x0), 2)}


def measure(part: str, kinds: Iterable[str], sizes: Iterable[int], make: Callable[[Path, int], object]) -> None:
    """Measure kinds of work at sizes, and write each figure into the file as soon as it is there."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="cci-growth-") as aside:
            folder = Path(aside) / str(size)
            make(folder, size)
            for what in kinds:
                row = alone(what, folder)
                keep(part, what, size, row)
                print(f"{what:8} {size:>9,} {row['seconds']:10.3f} s {row['megabytes']:8.0f} MB", flush=True)


def keep(part: str, what: str, size: int, row: dict[str, Any]) -> None:
    """Put one figure into growth.json, beside those measured before."""
    told = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    told |= {
        "day": dt.date.today().isoformat(),
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "asked": ASKED,
        "figures_a_page": synthetic.FIGURES,
    }
    sizes = told.setdefault(part, {}).setdefault(what, {}).get("sizes", {}) | {str(size): row}
    ordered = dict(sorted(sizes.items(), key=lambda item: int(item[0])))
    slopes = exponents({int(name): found["seconds"] for name, found in ordered.items()})
    told[part][what] = {**slopes, "sizes": ordered}
    KEPT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=numbers, default=SIZES, help=f"observations of the records (default {SIZES})")
    parser.add_argument("--pages", type=numbers, default=PAGES, help=f"pages of each kind (default {PAGES})")
    parser.add_argument("--only", nargs="*", choices=[*RECORD, *BOOK], default=[*RECORD, *BOOK], help="what to measure")
    parser.add_argument("--alone", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        print(told(given.alone[0], Path(given.alone[1])))
        return
    own = ROOT / "data"
    rows, pages = ([what for what in kinds if what in given.only] for kinds in (RECORD, BOOK))
    measure("record", rows, given.sizes if rows else (), lambda to, n: synthetic.record(own, to, n))
    for what in pages:
        measure("book", [what], given.pages, partial(book, BOOK[what]))
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    for what, row in (kept.get("record", {}) | kept.get("book", {})).items():
        print(f"{what:8} exponent {row.get('exponent', '-')}, between the two largest {row.get('last', '-')}")


if __name__ == "__main__":
    main()
