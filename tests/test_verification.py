"""Each observation of a source is found in its text, or told with what stands there instead."""

from __future__ import annotations

import json

import evidence
import pytest
from evidence import FLIGHTS, SOURCE
from typer.testing import CliRunner

import cci
from cci.audit.verification import COLUMNS, unverified, verify
from cci.book import adding
from cci.cli import app
from cci.errors import UnknownName
from cci.record.additions import additions

NAME = SOURCE["source_id"]
ENGLISH = [
    "A year in review",
    "The ‘Air Corridor’ now has ２６ weekly\u00a0flights.",
    "Flights took 24–26 hours; costs fell by “over 20%”.",
]
CHINESE = ["回顾", "目前，每周航班达２６班；投资总额１３．５ 亿元，“空中走廊”通达五十四个城市。"]


def one(number, words, value, *, locator="", unit="flights_per_week", **cells):
    indicator = {"flights_per_week": "weekly_flights", "percent": "international_passengers_growth"}
    names = {"obs_id": f"further-{number}", "as_stated": words, "value": str(value), "locator": locator, "unit": unit}
    return FLIGHTS | {"indicator": indicator.get(unit, "weekly_flights")} | names | cells


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A record with one further source; each row carries words to look for."""
    made = evidence.batch(tmp_path_factory.mktemp("record"))
    made.give("sources", SOURCE)
    made.give(
        "observations",
        one(1, "'Air Corridor' now has 26 weekly flights", 26, locator="paragraph 2"),
        one(2, "26 weekly flights", 26, locator="paragraph 3"),
        one(3, "26 weekly flights", 27),
        one(4, "has 28 weekly flights", 28),
        one(5, "每周航班达26班", 26, locator="paragraph 2"),
        one(6, '"空中走廊"通达五十四个城市', 54),
        one(7, "每周航班达27班", 27),
        one(8, "24-26 hours", 24, value_high="26"),
        one(9, "24-26 hours", 24, value_high="28"),
        one(10, "26 weekly flights", 26, locator="page 2"),
    )
    adding.write(additions(made.folder, data=made.data))
    return made.data


def told(copy, text, *numbers):
    found = verify(cci.load(data=copy), NAME, text).set_index("obs_id")
    return [found.loc[f"further-{number}"] for number in numbers]


def test_words_and_value_are_found_with_other_quotes_digits_and_blanks(copy):
    for row in told(copy, ENGLISH, 1) + told(copy, CHINESE, 5, 6):
        assert (row["outcome"], row["paragraph"]) == ("found", 2)
    (row,) = told(copy, ENGLISH, 1)
    assert row["passage"] == "‘Air Corridor’ now has ２６ weekly\u00a0flights"


def test_words_in_another_paragraph_are_told_with_both(copy):
    (row,) = told(copy, ENGLISH, 2)
    assert (row["outcome"], row["message"]) == (
        "other_paragraph", "The words stand in paragraph 2, not in 3 of 3."
    )  # fmt: skip


def test_a_value_that_the_words_do_not_give_is_told_with_what_they_give(copy):
    (row,) = told(copy, ENGLISH, 3)
    assert row["outcome"] == "value_not_read"
    assert row["message"] == "27 flights_per_week cannot be read: the numbers there are 26."


def test_both_ends_of_a_range_are_read(copy):
    whole, half = told(copy, ENGLISH, 8, 9)
    assert whole["outcome"] == "found"
    assert (half["outcome"], half["message"].partition(" ")[0]) == ("value_not_read", "28")


def test_missing_words_are_told_with_the_nearest_passage(copy):
    (english,) = told(copy, ENGLISH, 4)
    assert (english["outcome"], english["paragraph"]) == ("missing", 2)
    assert english["passage"] == "has ２６ weekly\u00a0flights"
    (chinese,) = told(copy, CHINESE, 7)
    assert (chinese["outcome"], chinese["passage"]) == ("missing", "每周航班达２６班")
    (nothing,) = told(copy, ["Something else altogether"], 7)
    assert nothing["message"] == "The words do not stand in the text, nor anything like them."


def test_a_locator_that_names_no_paragraph_is_said_not_to_be_tested(copy):
    (row,) = told(copy, ENGLISH, 10)
    assert row["outcome"] == "found"
    assert "'page 2' names no paragraph" in row["message"]


def test_an_empty_text_has_nothing_and_an_unknown_source_is_refused(copy):
    record = cci.load(data=copy)
    found = verify(record, NAME, [])
    assert list(found.columns) == list(COLUMNS)
    assert len(unverified(found)) == len(found) == 10
    with pytest.raises(UnknownName, match="review-2026-01-10-air"):
        verify(record, NAME + "s", ENGLISH)


def call(copy, path, *options, source=NAME):
    return CliRunner().invoke(app, ["verify", source, str(path), "--data", str(copy), *options])


def test_the_command_tells_what_does_not_stand_and_ends_with_1(copy, tmp_path):
    path = tmp_path / "source.html"
    path.write_text("<html><body>" + "".join(f"<p>{line}\x1b[31m</p>" for line in ENGLISH), encoding="utf-8")
    result = call(copy, path)
    assert result.exit_code == 1
    assert "further-4" in result.stdout
    assert "further-1 " not in result.stdout
    assert "\x1b" not in result.stdout
    counted = result.stdout.splitlines()[-1]
    assert "4 missing" in counted
    assert "2 value not read" in counted


def test_the_command_ends_with_0_when_all_is_found_and_gives_json(copy, tmp_path):
    path = tmp_path / "source.txt"
    path.write_text("On March 25, 2016 it said 600 flights.\n", encoding="utf-8")
    result = call(copy, path, "--format", "json")
    rows = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {row["outcome"] for row in rows} == {"missing"}
    record = cci.load(data=copy)
    source = next(
        s for s, rows in record.observations.groupby("source_id") if len(rows) == 1 and rows["value"].item() > 9
    )
    words = record.observations.set_index("source_id").loc[source, "as_stated"]
    path.write_text(f"Title\nIt says {words}, and so on.\n", encoding="utf-8")
    result = call(copy, path, source=source)
    assert (result.exit_code, result.stdout) == (0, "1 found\n")


def test_a_file_or_source_that_is_not_there_is_status_2(copy, tmp_path):
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    for path, source in ((tmp_path / "nowhere.txt", NAME), (tmp_path / "a.txt", "nowhere")):
        result = call(copy, path, source=source)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.strip()
