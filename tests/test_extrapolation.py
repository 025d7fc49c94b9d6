"""Naive forecasts: worked by hand, held against what theory says of random walks, and scored by the rule cited."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cci.errors import ParameterError
from cci.models import extrapolation
from cci.models.extrapolation import damped_trend, damped_variance, drift, interval_score, last_increment, naive

METHODS = [naive, drift, last_increment, damped_trend]
YEARS = np.arange(2016.0, 2026.0)
series = st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=10, max_size=10).map(np.array)


def test_the_last_value_by_hand():
    # Differences 2, -1 and 4: mean square 7, over two years 14.
    found = naive([0, 1, 2, 3], [10, 12, 11, 15], 5, level=0.8)
    half = stats.t.ppf(0.9, 3) * np.sqrt(14)
    assert (found.point, found.low, found.high) == pytest.approx((15, 15 - half, 15 + half))


def test_the_drift_by_hand():
    # Slope 5/3; residuals 1/3, -8/3 and 7/3 leave 19/3 with two degrees of freedom; a year ahead 19/3 (1 + 1/3).
    found = drift([0, 1, 2, 3], [10, 12, 11, 15], 4, level=0.8)
    half = stats.t.ppf(0.9, 2) * np.sqrt(76 / 9)
    assert (found.point, found.low, found.high) == pytest.approx((50 / 3, 50 / 3 - half, 50 / 3 + half))


def test_the_last_increment_by_hand():
    # Increments 1, 2 and 3 differ by one: two years ahead 6 + 2 x 3, with a variance of 1 + 4.
    found = last_increment([0, 1, 2, 3], [0, 1, 3, 6], 5, level=0.8)
    half = stats.t.ppf(0.9, 2) * np.sqrt(5)
    assert (found.point, found.low, found.high) == pytest.approx((12, 12 - half, 12 + half))


def test_one_step_of_drift_is_the_textbook_range_of_one_more_draw():
    values = np.array([3.0, 8.0, 9.5, 17.0, 18.0])
    changes = np.diff(values)
    half = stats.t.ppf(0.9, 3) * changes.std(ddof=1) * np.sqrt(1 + 1 / 4)
    found = drift(np.arange(5), values, 5, level=0.8)
    assert (found.point, found.high) == pytest.approx((18 + changes.mean(), 18 + changes.mean() + half))


def test_the_smoothing_by_hand():
    level, trend, errors = extrapolation._smoothed(np.array([10.0, 14.0, 15.0]), 0.5, 0.5, 0.9)
    assert errors.tolist() == pytest.approx([0.4, -2.13])
    assert (level, trend) == pytest.approx((16.065, 2.7975))


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_the_variance_of_a_damped_trend_is_that_of_the_textbook(steps):
    # Forecasting: Principles and Practice, 3rd edition, table 8.8, the row of (A, Ad, N), in closed form.
    a, b, f, h = 0.4, 0.12, 0.9, steps
    closed = 1 + a**2 * (h - 1)
    closed += b * f * h / (1 - f) ** 2 * (2 * a * (1 - f) + b * f)
    closed -= b * f * (1 - f**h) / ((1 - f) ** 2 * (1 - f**2)) * (2 * a * (1 - f**2) + b * f * (1 + 2 * f - f**h))
    assert damped_variance(a, b, f, h) == pytest.approx(closed)


def test_a_damped_trend_goes_on_and_fades():
    values = 100 + np.cumsum(10 * 0.9 ** np.arange(10))
    points = [damped_trend(YEARS, values, 2025.0 + ahead, level=0.8).point for ahead in (1, 2, 3)]
    steps = np.diff([values[-1], *points])
    assert (steps > 0).all()
    assert steps[1:] == pytest.approx(steps[:-1] * 0.9, rel=0.1)


@pytest.mark.parametrize("method", METHODS)
def test_what_never_moves_is_expected_to_stay(method):
    found = method(YEARS, np.full(10, 7.0), 2027.0, level=0.8)
    assert (found.point, found.low, found.high) == pytest.approx((7, 7, 7))


@pytest.mark.parametrize("method", METHODS)
@given(series, st.floats(-1e3, 1e3), st.floats(0.1, 100))
def test_the_unit_of_the_series_does_not_matter(method, values, shift, scale):
    one, other = (method(YEARS, of, 2027.0, level=0.8) for of in (values, shift + scale * values))
    wanted = [shift + scale * part for part in (one.point, one.low, one.high)]
    assert [other.point, other.low, other.high] == pytest.approx(wanted, rel=1e-6, abs=1e-3 * scale)


@pytest.mark.parametrize(("method", "slope"), [(naive, 0.0), (drift, 3.0)])
def test_four_in_five_ranges_hold_a_random_walk_at_uneven_dates(method, slope):
    rng = np.random.default_rng(1)
    times = np.array([0, 1, 1.5, 3, 4, 4.2, 6, 7.0])
    steps = np.diff(times)
    held = 0
    for _ in range(4000):
        changes = slope * steps + np.sqrt(steps) * rng.standard_normal(len(steps))
        *values, outcome = np.cumsum([5.0, *changes])
        found = method(times[:-1], values, times[-1], level=0.8)
        held += found.low <= outcome <= found.high
    assert held / 4000 == pytest.approx(0.8, abs=0.02)


def test_the_score_of_a_range():
    assert interval_score([2, 2, 2], [5, 5, 5], [6, 4, 1.5], level=0.8) == pytest.approx([3 + 10, 3, 3 + 5])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: naive([0, 1, 2], [1, 2, 3], 4, level=0.8), "3 points are too few"),
        (lambda: drift([0, 1, 2, 3], [1, 2, 3, 4], 3, level=0.8), "must lie after"),
        (lambda: drift([0, 2, 1, 3], [1, 2, 3, 4], 4, level=0.8), "must rise"),
        (lambda: naive([0, 1, 2, 3], [1, 2, 3, np.nan], 4, level=0.8), "finite values"),
        (lambda: naive([0, 1, 2, 3], [1, 2, 3, 4], 4, level=80), "no probability"),
        (lambda: damped_trend(np.arange(7), np.arange(7), 8, level=0.8), "7 points are too few"),
        (lambda: damped_trend([*range(8), 9], np.arange(9), 10, level=0.8), "without a gap"),
        (lambda: interval_score(2, 1, 0, level=0.8), "low end below"),
    ],
)
def test_what_cannot_be_forecast_is_refused(wrong, words):
    with pytest.raises(ParameterError, match=words):
        wrong()
