"""The register of predictions: what is predicted of which series, what was predicted, and what became of it.

Predictions are rows of data/predictions.csv, written once and never changed, so that a growing record cannot move
them. `issue` computes the rows of a day from what was public on it; `scored` sets rows beside what was published
later; `backtest` does both for days long past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from cci.errors import ParameterError
from cci.models import extrapolation
from cci.models.extrapolation import Forecast, interval_score
from cci.record.dataset import Dataset
from cci.record.dates import DATED_MEASURES
from cci.record.intervals import Interval
from cci.record.wording import interval_words

# Series with one clean line, of every pillar that has one: enough unflagged years by one definition.
SERIES = {
    ("destination_ports", "ilstc-all"): "Ports reached",
    ("destination_countries", "ilstc-all"): "Countries and regions reached",
    ("rail_sea_teu", "ilstc-all"): "Containers by rail-sea train",
    ("rail_sea_trains", "ilstc-all"): "Rail-sea trains",
    ("three_mode_teu", "ilstc-chongqing-handled"): "Containers by all modes, Chongqing",
    ("three_mode_value", "ilstc-chongqing-handled"): "Goods by all modes, Chongqing",
    ("cross_border_financing_value", "cci"): "Cross-border financing, total",
    ("jcbc_agreements_count", "jcbc"): "Agreements at the council",
    ("air_passengers", "ckg"): "Passengers at Jiangbei airport",
    ("visitor_arrivals", "china-to-singapore"): "Visitors from China in Singapore",
}
METHODS = ("naive", "drift", "damped_trend")
LEVEL = 80  # percent, the level the textbook shows first; the few points would make 95 percent say nothing
COLUMNS = (
    "prediction_id", "as_of", "indicator", "scope", "method", "target", "value", "low", "high", "unit", "level",
    "obs_ids", "note",
)  # fmt: skip
_SOUND = ("", "date_inferred")
_YEARS = 2  # the calendar years after the day of issue
_NEAR_YEAR_END = 100  # days: a level or total dated within them stands for the end of its year
FEWEST_CASES = 10  # of a back-test, below which a share of cases tells nothing
_DIGITS = 6
_ENDS = {"point": "value", "low": "low", "high": "high"}


def yearly(record: Dataset, indicator: str, scope: str) -> pd.DataFrame:
    """Return the series by calendar year: rows of `Dataset.series` with `year` and `time` (in years), oldest first.

    Only rows without a flag, or whose date is inferred. Of an amount only full years, or single events; of a level or
    a running total the last figure of each year, at its own date. Raises UnknownName.
    """
    rows = record.series(indicator, scope=scope)
    rows = rows[rows["flag"].fillna("").isin(_SOUND)].dropna(subset=["end", "value"])
    dated = rows["measure"].isin(DATED_MEASURES)
    day, year = rows["end"].dt.strftime("%m-%d"), rows["end"].dt.year
    full = rows["start"].dt.strftime("%m-%d").eq("01-01") & day.eq("12-31") & rows["start"].dt.year.eq(year)
    rows = rows[dated | full | rows["start"].eq(rows["end"])].sort_values("end", kind="stable")
    return timed(rows).drop_duplicates("year", keep="last").reset_index(drop=True)


def timed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return observations with the `year` and the `time` (in years; the end of 2025 is 2026.0) of their last day."""
    end = rows["end"]
    return rows.assign(year=end.dt.year, time=end.dt.year + end.dt.day_of_year / (365 + end.dt.is_leap_year))


def last_published(record: Dataset) -> dt.date:
    """Return the last day on which a dated page published a figure: the day as of which predictions are issued.

    Where nothing was published yet, the day of the record.
    """
    last = record.published_until
    day: dt.date = record.as_of if pd.isna(last) and record.as_of else last.date()
    return day


def forecast(rows: pd.DataFrame, method: str, target: int, *, level: int = LEVEL) -> Forecast | None:
    """Return what a method expects of the year `target` from rows of `yearly`, None where they are too few for it.

    The point starts from the printed figure. The range adds to the error of the method what the wording of the last
    figure leaves open; it does not fall below nothing, nor below a total that cannot shrink. Raises ParameterError for
    an unknown method.
    """
    total = bool(rows["measure"].eq("cumulative").any())
    methods = {
        "naive": extrapolation.last_increment if total else extrapolation.naive,
        "drift": extrapolation.drift,
        "damped_trend": extrapolation.damped_trend,
    }
    if method not in methods:
        raise ParameterError(f"method: {method!r} is not one of {', '.join(METHODS)}.")
    if method == "damped_trend":
        gaps = np.flatnonzero(np.diff(rows["year"].to_numpy()) > 1)
        rows = rows.iloc[gaps[-1] + 1 :] if len(gaps) else rows
    if len(rows) < (extrapolation.FEWEST_DAMPED if method == "damped_trend" else extrapolation.FEWEST):
        return None
    found = methods[method](rows["time"], rows["value"], target + 1.0, level=level / 100)
    last = rows.iloc[-1]
    floor = float(last["low"]) if total else 0.0
    low = found.low - (last["value"] - last["low"])
    high = found.high + (last["high"] - last["value"])
    return Forecast(max(found.point, floor), max(float(low), floor), max(float(high), floor))


def issue(record: Dataset, day: dt.date | None = None, *, series: Iterable[tuple[str, str]] = SERIES) -> pd.DataFrame:
    """Return the predictions of a day, from what was public on it: COLUMNS of data/predictions.csv.

    Without a `day` that on which the record ends (`last_published`). The targets are the calendar years after it:
    the amount of the year, or the level at its end. A series too short for a method has no row of it.
    """
    issued = day or last_published(record)
    public = record.at(issued)
    rows = []
    for indicator, scope in series:
        past = yearly(public, indicator, scope)
        for method in METHODS:
            for target in range(issued.year + 1, issued.year + 1 + _YEARS):
                found = forecast(past, method, target)
                if found is None:
                    continue
                numbers = [float(f"{value:.{_DIGITS}g}") for value in (found.point, found.low, found.high)]
                name = f"{indicator}-{scope}-{issued}-{target}-{method.replace('_', '-')}"
                about = [name, issued.isoformat(), indicator, scope, method, str(target)]
                rows.append([*about, *numbers, past["unit"].iloc[0], LEVEL, tuple(past["obs_id"]), None])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def lines(record: Dataset, day: dt.date | None = None) -> str:
    """Return the predictions of `issue` that the register does not hold yet, as lines for data/predictions.csv."""
    rows = issue(record, day)
    rows = rows[~rows["prediction_id"].isin(record.predictions["prediction_id"])]
    numbers = {name: [f"{value:.15g}" for value in rows[name]] for name in ("value", "low", "high")}
    text = rows.assign(obs_ids=rows["obs_ids"].str.join(";"), **numbers)
    return text.to_csv(index=False, header=False, lineterminator="\r\n")


def worded(record: Dataset, predictions: pd.DataFrame) -> pd.DataFrame:
    """Return predictions in words and in percent of the last figure before them.

    Adds name (of the series), last_words and last_end (the last figure and its day), expected (the point to three
    digits) and allowed (the range) in words, and point_percent, low_percent and high_percent. Rows without a figure
    that is public by the record's day are left out.
    """
    rows = []
    for one in predictions.to_dict("records"):
        last = record.find(one["obs_ids"][-1:])
        if last.empty:
            continue
        base, point = float(last["value"].iloc[0]), float(f"{one['value']:.3g}")
        share = {f"{name}_percent": 100 * one[end] / base for name, end in _ENDS.items()}
        said = {"name": SERIES[one["indicator"], one["scope"]]}
        said |= {"last_words": last["words"].iloc[0], "last_end": last["period_end"].iloc[0]}
        said["expected"] = interval_words(Interval(point, point), one["unit"])
        said["allowed"] = interval_words(Interval(one["low"], one["high"]), one["unit"])
        rows.append(one | said | share)
    added = ["name", "last_words", "last_end", "expected", "allowed", *(f"{name}_percent" for name in _ENDS)]
    return pd.DataFrame(rows, columns=[*predictions.columns, *added])


def scored(record: Dataset, predictions: pd.DataFrame) -> pd.DataFrame:
    """Return predictions beside what was published after their day: one row each, those without an outcome too.

    Adds outcome (the figure), outcome_words, outcome_id, inside (True where all that the wording allows lies in the
    range, False where none of it does, None where it cannot be told or is not known), error (point less outcome),
    score (`interval_score`), both in the unit of the series, and error_percent and score_percent of the outcome.
    A level or a total counts as that of the end of a year where it is dated in the last hundred days of it.
    """
    keys = dict.fromkeys(zip(predictions["indicator"], predictions["scope"], strict=True))
    known = {key: yearly(record, *key) for key in keys}
    rows = [_outcome(one, known[one["indicator"], one["scope"]]) for one in predictions.to_dict("records")]
    columns = ["outcome", "outcome_words", "outcome_id", "inside", "error", "score"]
    found = pd.DataFrame(rows, columns=columns, index=predictions.index)
    found["inside"] = found["inside"].astype("object")
    share = {f"{name}_percent": 100 * found[name] / found["outcome"] for name in ("error", "score")}
    return pd.concat([predictions, found.assign(**share)], axis=1)


def newly_scored(before: Dataset, after: Dataset) -> pd.DataFrame:
    """Return `scored` for the predictions of `after` with an outcome that `before` lacks or has otherwise."""
    now = scored(after, after.predictions)
    was = scored(before, after.predictions)["outcome_id"]
    return now[now["outcome_id"].notna() & (now["outcome_id"] != was)].reset_index(drop=True)


def backtest(record: Dataset, years: Iterable[int]) -> pd.DataFrame:
    """Return `scored` for predictions that would have been issued at the end of each of `years`, where known since.

    Each uses only what was public that day; the choice of series and the flags are today's.
    """
    days = [dt.date(year, 12, 31) for year in years]
    issued = [issue(record, day) for day in days if record.as_of is None or day < record.as_of]
    filled = [one for one in issued if len(one)]
    tried = scored(record, pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS)))
    return tried[tried["outcome"].notna()].reset_index(drop=True)


def summary(tried: pd.DataFrame) -> pd.DataFrame:
    """Return a row per method of scored predictions: how often the range held, and how far off the point was.

    Columns: method, n, n_series, told (n of which it can be told), inside, coverage (percent of those told; NaN where
    none is), error (median of the error without its sign, percent of the outcome), score (median, percent).
    """
    rows = []
    for method in METHODS:
        of = tried[tried["method"].eq(method)]
        told = of["inside"].dropna().astype(bool)
        coverage = 100 * told.mean() if len(told) else np.nan
        middle = [float(of[column].abs().median()) for column in ("error_percent", "score_percent")]
        n_series = len(of[["indicator", "scope"]].drop_duplicates())
        rows.append([method, len(of), n_series, len(told), int(told.sum()), coverage, *middle])
    columns = ["method", "n", "n_series", "told", "inside", "coverage", "error", "score"]
    return pd.DataFrame(rows, columns=columns)


def nearer(tried: pd.DataFrame, method: str, other: str) -> tuple[int, int]:
    """Return in how many cases the point of `method` lay nearer to the outcome than `other`'s, and of how many."""
    key = ["as_of", "indicator", "scope", "target"]
    one, two = (tried[tried["method"].eq(name)].set_index(key)["error"].abs() for name in (method, other))
    both = pd.concat([one.rename("one"), two.rename("two")], axis=1, join="inner")
    return int((both["one"] < both["two"]).sum()), len(both)


def _outcome(predicted: dict[Any, Any], rows: pd.DataFrame) -> list[Any]:
    year = int(str(predicted["target"]))
    late = ~rows["measure"].isin(DATED_MEASURES) | (rows["time"] > year + 1 - _NEAR_YEAR_END / 365)
    held = rows[rows["year"].eq(year) & late & (rows["known_by"] > pd.Timestamp(str(predicted["as_of"])))]
    if held.empty:
        return [np.nan, None, None, None, np.nan, np.nan]
    seen = held.iloc[0]
    point, low, high = (float(predicted[name]) for name in ("value", "low", "high"))
    within = low <= seen["low"] and seen["high"] <= high
    beyond = seen["high"] < low or seen["low"] > high
    return [
        float(seen["value"]),
        seen["words"],
        seen["obs_id"],
        True if within else False if beyond else None,
        point - float(seen["value"]),
        float(interval_score(low, high, seen["value"], level=predicted["level"] / 100)),
    ]
