"""How fast a running total grew between the dates for which it was told."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from cci.record.dataset import Dataset
from cci.record.wording import date_words, interval_words

DAYS_PER_YEAR = 365.25  # the mean year of the calendar
COLUMNS = ("name", "value", "low", "high", "unit", "words", "obs_ids", "source_id")


def pace(record: Dataset, totals: pd.DataFrame) -> pd.DataFrame:
    """Return the growth a year of a running total, one row from each dated row of `totals` to the next.

    `totals`: observations of one series with `obs_id`, `source_id`, `unit`, `period_end` and `end`, all of other days.
    Columns are COLUMNS: `name` the months from which and to which, `value` blank, `low` and `high` in `unit` a year,
    from both intervals (below zero where these leave it open), divided by the days between; no rows for fewer than two.
    """
    dated = totals.dropna(subset=["end"]).sort_values("end", kind="stable").to_dict("records")
    rows = []
    for before, after in pairwise(dated):
        years = (after["end"] - before["end"]).days / DAYS_PER_YEAR
        grown = (record.interval(after["obs_id"]) - record.interval(before["obs_id"])) / years
        name = f"{date_words(before['period_end'][:7])} to {date_words(after['period_end'][:7])}"
        words = f"{interval_words(grown, after['unit'])} a year"
        ids = (before["obs_id"], after["obs_id"])
        rows.append((name, float("nan"), grown.low, grown.high, after["unit"], words, ids, after["source_id"]))
    return pd.DataFrame(rows, columns=list(COLUMNS))
