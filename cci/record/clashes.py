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
    printed = observations[["indicator", "scope", "period_end", "value"]].fillna({"period_end": ""})
    figure = pd.Series(list(printed.itertuples(index=False, name=None)), index=observations["obs_id"], dtype="object")
    settled = disagreements.dropna(subset=["preferred_obs_id"])
    preferred = set(figure[figure.index.isin(settled["preferred_obs_id"])])
    spans = observations[["period_start", "period_end"]].fillna("").agg("/".join, axis=1)
    span = spans.mask(observations["measure"].isin(DATED_MEASURES), "").set_axis(figure.index)
    rivals = {
        obs_id
        for clash in settled[settled["kind"].isin(CLASHES)].itertuples(index=False)
        for obs_id in clash.obs_ids
        if span[obs_id] == span[clash.preferred_obs_id]
    }
    lost = set(figure[figure.index.isin(rivals)]) - preferred
    return figure.isin(lost).set_axis(observations.index)
