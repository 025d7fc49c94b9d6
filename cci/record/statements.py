"""The observations with all that their indicator, scope, source and wording say."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cci.record.clashes import set_aside
from cci.record.dates import first_day, last_day
from cci.record.intervals import allowed
from cci.record.origins import spoken
from cci.record.publication import known_by
from cci.record.wording import figure_words


def statements(tables: Mapping[str, pd.DataFrame], rule: str) -> pd.DataFrame:
    """Return one row per observation: its own columns, then days, indicator, scope, source, interval and words.

    start, end: first and last day of the period; label, pillar, measure, additive, monotone of the indicator;
    scope_label; publisher, published, side, origin, release_id, source_kind, known_by of the source; speaker,
    speaker_kind, voice: see `cci.record.origins.spoken`; low, high, low_open, high_open: what the wording allows by
    `rule`; words: the figure in house style; set_aside: whether a settled clash prefers another figure.
    """
    rows = tables["observations"]
    indicators = tables["indicators"].set_index("indicator").reindex(rows["indicator"]).set_axis(rows.index)
    scopes = tables["scopes"].set_index("scope").reindex(rows["scope"]).set_axis(rows.index)
    sources = tables["sources"].set_index("source_id")
    sources = sources.assign(known_by=known_by(sources)).join(spoken(sources, tables["origins"]))
    sources = sources.reindex(rows["source_id"]).set_axis(rows.index)
    columns = ["value", "unit", "qualifier", "as_stated", "value_high"]
    printed = list(rows[columns].itertuples(index=False, name=None))
    intervals = [allowed(v, unit=u, qualifier=q, words=w, value_high=h, rule=rule) for v, u, q, w, h in printed]
    rows = rows.assign(
        start=first_day(rows["period_start"]),
        end=last_day(rows["period_end"]),
        **indicators[["label", "pillar", "measure", "additive", "monotone"]],
        scope_label=scopes["label"],
        **sources[["publisher", "published", "side", "origin", "release_id", "known_by"]],
        **sources[["speaker", "speaker_kind", "voice"]],
        source_kind=sources["kind"],
        low=pd.Series([i.low for i in intervals], index=rows.index, dtype="float64"),
        high=pd.Series([i.high for i in intervals], index=rows.index, dtype="float64"),
        low_open=pd.Series([i.low_open for i in intervals], index=rows.index, dtype="bool"),
        high_open=pd.Series([i.high_open for i in intervals], index=rows.index, dtype="bool"),
        words=pd.Series(
            [figure_words(v, u, qualifier=q, value_high=h, words=w) for v, u, q, w, h in printed],
            index=rows.index,
            dtype="str",
        ),
    )
    return rows.assign(set_aside=set_aside(rows, tables["disagreements"]))
