"""Kill commands at seeded moments of a small book, and look whether all is whole and the next command goes on.

The tests kill a handful; `python tests/killing.py --times 50` as many as one likes.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from cci.book import whole
from cci.book.stamp import folders, opened
from cci.errors import NotAcceptable
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
        (self.chapters / "index.md").write_text("# A book\n\nEdition 0.\n", encoding="utf-8")
        # Long enough an output that writing it takes a moment.
        write_chapter(self.chapters / "first.ipynb", "print('x' * 200_000)")
        write_chapter(self.chapters / "second.ipynb", "print('y' * 200_000)")
        self.record = fingerprint()
        self.without = self.bytes()
        self.seconds = {"run": self.ends("run"), "accept": self.ends("accept")}
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


def kill(root: Path, *, runs: int, acceptances: int, builds: int, seed: int = 20261124) -> None:
    """Kill that many of each at moments drawn over the time they take; AssertionError where something is not whole."""
    rng = random.Random(seed)
    book = Book(root)
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
    third = given.times // 3
    with tempfile.TemporaryDirectory() as place:
        kill(Path(place) / "book", runs=third, acceptances=given.times - 2 * third, builds=third, seed=given.seed)
    print(f"{given.times} commands killed; record, chapters and site were whole, and the next command went on")
