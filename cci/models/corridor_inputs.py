"""What the corridor model is given for the routes from Chongqing to Singapore: each input, its range and its ground.

Emission factors are on one basis at a time. Handling, pick-up, delivery and customs are left out: nobody prints them.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from cci import audit
from cci.errors import ParameterError
from cci.models import route
from cci.models.corridor import deviation_of_delays
from cci.models.inputs import CHOSEN, Input, assumed, from_factors, from_observations
from cci.record.dataset import Dataset

BASES = {
    "tank_to_wheel_co2": "operation, CO2",
    "tank_to_wheel_co2e": "operation, CO2e",
    "well_to_wheel_co2e": "operation and fuel supply, CO2e",
}

# Times stated for the whole journey. What a claim says the journey took "before", targets and forecasts are left out.
_RAIL_SEA_DAYS = [
    f"transit_time-route-ckg-sin-rail-sea-{day}"
    for day in ("2018-03-08-1", "2018-03-22-1", "2018-04-12-1", "2023-08-10-1", "2025-07-17-1", "2025-11-10-1")
]
_RIVER_SEA_DAYS = [
    f"transit_time-route-ckg-sin-river-sea-{day}" for day in ("2018-03-08-1", "2018-04-12-1", "2023-08-10-1")
]
_DEFRA = "uk-average-desnz-defra-2025"
_SHIPS = ("1000-1999-teu", "2000-2999-teu", "average")
_RAIL = f"emission-rail-freight-train-{_DEFRA}"
_AIR = [f"emission-air-freight-{haul}-desnz-defra-2025" for haul in ("long-haul", "short-haul")]
_SEA = [f"emission-sea-container-ship-{ship}-{_DEFRA}" for ship in _SHIPS]
_RIVER = "emission-inland-waterway-general-range"
_OPERATION = {
    "tank_to_wheel_co2": {
        "rail": [f"{_RAIL}-co2-2025", "emission-rail-uk-defra-guidelines-2007"],
        "sea": [f"{ship}-co2-2025" for ship in _SEA],
        "air": [*(f"{haul}-co2-2025" for haul in _AIR), "emission-air-freight-uk-defra-guidelines-2007"],
    },
    "tank_to_wheel_co2e": {
        "rail": [f"{_RAIL}-2025", "emission-rail-defra-via-mode-shift-centre"],
        "sea": [f"{ship}-2025" for ship in _SEA],
        "air": [*(f"{haul}-2025" for haul in _AIR), "emission-air-freight-over-1500-km-freighter-glec-v3"],
    },
}
# Operation and fuel supply are added class by class, since no page prints their sum for these.
_WITH_SUPPLY = {"rail": [_RAIL], "sea": _SEA, "air": _AIR}
_LATEST = 4  # quotients: the value of a container has moved both ways, so older ones say little
_LANES = "measured along the lanes of the searoute package, give or take a tenth; no page prints it"


def given(record: Dataset, basis: str = "well_to_wheel_co2e") -> tuple[Input, ...]:
    """Return the inputs of the four routes, emission factors on one basis of BASES.

    Coefficients do not depend on the record's day; times and what a container holds do, and a wide assumption serves
    where nothing had been published. Raises ParameterError for an unknown basis.
    """
    if basis not in BASES:
        raise ParameterError(f"No basis {basis!r}. Use one of: {', '.join(BASES)}.")
    return (*_valued(record), *_prices(record), *_times(record), *_distances(record), *_emissions(record, basis))


def _valued(record: Dataset) -> list[Input]:
    goods = audit.quotients(record, "three_mode_value", "three_mode_teu", scope="ilstc-chongqing-handled")
    handled = _quotient(goods.tail(_LATEST), by=1 / _yuan(record).value)
    world = from_factors(record, "", ["other-cargo-value-per-teu-world-2020"], words="")
    load = _quotient(audit.quotients(record, "road_tonnes_cumulative", "road_teu_cumulative", scope="chongqing"))
    upper = from_factors(record, "", ["other-container-payload-20-foot"], words="")
    parts = [*handled, world]
    return [
        from_factors(
            record, "value_of_time", ["other-time-in-transit-tariff"], words="value of a day",
            unit="percent of the cargo's value",
        ),
        _united("cargo_value", "value of the cargo", "US$ per TEU", parts, value=parts[0].value),
        assumed(
            "reliability", 1, 0, 2, unit="days per day of deviation", words="reliability ratio",
            why="measured by nobody here; from a spread that counts for nothing to one that counts double",
        ),
        _united("tonnes", "load", "tonnes per TEU", [*load, upper]),
    ]  # fmt: skip


def _prices(record: Dataset) -> list[Input]:
    singapore = from_factors(record, "", ["fx-singapore-dollars-per-us-dollar-2025"], words="").value
    carbon = [
        _scaled(from_factors(record, "", ["price-carbon-china-2025"], words=""), 1 / _yuan(record).value),
        *(
            _scaled(from_factors(record, "", [f"price-carbon-singapore-{year}"], words=""), 1 / singapore)
            for year in (2024, 2030)
        ),
    ]
    weeks = ("2023-week-31", "2024-week-3", "2024-week-50", "2025-week-36")
    sea = [f"price-sea-freight-shanghai-southeast-asia-{week}" for week in weeks]
    rail = ["price-rail-china-benchmark-2015", "price-rail-china-inland-belt-and-road-model"]
    river = from_factors(record, "", ["other-water-against-rail-cost-china"], words="")
    implied = from_factors(record, "", ["price-water-china-inland-belt-and-road-model"], words="")
    return [
        _united("carbon_price", "price of carbon", "US$ per tonne", carbon),
        _yuan(record),
        from_factors(record, "rail_price", rail, words="railway price", unit="yuan per tonne-kilometre"),
        replace(
            _of([river, implied], name="river_share", words="river price against the railway's",
                unit="percent, per tonne-kilometre", value=river.value, low=30.0, high=70.0),
            basis="one page prints 50 to 60, another implies 54; widened by this book, as neither prices a container",
        ),
        replace(
            from_factors(
                record, "sea_price", [*sea, "price-sea-freight-china-singapore-2025"],
                words="sea freight from Shanghai", unit="US$ per TEU",
            ),
            basis="spot rates to Southeast Asia of four weeks, without handling; an indicative rate to Singapore",
        ),
        assumed(
            "sea_ratio_qinzhou", 1, 0.6, 1.5, unit="times that from Shanghai", words="sea freight from Qinzhou",
            why="no rate is printed; from the ratio of distances to half as much again on smaller ships",
        ),
        assumed(
            "sea_ratio_nansha", 0.85, 0.67, 1, unit="times that from Shanghai", words="sea freight from Nansha",
            why="no rate is printed; from the ratio of distances to the same rate",
        ),
        from_factors(
            record, "air_price", ["price-air-freight-china-singapore-2025"], words="air freight", unit="US$ per kg"
        ),
    ]  # fmt: skip


def _times(record: Dataset) -> list[Input]:
    late = [
        deviation_of_delays(on_time / 100, days, spread=spread)
        for on_time, days in (
            (_factor(record, f"other-liner-on-time-{month}"), _factor(record, f"other-liner-late-days-{month}"))
            for month in ("2025-01", "2025-09")
        )
        for spread in (0, 1)
    ]
    ships = from_factors(record, "", ["other-liner-late-days-2025-01", "other-liner-late-days-2025-09"], words="")
    by_rail = from_factors(record, "", ["other-chongqing-nansha-rail-days-2022"], words="")
    by_sea = from_factors(record, "", ["other-china-sea-freight-days-singapore-2025"], words="")
    wait = assumed(
        "", 3.5, 0, 7, unit="days", words="", why="and up to a week's wait for a ship, which whole journeys include"
    )
    unknown = "no time had been published by the day asked for"
    stated = [
        from_observations(
            record, f"days_{name}", ids, words=words,
            otherwise=assumed(f"days_{name}", value, low, high, unit="days", words=words, why=unknown),
        )
        for name, words, ids, value, low, high in (
            ("rail_sea", "journey by Qinzhou", _RAIL_SEA_DAYS, 14, 5, 28),
            ("river_sea", "journey by Shanghai", _RIVER_SEA_DAYS, 21, 14, 35),
        )
    ]  # fmt: skip
    locks = from_factors(record, "", ["other-three-gorges-wait-2017"], words="")
    worst = locks.high / math.sqrt(12)  # the standard deviation of a uniform distribution from zero
    spread = "standard deviation of days, "
    return [
        *stated,
        _added("days_nansha", "journey by Nansha", "days", [by_rail, by_sea, wait]),
        from_factors(record, "days_air", ["other-china-air-freight-days-singapore-2025"], words="journey by air"),
        replace(
            ships, name="deviation_sea", words=f"{spread}sea", value=sum(late) / len(late), low=min(late),
            high=max(late),
            basis="computed by this book from the share on schedule and the mean delay of the others, all trades",
        ),
        assumed(
            "deviation_rail", 0.5, 0, 1, unit="days", words=f"{spread}rail",
            why="trains by timetable; no record of arrivals is published",
        ),
        replace(
            locks, name="deviation_river", words=f"{spread}river", value=worst / 2, low=0.0, high=worst,
            basis="computed by this book as that of a wait at the locks, spread evenly up to the longest of 2017",
        ),
        assumed(
            "deviation_air", 0.5, 0, 1, unit="days", words=f"{spread}air",
            why="no record of arrivals is published",
        ),
    ]  # fmt: skip


def _distances(record: Dataset) -> list[Input]:
    gulf = [f"distance-chongqing-beibu-gulf-rail-{year}" for year in (2017, 2023)]
    river = ["distance-chongqing-sea-yangtze-2017", "distance-chongqing-shanghai-yangtze-2008"]
    ports = {"qinzhou": "CNQZH", "shanghai": "CNSHA", "nansha": "CNNSA"}
    singapore = route.port("SGSIN")
    lanes = {name: round(route.sea(route.port(code), singapore).km, -1) for name, code in ports.items()}
    arc = round(route.air(route.airport("CKG"), route.airport("SIN")).km, -1)
    return [
        from_factors(record, "km_rail_qinzhou", gulf, words="rail to Qinzhou"),
        from_factors(record, "km_rail_nansha", ["distance-chongqing-nansha-rail-2022"], words="rail to Nansha"),
        from_factors(record, "km_river", river, words="river to Shanghai"),
        *(
            assumed(
                f"km_sea_{name}", km, 0.9 * km, 1.1 * km, unit="km",
                words=f"sea from {name.title()} to Singapore", why=_LANES,
            )
            for name, km in lanes.items()
        ),
        assumed(
            "km_air", arc, arc, 1.1 * arc, unit="km", words="air to Singapore",
            why="great circle between the airports, up to a tenth longer as flown",
        ),
    ]  # fmt: skip


def _emissions(record: Dataset, basis: str) -> list[Input]:
    unit = f"g {BASES[basis].rpartition(' ')[2]} per tonne-km"
    made = {mode: _emission(record, mode, basis) for mode in _WITH_SUPPLY}
    river = from_factors(record, "", [_RIVER], words="")
    if basis != "tank_to_wheel_co2":
        # No page prints it on this basis: the ships' own step between the bases is taken for the river.
        step = made["sea"].value / _emission(record, "sea", "tank_to_wheel_co2").value
        river = assumed(
            "", *(step * end for end in (river.value, river.low, river.high)), unit=unit, words="",
            why="the river factor in CO2 alone, raised as sea-going ships are on this basis",
        )  # fmt: skip
    return [
        replace(one, name=f"grams_{mode}", words=f"emission, {mode}", unit=unit)
        for mode, one in (made | {"river": river}).items()
    ]


def _emission(record: Dataset, mode: str, basis: str) -> Input:
    if basis in _OPERATION:
        return from_factors(record, "", _OPERATION[basis][mode], words=f"emission, {mode}")
    classes = [
        _added("", "", "", [from_factors(record, "", [f"{one}{part}-2025"], words="") for part in ("", "-upstream")])
        for one in _WITH_SUPPLY[mode]
    ]
    return _united("", f"emission, {mode}", "", classes)


def _yuan(record: Dataset) -> Input:
    years = [f"fx-yuan-per-us-dollar-{year}" for year in (2024, 2025)]
    return from_factors(record, "yuan_per_dollar", years, words="exchange rate", unit="yuan per US$")


def _factor(record: Dataset, factor_id: str) -> float:
    return from_factors(record, "", [factor_id], words="").value


def _quotient(rows: pd.DataFrame, by: float = 1.0) -> list[Input]:
    """The range that quotients of the record allow, as a list of one input; none where there is no quotient."""
    if rows.empty:
        return []
    behind = rows.drop_duplicates("source_id")
    low, high = float(rows["low"].min()) * by, float(rows["high"].max()) * by
    made = Input("", "", float(rows["value"].median()) * by, low, high, "", "quotient of two figures, as worded")
    obs_ids = (*rows["obs_id"], *rows["obs_id_below"])
    return [replace(made, publishers=tuple(dict.fromkeys(behind["publisher"])), source_ids=tuple(behind["source_id"]),
                    obs_ids=obs_ids)]  # fmt: skip


def _scaled(one: Input, by: float) -> Input:
    return replace(one, value=one.value * by, low=one.low * by, high=one.high * by)


def held(one: Input, value: float) -> Input:
    """Return an input that stays at one value, as a reader's choice sets it."""
    return replace(one, value=float(value), low=float(value), high=float(value), basis=CHOSEN)


def _united(name: str, words: str, unit: str, parts: Sequence[Input], value: float | None = None) -> Input:
    """The input that holds the ranges of all parts; its value is the median of theirs where none is given."""
    low, high = min(part.low for part in parts), max(part.high for part in parts)
    middle = statistics.median(part.value for part in parts) if value is None else value
    return _of(parts, name=name, words=words, unit=unit, value=middle, low=low, high=high)


def _added(name: str, words: str, unit: str, parts: Sequence[Input]) -> Input:
    value, low, high = (sum(getattr(part, end) for part in parts) for end in ("value", "low", "high"))
    return _of(parts, name=name, words=words, unit=unit, value=value, low=low, high=high)


def _of(parts: Sequence[Input], **changes: Any) -> Input:
    """An input with what stands behind all parts."""

    def behind(what: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for part in parts for one in getattr(part, what)))

    basis = "; ".join(dict.fromkeys(part.basis for part in parts))
    return Input(**changes, basis=basis, publishers=behind("publishers"), source_ids=behind("source_ids"),
                 obs_ids=behind("obs_ids"))  # fmt: skip
