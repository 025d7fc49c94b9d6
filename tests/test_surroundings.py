"""The commands do the same whatever the machine's locale, time zone, home and paths, or say what is in the way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import cci
from cci.book import normalise
from cci.book.accept import accept, default_runs
from cci.book.freshness import status
from cci.book.run import run
from cci.errors import NotAcceptable

COMMAND = (sys.executable, "-c", "from cci.cli import app; app()")
SURROUNDINGS = {
    "locale C": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "far east": {"TZ": "Pacific/Kiritimati"},
    "far west": {"TZ": "Pacific/Pago_Pago"},
    "no home": {"HOME": None},
    "a home that is not there": {"HOME": "/nonexistent/home"},
}


def call(book, *arguments, **environment):
    """Run a command in a book, with other variables of the environment, None to take one away."""
    given = {name: value for name, value in (os.environ | environment).items() if value is not None}
    return subprocess.run([*COMMAND, *arguments], cwd=book, env=given, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_check_run_and_accept_do_the_same_in_other_surroundings(book, surroundings):
    environment = SURROUNDINGS[surroundings]
    book.write("first", "import cci\nprint('签约 347 个项目', len(cci.load().where(scope='idc')) > 0)", "since")
    for arguments in (("check",), ("run",), ("accept",)):
        done = call(book.root, *arguments, **environment)
        assert done.returncode == 0, done.stderr
    outputs = [cell.outputs for cell in normalise.code_cells(normalise.read(book.chapters / "first.ipynb"))]
    assert outputs[1][0].text == "签约 347 个项目 True\n"


def test_a_path_with_blanks_and_chinese_letters_will_do(book, tmp_path):
    place = tmp_path / "一本 书 with blanks"
    shutil.move(book.root, place)
    data = shutil.copytree(cci.DEFAULT, place / "数 据")
    assert call(place, "check", "--data", str(data)).returncode == 0
    for arguments in (("run",), ("accept",)):
        done = call(place, *arguments, LC_ALL="C")
        assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="rights are kept otherwise")
def test_a_record_that_may_only_be_read_is_enough(book):
    data = shutil.copytree(cci.DEFAULT, book.root / "data")
    for path in (*data.iterdir(), data):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        book.write("first", "import cci\nlen(cci.load(data='../data').where(scope='idc'))", "since")
        for arguments in (("check", "--data", "data"), ("run",), ("accept",)):
            done = call(book.root, *arguments)
            assert done.returncode == 0, done.stderr
    finally:
        data.chmod(0o755)


# A clock set back a year, and one that was far in the future until a moment ago: seconds by which files are off.
@pytest.mark.parametrize("off", [-31_536_000, 2_000_000_000], ids=["back", "far ahead"])
def test_whatever_the_clock_says_fresh_is_fresh_and_stale_is_stale(book, off):
    run()
    accept(default_runs())
    for path in book.root.rglob("*"):
        os.utime(path, (time.time() + off,) * 2)  # as if all had been made under that clock, locks and runs included
    assert [one.again for one in run()] == [False, False]
    book.write("first", "since + 2")
    os.utime(book.chapters / "first.ipynb", (time.time() - off,) * 2)
    assert [one.fresh for one in status()] == [False, True]
    with pytest.raises(NotAcceptable, match=r"^first: .* run it again"):
        accept(default_runs())
    assert [one.again for one in run()] == [True, False]
    assert [one.written for one in accept(default_runs())] == [True, False]


def test_nothing_asks_what_day_it_is_but_the_acceptance_of_a_changed_chapter():
    """Freshness goes by content and waiting by a clock that cannot be set; only a day that is shown can be wrong."""
    asked = re.compile(r"\btime\.(time|localtime|ctime)\(|\.(today|now|utcnow)\(|st_mtime\b|getmtime")
    package = Path(cci.__file__).parent
    found = [path for path in package.rglob("*.py") if asked.search(path.read_text("utf-8"))]
    assert found == [package / "book" / "accept.py"]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder in which nothing can be made")
def test_a_folder_of_runs_that_cannot_be_written_is_named(book):
    done = call(book.root, "run", "--out", "/proc/self/runs")
    assert done.returncode == 1
    assert "/proc/self/runs" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_in_the_place_of_the_runs_is_named(book):
    (book.root / "_build").write_text("in the way")
    done = call(book.root, "run")
    assert done.returncode == 1
    assert "_build" in done.stderr
    assert "Traceback" not in done.stderr
