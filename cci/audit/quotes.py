"""Which number to quote: for each headline one statement to cite, and the other figures in print for it.

A headline is one indicator in one scope. As chapters/methods.md states the rule:

1. Usable is a statement with a date and without a grave flag that is no forecast or target, covers whole years where
   the quantity is an amount of a period, and gives no figure that a settled disagreement sets aside, whichever page
   prints it.
2. The latest usable period gives the figure; of several statements on that period, the preferred one.
3. Among the usable statements that print this figure since it last changed, the one whose source stands closest to
   the count is cited; of equally close ones the best graded, then the one for the earliest day, which others repeat.

Closeness decides before the grade, because an unsettled disagreement lowers the grade of the statements it names and
not that of a copy on another page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from cci.audit.grades import grades
from cci.record.dataset import KINDS, Dataset
from cci.record.origins import independent
from cci.record.wording import figure_words

Headlines = Mapping[str, str] | Iterable[tuple[str, str]]
# The numbers that readers arrive with, in the order of the pillars.
HEADLINES = {
    "gov_commercial_projects_count": "cci",
    "gov_commercial_projects_value": "cci",
    "cross_border_financing_value": "cci",
    "institutional_innovations_count": "cci",
    "destination_ports": "ilstc-all",
    "destination_countries": "ilstc-all",
    "rail_sea_teu": "ilstc-all",
    "transit_time": "route-ckg-sin-rail-sea",
    "cost_change": "route-ckg-sin-rail-sea",
    "goods_trade_value": "western-china-asean",
    "goods_trade_growth": "western-china-asean",
    "weekly_flights": "route-ckg-sin",
    "air_passengers": "route-ckg-sin",
    "route_share_of_airport_international": "route-ckg-sin",
    "overnight_visitors": "singapore-to-chongqing",
    "overnight_visitors_multiple": "singapore-to-chongqing",
    "transmission_efficiency_multiple": "idc",
    "enterprises_served": "idc",
    "jcbc_agreements_count": "jcbc",
}
ADVICE = {"A": "Quote it.", "B": "Quote it, naming who says so.", "C": "Quote it with its source, as unconfirmed."}
_KEY = ["indicator", "scope"]
_ALIKE = {"deals": "projects"}  # sources call financing deals projects


def stated(record: Dataset, headlines: Headlines, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return every statement on these headlines, in the order given, the oldest period first, in it the preferred.

    `headlines` maps indicators to scopes, or is pairs of them; `among` keeps only the statements that are in it.
    Columns: those of observations and `headline`, its name. Raises UnknownName.
    """
    pairs = dict.fromkeys(headlines.items() if isinstance(headlines, Mapping) else headlines)
    rows = record.statements(pairs)
    # What the initiative itself counts needs no "of what".
    name = rows["label"].where(rows["scope"].eq("cci"), rows["label"] + ": " + rows["scope_label"])
    rows = rows.assign(headline=name)
    return rows if among is None else rows[rows["obs_id"].isin(among["obs_id"])].reset_index(drop=True)


def usable(record: Dataset, headlines: Headlines, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows of `stated` that may be quoted, with their `grade` and its `reason`. Raises UnknownName."""
    rows = _judged(record, headlines, among)
    return rows[rows["bar"].eq("")].drop(columns="bar").reset_index(drop=True)


def withheld(record: Dataset, headlines: Headlines, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows of `stated` that may not be quoted, with their `grade` and the `bar` to it in words.

    Raises UnknownName.
    """
    rows = _judged(record, headlines, among)
    return rows[rows["bar"].ne("")].reset_index(drop=True)


def _judged(record: Dataset, headlines: Headlines, among: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of `stated` with grade, its reason and the bar to quoting them, blank where there is none."""
    rows = stated(record, headlines, among=among)
    graded = grades(record, rows).set_index("obs_id")
    rows = rows.assign(**{column: rows["obs_id"].map(graded[column]) for column in ("grade", "reason")})
    aside = _set_aside(record, rows)
    whole_years = rows["start"].dt.is_year_start & rows["end"].dt.is_year_end
    part_year = rows["measure"].eq("flow") & (rows["start"] < rows["end"]) & ~whole_years
    hoped = rows["flag"].isin({"forecast", "target"})
    bar = pd.Series("", index=rows.index, dtype="str")
    bar = bar.mask(part_year, "part of a year").mask(hoped, "a forecast or target")
    bar = bar.mask(_figures(rows).isin(aside), "a settled disagreement prefers another figure")
    # Grade D says: a grave flag, no date, or the losing side of a settled clash.
    return rows.assign(bar=bar.mask(rows["grade"].eq("D"), rows["reason"]))


def quotable(record: Dataset, headlines: Headlines, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the statement to quote on each headline, one row each, by the rule of this module.

    Columns: those of observations; `headline`; `grade` and its `reason`; `since`, the first day for which the figure
    is printed without a change; `advice`, how to quote it; `ground`, the reason of the settled disagreement that
    prefers it, else that of the grade. A headline without a usable statement has no row. Raises UnknownName.
    """
    rows = usable(record, headlines, among=among)
    latest = rows["end"].eq(rows.groupby(_KEY)["end"].transform("max"))
    figure = rows.loc[latest, [*_KEY, "value", "end"]].drop_duplicates(_KEY)
    figure = figure.rename(columns={"value": "figure", "end": "latest"})
    rows = rows.merge(figure, on=_KEY, how="left", validate="many_to_one")
    another = rows["value"].ne(rows["figure"]) & rows["end"].lt(rows["latest"])
    changed = rows["end"].where(another).groupby([rows[key] for key in _KEY]).transform("max")
    run = rows[rows["value"].eq(rows["figure"]) & ~rows["end"].le(changed)]
    run = run.assign(since=run.groupby(_KEY)["end"].transform("min"), closeness=run["source_kind"].map(KINDS.index))
    order = ["closeness", "grade", "end", "known_by", "obs_id"]
    cited = run.sort_values(order, kind="stable").drop_duplicates(_KEY).sort_index()
    settled = record.disagreements.dropna(subset=["preferred_obs_id"]).drop_duplicates("preferred_obs_id")
    reason = cited["obs_id"].map(settled.set_index("preferred_obs_id")["reason"])
    graded = cited["reason"].str[:1].str.upper() + cited["reason"].str[1:] + "."
    ground = graded.where(reason.isna(), reason.astype("str"))
    cited = cited.assign(advice=cited["grade"].map(ADVICE), ground=ground)
    return cited.drop(columns=["figure", "latest", "closeness"]).reset_index(drop=True)


def variants(record: Dataset, headlines: Headlines, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the other figures in print for these headlines, one row per headline and figure, the oldest first.

    A figure stands for a headline where a disagreement sets it beside the figure to quote; where one sets it beside
    another figure of the headline, if it counts something else; and where it is another statement on the same period.
    Only figures in one unit are compared, and deals count as projects. Columns: those of observations; `headline`;
    `definition`, what its indicator counts; `disagreement_id` and `title` of the disagreement (blank, and "Printed for
    the same period", where there is none). Raises UnknownName.
    """
    rows = (record.observations if among is None else among).set_index("obs_id", drop=False)
    quotes = quotable(record, headlines, among=among)
    defined = record.indicators.set_index("indicator")["definition"]
    found = [
        beside.assign(headline=quote["headline"])
        for _, quote in quotes.iterrows()
        for beside in _beside(record.disagreements, rows, quote)
    ]
    table = pd.concat([rows.head(0).assign(headline="", disagreement_id=None, title=""), *found])
    table = table.drop_duplicates(["headline", "indicator", "scope", "value"])
    table = table.assign(definition=table["indicator"].map(defined), place=table["headline"].map(_places(quotes)))
    return table.sort_values(["place", "end"], kind="stable").drop(columns="place").reset_index(drop=True)


def circulation(record: Dataset, headlines: Headlines, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how many pages print each number to quote, and how many independent origins stand behind them.

    One row per headline that has one; every page counts that prints the figure since it last changed, usable or not.
    Columns: indicator, scope, label, headline, pages, origins, words (both of them), obs_ids, source_ids.
    """
    quotes = quotable(record, headlines, among=among)
    rows = stated(record, headlines, among=among)
    rows = rows.merge(quotes[[*_KEY, "value", "since"]], on=[*_KEY, "value"], validate="many_to_one")
    rows = rows[~rows["end"].lt(rows["since"])]
    groups = [group for _, group in rows.groupby(_KEY, sort=False)]  # as quotes: each is printed at least once
    pages = [group["source_id"].nunique() for group in groups]
    origins = [independent(group["voice"], group["release_id"], group["source_kind"]) for group in groups]
    words = [f"{figure_words(n, 'pages')}, {figure_words(m, 'origins')}" for n, m in zip(pages, origins, strict=True)]
    told = {
        "words": words,
        "obs_ids": [tuple(group["obs_id"]) for group in groups],
        "source_ids": [tuple(dict.fromkeys(group["source_id"])) for group in groups],
    }
    columns = {name: pd.Series(values, index=quotes.index, dtype="object") for name, values in told.items()}
    return quotes[[*_KEY, "label", "headline"]].assign(pages=pages, origins=origins, **columns)


def _set_aside(record: Dataset, among: pd.DataFrame) -> frozenset[tuple[object, ...]]:
    """The figures of these series that settled disagreements set aside, whichever page prints them."""
    rows = record.where(**{key: sorted(set(among[key])) for key in _KEY})
    settled = record.disputes(rows["obs_id"]).dropna(subset=["preferred_obs_id"])
    figures = _figures(rows)
    named = figures[rows["obs_id"].isin(settled["obs_ids"].explode())]
    preferred = figures[rows["obs_id"].isin(settled["preferred_obs_id"])]
    return frozenset(named) - frozenset(preferred)


def _figures(rows: pd.DataFrame) -> pd.Series:
    """What a statement says, whoever says it: quantity, day and value."""
    said = rows[[*_KEY, "period_end", "value"]].itertuples(index=False, name=None)
    return pd.Series(list(said), index=rows.index, dtype="object")


def _beside(disagreements: pd.DataFrame, rows: pd.DataFrame, quote: pd.Series) -> Iterator[pd.DataFrame]:
    """The figures that disagreements, and then the period itself, set beside a quote."""
    own = rows[rows["indicator"].eq(quote["indicator"]) & rows["scope"].eq(quote["scope"])]
    alike = rows["unit"].replace(_ALIKE).eq(_ALIKE.get(quote["unit"], quote["unit"])) & rows["value"].ne(quote["value"])
    held, ours = frozenset(rows.index), frozenset(own.index)
    for clash in disagreements.itertuples():
        if ours.isdisjoint(clash.obs_ids) or not held.issuperset(clash.obs_ids):
            continue  # about something else, or resting on a figure that is not admitted
        named = rows.loc[list(clash.obs_ids)]
        other = named[alike[named.index]]
        if not named["value"].eq(quote["value"]).any():
            other = other[other["indicator"].ne(quote["indicator"])]
        yield other.assign(disagreement_id=clash.disagreement_id, title=clash.title)
    same_period = own["end"].eq(quote["end"]) & (own["start"].eq(quote["start"]) | own["start"].isna())
    yield own[same_period & alike[own.index]].assign(disagreement_id=None, title="Printed for the same period")


def _places(quotes: pd.DataFrame) -> dict[str, int]:
    return {name: place for place, name in enumerate(quotes["headline"])}
