"""A sweep on the workers of a real scheduler: runs as here, none lost with a worker, none where a worker differs."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import distributed
import pytest
from typer.testing import CliRunner

import cci
from cci.book import cluster, stamp
from cci.book.cluster import connected, differences, made_from
from cci.book.grid import grid
from cci.book.sweep import sweep
from cci.cli import app
from cci.errors import CCIError

PACKAGES = os.pathsep.join(filter(None, [str(Path(cci.__file__).parents[1]), os.environ.get("PYTHONPATH")]))
CELLS = ("from cci import audit", "audit.findings(audit.finding(f'Begun after {since}.', holds=since < 2016))")


@pytest.fixture(scope="module")
def workers():
    """A scheduler with two worker processes of one thread each, started again when they die."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as started:
        yield started


@pytest.fixture
def address(workers):
    """The address of the scheduler, once both workers are there."""
    workers.wait_for_workers(2, timeout=30)
    return workers.scheduler_address


def files(out):
    return {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def on_cluster(address, asked, **options):
    with connected(address) as there:
        return sweep(asked, cluster=there, **options)


def test_runs_are_the_same_bytes_as_here_and_none_is_made_twice(book, address):
    book.write("first", *CELLS, "1 / (since - 2015)")
    asked = grid("first", {"since": [2014, 2015, 2018]})
    here = sweep(asked, out=book.root / "here")
    there = on_cluster(address, asked, out=book.root / "there")
    assert [bool(run.failure) for run in there] == [False, True, False]
    assert [run.failure for run in there] == [run.failure for run in here]
    made, expected = files(book.root / "there"), files(book.root / "here")
    made.pop(Path(".lock")), expected.pop(Path(".lock"))
    assert made == expected
    assert [run.again for run in on_cluster(address, asked, out=book.root / "there")] == [False, True, False]


def test_nothing_is_lost_with_a_worker_that_is_killed_half_way(book, address, workers):
    book.write("first", *CELLS, "sum(range(8_000_000))")
    victim, ended = next(iter(workers.workers.values())).pid, []

    def kill(progress):
        ended.append(progress.run)
        if len(ended) == 2:
            os.kill(victim, signal.SIGKILL)

    runs = on_cluster(address, grid("first", {"since": range(2014, 2020)}), on_progress=kill)
    assert [run.parameters["since"] for run in runs] == [*range(2014, 2020)]
    assert not any(run.failure for run in runs)
    assert len(ended) == len({run.folder for run in ended}) == 6
    assert all(stamp.opened(run.folder) == run for run in runs)


def test_a_killed_sweep_goes_on_from_what_its_cluster_had_done(book, address):
    book.write("first", *CELLS, "sum(range(8_000_000))")
    command = [sys.executable, "-c", "from cci.cli import app; app()", "sweep", "first", "--scheduler", address]
    command += ["--grid", f"since={','.join(map(str, range(2014, 2020)))}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    out = book.root / stamp.OUT
    while len(stamp.folders(out)) < 2:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    kept = {place for place in stamp.folders(out) if stamp.opened(place)}
    runs = on_cluster(address, grid("first", {"since": range(2014, 2020)}))
    assert 2 <= len(kept) < 6
    assert {run.folder for run in runs if not run.again} == kept


def test_a_set_of_parameters_that_ends_its_workers_fails_alone(book, address, workers, monkeypatch):
    monkeypatch.setattr(workers.scheduler, "allowed_failures", 0)
    # The kernel's parent is the server that forks kernels, and that one's is the worker.
    fatal = "import psutil\nif since == 2016:\n    psutil.Process().parents()[1].kill()"
    book.write("first", *CELLS, fatal)
    runs = on_cluster(address, grid("first", {"since": range(2015, 2018)}))
    failed = [run for run in runs if run.failure]
    assert [run.parameters["since"] for run in failed] == [2016]
    assert "no worker could execute it: KilledWorker" in failed[0].failure
    assert stamp.opened(failed[0].folder).failure == failed[0].failure


@pytest.fixture
def stranger(tmp_path, address):
    """A worker at the same scheduler with other code and another record; returns its name."""
    copy = tmp_path / "stranger"
    shutil.copytree(cci.DEFAULT, copy / "data")
    shutil.copytree(Path(cci.__file__).parent, copy / "cci", ignore=shutil.ignore_patterns("__pycache__", "data"))
    for name, line in (("data/scopes.csv", "b-scope,B,,B scope.\r\n"), ("cci/audit/pace.py", "\nFASTER = 1\n")):
        with (copy / name).open("a", encoding="utf-8", newline="") as file:
            file.write(line)
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--name", "stranger"]
    process = subprocess.Popen(
        [*command, "--no-nanny", "--no-dashboard"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(copy), PACKAGES])},
        cwd=copy, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with distributed.Client(address, set_as_default=False) as client:

        def there():
            return "stranger" in [worker["name"] for worker in client.scheduler_info(-1)["workers"].values()]

        while not there():
            assert process.poll() is None
            time.sleep(0.05)
        yield
        process.kill()
        process.wait()
        while there():
            time.sleep(0.05)


def test_a_worker_of_another_version_is_refused_before_anything_is_sent(book, address, stranger):
    done = CliRunner().invoke(app, ["sweep", "first", "--grid", "since=2014,2015", "--scheduler", address])
    here = made_from()
    record, code, advice = done.stderr.splitlines()
    assert done.exit_code == 1
    assert record.startswith("worker tcp://")
    assert record.endswith(f"there, {here['record']} here")
    assert code.endswith(f"there, {cci.__version__} ({here['sources']}) here")
    assert advice.startswith("nothing was sent")
    assert not (book.root / "_build").exists()


def test_a_worker_that_was_started_before_its_code_changed_is_told():
    here = made_from()
    assert differences(here, here) == []
    assert "start it again" in differences(here, {**here, "loaded": "0123456789abcdef"})[0]
    other = {**here, "packages": {**here["packages"], "pandas": "0.1"}}
    assert differences(here, other) == [f"pandas 0.1 there, {here['packages']['pandas']} here"]


def test_a_scheduler_that_does_not_answer_is_refused_within_seconds(book, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and says nothing
        port = silent.getsockname()[1]
        for address in (f"tcp://127.0.0.1:{port}", "tcp://127.0.0.1:9", "http://127.0.0.1:9", "nowhere.invalid"):
            start = time.monotonic()
            done = CliRunner().invoke(app, ["sweep", "first", "--grid", "since=2014", "--scheduler", address])
            assert time.monotonic() - start < 20  # by itself distributed would try for thirty
            assert done.exit_code == 1
            assert f"No scheduler answers at {address} (" in done.stderr
            assert "that no firewall is between" in done.stderr


def test_a_scheduler_without_workers_is_refused(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    with (
        distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=":0") as empty,
        pytest.raises(CCIError, match=f"has no worker; start one .*: dask worker {empty.scheduler_address}"),
        connected(empty.scheduler_address),
    ):
        raise AssertionError("connected to nobody")


def test_without_the_extra_the_error_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CCIError, match=r"pip install -e '\.\[cluster\]'"), connected("tcp://127.0.0.1:9"):
        raise AssertionError("connected without a client")
