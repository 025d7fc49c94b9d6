"""Emission factors of modes of transport, on one basis at a time.

A factor of operation leaves out the making of the fuel, and CO2 leaves out the other gases: neither may be set beside
a factor that has them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from cci.errors import ParameterError
from cci.record.dataset import Dataset
from cci.record.intervals import Interval

# What the pages print, by the name under which a reader chooses it.
BASES = {
    "operation (tank to wheel), CO2e": "tank_to_wheel_co2e",
    "operation (tank to wheel), CO2": "tank_to_wheel_co2",
    "operation plus upstream, CO2e": "well_to_wheel_co2e",
    "WTW, CO2e": "well_to_wheel_co2e",
    "upstream (well to tank), CO2e": "upstream_co2e",
    "not stated": "not_stated",
    "not stated (model parameter)": "not_stated",
    "not stated on the page; CO2": "not_stated",
}
# `water` is an inland waterway, or river and sea where a page does not separate them.
_MODES = {
    "air freight": "air", "rail": "rail", "road": "road", "sea": "sea", "inland waterway": "water", "water": "water",
}  # fmt: skip
COLUMNS = ("mode", "subject", "value", "low", "high", "unit", "words", "basis", "factor_id", "source_id")
PAIRED = ("pair", "first", "second", "outcome", "basis", "source_id", "publisher")


def emission_factors(record: Dataset, basis: str | None = None) -> pd.DataFrame:
    """Return emission factors in grams per tonne-kilometre, by mode, lowest first, with publisher and date.

    `basis` is one of the values of BASES; None gives all, which share a frame and never an axis. `value` is blank
    where a range is printed. Only factors whose source is in the record as of its day. Columns are COLUMNS,
    publisher, published and known_by. Raises ParameterError for an unknown basis.
    """
    if basis is not None and basis not in BASES.values():
        raise ParameterError(f"No basis {basis!r}. Use one of: {', '.join(dict.fromkeys(BASES.values()))}.")
    table = record.factors[record.factors["kind"] == "emission"]
    said = record.documents(sorted(set(table["source_id"])))[["source_id", "publisher", "published", "known_by"]]
    table = table.merge(said, on="source_id", validate="many_to_one")
    gas = table["unit"].str.removeprefix("g").str.removesuffix("_per_tkm")
    high = table["value_high"].fillna(table["value"])
    spans = [Interval(low, up) for low, up in zip(table["value"], high, strict=True)]
    table = table.assign(
        mode=table["subject"].str.extract(rf"^({'|'.join(_MODES)})", expand=False).map(_MODES),
        low=table["value"],
        high=high,
        value=table["value"].where(table["value_high"].isna(), math.nan),
        unit="grams of " + gas + " per tonne-kilometre",
        words=pd.Series([_grams(span) for span in spans], index=table.index, dtype="str"),
        basis=table["basis"].map(BASES),
    )
    chosen = table if basis is None else table[table["basis"] == basis]
    chosen = chosen.sort_values(["mode", "low", "factor_id"], kind="stable").reset_index(drop=True)
    return chosen[[*COLUMNS, "publisher", "published", "known_by"]]


def paired_modes(factors: pd.DataFrame, first: str, others: Iterable[str]) -> pd.DataFrame:
    """Return how one mode compares to others: a row per source, basis and unit that has factors of both modes.

    `factors` is a frame of `emission_factors`. `first` and `second` are the spans of the factors in words, `outcome`
    is less, greater, or overlaps where the spans meet, `basis` is in words. Columns are PAIRED.
    """
    rows = []
    for other in others:
        for (source_id, basis, _), group in factors.groupby(["source_id", "basis", "unit"]):
            one, two = (_span(group[group["mode"] == mode]) for mode in (first, other))
            if one is not None and two is not None:
                words = basis.replace("_", " ").replace("co2", "CO2")
                pair = (f"{first} and {other}", _grams(one), _grams(two), one.compare(two))
                rows.append((*pair, words, source_id, group["publisher"].iloc[0]))
    paired = pd.DataFrame(rows, columns=list(PAIRED))
    paired.attrs.update(factors.attrs)
    return paired


def _span(factors: pd.DataFrame) -> Interval | None:
    return None if factors.empty else Interval(float(factors["low"].min()), float(factors["high"].max()))


def _grams(span: Interval) -> str:
    return f"{span.low:g} g" if span.low == span.high else f"{span.low:g} to {span.high:g} g"
