"""Commands that write into one folder take turns, and a killed one leaves nothing in the way of the next."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys

import evidence
import pytest

from cci.book import adding, lock
from cci.book.accept import accept, default_runs
from cci.book.edition import edition
from cci.book.grid import grid
from cci.book.run import run
from cci.book.sweep import sweep
from cci.errors import Busy, CCIError
from cci.record import tables
from cci.record.additions import additions

HOLDER = """
import sys, time
from pathlib import Path
from cci.book import lock
with lock.held(Path(sys.argv[1]), "cci run"):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
    print("leaving", flush=True)
"""


@pytest.fixture
def holder():
    """Start a process that holds a folder for some seconds, and return it once it does."""
    started = []

    def start(folder, seconds):
        command = [sys.executable, "-c", HOLDER, str(folder), str(seconds)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout.readline() == "held\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def left(process):
    """Whether a holder has come to the end of its time, which it says before it lets go."""
    said, _, _ = select.select([process.stdout], [], [], 0)
    return bool(said) and process.stdout.readline() == "leaving\n"


def test_a_second_command_is_refused_by_name_when_the_first_does_not_end(tmp_path, holder):
    process = holder(tmp_path, 60)
    with (
        pytest.raises(Busy, match=rf"is in use by cci run \(process {process.pid}\); wait until"),
        lock.held(tmp_path, "cci run", patience=0.2),
    ):
        raise AssertionError("two at once")


def test_a_second_command_waits_with_a_message_and_then_goes_on(tmp_path, holder, caplog):
    process = holder(tmp_path, 0.5)
    with caplog.at_level(logging.WARNING), lock.held(tmp_path, "cci run"):
        assert process.wait() == 0
    assert [record.getMessage() for record in caplog.records] == [
        f"waiting for cci run (process {process.pid}), which is at work in {tmp_path}"
    ]


def test_a_killed_command_leaves_no_lock(tmp_path, holder):
    process = holder(tmp_path, 60)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with lock.held(tmp_path, "cci run", patience=1):
        assert (tmp_path / lock.NAME).read_text().startswith("cci run")


def test_other_folders_are_free(tmp_path, holder):
    holder(tmp_path / "one", 60)
    with lock.held(tmp_path / "other", "cci run", patience=0):
        pass


@pytest.mark.parametrize("folder", ["_build", "_build/runs"])
def test_an_acceptance_waits_for_a_build_and_for_a_run(book, holder, folder):
    run()
    process = holder(book.root / folder, 0.5)
    accept(default_runs())
    assert left(process)


def test_a_run_waits_for_a_run(book, holder):
    process = holder(book.root / "_build/runs", 0.5)
    run(["second"])
    assert left(process)


def test_two_runs_at_once_execute_each_chapter_once(book, holder):
    first = holder(book.root / "_build/runs", 60)
    command = [sys.executable, "-c", "from cci.cli import app; app()", "run"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        assert "waiting for cci run" in process.stderr.readline()
    first.kill()  # and both want to go on
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(out.count("fresh, not run again") for out in said) == [0, 2]
    assert [one.chapter for one in default_runs()] == ["first", "second"]


def test_a_second_addition_waits_and_is_refused_when_the_first_changed_a_table(tmp_path, holder):
    made = evidence.batch(tmp_path)
    made.give("sources", evidence.SOURCE)
    given = additions(made.folder, data=made.data)
    process = holder(made.data / adding.ASIDE, 0.5)
    adding.write(given)
    assert left(process)
    with pytest.raises(CCIError, match="changed meanwhile; nothing was written"):
        adding.write(given)
    assert tables.problems(made.data) == []


def test_a_sweep_and_an_edition_wait_for_those_that_write_there(book, holder):
    (book.root / "_config.yml").write_text("title: A book\n", encoding="utf-8")
    running = holder(book.root / "_build/runs", 0.5)
    sweep(grid("first", {"since": [2015]}))
    assert left(running)
    writing = holder(book.root / "_build/editions", 0.5)
    edition("late", {"since": 2018})
    assert left(writing)


def test_a_free_folder_is_not_waited_for(tmp_path):
    with lock.held(tmp_path, "cci run") as waited:
        assert not waited
