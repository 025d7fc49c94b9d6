"""Kill commands at seeded moments of a small book, and look whether all is whole and the next command goes on.

The tests kill a handful; `python tests/killing.py --times 50` as many as one likes.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import evidence

from cci.book import whole
from cci.book.stamp import STAMP, folders, opened
from cci.errors import NotAcceptable
from cci.record import tables
from cci.record.files import fingerprint
from conftest import write_chapter

_COMMAND = (sys.executable, "-c", "from cci.cli import app; app()")
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

    def __init__(self, root: Path):
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
        done = subprocess.run([*_COMMAND, command, *options], cwd=self.root, capture_output=True, text=True)
        assert done.returncode == 0, f"cci {command}: {done.stdout}{done.stderr}"
        return time.monotonic() - start

    def killed(self, command: str, *options: str, after: float) -> None:
        process = subprocess.Popen(
            [*_COMMAND, command, *options], cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(after)
        process.kill()
        process.wait()

    def whole_chapters(self) -> None:
        """Every chapter is as before or as accepted, and the record as it was."""
        for name, content in self.bytes().items():
            assert content in (self.without[name], self.accepted[name]), f"{name} is neither the old nor the new"
        assert fingerprint() == self.record

    def kill_run(self, after: float) -> None:
        self.killed("run", "--force", after=after)
        self.whole_chapters()
        for folder in folders(self.root / "_build/runs"):
            with suppress(NotAcceptable):  # told from a whole one, which is all that is asked
                opened(folder)
        self.ends("run")
        self.ends("accept")
        assert self.bytes() == self.accepted

    def kill_accept(self, after: float) -> None:
        for name, content in self.without.items():
            (self.chapters / name).write_bytes(content)
        self.killed("accept", after=after)
        self.whole_chapters()
        self.ends("accept")
        assert self.bytes() == self.accepted
        assert [path.name for path in self.chapters.glob(".*")] == []

    def kill_build(self, after: float, edition: int) -> None:
        if "build" not in self.seconds:
            self.seconds["build"] = self.ends("build")
        before = self.site()
        (self.chapters / "index.md").write_text(f"# A book\n\nEdition {edition}.\n", encoding="utf-8")
        self.killed("build", "--all", after=after * self.seconds["build"])
        whole.recover(self.root / "_build/html")
        found = self.site()
        self.ends("build")
        assert found in (before, self.site()), "the site was neither the last good one nor the new one"
        assert self.site() != before

    def kill_add(self, share: float) -> None:
        given = ("add", str(self.evidence.folder), "--data", str(self.evidence.data), "--yes", "--quick")
        if "add" not in self.seconds:
            self.seconds["add"] = self.ends(*given)
            self.added = self.evidence.bytes()
        for name, content in self.tables.items():
            (self.evidence.data / name).write_bytes(content)
        self.killed(*given, after=share * self.seconds["add"])
        for name, content in self.evidence.bytes().items():
            assert content in (self.tables[name], self.added[name]), f"{name} is neither the old nor the new"
        assert tables.problems(self.evidence.data) == []
        self.ends(*given)
        assert self.evidence.bytes() == self.added

    def kill_sweep(self, share: float) -> None:
        given = ("sweep", "first", "--grid", "since=2011,2012,2013,2014,2015,2016")
        table = self.root / "_build/sweeps/first.csv"
        if "sweep" not in self.seconds:
            self.seconds["sweep"] = self.ends(*given)
            self.swept = table.read_bytes()
        for folder in folders(self.root / "_build/runs"):
            if folder.name.startswith("first-"):
                shutil.rmtree(folder)
        self.killed(*given, after=share * self.seconds["sweep"])
        assert table.read_bytes() == self.swept
        done = {folder for folder in folders(self.root / "_build/runs") if opened(folder)}  # the stamp comes last
        before = {folder: (folder / STAMP).stat().st_mtime_ns for folder in done}
        self.ends(*given)
        assert table.read_bytes() == self.swept
        assert before == {folder: (folder / STAMP).stat().st_mtime_ns for folder in done}, "done again"

    def kill_edition(self, share: float) -> None:
        """Kill one edition on its way over the other, which stays until the new one is whole."""
        place = self.root / "_build/editions/late/source"
        if "edition" not in self.seconds:
            self.seconds["edition"] = self.ends("edition", "late")
        before = _files(place)
        (self.chapters / "index.md").write_text(f"# A book\n\nEdition {share}.\n", encoding="utf-8")
        self.killed("edition", "late", after=share * self.seconds["edition"])
        whole.recover(place)  # as cci build --edition does first
        found = _files(place)
        self.ends("edition", "late")
        assert found in (before, _files(place)), "the edition was neither the last good one nor the new one"
        assert [path.name for path in place.parent.iterdir()] == ["source"]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def kill(
    root: Path, *, runs: int = 0, acceptances: int = 0, builds: int = 0, adds: int = 0, sweeps: int = 0,
    editions: int = 0, seed: int = 20261124,
) -> None:  # fmt: skip
    """Kill that many of each at moments drawn over the time they take; AssertionError where something is not whole."""
    rng = random.Random(seed)
    book = Book(root)
    for _ in range(adds):
        book.kill_add(rng.uniform(0.3, 1))
    for _ in range(sweeps):
        book.kill_sweep(rng.uniform(0.3, 1))
    for _ in range(editions):
        book.kill_edition(rng.uniform(0.3, 1))
    for _ in range(runs):
        book.kill_run(rng.uniform(0, book.seconds["run"]))
    for _ in range(acceptances):
        book.kill_accept(rng.uniform(0.3, 1) * book.seconds["accept"])  # before, Python itself is starting
    for number in range(builds):
        book.kill_build(rng.uniform(0.3, 1), edition=number + 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="commands to kill in all; 50 unless given")
    parser.add_argument("--seed", type=int, default=20261124, help="of the moments")
    given = parser.parse_args()
    kinds = ("runs", "acceptances", "builds", "adds", "sweeps", "editions")
    counts = {kind: (given.times + number) // len(kinds) for number, kind in enumerate(kinds)}
    with tempfile.TemporaryDirectory() as place:
        kill(Path(place) / "book", **counts, seed=given.seed)
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    print(f"{told} killed; record, chapters, runs and sites were whole, and the next command went on")
