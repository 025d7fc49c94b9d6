"""Figures that stand against each other: which kinds of disagreement are clashes, and what settled ones set aside."""

from __future__ import annotations

import pandas as pd

from cci.record.dates import DATED_MEASURES

# The kinds in which a figure stands against another. The rest explain how to read figures that do not clash.
CLASHES = frozenset(
    {
        "level_conflict",
        "growth_mismatch",
        "cumulative_falls",
        "claim_vs_independent",
        "unit_slip",
        "implausible_derived",
    }
)


def set_aside(observations: pd.DataFrame, disagreements: pd.DataFrame) -> pd.Series:
    """Return for each observation whether a settled clash prefers another figure to the one it prints.

    A figure is set aside on whichever page prints it, not only in the document that a disagreement names; one that any
    disagreement prefers is not. An amount of another period than the preferred one is no rival of it: a clash names it
    as a witness. Needs obs_id, indicator, scope, measure, period_start, period_end and value.
    """
    settled = disagreements.dropna(subset=["preferred_obs_id"])
    clashes = settled[settled["kind"].isin(CLASHES)]
    chosen = set(settled["preferred_obs_id"])
    named = observations[observations["obs_id"].isin(chosen.union(*clashes["obs_ids"]))]
    figure = dict(zip(named["obs_id"], _printed(named), strict=True))
    spans = named["period_start"].fillna("") + "/" + named["period_end"].fillna("")
    spans = spans.mask(named["measure"].isin(DATED_MEASURES), "")
    span = dict(zip(named["obs_id"], spans, strict=True))
    rivals = {
        obs_id
        for clash in clashes.itertuples(index=False)
        for obs_id in clash.obs_ids
        if span[obs_id] == span[clash.preferred_obs_id]
    }
    lost = {figure[obs_id] for obs_id in rivals} - {figure[obs_id] for obs_id in chosen if obs_id in figure}
    near = observations[observations["indicator"].isin({indicator for indicator, *_ in lost})]  # few of many rows
    aside = [obs_id for obs_id, printed in zip(near["obs_id"], _printed(near), strict=True) if printed in lost]
    return observations["obs_id"].isin(aside)


def _printed(observations: pd.DataFrame) -> list[tuple[str, str, str, float]]:
    """The figure that each observation prints, whichever page it stands on."""
    columns = observations[["indicator", "scope", "period_end", "value"]].fillna({"period_end": ""})
    return list(columns.itertuples(index=False, name=None))
