"""nbval compares every cell of a chapter, with kernels of our own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cci.book import normalise
from cci.book.accept import accept
from cci.book.run import run


@pytest.fixture
def nbval(book):
    """Run nbval over the chapters of the toy book as scripts/test does, and return what it printed."""
    shutil.copy(Path(__file__).parents[1] / "conftest.py", book.root)
    (book.root / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")

    def call() -> str:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-q",
            "chapters",
        ]
        return subprocess.run(command, cwd=book.root, capture_output=True, text=True).stdout

    return call


def test_accepted_chapters_pass_and_one_altered_figure_fails_the_cells_that_use_it(book, nbval):
    book.write(
        "first",
        "from pathlib import Path\nfigure = int(Path('../figure').read_text())",
        "figure",
        "figure + 1",
        "since",
    )
    book.write("second", "import os\n'/cci-' in os.environ.get('IPYTHONDIR', '') or os.name == 'nt'")
    (book.root / "figure").write_text("347")
    accept(run())
    assert nbval().splitlines()[-1].startswith("7 passed")
    (book.root / "figure").write_text("346")
    printed = nbval()
    assert sorted(re.findall(r"^FAILED .*first\.ipynb::(Cell \d)", printed, flags=re.MULTILINE)) == ["Cell 2", "Cell 3"]
    assert "2 failed, 5 passed" in printed


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("while True:\n    print('x' * 100_000)", "the chapter put out more than 1 MB"),
        ("import os\nos._exit(3)", "the kernel ended before it answered"),
    ],
)
def test_a_chapter_that_never_stops_talking_or_whose_kernel_dies_is_told_at_once(book, nbval, code, reason):
    accept(run())
    with (book.root / "conftest.py").open("a") as conftest:
        conftest.write("\nfrom cci.book import kernels\nkernels.OUTPUT_LIMIT = 1_000_000\n")
    notebook = normalise.read(book.chapters / "first.ipynb")
    notebook.cells[2].source = code
    (book.chapters / "first.ipynb").write_text(normalise.text(notebook))
    started = time.monotonic()
    printed = nbval()
    assert time.monotonic() - started < 60
    assert reason in printed
    assert not re.findall(r"^FAILED .*second\.ipynb", printed, flags=re.MULTILINE)
