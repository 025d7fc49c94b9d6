"""Seats of an air route: how many are offered, how full they are, and which flights and cabins passengers allow.

Flights are counted one way throughout, as a flight sells its seats one way: the movements that one airport counts on
the route. A timetable counts round trips, which are two of them each; `movements` and `round_trips` translate.

Where passengers exceed seats nothing is raised. The figures contradict each other, and a load factor above one says so
and says by how much; `fits` is the test. Refused are only values that cannot be: no seats, less than nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cci.errors import ParameterError

ONE_WAY = 2  # flights of a round trip

Array = NDArray[np.float64]


def movements(round_trips: ArrayLike, *, weeks: ArrayLike) -> Array:
    """Return the flights, both ways together, of a timetable of `round_trips` a week that is flown for `weeks`."""
    return ONE_WAY * _least(round_trips, 0, "round trips a week") * _above(weeks, "weeks")


def round_trips(flights: ArrayLike, *, weeks: ArrayLike) -> Array:
    """Return the round trips a week behind `flights` (both ways together) of `weeks`: the inverse of `movements`."""
    return _least(flights, 0, "flights") / (ONE_WAY * _above(weeks, "weeks"))


def seats_offered(flights: ArrayLike, *, seats: ArrayLike) -> Array:
    """Return the seats that `flights` (one way each) with a cabin of `seats` offer: their product."""
    return _least(flights, 0, "flights") * _above(seats, "seats of a flight")


def load_factor(carried: ArrayLike, *, offered: ArrayLike) -> Array:
    """Return the share of what is offered that is used, as a number: 0.8 is 80 %.

    The passenger load factor of ICAO and IATA is passenger-kilometres (RPK) over seat-kilometres (ASK), each summed
    over all flights (ICAO, glossary of the reporting forms for air transport statistics, "Passenger load factor";
    IATA prints the same ratio of RPK and ASK). On a single sector the distance cancels out, and passengers over seats
    are the same number; over several sectors only the kilometres are right. Both arguments are of one measure. Above
    one they contradict each other. It counts passengers who pay; the passengers of an airport may include others.
    """
    return _least(carried, 0, "what is carried") / _above(offered, "what is offered")


def least_flights(passengers: ArrayLike, *, seats: ArrayLike, load_factor: ArrayLike = 1.0) -> Array:
    """Return the flights (one way each) that carry `passengers` in cabins of `seats` at a load factor.

    passengers / (seats x load factor), not rounded up: a rate, as a timetable over months is. At the default, a full
    aircraft, it is the least that can be: fewer flights contradict the passengers.
    """
    share = _above(load_factor, "load factor")
    if (share > 1).any():
        raise ParameterError(f"A load factor of {share.max():g} fills more seats than there are; give one up to 1.")
    return _least(passengers, 0, "passengers") / (_above(seats, "seats of a flight") * share)


def fits(passengers: ArrayLike, *, flights: ArrayLike, seats: ArrayLike) -> NDArray[np.bool_]:
    """Return where `flights` (one way each) of `seats` can have carried `passengers`: a load factor up to one."""
    return _least(passengers, 0, "passengers") <= seats_offered(flights, seats=seats)


def route_load_factor(
    passengers: ArrayLike, *, flights: ArrayLike, seats: ArrayLike, passenger_share: ArrayLike = 1.0
) -> Array:
    """Return the load factor in percent that the passengers and flights of one period make, both ways together.

    passengers / (flights x passenger_share x seats). `seats` are those of a passenger flight; `passenger_share` is the
    part of the flights that carried passengers and no cargo alone, above 0 and up to 1.
    """
    share = _above(passenger_share, "share of passenger flights")
    if (share > 1).any():
        raise ParameterError(f"{share.max():g} of the flights cannot carry passengers; give a share up to 1.")
    return 100 * load_factor(passengers, offered=seats_offered(_above(flights, "flights") * share, seats=seats))


def _least(given: ArrayLike, least: float, words: str) -> Array:
    """The values as an array, none of them below `least`."""
    values = np.asarray(given, dtype="float64")
    if not (np.isfinite(values) & (values >= least)).all():
        name = words[:1].upper() + words[1:]
        raise ParameterError(f"{name} must be numbers of at least {least:g}, not {values.tolist()}.")
    return values


def _above(given: ArrayLike, words: str) -> Array:
    """The values as an array, all of them above zero."""
    values = _least(given, 0, words)
    if not values.all():
        raise ParameterError(f"{words[:1].upper()}{words[1:]} must be above 0; nothing can be divided by none.")
    return values
