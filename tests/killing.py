"""End commands at seeded moments of a small book, and look whether all is whole and the next command goes on.

The tests end a handful. `python tests/killing.py` kills each command fifty times, ends it in the other ways of `BLOWS`
a fifth as often, prints how often all was whole, and writes that into benchmarks/killing.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import evidence
import psutil

from cci.book import whole
from cci.book.stamp import STAMP, folders, opened
from cci.errors import CCIError, NotAcceptable
from cci.record import tables
from cci.record.files import fingerprint
from conftest import write_chapter

_COMMAND = (sys.executable, "-c", "from cci.cli import app; app()")
KEPT = Path(__file__).parents[1] / "benchmarks" / "killing.json"
SEED = 20261124
# What ends a command: a signal to its own process, or SIGKILL to one of those that it has started, as a kernel.
BLOWS = {"SIGKILL": signal.SIGKILL, "SIGTERM": signal.SIGTERM, "SIGINT": signal.SIGINT, "a child": None}
_PATIENCE = 300  # seconds for a command that nothing is in the way of, and for one that lost a child
_ORPHANS = 20  # seconds in which whatever a command has started ends after it
_TOC = "format: jb-book\nroot: chapters/index\nchapters:\n- file: chapters/first\n- file: chapters/second\n"
# Of the extensions only those without which jupyter-book does not start: the swap is the same, the build is quicker.
_SETTINGS = """title: A book
only_build_toc_files: true
execute: {execute_notebooks: "off"}
latex: {use_jupyterbook_latex: false}
sphinx:
  config:
    extensions: [myst_nb, jupyter_book, sphinx_external_toc, sphinx_comments, sphinx_book_theme]
"""


class Book:
    """Two chapters, their runs and a site, each in an old and a new state."""

    def __init__(self, root: Path, *, seed: int = SEED):
        # A shell that starts this in the background has it ignore the keyboard, and so would all that it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.rng = random.Random(seed)
        self.blow, self.struck = "SIGKILL", False
        self.root = root
        self.chapters = root / "chapters"
        self.chapters.mkdir(parents=True)
        (root / "_toc.yml").write_text(_TOC, encoding="utf-8")
        (root / "_config.yml").write_text(_SETTINGS, encoding="utf-8")
        (root / "editions.yml").write_text("late: {since: 2018}\nlater: {since: 2019}\n", encoding="utf-8")
        (self.chapters / "index.md").write_text("# A book\n\nEdition 0.\n", encoding="utf-8")
        # Long enough an output that writing it takes a moment.
        write_chapter(self.chapters / "first.ipynb", "print('x' * 200_000)")
        write_chapter(self.chapters / "second.ipynb", "print('y' * 200_000)")
        self.record = fingerprint()
        self.without = self.bytes()
        self.seconds = {"run": self.ends("run"), "accept": self.ends("accept")}
        self.evidence = evidence.batch(root / "evidence")
        self.evidence.give("sources", evidence.SOURCE)
        self.evidence.give("observations", evidence.FLIGHTS)
        self.tables = self.evidence.bytes()
        self.accepted = self.bytes()
        assert self.accepted != self.without

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.chapters.glob("*.ipynb"))}

    def site(self) -> str:
        """A hash of the whole site, empty where there is none."""
        digest = hashlib.sha256()
        files = [path for path in sorted((self.root / "_build/html").rglob("*")) if path.is_file()]
        for path in files:
            digest.update(f"{path.relative_to(self.root)}\0".encode() + path.read_bytes())
        return digest.hexdigest() if files else ""

    def ends(self, command: str, *options: str) -> float:
        """Run a command to its end, which must be a good one; return its seconds."""
        start = time.monotonic()
        given = [*_COMMAND, command, *options]
        done = subprocess.run(given, cwd=self.root, capture_output=True, text=True, timeout=_PATIENCE)
        assert done.returncode == 0, f"cci {command}: {done.stdout}{done.stderr}"
        return time.monotonic() - start

    def killed(self, command: str, *options: str, after: float) -> None:
        """Start a command, strike `after` so many seconds, and wait until all that it has started has ended.

        `struck` is whether there was anything left to strike.
        """
        process = psutil.Popen(
            [*_COMMAND, command, *options], cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(after)
        below = []
        with suppress(psutil.NoSuchProcess):
            below = process.children(recursive=True)
        number = BLOWS[self.blow]
        victim = process if number else self.rng.choice(below) if below else None
        self.struck = victim is not None and _lives(victim)
        if victim:
            with suppress(psutil.NoSuchProcess):
                victim.send_signal(number or signal.SIGKILL)
        process.wait(timeout=_PATIENCE)
        deadline = time.monotonic() + _ORPHANS
        while orphans := [one for one in below if _lives(one)]:
            assert time.monotonic() < deadline, f"cci {command} left {orphans}"
            time.sleep(0.02)

    def change(self) -> None:
        """Give the first page other words."""
        words = f"# A book\n\nEdition {self.rng.getrandbits(32)}.\n"
        (self.chapters / "index.md").write_text(words, encoding="utf-8")

    def whole_chapters(self) -> None:
        """Every chapter is as before or as accepted, and the record as it was."""
        for name, content in self.bytes().items():
            assert content in (self.without[name], self.accepted[name]), f"{name} is neither the old nor the new"
        assert fingerprint() == self.record

    def share(self) -> float:
        """A moment, as a share of what a command takes; in the first third most only import."""
        return self.rng.uniform(0.2, 1)

    def kill_run(self) -> None:
        self.killed("run", "--force", after=self.share() * self.seconds["run"])
        self.whole_chapters()
        for folder in folders(self.root / "_build/runs"):
            with suppress(NotAcceptable):  # told from a whole one, which is all that is asked
                opened(folder)
        self.ends("run")
        self.ends("accept")
        assert self.bytes() == self.accepted

    def kill_accept(self) -> None:
        for name, content in self.without.items():
            (self.chapters / name).write_bytes(content)
        self.killed("accept", after=self.share() * self.seconds["accept"])
        self.whole_chapters()
        self.ends("accept")
        assert self.bytes() == self.accepted
        assert [path.name for path in self.chapters.glob(".*")] == []

    def kill_build(self) -> None:
        if "build" not in self.seconds:
            self.seconds["build"] = self.ends("build")
        before = self.site()
        self.change()
        self.killed("build", "--all", after=self.share() * self.seconds["build"])
        whole.recover(self.root / "_build/html")
        found = self.site()
        self.ends("build")
        assert found in (before, self.site()), "the site was neither the last good one nor the new one"
        assert self.site() != before

    def kill_add(self) -> None:
        given = ("add", str(self.evidence.folder), "--data", str(self.evidence.data), "--yes", "--quick")
        if "add" not in self.seconds:
            self.seconds["add"] = self.ends(*given)
            self.added = self.evidence.bytes()
        for name, content in self.tables.items():
            (self.evidence.data / name).write_bytes(content)
        self.killed(*given, after=self.share() * self.seconds["add"])
        for name, content in self.evidence.bytes().items():
            assert content in (self.tables[name], self.added[name]), f"{name} is neither the old nor the new"
        assert tables.problems(self.evidence.data) == []
        self.ends(*given)
        assert self.evidence.bytes() == self.added

    def kill_sweep(self) -> None:
        given = ("sweep", "first", "--grid", "since=2011,2012,2013,2014,2015,2016")
        table = self.root / "_build/sweeps/first.csv"
        if "sweep" not in self.seconds:
            self.seconds["sweep"] = self.ends(*given)
            self.swept = table.read_bytes()
        for folder in folders(self.root / "_build/runs"):
            if folder.name.startswith("first-"):
                shutil.rmtree(folder)
        self.killed(*given, after=self.share() * self.seconds["sweep"])
        if BLOWS[self.blow]:  # else the sweep may have gone on, and told of the run that failed
            assert table.read_bytes() == self.swept
        kept = folders(self.root / "_build/runs")
        done = {folder for folder in kept if not opened(folder).failure}  # the stamp comes last
        before = {folder: (folder / STAMP).stat().st_mtime_ns for folder in done}
        self.ends(*given)
        assert table.read_bytes() == self.swept
        assert before == {folder: (folder / STAMP).stat().st_mtime_ns for folder in done}, "done again"

    def kill_edition(self) -> None:
        """Kill one edition on its way over the other, which stays until the new one is whole."""
        place = self.root / "_build/editions/late/source"
        if "edition" not in self.seconds:
            self.ends("edition", "late")  # which runs the chapters; the next finds that done
            self.change()
            self.seconds["edition"] = self.ends("edition", "late")
        before = _files(place)
        self.change()
        self.killed("edition", "late", after=self.share() * self.seconds["edition"])
        whole.recover(place)  # as cci build --edition does first
        found = _files(place)
        self.ends("edition", "late")
        assert found in (before, _files(place)), "the edition was neither the last good one nor the new one"
        assert [path.name for path in place.parent.iterdir()] == ["source"]


def _lives(process: psutil.Process) -> bool:
    """Whether a process has not ended; one that nobody has waited for yet is over all the same."""
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


COMMANDS: dict[str, Callable[[Book], None]] = {
    "run": Book.kill_run,
    "accept": Book.kill_accept,
    "build": Book.kill_build,
    "add": Book.kill_add,
    "sweep": Book.kill_sweep,
    "edition": Book.kill_edition,
}


# What starts processes of its own, and so can lose one; an edition does as a run does, and here finds its runs done.
PARENTS = ("run", "sweep")


def times(book: Book, command: str, blow: str, number: int) -> dict[str, Any]:
    """Strike a command so often in one way; return how often it was still at work then, and all was whole afterwards.

    What was not whole is printed and ends this, as the book may be past mending.
    """
    book.blow = blow
    struck = sound = tries = 0
    while struck < number and tries < 4 * number:
        tries += 1
        book.struck = False
        try:
            COMMANDS[command](book)
        except (AssertionError, CCIError, OSError, subprocess.TimeoutExpired) as fault:
            print(f"{command}, {blow}: {fault}", flush=True)
            struck += 1
            break
        struck += book.struck
        sound += book.struck
    return {"command": command, "blow": blow, "struck": struck, "whole": sound}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50, help="how often each command is killed; 50 unless given")
    parser.add_argument("--seed", type=int, default=SEED, help="of the moments")
    parser.add_argument("--only", nargs="*", choices=COMMANDS, default=list(COMMANDS), help="the commands; all")
    given = parser.parse_args()
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["rows"] if KEPT.is_file() else []
    rows = {(row["command"], row["blow"]): row for row in kept}
    for command in given.only:
        for blow in (blow for blow in BLOWS if BLOWS[blow] or command in PARENTS):
            with tempfile.TemporaryDirectory(prefix="cci-killing-") as place:
                book = Book(Path(place) / "book", seed=given.seed)
                number = given.times if blow == "SIGKILL" else max(given.times // 5, 1)
                row = rows[command, blow] = times(book, command, blow, number)
            print(f"{command}, {blow}: {row['whole']} of {row['struck']} whole", flush=True)
            told = {
                "day": dt.date.today().isoformat(),
                "python": platform.python_version(),
                "system": platform.system(),
                "cores": os.cpu_count(),
                "seed": given.seed,
                "rows": [rows[key] for key in ((c, b) for c in COMMANDS for b in BLOWS) if key in rows],
            }
            KEPT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
