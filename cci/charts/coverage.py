"""Which quantity is known for which year, and by how many independent origins: a heat map with its numbers in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.figures import DOUBTFUL
from cci.record.origins import independent

_LINE = 17
_CELL = 24
_SPACE = 6
# From this many origins on, how deep the colour is: never so deep that the number in the cell falls below 4.5:1.
SHADES = ((1, 0.14), (2, 0.26), (3, 0.38), (5, 0.5))


def coverage(frame: pd.DataFrame, *, title: str, by: str = "label") -> alt.LayerChart:
    """Return a heat map: a row per value of `by`, a column per year, in each cell the number of independent origins.

    `frame`: rows of observations; a figure counts in the year in which its period ends. Rows keep the order in which
    `by` first appears. An empty cell is a year for which nothing is published; a question mark one for which there are
    only doubted figures. Repeats of one release count once (`cci.record.origins`).
    """
    dated = frame.dropna(subset=["end"]).reset_index(drop=True)
    columns = {by: "Quantity"}
    if dated.empty:
        return sheet.nothing(frame, kind="coverage", title=title, columns=columns)
    years = range(int(dated["end"].dt.year.min()), int(dated["end"].dt.year.max()) + 1)
    names = list(dict.fromkeys(dated[by].astype("str")))
    counts = _counts(dated.assign(year=dated["end"].dt.year), by)
    cells = [
        {
            "name": name,
            "year": str(year),
            "count": counts.get((name, year), ""),
            "y": _top(index),
            "below": _top(index) + _CELL,
        }
        for index, name in enumerate(names)
        for year in years
    ]
    known = {name: [year for year in years if (name, year) in counts] for name in names}
    table = pd.DataFrame(
        [{by: name, **{str(year): counts.get((name, year), "") for year in years}} for name in names]
    )  # the table view shows the heat map itself, a column per year
    if by == "label" and "indicator" in frame:
        table["indicator"] = table["label"].map(dated.drop_duplicates("label").set_index("label")["indicator"])
    fullest = max(names, key=lambda name: len(known[name]))
    thinnest = min(names, key=lambda name: len(known[name]))
    description = (
        f"Heat map of {alt_text.counting(len(names), 'row')} by year, {years[0]} to {years[-1]}: the number of "
        f"independent origins. {sum(map(len, known.values()))} of {len(cells)} cells hold a figure. Most years: "
        f"{fullest} ({len(known[fullest])}); fewest: {thinnest} ({len(known[thinnest])})."
    )
    return sheet.finish(
        list(_layers(cells, names, [str(year) for year in years])),
        frame,
        kind="coverage",
        title=title,
        subtitle=sheet.subtitle(frame.drop(columns=["label", "scope_label"], errors="ignore"), "independent origins"),
        description=description,
        columns=columns | {str(year): str(year) for year in years},
        height=_top(len(names)),
        table=table,
    )


def _top(index: int) -> int:
    """Where the cells of a row begin, in pixels from the top: its name stands above them."""
    return _LINE + index * (_LINE + _CELL + _SPACE)


def _counts(dated: pd.DataFrame, by: str) -> dict[tuple[str, int], str]:
    """The text of each cell that holds a figure."""
    counts = {}
    for (name, year), rows in dated.groupby([by, "year"], sort=False):
        trusted = rows[~rows["flag"].isin(DOUBTFUL)]
        number = independent(trusted["voice"], trusted["release_id"], trusted["source_kind"]) if len(trusted) else 0
        counts[(str(name), int(year))] = str(number) if number else "?"
    return counts


def _layers(cells: Sequence[Mapping[str, Any]], names: Sequence[str], years: Sequence[str]) -> Iterator[alt.Chart]:
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, _top(len(names))], reverse=True, nice=False, zero=False), axis=None)
    axis = alt.Axis(
        orient="top", title=None, labelAngle=0, labelOverlap=True, labelSeparation=4, domain=False, ticks=False
    )
    x = alt.X("year:O", scale=alt.Scale(domain=list(years), paddingInner=0.08, paddingOuter=0), axis=axis)
    tooltip = [
        alt.Tooltip("name:N", title="Quantity"),
        alt.Tooltip("year:N", title="Year"),
        alt.Tooltip("count:N", title="Origins"),
    ]
    for number, (least, shade) in enumerate(SHADES):
        most = SHADES[number + 1][0] if number + 1 < len(SHADES) else 10**6
        rows = [cell for cell in cells if cell["count"].isdigit() and least <= int(cell["count"]) < most]
        if rows:
            base = alt.Chart(sheet.inline(f"from {least}", rows)).encode(
                x=x, y=y, y2=alt.Y2("below:Q"), tooltip=tooltip
            )
            yield base.mark_rect(style="figure", opacity=shade)
    empty = [{key: cell[key] for key in ("year", "y", "below")} for cell in cells if not cell["count"].isdigit()]
    if empty:
        base = alt.Chart(sheet.inline("empty", empty)).encode(x=x, y=y, y2=alt.Y2("below:Q"))
        yield base.mark_rect(style="hairline", filled=False)
    for style, doubted in (("label", False), ("doubt", True)):
        rows = [
            {**cell, "y": cell["y"] + _CELL / 2}
            for cell in cells
            if cell["count"] and (cell["count"] == "?") == doubted
        ]
        rows = [{key: row[key] for key in ("year", "y", "count")} for row in rows]
        if rows:
            base = alt.Chart(sheet.inline(f"numbers {style}", rows)).encode(x=x, y=y, text=alt.Text("count:N"))
            yield base.mark_text(style=style, baseline="middle", align="center")
    heads = [{"y": _top(index) - _LINE / 2, "name": name} for index, name in enumerate(names)]
    base = alt.Chart(sheet.inline("names", heads)).encode(x=alt.XValue(0), y=y, text=alt.Text("name:N"))
    yield base.mark_text(style="label", align="left", baseline="middle", limit=alt.ExprRef("width"))
