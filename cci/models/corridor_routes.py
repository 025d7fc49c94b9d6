"""Four routes from Chongqing to Singapore in the corridor model: their legs, their costs, how often each is cheapest.

Handling in ports and stations, pick-up, delivery and customs are in no route: nobody prints their prices, and each
surface route changes vehicle once, in a sea port. Where the inputs come from is in `corridor_inputs`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from cci.errors import ParameterError
from cci.models import inputs
from cci.models.corridor import (
    Numbers,
    Route,
    break_even_value_of_time,
    day_value,
    emitted,
    generalised_cost,
    haulage,
    shares,
)
from cci.models.corridor_inputs import held
from cci.models.inputs import Input

# A port names the route, with the way by land to it; from there all but the last go by sea.
QINZHOU, SHANGHAI, NANSHA, AIR = "Qinzhou, rail", "Shanghai, river", "Nansha, rail", "air"
ROUTES = (QINZHOU, SHANGHAI, NANSHA, AIR)


def routes(**values: Numbers) -> dict[str, Route]:
    """Return each route of ROUTES from the values of `given`, by name; arrays broadcast."""
    load, rail_price = values["tonnes"], values["rail_price"] / values["yuan_per_dollar"]
    river_price = rail_price * values["river_share"] / 100
    at_sea = values["deviation_sea"]
    by_rail = {end: haulage(values[f"km_rail_{end}"], load, rail_price) for end in ("qinzhou", "nansha")}

    def emission(*legs: tuple[str, str]) -> Numbers:
        return sum(emitted(values[f"km_{leg}"], load, values[f"grams_{mode}"]) for leg, mode in legs)

    return {
        QINZHOU: Route(
            by_rail["qinzhou"] + values["sea_price"] * values["sea_ratio_qinzhou"],
            values["days_rail_sea"],
            np.hypot(values["deviation_rail"], at_sea),
            emission(("rail_qinzhou", "rail"), ("sea_qinzhou", "sea")),
        ),
        SHANGHAI: Route(
            haulage(values["km_river"], load, river_price) + values["sea_price"],
            values["days_river_sea"],
            np.hypot(values["deviation_river"], at_sea),
            emission(("river", "river"), ("sea_shanghai", "sea")),
        ),
        NANSHA: Route(
            by_rail["nansha"] + values["sea_price"] * values["sea_ratio_nansha"],
            values["days_nansha"],
            np.hypot(values["deviation_rail"], at_sea),
            emission(("rail_nansha", "rail"), ("sea_nansha", "sea")),
        ),
        AIR: Route(
            load * 1000 * values["air_price"], values["days_air"], values["deviation_air"], emission(("air", "air"))
        ),
    }


def costs(**values: Numbers) -> dict[str, Numbers]:
    """Return the generalised cost of each route in US$ per TEU, from the values of `given`."""
    day = day_value(values["cargo_value"], values["value_of_time"])
    return {
        name: generalised_cost(
            route, value_of_time=day, reliability=values["reliability"], carbon_price=values["carbon_price"]
        )
        for name, route in routes(**values).items()
    }


def difference(one: str, other: str) -> Callable[..., Numbers]:
    """Return the model whose result is the cost of route `one` less that of route `other`, in US$ per TEU."""
    _known(one, other)

    def more(**values: Numbers) -> Numbers:
        cost = costs(**values)
        return cost[one] - cost[other]

    return more


def break_even(one: str, other: str) -> Callable[..., Numbers]:
    """Return the model whose result is the value of a day at which both routes cost the same.

    In percent of the cargo's value, as `value_of_time` of `given`; its meaning is that of
    `corridor.break_even_value_of_time`.
    """
    _known(one, other)

    def percent(**values: Numbers) -> Numbers:
        known = routes(**values)
        day = break_even_value_of_time(
            known[one], known[other], reliability=values["reliability"], carbon_price=values["carbon_price"]
        )
        return 100 * day / values["cargo_value"]

    return percent


def parts_of_cost(assumptions: Iterable[Input]) -> pd.DataFrame:
    """Return what the cost of each route is made of at the values of the inputs, in US$ per TEU.

    One row per route: route, freight, time, spread, carbon, total.
    """
    values = inputs.values(assumptions)
    day = day_value(values["cargo_value"], values["value_of_time"])
    rows = [
        (
            name,
            route.freight.item(),
            (day * route.days).item(),
            (day * values["reliability"] * route.deviation).item(),
            (values["carbon_price"] * route.emission).item(),
        )
        for name, route in routes(**values).items()
    ]
    frame = pd.DataFrame(rows, columns=["route", "freight", "time", "spread", "carbon"])
    return frame.assign(total=frame[["freight", "time", "spread", "carbon"]].sum(axis=1))


def emissions(assumptions: Iterable[Input]) -> pd.DataFrame:
    """Return what one TEU emits on each route: route, kilograms at the values of the inputs, low and high.

    An emission rises with each of its inputs, so low and high are those at the lower and the upper ends of all.
    """
    assumptions = list(assumptions)
    ends = {
        column: routes(**{one.name: getattr(one, end) for one in assumptions})
        for column, end in {"kilograms": "value", "low": "low", "high": "high"}.items()
    }
    rows = [(name, *(1000 * made[name].emission.item() for made in ends.values())) for name in ROUTES]
    return pd.DataFrame(rows, columns=["route", *ends])


def shares_won(
    assumptions: Sequence[Input], along: str, points: Sequence[float], *, draws: int, seed: int
) -> pd.DataFrame:
    """Return the share of the space in which each route is cheapest, at each of `points` of the input `along`.

    The other inputs go through their whole ranges (`inputs.draws`), the same draws at every point. Columns: the name
    `along`, route, share (percent). Raises ParameterError where `along` is no input.
    """
    if along not in {assumption.name for assumption in assumptions}:
        raise ParameterError(f"No input {along!r}; the shares can be followed along an input only.")
    space = inputs.draws([assumption for assumption in assumptions if assumption.name != along], draws, seed=seed)
    rows = [
        (point, route, 100 * share)
        for point in points
        for route, share in shares(costs(**space, **{along: point})).items()
    ]
    return pd.DataFrame(rows, columns=[along, "route", "share"])


def shares_by_choice(
    assumptions: Sequence[Input],
    along: str,
    points: Sequence[float],
    choices: Mapping[str, Sequence[float]],
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Return `shares_won` for every combination of choices, each an input held at its values, as a page offers them.

    Columns: those of `shares_won` and one per choice. Raises ParameterError where a choice is no input.
    """
    known = {assumption.name for assumption in assumptions}
    if unknown := set(choices) - known:
        raise ParameterError(f"No input {min(unknown)!r}; a choice holds an input of the model.")
    frames = []
    for values in itertools.product(*choices.values()):
        fixed = dict(zip(choices, values, strict=True))
        space = [held(one, fixed[one.name]) if one.name in fixed else one for one in assumptions]
        frames.append(shares_won(space, along, points, draws=draws, seed=seed).assign(**fixed))
    return pd.concat(frames, ignore_index=True)


def _known(*names: str) -> None:
    for name in names:
        if name not in ROUTES:
            raise ParameterError(f"No route {name!r}. Use one of: {', '.join(ROUTES)}.")
