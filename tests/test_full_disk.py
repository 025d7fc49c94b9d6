"""A disk that is full leaves record, chapters and site whole, and is told with what to do.

A limit on the size of files stands in for it: that needs no rights, and fails in the same places.
"""

from __future__ import annotations

import os
from contextlib import contextmanager

import evidence
import pytest
from typer.testing import CliRunner

import cci
from cci.book import whole
from cci.book.run import run
from cci.cli import app

resource = pytest.importorskip("resource", reason="this system has no limits on files")


@contextmanager
def full(size: int):
    """No file can grow beyond so many bytes."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def refused(*arguments: str, size: int) -> None:
    """Give a command on a full disk: it ends with one line that says what to do."""
    with full(size):
        result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "free some space and give the command again" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("size", [0, 100, 2_000])
def test_the_chapters_stay_as_they_are_and_are_accepted_once_there_is_room(book, size):
    book.write("first", "print('x' * 5_000)")
    run()
    before = book.bytes()
    refused("accept", size=size)
    assert book.bytes() == before
    assert CliRunner().invoke(app, ["accept"]).exit_code == 0
    assert book.bytes() != before


def test_a_run_that_cannot_be_kept_is_told_and_made_again(book):
    book.write("first", "print('x' * 5_000)")
    refused("run", "first", size=2_000)
    assert [one.again for one in run(["first"])] == [True]


@pytest.mark.parametrize("size", [1_000, 50_000, cci.DEFAULT.joinpath("observations.csv").stat().st_size])
def test_the_record_stays_as_it_is_and_takes_the_rows_once_there_is_room(tmp_path, size):
    batch = evidence.batch(tmp_path)
    batch.give("sources", evidence.SOURCE)
    batch.give("observations", evidence.FLIGHTS)
    before = batch.bytes()
    command = ("add", str(batch.folder), "--data", str(batch.data), "--quick", "--yes")
    refused(*command, size=size)
    assert batch.bytes() == before
    assert CliRunner().invoke(app, command).exit_code == 0
    assert batch.bytes() != before


def test_the_last_site_stays_and_half_a_copy_does_not(tmp_path):
    for name, size in (("site", 10), ("made", 5_000)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page").write_text("x" * size)
    with full(2_000), pytest.raises(OSError, match="File too large"):
        whole.replace(tmp_path / "site", tmp_path / "made")
    assert (tmp_path / "site" / "page").stat().st_size == 10
    assert sorted(os.listdir(tmp_path)) == ["made", "site"]
    whole.replace(tmp_path / "site", tmp_path / "made")
    assert (tmp_path / "site" / "page").stat().st_size == 5_000
