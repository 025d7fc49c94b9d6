"""What was public on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from cci.record.dates import last_day


def known_by(sources: pd.DataFrame) -> pd.Series:
    """The day from which a source was public for certain: the end of its date, at the latest the day it was read."""
    read_on = last_day(sources["accessed"])
    return last_day(sources["published"]).fillna(read_on).clip(upper=read_on)


def published_by(tables: Mapping[str, pd.DataFrame], day: dt.date) -> dict[str, pd.DataFrame]:
    """Return the tables without what no source had published by `day`.

    A disagreement or relation stays only with all of its observations, an instrument with one source at least, a
    prediction from the day it is as of.
    `all_observations` and `all_relations` keep the names of what is hidden, so that they are not taken for unknown.
    """
    sources = tables["sources"]
    sources = sources[known_by(sources) <= pd.Timestamp(day)]
    public = frozenset(sources["source_id"])
    kept = dict(tables, sources=sources)
    for name in ("observations", "relations"):
        kept[f"all_{name}"] = tables.get(f"all_{name}", tables[name])
    for name in ("observations", "events", "participations", "milestones"):
        kept[name] = tables[name][tables[name]["source_id"].isin(public)]
    shown = frozenset(kept["observations"]["obs_id"]) | {"?"}
    for name in ("disagreements", "relations"):
        # Boolean even where a table is empty: a bare empty list would select no columns instead of no rows.
        kept[name] = tables[name].loc[pd.array([shown.issuperset(i) for i in tables[name]["obs_ids"]], dtype="bool")]
    kept["predictions"] = tables["predictions"][last_day(tables["predictions"]["as_of"]) <= pd.Timestamp(day)]
    events = frozenset(kept["events"]["event_id"])
    kept["participations"] = kept["participations"][kept["participations"]["event_id"].isin(events)]
    told = [tuple(s for s in ids if s in public) for ids in tables["instruments"]["source_ids"]]
    instruments = tables["instruments"].assign(
        source_ids=pd.Series(told, index=tables["instruments"].index, dtype="object")
    )
    kept["instruments"] = instruments.loc[pd.array([bool(ids) for ids in told], dtype="bool")]
    return {name: table.reset_index(drop=True) for name, table in kept.items()}
