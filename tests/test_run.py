"""Chapters are executed aside, two at a time, and a failure ends its own chapter only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cci.book import kernels, normalise
from cci.book.run import Progress, run
from cci.book.stamp import kept
from cci.errors import CCIError, ChapterFailed, NotAcceptable, ParameterError, UnknownName


def outputs(path: Path) -> list[list[str]]:
    cells = normalise.code_cells(normalise.read(path))
    return [[o.get("text") or o.get("data", {}).get("text/plain") or o.get("ename") for o in c.outputs] for c in cells]


def test_a_run_holds_the_executed_notebook_and_says_what_it_was_made_from(book):
    before = book.bytes()
    first, second = run()
    assert outputs(first.path) == [[], ["2014\n", "2014"], []]
    assert outputs(second.path) == [[], ["2015"]]
    stamp = json.loads((first.folder / "stamp.json").read_text())
    assert stamp["parameters"] == {"as_of": None, "since": 2014}
    assert normalise.read(first.path).metadata.cci == {k: stamp[k] for k in stamp.keys() - {"failure", "files", "seal"}}
    assert {"chapter", "record", "code", "sources", "python"} <= stamp.keys()
    assert first.folder.parent == book.root / "_build" / "runs"
    assert book.bytes() == before


def test_running_unchanged_chapters_again_changes_no_byte(book):
    (first,) = run(["first"])
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    run(["first"])
    assert {path.name: path.read_bytes() for path in first.folder.iterdir()} == before


def test_other_parameters_are_injected_after_the_defaults_and_kept_apart(book):
    (plain,) = run(["first"])
    (other,) = run(["first"], parameters={"since": "2018", "as_of": "2021-12-31"})
    assert plain.folder != other.folder
    assert outputs(other.path)[2:] == [["2018\n", "2018"], ["'2021-12-31'"]]
    cells = [cell.id for cell in normalise.read(other.path).cells]
    assert cells == ["cell-0", "cell-1", "injected-parameters", "cell-2", "cell-3"]


def test_a_given_value_that_is_the_default_is_the_same_run(book):
    assert run(["first"], parameters={"since": "2014", "as_of": "none"}) == run(["first"])


def test_a_failing_cell_is_named_and_its_run_kept_while_other_chapters_finish(book):
    book.write("first", "x = 1", "\n# why\nraise ValueError('no <b>figure</b>')", "print('never')")
    before = book.bytes()
    with pytest.raises(ChapterFailed) as failure:
        run()
    assert str(failure.value).startswith(
        "first: cell 3 (# why) raised ValueError: no <b>figure</b>. The run is kept in _build/runs/first-"
    )
    place = book.root / str(failure.value).split(" kept in ")[1]
    assert outputs(place) == [[], [], ["ValueError"], []]
    assert [cell.execution_count for cell in normalise.code_cells(normalise.read(place))] == [1, 2, 3, None]
    assert kept("second", {"as_of": None, "since": 2014}, book.root / "_build/runs").failure is None
    assert book.bytes() == before


def test_a_kernel_that_dies_ends_its_chapter_only(book):
    book.write("first", "import os, sys\nprint('last words', file=sys.__stderr__, flush=True)\nos._exit(3)", "1")
    with pytest.raises(ChapterFailed, match=r"first: cell 2 \(import os, sys\) raised DeadKernel") as failure:
        run()
    assert len(str(failure.value).splitlines()) == 1
    assert outputs(book.root / str(failure.value).split(" kept in ")[1])[1][-1] == "DeadKernel"


def test_a_kernel_that_does_not_start_fails_its_chapters_with_its_last_words(book, monkeypatch):
    spec = kernels.kernel_spec()
    spec.argv = [sys.executable, "-c", "raise SystemExit('no such kernel')"]
    monkeypatch.setattr(kernels, "kernel_spec", lambda: spec)
    with pytest.raises(ChapterFailed, match=r"first: the kernel did not start: .* it last wrote: no such kernel"):
        run(["first"])


def test_start_up_files_of_a_reader_do_not_reach_a_chapter(book, tmp_path, monkeypatch):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("mine = 1")
    (tmp_path / "python.py").write_text("mine = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "python.py"))
    book.write("first", "'mine' in globals()")
    (first,) = run(["first"])
    assert outputs(first.path)[1] == ["False"]


def test_a_cell_that_takes_too_long_ends_its_chapter_only(book):
    book.write("first", "import time\ntime.sleep(60)")
    started = time.monotonic()
    with pytest.raises(ChapterFailed, match=r"first: cell 2 \(import time\) raised Timeout: .* longer than 1 seconds"):
        run(timeout=1)
    assert time.monotonic() - started < 20


def test_a_chapter_that_never_stops_talking_is_ended_with_the_reason_and_others_go_on(book, monkeypatch):
    monkeypatch.setattr(kernels, "OUTPUT_LIMIT", 5_000_000)
    book.write("first", "while True:\n    print('x' * 100_000)")
    with pytest.raises(ChapterFailed, match=r"first: cell 2 \(while True:\) .* put out more than 5 MB") as failure:
        run(timeout=60)
    assert "second" not in str(failure.value)
    assert (book.root / str(failure.value).split(" kept in ")[1]).stat().st_size < 6_000_000


@pytest.mark.skipif(not kernels.forked.AVAILABLE, reason="this system cannot fork kernels, which have the limit")
def test_a_chapter_that_takes_ever_more_memory_fails_at_its_limit_and_others_go_on(book):
    book.write("first", "held = []\nwhile True:\n    held.append(bytes(2**28))")
    with pytest.raises(ChapterFailed, match=r"first: cell 2 \(held = \[\]\) raised MemoryError") as failure:
        run()
    assert "second" not in str(failure.value)


@pytest.mark.parametrize("ending", ["import sys; sys.exit()", "raise SystemExit(0)"])
def test_a_chapter_that_leaves_early_has_failed(book, ending):
    book.write("second", ending, "1 / 0")
    with pytest.raises(ChapterFailed, match="second: cell 2"):
        run(["second"])


def test_every_wrong_parameter_of_every_chapter_is_told_before_a_kernel_starts(book, monkeypatch):
    monkeypatch.setattr(kernels, "kernel_spec", lambda: pytest.fail("a kernel was started"))
    book.write("second", "1", parameters="as_of = None  # date or None: day")
    with pytest.raises(ParameterError) as error:
        run(parameters={"as_of": "2021-13-01", "since": "1999"})
    lines = str(error.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["first", "first", "second", "second"]
    assert "No parameter 'since'" in lines[3]


def test_a_parameters_cell_that_breaks_the_grammar_is_named_before_a_kernel_starts(book):
    book.write("second", "1", parameters="as_of = None")
    with pytest.raises(ParameterError, match=r"^chapters/second\.ipynb, code cell 1, line 1: as_of has no comment"):
        run()


def test_an_unknown_chapter_is_refused_with_the_nearest(book):
    with pytest.raises(UnknownName, match=r"No chapter 'secnd'\. Did you mean 'second'"):
        run(["secnd"])


def test_a_part_of_the_book_is_not_taken_for_the_whole(book):
    (book.chapters / "second.ipynb").unlink()
    with pytest.raises(CCIError, match=r"_toc\.yml lists chapters/second, without a file"):
        run()
    assert [r.chapter for r in run(["first"])] == ["first"]


def test_chapters_may_be_named_by_their_files_and_run_in_the_order_of_the_book(book):
    assert [r.chapter for r in run(["chapters/second.ipynb", "first", "second"])] == ["first", "second"]


def test_two_chapters_run_at_a_time(book, tmp_path):
    wait = """
    import pathlib, time
    pathlib.Path({mine!r}).touch()
    for _ in range(200):
        if pathlib.Path({other!r}).exists():
            break
        time.sleep(0.05)
    else:
        raise TimeoutError("alone")
    """.replace("\n    ", "\n")
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    book.write("first", wait.format(mine=one, other=two))
    book.write("second", wait.format(mine=two, other=one))
    assert [r.failure for r in run()] == [None, None]


def test_progress_counts_cells_and_ends_with_the_run(book):
    seen: list[Progress] = []
    (first,) = run(["first"], on_progress=seen.append)
    assert [(p.done, p.cells) for p in seen] == [(0, 3), (0, 3), (1, 3), (2, 3), (3, 3)]
    assert seen[-1].run == first


def test_no_kernel_leaves_a_file_behind_and_long_temporary_folders_are_avoided(book, tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    made: list[Path] = []
    real = kernels.socket_folder
    monkeypatch.setattr(kernels, "socket_folder", lambda: made.append(real()) or made[-1])
    run(["first"])
    assert [str(place).startswith("/tmp/cci-") for place in made] == [True]
    assert not made[0].exists()
    assert list(long.iterdir()) == []


def test_a_run_that_was_cut_short_or_altered_is_not_taken_for_whole(book):
    (first,) = run(["first"])
    assert kept("first", first.parameters, first.folder.parent) == first
    first.path.write_bytes(first.path.read_bytes().replace(b"2014", b"2015"))
    with pytest.raises(NotAcceptable, match="cut short or altered"):
        kept("first", first.parameters, first.folder.parent)


def test_nesting_without_an_end_is_no_chapter_and_no_stamp(book):
    (first,) = run(["first"])
    (first.folder / "stamp.json").write_text("[" * 100_000)
    with pytest.raises(NotAcceptable, match="cannot be read; run it again"):
        kept("first", first.parameters, first.folder.parent)
    (book.chapters / "first.ipynb").write_text("[" * 100_000)
    with pytest.raises(CCIError, match=r"^first\.ipynb cannot be read as a notebook"):
        run(["first"])


@pytest.fixture
def short():
    """A temporary folder with a path short enough for sockets, and no trace of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="killed-", dir="/tmp") as folder:
        yield folder


def test_a_killed_command_leaves_no_run_that_looks_whole_and_no_kernel(book, short):
    book.write("first", "import os, time\nprint(os.getpid(), file=open('pid', 'w'), flush=True)\ntime.sleep(60)")
    code = "from cci.book.run import run; run(['first'])"
    command = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TMPDIR": short})
    pid = book.chapters / "pid"
    assert within(30, lambda: pid.is_file() and pid.read_text().strip())
    command.kill()
    assert command.wait() == -signal.SIGKILL
    assert list(book.root.rglob("stamp.json")) == []
    assert within(10, lambda: not alive(int(pid.read_text())))


def within(seconds: float, happens: Callable[[], object]) -> bool:
    deadline = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A process that nobody has waited for yet is over all the same.
    status = Path(f"/proc/{process}/stat")
    return not (status.is_file() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def shown_by(manager_options):
    """What a cell of a fresh kernel says of its process."""
    manager = kernels.KernelManager(**manager_options)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        client.execute("import sys, os; print('pandas' in sys.modules, os.getsid(0) == os.getpid(), len(sys.argv))")
        while True:
            message = client.get_iopub_msg(timeout=30)
            if message["content"].get("name") == "stdout":
                return message["content"]["text"].split()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.skipif(not kernels.forked.AVAILABLE, reason="this system cannot fork kernels")
def test_a_forked_kernel_has_imported_already_and_is_its_own_session():
    assert shown_by({"forked": True})[:2] == ["True", "True"]
    assert shown_by({"forked": False})[0] == "False"


def test_forked_and_stock_kernels_give_the_same_bytes(book, monkeypatch):
    (forked,) = run(["first"])
    by_fork = forked.path.read_bytes()
    monkeypatch.setattr(kernels._Private.forked, "default_value", False)
    (stock,) = run(["first"])
    assert stock.path.read_bytes() == by_fork


def test_what_one_chapter_changes_no_other_can_see(book):
    book.write("first", "import pandas as pd\npd.mine = 1\nimport os\nos.environ['MINE'] = '1'\n'changed'")
    book.write("second", "import pandas as pd\nimport os\nhasattr(pd, 'mine') or 'MINE' in os.environ")
    for _ in range(2):
        runs = {made.chapter: made for made in run(workers=1)}
        assert outputs(runs["first"].path)[1] == ["'changed'"]
        assert outputs(runs["second"].path)[1] == ["False"]
