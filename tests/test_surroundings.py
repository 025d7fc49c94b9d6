"""The commands do the same whatever the machine's locale, time zone, home and paths, or say what is in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

import cci
from cci.book import normalise

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
