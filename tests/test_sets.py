"""Named sets of parameters, from a file to runs."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from cci.book.sets import named, parted
from cci.cli import app
from cci.errors import ParameterError


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_set_gives_every_chapter_some_values_and_single_ones_others(tmp_path):
    sets = named(written(tmp_path / "sets.yml", "old:\n  as_of: 2018-12-31\n  second:\n    since: 2016\nplain:\n"))
    assert list(sets) == ["old", "plain"]
    common, own = parted(sets["old"])
    assert str(common["as_of"]) == "2018-12-31"
    assert own == {"second": {"since": 2016}}
    assert parted(sets["plain"]) == ({}, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no sets"),
        ("- a", "holds no sets"),
        ("a: 1", "a: 1 is no set of parameters"),
        ("a:\n  since: [1, 2]", "since: [1, 2] is no value"),
        ("a:\n  second:\n    since: {x: 1}", "since: {'x': 1} is no value"),
        ("a:\n  at: 2018-12-31 10:00:00", "is no value"),
        ("a: {", "cannot be read as YAML"),
        ("a: {since: 2015}\na: {since: 2016}", "a is given twice; keep one"),
        ("a: {since: 33:34}", "33:34 is no plain number"),
        ("a: {since: 02015}", "02015 is no plain number"),
        ("a: &x [1]\nb: *x", "*x refers back; write it out"),
        ("[" * 2000, "nested too deep"),
        ("a: !!python/object/apply:os.system ['true']", "cannot be read as YAML"),
    ],
)
def test_what_is_no_set_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(ParameterError) as refusal:
        named(written(tmp_path / "sets.yml", text))
    assert "sets.yml" in str(refusal.value)
    assert said in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="cannot be read"):
        named(tmp_path / "nowhere.yml")


def test_every_set_is_run_into_folders_of_its_own_and_again_not_at_all(book):
    written(book.root / "sets.yml", "old:\n  as_of: 2018-12-31\n  second:\n    since: 2016\nplain:\n")
    ran = CliRunner().invoke(app, ["run", "--sets", "sets.yml"])
    assert ran.exit_code == 0
    lines = [line.split()[0] for line in ran.stdout.splitlines()]
    assert lines == ["old:", "first", "second", "plain:", "first", "second"]
    assert len(list((book.root / "_build" / "runs").glob("*-????????"))) == 4
    again = CliRunner().invoke(app, ["run", "--sets", "sets.yml"])
    assert again.stdout.count("(fresh, not run again)") == 4


def test_all_sets_are_checked_before_the_first_is_run(book):
    written(book.root / "sets.yml", "good:\n  since: 2016\nbad:\n  since: 1900\n")
    ran = CliRunner().invoke(app, ["run", "--sets", "sets.yml"])
    assert ran.exit_code == 2
    assert "1900 is out of range" in ran.stderr
    assert not (book.root / "_build").exists()


def test_as_of_is_short_for_the_parameter(book):
    ran = CliRunner().invoke(app, ["run", "first", "--as-of", "2018-12-31"])
    same = CliRunner().invoke(app, ["run", "first", "-p", "as_of=2018-12-31"])
    assert same.stdout.split()[1] == ran.stdout.split()[1]
    assert "fresh" in same.stdout
