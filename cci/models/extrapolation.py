"""Forecasts that know nothing but the series: last value, drift and damped trend, each with its range; and their score.

Series here are short and their dates uneven, so that the first two methods are written for any dates. The series is
a random walk in continuous time, which at even dates gives the formulae of Hyndman and Athanasopoulos, Forecasting:
Principles and Practice, 3rd edition, sections 5.2 and 5.5. Since variances rest on a handful of differences, ranges
use Student's t with as many degrees of freedom as remain, where the book uses the normal distribution.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from cci.errors import ParameterError

Array = NDArray[np.float64]
FEWEST = 4  # points: three differences leave two degrees of freedom to a drift
FEWEST_DAMPED = 8  # points: two smoothing constants and two starting values are fitted
DAMPING = 0.9  # within the 0.8 to 0.98 to which the book restricts it (section 8.2); too few points to fit it
_SMOOTHING = np.linspace(0.05, 0.95, 19)


@dataclass(frozen=True)
class Forecast:
    """A point and the range that is to hold the outcome with the probability asked for, in the unit of the series."""

    point: float
    low: float
    high: float


def naive(times: ArrayLike, values: ArrayLike, at: float, *, level: float) -> Forecast:
    """Return the last value as forecast for the time `at`.

    `times` and `at` in years (2025.5), `values` in the unit of the series, `level` between 0 and 1. The variance is
    s2 h after h years, s2 the mean of squared differences by year (section 5.5). Raises ParameterError.
    """
    t, y = _series(times, values, at, level)
    steps = np.diff(t)
    variance = np.mean(np.diff(y) ** 2 / steps)
    return _range(y[-1], variance * (at - t[-1]), len(steps), level)


def drift(times: ArrayLike, values: ArrayLike, at: float, *, level: float) -> Forecast:
    """Return the last value moved on by the mean change a year since the first; arguments as for `naive`.

    The variance is s2 h (1 + h / T), T the years from first to last: the walk, and that its drift is estimated.
    """
    t, y = _series(times, values, at, level)
    steps, span, ahead = np.diff(t), t[-1] - t[0], at - t[-1]
    slope = (y[-1] - y[0]) / span
    variance = np.sum((np.diff(y) - slope * steps) ** 2 / steps) / (len(steps) - 1)
    return _range(y[-1] + slope * ahead, variance * ahead * (1 + ahead / span), len(steps) - 1, level)


def last_increment(times: ArrayLike, values: ArrayLike, at: float, *, level: float) -> Forecast:
    """Return a running total moved on by its last increment a year: the naive method on increments.

    Arguments as for `naive`. Increments are a random walk, so that errors add up: s2 h (h + 1) (2 h + 1) / 6, which for
    whole years is the sum of squares of Hyndman, Koehler, Ord and Snyder 2005, Journal of Forecasting 24, with both
    smoothing constants one. s2 is taken over the years between the middles of the increments.
    """
    t, y = _series(times, values, at, level)
    rates, middles = np.diff(y) / np.diff(t), (t[1:] + t[:-1]) / 2
    variance = np.mean(np.diff(rates) ** 2 / np.diff(middles))
    h = at - t[-1]
    return _range(y[-1] + rates[-1] * h, variance * h * (h + 1) * (2 * h + 1) / 6, len(rates) - 1, level)


def damped_trend(times: ArrayLike, values: ArrayLike, at: float, *, level: float) -> Forecast:
    """Return the trend of exponential smoothing, each further year damped (Gardner and McKenzie 1985).

    Arguments as for `naive`; the figures must be yearly and at least FEWEST_DAMPED, and the time ahead counts in whole
    years. The smoothing constants are those of least squared error, the damping is DAMPING. The variance is
    s2 (1 + sum of (a + b (f + ... + f^j))^2 for j < h), Hyndman et al. 2005, table 2, class 1.
    """
    t, y = _series(times, values, at, level, fewest=FEWEST_DAMPED)
    if (np.diff(np.floor(t - 1e-6)) != 1).any():
        raise ParameterError("A damped trend needs one figure a year without a gap; leave out what lies before one.")
    steps = max(1, round(at - t[-1]))
    fits = [
        (alpha, beta, *_smoothed(y, alpha, beta, DAMPING)) for alpha, beta in itertools.product(_SMOOTHING, repeat=2)
    ]
    alpha, beta, last, trend, errors = min(fits, key=lambda fit: float(fit[-1] @ fit[-1]))
    freedom = len(errors) - 4
    variance = float(errors @ errors) / freedom * damped_variance(alpha, alpha * beta, DAMPING, steps)
    return _range(last + trend * float(np.sum(DAMPING ** np.arange(1, steps + 1))), variance, freedom, level)


def damped_variance(alpha: float, beta: float, damping: float, steps: int) -> float:
    """Return the variance of the error `steps` years ahead, in units of that of one year."""
    ahead = np.cumsum(damping ** np.arange(1, steps))
    return 1.0 + float(np.sum((alpha + beta * ahead) ** 2))


def interval_score(low: ArrayLike, high: ArrayLike, value: ArrayLike, *, level: float) -> Array:
    """Return the score of a range once the value is known, in its unit; less is better.

    The width, and 2 / (1 - level) times the distance by which the value lies outside (Winkler 1972; Gneiting and
    Raftery 2007, Strictly Proper Scoring Rules, equation 43). Broadcasts over arrays. Raises ParameterError.
    """
    lower, upper, x = (np.asarray(part, dtype="float64") for part in (low, high, value))
    if (lower > upper).any() or not 0 < level < 1:
        raise ParameterError("A range needs its low end below its high end, and a level between 0 and 1.")
    outside = np.maximum(lower - x, 0) + np.maximum(x - upper, 0)
    return np.asarray(upper - lower + 2 / (1 - level) * outside)


def _smoothed(y: Array, alpha: float, beta: float, damping: float) -> tuple[float, float, Array]:
    level, trend = y[0], y[1] - y[0]
    errors = []
    for value in y[1:]:
        expected = level + damping * trend
        errors.append(value - expected)
        before, level = level, expected + alpha * errors[-1]
        trend = beta * (level - before) + (1 - beta) * damping * trend
    return level, trend, np.array(errors)


def _range(point: float, variance: float, freedom: int, level: float) -> Forecast:
    half = float(stdtrit(freedom, (1 + level) / 2)) * float(np.sqrt(variance))
    return Forecast(float(point), float(point) - half, float(point) + half)


def _series(
    times: ArrayLike, values: ArrayLike, at: float, level: float, *, fewest: int = FEWEST
) -> tuple[Array, Array]:
    t, y = np.asarray(times, dtype="float64"), np.asarray(values, dtype="float64")
    if t.shape != y.shape or t.ndim != 1 or not (np.isfinite(t).all() and np.isfinite(y).all()):
        raise ParameterError("A series needs as many finite values as times.")
    if len(t) < fewest:
        raise ParameterError(f"{len(t)} points are too few; this method needs {fewest}.")
    if (np.diff(t) <= 0).any() or at <= t[-1]:
        raise ParameterError("The times must rise, and what is forecast must lie after the last of them.")
    if not 0 < level < 1:
        raise ParameterError(f"A level of {level:g} is no probability; give one between 0 and 1, 0.8 for instance.")
    return t, y
