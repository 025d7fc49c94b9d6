"""Reduced ISO dates (2025, 2025-03, 2025-03-10) as first and last days."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cci.errors import ParameterError

# A total or a level belongs to a day however long it took to build up; anything else belongs to its whole period.
DATED_MEASURES = frozenset({"cumulative", "stock"})


def first_day(dates: pd.Series) -> pd.Series:
    """Return the first day each reduced date may mean, as datetime64[ns]; blank becomes NaT."""
    missing = {4: "-01-01", 7: "-01"}
    return pd.to_datetime(dates + dates.str.len().map(missing).fillna(""), format="%Y-%m-%d").astype("datetime64[ns]")


def last_day(dates: pd.Series) -> pd.Series:
    """Return the last day each reduced date may mean, as datetime64[ns]; blank becomes NaT."""
    length = dates.str.len()
    days = first_day(dates).where(length != 4, first_day(dates.str.slice(0, 4) + "-12"))
    return days.where(length == 10, days + pd.offsets.MonthEnd(0))


def as_date(value: str | dt.date | None) -> dt.date | None:
    """Return `value` as a date; None stays None. Raises ParameterError for anything that is no day of the calendar."""
    if value is None or type(value) is dt.date:
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    try:
        return dt.date.fromisoformat(str(value)) if len(str(value)) == 10 else _refuse(value)
    except ValueError:
        return _refuse(value)


def _refuse(value: object) -> dt.date:
    raise ParameterError(f"as_of: {value!r} is not a date (use YYYY-MM-DD, for example 2021-12-31).")
