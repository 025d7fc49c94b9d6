"""One series as it was known on each day: what a period was said to be, and when that changed."""

from __future__ import annotations

import pandas as pd


def vintages(statements: pd.DataFrame) -> pd.DataFrame:
    """Return the figure of each period (rows, by period_end) on each day of publication (columns, ISO dates).

    `statements` are the observations of one series. A cell holds the words of the statement that was newest on that
    day, blank where nothing had been published yet. Undated statements are left out.
    """
    told = _dated(statements)
    newest = told.drop_duplicates(["period_end", "known_by"], keep="last")
    table = newest.pivot(index="period_end", columns="known_by", values="words").sort_index().sort_index(axis=1)
    table = table.ffill(axis=1)
    return table.set_axis(table.columns.strftime("%Y-%m-%d"), axis=1).rename_axis(columns="published_by")


def revisions(statements: pd.DataFrame) -> pd.DataFrame:
    """Return each change of a period's figure: one row per later statement whose value is not the one before it.

    Columns: period_end, published_before, words_before, obs_before, published, words, obs_id, overlaps (whether the
    intervals share a value, so that the change may be rounding).
    """
    told = _dated(statements)
    before = told.groupby("period_end")[["known_by", "words", "obs_id", "value", "low", "high"]].shift()
    changed = told["value"].ne(before["value"]) & before["obs_id"].notna()
    now, then = told[changed], before[changed]
    return pd.DataFrame(
        {
            "period_end": now["period_end"],
            "published_before": then["known_by"],
            "words_before": then["words"],
            "obs_before": then["obs_id"],
            "published": now["known_by"],
            "words": now["words"],
            "obs_id": now["obs_id"],
            "overlaps": (now["low"] <= then["high"]) & (now["high"] >= then["low"]),
        }
    ).reset_index(drop=True)


def _dated(statements: pd.DataFrame) -> pd.DataFrame:
    dated = statements.dropna(subset=["end"])
    return dated.sort_values(["period_end", "known_by", "obs_id"], kind="stable").reset_index(drop=True)
