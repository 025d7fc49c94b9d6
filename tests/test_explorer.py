"""The data of the explorer, and words for the search of the theme."""

import json

import pytest

import cci
from cci.book.site import explorer
from cci.book.site.listings import KINDS
from cci.book.site.searching import SearchEnglishAndChinese
from cci.book.site.shelf import Shelf


@pytest.fixture(scope="module")
def shelf():
    return Shelf(cci.load())


def test_every_observation_is_a_row_that_names_what_it_is_of(shelf):
    table = explorer.table(shelf, KINDS)
    rows = [dict(zip(explorer.COLUMNS, figure, strict=True)) for figure in table["figures"]]
    assert {row["obs_id"] for row in rows} == set(shelf.observations)
    for row in rows:
        held = shelf.observations[row["obs_id"]]
        assert table["indicators"][row["indicator"]][0] == held["indicator"]
        assert table["scopes"][row["scope"]][0] == held["scope"]
        assert table["sources"][row["source"]][0] == shelf.sources[held["source_id"]]["publisher"]
    assert {source[2] for source in table["sources"]} <= set(KINDS)


def test_the_latest_period_stands_first_and_undated_figures_last(shelf):
    years = [row[explorer.COLUMNS.index("year")] for row in explorer.table(shelf, KINDS)["figures"]]
    dated = [year for year in years if year is not None]
    assert dated == sorted(dated, reverse=True)
    assert years == dated + [None] * (len(years) - len(dated))


def test_the_script_holds_json_that_cannot_close_its_element(shelf):
    text = explorer.script(shelf, KINDS)
    assert "<" not in text
    assert json.loads(text.removeprefix("window.cciFigures=").removesuffix(";\n")) == explorer.table(shelf, KINDS)


def test_another_record_has_another_address(shelf):
    assert explorer.version(shelf, KINDS) != explorer.version(Shelf(cci.load(as_of="2018-12-31")), KINDS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Signed projects", ["Signed", "projects"]),
        ("江北机场2023春运", ["江北", "北机", "机场", "#2023#", "春运"]),
        ("CCI项目", ["CCI", "项目"]),
        ("新 country-wide", ["新", "country", "wide"]),
        ("over 86,000, 7.43 times", ["over", "#86000#", "#7.43#", "times"]),
        ("", []),
    ],
)
def test_chinese_is_split_into_pairs_english_at_its_spaces_and_numbers_are_marked(text, words):
    assert SearchEnglishAndChinese({}).split(text) == words
