"""Dispatch of solar power, storage and the grid for parks, alone or as one virtual power plant, as a linear programme.

Time is a set of typical days of equal hours; each day stands for a number of days of the period that is billed, a
month say. In every hour (index t), summed over the parks i behind one meter,

    import_t - export_t + sum_i (used_it + discharge_it) = sum_i (load_it + charge_it)
    level_it = level_i,t-1 + charge_efficiency charge_it - discharge_it / discharge_efficiency, cyclic within the day
    0 <= used <= solar, 0 <= level <= energy, charge and discharge <= power, 0 <= import_t <= peak

and what is least is  sum_t days_t (price_t import_t - export_price_t export_t) + demand_charge peak. The greatest of
the imports enters by its epigraph (Boyd and Vandenberghe 2004, Convex Optimization, section 4.3.1); storage as an LP
with losses follows Hashmi et al. 2019, "Optimal Storage Arbitrage under Net Metering using Linear Programming"
(arXiv:1905.00418). Solved by HiGHS (Huangfu and Hall 2018) through scipy.optimize.linprog on sparse matrices.

No storage charges and discharges in one hour: with charge c > 0 and discharge d > 0, and a round trip r <= 1, taking
e off c and r e off d leaves every level as it was and frees (1 - r) e, which lowers an import or is not drawn from
the sun. As no price is below zero this never costs more, and it moves less through the storage. Among the dispatches
of least cost the one that moves least is returned, so that it does not do both (for conditions in general see
arXiv:2508.12999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.optimize import OptimizeResult, linprog

from cci.errors import Infeasible, ParameterError

Array = NDArray[np.float64]
# HiGHS calls a constraint held within 1e-7; the second solution may cost this share more than the first.
_TOLERANCE = 1e-9
_TIE = 1e-2  # how much more the last hour of a day weighs than the first; too little to move more energy for it


@dataclass(frozen=True)
class Park:
    """A park: `load` and `solar` in kW (mean of each hour, shape (days, hours) or (hours,)), and its storage.

    `energy` is what the storage holds (kWh), `power` the most it charges or discharges (kW), measured outside. The
    efficiencies are shares of each way; their product is the round trip. Raises ParameterError.
    """

    name: str
    load: Array
    solar: Array = field(default_factory=lambda: np.zeros(1))
    energy: float = 0.0
    power: float = 0.0
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0

    def __post_init__(self) -> None:
        load = _profile(self.load, f"load of {self.name} (kW)")
        solar = _profile(np.broadcast_to(np.asarray(self.solar, dtype="float64"), load.shape), f"solar of {self.name}")
        object.__setattr__(self, "load", load)
        object.__setattr__(self, "solar", solar)
        for words, value in (("energy (kWh)", self.energy), ("power (kW)", self.power)):
            if not 0 <= value < np.inf:
                raise ParameterError(f"The storage of {self.name} has {words} {value:g}; give zero or more.")
        for words, value in (("charging", self.charge_efficiency), ("discharging", self.discharge_efficiency)):
            if not 0 < value <= 1:
                raise ParameterError(f"The efficiency of {words} of {self.name} is {value:g}; give a share up to 1.")


@dataclass(frozen=True)
class Tariff:
    """What the grid asks: prices of an hour's import and export, a charge on the greatest import, its carbon.

    `price` (CNY/kWh) and `carbon` (kgCO2/kWh) by hour, shape (hours,) or (days, hours), or one number for all;
    `demand_charge` in CNY per kW of the greatest import in the period; `export_price` in CNY/kWh, None where feeding
    in is not allowed; `limit` is the most the connection carries (kW). Raises ParameterError: prices below zero, or a
    price of export above that of import in some hour, by which buying to sell would pay without end.
    """

    price: ArrayLike
    demand_charge: float = 0.0
    carbon: ArrayLike = 0.0
    export_price: ArrayLike | None = None
    limit: float = np.inf

    def __post_init__(self) -> None:
        for words, value in (("price", self.price), ("carbon", self.carbon), ("demand charge", self.demand_charge)):
            if not (np.asarray(value) >= 0).all() or not np.isfinite(value).all():
                raise ParameterError(f"The {words} of the grid must be zero or more in every hour.")
        if not self.limit >= 0:
            raise ParameterError(f"The connection carries {self.limit:g} kW; give zero or more.")
        if self.export_price is not None:
            sold = np.asarray(self.export_price, dtype="float64")
            if not (sold >= 0).all() or (sold > np.asarray(self.price)).any():
                raise ParameterError("The price of export must lie between zero and the price of import in each hour.")


@dataclass(frozen=True)
class Dispatch:
    """What flows in each hour of each typical day: arrays of shape (days, hours) in kW, `level` in kWh after the hour.

    `cost` = `energy_cost` + `demand_cost` (CNY), `peak` (kW), `carbon` (kgCO2), `imported` and `curtailed` (kWh) are of
    the whole period; what the parks do is added up.
    """

    parks: tuple[Park, ...]
    load: Array
    used: Array
    charge: Array
    discharge: Array
    level: Array
    imported_power: Array
    exported_power: Array
    peak: float
    energy_cost: float
    demand_cost: float
    carbon: float
    days: Array = field(repr=False)

    @property
    def cost(self) -> float:
        return self.energy_cost + self.demand_cost

    @property
    def imported(self) -> float:
        return float((self.days[:, None] * self.imported_power).sum())

    @property
    def curtailed(self) -> float:
        """Solar energy that could have been made and was not (kWh)."""
        return float((self.days[:, None] * (np.sum([park.solar for park in self.parks], axis=0) - self.used)).sum())


def dispatch(parks: Park | Sequence[Park], tariff: Tariff, *, days: ArrayLike = 1.0) -> Dispatch:
    """Return the dispatch of least cost of parks behind one meter; several parks are a virtual power plant.

    `days` says how many days of the period each typical day stands for. Raises ParameterError for profiles of
    different shapes, Infeasible where load remains unmet, with how much and in which hours.
    """
    joined = (parks,) if isinstance(parks, Park) else tuple(parks)
    if not joined:
        raise ParameterError("No park to supply; give one at least.")
    shape = joined[0].load.shape
    for park in joined:
        if park.load.shape != shape:
            raise ParameterError(f"{park.name} has days by hours {park.load.shape}, {joined[0].name} has {shape}.")
    weight = np.broadcast_to(np.asarray(days, dtype="float64"), shape[:1])
    if not (weight > 0).all():
        raise ParameterError("Each typical day must stand for some days; leave out a day that stands for none.")
    price, carbon = (_hours(value, shape) for value in (tariff.price, tariff.carbon))
    sold = None if tariff.export_price is None else _hours(tariff.export_price, shape)
    hourly = np.broadcast_to(weight[:, None], shape)
    programme = _Programme(joined, shape, tariff.limit, exports=sold is not None)
    cost = programme.costs(hourly * price, None if sold is None else hourly * sold, tariff.demand_charge)
    least = programme.solve(cost)
    calm = programme.solve(programme.moved(hourly), at_most=(cost, float(least.fun)))
    flows = programme.flows(calm.x)
    imported, exported = flows["import"], flows["export"]
    income = 0.0 if sold is None else float((hourly * sold * exported).sum())
    peak = float(imported.max(initial=0.0))
    return Dispatch(
        joined,
        np.sum([park.load for park in joined], axis=0),
        flows["used"],
        flows["charge"],
        flows["discharge"],
        flows["level"],
        imported,
        exported,
        peak,
        float((hourly * price * imported).sum()) - income,
        tariff.demand_charge * peak,
        float((hourly * carbon * imported).sum()),
        weight,
    )


def compared(parks: Sequence[Park], tariff: Tariff, *, days: ArrayLike = 1.0) -> pd.DataFrame:
    """Return each park alone, all of them added, and all of them pooled behind one meter: a row each.

    Columns: supply (name, "added", "pooled"), cost, energy_cost and demand_cost (CNY), peak (kW; the added one is what
    is billed, the sum of the parks' own), imported and curtailed (kWh), carbon (kgCO2), of the period.
    """
    columns = ["cost", "energy_cost", "demand_cost", "peak", "imported", "curtailed", "carbon"]
    alone = [dispatch(park, tariff, days=days) for park in parks]
    rows = pd.DataFrame([[getattr(one, name) for name in columns] for one in alone], columns=columns)
    together = dispatch(parks, tariff, days=days)
    rows.loc[len(rows)] = rows.sum()
    rows.loc[len(rows)] = [getattr(together, name) for name in columns]
    rows.insert(0, "supply", [*(park.name for park in parks), "added", "pooled"])
    return rows


def tiers(
    average: float, gap: float, *, peak_hours: Sequence[int], valley_hours: Sequence[int], hours: int = 24
) -> Array:
    """Return the price of each hour (CNY/kWh): `average` in a flat hour, half of `gap` more at peak, less in a valley.

    An hour is named by its beginning. Raises ParameterError where a price would fall below zero or an hour is both.
    """
    if set(peak_hours) & set(valley_hours):
        raise ParameterError("An hour cannot be both peak and valley; name it once.")
    if gap < 0 or average - gap / 2 < 0:
        raise ParameterError(f"A gap of {gap:g} around {average:g} puts the valley below zero; narrow it.")
    price = np.full(hours, float(average))
    price[list(peak_hours)] += gap / 2
    price[list(valley_hours)] -= gap / 2
    return price


def solar_day(full_load_hours: float, *, sunrise: float = 6.5, sunset: float = 18.5, hours: int = 24) -> Array:
    """Return the mean output of each hour per kW installed on a day that yields `full_load_hours` kWh per kW.

    The shape is the positive half of a sine between sunrise and sunset (the elevation of the sun at an equinox),
    integrated over each hour. Raises ParameterError where the sun could not yield that much at the rated power.
    """
    if not 0 <= sunrise < sunset <= hours:
        raise ParameterError(f"The sun rises at {sunrise:g} and sets at {sunset:g}; give two times of one day.")
    edges = np.clip((np.arange(hours + 1) - sunrise) / (sunset - sunrise), 0.0, 1.0)
    shape = -np.diff(np.cos(np.pi * edges))
    day = full_load_hours * shape / shape.sum()
    if not 0 <= day.min() <= day.max() <= 1:
        raise ParameterError(f"{full_load_hours:g} full-load hours in a day exceed the rated power; give fewer.")
    return np.asarray(day)


def shifts(peak: float, base: float, *, start: int, stop: int, hours: int = 24) -> Array:
    """Return a load by hour (kW): `peak` from `start` up to `stop`, past midnight where it is no later, else `base`."""
    clock = np.arange(hours)
    working = (clock >= start) & (clock < stop) if start < stop else (clock >= start) | (clock < stop)
    return np.where(working, float(peak), float(base))


@lru_cache(maxsize=16)  # sizes, prices and loads are tried by the dozen: they move no coefficient
def _matrices(
    shape: tuple[int, ...], efficiencies: tuple[tuple[float, float], ...]
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """The equations (balance of each hour, level of each storage) and the rows that hold the peak above the import."""
    n, many = int(np.prod(shape)), len(efficiencies)
    unit, none = sparse.eye_array(n), sparse.csr_array((n, n))
    # Yesterday's last level is today's: each typical day closes on itself.
    change = unit - sparse.kron(sparse.eye_array(shape[0]), np.roll(np.eye(shape[1]), 1, axis=0))
    balance = [unit, -unit, *[unit, -unit, unit, none] * many, sparse.csr_array((n, 1))]
    storage = sparse.block_diag(
        [sparse.hstack([none, -charge * unit, unit / discharge, change]) for charge, discharge in efficiencies]
    )
    meter, peak = sparse.csr_array((n * many, 2 * n)), sparse.csr_array((n * many, 1))
    equal = sparse.vstack([sparse.hstack(balance), sparse.hstack([meter, storage, peak])]).tocsr()
    below = sparse.hstack([unit, sparse.csr_array((n, equal.shape[1] - n - 1)), -np.ones((n, 1))]).tocsr()
    return equal, below


class _Programme:
    """A programme. Variables: import, export, each park's used, charge, discharge and level by hour; last the peak."""

    def __init__(self, parks: Sequence[Park], shape: tuple[int, ...], limit: float, *, exports: bool):
        self.parks, self.shape, self.hours = parks, shape, int(np.prod(shape))
        n = self.hours
        efficiencies = tuple((park.charge_efficiency, park.discharge_efficiency) for park in parks)
        self.equal, self.below = _matrices(shape, efficiencies)
        self.size = self.equal.shape[1]
        self.right = np.concatenate([np.sum([park.load for park in parks], axis=0).ravel(), np.zeros(n * len(parks))])
        top = [np.full(n, limit), np.full(n, limit if exports else 0.0)]
        for park in parks:
            top += [park.solar.ravel(), *(np.full(n, most) for most in (park.power, park.power, park.energy))]
        self.top = np.concatenate([*top, [np.inf]])

    def costs(self, price: Array, sold: Array | None, demand_charge: float) -> Array:
        cost = np.zeros(self.size)
        cost[: self.hours] = price.ravel()
        if sold is not None:
            cost[self.hours : 2 * self.hours] = -sold.ravel()
        cost[-1] = demand_charge
        return cost

    def moved(self, weight: Array) -> Array:
        """The objective of the second solution: what goes through the storages and out; of equals, the earlier hour.

        Hours of one price are alike to the bill; without an order among them, machines would choose differently.
        """
        cost = np.zeros(self.size)
        parts = cost[:-1].reshape(-1, self.hours)
        later = weight * (1 + _TIE * np.linspace(0, 1, self.shape[1]))
        parts[1] = later.ravel()
        for park in range(len(self.parks)):
            parts[3 + 4 * park] = parts[4 + 4 * park] = later.ravel()
        cost[-1] = 1.0
        return cost

    def solve(self, cost: Array, *, at_most: tuple[Array, float] | None = None) -> OptimizeResult:
        below, most = self.below, np.zeros(self.hours)
        if at_most is not None:
            objective, least = at_most
            below = sparse.vstack([below, sparse.csr_array(objective[None, :])]).tocsr()
            most = np.append(most, least + _TOLERANCE * max(1.0, abs(least)))
        bounds = np.column_stack([np.zeros(self.size), self.top])
        found = linprog(cost, A_ub=below, b_ub=most, A_eq=self.equal, b_eq=self.right, bounds=bounds, method="highs")
        if found.status == 2:
            raise Infeasible(self._unmet(bounds))
        if not found.success:
            raise Infeasible(f"The programme has no optimum ({found.message}); check the units of loads and prices.")
        return found

    def _unmet(self, bounds: Array) -> str:
        # The same programme with load left unserved at a price: how much is missing, and when.
        n = self.hours
        slack = sparse.vstack([sparse.eye_array(n), sparse.csr_array((self.equal.shape[0] - n, n))])
        found = linprog(
            np.append(np.zeros(self.size), np.ones(n)),
            A_ub=sparse.hstack([self.below, sparse.csr_array((n, n))]),
            b_ub=np.zeros(n),
            A_eq=sparse.hstack([self.equal, slack]),
            b_eq=self.right,
            bounds=np.vstack([bounds, np.column_stack([np.zeros(n), np.full(n, np.inf)])]),
            method="highs",
        )
        missing = found.x[-n:].reshape(self.shape)
        day, hour = np.unravel_index(int(missing.argmax()), self.shape)
        return (
            f"{missing.sum():,.0f} kWh of load cannot be met, most of it in hour {hour} of typical day {day + 1} "
            f"({missing.max():,.0f} kW); raise the limit of the connection or add solar power and storage."
        )

    def flows(self, x: Array) -> dict[str, Array]:
        parts = x[:-1].reshape(-1, *self.shape)
        names = ("used", "charge", "discharge", "level")
        found = {name: parts[2 + k :: 4].sum(axis=0) for k, name in enumerate(names)}
        return {"import": parts[0], "export": parts[1], **found}


def _profile(values: ArrayLike, words: str) -> Array:
    profile = np.atleast_2d(np.asarray(values, dtype="float64"))
    if profile.ndim != 2 or profile.size == 0 or not np.isfinite(profile).all() or (profile < 0).any():
        raise ParameterError(f"The {words} must be numbers of zero or more, by hour or by day and hour.")
    return profile


def _hours(values: ArrayLike, shape: tuple[int, ...]) -> Array:
    try:
        return np.broadcast_to(np.asarray(values, dtype="float64"), shape)
    except ValueError:
        raise ParameterError(
            f"The tariff has the shape {np.shape(values)}, the loads have days by hours {shape}; give one number, "
            "one per hour, or one per day and hour."
        ) from None
