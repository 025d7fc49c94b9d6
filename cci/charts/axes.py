"""Axes: a unit in words, round ticks, and dates that fit a phone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

_MONEY = {"USD": "US$", "SGD": "S$", "EUR": "€", "CNY": "yuan"}
_UNITS = {
    "persons": "people", "percentage_points": "percentage points", "times": "times",
    "flights_per_week": "flights a week", "trains_per_week": "trains a week", "index_points": "points",
    "square_metres": "square metres", "MOUs": "memoranda",
}  # fmt: skip
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


# Written out, as Vega would round a format to the digits it thinks the ticks need (12,500 became 13,000).
PLAIN_NUMBER = "format(datum.value, ',.6~f')"


@dataclass(frozen=True)
class Unit:
    """The unit of an axis: its words, and what a value of the record is divided by to be drawn in it."""

    words: str
    divisor: float = 1.0


def axis_unit(unit: str, largest: float) -> Unit:
    """Return the unit in which values up to `largest` read best: US$ billion, thousand-free counts, million people."""
    if unit in _UNITS:
        above, per = unit, ""
    else:
        above, _, below = unit.partition("_per_")
        per = f" per {below.removesuffix('s').replace('_', ' ')}" if below else ""
    money = _MONEY.get(above)
    plain = money or _UNITS.get(above) or above.replace("_", " ")
    # A count of two digits of millions is read more easily than one of seven figures; money already from one million.
    for scale, word in _LARGE:
        if largest >= scale * (1 if money else 2):
            return Unit((f"{plain} {word}" if money and money != "yuan" else f"{word} {plain}") + per, scale)
    return Unit(plain + per)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return about `count` round numbers that enclose low to high; the first and last are the ends of the axis."""
    if not high > low:
        low, high = (0.0, high or 1.0) if high >= 0 else (low, 0.0)
    raw = (high - low) / count
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw * 0.999999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{step * number:.12g}") for number in range(first, last + 1)]


def day(moment: pd.Timestamp) -> str:
    """Return a day as Vega reads it in the reader's own time zone; a bare date would be read as UTC and slip a day."""
    return f"{moment:%Y-%m-%dT00:00:00}"


def value_axis(numbers: list[float], unit: Unit) -> dict[str, Any]:
    """Return scale and axis of a vertical value axis, its unit written flat above it."""
    return {
        "scale": alt.Scale(domain=[numbers[0], numbers[-1]], nice=False, zero=False),
        "axis": alt.Axis(
            values=numbers,
            labelExpr=PLAIN_NUMBER,
            title=unit.words,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleBaseline="bottom",
            titleX=0,
            titleY=-8,
        ),
    }


def time_axis(first: pd.Timestamp, last: pd.Timestamp) -> dict[str, Any]:
    """Return scale and axis of a horizontal time axis: years from two and a half years on, else months."""
    years = (last - first).days / 365.25
    if years >= 2.5:
        start = pd.Timestamp(first.year, 1, 1)
        every = next(step for step in (1, 2, 5, 10, 50) if years / step <= 16)
        marks = [pd.Timestamp(year, 1, 1) for year in range(-(-start.year // every) * every, last.year + 1, every)]
        label = "timeFormat(datum.value, '%Y')"
    else:
        start = first.replace(day=1)
        marks = list(pd.date_range(start, last, freq="MS" if years < 0.8 else "QS"))
        label = (
            "month(datum.value) == 0 || datum.index == 0"
            " ? [timeFormat(datum.value, '%b'), timeFormat(datum.value, '%Y')] : timeFormat(datum.value, '%b')"
        )
    end = last if last > start else start + pd.Timedelta(days=31)
    return {
        "scale": alt.Scale(domainMin=_instant(start), domainMax=_instant(end), nice=False),
        "axis": alt.Axis(
            values=[_date_time(mark) for mark in marks],
            labelExpr=label,
            labelOverlap=True,
            labelSeparation=8,
            title=None,
        ),
    }


def _date_time(moment: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=moment.year, month=moment.month, date=moment.day)


def _instant(moment: pd.Timestamp) -> alt.ExprRef:
    # As an expression, and as two ends: Vega-Lite does not read a date in the whole domain of a mark with two ends.
    return alt.ExprRef(f"datetime({moment.year}, {moment.month - 1}, {moment.day})")
