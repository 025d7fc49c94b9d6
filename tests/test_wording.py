"""One house style for figures, intervals and dates."""

import math

import pytest

from cci.record.intervals import Interval
from cci.record.wording import date_words, figure_words, interval_words, number_words, period_words


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "words", "expected"),
    [
        (26e9, "USD", "over", "over 26 billion", "over US$26 billion"),
        (21.7e9, "USD", "exact", "21.7 billion", "US$21.7 billion"),
        (4e8, "CNY", "over", "RMB 400 million", "over 400 million yuan"),
        (1.8e6, "SGD", "exact", "$1.8m mark", "S$1.8 million"),
        (22.53e6, "EUR", "exact", "22.53 million euros", "€22.53 million"),
        (3e6, "persons", "about", "About three million", "about 3 million people"),
        (7e6, "TEU", "exact", "7.0 million", "7.0 million TEU"),
        (1_202_700, "trips", "exact", "120.27万辆次", "1,202,700 trips"),
        (347, "projects", "exact", "347", "347 projects"),
        (1, "projects", "exact", "one", "1 project"),
        (1, "cities", "exact", "one", "1 city"),
        (24, "flights_per_week", "exact", "24", "24 flights a week"),
        (7.43, "times", "exact", "7.43 times", "7.43 times"),
        (56.1, "percent", "exact", "56.1%", "56.1%"),
        (1, "percent", "exact", "1 percent", "1%"),
        (-25, "percent", "exact", "25% reduction", "25% less"),
        (-20, "percent", "over", "over 20%", "over 20% less"),
        (2, "rank", "exact", "second", "second"),
        (11, "rank", "exact", "11th", "number 11"),
        (5, "rank", "up_to", "top five", "top 5"),
        (2015, "year", "exact", "2015", "2015"),
        (12, "new_kind_of_thing", "exact", "12", "12 new kind of thing"),
    ],
)
def test_a_figure_reads_in_the_house_style(value, unit, qualifier, words, expected):
    assert figure_words(value, unit, qualifier=qualifier, words=words) == expected


def test_a_printed_range_says_its_scale_once():
    assert figure_words(17e6, "persons", value_high=18.5e6, words="17.0 to 18.5 million") == "17 to 18.5 million people"
    assert figure_words(10, "days", value_high=14, words="10-14天") == "10 to 14 days"


def test_a_number_can_stand_without_its_unit():
    assert number_words(26e9, "USD", qualifier="over", words="26 billion") == "over 26 billion"


@pytest.mark.parametrize(
    ("interval", "unit", "expected"),
    [
        (Interval(11_499.7, 11_649.8), "persons", "between 11,500 and 11,650 people"),
        (Interval(25.5e9, 26.5e9), "USD", "between US$25.5 billion and US$26.5 billion"),
        (Interval(-2e8, 8e8), "USD", "between −US$200 million and US$800 million"),
        (Interval(129, 129), "projects", "129 projects"),
        (Interval(4.8, 4.8), "times", "4.8 times"),
        (Interval(26e9, math.inf), "USD", "at least US$26 billion"),
        (Interval(26e9, math.inf, low_open=True), "USD", "over US$26 billion"),
        (Interval(640_409_862_123.4, math.inf, low_open=True), "CNY", "over 640.4 billion yuan"),
        (Interval(-math.inf, 5, high_open=True), "days", "under 5 days"),
        (Interval(-math.inf, math.inf), "days", "any number"),
        (Interval(7e7, 8e7), "USD_per_projects", "between US$70 million and US$80 million per project"),
    ],
)
def test_an_interval_reads_in_the_house_style(interval, unit, expected):
    assert interval_words(interval, unit) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2025-12-15", "15 December 2025"), ("2025-03", "March 2025"), ("2015", "2015"), (None, "date not stated")],
)
def test_a_reduced_date_says_no_more_than_it_knows(date, expected):
    assert date_words(date) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-01-01", "2024-12-31", "2024"),
        ("2025-01-01", "2025-10-31", "January to October 2025"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2015-11-07", "2025-10-11", "7 November 2015 to 11 October 2025"),
        (None, "2025-10-31", "31 October 2025"),
        ("2024-04-01", "2024-06-30", "April to June 2024"),
        ("2024-01-01", "2024-11-20", "1 January 2024 to 20 November 2024"),
    ],
)
def test_a_period_reads_as_one_would_say_it(start, end, expected):
    assert period_words(start, end) == expected
