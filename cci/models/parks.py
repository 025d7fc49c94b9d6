"""Three invented parks for the microgrid: a factory by day, a cold store by night, a data centre around the clock.

No park of the initiative has been named, so that none can be modelled. The three differ in when they need power,
which is what a virtual power plant lives on; sizes, sun and storage are parameters. A month of thirty days has two
typical days, one bright and one dull.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cci.errors import ParameterError
from cci.models.microgrid import Dispatch, Park, Tariff, compared, dispatch, shifts, solar_day, tiers

# By the beginning of the hour, after the usual hours of the National Energy Administration (Climate Scorecard 2019:
# 8:30 to 11:30 and 18:00 to 23:00 dear, 23:00 to 7:00 cheap), half hours moved to the next full one.
PEAK_HOURS = (9, 10, 11, 18, 19, 20, 21, 22)
VALLEY_HOURS = (23, 0, 1, 2, 3, 4, 5, 6)
DAYS = 30
TYPICAL_DAYS = ("bright", "dull")


def month(
    *,
    park_mw: float,
    storage_hours: float,
    neighbour_mw: float,
    base_share: float,
    solar_share: float,
    storage_share: float,
    round_trip: float,
    full_load_hours: float,
    sunny_interval: float,
    dull_share: float,
    power_usd: float,
    yuan_per_usd: float,
    gap: float,
    demand_charge: float,
    carbon: float,
) -> tuple[list[Park], Tariff, np.ndarray]:
    """Return the parks, their tariff and how many days of a month are bright and dull: arguments of the microgrid.

    `park_mw`: greatest load of the factory; `neighbour_mw`: of the cold store and of the data centre (MW).
    `base_share`: load outside the shifts, of the greatest. `solar_share` and `storage_share`: power of the panels and
    of the storage, of the greatest load; `storage_hours`: energy of the storage at that power; `round_trip` (percent).
    `full_load_hours` of the panels in a year; one day in `sunny_interval` is bright, a dull one yields `dull_share` of
    it. `power_usd` (USD/kWh) at `yuan_per_usd` is the price of a flat hour, `gap` (CNY/kWh) that between peak and
    valley, `demand_charge` CNY per kW and month, `carbon` kgCO2/kWh in every hour. Raises ParameterError.
    """
    for words, value in (("factory", park_mw), ("neighbours", neighbour_mw)):
        if not value > 0:
            raise ParameterError(f"The {words} need a load above zero, not {value:g} MW.")
    if not 0 < round_trip <= 100 or not sunny_interval > 1 or not 0 <= dull_share <= 1 or not 0 <= base_share <= 1:
        raise ParameterError("A round trip is a percentage, an interval more than a day, a share between 0 and 1.")
    bright = 1 / sunny_interval
    yield_bright = full_load_hours / 365 / (bright + (1 - bright) * dull_share)
    sun = np.array([solar_day(yield_bright), solar_day(yield_bright * dull_share)])
    way = float(np.sqrt(round_trip / 100))
    loads = {
        "Factory, by day": shifts(1000 * park_mw, 1000 * park_mw * base_share, start=8, stop=20),
        "Cold store, by night": shifts(1000 * neighbour_mw, 1000 * neighbour_mw * base_share, start=20, stop=6),
        "Data centre, always": np.full(24, 1000 * neighbour_mw),
    }
    made = []
    for name, load in loads.items():
        most = float(load.max())
        storage = most * storage_share
        both = np.array([load, load])
        made.append(Park(name, both, sun * most * solar_share, storage * storage_hours, storage, way, way))
    flat = power_usd * yuan_per_usd
    price = tiers(flat, gap, peak_hours=PEAK_HOURS, valley_hours=VALLEY_HOURS)
    return made, Tariff(price, demand_charge, carbon), DAYS * np.array([bright, 1 - bright])


def bills(**given: float) -> pd.DataFrame:
    """Return `microgrid.compared` for a month: each park alone, all added, all pooled. Arguments as for `month`."""
    parks, tariff, days = month(**given)
    return compared(parks, tariff, days=days)


def relative(**given: float) -> pd.DataFrame:
    """Return cost, peak and carbon, alone and pooled, in percent of the same parks without sun and storage.

    Six rows: measure (cost, peak, carbon), supply ("alone" is the sum of the parks' own), percent. Arguments as for
    `month`.
    """
    bare = bills(**(given | {"solar_share": 0.0, "storage_hours": 0.0})).set_index("supply").loc["added"]
    found = bills(**given).set_index("supply")
    rows = [
        (measure, words, 100 * found.loc[supply, measure] / bare[measure])
        for measure in ("cost", "peak", "carbon")
        for words, supply in (("alone", "added"), ("pooled", "pooled"))
    ]
    return pd.DataFrame(rows, columns=["measure", "supply", "percent"])


def pooling_saves(**given: float) -> float:
    """Return what pooling takes off the month's bill, in percent of what the parks pay alone."""
    cost = bills(**given).set_index("supply")["cost"]
    return 100 * (1 - float(cost["pooled"]) / float(cost["added"]))


def storage_adds_carbon(**given: float) -> float:
    """Return the carbon of the pooled month with storage above that without, in percent of the latter."""
    with_it, without = (_pooled(**one).carbon for one in (given, given | {"storage_hours": 0.0}))
    return 100 * (with_it / without - 1)


def payback_years(*, storage_price: float, **given: float) -> float:
    """Return after how many years the pooled storage has saved its price (CNY per kWh), without interest and wear.

    Infinity where it saves nothing. Raises ParameterError where there is no storage.
    """
    with_it, without = _pooled(**given), _pooled(**(given | {"storage_hours": 0.0}))
    energy = sum(park.energy for park in with_it.parks)
    if energy == 0:
        raise ParameterError("There is no storage to earn back; give storage_hours above zero.")
    saved = 12 * (without.cost - with_it.cost)
    return storage_price * energy / saved if saved > 1e-6 * without.cost else np.inf


def day(**given: float) -> pd.DataFrame:
    """Return the pooled dispatch of both typical days: a row per hour and flow, in MW.

    Columns: typical_day, hour, flow (Load, Sun, Storage, Grid), megawatts; storage is above zero where it gives.
    """
    found = _pooled(**given)
    flows = {
        "Load": found.load,
        "Sun": found.used,
        "Storage": found.discharge - found.charge,
        "Grid": found.imported_power,
    }
    rows = [
        (TYPICAL_DAYS[number], hour, name, float(power[number, hour]) / 1000)
        for number in range(found.load.shape[0])
        for name, power in flows.items()
        for hour in range(found.load.shape[1])
    ]
    return pd.DataFrame(rows, columns=["typical_day", "hour", "flow", "megawatts"])


def _pooled(**given: float) -> Dispatch:
    parks, tariff, days = month(**given)
    return dispatch(parks, tariff, days=days)
