"""How long each stage of a pathway took, as far as reduced dates tell."""

from __future__ import annotations

import pandas as pd

from cci.record.dataset import Dataset
from cci.record.intervals import Interval
from cci.record.wording import date_words, interval_words

COLUMNS = ("stage", "actor", "when", "value", "low", "high", "unit", "words", "milestone_id", "source_id")


def stages(record: Dataset, pathway: str) -> pd.DataFrame:
    """Return the time from each dated step of a pathway to the next, in days, one row per step but the first.

    `low` and `high` bound the days between the spans that the dates leave open, never below zero; `value` is blank.
    Steps that only give context, that lie in the future of the record, or that carry no date are left out.
    Columns are COLUMNS; no rows where fewer than two steps were published.
    """
    steps = record.milestones
    context = steps["step"].str.startswith("context") | steps["step"].eq("target")
    steps = steps[(steps["pathway"] == pathway) & ~context].dropna(subset=["from_day"])
    steps = steps.sort_values(["from_day", "to_day", "order"], kind="stable")
    # A stage that is itself a span (redesign and testing) ends with the step that follows, and is measured there.
    steps = steps[steps["end"].isna() | steps["end"].eq(steps["start"])]
    before = steps[["from_day", "to_day"]].shift()
    low = (steps["from_day"] - before["to_day"]).dt.days.clip(lower=0)
    high = (steps["to_day"] - before["from_day"]).dt.days
    table = pd.DataFrame(
        {
            "stage": steps["step"],
            "actor": steps["actor"],
            "when": steps["start"].map(date_words),
            "value": float("nan"),  # no date says where in between
            "low": low,
            "high": high,
            "unit": "days",
            "milestone_id": steps["milestone_id"],
            "source_id": steps["source_id"],
        }
    ).dropna(subset=["low"])
    words = [
        interval_words(Interval(float(a), float(b)), "days") for a, b in zip(table["low"], table["high"], strict=True)
    ]
    return table.assign(words=pd.Series(words, index=table.index, dtype="str"))[list(COLUMNS)].reset_index(drop=True)
