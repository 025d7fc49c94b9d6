"""How long bodies paused between their meetings, and which organisations were seen where both sides met."""

from __future__ import annotations

import pandas as pd

from cci.record.dataset import Dataset
from cci.record.intervals import Interval
from cci.record.wording import date_words, interval_words

GAPS = ("kind", "since", "name", "value", "low", "high", "unit", "words", "start", "event_id", "source_id")
BRIDGES = ("organisation_id", "name", "side", "kind", "events", "both", "met")
_SIDES = ("chinese", "singaporean")


def gaps(events: pd.DataFrame) -> pd.DataFrame:
    """Return the days from each event to the next of its kind, one row per event but the first of each kind.

    `events`: rows of `record.events`. `low` and `high` bound the days from the last day of one to the first of the
    next, as far as dates by the month leave open; `value` is blank where they differ; `since` and `words` are for
    reading. Columns are GAPS; no rows where no kind has a second event.
    """
    held = events.dropna(subset=["start"]).sort_values(["kind", "start", "stop"], kind="stable").reset_index(drop=True)
    before = held.groupby("kind")[["date", "start", "stop"]].shift()
    low = (held["start"] - before["stop"]).dt.days.clip(lower=0)
    high = (held["stop"] - before["start"]).dt.days
    exact = held["date"].str.len().eq(10) & before["date"].str.len().eq(10)  # a conference of several days is no doubt
    held = held.assign(low=low, high=high.mask(exact, low), unit="days").dropna(subset=["low"])
    spans = [Interval(float(a), float(b)) for a, b in zip(held["low"], held["high"], strict=True)]
    since = [date_words(day[:7]) for day in before.loc[held.index, "date"]]
    return held.assign(
        since=pd.Series(since, index=held.index, dtype="str"),
        value=held["low"].where(held["low"] == held["high"]),
        words=pd.Series([interval_words(span, "days") for span in spans], index=held.index, dtype="str"),
    )[list(GAPS)].reset_index(drop=True)


def bridges(record: Dataset, events: pd.DataFrame) -> pd.DataFrame:
    """Return how many of `events` each organisation of either side was named at, and whom it met there.

    `both`: events at which somebody of the other side was named too; `met`: organisations of the other side named at
    the same events. Organisations of neither side are left out. Columns are BRIDGES, most events with both sides
    first. A page that does not name an organisation does not show that it was away.
    """
    seen = record.participations[record.participations["event_id"].isin(events["event_id"])]
    seen = seen[["event_id", "organisation_id"]].drop_duplicates()
    seen = seen.merge(record.organisations[record.organisations["side"].isin(_SIDES)], on="organisation_id")
    pairs = seen.merge(seen[["event_id", "organisation_id", "side"]], on="event_id", suffixes=("", "_other"))
    pairs = pairs[pairs["side"] != pairs["side_other"]].groupby("organisation_id")
    told = (
        seen.groupby(["organisation_id", "name", "side", "kind"])["event_id"].nunique().rename("events").reset_index()
    )
    for column, counted in (("both", "event_id"), ("met", "organisation_id_other")):
        told[column] = told["organisation_id"].map(pairs[counted].nunique()).fillna(0).astype(int)
    return told.sort_values(["both", "met", "name"], ascending=[False, False, True])[list(BRIDGES)].reset_index(
        drop=True
    )
