"""How long it takes from a saved sentence to the reloaded page, against jupyter-book building the same change anew.

    python benchmarks/serve.py [--times 3]      prints both in seconds, and their ratio

The plain way is the command line of jupyter-book, a new process for each change, in a copy of the book whose site is
built; ours is the page in a browser, kept open by `cci serve` on another copy. Both get the same sentence in turn.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from cci.book.paper import QUIET, chromium

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PAGE = "chapters/glossary"
IGNORED = shutil.ignore_patterns("_build", ".venv", ".git", "tests", "__pycache__", ".*_cache")


def edited_sentence(aside: Path, times: int = 3) -> tuple[float, float]:
    """Return the seconds of jupyter-book and of `cci serve`, the middle of `times` changes of one sentence.

    Works in `aside` and needs the system's Chromium. Ends the program where one of both does not come out whole.
    """
    plain, ours = _copy(aside / "plain", "_build"), _copy(aside / "ours", "_build/aside/_build")
    build = [str(BIN / "jupyter-book"), "build", str(plain), "-W", "-n", "--keep-going", "--quiet"]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    seconds: tuple[list[float], list[float]] = ([], [])
    serve = [str(BIN / "cci"), "serve", "--port", "0"]
    with (
        subprocess.Popen(serve, cwd=ours, stdout=subprocess.PIPE, text=True) as process,
        sync_playwright() as playwright,
    ):
        said = iter(process.stdout or ())
        address = re.search(r"http://\S+", next(said))
        first = next(line for line in said if line.startswith(("built", "not built")))
        if address is None or not first.startswith("built"):
            sys.exit("cci serve did not build the book; run it to see why")
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        page = browser.new_page()
        page.goto(f"{address.group()}{PAGE}.html")
        for n in range(times):
            sentence = f"Sentence {n} of the comparison."
            seconds[0].append(
                _timed(plain, sentence, lambda: subprocess.run(build, check=True, stdout=subprocess.DEVNULL))
            )
            seconds[1].append(_timed(ours, sentence, lambda: page.get_by_text(sentence).wait_for(timeout=120_000)))  # noqa: B023
        browser.close()
        process.terminate()
        list(said)  # to its last line
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def _copy(to: Path, build: str) -> Path:
    """A copy of the book, with the drawings that the built site has: both ways draw nothing anew."""
    shutil.copytree(ROOT, to, ignore=IGNORED)
    drawn = ROOT / "_build" / "aside" / "_build" / ".chart-cache"
    if drawn.is_dir():
        shutil.copytree(drawn, to / build / ".chart-cache")
    return to


def _timed(book: Path, sentence: str, shown) -> float:
    file = book / f"{PAGE}.md"
    text = file.read_text("utf-8")
    started = time.perf_counter()
    file.write_text(f"{text}\n{sentence}\n", "utf-8")
    shown()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3, help="how many changes (default 3)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cci-serve-") as aside:
        plain, ours = edited_sentence(Path(aside), given.times)
    print(f"edit a sentence, page reloaded: {plain:.2f} s {ours:.2f} s, {ours / plain:.3f} of at most 0.50")


if __name__ == "__main__":
    main()
