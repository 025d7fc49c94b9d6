"""From rows of the record to what may be drawn: one unit, one kind of total, one mark for each wording and standing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from cci.errors import CCIError
from cci.record.wording import date_words, figure_words, period_words

HOPED = ("forecast", "target")
DOUBTFUL = ("suspected_error", "do_not_chart", "unit_slip", "scope_unclear", "superseded")
CAUTIONS = {
    "forecast": "forecast",
    "target": "target",
    "date_inferred": "date taken from the page",
    "derived_by_source": "worked out by the source",
    "suspected_error": "suspected error",
    "unit_slip": "probable slip of unit",
    "do_not_chart": "not comparable with the rest",
    "scope_unclear": "definition unclear",
    "superseded": "an older figure reused",
}
SET_ASIDE = "another figure is preferred"  # the caution of a figure that a settled disagreement sets aside
# The columns of the table behind a chart of figures, by heading, and what its marks say when pointed at.
TABLE = {"period": "Period", "words": "Figure", "stated": "As stated", "publisher": "Source", "caution": "Caution"}
TOOLTIP = [
    alt.Tooltip("words:N", title="Figure"),
    alt.Tooltip("period:N", title="Period"),
    alt.Tooltip("stated:N", title="As stated"),
    alt.Tooltip("publisher:N", title="Source"),
    alt.Tooltip("caution:N", title="Caution"),
]
_BOUND = {"over": "over", "at_least": "over", "nearly": "under", "under": "under", "up_to": "under", "about": "about"}

# A mark is a body and an arm, drawn in a box from -1 to 1 (Vega scales it): a body says how the figure stands
# (stated to the digit, stated in words that leave room, hoped for, doubted), an arm which way the wording is open.
_BODY = {
    "dot": "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z",
    "tick": "M-1,0H1",
    "ring": "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z",
    "cross": "M-.8,-.8L.8,.8M-.8,.8L.8,-.8",
}
_ARM_UP = {
    "exact": "",
    "over": "M0,-1V-2.6M-.65,-1.9L0,-2.6L.65,-1.9",
    "under": "M0,1V2.6M-.65,1.9L0,2.6L.65,1.9",
    "about": "M-1.1,-1.7C-.4,-2.5,.4,-1,1.1,-1.8",
}
_ARM_RIGHT = {
    "exact": "",
    "over": "M1,0H2.6M1.9,-.65L2.6,0L1.9,.65",
    "under": "M-1,0H-2.6M-1.9,-.65L-2.6,0L-1.9,.65",
    "about": "M-1.1,-1.7C-.4,-2.5,.4,-1,1.1,-1.8",
}
_TICK_STEM = {"up": {"over": "M0,0V-1", "under": "M0,0V1"}, "right": {"over": "M0,0H1", "under": "M0,0H-1"}}


def shapes(direction: str) -> dict[str, str]:
    """Return the path of every mark by name (`dot exact`, `tick over` …), for values that grow `up` or `right`."""
    arms = _ARM_UP if direction == "up" else _ARM_RIGHT
    body = dict(_BODY, tick="M0,-1V1") if direction == "right" else _BODY
    stems = _TICK_STEM[direction]
    return {
        f"{name} {bound}": path + (stems.get(bound, "") if name == "tick" else "") + arm
        for name, path in body.items()
        for bound, arm in arms.items()
    }


def figures(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with everything a mark, a tooltip and a table need; numbers stay in the unit of the record.

    Needs `value` and `unit`; what an observation has and a computed row lacks is filled: `low` and `high` from the
    value, `words` from value and unit, no flag, no source. Adds `mark` (its name in `shapes`), `standing` (stated,
    hoped or doubtful: flagged, or set aside by a settled disagreement), `period` and `caution` in words. Raises
    CCIError when the rows cannot share an axis.
    """
    _refuse_mixture(frame)
    frame = frame.reset_index(drop=True)  # several series put together repeat their index
    printed = pd.to_numeric(frame["value"]).astype("float64")
    # A printed range (10 to 14 days) is no point: its ends are in low and high.
    value = printed.where(frame["value_high"].isna()) if "value_high" in frame else printed
    flag = _text(frame, "flag")
    bound = _text(frame, "qualifier").map(_BOUND).fillna("exact")
    aside = frame["set_aside"].fillna(False).astype("bool") if "set_aside" in frame else pd.Series(False, frame.index)
    standing = flag.map(dict.fromkeys(HOPED, "hoped") | dict.fromkeys(DOUBTFUL, "doubtful")).fillna("stated")
    standing = standing.mask(aside, "doubtful")
    body = standing.map({"hoped": "ring", "doubtful": "cross"}).fillna(
        bound.map(lambda name: "dot" if name == "exact" else "tick")
    )
    return frame.assign(
        value=value.where(value.abs() != math.inf),
        low=pd.to_numeric(frame["low"]).fillna(printed) if "low" in frame else printed,
        high=pd.to_numeric(frame["high"]).fillna(printed) if "high" in frame else printed,
        words=_text(frame, "words").where(_text(frame, "words") != "", _worded(printed, frame["unit"])),
        flag=flag,
        bound=bound,
        standing=standing,
        mark=body + " " + bound,
        period=[period_of(row) for row in frame.to_dict("records")],
        caution=flag.map(CAUTIONS).fillna("").mask(aside & ~flag.isin(DOUBTFUL), SET_ASIDE),
        publisher=_text(frame, "publisher"),
        stated=_text(frame, "as_stated"),
    )


def within_reach(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without doubted ones too far off: a slip of a power of ten would flatten everything else."""
    trusted = rows.loc[rows["standing"] != "doubtful", "value"].max()
    return rows[~(rows["standing"].eq("doubtful") & rows["value"].gt(1.6 * trusted))]


def largest(rows: pd.DataFrame) -> float:
    """Return the largest finite size among the values and their bounds, which chooses the unit of an axis."""
    sizes = rows[["value", "low", "high"]].abs().stack()
    return float(sizes[sizes < math.inf].max())


def series_of(rows: pd.DataFrame, by: str | None) -> pd.Series:
    """Return the name of each row's series: what column `by` says, or blank for a single series."""
    if by is None:
        return pd.Series("", index=rows.index, dtype="str")
    if by not in rows:
        raise CCIError(f"No column {by!r} to tell series apart. The frame has {', '.join(map(str, rows.columns))}.")
    return rows[by].astype("str").where(rows[by].notna(), "not stated")


def hints(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what the tooltip of a row needs."""
    return {column: row[column] for column in ("words", "period", "stated", "publisher", "caution")}


def period_of(row: Mapping[str, Any]) -> str:
    """Return when a figure holds, in words: a total or a level on its day, anything else over its period."""
    start, end = row.get("period_start"), row.get("period_end")
    if isinstance(end, str) or isinstance(start, str):
        return date_words(end) if row.get("measure") in ("cumulative", "stock") else period_words(start, end)
    return day_words(row.get("end"))


def day_words(day: Any) -> str:
    """Return a timestamp as words, or `date not stated`."""
    return date_words(None if day is None or pd.isna(day) else f"{pd.Timestamp(day):%Y-%m-%d}")


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def rounded(value: float) -> float | None:
    """Return a number that every machine prints alike; None for what is not a finite number."""
    return float(f"{value:.12g}") if math.isfinite(value) else None


def _text(frame: pd.DataFrame, column: str) -> pd.Series:
    blank = pd.Series("", index=frame.index, dtype="str")
    return frame[column].astype("str").where(frame[column].notna(), "") if column in frame else blank


def _worded(value: pd.Series, unit: pd.Series) -> list[str]:
    return [figure_words(v, u) if math.isfinite(v) else "" for v, u in zip(value, unit, strict=True)]


def _refuse_mixture(frame: pd.DataFrame) -> None:
    missing = [column for column in ("value", "unit") if column not in frame]
    if missing:
        raise CCIError(f"A chart of figures needs the columns value and unit; {listed(missing)} is not in this frame.")
    units = sorted(frame["unit"].dropna().unique())
    if len(units) > 1:
        raise CCIError(
            f"One axis holds one unit, but these rows are in {listed(units)}. Keep one of them, "
            f"for example with frame[frame['unit'] == {units[0]!r}]."
        )
    measures = set(frame["measure"].dropna()) if "measure" in frame else set()
    if {"cumulative", "flow"} <= measures:
        raise CCIError(
            "Running totals and amounts of a period never share an axis. "
            "Keep one kind, for example with frame[frame['measure'] == 'cumulative']."
        )
