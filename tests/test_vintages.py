"""One series as it was known on each day, and what changed in between."""

import pytest

import cci
from cci.errors import UnknownName


def test_a_period_keeps_its_words_until_somebody_says_otherwise(record):
    table = record.vintages("jcbc_agreements_count", scope="jcbc")
    council = table.loc["2023-12-07"]
    assert council.first_valid_index() >= "2023-12-07"
    assert set(council.dropna()) <= {"24 agreements", "over 20 agreements"}


def test_nothing_is_known_before_it_is_published(record):
    table = record.vintages("cross_border_financing_value", scope="cci")
    assert table.loc["2025-11-10", table.columns < "2025-11-10"].isna().all()
    assert list(table.columns) == sorted(table.columns)


def test_a_vintage_agrees_with_a_record_loaded_as_of_that_day(record):
    table = record.vintages("cross_border_financing_value", scope="cci")
    then = cci.load("2021-12-31").series("cross_border_financing_value", scope="cci").dropna(subset=["end"])
    known = table.loc[:, table.columns <= "2021-12-31"].iloc[:, -1].dropna()
    assert set(then["period_end"]) == set(known.index)


def test_a_revision_says_whether_rounding_explains_it(record):
    changes = record.revisions("jcbc_agreements_count", scope="jcbc")
    assert changes[["period_end", "words_before", "words", "overlaps"]].to_numpy().tolist() == [
        ["2023-12-07", "over 20 agreements", "24 agreements", True]
    ]


def test_an_unknown_series_is_refused(record):
    with pytest.raises(UnknownName):
        record.vintages("ports_reached", scope="ilstc-all")
