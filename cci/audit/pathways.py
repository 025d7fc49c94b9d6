"""How long each stage of a pathway took, as far as reduced dates tell."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from cci.errors import UnknownName
from cci.record.dataset import Dataset
from cci.record.intervals import Interval
from cci.record.wording import date_words, interval_words

COLUMNS = ("stage", "actor", "when", "value", "low", "high", "unit", "words", "milestone_id", "source_id", "source_ids")


def stages(record: Dataset, pathway: str, *, steps: Collection[str] | None = None) -> pd.DataFrame:
    """Return the time from each dated step of a pathway to the next, in days, one row per step but the first.

    `low` and `high` bound the days between the spans that the dates leave open, never below zero; `value` is blank.
    Steps that only give context, that lie in the future of the record, or that carry no date are left out; `steps`
    names those to measure between, where others come in the way. Columns are COLUMNS, with the sources of both ends in
    `source_ids`; no rows where fewer than two steps were published. Raises UnknownName for a step that the whole
    record does not have.
    """
    dated = _dated(record, pathway)
    if steps is None:
        return _between(dated)
    for step in steps:
        if record.as_of is None and step not in set(dated["step"]):
            raise UnknownName("dated step", step, dated["step"], where=f" in {pathway!r}")
    return _between(dated[dated["step"].isin(steps)])


def waits(record: Dataset, pathway: str) -> pd.DataFrame:
    """Return the days of a pathway that ended with an act of each actor, one row per actor, in order of appearance.

    Steps that one actor took in a row count from the step before the first to the last of them; an actor who comes
    again adds up. That an act ended a wait does not say who was at work in it. Columns: actor, steps (how many), value
    (blank), low, high, unit, words, source_ids.
    """
    dated = _dated(record, pathway)
    first = dated.index == (dated.index[0] if len(dated) else None)
    last_in_a_row = dated["actor"].ne(dated["actor"].shift(-1))
    runs = _between(dated[last_in_a_row | first])
    taken = stages(record, pathway)["actor"].value_counts()
    rows = [
        (actor, int(taken[actor]), float("nan"), low, high, "days", interval_words(Interval(low, high), "days"), behind)
        for actor, run in runs.groupby("actor", sort=False)
        for low, high in [(float(run["low"].sum()), float(run["high"].sum()))]
        for behind in [tuple(dict.fromkeys(name for names in run["source_ids"] for name in names))]
    ]
    return pd.DataFrame(rows, columns=["actor", "steps", "value", "low", "high", "unit", "words", "source_ids"])


def _dated(record: Dataset, pathway: str) -> pd.DataFrame:
    """The steps that are events of the pathway, by date."""
    steps = record.milestones
    context = steps["step"].str.startswith("context") | steps["step"].eq("target")
    steps = steps[(steps["pathway"] == pathway) & ~context].dropna(subset=["from_day"])
    steps = steps.sort_values(["from_day", "to_day", "order"], kind="stable")
    # A stage that is itself a span (redesign and testing) ends with the step that follows, and is measured there.
    return steps[steps["end"].isna() | steps["end"].eq(steps["start"])]


def _between(steps: pd.DataFrame) -> pd.DataFrame:
    before = steps[["from_day", "to_day", "source_id"]].shift()
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
            "source_ids": pd.Series(
                [tuple(dict.fromkeys(pair)) for pair in zip(before["source_id"], steps["source_id"], strict=True)],
                index=steps.index,
                dtype="object",
            ),
        }
    ).dropna(subset=["low"])
    words = [
        interval_words(Interval(float(a), float(b)), "days") for a, b in zip(table["low"], table["high"], strict=True)
    ]
    return table.assign(words=pd.Series(words, index=table.index, dtype="str"))[list(COLUMNS)].reset_index(drop=True)
