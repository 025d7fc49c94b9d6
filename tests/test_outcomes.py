"""What a run came to is kept as data, and two runs are compared in words."""

from __future__ import annotations

import copy
import json

import pytest
from typer.testing import CliRunner

from cci.book import normalise
from cci.book.outcomes import differences, outcomes
from cci.book.run import run
from cci.cli import app

CHAPTER = (
    "import pandas as pd\nimport cci\nfrom cci import audit, charts\nfrom cci.book.results import glue\ncharts.use()",
    "record = cci.load(as_of=as_of)\nflights = record.series('weekly_flights', scope='route-ckg-sin')",
    "glue('words', f'since {since}')\nglue('number', since)\nglue('peak', audit.relation(record, 'r-peak'))",
    "charts.trend(flights[flights['end'].dt.year >= since], title=f'Flights since {since}')",
    "charts.table(flights.head(3), title='First figures', columns={'words': 'Figure'})",
    "audit.findings(audit.finding('It is late.', holds=since > 2016, because=flights.head(2), why='By the year.'))",
)


@pytest.fixture
def two(book):
    book.write("first", *CHAPTER)
    return run(["first"])[0], run(["first"], parameters={"since": 2018})[0]


def test_results_are_those_of_the_notebook_on_disk(two):
    assert outcomes(normalise.read(two[0].path)) == two[0].results


def test_results_hold_findings_figures_with_intervals_and_hashes_of_charts(two):
    found = json.loads((two[0].folder / "results.json").read_text(encoding="utf-8"))
    assert found["figures"]["words"] == {"value": "since 2014"}
    assert found["figures"]["number"] == {"value": 2014}
    peak = found["figures"]["peak"]
    assert 1 < peak["low"] < peak["high"] < 2
    assert len(peak["obs_ids"]) == 2
    (finding,) = found["findings"]
    assert (finding["statement"], finding["verdict"], finding["why"]) == ("It is late.", "fails", "By the year.")
    assert len(finding["obs_ids"]) == 2
    (chart,), (table,) = found["charts"], found["tables"]
    assert (chart["title"], chart["kind"]) == ("Flights since 2014", "trend")
    assert table["title"] == "First figures"
    assert len({chart["data"], chart["whole"], table["data"]}) == 3


def test_two_runs_differ_in_what_the_parameter_changes_and_in_nothing_else(two):
    told = differences(two[0].results, two[1].results)
    assert told == [
        "figure number: 2014, then 2018",
        "figure words: since 2014, then since 2018",
        "finding: It is late. fails, then holds",
        "chart 'Flights since 2014': the title, now 'Flights since 2018' and its data changed",
    ]
    assert differences(two[0].results, two[0].results) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r["figures"].pop("words"), "figure words: only in the first, since 2014"),
        (lambda r: r["figures"].update(new={"value": "1"}), "figure new: only in the second, 1"),
        (lambda r: r["figures"]["peak"].update(high=None), "to open"),
        (lambda r: r["findings"].clear(), "finding only in the first: It is late. (fails)"),
        (lambda r: r["findings"][0].update(why="By luck."), "fails as before, for another reason: By luck."),
        (lambda r: r["findings"][0]["obs_ids"].pop(), "fails as before, by other observations: without "),
        (lambda r: r["charts"][0].update(whole="0"), "how it is drawn or described changed"),
        (lambda r: r["charts"].clear(), "chart only in the first: Flights since 2014"),
        (lambda r: r["tables"][0].update(whole="0", data="0"), "table 'First figures': its data changed"),
    ],
)
def test_each_kind_of_difference_is_told(two, change, told):
    other = copy.deepcopy(two[0].results)
    change(other)
    (line,) = differences(two[0].results, other)
    assert told in line


def call(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_the_commands_run_status_runs_and_diff_say_the_same(two):
    status = call("status", "first")
    assert (status.exit_code, status.stdout) == (0, "first  fresh\n1 chapter: none stale\n")
    assert call("status").exit_code == 1  # second was never run
    again = call("run", "first", "-p", "since=2018")
    assert again.stdout.endswith("  (fresh, not run again)\n")
    listed = call("runs").stdout.splitlines()
    assert [line.split()[:3] for line in listed[:-1]] == [
        [one.folder.name, "fresh", "as_of=none"] for one in sorted(two, key=lambda one: one.folder.name)
    ]
    assert listed[-1] == "2 runs"
    same = call("diff", two[0].folder.name, two[0].folder.name)
    assert (same.exit_code, same.stdout) == (0, "no figure, finding, chart or table differs\n")
    other = call("diff", two[0].folder.name, str(two[1].folder))
    assert other.exit_code == 1
    assert "figure number: 2014, then 2018" in other.stdout
    trouble = call("diff", two[0].folder.name, "first-nothing")
    assert (trouble.exit_code, trouble.stdout) == (2, "")
    assert "No run 'first-nothing'" in trouble.stderr
    (two[1].folder / "results.json").write_text("{}")
    altered = call("diff", two[0].folder.name, two[1].folder.name)
    assert altered.exit_code == 2
    assert "cut short or altered" in altered.stderr
