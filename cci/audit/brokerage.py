"""The network of organisations and events: how it grew, how completely it is known, who stands between the sides.

Two kinds of points, joined where a page names an organisation at an event (a two-mode or affiliation network, Borgatti
and Everett 1997, Social Networks 19). Bodies of neither side are left out, so that a committee of both sides does not
appear as its own guest. Every measure is one of what pages name, and never of who was there.
"""

from __future__ import annotations

import pandas as pd

from cci.audit.meetings import BRIDGES, bridges
from cci.record.dataset import Dataset

BROKERS = (*BRIDGES, "share", "low", "high", "words", "best", "worst")
GROWTH = ("series", "label", "value", "unit", "start", "end", "period_end", "measure")
COVERED = ("basis", "events", "named", "both", "share", "links", "organisations")
_SIDES = ("chinese", "singaporean")


def named(record: Dataset, events: pd.DataFrame) -> pd.DataFrame:
    """Return who was named at which of `events`, by which page; each pair of an organisation and an event once.

    Columns event_id, organisation_id, source_id, name, side, kind. Organisations of neither side are left out.
    """
    seen = record.participations[record.participations["event_id"].isin(events["event_id"])]
    seen = seen.drop_duplicates(["event_id", "organisation_id"])[["event_id", "organisation_id", "source_id"]]
    sided = record.organisations[record.organisations["side"].isin(_SIDES)]
    return seen.merge(sided, on="organisation_id").sort_values(["event_id", "organisation_id"]).reset_index(drop=True)


def growth(record: Dataset, events: pd.DataFrame) -> pd.DataFrame:
    """Return the organisations named in each year, those for the first time apart from those named before.

    Two rows a year for `charts.flows`: GROWTH, the column `series` telling them apart. A year of events at which
    nobody was named has nought; a year without events has no row. The first year can hold no earlier name.
    """
    held = events.dropna(subset=["start"])
    seen = named(record, held).merge(held[["event_id", "start"]], on="event_id")
    year = seen["start"].dt.year
    first = year.groupby(seen["organisation_id"]).transform("min")
    rows = []
    for number in sorted(held["start"].dt.year.unique()):
        for series, picked in (("for the first time", first == number), ("named before", first < number)):
            there = seen.loc[(year == number) & picked, "organisation_id"].nunique()
            span = (pd.Timestamp(number, 1, 1), pd.Timestamp(number, 12, 31))
            rows.append((series, "Organisations named", float(there), "organisations", *span, str(number), "flow"))
    frame = pd.DataFrame(rows, columns=list(GROWTH))
    frame.attrs.update(events.attrs)
    return frame


def covered(record: Dataset, events: pd.DataFrame) -> pd.DataFrame:
    """Return how much of the network is known, and how far the part with both sides depends on what is left out.

    One row per basis, from all events to those with at least `typical` names, the median of the events with a name:
    COVERED, where `named` counts events with a name of either side, `both` those with names of both, `share` is
    `both` in percent of `events`, `links` the pairs of an organisation and an event, and `organisations` who is in
    them. No rows without events.
    """
    if events.empty:
        return pd.DataFrame(columns=list(COVERED))
    seen = named(record, events)
    by = seen.groupby("event_id")
    names, sides = by.size(), by["side"].nunique()
    typical = int(names.median()) if len(names) else 1
    bases = {
        "All events on record": set(events["event_id"]),
        "Events with a name of either side": set(names.index),
        f"Events with {typical} names or more": set(names.index[names >= typical]),
    }
    rows = []
    for basis, members in bases.items():
        inside = seen[seen["event_id"].isin(members)]
        both = int((sides[sides.index.isin(members)] == 2).sum())
        rows.append(
            (
                basis,
                len(members),
                inside["event_id"].nunique(),
                both,
                round(100 * both / len(members), 1) if members else 0.0,
                len(inside),
                inside["organisation_id"].nunique(),
            )
        )
    return pd.DataFrame(rows, columns=list(COVERED))


def brokers(record: Dataset, events: pd.DataFrame) -> pd.DataFrame:
    """Return who stands between the sides: `bridges` with the share of pairs across the sides that it connects.

    `share`, in percent: over all pairs of one other organisation of each side, the part of their shortest chains
    (organisation, event, organisation, …) that runs through this one, none for a pair that no chain joins and none
    for a pair that met. It is the betweenness of Freeman (1977, Sociometry 40) on the two-mode network (Faust 1997,
    Social Networks 19), with the ends of chains on opposite sides (subset betweenness, Brandes 2008, Social Networks
    30). `low` and `high` are its ends, and `best` and `worst` its places among all, when any single event is left out;
    `words` is the share for reading.
    Columns are BROKERS, the highest share first.
    """
    seen = named(record, events)
    told = bridges(record, events)
    full = _shares(seen)
    without = [_shares(seen[seen["event_id"] != event_id]) for event_id in seen["event_id"].unique()]
    # Left out with its only event, an organisation stands nowhere: nought, and the last place.
    tries = (
        pd.DataFrame(without).reindex(columns=full.index).fillna(0.0) if without else pd.DataFrame(columns=full.index)
    )
    places = tries.rank(axis="columns", ascending=False, method="min")
    of = told["organisation_id"]
    told = told.assign(
        share=of.map(full),
        low=of.map(tries.min()),
        high=of.map(tries.max()),
        words=[f"{share:.1f}%" for share in of.map(full)],
        best=of.map(places.min()).astype("Int64"),
        worst=of.map(places.max()).astype("Int64"),
    )
    return told.sort_values(["share", "name"], ascending=[False, True], kind="stable")[list(BROKERS)].reset_index(
        drop=True
    )


def _shares(seen: pd.DataFrame) -> pd.Series:
    """The share of cross-side pairs, in percent, that each organisation connects; rounded, so that machines agree."""
    import networkx  # only for who asks

    graph = networkx.Graph()
    graph.add_edges_from(zip(seen["organisation_id"], seen["event_id"], strict=True))
    side = seen.drop_duplicates("organisation_id").set_index("organisation_id")["side"].sort_index()
    first, second = (list(side.index[side == name]) for name in _SIDES)
    # Chains run from one side to the other only; networkx counts a chain of an undirected graph half.
    passed = networkx.betweenness_centrality_subset(graph, second, first, normalized=False)
    pairs = {"chinese": (len(first) - 1) * len(second), "singaporean": len(first) * (len(second) - 1)}
    shares = {name: round(200 * passed[name] / pairs[of], 6) if pairs[of] else 0.0 for name, of in side.items()}
    return pd.Series(shares, dtype="float64")
