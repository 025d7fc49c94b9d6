"""nbval compares every cell of a chapter, with kernels of our own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
