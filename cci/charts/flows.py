"""Amounts of a period as bars over that period: full years or months solid, parts of one lighter and dashed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.axes import Unit, axis_unit, day, ticks, time_axis, value_axis
from cci.charts.figures import TABLE, TOOLTIP, figures, hints, largest, listed, rounded, series_of, shapes, within_reach
from cci.errors import CCIError

_HEIGHT = 260
_MOST_SERIES = 3  # bars side by side within one year on a phone
_DAY = pd.Timedelta(days=1)


def flows(frame: pd.DataFrame, *, title: str, by: str | None = None) -> alt.LayerChart:
    """Return amounts of a period as bars as wide as their period.

    `frame`: rows of observations of flows (one unit), each with a period. Full calendar years (full months, where
    there is no full year) are solid bars. Where a year has no full one, its longest part is a lighter, dashed bar
    over its own days, so that the first half of a year never looks like a year; every other part, and every further
    statement on a period, is a thin line over its days. Forecasts and targets are hollow, doubted figures crossed. A
    bar ends at the printed value; its mark says "over", "nearly" or "about", a thin upright line what the wording
    allows. `by` names the column of at most three rival series, side by side. Rows without a period stand in the
    table only. Raises CCIError.
    """
    rows = figures(frame)
    rows = _with_period(rows.assign(series=series_of(rows, by)))
    columns = ({by: "Series"} if by and by not in TABLE else {}) | TABLE
    drawn = within_reach(rows.dropna(subset=["start", "end", "value"])).sort_values(["start", "end"], kind="stable")
    if drawn.empty:
        return sheet.nothing(rows, kind="flows", title=title, columns=columns)
    names = list(dict.fromkeys(drawn["series"]))
    if len(names) > _MOST_SERIES:
        raise CCIError(
            f"Bars show at most {_MOST_SERIES} series side by side; {by!r} has {len(names)}. Choose among them."
        )

    unit = axis_unit(drawn["unit"].iloc[0], largest(drawn))
    bars = _bars(drawn.assign(drawn_as=_drawn_as(drawn)), unit, names)
    ends = [bar[end] for bar in bars for end in ("value", "low", "high") if bar[end] is not None]
    numbers = ticks(min(0.0, *ends), max(ends))
    x = alt.X("from:T", **time_axis(drawn["start"].min(), drawn["end"].max() + _DAY))
    y = alt.Y("value:Q", **value_axis(numbers, unit))
    # The legend stands clear of the unit above the axis.
    legend = alt.Legend(title=None, orient="top", offset=22)
    colour = {"color": alt.Color("series:N", scale=alt.Scale(domain=names), legend=legend)} if by else {}
    parts = sum(bar["drawn_as"] in ("part", "line") for bar in bars)
    lighter = f"{alt_text.counting(parts, 'figure')} for part of a period or a further statement on one, drawn lighter."
    remarks = [*([lighter] if parts else []), *alt_text.left_out(rows, drawn)]
    several = f" ({len(names)} series: {listed(names)})" if by else ""
    return sheet.finish(
        [*_rects(bars, x, y, colour), *_lines(bars, x, y, colour), *_ends(bars, x, y)],
        rows,
        kind="flows",
        title=title,
        subtitle=sheet.subtitle(rows, unit.words),
        description=alt_text.of_figures(
            drawn,
            picture="Bars",
            measured=sheet.quantity_in(sheet.measured(rows), unit.words) + several,
            remarks=remarks,
        ),
        columns=columns,
        height=_HEIGHT,
    )


def _with_period(rows: pd.DataFrame) -> pd.DataFrame:
    """A period printed as a year or a month begins on its first day; one printed as a day is no period."""
    if "period_end" not in rows:
        return rows
    length = rows["period_end"].str.len()
    first = rows["end"].dt.to_period("Y").dt.start_time.where(length == 4)
    first = first.fillna(rows["end"].dt.to_period("M").dt.start_time.where(length == 7))
    return rows.assign(start=rows["start"].fillna(first))


def _drawn_as(drawn: pd.DataFrame) -> pd.Series:
    """How each row is drawn: full, part (the longest of a year without a full one), hoped, doubtful, or line."""
    same_year = drawn["start"].dt.year.eq(drawn["end"].dt.year)
    year = drawn["start"].dt.is_year_start & drawn["end"].dt.is_year_end & same_year
    month = (
        drawn["start"].dt.is_month_start & drawn["end"].dt.is_month_end & (drawn["end"] - drawn["start"]).dt.days.lt(31)
    )
    full = year if year.any() else month
    # Of several statements on one period the bar is a stated one, an exact one before a one-sided one.
    worth = drawn.assign(doubt=drawn["standing"] != "stated", sided=drawn["bound"] != "exact")
    period = ["series", "start", "end"]
    first = ~worth.sort_values(["doubt", "sided"], kind="stable")[period].duplicated().reindex(drawn.index)
    cell = [drawn["series"], drawn["end"].dt.to_period("Y" if year.any() else "M")]
    length = drawn["end"] - drawn["start"]
    longest = length.groupby(cell).transform("max").eq(length) & ~full.groupby(cell).transform("any")
    drawn_as = pd.Series("line", index=drawn.index).mask(first & longest, "part").mask(first & full, "full")
    return drawn_as.mask(drawn["standing"] != "stated", drawn["standing"])


def _bars(drawn: pd.DataFrame, unit: Unit, names: Sequence[str]) -> list[dict[str, Any]]:
    """One bar per row: the days it covers (its share of them, beside rival series), its value and how it is drawn."""
    bars = []
    for row in drawn.to_dict("records"):
        width = (row["end"] + _DAY - row["start"]) / len(names)
        begin = row["start"] + width * names.index(row["series"])
        bars.append(
            {
                "from": day(begin + width * 0.08),
                "to": day(begin + width * 0.92),
                "middle": day(begin + width / 2),
                **{end: rounded(row[end] / unit.divisor) for end in ("value", "low", "high")},
                "drawn_as": row["drawn_as"],
                "series": row["series"],
                "mark": row["mark"],
                **hints(row),
            }
        )
    return bars


# Only what was stated for a whole period is solid; everything else has an outline that says so.
_FILL = {"full": 0.85, "part": 0.2, "hoped": 0.0, "doubtful": 0.1}
_OUTLINE: dict[str, dict[str, Any]] = {
    "part": {"strokeDash": [3, 2]},
    "hoped": {"strokeWidth": 1.6},
    "doubtful": {"strokeDash": [1, 2]},
}


def _rects(bars: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y, colour: Mapping[str, Any]) -> Iterator[alt.Chart]:
    for name, fill in _FILL.items():
        rows = [bar for bar in bars if bar["drawn_as"] == name]
        if not rows:
            continue
        style, shade = ("contested", {}) if name == "doubtful" else ("figure", colour)
        base = alt.Chart(sheet.inline(f"bars {name}", rows)).encode(
            x=x, x2=alt.X2("to:T"), y=y, y2=alt.Y2Datum(0), tooltip=TOOLTIP, **shade
        )
        yield base.mark_rect(style=style, opacity=fill)
        if name in _OUTLINE:
            yield base.mark_rect(style=style, filled=False, **_OUTLINE[name])


def _lines(bars: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y, colour: Mapping[str, Any]) -> Iterator[alt.Chart]:
    rows = [bar for bar in bars if bar["drawn_as"] == "line"]
    if rows:
        base = alt.Chart(sheet.inline("lines", rows)).encode(x=x, x2=alt.X2("to:T"), y=y, tooltip=TOOLTIP)
        yield base.mark_rule(style="label", strokeWidth=1.2, opacity=0.55)


def _ends(bars: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """At the end of a bar: a thin line over what the wording allows, and the mark of a wording that leaves room."""
    middle = x.copy()
    middle["shorthand"] = "middle:T"
    ended = [bar for bar in bars if bar["drawn_as"] != "line"]
    spans = [
        {"middle": bar["middle"], "value": bar["low"], "high": bar["high"]}
        for bar in ended
        if bar["low"] != bar["high"] and bar["low"] is not None and bar["high"] is not None
    ]
    if spans:
        base = alt.Chart(sheet.inline("intervals", spans)).encode(x=middle, y=y, y2=alt.Y2("high:Q"))
        yield base.mark_rule(style="label", strokeWidth=1.2)
    path = shapes("up")
    marks = sorted({bar["mark"] for bar in ended} - {"dot exact", "ring exact"})
    shape = alt.Shape("mark:N", scale=alt.Scale(domain=marks, range=[path[mark] for mark in marks]), legend=None)
    for style, doubted in (("label", False), ("contested", True)):
        rows = [
            {"middle": bar["middle"], "value": bar["value"], "mark": bar["mark"]}
            for bar in ended
            if bar["mark"] in marks and (bar["drawn_as"] == "doubtful") == doubted
        ]
        if rows:
            base = alt.Chart(sheet.inline(f"ends {style}", rows)).encode(x=middle, y=y, shape=shape)
            yield base.mark_point(style=style, filled=False, size=40, strokeWidth=1.5, opacity=1)
