"""What the wording of a figure allows, and arithmetic that never loses a possible value."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cci.errors import IntervalError
from cci.record.intervals import (
    QUALIFIERS,
    RULES,
    Interval,
    allowed,
    grown,
    growth,
    is_count,
    multiple,
    share,
    shrunk,
    step,
)

numbers = st.integers(-10_000, 10_000).map(float)


@st.composite
def intervals(draw, values=numbers):
    low, high = sorted((draw(values), draw(values)))
    if low == high:
        return Interval(low, high)
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


@st.composite
def pairs_inside(draw, values=numbers):
    """Two intervals and a number inside each."""
    return tuple((i, _inside(draw, i)) for i in (draw(intervals(values)), draw(intervals(values))))


def _inside(draw, interval):
    fraction = draw(st.integers(1, 9)) / 10
    ends = [end for end in (interval.low, interval.high) if end in interval]
    middle = interval.low + (interval.high - interval.low) * fraction
    return draw(st.sampled_from([*ends, middle]))


def _holds(interval, value):
    """Membership with room for the last digit of a float."""
    room = 1e-9 * max(1.0, abs(value))
    return interval.low - room <= value <= interval.high + room


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "words", "expected"),
    [
        (26e9, "USD", "exact", "26 billion U.S. dollars", "[25,500,000,000, 26,500,000,000)"),
        (21.7e9, "USD", "exact", "USD 21.7 billion", "[21,650,000,000, 21,750,000,000)"),
        (18.6e9, "USD", "exact", "186亿美元", "[18,550,000,000, 18,650,000,000)"),
        (270_000, "TEU", "over", "超27萬標箱", "[270,000, 280,000)"),
        (1e12, "CNY", "over", "exceed 1 trillion yuan", "[1e+12, 2e+12)"),
        (1e12, "CNY", "over", "突破1万亿元", "[1e+12, 2e+12)"),
        (347, "projects", "exact", "347 projects", "[347, 347]"),
        (86_000, "persons", "exact", "reached 86,000", "[85,500, 86,500)"),
        (252_400, "persons", "exact", "252,400", "[252,350, 252,450)"),
        (230_000, "persons", "over", "surpassed 230,000", "[230,000, 240,000)"),
        (30, "enterprises", "over", "over 30", "[30, 40)"),
        (14, "days", "at_least", "at least 2 weeks", "[14, 15)"),
        (100, "persons", "nearly", "nearly 100", "(90, 100]"),
        (35_800_000, "persons", "nearly", "nearly 35.8 million", "(35,700,000, 35,800,000]"),
        (6_000, "trains", "about", "6,000 train trips", "[5,400, 6,600]"),
        (20, "days", "under", "under 20 days", "(10, 20]"),
        (190_000, "persons", "up_to", "增至19万人", "(180,000, 190,000]"),
        (56.1, "percent", "exact", "56.1%", "[56.05, 56.15)"),
        (20, "percent", "exact", "20%", "[19.5, 20.5)"),
        (7, "days", "exact", "7 days", "[6.5, 7.5)"),
        (7.43, "times", "exact", "7.43 times", "[7.425, 7.435)"),
        (2, "rank", "exact", "second", "[2, 2]"),
        (5, "rank", "up_to", "top five", "[0, 5]"),
        (2015, "year", "exact", "in 2015", "[2,015, 2,015]"),
        (0, "flights", "exact", "none", "[0, 0]"),
        (-20, "percent", "over", "cut by over 20%", "(-30, -20]"),
        (-20, "percent", "nearly", "cut by nearly 20 percent", "[-20, -18)"),
    ],
)
def test_wording_becomes_the_interval_it_allows(value, unit, qualifier, words, expected):
    assert str(allowed(value, unit=unit, qualifier=qualifier, words=words)) == expected


def test_a_printed_range_is_widened_at_both_ends():
    interval = allowed(60, unit="milliseconds", words="60-70 milliseconds", value_high=70)
    assert (interval.low, interval.high) == (59.5, 70.5)


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        ("21.70 billion", 21.7e9, 1e7),
        ("320万人", 3.2e6, 1e5),
        ("１２．６万标箱", 126_000, 1e3),  # full-width digits
        ("100 million", 1e8, 1e7),
        ("12,527 tourists", 12_527, 1),
        ("seven", 7, 1),
        ("no digits here", 250_000, 1e4),
        (None, 0.5, 0.1),
    ],
)
def test_step_is_the_last_digit_printed(words, value, expected):
    assert step(value, words) == pytest.approx(expected)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("qualifier", QUALIFIERS)
def test_every_rule_allows_the_printed_value_or_its_limit(rule, qualifier):
    interval = allowed(230_000, unit="persons", qualifier=qualifier, rule=rule)
    assert interval.low <= 230_000 <= interval.high


def test_the_rules_differ_where_they_say_so():
    over = {rule: str(allowed(30, unit="enterprises", qualifier="over", rule=rule)) for rule in RULES}
    assert over == {
        "next-round": "[30, 40)",
        "next-step": "[30, 31)",
        "one-sided": "[30, inf)",
        "as-printed": "[30, 30]",
    }


@pytest.mark.parametrize("call", [{"qualifier": "roughly"}, {"rule": "bayes"}])
def test_an_undefined_qualifier_or_rule_is_refused_by_name(call):
    with pytest.raises(IntervalError, match=r"roughly|bayes"):
        allowed(1, unit="items", **call)


@pytest.mark.parametrize("ends", [(2, 1, False, False), (1, 1, True, False), (math.nan, 1, False, False)])
def test_an_interval_without_a_number_in_it_is_refused(ends):
    with pytest.raises(IntervalError):
        Interval(*ends)


def test_division_by_an_interval_that_contains_zero_is_refused():
    with pytest.raises(IntervalError, match="contains zero"):
        Interval(1, 2) / Interval(-1, 1)


def test_an_open_zero_divides_into_an_unbounded_interval():
    result = Interval(1, 2) / Interval(0, 4, low_open=True)
    assert (result.low, result.high) == (0.25, math.inf)


@given(pairs_inside())
def test_sums_differences_and_products_contain_every_result_of_points_inside(pair):
    (a, x), (b, y) = pair
    assert _holds(a + b, x + y)
    assert _holds(a - b, x - y)
    assert _holds(a * b, x * y)


@given(pairs_inside(st.integers(1, 10_000).map(float)))
def test_quotients_growth_and_shares_contain_every_result_of_points_inside(pair):
    (a, x), (b, y) = pair
    assert _holds(a / b, x / y)
    assert _holds(growth(a, b), (x / y - 1) * 100)
    assert _holds(share(a, b), x / y * 100)


@given(pairs_inside(st.integers(1, 10_000).map(float)))
def test_growing_and_shrinking_undo_growth(pair):
    (now, _), (before, x) = pair
    rate = growth(now, before)
    assert _holds(grown(before, rate), now.low)
    assert _holds(shrunk(grown(Interval.point(x), rate), rate), x)


@given(intervals())
def test_negation_twice_is_the_interval_itself(a):
    negated = -a
    assert -negated == a


@given(intervals(), intervals())
def test_comparison_is_certain_or_silent(a, b):
    order = a.compare(b)
    assert (order == "overlaps") == a.overlaps(b)
    assert order == {"less": "greater", "greater": "less", "overlaps": "overlaps"}[b.compare(a)]


def test_an_unbounded_end_survives_multiplication_by_zero():
    assert Interval(0, 1) * Interval(1, math.inf, high_open=True) == Interval(0, math.inf, high_open=True)


def test_times_and_increase_by_times_are_told_apart():
    assert multiple(Interval.point(7)) == Interval(7, 7)
    assert multiple(Interval.point(7), increase_by=True) == Interval(8, 8)


def test_the_seeds_own_multiple_implies_its_base():
    base = allowed(86_000, unit="persons", words="reached 86,000") / allowed(7.43, unit="times", words="7.43 times")
    assert (round(base.low), round(base.high)) == (11_500, 11_650)


def test_small_counts_are_exact_and_measures_are_not():
    assert is_count("projects")
    assert not is_count("percent")
    assert not is_count("rank")
