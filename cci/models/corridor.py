"""Generalised cost of moving one TEU by a route, where two routes cost the same, and how often each is cheapest.

The generalised cost adds to the freight what time, its spread and carbon are worth (generalised cost of travel in
Ortúzar and Willumsen, *Modelling Transport*, 4th ed. 2011, and Button, *Transport Economics*, 3rd ed. 2010):

    C = F + v (T + r s) + p E

F is freight in US$ per TEU, v the value of a day in US$ per TEU, T days under way, s the standard deviation of those
days, r the reliability ratio (what a day of s weighs against a day of T), p a carbon price in US$ a tonne and E the
tonnes emitted per TEU. The mean-variance term v r s is that of Small (1982, American Economic Review 72) as reviewed
by Carrion and Levinson (2012, Transportation Research Part A 46). Numbers and numpy arrays broadcast throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np

from cci.errors import ParameterError

Numbers: TypeAlias = Any  # a number or an array of numbers; what comes out has the shape of what goes in
_SAME = 1e-12  # costs that differ by less than this share of themselves are one cost
_SAME_DAYS = 1e-9  # a difference of days below a tenth of a millisecond is rounding


@dataclass(frozen=True, eq=False)
class Route:
    """What one TEU meets on a route: freight in US$, days under way and their standard deviation, tonnes emitted.

    Raises ParameterError where a value is negative or not finite.
    """

    freight: Numbers
    days: Numbers
    deviation: Numbers = 0.0
    emission: Numbers = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _checked(f"The {field.name} of a route", getattr(self, field.name)))


def generalised_cost(
    route: Route, *, value_of_time: Numbers, reliability: Numbers = 0.0, carbon_price: Numbers = 0.0
) -> Numbers:
    """Return C in US$ per TEU: `value_of_time` in US$ a day per TEU, `reliability` a ratio, `carbon_price` US$ a tonne.

    Raises ParameterError for negative or infinite values.
    """
    day = _checked("The value of time", value_of_time)
    price = _checked("The carbon price", carbon_price)
    return _plain(route.freight + day * _weighted_days(route, reliability) + price * route.emission)


def day_value(cargo_value: Numbers, percent: Numbers) -> Numbers:
    """Return what a day is worth to one TEU, in the currency of `cargo_value` (per TEU).

    `percent` of the cargo's value a day is the form in which Hummels and Schaur (2013, American Economic Review 103,
    2935-2959) estimate it, as a tariff equivalent. Raises ParameterError for negative or infinite values.
    """
    return _plain(_checked("The value of the cargo", cargo_value) * _checked("The share of it a day", percent) / 100)


def haulage(kilometres: Numbers, tonnes: Numbers, price: Numbers) -> Numbers:
    """Return the price of carrying `tonnes` over `kilometres` at `price` per tonne-kilometre, in the price's currency.

    Raises ParameterError for negative or infinite values.
    """
    return _plain(
        _checked("The distance", kilometres) * _checked("The load", tonnes) * _checked("The price of haulage", price)
    )


def emitted(kilometres: Numbers, tonnes: Numbers, grams: Numbers) -> Numbers:
    """Return tonnes emitted by carrying `tonnes` over `kilometres` at `grams` per tonne-kilometre.

    The basis is that of the factor: legs of one route take factors of one basis. Raises ParameterError.
    """
    return _plain(haulage(kilometres, tonnes, grams) / 1e6)


def deviation_of_delays(on_time: Numbers, mean_late: Numbers, *, spread: Numbers = 0.0) -> Numbers:
    """Return the standard deviation, in days, of arrivals of which the share `on_time` has no delay.

    The late ones are `mean_late` days late on average, with the coefficient of variation `spread`: 0 where all are
    equally late, 1 where delays are exponential. By the law of total variance with q = 1 - on_time:
    s² = q m² (1 + c²) - q² m². Raises ParameterError where the share is not between 0 and 1, or a value is negative.
    """
    share = _checked("The share of arrivals on time", on_time)
    if (share > 1).any():
        raise ParameterError("The share of arrivals on time is above 1; give a part of one, not percent.")
    late = _checked("The mean delay", mean_late)
    variation = _checked("The spread of delays", spread)
    part = 1 - share
    # The difference is never below zero; rounding may make it so where nothing or everything is late.
    return _plain(late * np.sqrt(np.maximum(part * (1 + variation**2) - part**2, 0)))


def break_even_value_of_time(
    one: Route, other: Route, *, reliability: Numbers = 0.0, carbon_price: Numbers = 0.0
) -> Numbers:
    """Return the value of time, in US$ a day per TEU, at which both routes cost the same.

    Above it the route with fewer weighted days (T + r s) is the cheaper one. A value below zero says that this route
    is the cheaper one at every value of time; NaN, that both have equal weighted days, so that time decides nothing.
    Closed form, since C is linear in v. Raises ParameterError for negative or infinite values.
    """
    price = _checked("The carbon price", carbon_price)
    longer = np.asarray(_weighted_days(one, reliability) - _weighted_days(other, reliability))
    dearer = np.asarray(other.freight + price * other.emission - one.freight - price * one.emission)
    longer, dearer = np.broadcast_arrays(longer, dearer)
    return _plain(np.divide(dearer, longer, out=np.full(longer.shape, np.nan), where=np.abs(longer) > _SAME_DAYS))


def parts_won(costs: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return for each route the part of every point that it wins: 1 where it alone is cheapest, 1/k in a tie of k.

    The parts of a point add up to 1. Raises ParameterError where there is no route, or a cost is not finite.
    """
    if not costs:
        raise ParameterError("No route was given; compare at least one.")
    table = np.stack(np.broadcast_arrays(*(np.asarray(cost, dtype="float64") for cost in costs.values())))
    if not np.isfinite(table).all():
        raise ParameterError("A cost is not a finite number; leave out the point or give its inputs.")
    least = table.min(axis=0)
    cheapest = table <= least + _SAME * np.abs(least)
    return {name: _plain(row) for name, row in zip(costs, cheapest / cheapest.sum(axis=0), strict=True)}


def shares(costs: Mapping[str, Numbers]) -> dict[str, float]:
    """Return the share of all points in which each route is cheapest, ties divided; the shares add up to 1.

    Raises ParameterError as `parts_won`, and where there is no point.
    """
    parts = parts_won(costs)
    if any(np.size(part) == 0 for part in parts.values()):
        raise ParameterError("There is no point to compare at; draw at least one.")
    return {name: float(np.mean(part)) for name, part in parts.items()}


def _weighted_days(route: Route, reliability: Numbers) -> Numbers:
    return route.days + _checked("The reliability ratio", reliability) * route.deviation


def _checked(what: str, values: Numbers) -> np.ndarray:
    try:
        numbers = np.asarray(values, dtype="float64")
    except (TypeError, ValueError) as reason:
        raise ParameterError(f"{what} is {values!r}, not a number.") from reason
    if not np.isfinite(numbers).all():
        raise ParameterError(f"{what} is not a finite number.")
    if (numbers < 0).any():
        raise ParameterError(f"{what} is {numbers.min():g}; it cannot be below zero.")
    return numbers


def _plain(values: Numbers) -> Numbers:
    """A number where only numbers went in, else the array."""
    return np.asarray(values).item() if np.ndim(values) == 0 else values
