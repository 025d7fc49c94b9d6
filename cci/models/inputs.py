"""What goes into a model: a value, the range it may lie in, and who says so; and ways of trying the whole range."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cci.errors import ParameterError, UnknownName
from cci.record.dataset import Dataset
from cci.record.intervals import Interval

ASSUMED = "assumption of this book"
CHOSEN = "chosen for this run"
LATER = "a page of a later day"
COLUMNS = ("words", "value", "low", "high", "unit", "publisher", "basis", "source_id", "source_ids", "obs_ids")
Model = Callable[..., Any]


@dataclass(frozen=True)
class Input:
    """One parameter of a model: its name in the code and in words, its value and range in `unit`, and its ground."""

    name: str
    words: str
    value: float
    low: float
    high: float
    unit: str
    basis: str
    publishers: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    obs_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.value, self.low, self.high))):
            raise ParameterError(f"{self.words} has no finite value and range; a model needs both.")
        if not self.low <= self.value <= self.high:
            raise ParameterError(f"{self.words} is {self.value:g}, outside its range {self.low:g} to {self.high:g}.")

    def at(self, value: float | None) -> Input:
        """Return this input with another value, as a parameter of a chapter sets it; None changes nothing.

        The range widens to hold the value, so that what is drawn from the range may reach it.
        """
        if value is None or value == self.value:
            return self
        low, high = min(self.low, value), max(self.high, value)
        return replace(self, value=float(value), low=low, high=high, basis=f"{CHOSEN}; range: {self.basis}")

    def in_unit(self, unit: str, size: float) -> Input:
        """Return this input in a unit that is `size` of the old one, as millions of dollars for dollars."""
        return replace(self, unit=unit, value=self.value / size, low=self.low / size, high=self.high / size)


def from_factors(
    record: Dataset, name: str, factor_ids: Sequence[str], *, words: str, unit: str | None = None
) -> Input:
    """Return the input that coefficients of the record allow.

    The range goes from the least to the greatest figure of the rows, the value is their median, where a row that
    prints a range counts with its middle. `unit` in words replaces the unit of the rows. Raises UnknownName for a row
    that does not exist, ParameterError where the rows have different units.
    """
    table = record.factors.set_index("factor_id", drop=False)
    for factor_id in factor_ids:
        if factor_id not in table.index:
            raise UnknownName("factor", factor_id, table.index)
    rows = table.loc[list(factor_ids)]
    if rows["unit"].nunique() != 1:
        raise ParameterError(f"{words} mixes the units {', '.join(sorted(set(rows['unit'])))}; take rows of one unit.")
    high = rows["value_high"].fillna(rows["value"])
    middle = (rows["value"] + high) / 2
    return Input(
        name,
        words,
        float(middle.median()),
        float(rows["value"].min()),
        float(high.max()),
        unit or str(rows["unit"].iloc[0]),
        "; ".join(dict.fromkeys(rows["basis"])),
        *_behind(record, rows["source_id"]),
    )


def from_observations(
    record: Dataset,
    name: str,
    obs_ids: Sequence[str],
    *,
    words: str,
    unit: str | None = None,
    otherwise: Input | None = None,
) -> Input:
    """Return the input that figures of the record allow: the range their wordings span, the middle of it as value.

    A single figure keeps its printed value, one printed as a range the middle of what is printed. Figures that were not
    published by the record's day are left out; where none is left, `otherwise` serves. Units as in `from_factors`.
    Raises ParameterError where nothing was published and nothing else is given, where units differ, and where a wording
    leaves an end open to infinity.
    """
    rows = record.find(obs_ids)
    if rows.empty:
        if otherwise is None:
            raise ParameterError(f"No figure on {words} was published by {record.as_of}; say what serves otherwise.")
        return otherwise
    if rows["unit"].nunique() != 1:
        raise ParameterError(f"{words} mixes the units {', '.join(sorted(set(rows['unit'])))}; take rows of one unit.")
    low, high = float(rows["low"].min()), float(rows["high"].max())
    first = rows.iloc[0]
    printed = float(first["value"] if pd.isna(first["value_high"]) else (first["value"] + first["value_high"]) / 2)
    return Input(
        name,
        words,
        printed if len(rows) == 1 and low <= printed <= high else (low + high) / 2,
        low,
        high,
        unit or str(rows["unit"].iloc[0]),
        "what the wording of the figures allows",
        *_behind(record, rows["source_id"]),
        tuple(rows["obs_id"]),
    )


def from_stages(record: Dataset, stages: pd.DataFrame) -> dict[str, Input]:
    """Return one input in days per row of `cci.audit.stages`, by the name of the stage.

    The range is what the dates at both ends allow, and its middle the value, as no date says where in between.
    """
    behind = sorted({name for ids in stages["source_ids"] for name in ids})
    publishers = record.documents(behind).set_index("source_id")["publisher"]
    return {
        row.stage: Input(
            row.stage,
            row.stage,
            (row.low + row.high) / 2,
            row.low,
            row.high,
            row.unit,
            "what the dates of this step and the one before allow",
            tuple(dict.fromkeys(publishers[name] for name in row.source_ids)),
            row.source_ids,
        )
        for row in stages.itertuples()
    }


def assumed(name: str, value: float, low: float, high: float, *, unit: str, words: str, why: str) -> Input:
    """Return an input that nobody has published: marked as this book's assumption, with the reason for its range."""
    return Input(name, words, float(value), float(low), float(high), unit, f"{ASSUMED}: {why}")


def values(inputs: Iterable[Input]) -> dict[str, float]:
    """Return the values by name, as the keyword arguments of a model."""
    return {given.name: given.value for given in inputs}


def table(inputs: Iterable[Input]) -> pd.DataFrame:
    """Return one row per input for `charts.table`: COLUMNS; one that no source stands behind says so."""
    rows = [
        (
            given.words[:1].upper() + given.words[1:],
            given.value,
            given.low,
            given.high,
            given.unit,
            "; ".join(given.publishers) or ASSUMED,
            given.basis.removeprefix(f"{ASSUMED}: "),
            given.source_ids[0] if len(given.source_ids) == 1 else None,
            given.source_ids,
            given.obs_ids,
        )
        for given in inputs
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def draws(inputs: Sequence[Input], n: int, *, seed: int) -> dict[str, np.ndarray]:
    """Return `n` points spread evenly over the box of all ranges, as an array of each input by name.

    A Latin hypercube (McKay, Beckman and Conover 1979): every input is uniform in its range and each of n equal parts
    of it is met once. Uniform says that nobody has published which part of a range is likelier. Raises ParameterError.
    """
    from scipy.stats import qmc  # 0.3 s: only for who draws

    if n < 1:
        raise ParameterError(f"{n} draws are none; ask for at least one.")
    unit_box = qmc.LatinHypercube(d=max(len(inputs), 1), rng=seed).random(n)
    return {
        given.name: given.low + unit_box[:, column] * (given.high - given.low) for column, given in enumerate(inputs)
    }


def tornado(model: Model, inputs: Sequence[Input]) -> pd.DataFrame:
    """Return how far the result moves when one input goes through its range and the others keep their values.

    One row per input, the widest first: words, unit, central (the result at all values), at_low, at_high (the result at
    the ends of the range), low, high (the lesser and the greater of them) and swing = high - low, in the model's unit.
    """
    central = values(inputs)
    middle = float(model(**central))
    rows = []
    for given in inputs:
        ends = [float(model(**{**central, given.name: end})) for end in (given.low, given.high)]
        rows.append((given.words, given.unit, middle, *ends, min(*ends, middle), max(*ends, middle)))
    columns = ["words", "unit", "central", "at_low", "at_high", "low", "high"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["swing"] = frame["high"] - frame["low"]
    return frame.sort_values("swing", ascending=False, kind="stable").reset_index(drop=True)


def grid(model: Model, inputs: Sequence[Input], axes: Mapping[str, Sequence[Any]], *, result: str) -> pd.DataFrame:
    """Return the model at every combination of the values in `axes`, the other inputs at their own values.

    `axes` names inputs, or other arguments of the model (a mode, say). One row per combination, in the order of the
    axes, with the column `result`. The model is called once per combination.
    """
    fixed = {name: value for name, value in values(inputs).items() if name not in axes}
    combinations = list(itertools.product(*axes.values()))
    frame = pd.DataFrame(combinations, columns=list(axes))
    frame[result] = [model(**fixed, **dict(zip(axes, point, strict=True))) for point in combinations]
    return frame


def span(results: Any, inside: float = 1.0) -> Interval:
    """Return the interval that holds the middle part `inside` of results: 1 for all of them, 0.9 for 5 % to 95 %."""
    if not 0 < inside <= 1:
        raise ParameterError(f"{inside:g} is no share; give one above 0 and up to 1.")
    outside = (1 - inside) / 2
    low, high = np.quantile(np.asarray(results, dtype="float64"), [outside, 1 - outside])
    return Interval(float(low), float(high))


def _behind(record: Dataset, source_ids: pd.Series) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = tuple(dict.fromkeys(source_ids))
    publishers = record.documents(names).set_index("source_id")["publisher"]
    # Coefficients stay under an early `as_of`, whose record does not hold their pages yet.
    return tuple(dict.fromkeys(publishers.get(name, LATER) for name in names)), names
