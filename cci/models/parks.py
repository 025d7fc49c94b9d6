"""Three invented parks for the microgrid: a factory by day, a cold store by night, a data centre around the clock.

No park of the initiative has been named, so that none can be modelled. The three differ in when they need power,
which is what a virtual power plant lives on; sizes, sun and storage are parameters. A month of thirty days has two
typical days, one bright and one dull.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cci.errors import ParameterError
from cci.models.inputs import Input, assumed, from_factors
from cci.models.microgrid import Park, Tariff, compared, dispatch, shifts, solar_day, tiers
from cci.record.dataset import Dataset

# By the beginning of the hour, after the usual hours of the National Energy Administration (Climate Scorecard 2019:
# 8:30 to 11:30 and 18:00 to 23:00 dear, 23:00 to 7:00 cheap), half hours moved to the next full one.
PEAK_HOURS = (9, 10, 11, 18, 19, 20, 21, 22)
VALLEY_HOURS = (23, 0, 1, 2, 3, 4, 5, 6)
DAYS = 30
TYPICAL_DAYS = ("bright", "dull")
SIZES = (5.0, 10.0, 20.0, 50.0)  # MW of the factory, and
LENGTHS = (0.0, 1.0, 2.0, 4.0)  # hours of storage, that `states` computes besides those asked for
DRAWS = 60  # points of the parameters: some seconds, and a sixtieth of the space each

_PRINTED = {
    "power_usd": ("price of power in a flat hour", "US$ per kWh", ["price-industrial-power-china-2024"]),
    "yuan_per_usd": ("exchange rate", "yuan per US$", ["fx-yuan-per-us-dollar-2024"]),
    "gap": (
        "peak price less valley price",
        "yuan per kWh",
        ["price-peak-valley-gap-china-2021", "price-peak-valley-gap-china-2023"],
    ),
    "carbon": (
        "carbon dioxide of power from the grid, in every hour",
        "kg per kWh",
        [
            "other-grid-carbon-china-2022",
            "other-grid-carbon-china-without-traded-green-2022",
            "other-grid-carbon-sichuan-2022",
        ],
    ),
    "sunny_interval": ("days for one that is bright", "days", ["other-sunshine-interval-chongqing-2023"]),
    "round_trip": (
        "energy out of the storage for energy in",
        "percent",
        ["other-battery-round-trip-efficiency-2023", "other-battery-round-trip-efficiency-range"],
    ),
    "storage_price": ("price of storage", "yuan per kWh", ["price-battery-system-china-2023"]),
}
_ASSUMED = (
    assumed(
        "full_load_hours", 800, 600, 1133, unit="hours a year", words="yield of the panels at full power",
        why="the national average of 2015 is the upper end; Chongqing is among the least sunny areas of China",
    ),
    assumed(
        "dull_share", 0.3, 0.25, 0.5, unit="share", words="yield of a dull day to that of a bright one",
        why="cloud leaves diffuse light; less than a quarter could not give the yearly yield",
    ),
    assumed(
        "demand_charge", 40, 25, 50, unit="yuan per kW and month", words="charge on the greatest import",
        why="large users pay a two-part tariff; no page that was read prints the amount of Chongqing",
    ),
    assumed(
        "base_share", 0.3, 0.2, 0.6, unit="share", words="load outside the shifts to the greatest load",
        why="no load of a park is published",
    ),
    assumed(
        "solar_share", 0.5, 0.2, 1.0, unit="share", words="power of the panels to the greatest load",
        why="roofs of the parks are not known",
    ),
    assumed(
        "storage_share", 0.2, 0.1, 0.3, unit="share", words="power of the storage to the greatest load",
        why="no plan of a park is published",
    ),
    assumed(
        "neighbour_mw", 10, 5, 20, unit="MW", words="greatest load of the cold store and of the data centre",
        why="no load of a park is published",
    ),
)  # fmt: skip


def given(record: Dataset) -> list[Input]:
    """Return what the parks are given but their size and hours of storage: printed first, then assumed, with ranges."""
    printed = [
        from_factors(record, name, rows, words=words, unit=unit) for name, (words, unit, rows) in _PRINTED.items()
    ]
    return [*printed, *_ASSUMED]


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


def bills(**settings: float) -> pd.DataFrame:
    """Return `microgrid.compared` for a month: each park alone, all added, all pooled. Arguments as for `month`."""
    parks, tariff, days = month(**settings)
    return compared(parks, tariff, days=days)


def relative(**settings: float) -> pd.DataFrame:
    """Return cost, peak and carbon, alone and pooled, in percent of the same parks without sun and storage.

    Six rows: measure (cost, peak, carbon), supply ("alone" is the sum of the parks' own), percent. Arguments as for
    `month`.
    """
    parks, tariff, days = month(**settings)
    found = compared(parks, tariff, days=days).set_index("supply")
    # Without sun and storage there is nothing to choose: the bill is arithmetic.
    load = np.array([park.load for park in parks])
    energy, peak = np.einsum("pdh,d->h", load, days), float(load.max(axis=(1, 2)).sum())
    bare = {
        "cost": float(energy @ tariff.price) + tariff.demand_charge * peak,
        "peak": peak,
        "carbon": float(energy.sum()) * float(np.asarray(tariff.carbon)),
    }
    rows = [
        (measure, words, 100 * found.loc[supply, measure] / bare[measure])
        for measure in ("cost", "peak", "carbon")
        for words, supply in (("alone", "added"), ("pooled", "pooled"))
    ]
    return pd.DataFrame(rows, columns=["measure", "supply", "percent"])


def states(*, park_mw: float, storage_hours: float, **settings: float) -> pd.DataFrame:
    """Return `relative` for every size in SIZES and length in LENGTHS, with columns park_mw and storage_hours.

    The size and the length given are computed too. Other arguments as for `month`.
    """
    found = [
        relative(park_mw=size, storage_hours=length, **settings).assign(park_mw=size, storage_hours=length)
        for size in sorted({*SIZES, park_mw})
        for length in sorted({*LENGTHS, storage_hours})
    ]
    return pd.concat(found, ignore_index=True)


def pooling_saves(**settings: float) -> float:
    """Return what pooling takes off the month's bill, in percent of what the parks pay alone."""
    cost = bills(**settings).set_index("supply")["cost"]
    return 100 * (1 - float(cost["pooled"]) / float(cost["added"]))


def results(*, storage_price: float, **settings: float) -> dict[str, float]:
    """Return what pooling and storage do in one month, by name; arguments as for `month`.

    pooling_saves: percent of what the parks pay alone. billed_peak: what the parks alone are billed, in percent of
    their greatest loads. storage_adds_carbon: percent of the pooled month without storage. payback_years: after which
    the pooled storage has saved its price (`storage_price` CNY per kWh), without interest and wear; infinity where it
    saves nothing, NaN where there is none.
    """
    parks, tariff, days = month(**settings)
    table = compared(parks, tariff, days=days).set_index("supply")
    added, pooled = table.loc["added"], table.loc["pooled"]
    without = dispatch([replace(park, energy=0.0) for park in parks], tariff, days=days)
    price, saved = storage_price * sum(park.energy for park in parks), 12 * (without.cost - pooled["cost"])
    never = np.inf if price else np.nan
    return {
        "pooling_saves": 100 * (1 - float(pooled["cost"] / added["cost"])),
        "billed_peak": 100 * float(added["peak"]) / sum(float(park.load.max()) for park in parks),
        "storage_adds_carbon": 100 * (float(pooled["carbon"]) / without.carbon - 1) if without.carbon else 0.0,
        "payback_years": price / saved if price and saved > 1e-6 * without.cost else never,
    }


def day(**settings: float) -> pd.DataFrame:
    """Return the pooled dispatch of both typical days: a row per hour and flow, in MW.

    Columns: typical_day, hour, flow (Load, Sun, Storage, Grid), megawatts; storage is above zero where it gives.
    """
    parks, tariff, days = month(**settings)
    found = dispatch(parks, tariff, days=days)
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
