"""Generalised cost of a route, where two routes cost the same, and how often each is cheapest."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize, stats

from cci.errors import ParameterError
from cci.models.corridor import (
    Route,
    break_even_value_of_time,
    day_value,
    deviation_of_delays,
    emitted,
    generalised_cost,
    haulage,
    parts_won,
    shares,
)

money, days, ratio = st.floats(0, 1e5), st.floats(0, 60), st.floats(0, 3)
routes = st.builds(Route, freight=money, days=days, deviation=st.floats(0, 10), emission=st.floats(0, 50))
HOSTILE = [-1, math.nan, math.inf, -math.inf, "dear", None, [1, -1]]


def test_a_case_worked_by_hand():
    # 1200 + 300 × (8 + 0.5 × 3) + 20 × 0.5 = 1200 + 2850 + 10, and 900 + 300 × (22 + 0.5 × 4) + 20 × 0.8.
    rail, river = Route(1200, 8, 3, 0.5), Route(900, 22, 4, 0.8)
    prices = {"reliability": 0.5, "carbon_price": 20}
    assert generalised_cost(rail, value_of_time=300, **prices) == 4060
    assert generalised_cost(river, value_of_time=300, **prices) == 8116
    # They meet where 300 of freight less 6 of carbon is paid back by 24 - 9.5 weighted days: 294 / 14.5.
    assert break_even_value_of_time(rail, river, **prices) == pytest.approx(20.2758620690)


def test_the_parts_of_a_cost_worked_by_hand():
    assert day_value(25_000, 1.2) == 300  # US$ 25,000 × 1.2 %
    assert haulage(1450, 10, 0.4) == 5800  # km × t × yuan per tonne-kilometre
    assert emitted(1450, 10, 28) == pytest.approx(0.406)  # km × t × g / 1,000,000


def test_the_deviation_of_delays_worked_by_hand():
    # q = 0.348: all 4.88 days late, 4.88 × √(0.348 × 0.652); exponential, 4.88 × √(2 × 0.348 - 0.348²).
    assert deviation_of_delays(0.652, 4.88) == pytest.approx(2.32452, abs=1e-5)
    assert deviation_of_delays(0.652, 4.88, spread=1) == pytest.approx(3.70012, abs=1e-4)


@given(st.floats(0, 1), st.floats(0.1, 30))
def test_exponential_delays_have_the_deviation_that_scipy_finds_by_integrating(on_time, mean_late):
    late = stats.expon(scale=mean_late)
    mean = (1 - on_time) * late.moment(1)
    expected = math.sqrt(max((1 - on_time) * late.moment(2) - mean**2, 0))
    assert deviation_of_delays(on_time, mean_late, spread=1) == pytest.approx(expected, abs=1e-6)


@given(routes, routes, ratio, st.floats(0, 100))
def test_break_even_is_where_a_root_finder_sees_the_costs_meet(one, other, reliability, carbon_price):
    prices = {"reliability": reliability, "carbon_price": carbon_price}
    meet = break_even_value_of_time(one, other, **prices)
    assume(1e-3 < meet < 1e5)
    assume(abs(one.days + reliability * one.deviation - other.days - reliability * other.deviation) > 1e-3)

    def gap(day):
        both = (generalised_cost(route, value_of_time=day, **prices) for route in (one, other))
        return next(both) - next(both)

    assert optimize.brentq(gap, 0, 2 * meet) == pytest.approx(meet, rel=1e-6, abs=1e-4)


@given(routes, routes, ratio)
def test_below_zero_the_break_even_says_that_one_route_is_never_dearer(one, other, reliability):
    meet = break_even_value_of_time(one, other, reliability=reliability)
    assume(meet < 0)
    longer = one.days + reliability * one.deviation > other.days + reliability * other.deviation
    quick, slow = (other, one) if longer else (one, other)
    for day in (0, 1, 1e4):
        of_quick, of_slow = (generalised_cost(r, value_of_time=day, reliability=reliability) for r in (quick, slow))
        assert of_quick <= of_slow * (1 + 1e-9) + 1e-6


def test_equal_days_have_no_break_even_and_swapping_the_routes_changes_nothing():
    cheap, dear, slow = Route(100, 5), Route(200, 5), Route(50, 9)
    assert math.isnan(break_even_value_of_time(cheap, dear))
    assert math.isnan(break_even_value_of_time(Route(1e5, 5e-324), Route(0, 0)))
    assert break_even_value_of_time(cheap, slow) == break_even_value_of_time(slow, cheap) == 12.5


@given(routes, money, ratio, st.floats(0, 100), st.floats(0, 1e3))
def test_a_cost_never_falls_when_a_price_rises(route, day, reliability, carbon_price, more):
    def cost(**raised):
        given_prices = {"value_of_time": day, "reliability": reliability, "carbon_price": carbon_price}
        return generalised_cost(route, **(given_prices | raised))

    assert cost(value_of_time=day + more) >= cost()
    assert cost(reliability=reliability + more) >= cost()
    assert cost(carbon_price=carbon_price + more) >= cost()
    dearer = Route(route.freight + more, route.days, route.deviation, route.emission)
    assert generalised_cost(dearer, value_of_time=day) >= generalised_cost(route, value_of_time=day)


def test_arrays_broadcast_and_numbers_stay_numbers():
    cost = generalised_cost(Route([100, 200], 5), value_of_time=[[0], [10]])
    assert cost.tolist() == [[100, 200], [150, 250]]
    assert isinstance(generalised_cost(Route(100, 5), value_of_time=10), float)
    assert break_even_value_of_time(Route([100, 200], 5), Route(50, 9)).tolist() == [12.5, 37.5]


@given(st.lists(st.tuples(money, money, money), min_size=1, max_size=20))
def test_shares_add_up_to_one_and_the_order_of_routes_does_not_matter(points):
    costs = dict(zip("abc", np.array(points).T, strict=True))
    won = shares(costs)
    assert sum(won.values()) == pytest.approx(1)
    assert shares(dict(reversed(costs.items()))) == pytest.approx(won)


def test_a_tie_is_divided():
    parts = parts_won({"a": [1, 1, 3], "b": [2, 1, 3], "c": [3, 2, 3]})
    assert [part.tolist() for part in parts.values()] == [[1, 0.5, 1 / 3], [0, 0.5, 1 / 3], [0, 0, 1 / 3]]
    assert parts_won({"a": 5, "b": 5}) == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize("value", HOSTILE, ids=str)
@pytest.mark.parametrize("field", ["freight", "days", "deviation", "emission"])
def test_a_route_refuses_what_is_no_quantity(field, value):
    with pytest.raises(ParameterError, match=f"The {field} of a route"):
        Route(**({"freight": 1, "days": 1} | {field: value}))


@pytest.mark.parametrize("value", HOSTILE, ids=str)
@pytest.mark.parametrize("price", ["value_of_time", "reliability", "carbon_price"])
def test_a_cost_refuses_what_is_no_price(price, value):
    with pytest.raises(ParameterError):
        generalised_cost(Route(1, 1), **({"value_of_time": 1} | {price: value}))


@pytest.mark.parametrize("costs", [{}, {"a": math.nan}, {"a": [1, math.inf]}])
def test_costs_that_cannot_be_compared_are_refused(costs):
    with pytest.raises(ParameterError):
        parts_won(costs)


def test_a_space_without_points_and_a_share_above_one_are_refused():
    with pytest.raises(ParameterError, match="draw at least one"):
        shares({"a": [], "b": []})
    with pytest.raises(ParameterError, match="not percent"):
        deviation_of_delays(65.2, 4.88)
