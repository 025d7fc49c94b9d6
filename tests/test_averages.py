"""What a counted item is worth, in the total and among those added."""

import pytest

import cci
from cci import audit
from cci.audit.averages import ADDED


def test_value_is_divided_by_count_where_both_are_stated_for_a_day(record):
    averages = audit.averages(record, "gov_commercial_projects", scope="cci").set_index("note")
    row = averages.loc["all signed by 11 October 2025"]
    # US$26 billion to half of its last digit, 347 projects to the piece.
    assert (row["low"], row["high"]) == pytest.approx((25.5e9 / 347, 26.5e9 / 347))
    assert row["unit"] == "USD_per_projects"


def test_those_added_are_worth_the_growth_in_value_over_the_growth_in_count(record):
    averages = audit.averages(record, "gov_commercial_projects", scope="cci")
    row = averages.iloc[-1]
    assert row["note"] == ADDED
    # From US$25.26 billion and 218 projects in November 2022.
    assert (row["low"], row["high"]) == pytest.approx(((25.5e9 - 25.265e9) / 129, (26.5e9 - 25.255e9) / 129))
    assert row["words"] == "between US$1.8 million and US$9.7 million per project"
    assert len(row["obs_ids"]) == 4


def test_a_pair_of_figures_printed_again_is_no_new_average(record):
    names = audit.averages(record, "gov_commercial_projects", scope="cci")["note"].tolist()
    assert names == ["all signed by 14 November 2022", "all signed by 11 October 2025", ADDED]


def test_one_day_has_an_average_and_nothing_added():
    early = cci.load("2022-12-31")
    assert audit.averages(early, "gov_commercial_projects", scope="cci")["note"].tolist() == [
        "all signed by 14 November 2022"
    ]
    assert audit.averages(cci.load("2014-12-31"), "gov_commercial_projects", scope="cci").empty
    assert audit.averages(early, "gov_commercial_projects", scope="cci").attrs["as_of"] == "2022-12-31"
