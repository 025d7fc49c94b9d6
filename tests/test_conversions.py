"""Amounts printed in two currencies in one breath, against the average rate of a year."""

import pytest

import cci
from cci.audit.conversions import conversions
from cci.audit.implied import currency_pairs

SUMMIT = "conversion:summit_projects_signed_value-financial-summit-2023-04-21-1"
REGULATOR = "conversion:cross_border_financing_value-cci-mas-qualifying-2018-08-31-1"
FIRMS = "conversion:cross_border_financing_value_cny-cci-2016-12-31-2"


def row(table, relation_id):
    return table.set_index("relation_id").loc[relation_id]


def test_yuan_with_us_dollars_imply_a_rate_held_against_the_average_of_the_year(record):
    found = row(conversions(record), SUMMIT)
    # 111 billion yuan (US$16 billion): 110.5 to 111.5 over 15.5 to 16.5; the average of 2023 is 7.0809.
    assert (found["low"], found["high"]) == pytest.approx((110.5 / 16.5, 111.5 / 15.5))
    assert (found["stated_low"], found["stated_high"]) == pytest.approx((7.0809 * 0.95, 7.0809 * 1.05))
    assert (found["outcome"], found["unit"]) == ("holds", "CNY_per_USD")


def test_a_bare_dollar_sign_beside_us_dollars_is_the_singapore_dollar(record):
    found = row(conversions(record), REGULATOR)
    # $5.78b (US$4.2b)
    assert (found["low"], found["high"]) == pytest.approx((5.775 / 4.25, 5.785 / 4.15))
    assert found["unit"] == "SGD_per_USD"


def test_yuan_with_singapore_dollars_are_held_against_the_quotient_of_both_averages(record):
    found = row(conversions(record), FIRMS)
    assert (found["stated_low"] + found["stated_high"]) / 2 == pytest.approx(6.64 / 1.38)
    assert found["unit"] == "CNY_per_SGD"


def test_a_figure_printed_once_is_no_pair(record):
    assert "conversion:cross_border_financing_value-cci-2019-06-25-1" not in set(conversions(record)["relation_id"])


def test_all_can_be_held_against_one_year(record):
    own, launch = conversions(record), conversions(record, year=2015)
    assert launch["relation_id"].tolist() == own["relation_id"].tolist()
    assert row(launch, SUMMIT)["outcome"] == "breaks"


def test_a_year_without_a_rate_tells_nothing(record):
    assert set(conversions(record, year=1999)["outcome"]) == {"cannot_tell"}


def test_no_conversions_before_anything_was_published():
    assert conversions(cci.load("2014-12-31")).empty


def test_a_pair_of_currencies_names_who_prints_each_amount_and_one_publisher_once(record):
    notes = currency_pairs(record)["note"]
    assert notes.is_unique
    assert "nearly S$4.5 billion and nearly US$4.5 billion (TODAY; The Straits Times)" in set(notes)
    assert not notes.str.fullmatch(r".*\(([^;]+); \1\)").any()
