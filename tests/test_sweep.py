"""A chapter under every combination of parameters: each run once, resumed where it stopped, told in one table."""

from __future__ import annotations

import csv
import datetime
import re

import pytest
from typer.testing import CliRunner

from cci.book import kernels, sweep
from cci.book.grid import Grid, bounds, from_file, grid, listed
from cci.book.messages import duration
from cci.cli import app
from cci.errors import ParameterError, UnknownName

CELLS = (
    "from cci import audit\nfrom cci.book.results import glue",
    "audit.findings(\n"
    "    audit.finding(f'Begun after {since}.', holds=since < 2016),\n"
    "    audit.finding('Known.', holds=None if as_of else True),\n"
    ")",
    "glue('years', 2026 - since)",
)


@pytest.fixture
def judged(book):
    """The small book, its first chapter with two findings and a figure."""
    book.write("first", *CELLS)
    return book


def call(*arguments: str, **options):
    return CliRunner().invoke(app, ["sweep", *arguments], **options)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_combination_is_run_once_and_told_in_one_row(judged):
    before = judged.bytes()
    done = call("first", "--grid", "since=2014,2018,2014", "--grid", "as_of=none,2021-12-31")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == ["4 runs: 4 made now, 0 fresh, 0 failed", "_build/sweeps/first.csv"]
    rows = read(judged.root / "_build/sweeps/first.csv")
    told = [(r["since"], r["as_of"], r["finding_1"], r["finding_2"], r["figure_years"]) for r in rows]
    assert told == [
        ("2014", "", "holds", "holds", "12"),
        ("2014", "2021-12-31", "holds", "cannot be told", "12"),
        ("2018", "", "fails", "holds", "8"),
        ("2018", "2021-12-31", "fails", "cannot be told", "8"),
    ]
    assert all((judged.root / "_build/runs" / row["run"] / "stamp.json").is_file() for row in rows)
    assert judged.bytes() == before


def test_a_sweep_that_was_stopped_goes_on_where_it_stopped(judged):
    asked = grid("first", {"since": range(2014, 2020)})
    ended = []

    def stop(progress):
        if progress.run is not None:
            ended.append(progress.run.folder)
            if len(ended) == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep.sweep(asked, workers=1, on_progress=stop)
    runs = sweep.sweep(asked)
    assert [run.parameters["since"] for run in runs] == [*range(2014, 2020)]
    assert {run.folder for run in runs if not run.again} >= set(ended)
    assert not any(run.again for run in sweep.sweep(asked))


def test_a_run_that_fails_leaves_the_others_and_is_told(judged):
    judged.write("first", *CELLS, "1 / (since - 2018)")
    done = call("first", "--grid", "since=2014,2018")
    assert done.exit_code == 1
    assert "raised ZeroDivisionError" in done.stdout
    assert "2 runs: 2 made now, 0 fresh, 1 failed" in done.stdout
    good, bad = read(judged.root / "_build/sweeps/first.csv")
    assert (good["failure"], good["finding_1"]) == ("", "holds")
    assert "ZeroDivisionError" in bad["failure"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--grid", "sinse=2014"], "Did you mean 'since'"),
        (["--grid", "since=2014,1999", "--grid", "as_of=2021-13-01"], "since=1999 is out of range"),
        (["--grid", "since=2014,1999", "--grid", "as_of=2021-13-01"], "as_of=2021-13-01 is not a date"),
        (["--grid", "since"], "name=value"),
        ([], "something to vary"),
        (["--draws", "5"], "draws and ranges go together"),
        (["--range", "since=2014,2016"], "draws and ranges go together"),
        (["--draws", "5", "--range", "since=2014"], "needs two ends"),
        (["--draws", "5", "--range", "since=2016,2014"], "low end and a higher one"),
        (["--draws", "5", "--range", "as_of=2014-01-01,2016-01-01"], "is no number"),
        (["--draws", "5", "--range", "since=2014,2016", "--grid", "since=2014"], "both values and a range"),
        (["--grid", "since=2014", "--report", "report.pdf"], "ends in .html or .svg"),
        (["--grid", "since=2014", "--figure", "years"], "name the report too"),
        (["--grid", "since=2014", "--table", "table.xlsx"], "ends in .csv"),
    ],
)
def test_what_is_wrong_is_refused_before_a_kernel_starts(judged, monkeypatch, arguments, said):
    monkeypatch.setattr(kernels, "kernel_spec", lambda: pytest.fail("a kernel was started"))
    done = call("first", *arguments)
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert not (judged.root / "_build").exists()


def test_an_unknown_chapter_is_refused_with_the_nearest(judged):
    with pytest.raises(UnknownName, match="Did you mean 'first'"):
        grid("frst", {"since": [2014]})


def test_a_grid_of_a_million_asks_by_its_first_run_which_is_kept(judged):
    asked = Grid("first", {"since": (2014, 2015)}, drawn=({},) * 500_000)
    told = []

    def refuse(runs, seconds):
        told.append((runs, seconds))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        sweep.sweep(asked, ask=refuse)
    ((runs, seconds),) = told
    assert runs == 1_000_000
    assert 1_000 < seconds < 60 * 1_000_000
    assert len(list((judged.root / "_build/runs").glob("*-????????"))) == 1


def test_the_command_asks_and_takes_silence_for_no(judged, monkeypatch):
    monkeypatch.setattr(sweep, "MANY", 2)
    asked = call("first", "--grid", "since=2014,2015,2016", input="")
    assert asked.exit_code == 1
    assert re.search(r"3 runs, at most \d+ (second|minute)s? by the first.*\[y/N\]", asked.stderr)
    assert len(list((judged.root / "_build/runs").glob("*-????????"))) == 1
    assert call("first", "--grid", "since=2014,2015,2016", "--yes").exit_code == 0


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 second"), (119, "119 seconds"), (180, "3 minutes"), (864_000, "10 days")]
)
def test_a_duration_is_told_in_the_largest_unit_that_fits(seconds, words):
    assert duration(seconds) == words


def test_a_latin_hypercube_has_one_draw_in_each_slice_and_repeats_by_its_seed(book):
    book.write("first", "spread", parameters="as_of = None  # date or None: day\nspread = 1.0  # float 0..5: spread")
    ranges = {"spread": ("0", "4")}
    drawn = [sets["spread"] for sets in grid("first", ranges=ranges, draws=40, seed=3)]
    assert sorted(int(value * 10) for value in drawn) == [*range(40)]
    assert drawn == [sets["spread"] for sets in grid("first", ranges=ranges, draws=40, seed=3)]
    assert drawn != [sets["spread"] for sets in grid("first", ranges=ranges, draws=40, seed=4)]


def test_whole_numbers_are_drawn_with_both_ends(book):
    drawn = [sets["since"] for sets in grid("first", ranges={"since": ("2014", "2016")}, draws=60, method="random")]
    assert set(drawn) == {2014, 2015, 2016}


def test_draws_are_combined_with_every_value_of_a_grid(book):
    asked = grid("first", {"as_of": ["none", "2021-12-31"]}, ranges={"since": ("2014", "2020")}, draws=3)
    assert len(asked) == len([*asked]) == 6
    assert {sets["as_of"] for sets in asked} == {None, "2021-12-31"}
    assert asked.names == ["as_of", "since"]


def test_a_file_gives_the_same_grid_as_options(book, tmp_path):
    file = tmp_path / "grid.yml"
    file.write_text("since: [2014, 2018]\nas_of: [null, 2021-12-31]\n", encoding="utf-8")
    assert from_file(file) == {"since": [2014, 2018], "as_of": [None, datetime.date(2021, 12, 31)]}
    by_options = grid("first", listed(["since=2014,2018", "as_of=none,2021-12-31"]))
    assert grid("first", from_file(file)) == by_options
    file.write_text("since: 2014\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="holds no grid"):
        from_file(file)
    assert bounds(["since=2014,2016"]) == {"since": ("2014", "2016")}


def test_the_report_draws_findings_or_a_figure(judged):
    svg = judged.root / "curve.svg"
    assert call("first", "--grid", "since=2014,2018", "--report", str(svg), "--figure", "years").exit_code == 0
    assert "years of first in 2 runs" in svg.read_text(encoding="utf-8")
    page = judged.root / "report.html"
    assert call("first", "--grid", "since=2014,2018", "--report", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "<td>Begun after 2014.</td><td>1</td><td>1</td><td>0</td>" in text
    assert not re.search(r"<script|(src|href)=.http", text)
    unknown = call("first", "--grid", "since=2014,2018", "--report", str(page), "--figure", "yeers")
    assert unknown.exit_code == 2
    assert "Did you mean 'years'" in unknown.stderr
