"""Totals and levels that stand still in print: one value, stated for several dates."""

from __future__ import annotations

import pandas as pd

from cci.record.dates import DATED_MEASURES

COLUMNS = ("indicator", "label", "scope_label", "value", "words", "obs_id", "first", "last", "dates", "pages")
_SAME = ["indicator", "label", "scope", "scope_label", "value"]


def repeats(observations: pd.DataFrame, *, dates: int = 3) -> pd.DataFrame:
    """Return each total or level that is stated with one value for at least `dates` dates, by its first date.

    Columns are COLUMNS: the wording and the identifier of the first statement, the first and the last day, the number
    of dates and of pages. Other figures may lie in between; whether the value was counted anew, no row can tell.
    """
    rows = observations[observations["measure"].isin(DATED_MEASURES)].dropna(subset=["end"])
    table = (
        rows.sort_values(["end", "known_by", "obs_id"])
        .groupby(_SAME, as_index=False)
        .agg(
            words=("words", "first"),
            obs_id=("obs_id", "first"),
            first=("end", "min"),
            last=("end", "max"),
            dates=("end", "nunique"),
            pages=("source_id", "nunique"),
        )
    )
    table = table[table["dates"] >= dates].sort_values(["first", "indicator", "scope"], kind="stable")
    table = table[list(COLUMNS)].reset_index(drop=True)
    table.attrs = observations.attrs  # the day of the record, which an empty table names
    return table
